//! A resync: the answer is its end.

use super::*;

#[test]
fn a_resync_ends_with_the_answer() {
    let b = binding("sip:desk@203.0.113.7", "call-1");
    let asked = || {
        let (mut job, out) = Job::ask(T0, Action::Resync, Target::Phone { binding: &b, others: &[] }, false, Settings::default());
        assert_eq!(out, [Command::SendNotify], "no OPTIONS: there is no restart to watch for");
        assert_eq!(job.on(T0, Input::Sent { contact: "203.0.113.7:5060".into() }), []);
        job
    };
    for (input, end) in [
        (said(200, "OK"), End::Accepted),
        (said(489, "Bad Event"), End::NotSupported(489)),
        (said(403, "Forbidden"), End::Refused(403, "Forbidden".into())),
        (said(408, "Request Timeout"), End::NoAnswer),
        (Input::NotifyNoAnswer, End::NoAnswer),
        (Input::DemandsPassword, End::DemandsPassword),
        (Input::RefusedPassword, End::RefusedPassword),
    ] {
        assert_eq!(asked().on(T0 + SECOND, input), [Command::Finish(end)]);
    }
    // What the phone does besides says nothing; a NOTIFY that nobody reports on is given up.
    let mut job = asked();
    for input in [Input::FlowGone, Input::Unregistered, registered("call-2", true), Input::OptionsSilent] {
        assert_eq!(job.on(T0 + SECOND, input), []);
    }
    assert_eq!(job.steps().len(), 2);
    assert_eq!(job.next_tick(), Some(T0 + Settings::default().answer_by));
    assert_eq!(job.on(T0 + 70 * SECOND, Input::Tick), [Command::Finish(End::NoAnswer)]);
    // The answer was lost with the server.
    assert_eq!(asked().resume(T0 + SECOND), [Command::Finish(End::Interrupted)]);
    let (job, out) = Job::ask(T0, Action::Resync, Target::NotRegistered, false, Settings::default());
    assert_eq!((job.action(), out), (Action::Resync, vec![Command::Finish(End::NotRegistered)]));
}
