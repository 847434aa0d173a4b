//! Realms, and what moves with the default one.

use crate::{
    StoreError, Tx,
    account::changed_one,
    entity::{devices, realms},
    repo::{Handle, Repo},
};
use domain::{AccountId, DeviceId, Field, RealmId, Stamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

/// A SIP domain and its one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealmRow {
    pub id: RealmId,
    pub account: AccountId,
    /// Lower case; unique in the system.
    pub name: String,
    pub is_default: bool,
    /// Offers SHA-256 digests beside MD5.
    pub sha256: bool,
}

impl From<realms::Model> for RealmRow {
    fn from(row: realms::Model) -> Self {
        Self { id: row.id.into(), account: row.account_id.into(), name: row.name, is_default: row.is_default, sha256: row.sha256 }
    }
}

/// Devices of the account that follow its default realm.
fn inheriting(account: AccountId) -> Select<devices::Entity> {
    devices::Entity::find().filter(devices::Column::AccountId.eq(account.0)).filter(devices::Column::RealmOwn.is_null())
}

impl<H: Handle> Repo<H> {
    /// Those of the account, the default one first, then by name.
    pub async fn realms(&self, account: AccountId) -> Result<Vec<RealmRow>, StoreError> {
        let rows = realms::Entity::find()
            .filter(realms::Column::AccountId.eq(account.0))
            .order_by_desc(realms::Column::IsDefault)
            .order_by_asc(realms::Column::Name);
        Ok(rows.all(self.db()).await?.into_iter().map(RealmRow::from).collect())
    }

    /// In the whole system. `name` in lower case.
    pub async fn realm_by_name(&self, name: &str) -> Result<Option<RealmRow>, StoreError> {
        Ok(realms::Entity::find().filter(realms::Column::Name.eq(name)).one(self.db()).await?.map(RealmRow::from))
    }

    pub async fn all_realms(&self) -> Result<Vec<RealmRow>, StoreError> {
        let rows = realms::Entity::find().order_by_asc(realms::Column::Name).all(self.db()).await?;
        Ok(rows.into_iter().map(RealmRow::from).collect())
    }

    pub(crate) async fn default_realm(&self, account: AccountId) -> Result<Option<String>, StoreError> {
        let row = realms::Entity::find().filter(realms::Column::AccountId.eq(account.0)).filter(realms::Column::IsDefault.eq(true));
        Ok(row.one(self.db()).await?.map(|realm| realm.name))
    }

    /// How many undeleted devices follow the account's default realm.
    pub async fn devices_inheriting(&self, account: AccountId) -> Result<u64, StoreError> {
        Ok(inheriting(account).filter(devices::Column::Deleted.is_null()).count(self.db()).await?)
    }

    /// How many undeleted devices have this realm by their own choice.
    pub async fn devices_in_realm(&self, realm: &str) -> Result<u64, StoreError> {
        let own = devices::Entity::find().filter(devices::Column::RealmOwn.eq(realm)).filter(devices::Column::Deleted.is_null());
        Ok(own.count(self.db()).await?)
    }

    /// Undeleted devices (name, username) that would move to `new_default` and find their username taken there.
    pub async fn usernames_taken_in_both(&self, account: AccountId, new_default: &str) -> Result<Vec<(String, String)>, StoreError> {
        let there = devices::Entity::find()
            .select_only()
            .column(devices::Column::UsernameFolded)
            .filter(devices::Column::RealmEffective.eq(new_default))
            .filter(devices::Column::RealmOwn.is_not_null())
            .filter(devices::Column::Deleted.is_null())
            .filter(devices::Column::UsernameFolded.ne(""));
        let both = inheriting(account)
            .select_only()
            .column(devices::Column::Name)
            .column(devices::Column::Username)
            .filter(devices::Column::Deleted.is_null())
            .filter(devices::Column::UsernameFolded.in_subquery(sea_orm::QueryTrait::into_query(there)))
            .order_by_asc(devices::Column::Name);
        Ok(both.into_tuple().all(self.db()).await?)
    }
}

