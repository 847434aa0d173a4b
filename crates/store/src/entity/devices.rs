//! One phone. `password` is sealed; `outbound_flags`, `ip`, `stamps` and `extra` are JSON.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub seat_id: Uuid,
    pub name: String,
    pub mac: String,
    pub enabled: bool,
    pub realm_own: Option<String>,
    pub realm_effective: String,
    pub invite_format: String,
    pub route: String,
    pub number: String,
    pub expire_seconds: i32,
    pub outbound_flags: String,
    pub method: String,
    pub username: String,
    pub username_folded: String,
    pub password: Option<Vec<u8>>,
    pub ip: String,
    pub stamps: String,
    pub version: i64,
    pub created: i64,
    pub changed: i64,
    pub changed_by: String,
    pub deleted: Option<i64>,
    pub with_seat: bool,
    pub extra: Option<String>,
    pub reboot_event: String,
    pub resync_event: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
