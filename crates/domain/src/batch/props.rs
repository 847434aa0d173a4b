//! What holds for any phones, any pace and any pauses.

use super::*;
use crate::{MINUTE, Millis};
use proptest::prelude::*;
use std::net::IpAddr;

proptest! {
    #[test]
    fn never_faster_than_told_and_everybody_has_a_turn(
        in_all in 1..8u32,
        of_source in 1..5u32,
        sources in proptest::collection::vec(proptest::option::weighted(0.9, 0..4u8), 1..60),
        pauses in proptest::collection::vec(0..2 * MINUTE, 0..10),
        restart_at in 0..60usize,
    ) {
        let source = |n: usize| sources[n].map(|s| IpAddr::from([192, 0, 2, s]));
        let (pace, mut pacer) = (Pace { in_all, of_source }, Pacer::default());
        let (mut now, mut waiting, mut asked) = (0, (0..sources.len()).collect::<Vec<_>>(), Vec::<(Millis, IpAddr)>::new());
        let mut pauses = pauses.into_iter();
        let mut idle = 0;
        loop {
            if asked.len() == restart_at {
                pacer = Pacer::default();
                pacer.remember(asked.iter().rev().copied());
            }
            match pacer.next(pace, now, waiting.iter().map(|n| (*n, source(*n)))) {
                Next::Start(n) => {
                    prop_assert!(waiting.contains(&n));
                    // Nobody with the same source waited longer.
                    prop_assert!(waiting.iter().take_while(|w| **w != n).all(|w| source(*w) != source(n)));
                    waiting.retain(|w| *w != n);
                    if let Some(source) = source(n) {
                        pacer.asked(now, source);
                        asked.push((now, source));
                    }
                    idle = 0;
                }
                Next::At(at) => {
                    prop_assert!(at > now && at <= now + MINUTE, "it never waits for more than a minute");
                    now = at + pauses.next().unwrap_or(0);
                    idle += 1;
                    prop_assert!(idle <= 1, "it waits once and then asks");
                }
                Next::Nothing => break,
            }
        }
        prop_assert!(waiting.is_empty());
        for (i, (at, source)) in asked.iter().enumerate() {
            let within = asked[..=i].iter().filter(|(t, _)| at - t < MINUTE);
            prop_assert!(within.clone().count() <= in_all as usize);
            prop_assert!(within.filter(|(_, s)| s == source).count() <= of_source as usize);
        }
    }
}
