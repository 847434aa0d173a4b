//! Seats, one by one. The list of them is in `listing`.

use crate::{
    StoreError, Tx,
    account::changed_one,
    device_row::{json, parsed},
    entity::{devices, listing, seats},
    repo::{Handle, Repo},
};
use domain::few::Map;
use domain::{AccountId, Field, Kind, Millis, Record, SeatId, Value};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

/// A person or place with devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub id: SeatId,
    pub account: AccountId,
    /// Of [`Kind::Seat`].
    pub record: Record,
    pub version: i64,
    pub created: Millis,
    /// The last change of the seat or of one of its devices.
    pub changed: Millis,
    pub changed_by: String,
    /// None: living.
    pub deleted: Option<Millis>,
}

impl TryFrom<seats::Model> for Seat {
    type Error = StoreError;
    fn try_from(row: seats::Model) -> Result<Self, StoreError> {
        let values = Map::from([(Field::SeatName, Value::Text(row.name)), (Field::Extension, Value::Text(row.extension))]);
        let mut record = Record::new(Kind::Seat, values);
        record.set_stamps(parsed(&row.stamps, "seats.stamps")?);
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

fn row(seat: &Seat) -> Result<seats::ActiveModel, StoreError> {
    Ok(seats::ActiveModel {
        id: Set(seat.id.0),
        account_id: Set(seat.account.0),
        name: Set(seat.record.text(Field::SeatName).into()),
        extension: Set(seat.record.text(Field::Extension).into()),
        stamps: Set(json(seat.record.stamps(), "seats.stamps")?),
        version: Set(seat.version),
        created: Set(seat.created),
        changed: Set(seat.changed),
        changed_by: Set(seat.changed_by.clone()),
        deleted: Set(seat.deleted),
    })
}

impl<H: Handle> Repo<H> {
    /// Also a deleted one.
    pub async fn seat(&self, account: AccountId, id: SeatId) -> Result<Option<Seat>, StoreError> {
        let row = seats::Entity::find_by_id(id.0).filter(seats::Column::AccountId.eq(account.0)).one(self.db()).await?;
        row.map(Seat::try_from).transpose()
    }

    /// The undeleted seat (and its name) that has the extension.
    pub async fn extension_holder(
        &self,
        account: AccountId,
        extension: &str,
        except: Option<SeatId>,
    ) -> Result<Option<(SeatId, String)>, StoreError> {
        let mut query = seats::Entity::find()
            .select_only()
            .column(seats::Column::Id)
            .column(seats::Column::Name)
            .filter(seats::Column::AccountId.eq(account.0))
            .filter(seats::Column::Extension.eq(extension))
            .filter(seats::Column::Deleted.is_null());
        if let Some(except) = except {
            query = query.filter(seats::Column::Id.ne(except.0));
        }
        let holder: Option<(Uuid, String)> = query.into_tuple().one(self.db()).await?;
        Ok(holder.map(|(id, name)| (SeatId(id), name)))
    }
}

impl Tx {
    pub async fn insert_seat(&self, seat: &Seat) -> Result<(), StoreError> {
        seats::Entity::insert(row(seat)?).exec_without_returning(self.db()).await?;
        self.list(seat.id).await
    }

    /// Writes fields, stamps, version and who changed it, if the row still has the version `expected`. A deleted seat may be changed:
    /// so it gets another extension before it returns.
    pub async fn update_seat(&self, seat: &Seat, expected: i64) -> Result<(), StoreError> {
        let row = seats::ActiveModel { id: NotSet, account_id: NotSet, created: NotSet, deleted: NotSet, ..row(seat)? };
        let update = seats::Entity::update_many()
            .set(row)
            .filter(seats::Column::Id.eq(seat.id.0))
            .filter(seats::Column::AccountId.eq(seat.account.0))
            .filter(seats::Column::Version.eq(expected));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::Stale)?;
        self.list(seat.id).await
    }

    /// Softly, with its undeleted devices, which return with it. Versions rise, so that a save that is on its way finds it stale.
    pub async fn delete_seat(&self, account: AccountId, id: SeatId, at: Millis, by: &str) -> Result<(), StoreError> {
        let update = seats::Entity::update_many()
            .col_expr(seats::Column::Deleted, Expr::val(at))
            .col_expr(seats::Column::Changed, Expr::val(at))
            .col_expr(seats::Column::ChangedBy, Expr::val(by))
            .col_expr(seats::Column::Version, Expr::cust("version + 1"))
            .filter(seats::Column::Id.eq(id.0))
            .filter(seats::Column::AccountId.eq(account.0))
            .filter(seats::Column::Deleted.is_null());
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)?;
        let living = self.living_devices(id).await?;
        devices::Entity::update_many()
            .col_expr(devices::Column::Deleted, Expr::val(at))
            .col_expr(devices::Column::Changed, Expr::val(at))
            .col_expr(devices::Column::ChangedBy, Expr::val(by))
            .col_expr(devices::Column::WithSeat, Expr::val(true))
            .col_expr(devices::Column::Version, Expr::cust("version + 1"))
            .filter(devices::Column::SeatId.eq(id.0))
            .filter(devices::Column::Deleted.is_null())
            .exec(self.db())
            .await?;
        for device in living {
            self.release_addresses(device.id.into()).await?;
        }
        listing::Entity::delete_many().filter(listing::Column::SeatId.eq(id.0)).exec(self.db()).await?;
        Ok(())
    }

    /// Brings a deleted seat back with the devices that went with it. `Taken` names what somebody else has by now.
    pub async fn restore_seat(&self, account: AccountId, id: SeatId) -> Result<(), StoreError> {
        let update = seats::Entity::update_many()
            .col_expr(seats::Column::Deleted, Expr::val(None::<i64>))
            .col_expr(seats::Column::Version, Expr::cust("version + 1"))
            .filter(seats::Column::Id.eq(id.0))
            .filter(seats::Column::AccountId.eq(account.0))
            .filter(seats::Column::Deleted.is_not_null());
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)?;
        let gone = devices::Entity::find()
            .filter(devices::Column::SeatId.eq(id.0))
            .filter(devices::Column::Deleted.is_not_null())
            .filter(devices::Column::WithSeat.eq(true));
        for device in gone.all(self.db()).await? {
            self.revive(device).await?;
        }
        self.list(id).await
    }
}
