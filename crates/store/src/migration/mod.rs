//! Migrations by hand, all of them in one writing transaction: a crash leaves the old schema or the new one.

mod build;
mod m0001_first;
mod m0002_events;
mod m0003_batches;
mod m0004_jobs;
mod m0005_accounts;
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
            Box::new(m0005_accounts::Migration),
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

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};

    async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<(String, String)> {
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
    }

    #[tokio::test]
    async fn an_old_operation_is_of_no_account_and_an_old_item_of_that_of_its_batch() {
        let db = Database::connect(ConnectOptions::new("sqlite::memory:").max_connections(1).to_owned()).await.unwrap();
        Main::up(&db, Some(4)).await.unwrap();
        let id = |n: u8| format!("x'{}'", format!("{n:02x}").repeat(16));
        let [one, two, ada, batch, op] = [1, 2, 3, 4, 5].map(id);
        db.execute_unprepared(&format!(
            "INSERT INTO accounts VALUES ({one}, 'One', 1, 0), ({two}, 'Two', 1, 0);
             INSERT INTO operators VALUES ({ada}, 'Ada', 'ada', '', 0);
             INSERT INTO operations VALUES ({ada}, {op}, 1, x'00', '\"done\"', 7);
             INSERT INTO batches VALUES ({batch}, {two}, 'resync', NULL, 'Ada', 0, 1, 1, 'running', NULL);
             INSERT INTO batch_items VALUES ({batch}, 0, {op}, {op}, 'Desk', 'Reception', 3, '192.0.2.7', NULL, NULL);"
        ))
        .await
        .unwrap();
        Main::up(&db, None).await.unwrap();
        let operations = rows(&db, "SELECT hex(account_id), hex(operator_id) || hex(id) || result || at FROM operations").await;
        assert_eq!(operations, [("00".repeat(16), format!("{}{}\"done\"7", "03".repeat(16), "05".repeat(16)))]);
        let items = rows(&db, "SELECT hex(account_id), hex(batch_id) || n || device || seat || started || source FROM batch_items").await;
        assert_eq!(items, [("02".repeat(16), format!("{}0DeskReception3192.0.2.7", "04".repeat(16)))]);
        let left = rows(&db, "SELECT name, type FROM sqlite_master WHERE name LIKE 'moving%'").await;
        assert!(left.is_empty(), "{left:?}");
    }
}
