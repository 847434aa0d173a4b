//! INVITE server transactions (RFC 3261 §17.2.1), as far as a redirect server meets them: from the final answer on. Pure; time is given.

use super::super::Origin;
use crate::config::{Limits, Timers};
use crate::message::{Message, Start, Via};
use domain::Transport;
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// Names the transaction of an INVITE, its ACK and its CANCEL (RFC 3261 §17.2.3, §9.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Key {
    from: Place,
    name: String,
}

/// Nobody elsewhere can acknowledge or cancel. The port is left out: a NAT may change it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Place {
    Address(IpAddr),
    Connection(u64),
}

impl Key {
    pub fn of(request: &Message, via: &Via, origin: Origin) -> Option<Self> {
        let from = origin.connection.map_or(Place::Address(origin.source.ip()), Place::Connection);
        let (host, port) = via.sent_by();
        let name = if let Some(branch) = via.unique_branch() {
            format!("{branch}\0{host}\0{port:?}").to_ascii_lowercase()
        } else {
            // Of the days of RFC 2543, when a branch said nothing; or as if.
            let Start::Request { uri, .. } = &request.start else { return None };
            let from = crate::message::parse_address(request.first("from")?)?;
            let (call_id, tag) = (request.text("call-id")?, from.param("tag").unwrap_or_default());
            format!("{call_id}\0{tag}\0{}\0{uri}\0{host}\0{port:?}", request.cseq()?.0)
        };
        (name.len() <= 1_024).then_some(Self { from, name })
    }
}

/// What a repeated INVITE gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Again {
    /// The same answer.
    Answer(Vec<u8>),
    /// Nothing: the answer has been acknowledged.
    Nothing,
}

pub(in super::super) struct Transactions {
    all: HashMap<Key, Held>,
    /// When each has something to do next; the serial tells those of the same moment apart.
    due: BTreeSet<(Instant, u64)>,
    keys: HashMap<u64, Key>,
    serial: u64,
    capacity: usize,
    t1: Duration,
    t2: Duration,
    t4: Duration,
}

struct Held {
    answer: Vec<u8>,
    to: SocketAddr,
    serial: u64,
    /// The key in `due`.
    at: Instant,
    /// Timer G, the pause after the next repetition; none on a reliable transport and after the ACK.
    pause: Option<Duration>,
    /// Timer H, then timer I.
    ends: Instant,
    acked: bool,
}

impl Transactions {
    pub fn new(limits: &Limits, timers: &Timers) -> Self {
        Self {
            all: HashMap::new(),
            due: BTreeSet::new(),
            keys: HashMap::new(),
            serial: 0,
            capacity: limits.calls,
            t1: timers.t1,
            t2: timers.t2,
            t4: timers.t4,
        }
    }

    /// Takes a final answer in, to be repeated until it is acknowledged; beyond the capacity it is as if it had been, for the caller repeats
    /// its INVITE too.
    pub fn hold(&mut self, key: Key, answer: Vec<u8>, to: SocketAddr, transport: Transport, now: Instant) {
        if self.all.len() >= self.capacity || self.all.contains_key(&key) {
            return;
        }
        let pause = (!transport.is_stream()).then_some(self.t1);
        let ends = now + self.t1 * 64;
        let at = pause.map_or(ends, |pause| now + pause);
        self.serial += 1;
        self.due.insert((at, self.serial));
        self.keys.insert(self.serial, key.clone());
        self.all.insert(key, Held { answer, to, serial: self.serial, at, pause, ends, acked: false });
    }

    /// None: not seen before.
    pub fn again(&self, key: &Key) -> Option<Again> {
        self.all.get(key).map(|held| if held.acked { Again::Nothing } else { Again::Answer(held.answer.clone()) })
    }

    /// An ACK: nothing is repeated any more. On a datagram transport further ACKs are absorbed for timer I. False when nothing waited for it.
    pub fn acknowledge(&mut self, key: &Key, now: Instant) -> bool {
        let Some(held) = self.all.get_mut(key).filter(|held| !held.acked) else { return false };
        let wait = if held.pause.is_some() { self.t4 } else { Duration::ZERO };
        self.due.remove(&(held.at, held.serial));
        (held.acked, held.pause, held.ends, held.at) = (true, None, now + wait, now + wait);
        self.due.insert((held.at, held.serial));
        true
    }

