//! What the registrar knows by heart: every undeleted device with its credentials and what calls obey, and every seat's extension.

use crate::{
    StoreError, device_row,
    entity::{devices, seats},
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::{
    AccountId, DeviceId, SeatId,
    routing::Flag,
    rules::ip::{self, IpRange},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use secrecy::SecretString;

/// One device as the registrar wants it.
#[derive(Clone, Debug)]
pub struct DirectoryRow {
    pub device: DeviceId,
    pub account: AccountId,
    pub seat: SeatId,
    /// The effective one.
    pub realm: String,
    pub username: String,
    pub enabled: bool,
    /// It proves itself by its source address, not by its password.
    pub method_ip: bool,
    /// It has no realm of its own: it follows the account's.
    pub inherits: bool,
    pub expire_seconds: u32,
    /// Empty unless `method_ip`.
    pub ranges: Vec<IpRange>,
    pub password: Option<SecretString>,
    /// By its word, as the field holds it.
    pub invite_format: String,
    pub number: String,
    pub route: String,
    pub outbound_flags: Vec<Flag>,
}

/// A seat as the registrar wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionRow {
    pub seat: SeatId,
    pub account: AccountId,
    pub extension: String,
}

impl<H: Handle> Repo<H> {
    /// Undeleted devices by id, at most `limit`, behind `after`.
    pub async fn directory_page(&self, after: Option<DeviceId>, limit: u64) -> Result<Vec<DirectoryRow>, StoreError> {
        let mut query = devices::Entity::find().filter(devices::Column::Deleted.is_null()).order_by_asc(devices::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(devices::Column::Id.gt(after.0));
        }
        query.all(self.db()).await?.into_iter().map(|row| self.listed(row)).collect()
    }

    /// None: deleted, or never there.
    pub async fn directory_row(&self, device: DeviceId) -> Result<Option<DirectoryRow>, StoreError> {
        let row = devices::Entity::find_by_id(device.0).filter(devices::Column::Deleted.is_null()).one(self.db()).await?;
        row.map(|row| self.listed(row)).transpose()
    }

    /// Undeleted seats by id, at most `limit`, behind `after`.
    pub async fn extensions_page(&self, after: Option<SeatId>, limit: u64) -> Result<Vec<ExtensionRow>, StoreError> {
        let mut query = seats::Entity::find().filter(seats::Column::Deleted.is_null()).order_by_asc(seats::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(seats::Column::Id.gt(after.0));
        }
        Ok(query.all(self.db()).await?.into_iter().map(extension).collect())
    }

    /// None: deleted, or never there.
    pub async fn extension_row(&self, seat: SeatId) -> Result<Option<ExtensionRow>, StoreError> {
        let row = seats::Entity::find_by_id(seat.0).filter(seats::Column::Deleted.is_null()).one(self.db()).await?;
        Ok(row.map(extension))
    }

    fn listed(&self, row: devices::Model) -> Result<DirectoryRow, StoreError> {
        let method_ip = device_row::is_by_address(&row);
        let texts: Vec<String> = if method_ip { device_row::parsed(&row.ip, "devices.ip")? } else { Vec::new() };
        Ok(DirectoryRow {
            device: row.id.into(),
            account: row.account_id.into(),
            seat: row.seat_id.into(),
            password: row.password.as_deref().map(|blob| self.keys().open(blob, row.id)).transpose()?,
            realm: row.realm_effective,
            username: row.username,
            enabled: row.enabled,
            method_ip,
            inherits: row.realm_own.is_none(),
            expire_seconds: row.expire_seconds.unsigned_abs(),
            ranges: ip::ranges(&texts).map_err(|_| unreadable("devices.ip"))?,
            outbound_flags: device_row::parsed(&row.outbound_flags, "devices.outbound_flags")?,
            invite_format: row.invite_format,
            number: row.number,
            route: row.route,
        })
    }
}

fn extension(row: seats::Model) -> ExtensionRow {
    ExtensionRow { seat: row.id.into(), account: row.account_id.into(), extension: row.extension }
}
