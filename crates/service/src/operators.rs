//! The operators of an account. What is changed here holds for this account alone; the last admin stays.

use crate::{Caller, Service, failure::Stored, setup::refused, write::Write};
use domain::{AccountId, EventKind, OperatorId, Problem, Role};
use store::Membership;

impl Service {
    async fn operator_name(&self, account: AccountId, operator: OperatorId) -> Result<(String, Role), Problem> {
        let members = self.inner.store.read().members(account).await.or_fail()?;
        members.into_iter().find(|(o, _)| o.id == operator).map(|(o, role)| (o.name, role)).ok_or(Problem::NotFound)
    }

    pub async fn set_role(&self, caller: &Caller, account: AccountId, operator: OperatorId, role: Role) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "change a role").await?;
        let (name, _) = self.operator_name(account, operator).await?;
        let mut write = Write::begin(self, account, caller).await?;
        let before = write.tx.role(account, operator).await.or_fail()?.ok_or(Problem::NotFound)?;
        if before == role {
            return Ok(());
        }
        if before == Role::Admin && write.tx.admins(account).await.or_fail()? < 2 {
            return Err(refused(format!("{name} is the last admin of this account. Make somebody else admin first.")));
        }
        write.tx.set_membership(&Membership { account, operator, role }).await.or_fail()?;
        let event = write.event(EventKind::OperatorRoleChanged, name).note(format!("{} → {}", before.shown_as(), role.shown_as()));
        write.record(event).await?;
        write.commit().await
    }

    /// Takes the operator out of this account.
    pub async fn remove_operator(&self, caller: &Caller, account: AccountId, operator: OperatorId) -> Result<(), Problem> {
        self.needs(caller, account, Role::Admin, "remove an operator").await?;
        let (name, _) = self.operator_name(account, operator).await?;
        let mut write = Write::begin(self, account, caller).await?;
        let before = write.tx.role(account, operator).await.or_fail()?.ok_or(Problem::NotFound)?;
        if before == Role::Admin && write.tx.admins(account).await.or_fail()? < 2 {
            return Err(refused(format!("{name} is the last admin of this account and can't be removed.")));
        }
        write.tx.remove_membership(account, operator).await.or_fail()?;
        let event = write.event(EventKind::OperatorRemoved, name);
        write.record(event).await?;
        write.commit().await
    }
}
