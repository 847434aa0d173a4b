//! The account's settings: its name and its realms.

use crate::{Caller, Service, failure::Stored, setup::refused, write::Write};
use domain::view::{AccountRef, OperatorLine, RealmLine, RealmRef, SettingsView};
use domain::{AccountId, Dropped, EventKind, Problem, RealmId, Role, form::Change, rules::text};
use store::RealmRow;
use uuid::Uuid;

pub(crate) fn realm_ref(row: &RealmRow) -> RealmRef {
    RealmRef { id: row.id, name: row.name.clone(), is_default: row.is_default }
}

impl Service {
    pub async fn settings(&self, caller: &Caller, account: AccountId) -> Result<SettingsView, Problem> {
        let role = self.role(caller, account).await?;
        let read = self.inner.store.read();
        let row = read.account(account).await.or_fail()?.ok_or(Problem::NotFound)?;
        let rows = read.realms(account).await.or_fail()?;
        let mut realms = Vec::new();
        for realm in &rows {
            realms.push(RealmLine { realm: realm_ref(realm), chosen_by: read.devices_in_realm(&realm.name).await.or_fail()? });
        }
        let (mut operators, mut invites) = (Vec::new(), Vec::new());
        if role == Role::Admin {
            let members = read.members(account).await.or_fail()?;
            operators.extend(members.into_iter().map(|(o, role)| OperatorLine { id: o.id, name: o.name, role }));
            invites = self.open_invites(account).await?;
        }
        Ok(SettingsView {
            account: AccountRef { id: account, name: row.name, role },
            realms,
            inheriting: read.devices_inheriting(account).await.or_fail()?,
            inheriting_registered: self.inner.phones.registered_inheriting(account),
            sha256: rows.iter().any(|r| r.sha256),
            operators,
            invites,
            role,
            me: caller.id,
        })
    }

    /// `was`: the name that the caller saw. Where somebody gave another one since, nothing is overwritten.
    pub async fn rename_account(&self, caller: &Caller, account: AccountId, name: String, was: Option<String>) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "rename the account").await?;
        let name = text::name(&name, 128).map_err(|fault| refused(format!("Name: {fault}")))?;
        let mut write = Write::begin(self, account, caller).await?;
        let row = write.tx.account(account).await.or_fail()?.ok_or(Problem::NotFound)?;
        if row.name == name {
            return Ok(());
        }
        if was.is_some_and(|was| was != row.name) {
            return Err(refused(format!("Somebody else named it {} meanwhile. Save again to give it yours.", row.name)));
        }
        write.tx.rename_account(account, &name, row.version).await.or_fail()?;
        let event = write.event(EventKind::AccountRenamed, name.clone()).note(format!("{} → {name}", row.name));
        write.record(event).await?;
        write.commit().await
    }

    pub async fn add_realm(&self, caller: &Caller, account: AccountId, name: String) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "add a realm").await?;
        let name = text::realm(&name).map_err(|fault| refused(format!("Realm: {fault}")))?;
        let mut write = Write::begin(self, account, caller).await?;
        match write.tx.realm_by_name(&name).await.or_fail()? {
            Some(there) if there.account == account => return Err(refused(format!("{name} is one of your realms already."))),
            Some(_) => return Err(refused(format!("{name} is in use."))),
            None => {}
        }
        let sha256 = write.tx.realms(account).await.or_fail()?.iter().any(|r| r.sha256);
        let row = RealmRow { id: RealmId(Uuid::now_v7()), account, name: name.clone(), is_default: false, sha256 };
        write.tx.insert_realm(&row).await.or_fail()?;
        let event = write.event(EventKind::RealmAdded, name);
        write.record(event).await?;
        write.commit().await?;
        self.refresh_realms().await;
        Ok(())
    }

    pub async fn remove_realm(&self, caller: &Caller, account: AccountId, realm: RealmId) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "remove a realm").await?;
        let mut write = Write::begin(self, account, caller).await?;
        let row = write.tx.realms(account).await.or_fail()?.into_iter().find(|r| r.id == realm).ok_or(Problem::NotFound)?;
        if row.is_default {
            return Err(refused("The default realm can't be removed. Choose another default first."));
        }
        let devices = write.tx.devices_in_realm(&row.name).await.or_fail()?;
        if devices > 0 {
            return Err(refused(format!(
                "{} is set on {}. Give {} another realm first.",
                row.name,
                counted(devices, "device"),
                if devices == 1 { "it" } else { "them" }
            )));
        }
        write.tx.delete_realm(realm).await.or_fail()?;
        let event = write.event(EventKind::RealmRemoved, row.name);
        write.record(event).await?;
        write.commit().await?;
        self.refresh_realms().await;
        Ok(())
    }

    /// Every device that inherits moves to the new default and loses its registration, in one transaction.
    pub async fn set_default_realm(&self, caller: &Caller, account: AccountId, realm: RealmId) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "choose another default realm").await?;
        let mut write = Write::begin(self, account, caller).await?;
        let rows = write.tx.realms(account).await.or_fail()?;
        let row = rows.iter().find(|r| r.id == realm).ok_or(Problem::NotFound)?;
        let before = rows.iter().find(|r| r.is_default).map(|r| r.name.clone()).unwrap_or_default();
        if row.is_default {
            return Ok(());
        }
        let taken = write.tx.usernames_taken_in_both(account, &row.name).await.or_fail()?;
        if !taken.is_empty() {
            let names: Vec<String> = taken.iter().take(10).map(|(device, username)| format!("{device} ({username})")).collect();
            let more = if taken.len() > 10 { format!(" and {} more", taken.len() - 10) } else { String::new() };
            return Err(refused(format!(
                "In {} these usernames are taken already: {}{more}. Change them first.",
                row.name,
                names.join(", ")
            )));
        }
        // The store gives each device its own next version; the stamp's version is filled in there.
        let moved = write.tx.set_default_realm(account, realm, &write.stamp(0)).await.or_fail()?;
        let change = Change { field: domain::Field::Realm, from: before, to: row.name.clone() };
        let event =
            write.event(EventKind::DefaultRealmChanged, row.name.clone()).changes(vec![change]).note(counted(moved.len() as u64, "device"));
        write.record(event).await?;
        write.commit().await?;
        self.refresh_realms().await;
        for device in moved {
            self.refresh_device(device, Some(Dropped::Changed)).await;
        }
        Ok(())
    }

    pub async fn set_sha256(&self, caller: &Caller, account: AccountId, on: bool) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "change what phones are offered").await?;
        let mut write = Write::begin(self, account, caller).await?;
        let name = write.tx.account(account).await.or_fail()?.ok_or(Problem::NotFound)?.name;
        write.tx.set_sha256(account, on).await.or_fail()?;
        let event = write.event(EventKind::Sha256Changed, name).note(if on {
            "SHA-256 is offered to phones"
        } else {
            "SHA-256 is no longer offered to phones"
        });
        write.record(event).await?;
        write.commit().await?;
        self.refresh_realms().await;
        Ok(())
    }
}

/// `1 device`, `2 devices`.
pub(crate) fn counted(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
