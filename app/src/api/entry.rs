//! Getting in and out: setup, sign-in, invitations, one's own password.

use super::ApiError;
use domain::Secret;
use domain::view::{InviteView, Me, SetupState};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{address, answer, caller, clear_cookie, service, set_cookie};

/// Whether the first admin is still to be made.
#[server(name = AskSetupState, prefix = "/api", endpoint = "setup_state", input = Json)]
pub async fn setup_state() -> Result<SetupState, ApiError> {
    answer(service().setup_state().await)
}

/// Makes the first admin, account and realm; signs in.
#[server(prefix = "/api", endpoint = "setup", input = Json)]
pub async fn setup(code: Secret, name: String, password: Secret, account: String, realm: String) -> Result<Me, ApiError> {
    let entered = answer(service().setup(address(), code, name, password, account, realm).await)?;
    set_cookie(&entered.token, entered.max_age);
    Ok(entered.me)
}

#[server(prefix = "/api", endpoint = "sign_in", input = Json)]
pub async fn sign_in(name: String, password: Secret) -> Result<Me, ApiError> {
    let entered = answer(service().sign_in(address(), name, password).await)?;
    set_cookie(&entered.token, entered.max_age);
    Ok(entered.me)
}

/// Ends the session on the server.
#[server(prefix = "/api", endpoint = "sign_out", input = Json)]
pub async fn sign_out() -> Result<(), ApiError> {
    if let Ok(caller) = caller() {
        answer(service().sign_out(&caller).await)?;
    }
    clear_cookie();
    Ok(())
}

/// Who is signed in.
#[server(name = AskMe, prefix = "/api", endpoint = "me", input = Json)]
pub async fn me() -> Result<Me, ApiError> {
    let caller = caller()?;
    answer(service().me(&caller).await)
}

/// Changes one's own password; every other session of the operator ends.
#[server(prefix = "/api", endpoint = "change_password", input = Json)]
pub async fn change_password(old: Secret, new: Secret) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().change_password(&caller, old, new).await)
}

/// What an invitation is for.
#[server(name = AskInviteView, prefix = "/api", endpoint = "invite_view", input = Json)]
pub async fn invite_view(token: Secret) -> Result<InviteView, ApiError> {
    answer(service().invite_view(address(), token).await)
}

/// Takes an invitation: with one's password when the name is known here, else the password becomes the new operator's. Signs in.
#[server(prefix = "/api", endpoint = "accept_invite", input = Json)]
pub async fn accept_invite(token: Secret, password: Secret) -> Result<Me, ApiError> {
    let entered = answer(service().accept_invite(address(), token, password).await)?;
    set_cookie(&entered.token, entered.max_age);
    Ok(entered.me)
}
