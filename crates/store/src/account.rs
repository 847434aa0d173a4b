//! Accounts.

use crate::{
    StoreError, Tx,
    entity::accounts,
    repo::{Handle, Repo},
};
use domain::{AccountId, Millis};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// A customer of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    /// Rises with each change of the name.
    pub version: i64,
    pub created: Millis,
}

impl From<accounts::Model> for Account {
    fn from(row: accounts::Model) -> Self {
        Self { id: row.id.into(), name: row.name, version: row.version, created: row.created }
    }
}

impl<H: Handle> Repo<H> {
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(accounts::Entity::find_by_id(id.0).one(self.db()).await?.map(Account::from))
    }

    /// All of them, the oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = accounts::Entity::find().order_by_asc(accounts::Column::Created).order_by_asc(accounts::Column::Id);
        Ok(rows.all(self.db()).await?.into_iter().map(Account::from).collect())
    }
}

impl Tx {
    pub async fn insert_account(&self, account: &Account) -> Result<(), StoreError> {
        let row = accounts::ActiveModel {
            id: Set(account.id.0),
            name: Set(account.name.clone()),
            version: Set(account.version),
            created: Set(account.created),
        };
        accounts::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// Gives the account of version `expected` another name; its version rises by one.
    pub async fn rename_account(&self, id: AccountId, name: &str, expected: i64) -> Result<(), StoreError> {
        let row = accounts::ActiveModel { name: Set(name.into()), version: Set(expected + 1), ..Default::default() };
        let update =
            accounts::Entity::update_many().set(row).filter(accounts::Column::Id.eq(id.0)).filter(accounts::Column::Version.eq(expected));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::Stale)
    }
}

/// Ok when a row was changed, else `otherwise`.
pub fn changed_one(rows: u64, otherwise: StoreError) -> Result<(), StoreError> {
    if rows == 0 { Err(otherwise) } else { Ok(()) }
}
