//! Maps and sorting for a handful of things. What the standard library has for any number of them is some kilobytes of the browser's code
//! for each type.

mod map;

pub use map::Map;

/// A map of these pairs; the last of a key counts.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Map<K, V> {
    let mut map = Map::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

/// Sorts by insertion: stable, and for a few.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, |a, b| a < b);
}

/// Sorts by what stands `before` what: stable, and for a few.
pub fn sort_by<T>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && before(&items[at], &items[at - 1]) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items in proptest::collection::vec((0_u8..5, any::<u8>()), 0..12)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, |a, b| a.0 < b.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort_unstable();
            prop_assert_eq!(&ours, &theirs);
        }

        #[test]
        fn maps_as_the_standard_library_does(steps in proptest::collection::vec((0_u8..6, proptest::option::of(any::<u8>())), 0..30)) {
            let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
            for (key, value) in steps {
                let (was, is) = match value {
                    Some(value) => (theirs.insert(key, value), ours.insert(key, value)),
                    None => (theirs.remove(&key), ours.remove(&key)),
                };
                prop_assert_eq!(was, is);
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
                prop_assert!(ours.iter().eq(theirs.iter()));
            }
            let json = serde_json::to_string(&ours).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&theirs).unwrap());
            prop_assert_eq!(serde_json::from_str::<Map<u8, u8>>(&json).unwrap(), ours);
        }
    }
}
