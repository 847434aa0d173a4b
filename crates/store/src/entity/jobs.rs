//! A reboot. `state` is JSON; `previous_password` is sealed and goes when the job ends.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub device_id: Uuid,
    pub asked_by: Option<Uuid>,
    pub asked_by_name: String,
    pub asked: i64,
    pub state: String,
    pub running: bool,
    pub ended: Option<i64>,
    pub previous_password: Option<Vec<u8>>,
    pub user_agent: String,
    pub contact: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
