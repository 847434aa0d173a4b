//! Addresses that stand for a device: rows of low and high ends, only of undeleted devices whose method is `ip`.

use crate::{
    Column, Device, Holder, StoreError, Tx,
    device_row::BY_ADDRESS,
    entity::ranges,
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::{
    DeviceId, Field,
    rules::ip::{self, IpRange, sortable},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use std::net::IpAddr;

/// How far below an address a range that holds it can begin: ranges are no wider than /24 or /64. It bounds the walk on the index.
fn floor(low: IpAddr) -> String {
    match low {
        IpAddr::V4(v4) => sortable(IpAddr::V4(u32::from(v4).saturating_sub(0xff).into())),
        IpAddr::V6(v6) => sortable(IpAddr::V6(u128::from(v6).saturating_sub(u128::from(u64::MAX)).into())),
    }
}

/// Rows that share an address with `range`.
pub fn meeting(range: &IpRange) -> Condition {
    let (low, high) = range.sortable();
    Condition::all().add(ranges::Column::Low.gte(floor(range.low()))).add(ranges::Column::Low.lte(high)).add(ranges::Column::High.gte(low))
}

/// The ranges that a device claims: none unless its method is `ip`.
fn claimed(device: &Device) -> Result<Vec<IpRange>, StoreError> {
    if device.record.text(Field::Method) != BY_ADDRESS {
        return Ok(Vec::new());
    }
    ip::ranges(device.record.value(Field::Ip).as_list()).map_err(|_| unreadable("devices.ip"))
}

impl<H: Handle> Repo<H> {
    /// For each of `wanted` (its text) the undeleted devices with method `ip`, in any account, that hold an address of it.
    pub async fn overlapping(&self, wanted: &[IpRange], except: Option<DeviceId>) -> Result<Vec<(String, Holder)>, StoreError> {
        let mut out = Vec::new();
        for range in wanted {
            for id in self.holding(range, except).await? {
                if let Some(holder) = self.holder(id).await? {
                    out.push((range.to_string(), holder));
                }
            }
        }
        Ok(out)
    }

    async fn holding(&self, range: &IpRange, except: Option<DeviceId>) -> Result<Vec<DeviceId>, StoreError> {
        let mut query = ranges::Entity::find().filter(meeting(range));
        if let Some(except) = except {
            query = query.filter(ranges::Column::DeviceId.ne(except.0));
        }
        let mut ids: Vec<DeviceId> = query.all(self.db()).await?.into_iter().map(|row| row.device_id.into()).collect();
        ids.dedup();
        Ok(ids)
    }
}

impl Tx {
    /// Takes the device's addresses, none of which another device may hold.
    pub(crate) async fn claim(&self, device: &Device) -> Result<(), StoreError> {
        for range in claimed(device)? {
            if !self.holding(&range, Some(device.id)).await?.is_empty() {
                return Err(StoreError::Taken(Column::Ip));
            }
            let (low, high) = range.sortable();
            let row = ranges::ActiveModel {
                device_id: Set(device.id.0),
                account_id: Set(device.account.0),
                low: Set(low),
                high: Set(high),
                text: Set(range.to_string()),
            };
            ranges::Entity::insert(row).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }

    pub(crate) async fn release_addresses(&self, device: DeviceId) -> Result<(), StoreError> {
        ranges::Entity::delete_many().filter(ranges::Column::DeviceId.eq(device.0)).exec(self.db()).await?;
        Ok(())
    }
}