impl Tx {
    /// A second default of an account is refused: `set_default_realm` changes it.
    pub async fn insert_realm(&self, realm: &RealmRow) -> Result<(), StoreError> {
        let row = realms::ActiveModel {
            id: Set(realm.id.0),
            account_id: Set(realm.account.0),
            name: Set(realm.name.clone()),
            is_default: Set(realm.is_default),
            sha256: Set(realm.sha256),
        };
        realms::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// Whether the phones of the account's realms are also offered SHA-256.
    pub async fn set_sha256(&self, account: AccountId, on: bool) -> Result<(), StoreError> {
        let row = realms::ActiveModel { sha256: Set(on), ..Default::default() };
        realms::Entity::update_many().set(row).filter(realms::Column::AccountId.eq(account.0)).exec(self.db()).await?;
        Ok(())
    }

    pub async fn delete_realm(&self, id: RealmId) -> Result<(), StoreError> {
        changed_one(realms::Entity::delete_by_id(id.0).exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }

    /// Makes the realm the account's default. Every device that inherits moves with it (deleted ones too), its version rises and its
    /// realm's unit is stamped as `stamp` says, with that version. Returns the undeleted ones; they drop.
    pub async fn set_default_realm(&self, account: AccountId, realm: RealmId, stamp: &Stamp) -> Result<Vec<DeviceId>, StoreError> {
        let rows = realms::Entity::find_by_id(realm.0).filter(realms::Column::AccountId.eq(account.0));
        let new = rows.one(self.db()).await?.ok_or(StoreError::NotFound)?;
        let set = |on: bool, which: Condition| {
            let row = realms::ActiveModel { is_default: Set(on), ..Default::default() };
            realms::Entity::update_many().set(row).filter(realms::Column::AccountId.eq(account.0)).filter(which)
        };
        set(false, Condition::all().add(realms::Column::IsDefault.eq(true))).exec(self.db()).await?;
        set(true, Condition::all().add(realms::Column::Id.eq(realm.0))).exec(self.db()).await?;
        let moved: Vec<Uuid> = inheriting(account)
            .select_only()
            .column(devices::Column::Id)
            .filter(devices::Column::Deleted.is_null())
            .filter(devices::Column::RealmEffective.ne(new.name.as_str()))
            .order_by_asc(devices::Column::Id)
            .into_tuple()
            .all(self.db())
            .await?;
        devices::Entity::update_many()
            .col_expr(devices::Column::RealmEffective, Expr::val(new.name.as_str()))
            .col_expr(devices::Column::Version, Expr::cust("version + 1"))
            .col_expr(devices::Column::Changed, Expr::val(stamp.at))
            .col_expr(devices::Column::ChangedBy, Expr::val(stamp.by.as_str()))
            .col_expr(devices::Column::Stamps, stamped(self.db().get_database_backend(), stamp))
            .filter(devices::Column::AccountId.eq(account.0))
            .filter(devices::Column::RealmOwn.is_null())
            .filter(devices::Column::RealmEffective.ne(new.name.as_str()))
            .exec(self.db())
            .await?;
        Ok(moved.into_iter().map(DeviceId).collect())
    }
}

/// The stamps of a device with the realm's replaced, in the database: there may be a hundred thousand rows.
fn stamped(backend: DbBackend, stamp: &Stamp) -> SimpleExpr {
    let unit = Field::Realm.unit().field().name();
    let values = [stamp.by.clone().into(), stamp.by_id.map(|id| id.to_string()).into(), sea_orm::Value::from(stamp.at)];
    if backend == DbBackend::Postgres {
        let sql = format!(
            "jsonb_set(stamps::jsonb, '{{{unit}}}', jsonb_build_object('version', version + 1, 'by', $1::text, 'by_id', $2::text, 'at', $3::bigint))::text"
        );
        Expr::cust_with_values(sql, values)
    } else {
        let sql = format!("json_set(stamps, '$.{unit}', json_object('version', version + 1, 'by', ?, 'by_id', ?, 'at', ?))");
        Expr::cust_with_values(sql, values)
    }
}
