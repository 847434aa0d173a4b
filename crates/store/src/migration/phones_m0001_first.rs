//! The first schema of the bindings' file.

use super::build::{Build, index, table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait, sea_orm::DbErr};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "phones_m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let b = Build(manager.get_database_backend());
        let bindings = [b.uuid("device_id"), b.text("contact"), b.uuid("account_id"), b.text("data")];
        manager.create_table(table("bindings", bindings, &["device_id", "contact"])).await?;
        let events = [b.big("seq"), b.maybe_uuid("account_id"), b.maybe_uuid("device_id"), b.big("at"), b.text("kind"), b.text("detail")];
        manager.create_table(table("phone_events", events, &["seq"])).await?;
        for index in [
            index("phone_events_device", "phone_events", &["device_id", "seq"]),
            index("phone_events_account", "phone_events", &["account_id", "seq"]),
            index("phone_events_at", "phone_events", &["at"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
