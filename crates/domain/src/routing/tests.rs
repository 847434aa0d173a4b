//! What holds of every choice, and the words for it.

use super::*;
use proptest::prelude::*;

fn carrier(name: &str, flags: &[&str], weight: u8) -> Carrier {
    Carrier {
        id: None,
        name: name.into(),
        uri: format!("sip:{}.example.net", name.to_lowercase()),
        flags: words(flags),
        require_flags: false,
        ignore_flags: false,
        weight,
        enabled: true,
    }
}

fn words(flags: &[&str]) -> Vec<String> {
    flags.iter().map(|f| (*f).into()).collect()
}

fn said(carriers: &[Carrier], call_flags: &[&str]) -> String {
    sentence(&explain(&choose(carriers, &words(call_flags)), carriers))
}

#[test]
fn a_call_has_its_static_flags_and_what_the_dynamic_ones_stand_for() {
    let flags = [
        Flag::fixed("emergency"),
        Flag::dynamic("zone"),
        Flag::dynamic("custom_channel_vars.tier"),
        Flag::dynamic("custom_channel_vars.other"),
        Flag::dynamic("from_realm"),
        Flag::dynamic("imported.name"),
        Flag::dynamic("Zone"),
        Flag::fixed("from_realm"),
        Flag::fixed("gold"),
        Flag::fixed(""),
    ];
    let values = FlagValues {
        zone: Some("zurich".into()),
        from_realm: Some(String::new()),
        channel_vars: Map::from([("tier".into(), "gold".into()), ("imported.name".into(), "x".into())]),
    };
    // A static flag is the word itself, whatever it looks like; nothing stands twice.
    assert_eq!(resolve(&flags, &values), ["emergency", "zurich", "gold", "from_realm"]);
    let sample = FlagValues::sample("a.example.net", &flags);
    assert_eq!(resolve(&flags, &sample), ["emergency", "local", "sample", "a.example.net", "from_realm", "gold"]);
    assert_eq!(sample.get("custom_channel_vars."), None);
}

#[test]
fn every_flag_must_be_there_exactly() {
    let carriers = [carrier("North", &["premium", "fax"], 50), carrier("East", &["Premium", ""], 10)];
    assert_eq!(choose(&carriers, &words(&["premium", ""])).stays, [0]);
    assert_eq!(choose(&carriers, &words(&["fax", "premium"])).used, Some(0));
    assert_eq!(choose(&carriers, &words(&["prem"])).used, None);
    assert_eq!(choose(&carriers, &words(&[""])).used, Some(1), "empty flags are no flags");
}

#[test]
fn ignore_is_looked_at_first_and_require_wants_flags() {
    let mut both = carrier("Both", &[], 60);
    both.ignore_flags = true;
    both.require_flags = true;
    let mut require = carrier("Require", &["fax"], 1);
    require.require_flags = true;
    let mut off = carrier("Off", &[], 1);
    off.enabled = false;
    off.ignore_flags = true;
    let carriers = [both, require, off];
    let none = choose(&carriers, &[]);
    assert_eq!((none.used, none.stays.as_slice()), (Some(0), [0].as_slice()));
    assert_eq!(none.out, [Out { carrier: 1, why: Why::RequiresFlags }, Out { carrier: 2, why: Why::Disabled }]);
    assert_eq!(choose(&carriers, &words(&["fax"])).stays, [1, 0]);
    assert_eq!(choose(&carriers, &words(&["typo"])).stays, [0]);
}

#[test]
fn lowest_weight_wins_then_the_name() {
    let carriers = [carrier("B", &[], 5), carrier("C", &[], 4), carrier("A", &[], 5)];
    assert_eq!(choose(&carriers, &[]).stays, [1, 2, 0]);
}

#[test]
fn plain_words() {
    let mut off = carrier("Off", &[], 1);
    off.enabled = false;
    let mut strict = carrier("Strict", &["premium"], 1);
    strict.require_flags = true;
    let north = carrier("North", &["emergency", "premium"], 50);
    let east = carrier("East", &["emergency"], 40);
    let south = carrier("South", &["emergency"], 60);
    let all = [north.clone(), east.clone(), south.clone()];
    assert_eq!(said(&all, &["emergency", "premium"]), "Calls leave by North. East and South are out: they lack premium.");
    assert_eq!(said(&all, &["emergency"]), "Calls leave by East; North and South stay too.");
    assert_eq!(said(&all[..2], &["emergency"]), "Calls leave by East; North stays too.");
    assert_eq!(said(&all[..2], &["premium"]), "Calls leave by North. East is out: it lacks premium.");
    assert_eq!(said(&all, &["emergency", "premum"]), "No carrier is left: premum is on none of them.");
    assert_eq!(said(&all, &["a", "emergency", "b"]), "No carrier is left: a and b are on none of them.");
    assert_eq!(
        said(&[east.clone(), carrier("West", &["fax"], 1)], &["emergency", "fax"]),
        "No carrier is left: none has both emergency and fax."
    );
    assert_eq!(
        said(&[carrier("X", &["a", "b"], 1), carrier("Y", &["c"], 1)], &["a", "b", "c"]),
        "No carrier is left: none has all of a, b and c."
    );
    assert_eq!(
        said(&[east.clone(), strict.clone(), off.clone()], &[]),
        "Calls leave by East. Strict is out: it requires flags, and the call has none. Off is disabled."
    );
    assert_eq!(said(&[strict, off.clone()], &[]), "No carrier is left: all of them require flags, and the call has none.");
    assert_eq!(said(&[off], &[]), "No carrier is left: all are disabled.");
    assert_eq!(said(&[], &["x"]), "No carrier is left: the account has none.");
    let many: Vec<Carrier> = ["A", "B", "C", "D", "E", "F"].map(|n| carrier(n, &[], 9)).into();
    assert_eq!(said(&many, &[]), "Calls leave by A; B, C, D and 2 others stay too.");
    assert_eq!(said(&many[..5], &[]), "Calls leave by A; B, C, D and 1 other stay too.");
}

