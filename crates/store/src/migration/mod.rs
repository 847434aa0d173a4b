//! Migrations by hand, all of them in one writing transaction: a crash leaves the old schema or the new one.

mod build;
mod m0001_first;
mod m0002_events;
mod m0003_batches;
mod m0004_jobs;
mod phones_m0001_first;
mod phones_m0002_tries;

use crate::{OpenError, store::begin};
use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use std::collections::BTreeSet;

/// Those of the main database.
struct Main;

impl MigratorTrait for Main {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Migration),
            Box::new(m0002_events::Migration),
            Box::new(m0003_batches::Migration),
            Box::new(m0004_jobs::Migration),
        ]
    }
}

/// Those of the bindings' file.
struct Phones;

impl MigratorTrait for Phones {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(phones_m0001_first::Migration), Box::new(phones_m0002_tries::Migration)]
    }
}

/// How the schema stands to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// Migrations are pending, or there is none yet.
    Old,
}

/// Reads only. A schema with migrations that this program does not know is refused.
pub async fn schema(db: &DatabaseConnection) -> Result<Schema, OpenError> {
    state::<Main>(db).await
}

/// Whether any migration was ever applied. Reads only.
pub async fn any(db: &DatabaseConnection) -> Result<bool, OpenError> {
    Ok(!applied(db).await?.is_empty())
}

pub async fn up(db: &DatabaseConnection) -> Result<(), OpenError> {
    apply::<Main>(db).await
}

/// Brings the bindings' file to this program's schema.
pub async fn phones(db: &DatabaseConnection) -> Result<(), OpenError> {
    match state::<Phones>(db).await? {
        Schema::Current => Ok(()),
        Schema::Old => apply::<Phones>(db).await,
    }
}

async fn state<M: MigratorTrait>(db: &DatabaseConnection) -> Result<Schema, OpenError> {
    let known: BTreeSet<String> = M::migrations().iter().map(|m| m.name().to_owned()).collect();
    let applied = applied(db).await?;
    if !applied.is_subset(&known) {
        return Err(OpenError::Newer);
    }
    Ok(if applied == known { Schema::Current } else { Schema::Old })
}

async fn apply<M: MigratorTrait>(db: &DatabaseConnection) -> Result<(), OpenError> {
    let tx = begin(db).await?;
    M::up(&tx, None).await?;
    Ok(tx.commit().await?)
}

/// Names of the migrations that the database has; none where it is empty.
async fn applied(db: &DatabaseConnection) -> Result<BTreeSet<String>, DbErr> {
    use sea_orm::EntityTrait;
    use sea_orm_migration::{SchemaManager, seaql_migrations};
    if !SchemaManager::new(db).has_table("seaql_migrations").await? {
        return Ok(BTreeSet::new());
    }
    Ok(seaql_migrations::Entity::find().all(db).await?.into_iter().map(|m| m.version).collect())
}
