//! The list of seats: searched, sorted, by pages that start where the last one ended.

use crate::{
    Seat, StoreError, claim, device_row,
    entity::{devices, listing, ranges, seats},
    repo::{Handle, Repo},
    search::Pattern,
};
use domain::{AccountId, DeviceId, SeatId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait,
    sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, Func, Order, Query, SelectStatement, WithClause},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The order of the list; ties by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatSort {
    /// Without regard to case.
    Name,
    /// As people count.
    Extension,
    /// The last change of the seat or of one of its devices.
    Changed,
}

/// Which seats, and how many.
#[derive(Clone, Debug)]
pub struct SeatQuery<'a> {
    pub account: AccountId,
    /// Part of a name, extension, device name, username, MAC address or IP range, or an address that a range holds. Empty: all.
    pub text: &'a str,
    pub sort: SeatSort,
    pub descending: bool,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    pub limit: u64,
    /// Only these, at most 10,000: each is a value of the statement.
    pub only: Option<&'a [SeatId]>,
}

/// A place in the list. It means something only with the sort that it came from; with another one the list starts anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    key: Key,
    id: SeatId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Number(i64),
    Text(String),
}

/// Where a seat stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub seat: SeatId,
    /// For what comes behind it.
    pub cursor: Cursor,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatPage {
    pub seats: Vec<SeatLine>,
    /// None: this was the last page.
    pub next: Option<Cursor>,
}

/// A seat with its undeleted devices by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatLine {
    pub seat: Seat,
    pub devices: Vec<DeviceLine>,
}

/// A device as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLine {
    pub id: DeviceId,
    pub name: String,
    pub enabled: bool,
    pub method_ip: bool,
    pub username: String,
}

#[derive(FromQueryResult)]
struct DeviceCells {
    id: Uuid,
    seat_id: Uuid,
    name: String,
    enabled: bool,
    method: String,
    username: String,
}

impl SeatSort {
    const fn column(self) -> listing::Column {
        match self {
            Self::Name => listing::Column::Name,
            Self::Extension => listing::Column::Extension,
            Self::Changed => listing::Column::Changed,
        }
    }

    /// What the row sorts by; it holds the seat's id and this, in this order.
    fn key(self, row: &QueryResult) -> Result<Key, DbErr> {
        Ok(match self {
            Self::Name | Self::Extension => Key::Text(row.try_get_by_index(1)?),
            Self::Changed => Key::Number(row.try_get_by_index(1)?),
        })
    }
}

/// Rows of the list that have one of the parts or are among the seats that hold the address.
fn matching(backend: DbBackend, pattern: &Pattern, holding: Vec<Uuid>) -> Condition {
    let find = if backend == DbBackend::Postgres { "strpos" } else { "instr" };
    let mut any = Condition::any();
    for part in &pattern.parts {
        // A function, not LIKE: the text has no wildcards to escape, and case was folded by us.
        any = any.add(Func::cust(find).arg(Expr::col(listing::Column::Search)).arg(part.as_str()).gt(0));
    }
    if holding.is_empty() { any } else { any.add(listing::Column::SeatId.is_in(holding)) }
}

impl<H: Handle> Repo<H> {
    pub async fn seats(&self, query: &SeatQuery<'_>) -> Result<SeatPage, StoreError> {
        // One more than the page has, to see whether there is a next one.
        let mut places = self.seat_order(&SeatQuery { limit: query.limit + 1, ..query.clone() }).await?;
        let more = places.len() as u64 > query.limit;
        places.truncate(query.limit as usize);
        let next = places.last().filter(|_| more).map(|place| place.cursor.clone());
        let ids: Vec<SeatId> = places.iter().map(|place| place.seat).collect();
        Ok(SeatPage { seats: self.seat_lines(&ids).await?, next })
    }

    /// The order alone: for those who choose among the seats themselves.
    pub async fn seat_order(&self, query: &SeatQuery<'_>) -> Result<Vec<Place>, StoreError> {
        let mut places = Vec::new();
        for row in self.db().query_all(&self.page(query).await?).await? {
            let seat = row.try_get_by_index::<Uuid>(0)?.into();
            places.push(Place { seat, cursor: Cursor { key: query.sort.key(&row)?, id: seat } });
        }
        Ok(places)
    }

    /// The rows of the list that match, no columns yet.
    async fn found(&self, account: AccountId, text: &str) -> Result<SelectStatement, StoreError> {
        let mut select = Query::select().from(listing::Entity).and_where(listing::Column::AccountId.eq(account.0)).take();
        if let Some(pattern) = Pattern::of(text) {
            let holding = self.seats_holding(account, &pattern).await?;
            select.cond_where(matching(self.db().get_database_backend(), &pattern, holding));
        }
        Ok(select)
    }

