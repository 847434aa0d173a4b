//! Operation ids: a retry of a write finds the first one's result, in the account where it was done: in another one its operator may
//! have no role any more. Of the payload only a keyed hash is kept, since it may hold a password.

use crate::{
    StoreError, Tx,
    device_row::{json, parsed},
    entity::operations,
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::{AccountId, Millis, OperationId, OperatorId};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// The id was used before, for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this operation id was used for another request")]
pub struct OperationMismatch;

impl<H: Handle> Repo<H> {
    /// What the operator's write in this account under this id answered; none when there was none.
    pub async fn operation_result(
        &self,
        operator: OperatorId,
        account: AccountId,
        id: OperationId,
    ) -> Result<Option<serde_json::Value>, StoreError> {
        let row = operations::Entity::find_by_id((operator.0, account.0, id.0)).one(self.db()).await?;
        row.map(|row| parsed(&row.result, "operations.result")).transpose()
    }

    /// None: never seen in this account. Else what the first one answered, if its payload was this one.
    pub async fn operation(
        &self,
        operator: OperatorId,
        account: AccountId,
        id: OperationId,
        payload: &[u8],
    ) -> Result<Option<Result<serde_json::Value, OperationMismatch>>, StoreError> {
        let Some(row) = operations::Entity::find_by_id((operator.0, account.0, id.0)).one(self.db()).await? else { return Ok(None) };
        let key = u32::try_from(row.key_id).map_err(|_| unreadable("operations.key_id"))?;
        if self.keys().is_hash(key, payload, &row.payload_hash)? {
            Ok(Some(Ok(parsed(&row.result, "operations.result")?)))
        } else {
            Ok(Some(Err(OperationMismatch)))
        }
    }
}

impl Tx {
    /// In the transaction of the write itself.
    pub async fn record_operation(
        &self,
        operator: OperatorId,
        account: AccountId,
        id: OperationId,
        payload: &[u8],
        result: &serde_json::Value,
        at: Millis,
    ) -> Result<(), StoreError> {
        let (key, hash) = self.keys().hash(payload)?;
        let row = operations::ActiveModel {
            operator_id: Set(operator.0),
            account_id: Set(account.0),
            id: Set(id.0),
            key_id: Set(key.into()),
            payload_hash: Set(hash),
            result: Set(json(result, "operations.result")?),
            at: Set(at),
        };
        operations::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }
}
