//! What a person reads of a job: short, exact, no promise that nobody saw kept.

use super::{End, What};
use crate::vendor::{Action, Trouble, Vendor};

/// How an end is to be shown, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// It is back, or did what was asked as far as it ever tells.
    Good,
    /// It may be.
    Unsure,
    /// It is not, or was never asked.
    Bad,
}

/// How `end` is to be shown.
pub fn grade(end: &End) -> Grade {
    match end {
        End::ConfirmedBack | End::Accepted => Grade::Good,
        End::LikelyBack | End::CannotTell | End::BackOldCredentials | End::Interrupted => Grade::Unsure,
        _ => Grade::Bad,
    }
}

/// The end in a few words.
pub fn headline(end: &End) -> String {
    match end {
        End::ConfirmedBack => "Restarted and back".into(),
        End::Accepted => "Accepted by the phone".into(),
        End::LikelyBack => "Back, very likely restarted".into(),
        End::DidNotRestart => "Accepted, but did not restart".into(),
        End::NotBack => "Has not come back".into(),
        End::NotRegistered => "Not sent: not registered".into(),
        End::NeverRegisters => "Not sent: does not register".into(),
        End::NotReachable => "Not sent: not reachable".into(),
        End::NotSupported(code) => format!("Not supported by the phone ({code})"),
        End::RefusedPassword => "The phone refused the password".into(),
        End::DemandsPassword => "The phone demands a password".into(),
        End::DemandsOther => "The phone demands a proof that Seatline does not have".into(),
        End::Refused(code, reason) => format!("Refused: {code} {reason}").trim_end().into(),
        End::CannotTell => "Accepted, cannot tell whether it restarted".into(),
        End::BackOldCredentials => "Back, but still with the old credentials".into(),
        End::NoAnswer => "No answer".into(),
        End::Interrupted => "Not followed to its end".into(),
    }
}

/// One step in a few words.
pub fn step(what: &What) -> String {
    match what {
        What::Asked => "Asked".into(),
        What::Sent { contact } => format!("Sent to {contact}"),
        What::Answered { code, reason, challenged } => {
            let asked = if *challenged { ", after asking for the password" } else { "" };
            format!("{}{asked}", format!("Phone answered {code} {reason}").trim_end())
        }
        What::NoAnswer => "No answer; watching whether it restarts".into(),
        What::RegistrationEnded => "Old registration ended".into(),
        What::WentAway => "Went away".into(),
        What::UnregisteredElsewhere => "Unregistered from elsewhere, perhaps by another phone".into(),
        What::ThereAgain => "There again, not restarted as far as seen".into(),
        What::Back => "Back, registered".into(),
        What::OldCredentials => "Tried the old credentials".into(),
        What::Resumed => "The server was restarted; watching again".into(),
    }
}

/// What to do about it, with what is known of the vendor's phones. None where nothing needs doing.
pub fn advice(end: &End, action: Action, vendor: Option<&Vendor>) -> Option<String> {
    let resync = action == Action::Resync;
    let (text, trouble) = match end {
        End::ConfirmedBack => return None,
        End::Accepted => ("It fetches its configuration now. Phones do not tell whether anything in it changed.", None),
        End::LikelyBack => ("It registered anew as after a restart; that it went away was not seen.", None),
        End::DidNotRestart => ("It said yes and was there all the time.", Some(Trouble::DidNotRestart)),
        End::NotBack => ("It said yes and went away. Look at its power, its network and its display.", None),
        End::NotRegistered => ("The request goes to the phone's registration, and there is none.", None),
        End::NeverRegisters => ("It authenticates by IP and does not register, so there is nowhere to send to.", None),
        End::NotReachable => ("Its connection is closed. Try again when it has registered anew.", None),
        End::NotSupported(_) => ("It does not know this request. Another event can be set for the device.", Some(Trouble::NotSupported)),
        End::RefusedPassword if resync => {
            ("It wants a password before it obeys, and another than the one it registered with.", Some(Trouble::Password))
        }
        End::RefusedPassword => {
            ("It wants a password before it restarts, and another than the one it registered with.", Some(Trouble::Password))
        }
        End::DemandsPassword if resync => ("It wants a password before it obeys, and this device has none.", Some(Trouble::Password)),
        End::DemandsPassword => ("It wants a password before it restarts, and this device has none.", Some(Trouble::Password)),
        End::DemandsOther => (
            "It asks for something else than Digest with MD5 or SHA-256 and qop=auth, so the device's password could not answer it.",
            Some(Trouble::Password),
        ),
        End::Refused(..) => ("The phone said no.", Some(Trouble::Refused)),
        End::CannotTell => ("It said yes. Nothing that it sends shows whether it restarted.", Some(Trouble::DidNotRestart)),
        End::BackOldCredentials => ("Set the saved realm, username and password in the phone too.", None),
        End::NoAnswer if resync => ("It may be off, or a NAT no longer lets requests in.", None),
        End::NoAnswer => ("Neither an answer nor a new registration came. It may be off, or a NAT no longer lets requests in.", None),
        End::Interrupted if resync => ("The server was restarted before the answer came. Ask once more.", None),
        End::Interrupted => ("The server was restarted meanwhile; see whether the phone is registered.", None),
    };
    let more = trouble.and_then(|t| vendor?.advice(t));
    Some(more.map_or_else(|| text.into(), |more| [text, " ", more].concat()))
}
