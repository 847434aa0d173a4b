//! Non-INVITE client transactions (RFC 3261 §17.1.2), run by rsipstack: its state machine and timers E, F and K decide when to send and when to
//! give up; through the seam below go our own bytes over our own flow. What the crate sees is a skeleton of each message, so that
//! neither its model of headers nor its logs get at a Contact or at credentials.

use super::flow::Flow;
use super::request::Outgoing;
use crate::config::Config;
use crate::message::{Message, Start, parse_via, split_commas};
use crate::net::{Net, canonical};
use crate::registrar::Origin;
use async_trait::async_trait;
use domain::Transport;
use futures::FutureExt;
use parking_lot::Mutex;
use rsipstack::EndpointBuilder;
use rsipstack::platform::net::UdpSocket;
use rsipstack::sip::{Header, Method, Request, Response, SipMessage, StatusCode, Uri, Version};
use rsipstack::transaction::endpoint::{EndpointInnerRef, EndpointOption};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::channel::ChannelConnection;
use rsipstack::transport::udp::{UdpConnection, UdpInner};
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::CancellationToken;

/// Why there is no final answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoFinal {
    TimedOut,
    FlowGone,
}

pub(crate) struct Client {
    endpoint: EndpointInnerRef,
    pending: Mutex<HashMap<String, Arc<Pending>>>,
    capacity: usize,
    final_answer: Duration,
    stop: CancellationToken,
}

/// Takes a request off the list, also when whoever waits for it gives up.
struct Listed<'a>(&'a Client, &'a str);

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        self.0.pending.lock().remove(self.1);
    }
}

/// A request that waits for its answer.
struct Pending {
    request: Outgoing,
    source: SocketAddr,
    connection: Option<u64>,
    seam: SipConnection,
    answer: Mutex<Option<Message>>,
}

impl Client {
    pub fn new(config: &Config, stop: &CancellationToken) -> Self {
        let timers = &config.timers;
        let option = EndpointOption {
            t1: timers.t1,
            t2: timers.t2,
            t1x64: timers.final_answer(),
            callid_suffix: Some("seatline".into()),
            ..EndpointOption::default()
        };
        let endpoint = EndpointBuilder::new().with_user_agent("Seatline").with_option(option).with_cancel_token(stop.clone()).build().inner;
        let (capacity, final_answer) = (config.limits.client_requests, timers.final_answer());
        Self { endpoint, pending: Mutex::default(), capacity, final_answer, stop: stop.clone() }
    }

    /// Runs the crate's timers until `stop`.
    pub async fn serve(&self) {
        self.endpoint.serve().await.ok();
    }

    /// Sends a request over a flow and waits for its final answer, at most `limit` (none: Timer F).
    pub async fn request(&self, net: &Arc<Net>, flow: &Flow, request: Outgoing, limit: Option<Duration>) -> Result<Message, NoFinal> {
        if !flow.is_open() {
            return Err(NoFinal::FlowGone);
        }
        let branch = request.branch.clone();
        let _listed = Listed(self, &branch);
        self.run(net, flow, request, limit.unwrap_or(self.final_answer + self.final_answer / 8)).await
    }

    async fn run(&self, net: &Arc<Net>, flow: &Flow, request: Outgoing, limit: Duration) -> Result<Message, NoFinal> {
        let (seam, mut written) = seam(net, flow, request.bytes.clone()).await.ok_or(NoFinal::FlowGone)?;
        let skeleton = skeleton(&request).ok_or(NoFinal::TimedOut)?;
        let key = TransactionKey::from_request(&skeleton, TransactionRole::Client).map_err(|_| NoFinal::TimedOut)?;
        let (source, connection) = (flow.binding().source, flow.connection().map(|c| c.id));
        let pending = Arc::new(Pending { request, source, connection, seam: seam.clone(), answer: Mutex::default() });
        {
            let mut all = self.pending.lock();
            if all.len() >= self.capacity {
                return Err(NoFinal::TimedOut);
            }
            all.insert(pending.request.branch.clone(), pending.clone());
        }
        let mut transaction = Transaction::new_client(key, skeleton, self.endpoint.clone(), Some(seam));
        transaction.destination = Some(address(source));
        transaction.send().await.map_err(|_| NoFinal::FlowGone)?;
        // On a stream the crate wrote into a channel: once, since a stream is reliable.
        if let Some(written) = &mut written
            && written.try_recv().is_ok()
            && !flow.send(net, &pending.request.bytes)
        {
            return Err(NoFinal::FlowGone);
        }
        let expired = tokio::time::sleep(limit);
        tokio::pin!(expired);
        loop {
            let message = tokio::select! {
                message = transaction.receive() => message,
                () = flow.gone() => return Err(NoFinal::FlowGone),
                () = self.stop.cancelled() => return Err(NoFinal::FlowGone),
                () = &mut expired => return Err(NoFinal::TimedOut),
            };
            let Some(SipMessage::Response(response)) = message else { return Err(NoFinal::TimedOut) };
            if u16::from(response.status_code) >= 200 {
                // A 408 that never came over the wire is the crate's word for Timer F.
                return pending.answer.lock().take().ok_or(NoFinal::TimedOut);
            }
        }
    }

