//! The append-only history, numbered in the order of commits.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub account_id: Uuid,
    pub at: i64,
    pub by_id: Option<Uuid>,
    pub by_name: String,
    pub kind: String,
    pub seat_id: Option<Uuid>,
    pub device_id: Option<Uuid>,
    pub carrier_id: Option<Uuid>,
    pub subject: String,
    pub changes: String,
    pub note: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
