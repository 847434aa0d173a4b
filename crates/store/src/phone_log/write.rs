//! Many rows in one statement.

use super::{NewPhoneEvent, newest};
use crate::{
    StoreError,
    device_row::json,
    entity::{bindings, phone_events},
};
use domain::{Binding, BindingKey};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::OnConflict};

/// Rows of one statement. The database's own thread is woken once for each.
const AT_ONCE: usize = 200;

pub(super) async fn put_all<C: ConnectionTrait>(db: &C, bindings: &[&Binding]) -> Result<(), StoreError> {
    use bindings::Column::{AccountId, Contact, Data, DeviceId};
    for some in bindings.chunks(AT_ONCE) {
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
    use bindings::Column::{Contact, DeviceId};
    for some in keys.chunks(AT_ONCE) {
        let one = |key: &BindingKey| DeviceId.eq(key.device.0).and(Contact.eq(key.contact.as_str()));
        let any = some.iter().fold(Condition::any(), |any, key| any.add(one(key)));
        bindings::Entity::delete_many().filter(any).exec(db).await?;
    }
    Ok(())
}

/// Appends them. Their numbers.
pub(super) async fn append_all<C: ConnectionTrait>(db: &C, events: &[&NewPhoneEvent]) -> Result<Vec<i64>, StoreError> {
    let first = if events.is_empty() { 0 } else { newest(db).await? + 1 };
    let numbers: Vec<i64> = (first..).take(events.len()).collect();
    for (numbers, events) in numbers.chunks(AT_ONCE).zip(events.chunks(AT_ONCE)) {
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
