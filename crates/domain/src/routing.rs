//! Outbound Flags: which carriers stay for a call, which one is used, and what takes the others away.

mod dial;
mod explain;
#[cfg(test)]
mod tests;

pub use dial::{number, number_key, way_out};
pub use explain::{Culprit, Explanation, OutGroup, culprit, explain, sentence};

use crate::CarrierId;
use crate::few::Map;
use serde::{Deserialize, Serialize};

/// Begins the name of a dynamic flag that reads a channel variable.
pub const CHANNEL_VAR: &str = "custom_channel_vars.";

/// The names of dynamic flags that are offered; the last wants a key behind it.
pub const DYNAMIC_NAMES: [&str; 3] = ["zone", "from_realm", CHANNEL_VAR];

/// Chosen by the operator, never guessed from the word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlagKind {
    /// The call has the word itself.
    #[default]
    Static,
    /// The call has what the word stands for at the time of the call.
    Dynamic,
}

/// One outbound flag of a device.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flag {
    pub name: String,
    pub kind: FlagKind,
}

impl Flag {
    pub fn fixed(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: FlagKind::Static }
    }

    pub fn dynamic(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: FlagKind::Dynamic }
    }
}

/// A way out for calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// None for one that is not saved (worked examples, a new one).
    pub id: Option<CarrierId>,
    pub name: String,
    pub uri: String,
    pub flags: Vec<String>,
    /// It goes when the call has no flags.
    pub require_flags: bool,
    /// It always stays; looked at first.
    pub ignore_flags: bool,
    /// 1–100; the lowest wins.
    pub weight: u8,
    /// One that is not enabled is never used.
    pub enabled: bool,
}

/// What dynamic flags stand for in one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagValues {
    pub zone: Option<String>,
    pub from_realm: Option<String>,
    /// By key, without [`CHANNEL_VAR`].
    pub channel_vars: Map<String, String>,
}

impl FlagValues {
    /// Values for the preview of a device in `realm`: zone `local`, and `sample` for every channel variable that `flags` name.
    pub fn sample(realm: &str, flags: &[Flag]) -> Self {
        let keys = flags.iter().filter(|f| f.kind == FlagKind::Dynamic).filter_map(|f| f.name.strip_prefix(CHANNEL_VAR));
        Self {
            zone: Some("local".into()),
            from_realm: Some(realm.into()),
            channel_vars: crate::few::map(keys.filter(|key| !key.is_empty()).map(|key| (key.into(), "sample".into()))),
        }
    }

    /// What a dynamic flag's name stands for; none for a name that nobody knows (an imported one) and for one without a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        match name {
            "zone" => self.zone.as_deref(),
            "from_realm" => self.from_realm.as_deref(),
            _ => self.channel_vars.get(&name.strip_prefix(CHANNEL_VAR)?.to_owned()).map(String::as_str),
        }
        .filter(|value| !value.is_empty())
    }
}

/// The flags of a call: the static ones and what the dynamic ones stand for, in their order, without repeats and empty ones.
pub fn resolve(flags: &[Flag], values: &FlagValues) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for flag in flags {
        let word = match flag.kind {
            FlagKind::Static => Some(flag.name.as_str()),
            FlagKind::Dynamic => values.get(&flag.name),
        };
        if let Some(word) = word.filter(|w| !w.is_empty() && !out.iter().any(|o| o == w)) {
            out.push(word.into());
        }
    }
    out
}

/// Why a carrier is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is not enabled.
    Disabled,
    /// The first of the call's flags that it does not have.
    LacksFlag(String),
    /// The call has no flags and the carrier requires some.
    RequiresFlags,
}

/// A carrier that does not stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    /// Its index in the list that was given.
    pub carrier: usize,
    pub why: Why,
}

/// What becomes of each carrier. Numbers are indices into the list that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The one that is used; none: the call fails.
    pub used: Option<usize>,
    /// Those that stay, the used one first: by weight, then by name.
    pub stays: Vec<usize>,
    /// Those that do not, in the order given.
    pub out: Vec<Out>,
    /// The flags of the call, empty ones left out.
    pub call_flags: Vec<String>,
}

/// The call's flags that `carrier` does not have (exact, case counts, empty ones ignored), in the call's order.
pub fn missing<'a>(carrier: &Carrier, call_flags: &'a [String]) -> Vec<&'a str> {
    call_flags.iter().filter(|f| !f.is_empty() && !carrier.flags.contains(f)).map(String::as_str).collect()
}

fn why_out(carrier: &Carrier, call_flags: &[String]) -> Option<Why> {
    if !carrier.enabled {
        return Some(Why::Disabled);
    }
    if carrier.ignore_flags {
        return None;
    }
    if call_flags.is_empty() {
        return carrier.require_flags.then_some(Why::RequiresFlags);
    }
    missing(carrier, call_flags).first().map(|flag| Why::LacksFlag((*flag).into()))
}

/// Which carriers stay for a call with `call_flags` (see [`resolve`]) and which one is used.
pub fn choose(carriers: &[Carrier], call_flags: &[String]) -> Choice {
    let call_flags: Vec<String> = call_flags.iter().filter(|f| !f.is_empty()).cloned().collect();
    let (mut stays, mut out) = (Vec::new(), Vec::new());
    for (carrier, c) in carriers.iter().enumerate() {
        match why_out(c, &call_flags) {
            None => stays.push(carrier),
            Some(why) => out.push(Out { carrier, why }),
        }
    }
    let key = |i: usize| (carriers[i].weight, carriers[i].name.as_str());
    crate::few::sort_by(&mut stays, |&a, &b| key(a) < key(b));
    Choice { used: stays.first().copied(), stays, out, call_flags }
}
