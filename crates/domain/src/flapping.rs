//! Flapping: a phone whose registration goes again and again. Pure: the times come in.

use crate::{MINUTE, Millis};
use serde::{Deserialize, Serialize};

/// So many drops, within so long.
pub const FLAPPING: (usize, Millis) = (5, 10 * MINUTE);

/// A stretch of drops that counts as flapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flapping {
    /// The first of the drops.
    pub since: Millis,
}

/// The latest drops of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flaps {
    /// At most as many as it takes, the oldest first.
    drops: Vec<Millis>,
    /// When it was last found flapping.
    told: Option<Millis>,
}

impl Flaps {
    /// Takes in a drop. Says so once when the device begins to flap; again only after it was calm for the whole of the time.
    pub fn dropped(&mut self, at: Millis) -> Option<Flapping> {
        let (most, within) = FLAPPING;
        if self.drops.len() == most {
            self.drops.remove(0);
        }
        self.drops.push(at);
        let flaps = self.drops.len() == most && (0..=within).contains(&(at - self.drops[0]));
        let went_on = self.is_flapping(at);
        if flaps {
            self.told = Some(at);
        }
        (flaps && !went_on).then(|| Flapping { since: self.drops[0] })
    }

    /// Whether it flaps: it did so within the time.
    pub fn is_flapping(&self, now: Millis) -> bool {
        self.told.is_some_and(|told| now - told < FLAPPING.1)
    }

    /// Whether nothing is left that could still count.
    pub fn is_calm(&self, now: Millis) -> bool {
        self.drops.last().is_none_or(|last| now - last > FLAPPING.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_fifth_drop_within_ten_minutes_is_named_once() {
        let mut flaps = Flaps::default();
        let told: Vec<bool> = (0..8).map(|n| flaps.dropped(n * MINUTE).is_some()).collect();
        assert_eq!(told, [false, false, false, false, true, false, false, false]);
        assert!(flaps.is_flapping(16 * MINUTE) && !flaps.is_flapping(17 * MINUTE));
        let again: Vec<_> = (30..35).filter_map(|n| flaps.dropped(n * MINUTE)).collect();
        assert_eq!(again, [Flapping { since: 30 * MINUTE }], "calm in between: it is news again");
    }

    #[test]
    fn drops_that_are_further_apart_are_none() {
        let mut flaps = Flaps::default();
        assert!((0..100).all(|n| flaps.dropped(n * (FLAPPING.1 / 4 + 1)).is_none()));
        let mut at_the_edge = Flaps::default();
        assert_eq!((0..5).filter_map(|n| at_the_edge.dropped(n * FLAPPING.1 / 4)).count(), 1);
    }

    proptest! {
        #[test]
        fn as_counted_by_hand(gaps in proptest::collection::vec(0..6 * MINUTE, 1..60)) {
            let mut flaps = Flaps::default();
            let (mut now, mut all, mut told): (_, Vec<Millis>, Option<Millis>) = (0, vec![], None);
            for gap in gaps {
                now += gap;
                all.push(now);
                let window: Vec<_> = all.iter().rev().take(FLAPPING.0).collect();
                let flapping = window.len() == FLAPPING.0 && now - *window[FLAPPING.0 - 1] <= FLAPPING.1;
                let news = flapping && told.is_none_or(|t| now - t >= FLAPPING.1);
                prop_assert_eq!(flaps.dropped(now).is_some(), news);
                if flapping {
                    told = Some(now);
                }
                prop_assert_eq!(flaps.is_flapping(now), told.is_some_and(|t| now - t < FLAPPING.1));
            }
        }
    }
}