    async fn page(&self, query: &SeatQuery<'_>) -> Result<sea_orm::sea_query::WithQuery, StoreError> {
        use listing::Column::SeatId as Id;
        let mut found = self.found(query.account, query.text).await?;
        let column = query.sort.column();
        found.columns([Id, column]);
        if let Some(only) = query.only {
            found.and_where(Id.is_in(only.iter().map(|id| id.0)));
        }
        if let Some(Cursor { key, id }) = &query.after {
            let key = match (key, query.sort) {
                (Key::Number(n), SeatSort::Changed) => Some(Expr::val(*n)),
                (Key::Text(t), SeatSort::Name | SeatSort::Extension) => Some(Expr::val(t.as_str())),
                _ => None,
            };
            if let Some(key) = key {
                let (place, end) = (Expr::tuple([Expr::col(column), Expr::col(Id)]), Expr::tuple([key, Expr::val(id.0)]));
                found.and_where(if query.descending { place.lt(end) } else { place.gt(end) });
            }
        }
        let order = if query.descending { Order::Desc } else { Order::Asc };
        let mut outer = Query::select().from(Alias::new("found")).columns([Id, column]).take();
        outer.order_by(column, order.clone()).order_by(Id, order).limit(query.limit);
        // With a text every row is looked at anyway: first the matches in one walk over the rows, then their order. Left to itself a
        // planner may walk the index of the order and fetch each row by its key. Without a text that index is just right.
        let table = CommonTableExpression::new()
            .table_name(Alias::new("found"))
            .query(found)
            .materialized(!query.text.trim().is_empty() || query.only.is_some())
            .to_owned();
        Ok(outer.with(WithClause::new().cte(table).to_owned()))
    }

    /// Seats of the account with a device that has a range that shares an address with the typed one.
    async fn seats_holding(&self, account: AccountId, pattern: &Pattern) -> Result<Vec<Uuid>, StoreError> {
        let Some(range) = &pattern.range else { return Ok(Vec::new()) };
        let holding = ranges::Entity::find()
            .select_only()
            .column(ranges::Column::DeviceId)
            .filter(ranges::Column::AccountId.eq(account.0))
            .filter(claim::meeting(range))
            .into_query();
        let seats = devices::Entity::find().select_only().column(devices::Column::SeatId).filter(devices::Column::Id.in_subquery(holding));
        Ok(seats.into_tuple().all(self.db()).await?)
    }

    /// Seats with their devices, in the order of the ids.
    pub async fn seat_lines(&self, ids: &[SeatId]) -> Result<Vec<SeatLine>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = seats::Entity::find().filter(seats::Column::Id.is_in(ids.iter().copied())).all(self.db()).await?;
        let mut by_id: HashMap<Uuid, seats::Model> = found.into_iter().map(|seat| (seat.id, seat)).collect();
        let cells: Vec<DeviceCells> = devices::Entity::find()
            .select_only()
            .columns([devices::Column::Id, devices::Column::SeatId, devices::Column::Name, devices::Column::Enabled])
            .columns([devices::Column::Method, devices::Column::Username])
            .filter(devices::Column::SeatId.is_in(ids.iter().copied()))
            .filter(devices::Column::Deleted.is_null())
            .order_by_asc(devices::Column::Name)
            .order_by_asc(devices::Column::Id)
            .into_model()
            .all(self.db())
            .await?;
        let mut devices: HashMap<Uuid, Vec<DeviceLine>> = HashMap::new();
        for d in cells {
            let line = DeviceLine {
                id: d.id.into(),
                name: d.name,
                enabled: d.enabled,
                method_ip: d.method == device_row::BY_ADDRESS,
                username: d.username,
            };
            devices.entry(d.seat_id).or_default().push(line);
        }
        let mut lines = Vec::with_capacity(ids.len());
        for id in ids {
            // One that was deleted between the two queries is no line any more.
            if let Some(seat) = by_id.remove(&id) {
                lines.push(SeatLine { seat: seat.try_into()?, devices: devices.remove(&id).unwrap_or_default() });
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> impl Strategy<Value = Key> {
        prop_oneof![any::<i64>().prop_map(Key::Number), any::<String>().prop_map(Key::Text)]
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_from_its_text_as_it_was(key in key(), id in any::<u128>()) {
            let cursor = Cursor { key, id: Uuid::from_u128(id).into() };
            let text = serde_json::to_string(&cursor).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cursor>(&text).unwrap(), cursor);
        }
    }
}
