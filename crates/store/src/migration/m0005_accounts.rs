//! The account of an operation, and of each device of many. The tables are made anew: `SQLite` can't change a primary key, nor add a
//! column that is never null and refers to another table.

use super::build::{Build, index, refers, table};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, Table, TableCreateStatement};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait, sea_orm::DbErr};
use uuid::Uuid;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let b = Build(manager.get_database_backend());
        let columns = [
            b.uuid("operator_id"),
            b.uuid("account_id"),
            b.uuid("id"),
            b.big("key_id"),
            b.bytes("payload_hash"),
            b.text("result"),
            b.big("at"),
        ];
        let operations = table("operations", columns, &["operator_id", "account_id", "id"])
            .foreign_key(&mut refers("operations", "operator_id", "operators"))
            .take();
        // Nobody knows any more in which account these were done: under the nil id they are found by nobody, until they are too old.
        let nil = Expr::val(Uuid::nil());
        let kept =
            Query::select().column("operator_id").expr(nil).columns(["id", "key_id", "payload_hash", "result", "at"]).from(OLD).take();
        replace(manager, operations, &["operator_id", "account_id", "id", "key_id", "payload_hash", "result", "at"], kept).await?;
        manager.create_index(index("operations_at", "operations", &["at"])).await?;

        let names = ["n", "device_id", "seat_id", "device", "seat", "started", "source", "job_id", "outcome"];
        let columns = [
            b.uuid("batch_id"),
            b.uuid("account_id"),
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
        let items = table("batch_items", columns, &["batch_id", "n"])
            .foreign_key(&mut refers("batch_items", "batch_id", "batches"))
            .foreign_key(&mut refers("batch_items", "account_id", "accounts"))
            .take();
        let kept = Query::select()
            .columns([("batches", "id"), ("batches", "account_id")])
            .columns(names.map(|name| (OLD, name)))
            .from(OLD)
            .inner_join("batches", Expr::col(("batches", "id")).equals((OLD, "batch_id")))
            .take();
        replace(manager, items, &[&["batch_id", "account_id"], &names[..]].concat(), kept).await?;
        manager.create_index(index("batch_items_job", "batch_items", &["job_id"])).await
    }
}

/// What the table is called while its rows move.
const OLD: &str = "moving";

/// Puts a table in the place of the one of the same name, filled with `kept`, which reads [`OLD`]. Its indexes go with the old one.
async fn replace(
    manager: &SchemaManager<'_>,
    new: TableCreateStatement,
    columns: &[&'static str],
    kept: SelectStatement,
) -> Result<(), DbErr> {
    let name = new.get_table_name().cloned().ok_or_else(|| DbErr::Migration("a table without a name".into()))?;
    manager.rename_table(Table::rename().table(name.clone(), OLD).take()).await?;
    manager.create_table(new).await?;
    let insert = Query::insert()
        .into_table(name)
        .columns(columns.iter().copied())
        .select_from(kept)
        .map_err(|e| DbErr::Migration(e.to_string()))?
        .take();
    manager.exec_stmt(insert).await?;
    manager.drop_table(Table::drop().table(OLD).take()).await
}
