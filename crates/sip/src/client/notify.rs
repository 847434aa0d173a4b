//! The out-of-dialog NOTIFY that makes a phone restart or fetch its configuration.

use super::flow::Flow;
use super::random_hex;
use super::request::{Outgoing, Thread};
use super::transactions::{Client, NoFinal};
use crate::digest::answer_challenge;
use crate::message::{Message, Start};
use crate::net::Net;
use domain::ProvedBy;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// What to tell the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    /// The Event header, such as `check-sync;reboot=true`.
    pub event: String,
    /// Content type and text.
    pub body: Option<(String, String)>,
}

/// A username and a password that may answer the phone's challenge.
#[derive(Clone, Debug)]
pub struct NotifyCredential {
    pub username: String,
    pub password: SecretString,
}

/// What became of a NOTIFY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotifyOutcome {
    /// The phone's final answer, which may be a refusal; `challenged` when it asked for the password before. A 401 or 407 whose challenge
    /// can't be answered is one too.
    Answered { code: u16, reason: String, challenged: bool },
    /// None until Timer F.
    NoAnswer,
    /// The connection is gone, or was when we began.
    FlowGone,
    /// 401 or 407, and no credential may be used: none was given, or the binding was not proved by password.
    DemandsPassword { code: u16 },
    /// Challenged again after our answer.
    RefusedPassword,
}

impl Client {
    /// Sends a NOTIFY. Each 401 or 407 is answered with the next credential, same Call-ID and From tag, `CSeq` one higher; credentials are used
    /// only on a binding that was proved by password: else anybody who registers from an allowed address could collect digests.
    pub async fn notify(&self, net: &Arc<Net>, flow: &Flow, request: &Notify, credentials: &[NotifyCredential]) -> NotifyOutcome {
        let allowed = if flow.binding().proved_by == ProvedBy::Password { credentials } else { &[] };
        let (mut credentials, mut thread) = (allowed.iter(), Thread::new());
        let (mut authorization, mut challenged) = (None, false);
        loop {
            let outgoing = build(flow, net, &thread, request, authorization.take());
            let uri = outgoing.uri.clone();
            let response = match self.request(net, flow, outgoing, None).await {
                Ok(response) => response,
                Err(NoFinal::TimedOut) => return NotifyOutcome::NoAnswer,
                Err(NoFinal::FlowGone) => return NotifyOutcome::FlowGone,
            };
            let (code, reason) = status(&response);
            tracing::debug!(method = "NOTIFY", source = %flow.binding().source, status = code, "answered by the phone");
            if !matches!(code, 401 | 407) {
                return NotifyOutcome::Answered { code, reason, challenged };
            }
            let Some(credential) = credentials.next() else {
                return if challenged { NotifyOutcome::RefusedPassword } else { NotifyOutcome::DemandsPassword { code } };
            };
            let secret = (credential.username.as_str(), credential.password.expose_secret());
            authorization = answer_challenge(&response, secret, ("NOTIFY", &uri), &random_hex(8));
            if authorization.is_none() {
                // A scheme that nobody here speaks.
                return NotifyOutcome::Answered { code, reason, challenged };
            }
            challenged = true;
            thread.cseq += 1;
        }
    }
}

fn build(flow: &Flow, net: &Net, thread: &Thread, request: &Notify, authorization: Option<(&'static str, String)>) -> Outgoing {
    let mut headers = vec![("Event", request.event.clone()), ("Subscription-State", "terminated;reason=noresource".to_owned())];
    headers.extend(authorization);
    headers.extend(request.body.as_ref().map(|(kind, _)| ("Content-Type", kind.clone())));
    Outgoing::build("NOTIFY", flow, net, thread, &headers, request.body.as_ref().map_or("", |(_, text)| text))
}

pub(super) fn status(response: &Message) -> (u16, String) {
    match &response.start {
        Start::Response { code, reason } => (*code, reason.clone()),
        Start::Request { .. } => (0, String::new()),
    }
}
