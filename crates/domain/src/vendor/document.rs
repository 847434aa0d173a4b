//! `docs/PHONES.md` and the table say the same: the part between its two marks is written from here.

use super::{Action, Vendor};
use crate::reboot::{End, advice, headline};
use std::fmt::Write;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PHONES.md");
const BEGIN: &str = "<!-- from the vendor table -->\n";
const END: &str = "<!-- end -->\n";

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Every vendor once, with the keys that lead to the same line.
fn vendors() -> String {
    let mut out = String::from("| User-Agent has | Reboot: `Event` | Resync: `Event` | To be set in the phone |\n|---|---|---|---|\n");
    let mut seen: Vec<(Vec<&str>, &Vendor)> = Vec::new();
    for v in Vendor::all() {
        match seen.last_mut() {
            Some((keys, last)) if (last.reboot, last.resync, last.advice) == (v.reboot, v.resync, v.advice) => keys.push(v.key()),
            _ => seen.push((vec![v.key()], v)),
        }
    }
    for (keys, v) in seen {
        let mut advice: Vec<&str> = v.advice.iter().map(|(_, text)| *text).collect();
        advice.dedup();
        let keys = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        writeln!(out, "| {keys} | `{}` | `{}` | {} |", v.event(Action::Reboot), v.event(Action::Resync), cell(&advice.join(" "))).unwrap();
    }
    writeln!(out, "| anything else | `{}` | `{}` | |", super::REBOOT, super::RESYNC).unwrap();
    out
}

fn ends() -> String {
    let mut out = String::from("| The page says | What it means |\n|---|---|\n");
    for end in [
        End::ConfirmedBack,
        End::LikelyBack,
        End::DidNotRestart,
        End::NotBack,
        End::CannotTell,
        End::Accepted,
        End::NoAnswer,
        End::NotSupported(489),
        End::RefusedPassword,
        End::DemandsPassword,
        End::DemandsOther,
        End::Refused(603, "Decline".into()),
        End::BackOldCredentials,
        End::NotRegistered,
        End::NeverRegisters,
        End::NotReachable,
        End::Interrupted,
    ] {
        let action = if end == End::Accepted { Action::Resync } else { Action::Reboot };
        let means = advice(&end, action, None).unwrap_or_else(|| "It was seen going and coming back.".into());
        writeln!(out, "| {} | {} |", cell(&headline(&end)), cell(&means)).unwrap();
    }
    out
}

#[test]
fn the_document_says_what_the_table_says() {
    let text = std::fs::read_to_string(DOCUMENT).unwrap();
    let (head, rest) = text.split_once(BEGIN).expect("the mark in the document");
    let (_, tail) = rest.split_once(END).expect("the other mark");
    let right = format!("{head}{BEGIN}\n## What is sent\n\n{}\n## What the page says\n\n{}\n{END}{tail}", vendors(), ends());
    if std::env::var_os("SEATLINE_WRITE_FIXTURES").is_some() {
        std::fs::write(DOCUMENT, &right).unwrap();
    }
    assert!(text == right, "docs/PHONES.md is not what the table says: run this test with SEATLINE_WRITE_FIXTURES=1");
}