#[test]
fn a_disabled_carrier_does_not_hide_the_culprit() {
    let mut off = carrier("Off", &["premium"], 1);
    off.enabled = false;
    let carriers = [off, carrier("East", &[], 1)];
    let choice = choose(&carriers, &words(&["premium"]));
    assert_eq!(culprit(&choice, &carriers), Some(Culprit::OnNone(words(&["premium"]))));
}

fn some_flags() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(proptest::sample::select(vec!["a", "b", "c", "A", ""]).prop_map(String::from), 0..4)
}

fn some_carriers() -> impl Strategy<Value = Vec<Carrier>> {
    let one = (some_flags(), any::<bool>(), proptest::bool::weighted(0.15), 1u8..5, proptest::bool::weighted(0.8));
    proptest::collection::vec(one, 0..6).prop_map(|list| {
        let made = list.into_iter().enumerate().map(|(i, (flags, require_flags, ignore_flags, weight, enabled))| Carrier {
            flags,
            require_flags,
            ignore_flags,
            enabled,
            ..carrier(&format!("C{i}"), &[], weight)
        });
        made.collect()
    })
}

fn sorted(mut list: Vec<usize>) -> Vec<usize> {
    list.sort_unstable();
    list
}

proptest! {
    #[test]
    fn each_carrier_stays_or_is_out_and_the_lightest_is_used(carriers in some_carriers(), flags in some_flags()) {
        let c = choose(&carriers, &flags);
        let all = c.stays.iter().copied().chain(c.out.iter().map(|o| o.carrier)).collect();
        prop_assert_eq!(sorted(all), (0..carriers.len()).collect::<Vec<_>>());
        prop_assert_eq!(c.used, c.stays.iter().copied().min_by_key(|&i| (carriers[i].weight, carriers[i].name.clone())));
        prop_assert_eq!(c.used.is_none(), culprit(&c, &carriers).is_some());
        for &i in &c.stays {
            prop_assert!(carriers[i].enabled);
            prop_assert!(carriers[i].ignore_flags || c.call_flags.iter().all(|f| carriers[i].flags.contains(f)));
        }
        for (i, k) in carriers.iter().enumerate() {
            prop_assert!(!(k.enabled && k.ignore_flags) || c.stays.contains(&i));
        }
    }

    #[test]
    fn one_more_flag_never_brings_a_carrier(carriers in some_carriers(), flags in some_flags(), more in "[abcdA]") {
        let before = choose(&carriers, &flags);
        let mut with = flags.clone();
        with.push(more);
        let after = choose(&carriers, &with);
        for i in after.stays {
            // Save one that wanted flags where there were none.
            prop_assert!(before.stays.contains(&i) || (before.call_flags.is_empty() && carriers[i].require_flags));
        }
    }

    #[test]
    fn order_does_not_count(carriers in some_carriers(), flags in some_flags()) {
        let names = |carriers: &[Carrier], flags: &[String]| {
            choose(carriers, flags).stays.iter().map(|&i| carriers[i].name.clone()).collect::<Vec<_>>()
        };
        let mut other_flags = flags.clone();
        other_flags.reverse();
        other_flags.extend(flags.clone());
        let mut other_carriers = carriers.clone();
        other_carriers.reverse();
        prop_assert_eq!(names(&carriers, &flags), names(&other_carriers, &other_flags));
    }

    #[test]
    fn a_culprit_is_to_blame(carriers in some_carriers(), flags in some_flags()) {
        let choice = choose(&carriers, &flags);
        let has = |flag: &String| carriers.iter().any(|c| c.enabled && c.flags.contains(flag));
        match culprit(&choice, &carriers) {
            None => prop_assert!(choice.used.is_some()),
            Some(Culprit::NoCarriers) => prop_assert!(carriers.is_empty()),
            Some(Culprit::AllDisabled) => prop_assert!(carriers.iter().all(|c| !c.enabled)),
            Some(Culprit::AllRequireFlags) => prop_assert!(carriers.iter().all(|c| c.require_flags || !c.enabled)),
            Some(Culprit::OnNone(bad)) => {
                prop_assert!(!bad.is_empty());
                prop_assert!(choice.call_flags.iter().all(|f| bad.contains(f) != has(f)));
            }
            Some(Culprit::NoneHasAll(bad)) => prop_assert!(!bad.is_empty() && bad.iter().all(has)),
        }
    }
}
