//! Operators and their roles.

use crate::{
    StoreError, Tx,
    account::changed_one,
    entity::{accounts, memberships, operators},
    error::unreadable,
    repo::{Handle, Repo},
};
use domain::{AccountId, Millis, OperatorId, Role, rules::text::folded};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select, sea_query::OnConflict};
use std::{collections::HashMap, fmt};
use uuid::Uuid;

/// A person who signs in.
#[derive(Clone, PartialEq, Eq)]
pub struct Operator {
    pub id: OperatorId,
    /// Unique in the system, whatever its case.
    pub name: String,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
    pub created: Millis,
}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operator").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl From<operators::Model> for Operator {
    fn from(row: operators::Model) -> Self {
        Self { id: row.id.into(), name: row.name, password_hash: row.password_hash, created: row.created }
    }
}

/// What an operator may do in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    pub account: AccountId,
    pub operator: OperatorId,
    pub role: Role,
}

fn role(word: &str) -> Result<Role, StoreError> {
    Role::parse(word).ok_or_else(|| unreadable("memberships.role"))
}

fn admins() -> Select<memberships::Entity> {
    memberships::Entity::find().filter(memberships::Column::Role.eq(Role::Admin.as_str()))
}

impl<H: Handle> Repo<H> {
    /// Whether anybody is admin of any account: else the program waits to be set up.
    pub async fn any_admin(&self) -> Result<bool, StoreError> {
        Ok(admins().one(self.db()).await?.is_some())
    }

    pub async fn admins(&self, account: AccountId) -> Result<u64, StoreError> {
        Ok(admins().filter(memberships::Column::AccountId.eq(account.0)).count(self.db()).await?)
    }

    pub async fn operator(&self, id: OperatorId) -> Result<Option<Operator>, StoreError> {
        Ok(operators::Entity::find_by_id(id.0).one(self.db()).await?.map(Operator::from))
    }

    /// Whatever the case.
    pub async fn operator_by_name(&self, name: &str) -> Result<Option<Operator>, StoreError> {
        let row = operators::Entity::find().filter(operators::Column::NameFolded.eq(folded(name))).one(self.db()).await?;
        Ok(row.map(Operator::from))
    }

    /// With each account's name, in the order of names.
    pub async fn memberships(&self, operator: OperatorId) -> Result<Vec<(Membership, String)>, StoreError> {
        let rows = memberships::Entity::find().filter(memberships::Column::OperatorId.eq(operator.0)).all(self.db()).await?;
        let ids = rows.iter().map(|row| row.account_id);
        let names = accounts::Entity::find().filter(accounts::Column::Id.is_in(ids)).all(self.db()).await?;
        let names: HashMap<Uuid, String> = names.into_iter().map(|account| (account.id, account.name)).collect();
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let name = names.get(&row.account_id).cloned().unwrap_or_default();
            out.push((Membership { account: row.account_id.into(), operator, role: role(&row.role)? }, name));
        }
        out.sort_by_key(|(membership, name)| (folded(name), membership.account));
        Ok(out)
    }

    /// The operators of an account by name.
    pub async fn members(&self, account: AccountId) -> Result<Vec<(Operator, Role)>, StoreError> {
        let here = memberships::Entity::find().filter(memberships::Column::AccountId.eq(account.0));
        let roles: HashMap<Uuid, String> = here.all(self.db()).await?.into_iter().map(|row| (row.operator_id, row.role)).collect();
        let rows = operators::Entity::find()
            .filter(operators::Column::Id.is_in(roles.keys().copied()))
            .order_by_asc(operators::Column::NameFolded)
            .all(self.db())
            .await?;
        rows.into_iter()
            .map(|row| {
                let role = role(roles.get(&row.id).map_or("", String::as_str))?;
                Ok((row.into(), role))
            })
            .collect()
    }

    pub async fn role(&self, account: AccountId, operator: OperatorId) -> Result<Option<Role>, StoreError> {
        let row = memberships::Entity::find_by_id((account.0, operator.0)).one(self.db()).await?;
        row.map(|row| role(&row.role)).transpose()
    }
}

impl Tx {
    pub async fn insert_operator(&self, operator: &Operator) -> Result<(), StoreError> {
        let row = operators::ActiveModel {
            id: Set(operator.id.0),
            name: Set(operator.name.clone()),
            name_folded: Set(folded(&operator.name)),
            password_hash: Set(operator.password_hash.clone()),
            created: Set(operator.created),
        };
        operators::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    pub async fn set_password_hash(&self, id: OperatorId, hash: &str) -> Result<(), StoreError> {
        let row = operators::ActiveModel { password_hash: Set(hash.into()), ..Default::default() };
        let update = operators::Entity::update_many().set(row).filter(operators::Column::Id.eq(id.0));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }

    /// Adds the operator to the account or gives another role.
    pub async fn set_membership(&self, membership: &Membership) -> Result<(), StoreError> {
        let row = memberships::ActiveModel {
            account_id: Set(membership.account.0),
            operator_id: Set(membership.operator.0),
            role: Set(membership.role.as_str().into()),
        };
        let key = [memberships::Column::AccountId, memberships::Column::OperatorId];
        memberships::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).update_column(memberships::Column::Role).to_owned())
            .exec_without_returning(self.db())
            .await?;
        Ok(())
    }

    pub async fn remove_membership(&self, account: AccountId, operator: OperatorId) -> Result<(), StoreError> {
        let deleted = memberships::Entity::delete_by_id((account.0, operator.0)).exec(self.db()).await?;
        changed_one(deleted.rows_affected, StoreError::NotFound)
    }
}
