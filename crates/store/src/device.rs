//! Devices, read.

use crate::{
    StoreError, device_row,
    entity::devices,
    repo::{Handle, Repo},
};
use domain::{AccountId, DeviceId, Millis, Record, SeatId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// One phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub account: AccountId,
    pub seat: SeatId,
    /// Of [`domain::Kind::Device`]. The password is `Secret` when it was asked for, else `Hidden`; empty text when there is none.
    /// Written, `Hidden` leaves the stored one as it is.
    pub record: Record,
    pub version: i64,
    /// As stored. What is written is worked out again: the record's own realm, else the account's default.
    pub effective_realm: String,
    pub created: Millis,
    pub changed: Millis,
    pub changed_by: String,
    /// None: living.
    pub deleted: Option<Millis>,
    /// What an import knew of it that Seatline has no field for.
    pub extra: Option<serde_json::Value>,
}

impl<H: Handle> Repo<H> {
    /// Without its password; also a deleted one.
    pub async fn device(&self, account: AccountId, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let row = self.device_row(account, id).await?;
        row.map(|row| device_row::device(row, None)).transpose()
    }

    pub async fn device_with_secret(&self, account: AccountId, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let row = self.device_row(account, id).await?;
        row.map(|row| device_row::device(row, Some(self.keys()))).transpose()
    }

    /// The undeleted ones of a seat by name, without passwords.
    pub async fn devices_of(&self, seat: SeatId) -> Result<Vec<Device>, StoreError> {
        self.living_devices(seat).await?.into_iter().map(|row| device_row::device(row, None)).collect()
    }

    /// Those that went with a deleted seat and would return with it, with their passwords.
    pub async fn devices_gone_with(&self, seat: SeatId) -> Result<Vec<Device>, StoreError> {
        let rows = devices::Entity::find()
            .filter(devices::Column::SeatId.eq(seat.0))
            .filter(devices::Column::Deleted.is_not_null())
            .filter(devices::Column::WithSeat.eq(true))
            .order_by_asc(devices::Column::Name);
        rows.all(self.db()).await?.into_iter().map(|row| device_row::device(row, Some(self.keys()))).collect()
    }

    /// Whatever its account: for what comes from phones. Without its password; also a deleted one.
    pub async fn device_anywhere(&self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let row = devices::Entity::find_by_id(id.0).one(self.db()).await?;
        row.map(|row| device_row::device(row, None)).transpose()
    }

    async fn device_row(&self, account: AccountId, id: DeviceId) -> Result<Option<devices::Model>, StoreError> {
        Ok(devices::Entity::find_by_id(id.0).filter(devices::Column::AccountId.eq(account.0)).one(self.db()).await?)
    }

    pub(crate) async fn living_devices(&self, seat: SeatId) -> Result<Vec<devices::Model>, StoreError> {
        let rows = devices::Entity::find()
            .filter(devices::Column::SeatId.eq(seat.0))
            .filter(devices::Column::Deleted.is_null())
            .order_by_asc(devices::Column::Name)
            .order_by_asc(devices::Column::Id);
        Ok(rows.all(self.db()).await?)
    }
}
