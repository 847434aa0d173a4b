//! Many at once: what was asked for, and each device with what came of it.

use super::build::{Build, index, refers, table};
use sea_orm::sea_query::{ConditionalStatement, Expr, ExprTrait};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait, sea_orm::DbErr};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_batches"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let b = Build(manager.get_database_backend());
        let batches = [
            b.uuid("id"),
            b.uuid("account_id"),
            b.text("action"),
            b.maybe_uuid("asked_by"),
            b.text("asked_by_name"),
            b.big("asked"),
            b.int("in_all"),
            b.int("of_source"),
            b.text("state"),
            b.maybe_big("ended"),
        ];
        let items = [
            b.uuid("batch_id"),
            b.int("n"),
            b.uuid("device_id"),
            b.uuid("seat_id"),
            b.text("device"),
            b.text("seat"),
            b.maybe_big("started"),
            b.maybe_text("source"),
            b.maybe_uuid("job_id"),
            b.maybe_text("outcome"),
        ];
        let batches = table("batches", batches, &["id"]).foreign_key(&mut refers("batches", "account_id", "accounts")).take();
        let items = table("batch_items", items, &["batch_id", "n"]).foreign_key(&mut refers("batch_items", "batch_id", "batches")).take();
        manager.create_table(batches).await?;
        manager.create_table(items).await?;
        for index in [
            index("batches_account", "batches", &["account_id", "asked"]),
            index("batches_live", "batches", &["asked"]).and_where(Expr::col("ended").is_null()).take(),
            index("batch_items_job", "batch_items", &["job_id"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
