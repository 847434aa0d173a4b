//! What the engine is told at its start.

use crate::net::Certificates;
use std::net::SocketAddr;
use std::time::Duration;

/// How to listen, how to be named, and where the bounds are.
#[derive(Clone, Debug)]
pub struct Config {
    /// UDP and TCP both. Port 0 takes any port that is free for both; `[::]` takes IPv4 as well as IPv6.
    pub listen: SocketAddr,
    /// TLS, by custom on port 5061. Needs `certificates`.
    pub tls: Option<SocketAddr>,
    /// Browser phones (RFC 7118) without TLS: behind a proxy that does it, or in a laboratory.
    pub ws: Option<SocketAddr>,
    /// Browser phones over TLS. Needs `certificates`.
    pub wss: Option<SocketAddr>,
    /// For TLS and WSS; keep a clone to exchange it.
    pub certificates: Option<Certificates>,
    /// `host` or `host:port` for Via and Contact of our own requests (the port being that of UDP and TCP); without it the local address that the peer sees.
    pub advertise: Option<String>,
    /// What the dynamic outbound flag `zone` stands for in a call.
    pub zone: String,
    pub limits: Limits,
    pub timers: Timers,
}

impl Config {
    /// Defaults for everything but the address.
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            tls: None,
            ws: None,
            wss: None,
            certificates: None,
            advertise: None,
            zone: "local".into(),
            limits: Limits::default(),
            timers: Timers::default(),
        }
    }
}

/// Bounds of memory and work. Beyond them a message is dropped, refused, or its connection closed, as each says.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Messages per second that one source address may send on average without a success, which gives back what it cost. Beyond: datagrams are
    /// dropped, connections are read more slowly.
    pub messages_per_second: u32,
    /// Such messages that one source address may send at once. An office behind one address comes back all at once after a power cut.
    pub burst: u32,
    /// The same for a flow (an address and port, a connection) that carries a live binding, before its source's share is asked.
    pub flow_messages_per_second: u32,
    pub flow_burst: u32,
    /// Source addresses whose rate is remembered; beyond, the rest share one allowance.
    pub sources: usize,
    /// Open connections, whatever their transport; beyond, a new one is closed at once.
    pub connections: usize,
    /// Open connections of one source address.
    pub connections_per_source: usize,
    /// Bytes of start line and headers. Beyond: 513 on UDP, a closed connection on TCP.
    pub head_bytes: usize,
    /// Bytes of a body on a stream. Beyond: a closed connection.
    pub body_bytes: usize,
    /// Contacts that one device may have bound. Beyond: 403.
    pub contacts: usize,
    /// Wrong answers to our nonces within a minute, by source address and username, after which they are answered 503 unread.
    pub failures: u32,
    /// How long those answers of 503 last.
    pub penalty: Duration,
    /// Final answers kept for retransmissions.
    pub kept_answers: usize,
    /// Answers to calls that wait for their ACK; beyond, one is sent once and the caller has to ask again.
    pub calls: usize,
    /// Used nonces whose count is remembered.
    pub nonces: usize,
    /// Requests of ours that wait for an answer at the same time; beyond, a request has no answer at once.
    pub client_requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages_per_second: 50,
            burst: 500,
            flow_messages_per_second: 25,
            flow_burst: 200,
            sources: 65_536,
            connections: 10_000,
            connections_per_source: 1_000,
            head_bytes: 16 * 1024,
            body_bytes: 64 * 1024,
            contacts: 10,
            failures: 20,
            penalty: Duration::from_secs(30),
            kept_answers: 8_192,
            calls: 8_192,
            nonces: 200_000,
            client_requests: 4_096,
        }
    }
}

/// Times, shortened in tests.
#[derive(Clone, Debug)]
pub struct Timers {
    /// RFC 3261's T1: the first retransmission. Timer F is 64 times this.
    pub t1: Duration,
    /// RFC 3261's T2: the longest pause between retransmissions.
    pub t2: Duration,
    /// RFC 3261's T4: how long a message may stay on its way.
    pub t4: Duration,
    /// Between two keep-alives of a flow through a NAT, which forgets an idle UDP flow after 30 s at the earliest.
    pub keepalive: Duration,
    /// How long a nonce is good for.
    pub nonce: Duration,
    /// How long an OPTIONS to a phone may stay unanswered.
    pub options: Duration,
    /// How long a connection that carries no binding may be silent.
    pub idle: Duration,
    /// Between two looks for what has expired and for due keep-alives.
    pub sweep: Duration,
}

impl Timers {
    /// Timer F (RFC 3261 §17.1.2.2).
    pub fn final_answer(&self) -> Duration {
        self.t1 * 64
    }
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            t1: Duration::from_millis(500),
            t2: Duration::from_secs(4),
            t4: Duration::from_secs(5),
            keepalive: Duration::from_secs(25),
            nonce: Duration::from_mins(5),
            options: Duration::from_secs(4),
            idle: Duration::from_mins(1),
            sweep: Duration::from_millis(500),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_kept_alive_before_a_nat_forgets_it() {
        let timers = Timers::default();
        assert_eq!(timers.keepalive, Duration::from_secs(25));
        // It goes out when it is looked for.
        assert!(timers.keepalive + timers.sweep < Duration::from_secs(30), "the shortest that a NAT keeps an idle flow");
    }
}
