//! Each line of the table by User-Agents as phones send them.

use super::*;
use proptest::prelude::*;

#[test]
fn each_row() {
    for (agent, name, reboot, resync) in [
        ("Yealink SIP-T54W 96.86.0.70", "Yealink", "check-sync;reboot=true", "check-sync;reboot=false"),
        ("snom320/8.4.35", "Snom", "check-sync;reboot=true", "check-sync;reboot=false"),
        ("Avaya J179 IP Phone", "Avaya", "check-sync;reboot=true", "check-sync;reboot=false"),
        ("BITTEL HA9888", "Bittel", "check-sync;reboot=true", "check-sync;reboot=false"),
        ("Fanvil X4U 2.12", "Fanvil", "check-sync;reboot=true", "check-sync"),
        ("Algo-8301/5.3", "Algo", "check-sync;reboot=true", "check-sync"),
        ("Grandstream GXP2170 1.0.11.64", "Grandstream", "check-sync;reboot=true", "resync"),
        ("Htek UC926E 2.0.4", "Htek", "check-sync;reboot=true", "resync"),
        ("Sangoma S500 V3", "Sangoma", "check-sync;reboot=true", "resync"),
        ("Panasonic-KX-HDV130", "Panasonic", "check-sync;reboot=true", "check-sync;reboot=true"),
        ("Aastra 6757i/3.3.1", "Aastra", "check-sync;reboot=true", "check-sync;reboot=true"),
        ("Mitel-6930-SIP-Phone", "Mitel", "check-sync;reboot=true", "check-sync;reboot=true"),
        ("Gigaset N870 IP PRO/2.52", "Gigaset", "check-sync;reboot=true", "check-sync;reboot=false"),
        ("Linksys/SPA8000-6.1.11", "Linksys", "check-sync", "check-sync"),
        ("Cisco-CP7960G/8.0", "Cisco", "check-sync", "check-sync"),
        ("Cisco-CP7940G/8.0", "Cisco", "check-sync", "check-sync"),
        ("Digium D65 2_9", "Digium", "check-sync", "check-sync"),
        ("PolycomVVX-VVX_411-UA/5.9.5", "Polycom", "check-sync", "check-sync"),
        ("PolyEdge/8.1.1", "Poly", "check-sync", "check-sync"),
        ("Linksys/SPA942-6.1.5", "Linksys", "reboot_now", "restart_now"),
        ("Cisco/SPA504G-7.6.2", "Cisco SPA", "reboot", "resync"),
        ("Sipura/SPA2000-3.1.5", "Cisco SPA", "reboot", "resync"),
        ("Sipura ATA", "Sipura", "reboot", "resync"),
        ("OBIHAI/OBi202-3.2.2", "Obihai", "resync", "resync"),
        ("Cisco-CP8841/12.5", "Cisco", "service-control", "check-sync"),
    ] {
        let v = Vendor::of(agent).unwrap_or_else(|| panic!("{agent} is not known"));
        assert_eq!((v.name(), v.event(Action::Reboot), v.event(Action::Resync)), (name, reboot, resync), "{agent}");
        assert_eq!(plan(Action::Resync, Some(agent), "c", None).body, None, "{agent}");
    }
    // Nobody knows these: inside a word, `spa` without a digit, half a key, nothing at all.
    for agent in ["MySnom", "Spacely Sprockets", "SPA", "xspa504", "polinux", "baresip v1.0.0 (x86_64/Linux)", "Cisc", ""] {
        assert_eq!(Vendor::of(agent), None, "{agent}");
        assert_eq!(plan(Action::Reboot, Some(agent), "c", None).event, "check-sync;reboot=true");
        assert_eq!(plan(Action::Resync, Some(agent), "c", None).event, "check-sync");
    }
    assert_eq!(plan(Action::Reboot, None, "c", None).event, "check-sync;reboot=true");
}

#[test]
fn first_match_wins_and_case_does_not_count() {
    assert_eq!(Vendor::of("Cisco (by Snom)").unwrap().name(), "Snom", "the table's order, not the word's");
    assert_eq!(Vendor::of("gw/CISCO-cp7960g").unwrap().event(Action::Reboot), "check-sync", "with a dash: anywhere");
    assert_eq!(Vendor::of("xxLINKSYS/spa8000").unwrap().event(Action::Reboot), "check-sync");
    assert_eq!(Vendor::of("phone_YEALINK").unwrap().name(), "Yealink");
}

#[test]
fn cisco_wants_a_body_with_its_call_id() {
    let p = plan(Action::Reboot, Some("Cisco-CP8841/12.5"), "00c1-7f@10.0.0.7\r\nx", None);
    assert_eq!((p.event.as_str(), p.content_type), ("service-control", Some("text/plain")));
    let zero = "{0000000000000000}";
    assert_eq!(
        p.body.unwrap(),
        format!(
            "action=restart\r\nRegisterCallId={{00c1-7f@10.0.0.7x}}\r\nConfigVersionStamp={zero}\r\nDialplanVersionStamp={zero}\r\n\
             SoftkeyVersionStamp={zero}\r\n"
        )
    );
}

#[test]
fn an_operator_overrides_the_event() {
    let event = |own| plan(Action::Reboot, Some("snom320"), "c", Some(own));
    assert_eq!(event(" reboot ").event, "reboot");
    assert_eq!(event("check-sync;reboot=now").event, "check-sync;reboot=now");
    assert!(event("service-control").body.is_some(), "that event means nothing without it");
    assert_eq!(plan(Action::Reboot, Some("Cisco-CP8841"), "c", Some("check-sync")).body, None);
    for bad in ["", "  ", "a b", "x\r\nVia: evil", "a;", ";a", "a;b=", "a;=b", "é"] {
        assert!(!is_event(bad), "{bad:?}");
        assert_eq!(event(bad).event, "check-sync;reboot=true", "{bad:?}");
    }
    assert!(!is_event(&"x".repeat(65)));
}

#[test]
fn advice_of_the_vendors_that_have_some() {
    let advice = |agent, trouble| Vendor::of(agent).unwrap().advice(trouble).unwrap_or_default();
    assert!(advice("PolycomVVX-1", Trouble::DidNotRestart).contains("checkSync.alwaysReboot=\"1\""));
    assert!(advice("Poly VVX", Trouble::DidNotRestart).contains("alwaysReboot"));
    assert!(advice("Yealink", Trouble::DidNotRestart).contains("sip.notify_reboot_enable"));
    assert!(advice("Gigaset N870", Trouble::DidNotRestart).contains("CheckSyncRebootEnabled"));
    assert!(advice("snom320", Trouble::Password).contains("challenge_reboot"));
    assert!(advice("Cisco/SPA504G", Trouble::Password).contains("Auth Resync-Reboot"));
    assert!(advice("Cisco-CP8841", Trouble::Refused).contains("Call-ID"));
    assert_eq!(advice("Fanvil", Trouble::DidNotRestart), "");
}

#[test]
fn every_event_of_the_table_is_one() {
    for v in &table::TABLE {
        assert!(is_event(v.reboot) && is_event(v.resync), "{}", v.name);
        assert_eq!(v.key, v.key.to_ascii_lowercase());
    }
}

proptest! {
    #[test]
    fn no_plan_breaks_a_message(agent in ".{0,30}", call_id in ".{0,30}", own in proptest::option::of(".{0,20}")) {
        for action in [Action::Reboot, Action::Resync] {
            let p = plan(action, Some(&agent), &call_id, own.as_deref());
            prop_assert!(is_event(&p.event));
            prop_assert_eq!(p.body.is_some(), p.content_type.is_some());
        }
    }
}
