//! Invites: one-time links. Only the hash of a link's token is ever stored.

use crate::{
    StoreError, Tx,
    account::changed_one,
    entity::invites,
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::{AccountId, Millis, Role};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::fmt;

/// One invite.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// SHA-256 of the link's token.
    pub token_hash: [u8; 32],
    pub account: AccountId,
    /// Whom it invites: an operator's name, known here or not.
    pub name: String,
    pub role: Role,
    /// The name of the operator who invites.
    pub created_by: String,
    pub created: Millis,
    pub expires: Millis,
    pub used: Option<Millis>,
}

impl fmt::Debug for InviteRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("InviteRow");
        out.field("account", &self.account).field("role", &self.role).field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl TryFrom<invites::Model> for InviteRow {
    type Error = StoreError;
    fn try_from(row: invites::Model) -> Result<Self, StoreError> {
        Ok(Self {
            token_hash: row.token_hash.try_into().map_err(|_| unreadable("invites.token_hash"))?,
            account: row.account_id.into(),
            name: row.name,
            role: Role::parse(&row.role).ok_or_else(|| unreadable("invites.role"))?,
            created_by: row.created_by,
            created: row.created,
            expires: row.expires,
            used: row.used,
        })
    }
}

impl<H: Handle> Repo<H> {
    /// Also one that was used or has expired.
    pub async fn invite(&self, token_hash: [u8; 32]) -> Result<Option<InviteRow>, StoreError> {
        invites::Entity::find_by_id(token_hash.to_vec()).one(self.db()).await?.map(InviteRow::try_from).transpose()
    }

    /// Those of the account that nobody used, the newest first; also expired ones that were not purged yet.
    pub async fn invites(&self, account: AccountId) -> Result<Vec<InviteRow>, StoreError> {
        let open = invites::Entity::find()
            .filter(invites::Column::AccountId.eq(account.0))
            .filter(invites::Column::Used.is_null())
            .order_by_desc(invites::Column::Created);
        open.all(self.db()).await?.into_iter().map(InviteRow::try_from).collect()
    }
}

impl Tx {
    pub async fn insert_invite(&self, invite: &InviteRow) -> Result<(), StoreError> {
        let row = invites::ActiveModel {
            token_hash: Set(invite.token_hash.to_vec()),
            account_id: Set(invite.account.0),
            name: Set(invite.name.clone()),
            role: Set(invite.role.as_str().into()),
            created_by: Set(invite.created_by.clone()),
            created: Set(invite.created),
            expires: Set(invite.expires),
            used: Set(invite.used),
        };
        invites::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// Once: `NotFound` when somebody used it before.
    pub async fn use_invite(&self, token_hash: [u8; 32], at: Millis) -> Result<(), StoreError> {
        let row = invites::ActiveModel { used: Set(Some(at)), ..Default::default() };
        let update = invites::Entity::update_many()
            .set(row)
            .filter(invites::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(invites::Column::Used.is_null());
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }

    pub async fn delete_invite(&self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        let deleted = invites::Entity::delete_by_id(token_hash.to_vec()).exec(self.db()).await?;
        changed_one(deleted.rows_affected, StoreError::NotFound)
    }
}
