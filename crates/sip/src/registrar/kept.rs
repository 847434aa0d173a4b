//! Final answers kept for retransmissions over UDP (RFC 3261 §17.2.2), bounded in number and time.
//!
//! A challenge is not kept: it is made anew without harm. What is kept are the answers to requests with credentials, where a second look would
//! see a repeated `nc` or a repeated `CSeq`.

use domain::Millis;
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

/// Names a request: who sent it, Call-ID, `CSeq`, branch.
pub(super) type Key = (SocketAddr, String, u32, String);

pub(super) struct Kept {
    answers: HashMap<Key, Vec<u8>>,
    order: VecDeque<(Millis, Key)>,
    capacity: usize,
    life: Millis,
}

impl Kept {
    pub fn new(capacity: usize, life: Millis) -> Self {
        Self { answers: HashMap::new(), order: VecDeque::new(), capacity, life }
    }

    pub fn get(&self, key: &Key) -> Option<&Vec<u8>> {
        self.answers.get(key)
    }

    pub fn keep(&mut self, key: Key, answer: Vec<u8>, now: Millis) {
        let old = |(at, _): &(Millis, Key)| *at + self.life <= now || *at > now;
        while self.order.len() >= self.capacity.max(1) || self.order.front().is_some_and(old) {
            let Some((_, key)) = self.order.pop_front() else { break };
            self.answers.remove(&key);
        }
        if self.answers.insert(key.clone(), answer).is_none() {
            self.order.push_back((now, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(cseq: u32) -> Key {
        ("127.0.0.1:1".parse().expect("address"), "c".into(), cseq, "b".into())
    }

    #[test]
    fn old_and_surplus_answers_go() {
        let mut kept = Kept::new(2, 100);
        for n in 1..=3 {
            kept.keep(key(n), vec![0], 10);
        }
        assert_eq!([1, 2, 3].map(|n| kept.get(&key(n)).is_some()), [false, true, true]);
        kept.keep(key(4), vec![0], 110);
        assert_eq!((kept.answers.len(), kept.order.len()), (1, 1));
    }
}
