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
    assert_eq!(s.end(), (End::BackOldCredentials, 44));
    assert_eq!(s.steps().last(), Some(&("old credentials", 44)));
    // Back before two OPTIONS went by.
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.wait(9).see(Input::OldCredentialsTried);
    assert_eq!(s.end(), (End::BackOldCredentials, 12));
}
