//! Sessions of signed-in browsers. Only the hash of a token is ever stored.

use crate::{
    StoreError, Tx,
    entity::sessions,
    repo::{Handle, Repo},
};
use domain::{Millis, OperatorId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::fmt;

/// One session.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    pub operator: OperatorId,
    pub created: Millis,
    pub seen: Millis,
    pub expires: Millis,
}

impl fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRow").field("operator", &self.operator).field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl<H: Handle> Repo<H> {
    /// Also one that has expired and was not purged yet.
    pub async fn session(&self, token_hash: [u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        let row = sessions::Entity::find_by_id(token_hash.to_vec()).one(self.db()).await?;
        Ok(row.map(|row| SessionRow {
            token_hash,
            operator: row.operator_id.into(),
            created: row.created,
            seen: row.seen,
            expires: row.expires,
        }))
    }
}

impl Tx {
    pub async fn insert_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        let row = sessions::ActiveModel {
            token_hash: Set(session.token_hash.to_vec()),
            operator_id: Set(session.operator.0),
            created: Set(session.created),
            seen: Set(session.seen),
            expires: Set(session.expires),
        };
        sessions::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// A session that is gone meanwhile stays gone, without an error.
    pub async fn touch_session(&self, token_hash: [u8; 32], seen: Millis) -> Result<(), StoreError> {
        let row = sessions::ActiveModel { seen: Set(seen), ..Default::default() };
        let this = sessions::Column::TokenHash.eq(token_hash.to_vec());
        sessions::Entity::update_many().set(row).filter(this).exec(self.db()).await?;
        Ok(())
    }

    pub async fn delete_session(&self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        sessions::Entity::delete_by_id(token_hash.to_vec()).exec(self.db()).await?;
        Ok(())
    }

    /// All of them, but for the one that asks.
    pub async fn delete_sessions_of(&self, operator: OperatorId, except: Option<[u8; 32]>) -> Result<(), StoreError> {
        let mut delete = sessions::Entity::delete_many().filter(sessions::Column::OperatorId.eq(operator.0));
        if let Some(except) = except {
            delete = delete.filter(sessions::Column::TokenHash.ne(except.to_vec()));
        }
        delete.exec(self.db()).await?;
        Ok(())
    }
}
