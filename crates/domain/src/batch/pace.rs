//! So many a minute in all, and so many for one source address: an office behind one line.

use crate::{MINUTE, Millis};
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, net::IpAddr};

/// How many a minute, or [`Pace::OFF`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// In all, 1–1000; 0 with both: no pace.
    pub in_all: u32,
    /// For one source address, 1–1000; 0 with both: no pace.
    pub of_source: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { in_all: 50, of_source: 5 }
    }
}

impl Pace {
    /// None is held back.
    pub const OFF: Self = Self { in_all: 0, of_source: 0 };

    /// None: out of bounds.
    pub fn new(in_all: u32, of_source: u32) -> Option<Self> {
        let (fits, pace) = (|n| (1..=1000).contains(&n), Self { in_all, of_source });
        (pace.is_off() || fits(in_all) && fits(of_source)).then_some(pace)
    }

    pub fn is_off(self) -> bool {
        self == Self::OFF
    }

    /// About how many minutes it takes to ask phones at these sources: the longest queue decides.
    pub fn minutes(self, sources: impl Iterator<Item = IpAddr>) -> u32 {
        if self.is_off() {
            return 0;
        }
        let mut of = std::collections::HashMap::<IpAddr, u32>::new();
        let mut all = 0u32;
        for source in sources {
            all += 1;
            *of.entry(source).or_default() += 1;
        }
        let longest = of.into_values().max().unwrap_or(0);
        // The first ones go at once.
        let waits = |n: u32, pace: u32| n.saturating_sub(1) / pace.max(1);
        waits(all, self.in_all).max(waits(longest, self.of_source))
    }
}

/// What may be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This one may be asked.
    Start(usize),
    /// None may be asked before then.
    At(Millis),
    /// None waits.
    Nothing,
}

/// Remembers what was asked within the last minute, by whatever batch: an office behind one line has but that line.
#[derive(Clone, Debug, Default)]
pub struct Pacer {
    /// The oldest first.
    asked: VecDeque<(Millis, IpAddr)>,
}

impl Pacer {
    /// What was asked before, in any order, so that a restart of the server does not begin anew.
    pub fn remember(&mut self, asked: impl IntoIterator<Item = (Millis, IpAddr)>) {
        self.asked.extend(asked);
        self.asked.make_contiguous().sort_by_key(|(at, _)| *at);
    }

    /// Which of those that wait, in their order, may be asked at `now` by this pace. One without a source is asked of nobody and always may.
    pub fn next(&mut self, pace: Pace, now: Millis, waiting: impl Iterator<Item = (usize, Option<IpAddr>)>) -> Next {
        self.forget(now);
        if pace.is_off() {
            return waiting.map(|(which, _)| Next::Start(which)).next().unwrap_or(Next::Nothing);
        }
        let in_all = self.free_at(pace.in_all, now, |_| true);
        let mut soonest = None;
        for (which, source) in waiting {
            let at = match source {
                None => now,
                Some(source) => in_all.max(self.free_at(pace.of_source, now, |s| s == source)),
            };
            if at <= now {
                return Next::Start(which);
            }
            soonest = Some(soonest.map_or(at, |soonest: Millis| soonest.min(at)));
        }
        soonest.map_or(Next::Nothing, Next::At)
    }

    /// A phone at `source` was asked.
    pub fn asked(&mut self, now: Millis, source: IpAddr) {
        self.forget(now);
        self.asked.push_back((now, source));
    }

    /// It was not asked after all.
    pub fn take_back(&mut self, at: Millis, source: IpAddr) {
        if let Some(place) = self.asked.iter().rposition(|asked| *asked == (at, source)) {
            self.asked.remove(place);
        }
    }

    /// When fewer than `most` of the matching ones lie within a minute.
    fn free_at(&self, most: u32, now: Millis, matching: impl Fn(IpAddr) -> bool) -> Millis {
        let most = most as usize;
        let nth = self.asked.iter().rev().filter(|(_, source)| matching(*source)).nth(most - 1);
        nth.map_or(now, |(at, _)| at + MINUTE)
    }

