//! Activity and the account's settings.

use super::ApiError;
use domain::view::{ActivityAsk, ActivityPage, SettingsView};
use domain::{AccountId, OperatorId, RealmId, Role};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{answer, caller, service};

#[server(prefix = "/api", endpoint = "activity", input = Json)]
pub async fn activity(account: AccountId, ask: ActivityAsk) -> Result<ActivityPage, ApiError> {
    let caller = caller()?;
    answer(service().activity(&caller, account, ask).await)
}

#[server(prefix = "/api", endpoint = "settings", input = Json)]
pub async fn settings(account: AccountId) -> Result<SettingsView, ApiError> {
    let caller = caller()?;
    answer(service().settings(&caller, account).await)
}

#[server(prefix = "/api", endpoint = "rename_account", input = Json)]
pub async fn rename_account(account: AccountId, name: String) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().rename_account(&caller, account, name).await)
}

#[server(prefix = "/api", endpoint = "add_realm", input = Json)]
pub async fn add_realm(account: AccountId, name: String) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().add_realm(&caller, account, name).await)
}

#[server(prefix = "/api", endpoint = "remove_realm", input = Json)]
pub async fn remove_realm(account: AccountId, realm: RealmId) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().remove_realm(&caller, account, realm).await)
}

#[server(prefix = "/api", endpoint = "set_default_realm", input = Json)]
pub async fn set_default_realm(account: AccountId, realm: RealmId) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().set_default_realm(&caller, account, realm).await)
}

/// Whether phones of this account are also offered SHA-256 (RFC 8760).
#[server(prefix = "/api", endpoint = "set_sha256", input = Json)]
pub async fn set_sha256(account: AccountId, on: bool) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().set_sha256(&caller, account, on).await)
}

/// Makes a one-time link for `name`; answers its token, alike whether or not the name exists.
#[server(prefix = "/api", endpoint = "invite", input = Json)]
pub async fn invite(account: AccountId, name: String, role: Role) -> Result<String, ApiError> {
    let caller = caller()?;
    answer(service().invite(&caller, account, name, role).await)
}

#[server(prefix = "/api", endpoint = "revoke_invite", input = Json)]
pub async fn revoke_invite(account: AccountId, id: String) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().revoke_invite(&caller, account, id).await)
}

#[server(prefix = "/api", endpoint = "set_role", input = Json)]
pub async fn set_role(account: AccountId, operator: OperatorId, role: Role) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().set_role(&caller, account, operator, role).await)
}

#[server(prefix = "/api", endpoint = "remove_operator", input = Json)]
pub async fn remove_operator(account: AccountId, operator: OperatorId) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().remove_operator(&caller, account, operator).await)
}
