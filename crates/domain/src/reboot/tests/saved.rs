//! "Save, then reboot": the registration ends, and the phone has to come back with what was saved.

use super::{story::Story, *};

#[test]
fn save_then_reboot_ends_the_registration_at_the_answer() {
    let mut s = Story::asked(true, true, said(202, "Accepted"));
    let ended =
        |s: &Story| s.commands.iter().filter(|(_, c)| *c == Command::EndRegistration).map(|(at, _)| at / SECOND).collect::<Vec<_>>();
    assert_eq!(ended(&s), [3]);
    s.answers = false;
    s.wait(30).see(registered("call-2", false));
    assert_eq!(s.end().0, End::ConfirmedBack);
    assert_eq!(ended(&s), [3]);
    let mut s = Story::begin(true, true);
    s.wait(32).see(Input::NotifyNoAnswer);
    assert_eq!(ended(&s), [32]);
    for answer in [said(489, "Bad Event"), Input::RefusedPassword, said(403, "No")] {
        assert_eq!(ended(&Story::asked(true, true, answer)), [3], "whatever it answers");
    }
    let (_, out) = Job::ask(T0, Action::Reboot, Target::NotRegistered, true, Settings::default());
    assert_eq!(out, [Command::EndRegistration, Command::Finish(End::NotRegistered)]);
}

#[test]
fn back_with_the_old_credentials() {
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.wait(1).see(Input::OldCredentialsTried);
    assert_eq!(s.job.end(), None, "it takes its leave with what it knows");
    s.answers = false;
    s.wait(40).see(Input::OldCredentialsTried);
    s.wait(10).see(Input::OldCredentialsTried);
    assert_eq!(s.job.end(), None, "it may fetch the new ones yet");
    assert_eq!(s.steps().last(), Some(&("old credentials", 44)), "said once");
    assert_eq!(s.end(), (End::BackOldCredentials, 93));
    // Late: it is given a moment.
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.answers = false;
    s.wait(200).see(Input::OldCredentialsTried);
    assert_eq!(s.end(), (End::BackOldCredentials, 218));
    // Back before two OPTIONS went by.
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.wait(9).see(Input::OldCredentialsTried);
    assert_eq!(s.end(), (End::BackOldCredentials, 93));
    // Without an answer to the NOTIFY.
    let mut s = Story::begin(true, true);
    s.answers = false;
    s.wait(20).see(Input::OldCredentialsTried);
    s.wait(12).see(Input::NotifyNoAnswer);
    assert_eq!(s.end().0, End::BackOldCredentials);
}

#[test]
fn with_the_old_credentials_first_and_then_with_the_new_ones() {
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.answers = false;
    s.wait(40).see(Input::OldCredentialsTried);
    s.wait(20).see(registered("call-2", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 63));
    assert_eq!(s.steps()[4..], [("away", 14), ("old credentials", 43), ("back", 63)]);
    // It did not restart: somebody set them in the phone.
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.wait(9).see(Input::OldCredentialsTried);
    s.wait(9).see(registered("call-1", false));
    assert_eq!(s.end().0, End::DidNotRestart);
    // What came before the answer was no return.
    let mut s = Story::begin(true, true);
    s.answers = false;
    s.wait(12).see(Input::OldCredentialsTried);
    s.answers = true;
    s.see(said(200, "OK"));
    assert_ne!(s.end().0, End::BackOldCredentials);
}