    /// What is to be sent again by now, and when to ask next. What has ended goes.
    pub fn due(&mut self, now: Instant) -> (Vec<(Vec<u8>, SocketAddr)>, Option<Instant>) {
        let mut out = Vec::new();
        while let Some((at, serial)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, serial));
            let held = self.keys.get(&serial).and_then(|key| self.all.get_mut(key));
            match held {
                Some(held) if held.ends > now => {
                    out.push((held.answer.clone(), held.to));
                    let pause = (held.pause.unwrap_or(self.t2) * 2).min(self.t2);
                    (held.pause, held.at) = (Some(pause), (now + pause).min(held.ends));
                    self.due.insert((held.at, serial));
                }
                _ => {
                    if let Some(key) = self.keys.remove(&serial) {
                        self.all.remove(&key);
                    }
                }
            }
        }
        (out, self.due.first().map(|(at, _)| *at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{parse, parse_via};

    const MS: Duration = Duration::from_millis(1);

    fn origin(source: &str, connection: Option<u64>) -> Origin {
        let transport = if connection.is_some() { Transport::Tcp } else { Transport::Udp };
        Origin { source: source.parse().expect("address"), transport, connection }
    }

    fn key(via: &str, method: &str, origin: Origin) -> Key {
        let text = format!("{method} sip:2@h SIP/2.0\r\nVia: {via}\r\nFrom: <sip:1@h>;tag=a\r\nCall-ID: c\r\nCSeq: 7 {method}\r\n\r\n");
        Key::of(&parse(text.as_bytes(), 999).expect("SIP"), &parse_via(via.as_bytes()).expect("via"), origin).expect("a key")
    }

    fn table(capacity: usize) -> Transactions {
        Transactions::new(&Limits { calls: capacity, ..Limits::default() }, &Timers::default())
    }

    #[test]
    fn an_answer_is_repeated_ever_more_slowly_until_timer_h() {
        let (mut table, begun) = (table(9), Instant::now());
        let key = key("SIP/2.0/UDP h;branch=z9hG4bKa", "INVITE", origin("10.0.0.1:5060", None));
        table.hold(key.clone(), vec![1], "10.0.0.1:5060".parse().expect("address"), Transport::Udp, begun);
        let mut at = Vec::new();
        while let (sent, Some(next)) = table.due(at.last().map_or(begun, |ms: &u32| begun + MS * *ms)) {
            assert!(sent.iter().all(|(bytes, _)| *bytes == [1]));
            assert!(table.again(&key) == Some(Again::Answer(vec![1])));
            at.push(u32::try_from((next - begun).as_millis()).expect("small"));
        }
        assert_eq!(at, [500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500, 32_000]);
        assert!(table.again(&key).is_none() && table.keys.is_empty() && table.due.is_empty());
    }

    #[test]
    fn an_ack_ends_it_and_is_absorbed_for_timer_i() {
        let (mut table, begun) = (table(9), Instant::now());
        let (udp, tcp) = (origin("10.0.0.1:5060", None), origin("10.0.0.1:5061", Some(4)));
        let via = "SIP/2.0/UDP h:5;branch=z9hG4bKa";
        for origin in [udp, tcp] {
            table.hold(key(via, "INVITE", origin), vec![1], origin.source, origin.transport, begun);
        }
        assert_eq!(table.all.len(), 2);
        table.acknowledge(&key(via, "ACK", udp), begun);
        table.acknowledge(&key(via, "ACK", tcp), begun);
        assert_eq!(table.again(&key(via, "INVITE", udp)), Some(Again::Nothing));
        let (sent, next) = table.due(begun + MS);
        assert!(sent.is_empty() && table.all.len() == 1, "a stream needs no timer I");
        assert_eq!(next, Some(begun + Timers::default().t4));
        assert_eq!(table.due(begun + Timers::default().t4), (vec![], None));
        assert!(table.all.is_empty());
    }

    #[test]
    fn transactions_are_told_apart_by_branch_sender_and_place() {
        let at = origin("10.0.0.1:5060", None);
        let one = key("SIP/2.0/UDP h;branch=z9hG4bKa", "INVITE", at);
        assert_eq!(one, key("SIP/2.0/UDP H;rport;branch=Z9hg4bka", "CANCEL", origin("10.0.0.1:9", None)), "another port, another case");
        for (via, place) in [
            ("SIP/2.0/UDP h;branch=z9hG4bKb", at),
            ("SIP/2.0/UDP i;branch=z9hG4bKa", at),
            ("SIP/2.0/UDP h:5060;branch=z9hG4bKa", at),
            ("SIP/2.0/UDP h;branch=z9hG4bKa", origin("10.0.0.2:5060", None)),
            ("SIP/2.0/UDP h;branch=z9hG4bKa", origin("10.0.0.1:5060", Some(1))),
            ("SIP/2.0/UDP h;branch=1", at),
        ] {
            assert_ne!(one, key(via, "INVITE", place), "{via}");
        }
        assert_eq!(key("SIP/2.0/UDP h;branch=1", "INVITE", at), key("SIP/2.0/UDP h;branch=2", "ACK", at), "as RFC 2543 had it");
        let (bare, of_old) = ("SIP/2.0/UDP h;branch=z9hG4bK", "SIP/2.0/UDP h");
        assert_eq!(key(bare, "INVITE", at), key(of_old, "ACK", at), "the cookie alone says nothing");
    }

    #[test]
    fn a_flood_is_answered_but_not_remembered() {
        let (mut table, at) = (table(2), origin("10.0.0.1:5060", None));
        for n in 0..5 {
            let key = key(&format!("SIP/2.0/UDP h;branch=z9hG4bK{n}"), "INVITE", at);
            table.hold(key, vec![1], at.source, at.transport, Instant::now());
        }
        assert_eq!((table.all.len(), table.due.len(), table.keys.len()), (2, 2, 2));
    }
}
