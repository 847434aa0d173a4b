//! OPTIONS: is the phone there?

use super::flow::Flow;
use super::notify::status;
use super::request::{Outgoing, Thread};
use super::transactions::{Client, NoFinal};
use crate::net::Net;
use std::sync::Arc;
use std::time::Duration;

/// What became of an OPTIONS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionsOutcome {
    /// The phone's final answer; any code shows that it is there.
    Answered(u16),
    NoAnswer,
    FlowGone,
}

impl Client {
    /// Sends an OPTIONS and waits at most `limit`.
    pub async fn options(&self, net: &Arc<Net>, flow: &Flow, limit: Duration) -> OptionsOutcome {
        let headers = [("Accept", "application/sdp".to_owned())];
        let outgoing = Outgoing::build("OPTIONS", flow, net, &Thread::new(), &headers, "");
        match self.request(net, flow, outgoing, Some(limit)).await {
            Ok(response) => OptionsOutcome::Answered(status(&response).0),
            Err(NoFinal::TimedOut) => OptionsOutcome::NoAnswer,
            Err(NoFinal::FlowGone) => OptionsOutcome::FlowGone,
        }
    }
}
