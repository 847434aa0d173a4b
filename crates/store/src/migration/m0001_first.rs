//! The first schema. Account on every row of an account, stamps per merge unit, soft deletion with partial unique indexes.

use super::build::{Build, index, refers, table, unique};
use sea_orm::sea_query::{ConditionalStatement, Expr, ExprTrait, ForeignKeyCreateStatement, TableCreateStatement};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait, sea_orm::DbErr};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let b = Build(manager.get_database_backend());
        for table in tables(b) {
            manager.create_table(table).await?;
        }
        let living = || Expr::col("deleted").is_null();
        for index in [
            unique("realms_name", "realms", &["name"]),
            unique("realms_default", "realms", &["account_id"]).and_where(Expr::col("is_default")).take(),
            index("realms_account", "realms", &["account_id"]),
            unique("seats_extension", "seats", &["account_id", "extension"]).and_where(living()).take(),
            index("seats_deleted", "seats", &["deleted"]).and_where(living().not()).take(),
            unique("devices_username", "devices", &["realm_effective", "username_folded"])
                .and_where(living())
                .and_where(Expr::col("username_folded").ne(Expr::cust("''")))
                .take(),
            unique("devices_mac", "devices", &["account_id", "mac"])
                .and_where(living())
                .and_where(Expr::col("mac").ne(Expr::cust("''")))
                .take(),
            index("devices_account", "devices", &["account_id", "realm_own"]),
            index("devices_seat", "devices", &["seat_id"]),
            index("devices_deleted", "devices", &["deleted"]).and_where(living().not()).take(),
            index("ranges_low", "ranges", &["low", "high"]),
            index("listing_seat", "listing", &["seat_id"]),
            index("listing_name", "listing", &["account_id", "name", "seat_id"]),
            index("listing_extension", "listing", &["account_id", "extension", "seat_id"]),
            index("listing_changed", "listing", &["account_id", "changed", "seat_id"]),
            index("carriers_account", "carriers", &["account_id"]),
            unique("operators_name", "operators", &["name_folded"]),
            index("memberships_operator", "memberships", &["operator_id"]),
            index("sessions_operator", "sessions", &["operator_id"]),
            index("sessions_expires", "sessions", &["expires"]),
            index("invites_account", "invites", &["account_id"]),
            index("operations_at", "operations", &["at"]),
            index("events_account", "events", &["account_id", "seq"]),
            index("events_device", "events", &["device_id", "seq"]),
            index("events_seat", "events", &["seat_id", "seq"]),
            index("events_by", "events", &["by_id", "seq"]),
            index("jobs_device", "jobs", &["device_id", "asked"]),
            index("jobs_running", "jobs", &["asked"]).and_where(Expr::col("running")).take(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn tables(b: Build) -> Vec<TableCreateStatement> {
    let of_account = |name| refers(name, "account_id", "accounts");
    let mut listing = table(
        "listing",
        [b.uuid("account_id"), b.uuid("seat_id"), b.text("name"), b.text("extension"), b.big("changed"), b.text("search")],
        &["account_id", "seat_id"],
    );
    if b.0 == sea_orm::DbBackend::Sqlite {
        // The rows of an account lie together: a search reads them in one go.
        listing.extra("WITHOUT ROWID");
    }
    vec![
        table("meta", [b.text("name"), b.bytes("value")], &["name"]),
        table("accounts", [b.uuid("id"), b.text("name"), b.big("version"), b.big("created")], &["id"]),
        with(
            table("realms", [b.uuid("id"), b.uuid("account_id"), b.text("name"), b.flag("is_default"), b.flag("sha256")], &["id"]),
            [of_account("realms")],
        ),
        with(
            table("seats", [vec![b.uuid("id"), b.uuid("account_id"), b.text("name"), b.text("extension")], kept(b)].concat(), &["id"]),
            [of_account("seats")],
        ),
        with(
            table("devices", [device_columns(b), kept(b)].concat(), &["id"]),
            [of_account("devices"), refers("devices", "seat_id", "seats")],
        ),
        with(
            table(
                "ranges",
                [b.uuid("device_id"), b.text("low"), b.uuid("account_id"), b.text("high"), b.text("text")],
                &["device_id", "low"],
            ),
            [of_account("ranges"), refers("ranges", "device_id", "devices")],
        ),
        with(listing, [of_account("listing"), refers("listing", "seat_id", "seats")]),
        with(table("carriers", [carrier_columns(b), kept(b)].concat(), &["id"]), [of_account("carriers")]),
        table("operators", [b.uuid("id"), b.text("name"), b.text("name_folded"), b.text("password_hash"), b.big("created")], &["id"]),
        with(
            table("memberships", [b.uuid("account_id"), b.uuid("operator_id"), b.text("role")], &["account_id", "operator_id"]),
            [of_account("memberships"), refers("memberships", "operator_id", "operators")],
        ),
        with(
            table(
                "sessions",
                [b.bytes("token_hash"), b.uuid("operator_id"), b.big("created"), b.big("seen"), b.big("expires")],
                &["token_hash"],
            ),
            [refers("sessions", "operator_id", "operators")],
        ),
        with(table("invites", invite_columns(b), &["token_hash"]), [of_account("invites")]),
        with(
            table(
                "operations",
                [b.uuid("operator_id"), b.uuid("id"), b.big("key_id"), b.bytes("payload_hash"), b.text("result"), b.big("at")],
                &["operator_id", "id"],
            ),
            [refers("operations", "operator_id", "operators")],
        ),
        with(table("events", event_columns(b), &["seq"]), [of_account("events")]),
        with(table("jobs", job_columns(b), &["id"]), [of_account("jobs"), refers("jobs", "device_id", "devices")]),
    ]
}

fn with(mut table: TableCreateStatement, keys: impl IntoIterator<Item = ForeignKeyCreateStatement>) -> TableCreateStatement {
    for mut key in keys {
        table.foreign_key(&mut key);
    }
    table
}

/// What every edited row keeps beside its fields.
fn kept(b: Build) -> Vec<sea_orm::sea_query::ColumnDef> {
    vec![b.text("stamps"), b.big("version"), b.big("created"), b.big("changed"), b.text("changed_by"), b.maybe_big("deleted")]
}

fn device_columns(b: Build) -> Vec<sea_orm::sea_query::ColumnDef> {
    vec![
        b.uuid("id"),
        b.uuid("account_id"),
        b.uuid("seat_id"),
        b.text("name"),
        b.text("mac"),
        b.flag("enabled"),
        b.maybe_text("realm_own"),
        b.text("realm_effective"),
        b.text("invite_format"),
        b.text("route"),
        b.text("number"),
        b.int("expire_seconds"),
        b.text("outbound_flags"),
        b.text("method"),
        b.text("username"),
        b.text("username_folded"),
        b.maybe_bytes("password"),
        b.text("ip"),
        b.flag("with_seat"),
        b.maybe_text("extra"),
    ]
}

fn carrier_columns(b: Build) -> Vec<sea_orm::sea_query::ColumnDef> {
    vec![
        b.uuid("id"),
        b.uuid("account_id"),
        b.text("name"),
        b.text("uri"),
        b.text("flags"),
        b.flag("require_flags"),
        b.flag("ignore_flags"),
        b.int("weight"),
        b.flag("enabled"),
    ]
}

fn invite_columns(b: Build) -> Vec<sea_orm::sea_query::ColumnDef> {
    vec![
        b.bytes("token_hash"),
        b.uuid("account_id"),
        b.text("name"),
        b.text("role"),
        b.text("created_by"),
        b.big("created"),
        b.big("expires"),
        b.maybe_big("used"),
    ]
}

fn event_columns(b: Build) -> Vec<sea_orm::sea_query::ColumnDef> {
    vec![
        b.big("seq"),
        b.uuid("account_id"),
        b.big("at"),
        b.maybe_uuid("by_id"),
        b.text("by_name"),
        b.text("kind"),
        b.maybe_uuid("seat_id"),
        b.maybe_uuid("device_id"),
        b.maybe_uuid("carrier_id"),
        b.text("subject"),
        b.text("changes"),
        b.text("note"),
    ]
}

fn job_columns(b: Build) -> Vec<sea_orm::sea_query::ColumnDef> {
    vec![
        b.uuid("id"),
        b.uuid("account_id"),
        b.uuid("device_id"),
        b.maybe_uuid("asked_by"),
        b.text("asked_by_name"),
        b.big("asked"),
        b.text("state"),
        b.flag("running"),
        b.maybe_big("ended"),
        b.maybe_bytes("previous_password"),
        b.text("user_agent"),
        b.text("contact"),
    ]
}
