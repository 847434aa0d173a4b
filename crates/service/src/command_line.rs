//! What the command line does beside a running server: operators and accounts.

use crate::{Caller, Service, failure::Stored, setup::refused, write::Write};
use domain::{AccountId, EventKind, Problem, Role, Secret, rules::text};
use store::Membership;
use uuid::Uuid;

impl Service {
    /// The account of a name; the only one when none is given.
    async fn account_named(&self, name: Option<&str>) -> Result<AccountId, Problem> {
        let accounts = self.inner.store.read().accounts().await.or_fail()?;
        let found: Vec<_> = accounts.iter().filter(|a| name.is_none_or(|name| a.name == name)).collect();
        match (found.as_slice(), name) {
            ([one], _) => Ok(one.id),
            ([], Some(name)) => Err(refused(format!("There is no account {name}."))),
            ([], None) => Err(refused("There is no account yet: make one with `account add NAME REALM`.")),
            (_, _) => Err(refused("There are several accounts: name one with --account.")),
        }
    }

    /// Adds an operator with a role in an account; one who is there already only gets the role, and keeps the password.
    pub async fn add_operator(&self, name: &str, password: Option<&Secret>, account: Option<&str>, role: Role) -> Result<(), Problem> {
        let account = self.account_named(account).await?;
        let known = self.inner.store.read().operator_by_name(name.trim()).await.or_fail()?;
        let new = match (&known, password) {
            (Some(_), _) => None,
            (None, Some(password)) => Some(self.new_operator(name, password).await?),
            (None, None) => return Err(refused("A new operator needs a password.")),
        };
        let mut write = Write::begin(self, account, &Caller::system("command line")).await?;
        if let Some(operator) = &new {
            write.tx.insert_operator(operator).await.or_fail()?;
        }
        let Some(operator) = new.or(known) else { return Err(Problem::NotFound) };
        let before = write.tx.role(account, operator.id).await.or_fail()?;
        if before == Some(Role::Admin) && role != Role::Admin && write.tx.admins(account).await.or_fail()? < 2 {
            return Err(refused(format!("{} is the last admin of this account.", operator.name)));
        }
        write.tx.set_membership(&Membership { account, operator: operator.id, role }).await.or_fail()?;
        let event = write.event(EventKind::OperatorJoined, operator.name).note(format!("as {}", role.shown_as()));
        write.record(event).await?;
        write.commit().await
    }

    /// Whether an operator of that name is there.
    pub async fn knows_operator(&self, name: &str) -> Result<bool, Problem> {
        Ok(self.inner.store.read().operator_by_name(name.trim()).await.or_fail()?.is_some())
    }

    /// Gives an operator another password and ends every session.
    pub async fn set_operator_password(&self, name: &str, password: &Secret) -> Result<(), Problem> {
        crate::passwords::check(password).map_err(|fault| refused(format!("Password: {fault}")))?;
        let operator = self
            .inner
            .store
            .read()
            .operator_by_name(name.trim())
            .await
            .or_fail()?
            .ok_or_else(|| refused(format!("There is no operator {name}.")))?;
        let hash = self.inner.passwords.hash(password).await?;
        let mut write = Write::begin_everywhere(self, &Caller::system("command line")).await?;
        write.tx.set_password_hash(operator.id, &hash).await.or_fail()?;
        write.tx.delete_sessions_of(operator.id, None).await.or_fail()?;
        write.record_everywhere(operator.id, EventKind::OperatorPasswordChanged, &operator.name).await?;
        write.commit().await
    }

    /// Makes an account with its first realm.
    pub async fn add_account(&self, name: &str, realm: &str) -> Result<AccountId, Problem> {
        let name = text::name(name, 128).map_err(|fault| refused(format!("Account: {fault}")))?;
        let realm = text::realm(realm).map_err(|fault| refused(format!("Realm: {fault}")))?;
        let write = Write::begin(self, AccountId(Uuid::now_v7()), &Caller::system("command line")).await?;
        write.found_account(name, realm, None).await
    }
}
