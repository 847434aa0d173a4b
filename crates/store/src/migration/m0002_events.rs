//! What a device is sent to reboot and to resync, where its vendor's event is not the right one; empty: the vendor's.

use super::build::Build;
use sea_orm::sea_query::Table;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait, sea_orm::DbErr};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_events"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let b = Build(manager.get_database_backend());
        // SQLite takes one column at a time.
        for name in ["reboot_event", "resync_event"] {
            let mut column = b.text(name).default("").take();
            manager.alter_table(Table::alter().table("devices").add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}
