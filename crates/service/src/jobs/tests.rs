//! Which refused tries a job is told of.

use super::*;
use crate::tests::engine::binding;

fn refused(device: Option<DeviceId>, username: &str, proves: Option<DeviceId>, why: RefusedBecause) -> RegistrarEvent {
    RegistrarEvent::Refused {
        account: None,
        device,
        realm: "first.test".into(),
        username: username.into(),
        source: ([192, 0, 2, 7], 5060).into(),
        sender: Sender { proves_previous: proves, ..Sender::default() },
        why,
        at: 0,
    }
}

#[test]
fn a_guess_at_the_old_username_is_no_try_with_the_old_credentials() {
    let (mine, other) = (binding(1, "sip:desk@192.0.2.7").device, binding(2, "sip:desk@192.0.2.8").device);
    let wrong = RefusedBecause::WrongPassword;
    for (provable, event, told) in [
        (true, refused(Some(mine), "desk", Some(mine), wrong), true),
        (true, refused(None, "before", Some(mine), RefusedBecause::UnknownUser), true),
        (true, refused(Some(other), "before", Some(mine), wrong), true),
        (true, refused(None, "before", None, RefusedBecause::UnknownUser), false),
        (true, refused(Some(mine), "desk", None, wrong), false),
        (true, refused(Some(mine), "before", None, wrong), false),
        (true, refused(None, "before", Some(other), RefusedBecause::UnknownUser), false),
        (true, refused(None, "BEFORE", None, RefusedBecause::UnknownRealm), false),
        (true, refused(None, "before", Some(mine), RefusedBecause::UnknownRealm), true),
        // Nothing to prove it with: the name has to do.
        (false, refused(None, "BEFORE", None, RefusedBecause::UnknownRealm), true),
        (false, refused(None, "someone", None, RefusedBecause::UnknownRealm), false),
        (false, refused(None, "before", None, RefusedBecause::UnknownUser), true),
        (false, refused(Some(mine), "desk", None, wrong), false),
    ] {
        let (inbox, mut heard) = mpsc::channel(1);
        let old = Some(("before".to_owned(), "First.test".to_owned()));
        let jobs = Jobs { running: Mutex::new(vec![Running { device: mine, job: JobId(Uuid::nil()), old, provable, inbox }]) };
        jobs.hear(&event);
        assert_eq!(heard.try_recv().is_ok(), told, "{provable} {event:?}");
    }
}

#[test]
fn without_a_save_nobody_has_old_credentials() {
    let mine = binding(1, "sip:desk@192.0.2.7").device;
    let (inbox, mut heard) = mpsc::channel(1);
    let running = Running { device: mine, job: JobId(Uuid::nil()), old: None, provable: false, inbox };
    let jobs = Jobs { running: Mutex::new(vec![running]) };
    jobs.hear(&refused(Some(mine), "desk", None, RefusedBecause::WrongPassword));
    assert!(heard.try_recv().is_err());
    // One comes while it runs.
    jobs.saved(mine, ("desk".into(), "first.test".into()), true);
    jobs.hear(&refused(Some(mine), "desk", Some(mine), RefusedBecause::WrongPassword));
    assert!(heard.try_recv().is_ok());
}
