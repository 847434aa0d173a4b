//! Worked examples of Outbound Flags: a call, the carriers, and which one is used.

use crate::routing::{Carrier, Flag, FlagValues};

/// One example: a small table on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub title: &'static str,
    /// What it shows, in one or two sentences.
    pub sentence: &'static str,
    /// The device's Outbound Flags.
    pub flags: Vec<Flag>,
    /// What its dynamic flags stand for in this call.
    pub values: FlagValues,
    pub carriers: Vec<Carrier>,
    /// The name of the carrier that is used; none: the call fails.
    pub used: Option<&'static str>,
}

fn carrier(name: &str, weight: u8, flags: &[&str]) -> Carrier {
    Carrier {
        id: None,
        name: name.into(),
        uri: format!("sip:{}.example.net", name.to_ascii_lowercase()),
        flags: flags.iter().map(|f| (*f).into()).collect(),
        require_flags: false,
        ignore_flags: false,
        weight,
        enabled: true,
    }
}

fn requires(carrier: Carrier) -> Carrier {
    Carrier { require_flags: true, ..carrier }
}

fn ignores(carrier: Carrier) -> Carrier {
    Carrier { ignore_flags: true, ..carrier }
}

/// All of them, from the simplest on.
pub fn examples() -> Vec<Example> {
    let none = FlagValues::default;
    vec![
        Example {
            title: "No flags",
            sentence: "A call without flags fits each of these carriers. The lowest weight is used: North.",
            flags: vec![],
            values: none(),
            carriers: vec![carrier("East", 50, &["fax"]), carrier("North", 10, &[])],
            used: Some("North"),
        },
        Example {
            title: "One flag picks the carrier",
            sentence: "The call has premium. North is cheaper but does not have it, so the call leaves by East.",
            flags: vec![Flag::fixed("premium")],
            values: none(),
            carriers: vec![carrier("North", 10, &["emergency"]), carrier("East", 50, &["premium"])],
            used: Some("East"),
        },
        Example {
            title: "Every flag counts",
            sentence: "A carrier needs all flags of the call; more of its own do no harm. Only East has both emergency and fax.",
            flags: vec![Flag::fixed("emergency"), Flag::fixed("fax")],
            values: none(),
            carriers: vec![
                carrier("North", 10, &["emergency"]),
                carrier("South", 20, &["fax"]),
                carrier("East", 50, &["emergency", "fax", "premium"]),
            ],
            used: Some("East"),
        },
        Example {
            title: "A typo takes the calls away",
            sentence: "Premium is not premium: case counts, and so does every letter. No carrier has the flag, so the call fails.",
            flags: vec![Flag::fixed("Premium")],
            values: none(),
            carriers: vec![carrier("North", 10, &["premium"]), carrier("East", 50, &["premium", "fax"])],
            used: None,
        },
        Example {
            title: "A carrier that ignores flags",
            sentence: "Backup ignores flags and always stays. It takes the call that nobody else can take.",
            flags: vec![Flag::fixed("satellite")],
            values: none(),
            carriers: vec![carrier("North", 10, &["premium"]), ignores(carrier("Backup", 90, &[]))],
            used: Some("Backup"),
        },
        Example {
            title: "A carrier that requires flags",
            sentence: "Special is kept for calls with flags. This call has none, so it leaves by North although Special weighs less.",
            flags: vec![],
            values: none(),
            carriers: vec![requires(carrier("Special", 1, &["premium"])), carrier("North", 50, &[])],
            used: Some("North"),
        },
        Example {
            title: "A dynamic flag",
            sentence: "zone is dynamic: the call has the zone's name, here zurich, and needs a carrier with the flag zurich.",
            flags: vec![Flag::dynamic("zone")],
            values: FlagValues { zone: Some("zurich".into()), ..none() },
            carriers: vec![carrier("Zone", 10, &["zone"]), carrier("Zurich", 50, &["zurich"]), carrier("Geneva", 20, &["geneva"])],
            used: Some("Zurich"),
        },
        Example {
            title: "A dynamic flag without a value",
            sentence: "The channel variable tier is not set, so the flag adds nothing. Both carriers stay; of equal weights the first by name is used.",
            flags: vec![Flag::dynamic("custom_channel_vars.tier")],
            values: none(),
            carriers: vec![carrier("South", 50, &[]), carrier("North", 50, &["gold"])],
            used: Some("North"),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::{choose, resolve};

    #[test]
    fn each_example_is_true() {
        let all = examples();
        assert!((6..=8).contains(&all.len()));
        for e in &all {
            let choice = choose(&e.carriers, &resolve(&e.flags, &e.values));
            let used = choice.used.map(|i| e.carriers[i].name.as_str());
            assert_eq!(used, e.used, "{}", e.title);
            assert!(used.is_none_or(|name| e.sentence.contains(name)) || e.title.contains("dynamic"), "{}", e.title);
        }
        assert_eq!(all.iter().filter(|e| e.used.is_none()).count(), 1);
    }
}
