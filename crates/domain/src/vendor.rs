//! Which event makes which phone restart or fetch its configuration, by the User-Agent of its REGISTER.
//! Sources: `FreeSWITCH`, `FusionPBX`, Asterisk's sample configuration, vendors' manuals.

#[cfg(test)]
mod document;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

/// The event of a phone that nobody knows.
const REBOOT: &str = "check-sync;reboot=true";
const RESYNC: &str = "check-sync";
/// The event that wants a body.
const SERVICE_CONTROL: &str = "service-control";

/// What is asked of the phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Restart.
    #[default]
    Reboot,
    /// Fetch the configuration again.
    Resync,
}

/// What went wrong, where a vendor has a word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It said that it does not know the event.
    NotSupported,
    /// It accepted and did not restart.
    DidNotRestart,
    /// It refused for another reason.
    Refused,
    /// It demands a password, or refused ours.
    Password,
}

impl Trouble {
    pub const ALL: [Self; 4] = [Self::NotSupported, Self::DidNotRestart, Self::Refused, Self::Password];
}

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Vendor {
    key: &'static str,
    name: &'static str,
    reboot: &'static str,
    resync: &'static str,
    advice: &'static [(Trouble, &'static str)],
}

impl Action {
    /// As in "Reboot" on a button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reboot => "Reboot",
            Self::Resync => "Resync",
        }
    }

    /// As in "asked for a reboot".
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Reboot => "reboot",
            Self::Resync => "resync",
        }
    }
}

impl Vendor {
    /// Every line, in the order in which they are looked at.
    pub fn all() -> &'static [Self] {
        &table::TABLE
    }

    /// The vendor of the phone with this User-Agent; the first line of the table that matches. None for an unknown one.
    pub fn of(user_agent: &str) -> Option<&'static Self> {
        let agent = user_agent.to_ascii_lowercase();
        table::TABLE.iter().find(|v| matches(v.key, &agent))
    }

    /// What the User-Agent has, in lower case.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// As shown to a person.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The Event header's value.
    pub fn event(&self, action: Action) -> &'static str {
        match action {
            Action::Reboot => self.reboot,
            Action::Resync => self.resync,
        }
    }

    /// What to look for in this vendor's phones.
    pub fn advice(&self, trouble: Trouble) -> Option<&'static str> {
        self.advice.iter().find(|(t, _)| *t == trouble).map(|(_, text)| *text)
    }
}

/// Keys with `/` or `-` match anywhere, others at the start of a word, `spa` only before a digit. `agent` is in lower case.
fn matches(key: &str, agent: &str) -> bool {
    if key.contains(['/', '-']) {
        return agent.contains(key);
    }
    agent.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let rest = word.strip_prefix(key);
        rest.is_some_and(|rest| key != "spa" || rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// The event for `action` to the phone with this User-Agent, where no operator set another.
pub fn event(action: Action, user_agent: Option<&str>) -> &'static str {
    match (user_agent.and_then(Vendor::of), action) {
        (Some(vendor), _) => vendor.event(action),
        (None, Action::Reboot) => REBOOT,
        (None, Action::Resync) => RESYNC,
    }
}

/// What a NOTIFY carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotifyPlan {
    /// The value of Event.
    pub event: String,
    pub content_type: Option<&'static str>,
    pub body: Option<String>,
}

/// Whether `event` can stand in an Event header (RFC 6665 §8.4): an event type of 1–64 characters, perhaps with parameters.
pub fn is_event(event: &str) -> bool {
    let token = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b));
    let param = |s: &str| match s.split_once('=') {
        Some((name, value)) => token(name) && token(value),
        None => token(s),
    };
    let mut parts = event.split(';');
    event.len() <= 64 && parts.next().is_some_and(token) && parts.all(param)
}

/// The NOTIFY for `action` to the phone with this User-Agent. `call_id` is the Call-ID of its REGISTER, which a Cisco phone wants to
/// see. `own` is the event that an operator set for this device and action; what is no event is passed over.
pub fn plan(action: Action, user_agent: Option<&str>, call_id: &str, own: Option<&str>) -> NotifyPlan {
    let event = own.map(str::trim).filter(|e| is_event(e)).unwrap_or_else(|| event(action, user_agent));
    // A Call-ID with a line break would write lines of its own into the body.
    let call_id: String = call_id.chars().filter(|c| !c.is_control()).collect();
    let body = (event == SERVICE_CONTROL).then(|| {
        let stamp = "{0000000000000000}";
        format!(
            "action=restart\r\nRegisterCallId={{{call_id}}}\r\nConfigVersionStamp={stamp}\r\nDialplanVersionStamp={stamp}\r\n\
             SoftkeyVersionStamp={stamp}\r\n"
        )
    });
    NotifyPlan { event: event.into(), content_type: body.is_some().then_some("text/plain"), body }
}
