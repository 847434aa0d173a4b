//! Many rows in one statement.

use super::{NewPhoneEvent, newest};
use crate::{
    StoreError,
    device_row::json,
    entity::{bindings, phone_events},
};
use domain::{Binding, BindingKey};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, Statement, sea_query::OnConflict};

/// Rows of one statement at most.
const AT_ONCE: usize = 256;

/// Pieces of as many rows as a power of two has, the large ones first: so few texts of statements that each is prepared once.
fn pieces<T>(mut all: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let most = all.len().min(AT_ONCE);
        let (piece, rest) = all.split_at(if most == 0 { 0 } else { 1 << most.ilog2() });
        all = rest;
        (most > 0).then_some(piece)
    })
}

pub(super) async fn put_all<C: ConnectionTrait>(db: &C, bindings: &[&Binding]) -> Result<(), StoreError> {
    use bindings::Column::{AccountId, Contact, Data, DeviceId};
    for some in pieces(bindings) {
        let rows = some.iter().map(|binding| binding_row(binding)).collect::<Result<Vec<_>, _>>()?;
        bindings::Entity::insert_many(rows)
            .on_conflict(OnConflict::columns([DeviceId, Contact]).update_columns([AccountId, Data]).to_owned())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

fn binding_row(binding: &Binding) -> Result<bindings::ActiveModel, StoreError> {
    Ok(bindings::ActiveModel {
        device_id: Set(binding.device.0),
        contact: Set(binding.contact.clone()),
        account_id: Set(binding.account.0),
        data: Set(json(binding, "bindings.data")?),
    })
}

pub(super) async fn remove_all<C: ConnectionTrait>(db: &C, keys: &[&BindingKey]) -> Result<(), StoreError> {
    for some in pieces(keys) {
        // A list of terms with OR would be a look through the whole table for each, where the database takes it for small.
        let sql = format!("DELETE FROM bindings WHERE (device_id, contact) IN (VALUES {})", vec!["(?, ?)"; some.len()].join(", "));
        let values = some.iter().flat_map(|key| [key.device.0.into(), key.contact.clone().into()]);
        db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    }
    Ok(())
}

/// Appends events, and gives their numbers.
pub(super) async fn append_all<C: ConnectionTrait>(db: &C, events: &[&NewPhoneEvent]) -> Result<Vec<i64>, StoreError> {
    let first = if events.is_empty() { 0 } else { newest(db).await? + 1 };
    let numbers: Vec<i64> = (first..).take(events.len()).collect();
    for (numbers, events) in pieces(&numbers).zip(pieces(events)) {
        let rows = numbers.iter().zip(events).map(|(number, event)| event_row(*number, event));
        phone_events::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(numbers)
}

fn event_row(seq: i64, event: &NewPhoneEvent) -> phone_events::ActiveModel {
    phone_events::ActiveModel {
        seq: Set(seq),
        account_id: Set(event.account.map(|id| id.0)),
        device_id: Set(event.device.map(|id| id.0)),
        at: Set(event.at),
        kind: Set(event.kind.clone()),
        detail: Set(event.detail.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_all_there_in_order_and_of_few_lengths() {
        for n in [0, 1, 3, 255, 256, 257, 1_000] {
            let all: Vec<usize> = (0..n).collect();
            let lengths: Vec<usize> = pieces(&all).map(<[usize]>::len).collect();
            assert!(lengths.iter().all(|l| l.is_power_of_two() && *l <= AT_ONCE), "{lengths:?}");
            assert_eq!(pieces(&all).flatten().copied().collect::<Vec<_>>(), all);
        }
    }
}
