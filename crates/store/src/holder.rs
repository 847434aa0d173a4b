//! Who has what must be unique.

use crate::{
    StoreError,
    entity::devices,
    repo::{Handle, Repo},
};
use domain::{AccountId, DeviceId, SeatId, rules::text::folded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};
use uuid::Uuid;

/// The device that has it. Its name is for readers of its own account alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub device: DeviceId,
    pub account: AccountId,
    pub seat: SeatId,
    pub name: String,
}

// The last condition of each is the partial index's own, word by word: without it no planner may use the index.
impl<H: Handle> Repo<H> {
    /// The undeleted device that has the username in the realm, whatever its case.
    pub async fn username_holder(&self, realm: &str, username: &str, except: Option<DeviceId>) -> Result<Option<Holder>, StoreError> {
        let query = living(except)
            .filter(devices::Column::RealmEffective.eq(realm))
            .filter(devices::Column::UsernameFolded.eq(folded(username)))
            .filter(Expr::cust("username_folded <> ''"));
        self.first_holder(query).await
    }

    /// The undeleted device of the account that has the MAC address (12 lower-case digits).
    pub async fn mac_holder(&self, account: AccountId, mac: &str, except: Option<DeviceId>) -> Result<Option<Holder>, StoreError> {
        let query = living(except)
            .filter(devices::Column::AccountId.eq(account.0))
            .filter(devices::Column::Mac.eq(mac))
            .filter(Expr::cust("mac <> ''"));
        self.first_holder(query).await
    }

    pub(crate) async fn holder(&self, id: DeviceId) -> Result<Option<Holder>, StoreError> {
        self.first_holder(living(None).filter(devices::Column::Id.eq(id.0))).await
    }

    async fn first_holder(&self, query: Select<devices::Entity>) -> Result<Option<Holder>, StoreError> {
        let columns = [devices::Column::Id, devices::Column::AccountId, devices::Column::SeatId, devices::Column::Name];
        let found: Option<(Uuid, Uuid, Uuid, String)> = query.select_only().columns(columns).into_tuple().one(self.db()).await?;
        Ok(found.map(|(device, account, seat, name)| Holder { device: device.into(), account: account.into(), seat: seat.into(), name }))
    }
}

fn living(except: Option<DeviceId>) -> Select<devices::Entity> {
    let query = devices::Entity::find().filter(devices::Column::Deleted.is_null());
    match except {
        Some(except) => query.filter(devices::Column::Id.ne(except.0)),
        None => query,
    }
}
