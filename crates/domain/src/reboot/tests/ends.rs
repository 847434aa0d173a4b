//! Every other end of a reboot.

use super::{story::Story, *};

#[test]
fn options_go_ahead_of_the_notify_and_then_every_five_seconds() {
    let mut s = Story::accepted(true);
    s.wait(12);
    let sent: Vec<_> = s.commands.iter().map(|(at, c)| (at / SECOND, c.clone())).collect();
    let options = |at| (at, Command::SendOptions);
    assert_eq!(sent, [options(0), (0, Command::SendNotify), options(5), options(10), options(15)]);
    // A phone that does not answer them holds the NOTIFY up for two seconds, not for ever.
    let mut s = Story::begin(false, false);
    s.wait(3);
    assert_eq!(s.commands[1], (2 * SECOND, Command::SendNotify));
}

#[test]
fn did_not_restart() {
    let mut s = Story::accepted(true);
    assert_eq!(s.end(), (End::DidNotRestart, 93));
    assert_eq!(s.steps().len(), 3);
    // Its refreshes change nothing, nor does one lost answer, the last one neither.
    let mut s = Story::accepted(true);
    s.wait(20).see(registered("call-1", false));
    s.wait(65);
    s.answers = false;
    s.wait(4);
    s.answers = true;
    assert_eq!(s.end(), (End::DidNotRestart, 95));
}

#[test]
fn not_back() {
    let mut s = Story::accepted(true);
    s.answers = false;
    assert_eq!(s.end(), (End::NotBack, 14 + 300));
    assert_eq!(s.steps().last(), Some(&("away", 14)));
    let mut s = Story::accepted(false);
    s.wait(1).see(Input::Unregistered);
    assert_eq!(s.end(), (End::NotBack, 4 + 300));
}

#[test]
fn cannot_tell() {
    // Only refreshes, no OPTIONS.
    let mut s = Story::accepted(false);
    s.wait(30).see(registered("call-1", false));
    assert_eq!(s.end(), (End::CannotTell, 93));
    // Nothing at all: until it should have refreshed.
    assert_eq!(Story::accepted(false).end(), (End::CannotTell, 303));
    // Silent for a while, then there with the same Call-ID: a restart or a bad line.
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(20);
    s.answers = true;
    assert_eq!(s.end(), (End::CannotTell, 93));
    assert_eq!(s.steps()[3..], [("away", 14), ("there again", 25)]);
}

#[test]
fn nowhere_to_send_to() {
    let b = binding("sip:desk@203.0.113.7", "call-1");
    let gone = Binding { reachable: false, ..b };
    for (target, end) in [
        (Target::NotRegistered, End::NotRegistered),
        (Target::NeverRegisters, End::NeverRegisters),
        (Target::Phone { binding: &gone, others: &[] }, End::NotReachable),
    ] {
        let (job, out) = Job::ask(T0, Action::Reboot, target, false, Settings::default());
        assert_eq!((job.end(), job.next_tick()), (Some(&end), None));
        assert_eq!(out, [Command::Finish(end)]);
    }
    for (input, end) in [(Input::FlowGone, End::NotReachable), (Input::Unregistered, End::NotRegistered)] {
        let mut s = Story::begin(false, false);
        s.see(input);
        assert_eq!(s.end(), (end, 0));
        assert_eq!(s.steps(), [("asked", 0)]);
    }
}

#[test]
fn refusals() {
    let challenged = |code| Input::NotifyAnswered { code, reason: "Unauthorized".into(), challenged: true };
    for (answer, end) in [
        (said(489, "Bad Event"), End::NotSupported(489)),
        (said(405, "Method Not Allowed"), End::NotSupported(405)),
        (said(481, "Call/Transaction Does Not Exist"), End::NotSupported(481)),
        (said(403, "Forbidden"), End::Refused(403, "Forbidden".into())),
        (said(302, "Moved"), End::Refused(302, "Moved".into())),
        (challenged(401), End::RefusedPassword),
        (challenged(407), End::RefusedPassword),
        (said(401, "Unauthorized"), End::DemandsOther),
        (said(407, "Proxy Authentication Required"), End::DemandsOther),
        (Input::RefusedPassword, End::RefusedPassword),
        (Input::DemandsPassword, End::DemandsPassword),
    ] {
        assert_eq!(Story::asked(true, false, answer).end(), (end, 3));
    }
    assert_eq!(Story::asked(true, false, said(100, "Trying")).job.end(), None);
}

#[test]
fn no_answer() {
    // Timer F, still answering OPTIONS.
    let mut s = Story::begin(true, false);
    s.wait(32).see(Input::NotifyNoAnswer);
    assert_eq!(s.end(), (End::NoAnswer, 32 + 90));
    // A 408 says the same; nobody saying anything does too.
    assert_eq!(Story::asked(true, false, said(408, "Request Timeout")).end(), (End::NoAnswer, 93));
    assert_eq!(Story::begin(true, false).end(), (End::NoAnswer, 160));
    // Off: silent, and not said to have gone for a restart that it never promised.
    let mut s = Story::begin(true, false);
    s.answers = false;
    s.wait(32).see(Input::NotifyNoAnswer);
    assert_eq!(s.end().0, End::NoAnswer);
}