    /// Takes a response in. One that answers nothing of ours, or comes from elsewhere than where the request went, is dropped: from another
    /// address it could ask for our credentials.
    pub fn response(&self, response: Message, origin: Origin) {
        let Start::Response { code, .. } = response.start else { return };
        let via = response.first("via").and_then(split_commas).and_then(|list| parse_via(list.first()?));
        let branch = via.as_ref().and_then(|v| v.branch());
        let Some(pending) = branch.and_then(|b| self.pending.lock().get(b).cloned()) else { return };
        let from_peer = match origin.transport {
            Transport::Udp => pending.connection.is_none() && origin.source.ip() == pending.source.ip(),
            _ => pending.connection.is_some() && origin.connection == pending.connection,
        };
        if !from_peer || response.cseq() != Some((pending.request.cseq, pending.request.method)) {
            return;
        }
        let Some(skeleton) = answer_skeleton(&pending.request, code) else { return };
        if code >= 200 {
            pending.answer.lock().get_or_insert(response);
        }
        let from = address(origin.source);
        // It hands the response to the transaction's channel and does not wait.
        self.endpoint.on_received_message(skeleton, pending.seam.clone(), &from).now_or_never();
    }
}

/// A "socket" that sends the bytes of one request over its flow, whatever the crate hands it.
struct Datagrams {
    net: Arc<Net>,
    flow: Flow,
    bytes: Vec<u8>,
}

#[async_trait]
impl UdpSocket for Datagrams {
    async fn recv_from(&self, _: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        std::future::pending().await
    }

    async fn send_to(&self, skeleton: &[u8], _: SocketAddr) -> rsipstack::Result<usize> {
        self.flow.send(&self.net, &self.bytes);
        Ok(skeleton.len())
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.net.local)
    }
}

type Written = Option<UnboundedReceiver<TransportEvent>>;

/// What the crate takes for a connection: unreliable for UDP, so that it repeats; reliable for a stream.
async fn seam(net: &Arc<Net>, flow: &Flow, bytes: Vec<u8>) -> Option<(SipConnection, Written)> {
    if flow.binding().transport.is_stream() {
        let ((_, incoming), (outgoing, written)) = (unbounded_channel(), unbounded_channel());
        let channel = ChannelConnection::create_connection(incoming, outgoing, address(flow.binding().source), None).await.ok()?;
        return Some((SipConnection::Channel(channel), Some(written)));
    }
    let socket = Datagrams { net: net.clone(), flow: flow.clone(), bytes };
    let inner = UdpInner { conn: Arc::new(socket), addr: address(net.local) };
    Some((SipConnection::Udp(UdpConnection::attach(inner, None, None).await), None))
}

fn address(socket: SocketAddr) -> SipAddr {
    canonical(socket).into()
}

fn named(request: &Outgoing) -> Vec<Header> {
    vec![
        Header::Via(request.via.as_str().into()),
        Header::From(request.from.as_str().into()),
        Header::To(format!("<{}>", request.aor).into()),
        Header::CallId(request.call_id.as_str().into()),
        Header::CSeq(format!("{} {}", request.cseq, request.method).into()),
    ]
}

fn skeleton(request: &Outgoing) -> Option<Request> {
    let method = if request.method == "NOTIFY" { Method::Notify } else { Method::Options };
    let uri = Uri::try_from("sip:phone.invalid").ok()?;
    Some(Request { method, uri, version: Version::V2, headers: named(request).into(), body: Vec::new() })
}

fn answer_skeleton(request: &Outgoing, code: u16) -> Option<SipMessage> {
    let status_code = StatusCode::try_from((code, "Answer")).ok()?;
    let response = Response { status_code, wire_reason: None, version: Version::V2, headers: named(request).into(), body: Vec::new() };
    Some(SipMessage::Response(response))
}
