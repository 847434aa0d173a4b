//! Invitations: one-time links for a name. They are answered alike whether or not the name exists.

use crate::{
    Caller, Entered, Knock, Service,
    entry::{new_token, token_hash},
    failure::Stored,
    passwords,
    setup::refused,
    write::Write,
};
use domain::view::{InviteLine, InviteView};
use domain::{AccountId, DAY, EventKind, Problem, Role, Secret, rules::text};
use std::{fmt::Write as _, net::IpAddr};
use store::{InviteRow, Membership};

/// How long a link is good.
const GOOD_FOR: i64 = 7 * DAY;

fn id_of(row: &InviteRow) -> String {
    row.token_hash[..8].iter().fold(String::new(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

impl Service {
    /// Makes a link for `name` and answers its token, once.
    pub async fn invite(&self, caller: &Caller, account: AccountId, name: String, role: Role) -> Result<String, Problem> {
        self.needs(caller, account, Role::Admin, "invite an operator").await?;
        let name = text::name(&name, 64).map_err(|fault| refused(format!("Name: {fault}")))?;
        let token = new_token()?;
        let mut write = Write::begin(self, account, caller).await?;
        let row = InviteRow {
            token_hash: token_hash(&token),
            account,
            name: name.clone(),
            role,
            created_by: caller.name.clone(),
            created: write.at(),
            expires: write.at() + GOOD_FOR,
            used: None,
        };
        write.tx.insert_invite(&row).await.or_fail()?;
        let event = write.event(EventKind::OperatorInvited, name).note(format!("as {}", role.shown_as()));
        write.record(event).await?;
        write.commit().await?;
        Ok(token)
    }

    pub(crate) async fn open_invites(&self, account: AccountId) -> Result<Vec<InviteLine>, Problem> {
        let now = self.now();
        let rows = self.inner.store.read().invites(account).await.or_fail()?;
        let open = rows.into_iter().filter(|row| row.used.is_none() && row.expires > now);
        Ok(open
            .map(|row| InviteLine { id: id_of(&row), name: row.name.clone(), role: row.role, by: row.created_by, expires: row.expires })
            .collect())
    }

    pub async fn revoke_invite(&self, caller: &Caller, account: AccountId, id: String) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "take back an invitation").await?;
        let mut write = Write::begin(self, account, caller).await?;
        let row = write.tx.invites(account).await.or_fail()?.into_iter().find(|row| id_of(row) == id).ok_or(Problem::NotFound)?;
        write.tx.delete_invite(row.token_hash).await.or_fail()?;
        let event = write.event(EventKind::InviteRevoked, row.name).note(format!("as {}", row.role.shown_as()));
        write.record(event).await?;
        write.commit().await
    }

    async fn held_invite(&self, address: IpAddr, token: &Secret) -> Result<InviteRow, Problem> {
        let trier = self.trier(&address.into(), "invitation");
        self.may_try(&trier)?;
        let row = self.inner.store.read().invite(token_hash(token.expose())).await.or_fail()?;
        let good = row.filter(|row| row.used.is_none() && row.expires > self.now());
        if good.is_none() {
            self.tried(&trier, false);
        }
        good.ok_or_else(|| refused("This invitation was used, was taken back or has expired. Ask for a new one."))
    }

    pub async fn invite_view(&self, address: IpAddr, token: Secret) -> Result<InviteView, Problem> {
        let row = self.held_invite(address, &token).await?;
        let account = self.inner.store.read().account(row.account).await.or_fail()?.ok_or(Problem::NotFound)?;
        Ok(InviteView { account: account.name, name: row.name, role: row.role })
    }

    /// Joins the account: with the password of the operator of that name, who is made with it where there is none.
    pub async fn accept_invite(&self, knock: impl Into<Knock>, token: Secret, password: Secret) -> Result<Entered, Problem> {
        let knock = knock.into();
        let invite = self.held_invite(knock.address, &token).await?;
        // Before the name is looked up: what no password can be is answered alike for every name.
        passwords::check(&password).map_err(|fault| refused(format!("Password: {fault}")))?;
        let trier = self.trier(&knock, &invite.name);
        self.may_try(&trier)?;
        let known = self.inner.store.read().operator_by_name(&invite.name).await.or_fail()?;
        let operator = match known {
            Some(operator) => {
                self.tried(&trier, false);
                if !self.inner.passwords.verify(&password, Some(operator.password_hash.clone())).await? {
                    return Err(Problem::WrongSignIn);
                }
                self.tried(&trier, true);
                operator
            }
            None => self.new_operator(&invite.name, &password).await?,
        };
        let caller = Caller { id: operator.id, name: operator.name.clone(), token: [0; 32], until: 0 };
        let mut write = Write::begin(self, invite.account, &caller).await?;
        // Again under the lock: a link is good once.
        if write.tx.invite(invite.token_hash).await.or_fail()?.is_none_or(|row| row.used.is_some()) {
            return Err(refused("This invitation was used, was taken back or has expired. Ask for a new one."));
        }
        match write.tx.operator_by_name(&operator.name).await.or_fail()? {
            None => write.tx.insert_operator(&operator).await.or_fail()?,
            Some(there) if there.id == operator.id => {}
            Some(_) => return Err(Problem::WrongSignIn),
        }
        let role = write.tx.role(invite.account, operator.id).await.or_fail()?.map_or(invite.role, |now| now.max(invite.role));
        write.tx.set_membership(&Membership { account: invite.account, operator: operator.id, role }).await.or_fail()?;
        write.tx.use_invite(invite.token_hash, write.at()).await.or_fail()?;
        let event = write.event(EventKind::OperatorJoined, operator.name.clone()).note(format!("as {}", role.shown_as()));
        write.record(event).await?;
        write.commit().await?;
        self.enter(&operator).await
    }
}
