//! Devices, written.

use crate::{
    Column, Device, StoreError, Tx,
    account::changed_one,
    device_row,
    entity::{devices, seats},
};
use domain::{AccountId, DeviceId, Field, Millis, SeatId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::Expr,
};

impl Tx {
    pub async fn insert_device(&self, device: &Device) -> Result<(), StoreError> {
        let row = devices::ActiveModel { realm_effective: Set(self.effective(device).await?), ..device_row::row(device, self.keys())? };
        devices::Entity::insert(row).exec_without_returning(self.db()).await?;
        if device.deleted.is_none() {
            self.claim(device).await?;
        }
        self.touch_seat(device.seat, device.changed, &device.changed_by).await
    }

    /// Writes fields, stamps, version and who changed it, if the row still has the version `expected`. A deleted device may be changed:
    /// so it gets another username before it returns.
    pub async fn update_device(&self, device: &Device, expected: i64) -> Result<(), StoreError> {
        let row = devices::ActiveModel {
            id: NotSet,
            account_id: NotSet,
            seat_id: NotSet,
            created: NotSet,
            deleted: NotSet,
            with_seat: NotSet,
            realm_effective: Set(self.effective(device).await?),
            ..device_row::row(device, self.keys())?
        };
        let update = devices::Entity::update_many()
            .set(row)
            .filter(devices::Column::Id.eq(device.id.0))
            .filter(devices::Column::AccountId.eq(device.account.0))
            .filter(devices::Column::Version.eq(expected));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::Stale)?;
        if device.deleted.is_some() {
            return Ok(());
        }
        self.release_addresses(device.id).await?;
        self.claim(device).await?;
        self.touch_seat(device.seat, device.changed, &device.changed_by).await
    }

    /// Softly: its username, MAC address and addresses are free at once. The version rises, so that a save that is on its way finds it stale.
    pub async fn delete_device(&self, account: AccountId, id: DeviceId, at: Millis, by: &str) -> Result<(), StoreError> {
        let row = self.one(account, id).await?.filter(|row| row.deleted.is_none()).ok_or(StoreError::NotFound)?;
        devices::Entity::update_many()
            .col_expr(devices::Column::Deleted, Expr::val(at))
            .col_expr(devices::Column::Changed, Expr::val(at))
            .col_expr(devices::Column::ChangedBy, Expr::val(by))
            .col_expr(devices::Column::WithSeat, Expr::val(false))
            .col_expr(devices::Column::Version, Expr::val(row.version + 1))
            .filter(devices::Column::Id.eq(id.0))
            .exec(self.db())
            .await?;
        self.release_addresses(id).await?;
        self.touch_seat(row.seat_id.into(), at, by).await
    }

    /// Brings it back to its seat, which must be there. `Taken` names what somebody else has by now (`Realm`: the account's no more).
    pub async fn restore_device(&self, account: AccountId, id: DeviceId) -> Result<(), StoreError> {
        let row = self.one(account, id).await?.filter(|row| row.deleted.is_some()).ok_or(StoreError::NotFound)?;
        let seat = row.seat_id;
        let there = seats::Entity::find_by_id(seat).filter(seats::Column::Deleted.is_null()).one(self.db()).await?;
        there.ok_or(StoreError::NotFound)?;
        self.revive(row).await?;
        self.list(seat.into()).await
    }

    /// Undeletes one row and takes its addresses back.
    pub(crate) async fn revive(&self, row: devices::Model) -> Result<(), StoreError> {
        if let Some(own) = &row.realm_own {
            // Its realm may have been removed meanwhile, and belong to another account by now.
            let realm = self.realm_by_name(own).await?.filter(|realm| realm.account.0 == row.account_id);
            realm.ok_or(StoreError::Taken(Column::Realm))?;
        }
        devices::Entity::update_many()
            .col_expr(devices::Column::Deleted, Expr::val(None::<i64>))
            .col_expr(devices::Column::WithSeat, Expr::val(false))
            .col_expr(devices::Column::Version, Expr::val(row.version + 1))
            .filter(devices::Column::Id.eq(row.id))
            .exec(self.db())
            .await?;
        self.claim(&device_row::device(row, None)?).await
    }

    async fn one(&self, account: AccountId, id: DeviceId) -> Result<Option<devices::Model>, StoreError> {
        Ok(devices::Entity::find_by_id(id.0).filter(devices::Column::AccountId.eq(account.0)).one(self.db()).await?)
    }

    async fn effective(&self, device: &Device) -> Result<String, StoreError> {
        match device.record.value(Field::Realm).as_realm() {
            Some(own) => Ok(own.into()),
            None => Ok(self.default_realm(device.account).await?.unwrap_or_else(|| device.effective_realm.clone())),
        }
    }

    /// What changes in a device is a change of its seat for the list; the seat's own version stays.
    async fn touch_seat(&self, seat: SeatId, at: Millis, by: &str) -> Result<(), StoreError> {
        let row = seats::ActiveModel { changed: Set(at), changed_by: Set(by.into()), ..Default::default() };
        seats::Entity::update_many().set(row).filter(seats::Column::Id.eq(seat.0)).exec(self.db()).await?;
        self.list(seat).await
    }
}
