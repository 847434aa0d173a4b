//! Carriers.

use crate::{
    StoreError, Tx,
    account::changed_one,
    device_row::{json, parsed},
    entity::carriers,
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::few::Map;
use domain::{AccountId, CarrierId, Field, Kind, Millis, Record, Value};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

/// A way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    pub id: CarrierId,
    pub account: AccountId,
    /// Of [`Kind::Carrier`].
    pub record: Record,
    pub version: i64,
    pub created: Millis,
    pub changed: Millis,
    pub changed_by: String,
    /// None: living.
    pub deleted: Option<Millis>,
}

impl TryFrom<carriers::Model> for Carrier {
    type Error = StoreError;
    fn try_from(row: carriers::Model) -> Result<Self, StoreError> {
        let values = Map::from([
            (Field::CarrierName, Value::Text(row.name)),
            (Field::CarrierUri, Value::Text(row.uri)),
            (Field::CarrierFlags, Value::List(parsed(&row.flags, "carriers.flags")?)),
            (Field::RequireFlags, Value::Switch(row.require_flags)),
            (Field::IgnoreFlags, Value::Switch(row.ignore_flags)),
            (Field::Weight, Value::Text(row.weight.to_string())),
            (Field::CarrierEnabled, Value::Switch(row.enabled)),
        ]);
        let mut record = Record::new(Kind::Carrier, values);
        record.set_stamps(parsed(&row.stamps, "carriers.stamps")?);
        Ok(Self {
            id: row.id.into(),
            account: row.account_id.into(),
            record,
            version: row.version,
            created: row.created,
            changed: row.changed,
            changed_by: row.changed_by,
            deleted: row.deleted,
        })
    }
}

fn row(carrier: &Carrier) -> Result<carriers::ActiveModel, StoreError> {
    let record = &carrier.record;
    let weight = record.value(Field::Weight).as_text().parse().map_err(|_| unreadable("weight"))?;
    Ok(carriers::ActiveModel {
        id: Set(carrier.id.0),
        account_id: Set(carrier.account.0),
        name: Set(record.text(Field::CarrierName).into()),
        uri: Set(record.text(Field::CarrierUri).into()),
        flags: Set(json(&record.value(Field::CarrierFlags).as_list(), "carriers.flags")?),
        require_flags: Set(record.value(Field::RequireFlags).is_on()),
        ignore_flags: Set(record.value(Field::IgnoreFlags).is_on()),
        weight: Set(weight),
        enabled: Set(record.value(Field::CarrierEnabled).is_on()),
        stamps: Set(json(record.stamps(), "carriers.stamps")?),
        version: Set(carrier.version),
        created: Set(carrier.created),
        changed: Set(carrier.changed),
        changed_by: Set(carrier.changed_by.clone()),
        deleted: Set(carrier.deleted),
    })
}

impl<H: Handle> Repo<H> {
    /// The undeleted ones by name.
    pub async fn carriers(&self, account: AccountId) -> Result<Vec<Carrier>, StoreError> {
        let rows = carriers::Entity::find()
            .filter(carriers::Column::AccountId.eq(account.0))
            .filter(carriers::Column::Deleted.is_null())
            .order_by_asc(carriers::Column::Name)
            .order_by_asc(carriers::Column::Id);
        rows.all(self.db()).await?.into_iter().map(Carrier::try_from).collect()
    }

    /// Also a deleted one.
    pub async fn carrier(&self, account: AccountId, id: CarrierId) -> Result<Option<Carrier>, StoreError> {
        let row = carriers::Entity::find_by_id(id.0).filter(carriers::Column::AccountId.eq(account.0)).one(self.db()).await?;
        row.map(Carrier::try_from).transpose()
    }
}

impl Tx {
    pub async fn insert_carrier(&self, carrier: &Carrier) -> Result<(), StoreError> {
        carriers::Entity::insert(row(carrier)?).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// Writes everything if the row is undeleted and still has the version `expected`.
    pub async fn update_carrier(&self, carrier: &Carrier, expected: i64) -> Result<(), StoreError> {
        let row = carriers::ActiveModel { id: NotSet, account_id: NotSet, created: NotSet, deleted: NotSet, ..row(carrier)? };
        let update = carriers::Entity::update_many()
            .set(row)
            .filter(carriers::Column::Id.eq(carrier.id.0))
            .filter(carriers::Column::AccountId.eq(carrier.account.0))
            .filter(carriers::Column::Version.eq(expected))
            .filter(carriers::Column::Deleted.is_null());
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::Stale)
    }

    pub async fn delete_carrier(&self, account: AccountId, id: CarrierId, at: Millis, by: &str) -> Result<(), StoreError> {
        let update = carriers::Entity::update_many()
            .col_expr(carriers::Column::Deleted, Expr::val(at))
            .col_expr(carriers::Column::Changed, Expr::val(at))
            .col_expr(carriers::Column::ChangedBy, Expr::val(by))
            .col_expr(carriers::Column::Version, Expr::cust("version + 1"))
            .filter(carriers::Column::Id.eq(id.0))
            .filter(carriers::Column::AccountId.eq(account.0))
            .filter(carriers::Column::Deleted.is_null());
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }
}
