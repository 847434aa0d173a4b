//! The first start: an admin, an account, its realm, for whoever holds the code that the terminal shows.

use crate::{
    Caller, Entered, Service,
    entry::new_token,
    failure::{Stored, failed},
    passwords,
    write::Write,
};
use domain::view::SetupState;
use domain::{AccountId, EventKind, HOUR, Millis, OperatorId, Problem, RealmId, Role, Secret, rules::text};
use std::net::IpAddr;
use store::{Account, Membership, Operator, RealmRow};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// A single-use code, good for an hour. Its `Debug` prints `…`.
#[derive(Clone)]
pub struct SetupCode {
    code: Secret,
    until: Millis,
}

impl SetupCode {
    /// To be shown on the terminal, and nowhere else.
    pub fn expose(&self) -> &str {
        self.code.expose()
    }
}

impl std::fmt::Debug for SetupCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Service {
    /// Makes the code when there is no admin yet.
    pub async fn make_setup_code(&self) -> Result<Option<SetupCode>, Problem> {
        if self.inner.store.read().any_admin().await.or_fail()? {
            return Ok(None);
        }
        let code = SetupCode { code: Secret::new(&new_token()?[..20]), until: self.now() + HOUR };
        *self.inner.setup.lock() = Some(code.clone());
        Ok(Some(code))
    }

    pub async fn setup_state(&self) -> Result<SetupState, Problem> {
        let needed = !self.inner.store.read().any_admin().await.or_fail()?;
        let proposed_realm = if needed { self.inner.config.proposed_realm.clone() } else { String::new() };
        Ok(SetupState { needed, proposed_realm })
    }

    fn check_code(&self, address: IpAddr, code: &Secret) -> Result<(), Problem> {
        let trier = self.trier(&address.into(), "setup code");
        self.may_try(&trier)?;
        let held = self.inner.setup.lock().clone();
        let Some(held) = held.filter(|held| self.now() < held.until) else {
            return Err(refused("The code has expired. Restart Seatline: it shows a new one."));
        };
        let right = bool::from(held.code.expose().as_bytes().ct_eq(code.expose().trim().as_bytes()));
        self.tried(&trier, right);
        if right { Ok(()) } else { Err(refused("This is not the code that the terminal shows.")) }
    }

    /// Makes the first admin, account and realm, and signs in.
    pub async fn setup(
        &self,
        address: IpAddr,
        code: Secret,
        name: String,
        password: Secret,
        account: String,
        realm: String,
    ) -> Result<Entered, Problem> {
        if !self.setup_state().await?.needed {
            return Err(refused("Seatline is set up already. Sign in."));
        }
        self.check_code(address, &code)?;
        let operator = self.new_operator(&name, &password).await?;
        let account = text::name(&account, 128).map_err(|fault| refused(format!("Account: {fault}")))?;
        let realm = text::realm(&realm).map_err(|fault| refused(format!("Realm: {fault}")))?;
        let write = Write::begin(self, AccountId(Uuid::now_v7()), &Caller::system("setup")).await?;
        if write.tx.any_admin().await.or_fail()? {
            return Err(refused("Seatline is set up already. Sign in."));
        }
        write.tx.insert_operator(&operator).await.or_fail()?;
        write.found_account(account, realm, Some(operator.id)).await?;
        *self.inner.setup.lock() = None;
        self.enter(&operator).await
    }

    /// An operator's row from a name and a password as typed.
    pub(crate) async fn new_operator(&self, name: &str, password: &Secret) -> Result<Operator, Problem> {
        let name = text::name(name, 64).map_err(|fault| refused(format!("Name: {fault}")))?;
        passwords::check(password).map_err(|fault| refused(format!("Password: {fault}")))?;
        let password_hash = self.inner.passwords.hash(password).await?;
        Ok(Operator { id: OperatorId(Uuid::now_v7()), name, password_hash, created: self.now() })
    }
}

impl Write<'_> {
    /// Makes the account with its first realm, and its admin if there is one; commits.
    pub(crate) async fn found_account(mut self, name: String, realm: String, admin: Option<OperatorId>) -> Result<AccountId, Problem> {
        if self.tx.realm_by_name(&realm).await.or_fail()?.is_some() {
            return Err(refused(format!("The realm {realm} is in use.")));
        }
        let account = Account { id: self.account(), name: name.clone(), version: 1, created: self.at() };
        self.tx.insert_account(&account).await.or_fail()?;
        let row = RealmRow { id: RealmId(Uuid::now_v7()), account: account.id, name: realm.clone(), is_default: true, sha256: false };
        self.tx.insert_realm(&row).await.or_fail()?;
        if let Some(operator) = admin {
            self.tx.set_membership(&Membership { account: account.id, operator, role: Role::Admin }).await.or_fail()?;
        }
        let event = self.event(EventKind::AccountCreated, name).note(format!("realm {realm}"));
        self.record(event).await?;
        self.commit().await.map_err(failed)?;
        Ok(account.id)
    }
}

pub(crate) fn refused(why: impl Into<String>) -> Problem {
    Problem::Refused { why: why.into() }
}