    fn forget(&mut self, now: Millis) {
        // A clock that was set back: what was asked counts for a minute from now, not for an hour.
        for (at, _) in self.asked.iter_mut().rev().take_while(|(at, _)| *at > now) {
            *at = now;
        }
        while self.asked.front().is_some_and(|(at, _)| at + MINUTE <= now) {
            self.asked.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(n: u8) -> IpAddr {
        [192, 0, 2, n].into()
    }

    /// Asks them all, and gives the time of each.
    fn run(pace: Pace, sources: &[Option<IpAddr>]) -> Vec<Millis> {
        let mut pacer = Pacer::default();
        let (mut now, mut waiting, mut times) = (0, (0..sources.len()).collect::<Vec<_>>(), vec![0; sources.len()]);
        loop {
            match pacer.next(pace, now, waiting.iter().map(|n| (*n, sources[*n]))) {
                Next::Start(n) => {
                    if let Some(source) = sources[n] {
                        pacer.asked(now, source);
                    }
                    times[n] = now;
                    waiting.retain(|w| *w != n);
                }
                Next::At(at) => now = at,
                Next::Nothing => return times,
            }
        }
    }

    #[test]
    fn fifty_a_minute_in_all() {
        let sources: Vec<_> = (0..120).map(|n| Some(ip(n))).collect();
        let times = run(Pace::default(), &sources);
        assert_eq!((times[49], times[50], times[99], times[100]), (0, MINUTE, MINUTE, 2 * MINUTE));
        assert_eq!(Pace::default().minutes(sources.into_iter().flatten()), 2);
    }

    #[test]
    fn five_a_minute_for_one_source_while_others_pass_by() {
        let mut sources = vec![Some(ip(1)); 12];
        sources.extend([Some(ip(2)), Some(ip(3)), None]);
        let times = run(Pace::default(), &sources);
        assert_eq!((times[4], times[5], times[9], times[10]), (0, MINUTE, MINUTE, 2 * MINUTE));
        assert_eq!(times[12..], [0, 0, 0]);
    }

    #[test]
    fn a_restart_does_not_begin_anew_and_a_clock_that_is_set_back_does_not_stop_it() {
        let pace = Pace { in_all: 2, of_source: 2 };
        let mut pacer = Pacer::default();
        pacer.remember([(10, ip(1)), (0, ip(2))]);
        assert_eq!(pacer.next(pace, 20, [(0, Some(ip(3)))].into_iter()), Next::At(MINUTE));
        pacer.asked(MINUTE, ip(3));
        assert_eq!(pacer.next(pace, MINUTE, [(0, Some(ip(3)))].into_iter()), Next::At(MINUTE + 10));
        pacer.take_back(MINUTE, ip(3));
        assert_eq!(pacer.next(pace, MINUTE, [(0, Some(ip(3)))].into_iter()), Next::Start(0));
        let mut back = Pacer::default();
        back.remember([(60 * MINUTE, ip(1))]);
        assert_eq!(back.next(Pace { in_all: 1, of_source: 1 }, 0, [(0, Some(ip(3)))].into_iter()), Next::At(MINUTE));
    }

    #[test]
    fn without_a_pace_none_waits_and_what_was_asked_counts_for_others() {
        let sources = vec![Some(ip(1)); 3_000];
        assert_eq!(run(Pace::OFF, &sources).into_iter().max(), Some(0));
        assert_eq!(Pace::OFF.minutes(sources.into_iter().flatten()), 0);
        let mut pacer = Pacer::default();
        assert_eq!(pacer.next(Pace::OFF, 7, [(3, Some(ip(1)))].into_iter()), Next::Start(3));
        assert_eq!(pacer.next(Pace::OFF, 7, std::iter::empty()), Next::Nothing);
        for _ in 0..5 {
            pacer.asked(7, ip(1));
        }
        let paced = pacer.next(Pace::default(), 8, [(0, Some(ip(1)))].into_iter());
        assert_eq!(paced, Next::At(7 + MINUTE), "a batch with a pace beside one without");
    }

    #[test]
    fn bounds() {
        assert!(Pace::new(0, 0).is_some_and(Pace::is_off) && Pace::new(50, 0).is_none());
        assert!(Pace::new(0, 5).is_none() && Pace::new(5, 1001).is_none());
        assert_eq!(Pace::new(50, 5), Some(Pace::default()));
        assert_eq!(Pace::default().minutes(std::iter::empty()), 0);
        assert_eq!(Pace::default().minutes(std::iter::repeat_n(ip(1), 5)), 0);
        assert_eq!(Pace::default().minutes(std::iter::repeat_n(ip(1), 11)), 2);
    }
}
