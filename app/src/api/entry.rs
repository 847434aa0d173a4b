//! Getting in and out: setup, sign-in, invitations, one's own password.

use domain::{Secret, view};

#[cfg(not(feature = "ssr"))]
use super::Call;
#[cfg(feature = "ssr")]
use super::{ApiError, address, answer, caller, clear_cookie, entered, knock, known_caller, names_operator, service};
#[cfg(feature = "ssr")]
use leptos::{prelude::*, server_fn::codec::Json};

functions! {
    /// Whether the first admin is still to be made.
    #[endpoint = "setup_state"]
    async fn setup_state() -> Result<view::SetupState, ApiError> {
        answer(service().setup_state().await)
    }

    /// Makes the first admin, account and realm; signs in.
    #[endpoint = "setup"]
    async fn setup(code: Secret, name: String, password: Secret, account: String, realm: String) -> Result<view::Me, ApiError> {
        answer(service().setup(address(), code, name, password, account, realm).await).map(entered)
    }

    #[endpoint = "sign_in"]
    async fn sign_in(name: String, password: Secret) -> Result<view::Me, ApiError> {
        answer(service().sign_in(knock(), name, password).await).map(entered)
    }

    /// Ends the session on the server.
    #[endpoint = "sign_out"]
    async fn sign_out() -> Result<(), ApiError> {
        // Whose session is over is signed out: that is no refusal.
        match known_caller() {
            Some(caller) => answer(service().sign_out(&caller).await)?,
            // The cookie may be another operator's by now: it is not this page's to take.
            None if names_operator() => return Ok(()),
            None => {}
        }
        clear_cookie();
        Ok(())
    }

    /// Who is signed in.
    #[endpoint = "me"]
    async fn me() -> Result<view::Me, ApiError> {
        let caller = caller()?;
        answer(service().me(&caller).await)
    }

    /// Changes one's own password; every other session of the operator ends.
    #[endpoint = "change_password"]
    async fn change_password(old: Secret, new: Secret) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().change_password(&caller, old, new).await)
    }

    /// What an invitation is for.
    #[endpoint = "invite_view"]
    async fn invite_view(token: Secret) -> Result<view::InviteView, ApiError> {
        answer(service().invite_view(address(), token).await)
    }

    /// Takes an invitation: with one's password when the name is known here, else the password becomes the new operator's. Signs in.
    #[endpoint = "accept_invite"]
    async fn accept_invite(token: Secret, password: Secret) -> Result<view::Me, ApiError> {
        answer(service().accept_invite(knock(), token, password).await).map(entered)
    }
}
