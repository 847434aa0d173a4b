//! How a vendor's phone names itself and behaves.

use std::time::Duration;

/// What the phone does with a NOTIFY before it thinks about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Answers.
    Answers,
    /// Challenges it with 401 and wants its own SIP password.
    Challenges,
    /// Acts on it and never answers; some do.
    SaysNothing,
    /// Does not answer and does nothing.
    Ignores,
}

/// How it takes its leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// By removing its registration.
    Unregisters,
    /// By falling silent.
    Silent,
}

/// What comes of the event that is to restart it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// It leaves and is back after [`Profile::away`].
    Returns,
    /// It leaves and stays away.
    NeverReturns,
    /// It says yes and stays: its configuration forbids it.
    Stays,
}

/// What an event makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    Restart,
    Resync,
    /// 489.
    Unknown,
}

/// A kind of phone. Change the fields for a special one.
#[derive(Clone, Debug)]
pub struct Profile {
    pub user_agent: String,
    /// The events that restart it, without blanks and in lower case.
    pub reboot_events: &'static [&'static str],
    /// The events that make it fetch its configuration.
    pub resync_events: &'static [&'static str],
    pub manner: Manner,
    pub restart: Restart,
    pub leave: Leave,
    /// How long a restart takes.
    pub away: Duration,
    pub answers_options: bool,
    /// Parameters inside the Contact's URI, with their `;`.
    pub uri_params: &'static str,
    /// Parameters of the Contact header behind the URI, with their `;`.
    pub contact_params: &'static str,
}

impl Profile {
    /// Un-registers, restarts quickly.
    pub fn yealink() -> Self {
        Self {
            user_agent: "Yealink SIP-T54W 96.86.0.70".into(),
            reboot_events: &["check-sync;reboot=true"],
            resync_events: &["check-sync", "check-sync;reboot=false"],
            manner: Manner::Answers,
            restart: Restart::Returns,
            leave: Leave::Unregisters,
            away: Duration::from_secs(6),
            answers_options: true,
            uri_params: "",
            contact_params: "",
        }
    }

    /// Falls silent, and for long enough that two OPTIONS five seconds apart go unanswered.
    pub fn snom() -> Self {
        Self {
            user_agent: "snomD785/10.1.184.15".into(),
            leave: Leave::Silent,
            away: Duration::from_secs(16),
            uri_params: ";line=k7x2qhnd",
            contact_params: ";reg-id=1;q=1.0;+sip.instance=\"<urn:uuid:0b7d3c1e-5a41-4c70-9a8e-000413a1b2c3>\"",
            ..Self::yealink()
        }
    }

    /// Says yes and stays, unless `always_reboot` as `voIpProt.SIP.specialEvent.checkSync.alwaysReboot="1"` would have it.
    pub fn poly(always_reboot: bool) -> Self {
        Self {
            user_agent: "PolycomVVX-VVX_411-UA/5.9.5.0614".into(),
            reboot_events: &["check-sync"],
            resync_events: &[],
            restart: if always_reboot { Restart::Returns } else { Restart::Stays },
            away: Duration::from_secs(8),
            contact_params: ";methods=\"INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER\"",
            ..Self::yealink()
        }
    }

    /// Restarts take as long as told.
    #[must_use]
    pub fn away_for(self, away: Duration) -> Self {
        Self { away, ..self }
    }

    pub(crate) fn reaction(&self, event: &str) -> Reaction {
        let event: String = event.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let has = |events: &[&str]| events.contains(&event.as_str());
        if has(self.reboot_events) {
            Reaction::Restart
        } else if has(self.resync_events) {
            Reaction::Resync
        } else {
            Reaction::Unknown
        }
    }
}
