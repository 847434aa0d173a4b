//! What the panel says.

use super::*;
use crate::vendor::Vendor;

#[test]
fn words_for_every_end() {
    let yealink = Vendor::of("Yealink SIP-T54W");
    assert_eq!(headline(&End::NotSupported(481)), "Not supported by the phone (481)");
    assert_eq!(headline(&End::Refused(403, "Forbidden".into())), "Refused: 403 Forbidden");
    assert_eq!(headline(&End::Refused(603, String::new())), "Refused: 603");
    assert_eq!(headline(&End::BackOldCredentials), "Back, but still with the old credentials");
    assert!(advice(&End::DidNotRestart, Action::Reboot, yealink).unwrap().contains("sip.notify_reboot_enable"));
    assert!(!advice(&End::NotBack, Action::Reboot, yealink).unwrap().contains("Yealink"));
    assert!(advice(&End::DidNotRestart, Action::Reboot, Vendor::of("PolycomVVX")).unwrap().contains("alwaysReboot"));
    assert_eq!(advice(&End::ConfirmedBack, Action::Reboot, yealink), None);
    let ends = [
        End::LikelyBack,
        End::Accepted,
        End::DidNotRestart,
        End::NotBack,
        End::NotRegistered,
        End::NeverRegisters,
        End::NotReachable,
        End::NotSupported(489),
        End::RefusedPassword,
        End::DemandsPassword,
        End::DemandsOther,
        End::Refused(403, "Forbidden".into()),
        End::CannotTell,
        End::BackOldCredentials,
        End::NoAnswer,
        End::Interrupted,
    ];
    let mut told: Vec<_> = ends.iter().map(|end| (headline(end), advice(end, Action::Reboot, None).unwrap())).collect();
    assert!(told.iter().all(|(head, advice)| !head.is_empty() && advice.ends_with('.')));
    told.sort();
    told.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(told.len(), ends.len(), "each end has words of its own");
    assert!(advice(&End::NotSupported(481), Action::Reboot, Vendor::of("Gigaset N870")).unwrap().contains("CheckSyncRebootEnabled"));
    assert!(!advice(&End::NoAnswer, Action::Resync, None).unwrap().contains("registration"));
    assert_eq!((grade(&End::ConfirmedBack), grade(&End::CannotTell), grade(&End::NoAnswer)), (Grade::Good, Grade::Unsure, Grade::Bad));
    assert_eq!(step(&What::Answered { code: 200, reason: "OK".into(), challenged: false }), "Phone answered 200 OK");
    assert_eq!(step(&What::Sent { contact: "203.0.113.7:5060".into() }), "Sent to 203.0.113.7:5060");
    assert_eq!(serde_json::to_string(&End::NotSupported(489)).unwrap(), r#"{"not_supported":489}"#);
}
