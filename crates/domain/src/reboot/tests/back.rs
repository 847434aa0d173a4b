//! Restarted and back: confirmed, or likely.

use super::{story::Story, *};

#[test]
fn confirmed_by_leave_and_return() {
    let mut s = Story::accepted(false);
    s.wait(1).see(Input::Unregistered);
    s.answers = true;
    s.wait(20).see(registered("call-1", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 24));
    assert_eq!(s.steps(), [("asked", 0), ("sent", 2), ("answered", 3), ("away", 4), ("back", 24)]);
}

#[test]
fn what_another_phone_unregisters_is_no_leaving() {
    // Another phone starts and takes all registrations of the device away; this one registers on, its Call-ID the same.
    let mut s = Story::accepted(true);
    s.wait(1).see(Input::UnregisteredElsewhere);
    s.wait(1).see(registered("call-1", false));
    assert_eq!(s.end(), (End::DidNotRestart, 93));
    assert_eq!(s.steps()[3..], [("unregistered elsewhere", 4)]);
    // It does not answer OPTIONS: nothing is known.
    let mut s = Story::accepted(false);
    s.wait(1).see(Input::UnregisteredElsewhere);
    s.wait(1).see(registered("call-1", false));
    assert_eq!(s.end().0, End::CannotTell);
    // A new Call-ID makes it likely, and silence before makes it certain.
    let mut s = Story::accepted(true);
    s.wait(1).see(Input::UnregisteredElsewhere);
    s.wait(3).see(registered("call-2", false));
    assert_eq!(s.end().0, End::LikelyBack);
    let mut s = Story::accepted(true);
    s.wait(1).see(Input::UnregisteredElsewhere);
    s.answers = false;
    s.wait(40).see(registered("call-2", false));
    assert_eq!(s.end().0, End::ConfirmedBack);
    // Before the NOTIFY left there is nothing to send it to.
    let mut s = Story::begin(false, false);
    s.see(Input::UnregisteredElsewhere);
    assert_eq!(s.end().0, End::NotRegistered);
}

#[test]
fn confirmed_by_silence_and_a_new_call_id() {
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(40).see(registered("call-2", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 43));
    assert_eq!(s.steps(), [("asked", 0), ("sent", 0), ("answered", 3), ("away", 14), ("back", 43)]);
    // Answering before it registers is no reason to doubt.
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(40);
    s.answers = true;
    s.wait(6).see(registered("call-2", false));
    assert_eq!(s.end().0, End::ConfirmedBack);
    assert_eq!(s.steps()[3..], [("away", 14), ("there again", 45), ("back", 49)]);
}

#[test]
fn likely_without_a_sight_of_its_leaving() {
    // Too quick for two OPTIONS.
    let mut s = Story::accepted(true);
    s.wait(4).see(registered("call-2", false));
    assert_eq!(s.job.end(), None, "it may only have reconnected, and be about to restart");
    assert_eq!(s.end(), (End::LikelyBack, 22));
    // It never answers OPTIONS: silence says nothing.
    let mut s = Story::accepted(false);
    s.wait(60).see(registered("call-2", false));
    assert_eq!(s.end(), (End::LikelyBack, 78));
    assert_eq!(s.steps().last(), Some(&("back", 63)));
    // Only the flow is another, as after a NAT forgot it.
    let mut s = Story::accepted(true);
    s.wait(4).see(registered("call-1", true));
    assert_eq!(s.end(), (End::LikelyBack, 93));
    // The connection closed and another came.
    let mut s = Story::accepted(true);
    s.wait(1).see(Input::FlowGone);
    s.wait(2).see(registered("call-2", true));
    assert_eq!(s.end().0, End::LikelyBack);
    // It did not refresh in time.
    let mut s = Story::accepted(false);
    s.wait(30).see(Input::Expired);
    s.wait(30).see(registered("call-2", false));
    assert_eq!(s.end().0, End::LikelyBack);
}

#[test]
fn a_reconnect_before_the_restart_is_not_the_return() {
    let mut s = Story::accepted(true);
    s.wait(1).see(registered("call-2", true));
    s.wait(3);
    s.answers = false;
    s.wait(60).see(registered("call-3", true));
    assert_eq!(s.end(), (End::ConfirmedBack, 67));
    assert_eq!(s.steps()[3..], [("back", 4), ("away", 19), ("back", 67)]);
}

#[test]
fn a_closed_connection_that_stays_closed_is_silence() {
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(1).see(Input::FlowGone);
    s.wait(30).see(registered("call-2", true));
    assert_eq!(s.end(), (End::ConfirmedBack, 34));
}

#[test]
fn some_restart_without_answering() {
    let mut s = Story::begin(true, false);
    s.answers = false;
    s.wait(32).see(Input::NotifyNoAnswer);
    s.wait(8).see(registered("call-2", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 40));
    assert_eq!(s.steps()[1..], [("sent", 0), ("away", 14), ("no answer", 32), ("back", 40)]);
    let mut s = Story::begin(false, false);
    s.wait(20).see(registered("call-2", false));
    s.wait(12).see(Input::NotifyNoAnswer);
    assert_eq!(s.end().0, End::LikelyBack);
    assert_eq!(s.steps()[2..], [("back", 20), ("no answer", 32)]);
    // A late yes still counts.
    let mut s = Story::begin(true, false);
    s.wait(33).see(Input::NotifyNoAnswer);
    s.see(said(200, "OK"));
    assert_eq!(s.end().0, End::DidNotRestart);
}
