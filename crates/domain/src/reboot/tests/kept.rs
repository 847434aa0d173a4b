//! A job as its row keeps it, and what becomes of it when the server was stopped.

use super::{story::Story, *};

#[test]
fn goes_on_after_a_restart_of_the_server() {
    // The answer was lost.
    let mut s = Story::begin(true, true);
    s.wait(2);
    let stored = serde_json::to_string(&s.job).unwrap();
    let mut job: Job = serde_json::from_str(&stored).unwrap();
    assert_eq!(job, s.job);
    let out = job.resume(T0 + 20 * SECOND);
    assert_eq!(out, [Command::EndRegistration, Command::SendOptions], "never a second NOTIFY");
    s.job = job;
    s.now = T0 + 20 * SECOND;
    s.carry_out(out);
    assert_eq!(s.end(), (End::Interrupted, 110));

    // It was away when the server went, and comes back.
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(20);
    s.now += 3600 * SECOND;
    let out = s.job.resume(s.now);
    s.carry_out(out);
    s.wait(9).see(registered("call-2", true));
    assert_eq!(s.end().0, End::ConfirmedBack);

    // A connection made anew after the server's restart says nothing of the phone's.
    let mut s = Story::accepted(true);
    s.answers = false;
    let out = s.job.resume(s.now);
    s.carry_out(out);
    s.wait(30).see(registered("call-1", true));
    assert_eq!(s.end().0, End::Interrupted);

    // Nothing was sent yet: it is sent now.
    let b = binding("sip:desk@203.0.113.7", "call-1");
    let (mut job, _) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &b, others: &[] }, false, Settings::default());
    assert_eq!(job.resume(T0 + SECOND), [Command::SendOptions]);
    assert_eq!(job.on(T0 + SECOND, Input::OptionsAnswered), [Command::SendNotify]);
    assert_eq!(Story::asked(true, false, said(489, "")).job.resume(T0), [], "one that ended stays ended");
}

#[test]
fn a_job_from_before_there_were_resyncs_is_a_reboot() {
    let mut stored = serde_json::to_value(&Story::begin(true, false).job).unwrap();
    stored.as_object_mut().unwrap().remove("action");
    assert_eq!(serde_json::from_value::<Job>(stored).unwrap().action(), Action::Reboot);
}
