//! Activity and the account's settings.

use domain::view::{ActivityAsk, ActivityPage, SettingsView, TriesPage};
use domain::{AccountId, OperatorId, PenaltyLine, RealmId, Role};

#[cfg(not(feature = "ssr"))]
use super::Call;
#[cfg(feature = "ssr")]
use super::{ApiError, answer, caller, service};
#[cfg(feature = "ssr")]
use leptos::{prelude::*, server_fn::codec::Json};

functions! {
    #[endpoint = "activity"]
    async fn activity(account: AccountId, ask: ActivityAsk) -> Result<ActivityPage, ApiError> {
        let caller = caller()?;
        answer(service().activity(&caller, account, ask).await)
    }

    /// What strangers tried to register, by source.
    #[endpoint = "tries"]
    async fn tries(account: AccountId) -> Result<TriesPage, ApiError> {
        let caller = caller()?;
        answer(service().tries(&caller, account).await)
    }

    #[endpoint = "settings"]
    async fn settings(account: AccountId) -> Result<SettingsView, ApiError> {
        let caller = caller()?;
        answer(service().settings(&caller, account).await)
    }

    #[endpoint = "rename_account"]
    async fn rename_account(account: AccountId, name: String, was: Option<String>) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().rename_account(&caller, account, name, was).await)
    }

    #[endpoint = "add_realm"]
    async fn add_realm(account: AccountId, name: String) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().add_realm(&caller, account, name).await)
    }

    #[endpoint = "remove_realm"]
    async fn remove_realm(account: AccountId, realm: RealmId) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().remove_realm(&caller, account, realm).await)
    }

    #[endpoint = "set_default_realm"]
    async fn set_default_realm(account: AccountId, realm: RealmId) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().set_default_realm(&caller, account, realm).await)
    }

    /// Whether phones of this account are also offered SHA-256 (RFC 8760).
    #[endpoint = "set_sha256"]
    async fn set_sha256(account: AccountId, on: bool) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().set_sha256(&caller, account, on).await)
    }

    /// Makes a one-time link for `name`; answers its token, alike whether or not the name exists.
    #[endpoint = "invite"]
    async fn invite(account: AccountId, name: String, role: Role) -> Result<String, ApiError> {
        let caller = caller()?;
        answer(service().invite(&caller, account, name, role).await)
    }

    #[endpoint = "revoke_invite"]
    async fn revoke_invite(account: AccountId, id: String) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().revoke_invite(&caller, account, id).await)
    }

    /// Who is not heard for having guessed too often.
    #[endpoint = "penalties"]
    async fn penalties(account: AccountId) -> Result<Vec<PenaltyLine>, ApiError> {
        let caller = caller()?;
        answer(service().penalties(&caller, account).await)
    }

    #[endpoint = "lift_penalty"]
    async fn lift_penalty(account: AccountId, source: String, realm: String, username: String) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().lift_penalty(&caller, account, &source, &realm, &username).await)
    }

    #[endpoint = "set_role"]
    async fn set_role(account: AccountId, operator: OperatorId, role: Role) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().set_role(&caller, account, operator, role).await)
    }

    #[endpoint = "remove_operator"]
    async fn remove_operator(account: AccountId, operator: OperatorId) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().remove_operator(&caller, account, operator).await)
    }
}
