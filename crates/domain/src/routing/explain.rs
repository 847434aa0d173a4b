//! The words for a [`Choice`]: what the page shows, and what a refused call says.

use super::{Carrier, Choice, Why};
use serde::{Deserialize, Serialize};

/// Why no carrier stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Culprit {
    /// There is no carrier at all.
    NoCarriers,
    /// None is enabled.
    AllDisabled,
    /// These flags of the call are on no enabled carrier.
    OnNone(Vec<String>),
    /// Each flag of the call is on some enabled carrier, but no one of them has all of these.
    NoneHasAll(Vec<String>),
    /// The call has no flags, and every enabled carrier requires some.
    AllRequireFlags,
}

/// Carriers that are out for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutGroup {
    pub names: Vec<String>,
    pub why: Why,
}

/// A [`Choice`] by names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub used: Option<String>,
    /// Those that stay and are not used.
    pub others: Vec<String>,
    pub out: Vec<OutGroup>,
    /// Set exactly when none stays.
    pub culprit: Option<Culprit>,
}

/// Why none of `carriers` stays in `choice`; none when one does. `carriers` is the list that was chosen from.
pub fn culprit(choice: &Choice, carriers: &[Carrier]) -> Option<Culprit> {
    if choice.used.is_some() {
        return None;
    }
    let enabled: Vec<&Carrier> = carriers.iter().filter(|c| c.enabled).collect();
    Some(if carriers.is_empty() {
        Culprit::NoCarriers
    } else if enabled.is_empty() {
        Culprit::AllDisabled
    } else if choice.call_flags.is_empty() {
        Culprit::AllRequireFlags
    } else {
        let nowhere: Vec<String> = choice.call_flags.iter().filter(|f| !enabled.iter().any(|c| c.flags.contains(f))).cloned().collect();
        if nowhere.is_empty() { Culprit::NoneHasAll(choice.call_flags.clone()) } else { Culprit::OnNone(nowhere) }
    })
}

/// The choice by names, grouped by reason, for the page to lay out.
pub fn explain(choice: &Choice, carriers: &[Carrier]) -> Explanation {
    let name = |i: usize| carriers.get(i).map_or_else(String::new, |c| c.name.clone());
    let mut out: Vec<OutGroup> = Vec::new();
    for o in &choice.out {
        match out.iter_mut().find(|g| g.why == o.why) {
            Some(group) => group.names.push(name(o.carrier)),
            None => out.push(OutGroup { names: vec![name(o.carrier)], why: o.why.clone() }),
        }
    }
    Explanation {
        used: choice.used.map(name),
        others: choice.stays.iter().skip(1).map(|&i| name(i)).collect(),
        out,
        culprit: culprit(choice, carriers),
    }
}

/// `a`, `a and b`, `a, b and c`; of more than `most` the rest is counted.
fn list(words: &[String], most: usize) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] if words.len() <= most => format!("{} and {last}", init.join(", ")),
        _ => match words.len() - most {
            1 => format!("{} and 1 other", words[..most].join(", ")),
            n => format!("{} and {n} others", words[..most].join(", ")),
        },
    }
}

const NAMES: usize = 3;

/// The explanation in plain sentences, for example `Calls leave by North. East is out: it lacks premium.` or `No carrier is left:
/// premium is on none of them.` Plain text: names and flags stand as they are, so whoever puts it into a header quotes it.
pub fn sentence(explanation: &Explanation) -> String {
    if let Some(culprit) = &explanation.culprit {
        let why = match culprit {
            Culprit::NoCarriers => "the account has none".into(),
            Culprit::AllDisabled => "all are disabled".into(),
            Culprit::OnNone(flags) => {
                format!("{} {} on none of them", list(flags, usize::MAX), if flags.len() == 1 { "is" } else { "are" })
            }
            Culprit::NoneHasAll(flags) => {
                format!("none has {} {}", if flags.len() == 2 { "both" } else { "all of" }, list(flags, usize::MAX))
            }
            Culprit::AllRequireFlags => "all of them require flags, and the call has none".into(),
        };
        return format!("No carrier is left: {why}.");
    }
    let stay = match explanation.others.as_slice() {
        [] => String::new(),
        [one] => format!("; {one} stays too"),
        more => format!("; {} stay too", list(more, NAMES)),
    };
    let mut sentences = vec![format!("Calls leave by {}{stay}.", explanation.used.as_deref().unwrap_or_default())];
    sentences.extend(explanation.out.iter().map(|group| {
        let names = list(&group.names, NAMES);
        let (is, it, s) = if group.names.len() > 1 { ("are", "they", "") } else { ("is", "it", "s") };
        match &group.why {
            Why::Disabled => format!("{names} {is} disabled."),
            Why::LacksFlag(flag) => format!("{names} {is} out: {it} lack{s} {flag}."),
            Why::RequiresFlags => format!("{names} {is} out: {it} require{s} flags, and the call has none."),
        }
    }));
    sentences.join(" ")
}
