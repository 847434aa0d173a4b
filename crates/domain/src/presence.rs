//! Who looks at or edits a device now: for others to see, not a lock. Pure: times come in. A tab says it again and again; what falls
//! silent is gone.

use crate::{Millis, OperatorId, SECOND};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, hash::Hash};
use uuid::Uuid;

/// How long a word holds. Tabs say it every [`AGAIN`].
pub const HOLDS: Millis = 50 * SECOND;
/// How often a tab says it again.
pub const AGAIN: Millis = 20 * SECOND;
/// Tabs of one device at most: a bound, not a promise.
const MOST: usize = 100;

/// What a tab does with the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    Looks,
    /// Has unsaved edits.
    Edits,
    Left,
}

/// An operator who is there, in one tab or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onlooker {
    pub id: OperatorId,
    pub name: String,
    pub edits: bool,
}

#[derive(Clone, Debug)]
struct Tab {
    key: Uuid,
    id: OperatorId,
    name: String,
    edits: bool,
    seen: Millis,
}

/// Who is where.
#[derive(Clone, Debug)]
pub struct Presence<K>(HashMap<K, Vec<Tab>>);

impl<K> Default for Presence<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Copy> Presence<K> {
    /// Takes in what a tab says. Answers who is there, and whether that is another answer than before.
    pub fn say(&mut self, place: K, tab: Uuid, id: OperatorId, name: &str, doing: Doing, at: Millis) -> (Vec<Onlooker>, bool) {
        let tabs = self.0.entry(place).or_default();
        let before = onlookers(tabs);
        tabs.retain(|t| t.key != tab && (0..HOLDS).contains(&(at - t.seen)));
        if doing != Doing::Left && tabs.len() < MOST {
            tabs.push(Tab { key: tab, id, name: name.into(), edits: doing == Doing::Edits, seen: at });
        }
        let now = onlookers(tabs);
        if tabs.is_empty() {
            self.0.remove(&place);
        }
        let changed = now != before;
        (now, changed)
    }

    /// Forgets who fell silent. Answers the places where that changes who is there.
    pub fn expire(&mut self, at: Millis) -> Vec<K> {
        let mut out = Vec::new();
        for (place, tabs) in &mut self.0 {
            let before = onlookers(tabs);
            tabs.retain(|t| (0..HOLDS).contains(&(at - t.seen)));
            let now = onlookers(tabs);
            if now != before {
                out.push(*place);
            }
        }
        self.0.retain(|_, tabs| !tabs.is_empty());
        out
    }
}

/// Each operator once, by name.
fn onlookers(tabs: &[Tab]) -> Vec<Onlooker> {
    let mut out: Vec<Onlooker> = Vec::new();
    for tab in tabs {
        match out.iter_mut().find(|o| o.id == tab.id) {
            Some(o) => o.edits |= tab.edits,
            None => out.push(Onlooker { id: tab.id, name: tab.name.clone(), edits: tab.edits }),
        }
    }
    out.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    out
}

/// Who else is there, for `me` to read; empty for nobody.
pub fn others(who: &[Onlooker], me: OperatorId) -> String {
    let said = |o: &Onlooker| o.name.clone() + if o.edits { " is editing this device now." } else { " is looking at this device now." };
    who.iter().filter(|o| o.id != me).map(said).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_so_is_there_until_he_leaves_or_falls_silent() {
        let mut all = Presence::<u8>::default();
        let (ada, bob) = (OperatorId(Uuid::from_u128(1)), OperatorId(Uuid::from_u128(2)));
        let tab = Uuid::from_u128;
        let names = |who: &[Onlooker]| who.iter().map(|o| (o.name.clone(), o.edits)).collect::<Vec<_>>();
        assert!(all.say(7, tab(1), ada, "Ada", Doing::Looks, 0).1);
        assert!(!all.say(7, tab(1), ada, "Ada", Doing::Looks, AGAIN).1, "nothing new");
        assert!(!all.say(7, tab(2), ada, "Ada", Doing::Looks, AGAIN).1, "the same operator in another tab");
        let (who, news) = all.say(7, tab(3), bob, "Bob", Doing::Edits, AGAIN);
        assert_eq!((names(&who), news), (vec![("Ada".into(), false), ("Bob".into(), true)], true));
        assert_eq!(others(&who, ada), "Bob is editing this device now.");
        assert_eq!(others(&who, bob), "Ada is looking at this device now.");
        assert_eq!(others(&who[..1], ada), "");
        let (who, _) = all.say(7, tab(2), ada, "Ada", Doing::Edits, AGAIN);
        assert_eq!(names(&who)[0], ("Ada".into(), true));
        assert!(all.say(7, tab(2), ada, "Ada", Doing::Left, AGAIN).1, "the tab that edits left, another one looks");
        assert!(all.expire(AGAIN + HOLDS - 1).is_empty());
        let gone = all.expire(AGAIN + HOLDS);
        assert_eq!(gone, [7]);
        assert!(all.0.is_empty());
        assert!(all.say(8, tab(1), ada, "Ada", Doing::Left, 0).0.is_empty() && all.0.is_empty());
    }

    #[test]
    fn tabs_are_bounded() {
        let mut all = Presence::<u8>::default();
        let who = OperatorId(Uuid::from_u128(1));
        for n in 0..1_000 {
            all.say(7, Uuid::from_u128(n), who, "Ada", Doing::Looks, 0);
        }
        assert_eq!(all.0[&7].len(), MOST);
    }
}
