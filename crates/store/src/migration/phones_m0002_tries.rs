//! What was tried that belongs to no device, one line for each source.

use super::build::{Build, index, table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait, sea_orm::DbErr};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "phones_m0002_tries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let b = Build(manager.get_database_backend());
        let tries = [b.uuid("account_id"), b.text("source"), b.big("last"), b.text("data")];
        manager.create_table(table("tries", tries, &["account_id", "source"])).await?;
        manager.create_index(index("tries_last", "tries", &["account_id", "last"])).await
    }
}
