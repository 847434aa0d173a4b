//! Whose events a job listens to.

use super::*;
use crate::{Dropped, RegistrarEvent};

#[test]
fn a_job_follows_its_own_phone() {
    let mine = binding("sip:desk@203.0.113.7", "call-1");
    let other = binding("sip:desk@203.0.113.8", "call-8");
    let (mut job, _) =
        Job::ask(T0, Action::Reboot, Target::Phone { binding: &mine, others: std::slice::from_ref(&other) }, false, Settings::default());
    let refreshed = |binding| RegistrarEvent::Refreshed { binding, reconnected: false };
    let dropped = |binding, why| RegistrarEvent::Dropped { binding, why };
    let stranger = Binding { device: DeviceId(Uuid::from_u128(3)), ..mine.clone() };
    for event in [
        refreshed(other.clone()),
        refreshed(Binding { call_id: "call-9".into(), ..other.clone() }),
        refreshed(Binding { contact: "sip:desk@203.0.113.9".into(), ..other.clone() }),
        dropped(other.clone(), Dropped::Unregistered),
        RegistrarEvent::Unreachable(other),
        RegistrarEvent::Registered(stranger.clone()),
        dropped(stranger, Dropped::Unregistered),
        dropped(mine.clone(), Dropped::Changed),
    ] {
        assert_eq!(job.sees(&event), None, "{event:?}");
    }
    assert_eq!(job.sees(&refreshed(mine.clone())), Some(registered("call-1", false)));
    assert_eq!(job.sees(&dropped(mine.clone(), Dropped::Unregistered)), Some(Input::Unregistered));
    assert_eq!(job.sees(&dropped(mine.clone(), Dropped::UnregisteredElsewhere)), Some(Input::UnregisteredElsewhere));
    assert_eq!(job.sees(&dropped(mine.clone(), Dropped::Expired)), Some(Input::Expired));
    assert_eq!(job.sees(&RegistrarEvent::Unreachable(mine.clone())), Some(Input::FlowGone));
    let moved = Binding { contact: "sip:desk@203.0.113.7:40000".into(), source: "203.0.113.7:40000".parse().unwrap(), ..mine.clone() };
    assert_eq!(job.sees(&RegistrarEvent::Registered(moved.clone())), Some(registered("call-1", true)));
    assert_eq!(job.sees(&refreshed(moved.clone())), Some(registered("call-1", false)), "it follows");
    assert_eq!(job.sees(&dropped(mine, Dropped::Expired)), None, "its former contact");
    let next = Binding { contact: "sip:desk@203.0.113.7:50000".into(), source: "203.0.113.7:50000".parse().unwrap(), ..moved.clone() };
    assert_eq!(job.sees(&dropped(moved.clone(), Dropped::Replaced)), None, "its next contact took the place: it did not leave");
    assert_eq!(job.sees(&RegistrarEvent::Registered(next.clone())), Some(registered("call-1", true)), "at most another flow");
    assert_eq!(job.sees(&dropped(next, Dropped::MadeRoom)), Some(Input::Expired));
    let instance = |i: &str| Binding { instance: Some(i.into()), ..moved.clone() };
    let (mut job, _) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &instance("a"), others: &[] }, false, Settings::default());
    assert_eq!(job.sees(&RegistrarEvent::Registered(instance("b"))), None);
}
