//! The table itself. The order counts: the first line that matches wins.

use super::Trouble::{self, DidNotRestart, NotSupported, Password, Refused};
use super::Vendor;

type Advice = &'static [(Trouble, &'static str)];

/// The events of a group of lines.
struct Events(&'static str, &'static str);

const TRUE_FALSE: Events = Events("check-sync;reboot=true", "check-sync;reboot=false");
const TRUE_PLAIN: Events = Events("check-sync;reboot=true", "check-sync");
const TRUE_RESYNC: Events = Events("check-sync;reboot=true", "resync");
const TRUE_SAME: Events = Events("check-sync;reboot=true", "check-sync;reboot=true");
const PLAIN: Events = Events("check-sync", "check-sync");

const YEALINK: Advice = {
    const TEXT: &str = "A Yealink ignores the request when its configuration says sip.notify_reboot_enable = 2: set it to 0 or 1.";
    &[(DidNotRestart, TEXT), (NotSupported, TEXT)]
};
const SNOM: Advice = &[
    (DidNotRestart, "In a Snom, checksync_action decides what the request does: leave it empty or set it to reboot."),
    (Password, "A Snom asks for the account's own password while challenge_reboot is on."),
];
const GRANDSTREAM: Advice = &[(Password, "A Grandstream asks for the account's own password while \"SIP NOTIFY Authentication\" is on.")];
const GIGASET: Advice = {
    const TEXT: &str =
        "A Gigaset restarts from software 2.52 on, and only with SystemSettings.global.CheckSyncRebootEnabled = 1 in its configuration.";
    &[(DidNotRestart, TEXT), (NotSupported, TEXT)]
};
const POLY: Advice = &[(
    DidNotRestart,
    "A Poly restarts only with voIpProt.SIP.specialEvent.checkSync.alwaysReboot=\"1\" in its configuration; else it only looks for changes.",
)];
const OBIHAI: Advice =
    &[(Password, "An Obihai asks for the account's own password while its user agent is set to authenticate NOTIFY requests.")];
const CISCO_79: Advice = &[(
    DidNotRestart,
    "A Cisco 7940 or 7960 restarts only when the sync value in syncinfo.xml on its TFTP server is another than its own.",
)];
const SPA: Advice = &[(Password, "It asks for the line's own password while \"Auth Resync-Reboot\" is yes.")];
const CISCO: Advice =
    &[(Refused, "A Cisco wants the request to name the Call-ID of its latest registration: let it register once more, then try again.")];

const fn line(key: &'static str, name: &'static str, events: Events, advice: Advice) -> Vendor {
    Vendor { key, name, reboot: events.0, resync: events.1, advice }
}

/// Keys are in lower case.
pub(super) static TABLE: [Vendor; 24] = [
    line("yealink", "Yealink", TRUE_FALSE, YEALINK),
    line("snom", "Snom", TRUE_FALSE, SNOM),
    line("avaya", "Avaya", TRUE_FALSE, &[]),
    line("bittel", "Bittel", TRUE_FALSE, &[]),
    line("fanvil", "Fanvil", TRUE_PLAIN, &[]),
    line("algo", "Algo", TRUE_PLAIN, &[]),
    line("grandstream", "Grandstream", TRUE_RESYNC, GRANDSTREAM),
    line("htek", "Htek", TRUE_RESYNC, &[]),
    line("sangoma", "Sangoma", TRUE_RESYNC, &[]),
    line("panasonic", "Panasonic", TRUE_SAME, &[]),
    line("aastra", "Aastra", TRUE_SAME, &[]),
    line("mitel", "Mitel", TRUE_SAME, &[]),
    line("gigaset", "Gigaset", TRUE_FALSE, GIGASET),
    line("linksys/spa8000", "Linksys", PLAIN, SPA),
    line("cisco-cp7960g", "Cisco", PLAIN, CISCO_79),
    line("cisco-cp7940g", "Cisco", PLAIN, CISCO_79),
    line("digium", "Digium", PLAIN, &[]),
    line("polycom", "Polycom", PLAIN, POLY),
    line("poly", "Poly", PLAIN, POLY),
    line("linksys", "Linksys", Events("reboot_now", "restart_now"), SPA),
    line("spa", "Cisco SPA", Events("reboot", "resync"), SPA),
    line("sipura", "Sipura", Events("reboot", "resync"), SPA),
    line("obihai", "Obihai", Events("resync", "resync"), OBIHAI),
    line("cisco", "Cisco", Events("service-control", "check-sync"), CISCO),
];
