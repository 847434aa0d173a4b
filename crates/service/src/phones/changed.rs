//! Which registrations are to be written. Those that there are have a bound, those that came and went have none: a phone may give itself
//! another contact each second while the disk takes nothing. Beyond a number nobody remembers which they were, and all are written.

use domain::{Binding, BindingKey};
use std::collections::HashMap;

/// How many are remembered at most.
const MOST: usize = 50_000;

pub(super) enum Which {
    /// None: to be removed.
    These(HashMap<BindingKey, Option<Binding>>),
    /// The file is to hold what there is, and nothing else.
    All,
}

pub(super) struct Changed {
    which: Which,
    most: usize,
}

impl Default for Changed {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl Changed {
    pub fn new(most: usize) -> Self {
        Self { which: Which::These(HashMap::new()), most }
    }

    /// It is so now; none: it is gone.
    pub fn put(&mut self, key: BindingKey, binding: Option<Binding>) {
        if let Which::These(these) = &mut self.which {
            these.insert(key, binding);
            self.bound();
        }
    }

    /// What is to be written now. It counts as written until it is put back.
    pub fn take(&mut self) -> Which {
        std::mem::replace(&mut self.which, Which::These(HashMap::new()))
    }

    /// It was not written. What came meanwhile is newer.
    pub fn put_back(&mut self, older: Which) {
        match (&mut self.which, older) {
            (Which::All, _) => {}
            (which, Which::All) => *which = Which::All,
            (Which::These(these), Which::These(older)) => {
                for (key, binding) in older {
                    these.entry(key).or_insert(binding);
                }
                self.bound();
            }
        }
    }

    pub const fn is_all(&self) -> bool {
        matches!(self.which, Which::All)
    }

    /// How many are remembered.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        match &self.which {
            Which::These(these) => these.len(),
            Which::All => 0,
        }
    }

    fn bound(&mut self) {
        if matches!(&self.which, Which::These(these) if these.len() > self.most) {
            tracing::warn!("more registrations changed than are remembered while they can't be kept: all are written once they can");
            self.which = Which::All;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::DeviceId;
    use uuid::Uuid;

    fn key(n: u32) -> BindingKey {
        BindingKey { device: DeviceId(Uuid::nil()), contact: n.to_string() }
    }

    #[test]
    fn one_contact_is_one_change_and_too_many_are_all() {
        let mut changed = Changed::new(3);
        for n in 0..100 {
            changed.put(key(n % 3), None);
        }
        assert_eq!(changed.len(), 3);
        let older = changed.take();
        assert_eq!(changed.len(), 0);
        changed.put(key(2), None);
        changed.put(key(3), None);
        assert!(!changed.is_all());
        changed.put_back(older);
        assert!(changed.is_all(), "together they are more than three");
        changed.put(key(9), None);
        assert!(matches!(changed.take(), Which::All) && !changed.is_all());
        changed.put(key(9), None);
        changed.put_back(Which::All);
        changed.put_back(Which::These(HashMap::new()));
        assert!(changed.is_all(), "until they were written");
    }
}
