//! A way out. `flags` and `stamps` are JSON.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carriers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub name: String,
    pub uri: String,
    pub flags: String,
    pub require_flags: bool,
    pub ignore_flags: bool,
    pub weight: i32,
    pub enabled: bool,
    pub stamps: String,
    pub version: i64,
    pub created: i64,
    pub changed: i64,
    pub changed_by: String,
    pub deleted: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
