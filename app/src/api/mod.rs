//! The server functions: adapters of a few lines between the pages and `service`. Addresses are fixed, so that a tab of an older build goes on.

/// Server functions, each at its fixed address under `/api/`. On the server `#[server]` makes them. What it would make for the browser is
/// kilobytes of code per function: there it is a [`Call`].
macro_rules! functions {
    ($(
        $(#[doc = $doc:literal])*
        #[endpoint = $endpoint:literal]
        async fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> Result<$answer:ty, ApiError> $body:block
    )*) => {$(
        $(#[doc = $doc])*
        #[cfg(feature = "ssr")]
        #[server(prefix = "/api", endpoint = $endpoint, input = Json)]
        pub async fn $name($($arg: $type),*) -> Result<$answer, ApiError> $body

        $(#[doc = $doc])*
        #[cfg(not(feature = "ssr"))]
        #[inline(never)]
        pub fn $name($($arg: $type),*) -> Call<$answer> {
            Call::new($endpoint)$(.with(stringify!($arg), &$arg))*
        }
    )*};
}

mod account;
#[cfg(not(feature = "ssr"))]
mod acted;
mod answer;
mod batch;
#[cfg(not(feature = "ssr"))]
mod call;
mod device;
mod entry;
mod seat;
#[cfg(test)]
mod tests;

pub use account::*;
#[cfg(feature = "hydrate")]
pub use acted::watch;
pub use answer::Answer;
pub use batch::*;
#[cfg(not(feature = "ssr"))]
pub use call::{Call, Question};
pub use device::*;
pub use entry::*;
pub use seat::*;

use crate::Refusal;
use domain::Problem;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The header that says whose page calls. A session of somebody else counts as none.
pub const OPERATOR: &str = "x-seatline-operator";
/// The header of a call that a page makes while nobody is there: it does not keep the session from ending idle.
pub const UNATTENDED: &str = "x-seatline-unattended";

/// Why a call did not do what was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ApiError {
    /// The use case says no.
    Problem(Problem),
    /// The HTTP layer says no.
    Refused(Refusal),
    /// The call did not get through, or something else answered.
    Rpc(Lost),
}

/// How a call was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lost {
    /// The server was not reached, as far as can be told.
    Unreached,
    /// What came, there or back, was not what the other side reads.
    Garbled,
}

impl ApiError {
    /// The use case's refusal, if it is one.
    pub const fn problem(&self) -> Option<&Problem> {
        if let Self::Problem(problem) = self { Some(problem) } else { None }
    }

    /// Whether the server was not reached, so that the same call may go through later.
    pub const fn is_offline(&self) -> bool {
        matches!(self, Self::Rpc(Lost::Unreached))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => problem.fmt(f),
            Self::Refused(Refusal::ForeignOrigin) => Problem::ForeignOrigin.fmt(f),
            Self::Refused(Refusal::Unreadable) => f.write_str("The server could not read this request."),
            Self::Refused(Refusal::TooLarge) => f.write_str("That is more than the server takes at once."),
            Self::Refused(Refusal::TooMany) => f.write_str("Too many requests from here. Wait a moment."),
            Self::Refused(Refusal::TooSlow) => f.write_str("The server did not finish in time. Try again."),
            Self::Refused(Refusal::Broken) => f.write_str("The server failed. Try again, or look into its log."),
            Self::Rpc(Lost::Unreached) => {
                f.write_str("The server can't be reached. Nothing is lost: try again when the connection is back.")
            }
            Self::Rpc(Lost::Garbled) => f.write_str("Something between here and the server answered in its place. Try again."),
        }
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server_side::*;

#[cfg(feature = "ssr")]
mod server_side {
    use super::ApiError;
    use crate::{
        Refusal,
        request::{ClientAddress, RequestOrigin},
    };
    use domain::{Problem, view};
    use http::{StatusCode, header};
    use leptos::prelude::*;
    use leptos::server_fn::codec::JsonEncoding;
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
    use leptos_axum::ResponseOptions;
    use service::{Caller, Entered, Knock, Service};
    use std::net::{IpAddr, Ipv4Addr};

    impl FromServerFnError for ApiError {
        type Encoder = JsonEncoding;

        // Nobody but a caller that is no page of ours meets it: the use case has errors of its own.
        fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
            let (refusal, status) = match error {
                ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                    (Refusal::Unreadable, StatusCode::BAD_REQUEST)
                }
                _ => (Refusal::Broken, StatusCode::INTERNAL_SERVER_ERROR),
            };
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(status);
            }
            Self::Refused(refusal)
        }
    }

    pub(crate) fn service() -> Service {
        expect_context::<Service>()
    }

    /// Who calls, if anybody does.
    pub(crate) fn known_caller() -> Option<Caller> {
        use_context::<Option<Caller>>().flatten()
    }

    /// Who calls, or the refusal for nobody.
    pub(crate) fn caller() -> Result<Caller, ApiError> {
        known_caller().ok_or_else(|| fail(Problem::SignedOut))
    }

    /// Whether the request says whose page it comes from.
    pub(crate) fn names_operator() -> bool {
        use_context::<http::request::Parts>().is_some_and(|parts| parts.headers.contains_key(super::OPERATOR))
    }

    pub(crate) fn address() -> IpAddr {
        use_context::<ClientAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |a| a.0)
    }

    pub(crate) fn answer<T>(result: Result<T, Problem>) -> Result<T, ApiError> {
        result.map_err(fail)
    }

    /// The error with its HTTP status. On a page that is being rendered it becomes the page's status, where it fits one.
    pub(crate) fn fail(problem: Problem) -> ApiError {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(status(&problem));
        }
        ApiError::Problem(problem)
    }

    const fn status(problem: &Problem) -> StatusCode {
        match problem {
            Problem::SignedOut | Problem::WrongSignIn => StatusCode::UNAUTHORIZED,
            Problem::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
            Problem::NotAllowed { .. } | Problem::ForeignOrigin => StatusCode::FORBIDDEN,
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Deleted { .. } => StatusCode::GONE,
            Problem::Conflict { .. } | Problem::Hindered { .. } | Problem::OperationReused => StatusCode::CONFLICT,
            Problem::Invalid { .. } | Problem::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Problem::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Who knocks: the browser's address, and its token where somebody signed in before.
    pub(crate) fn knock() -> Knock {
        let known = use_context::<http::request::Parts>()
            .and_then(|parts| expect_context::<RequestOrigin>().known_cookie().read(&parts.headers).map(str::to_owned));
        Knock { address: address(), known }
    }

    /// Hands the session to the browser, and the token by which it is known later.
    pub(crate) fn entered(entered: Entered) -> view::Me {
        const KNOWN: u64 = 180 * 24 * 3600;
        let origin = expect_context::<RequestOrigin>();
        let cookies = [origin.cookie().set(&entered.token, entered.max_age), origin.known_cookie().set(&entered.known, KNOWN)];
        if let Some(response) = use_context::<ResponseOptions>() {
            cookies.into_iter().flatten().for_each(|cookie| response.append_header(header::SET_COOKIE, cookie));
        }
        entered.me
    }

    pub(crate) fn clear_cookie() {
        let cookie = expect_context::<RequestOrigin>().cookie();
        if let Some(response) = use_context::<ResponseOptions>() {
            response.append_header(header::SET_COOKIE, cookie.clear());
        }
    }
}
