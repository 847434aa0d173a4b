//! From the cookie to the caller: an extension `Option<Caller>` of the request.

use super::{Web, guard};
use crate::wiring::Caller;
use app::{
    api::{OPERATOR, UNATTENDED},
    request::RequestOrigin,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

/// Resolves the session's cookie. A cookie that no longer counts is as none; pages say so. Where the database can't tell, nobody is
/// signed out by it: the answer is 503. What nobody asked for, a page's own calls and the live stream, keeps no session from ending.
pub async fn resolve(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let token = request
        .extensions()
        .get::<RequestOrigin>()
        .and_then(|origin| origin.cookie().read(request.headers()))
        // Ours have 43 characters: what is far longer is not worth a look.
        .filter(|token| token.len() <= 128)
        .map(str::to_owned);
    let attended = !request.headers().contains_key(UNATTENDED) && !request.uri().path().starts_with("/live/");
    let found = match token {
        Some(token) if attended => web.service.session(&token).await,
        Some(token) => web.service.session_unattended(&token).await,
        None => Ok(None),
    };
    let caller: Option<Caller> = match found {
        Ok(caller) => caller,
        Err(problem) => return guard::unreadable(request.uri().path(), problem),
    };
    // What waits in a browser is saved in the name of who typed it, or not at all: another one may have signed in there since.
    let meant = request.headers().get(OPERATOR).map(|id| id.as_bytes().to_owned());
    let caller = caller.filter(|caller| meant.is_none_or(|meant| meant == caller.id.to_string().as_bytes()));
    request.extensions_mut().insert(caller);
    next.run(request).await
}
