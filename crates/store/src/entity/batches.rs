//! Reboots or resyncs of many devices.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub action: String,
    pub asked_by: Option<Uuid>,
    pub asked_by_name: String,
    pub asked: i64,
    pub in_all: i32,
    pub of_source: i32,
    pub state: String,
    pub ended: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
