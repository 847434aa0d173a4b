//! What the HTTP layer says when it turns an API request away before any server function saw it.

use serde::{Deserialize, Serialize};

/// Why the request was refused. The body is `{"Refused":"ForeignOrigin"}`: the error enum of a server function that has a
/// variant `Refused(Refusal)` decodes it like an answer of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// 403: the request was not sent by a page of this server.
    ForeignOrigin,
    /// 400: the body is not what its address takes.
    Unreadable,
    /// 413: the body is longer than any form of Seatline needs.
    TooLarge,
    /// 429: too many requests from this address.
    TooMany,
    /// 503: the server did not finish in time.
    TooSlow,
    /// 500: the server met a bug; its log says which.
    Broken,
}

impl Refusal {
    /// The JSON body of the refusal.
    pub fn body(self) -> String {
        format!("{{\"Refused\":\"{self:?}\"}}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    enum SomeError {
        Refused(Refusal),
    }

    #[test]
    fn an_error_enum_with_a_refused_variant_decodes_the_body() {
        for refusal in [Refusal::ForeignOrigin, Refusal::Unreadable, Refusal::TooLarge, Refusal::TooMany, Refusal::TooSlow, Refusal::Broken]
        {
            assert_eq!(serde_json::from_str::<SomeError>(&refusal.body()).unwrap(), SomeError::Refused(refusal));
        }
    }
}
