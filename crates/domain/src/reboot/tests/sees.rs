//! Whose events a job listens to.

use super::*;
use crate::{Dropped, RefusedBecause, RegistrarEvent, Sender};

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

/// A refused try from an address; what the phone of [`mine`] sends where `sender` says no more.
fn refused(source: &str, sender: Sender) -> RegistrarEvent {
    RegistrarEvent::Refused {
        account: None,
        device: None,
        realm: "a.example.net".into(),
        username: "desk".into(),
        source: source.parse().unwrap(),
        sender,
        why: RefusedBecause::WrongPassword,
        at: T0,
    }
}

#[test]
fn a_try_with_the_old_credentials_is_of_the_phone_where_nothing_speaks_against_it() {
    let agent = |text: &str| Some(text.to_owned());
    let mine = Binding { user_agent: agent("Desk/1"), ..binding("sip:desk@203.0.113.7", "call-1") };
    let other = Binding { user_agent: agent("Desk/1"), ..binding("sip:desk@203.0.113.7:5062", "call-8") };
    let target = Target::Phone { binding: &mine, others: std::slice::from_ref(&other) };
    let (mut job, _) = Job::ask(T0, Action::Reboot, target, true, Settings::default());
    let proved = Sender {
        call_id: "call-2".into(),
        contacts: vec!["sip:desk@203.0.113.7:40000".into()],
        user_agent: agent("Desk/2"),
        proves_previous: Some(mine.device),
        ..Sender::default()
    };
    let unproved = Sender { proves_previous: None, ..proved.clone() };
    for (source, sender, counts) in [
        ("203.0.113.7:40000", proved.clone(), true),
        ("203.0.113.66:5060", proved.clone(), false),
        ("203.0.113.7:5062", Sender { call_id: "call-8".into(), ..proved.clone() }, false),
        ("203.0.113.7:5062", Sender { contacts: vec![other.contact.clone()], ..proved.clone() }, false),
        ("203.0.113.7:5060", Sender { contacts: vec![mine.contact.clone()], ..proved.clone() }, true),
        // Where nothing can be proved, it has to be the same software too.
        ("203.0.113.7:40000", unproved.clone(), false),
        ("203.0.113.7:40000", Sender { user_agent: agent("Desk/1"), ..unproved.clone() }, true),
        ("203.0.113.7:40000", Sender { user_agent: None, ..unproved.clone() }, true),
        ("203.0.113.66:5060", Sender { user_agent: agent("Desk/1"), ..unproved }, false),
    ] {
        let seen = job.sees(&refused(source, sender.clone()));
        assert_eq!(seen, counts.then_some(Input::OldCredentialsTried), "{source} {sender:?}");
    }
    // From another address, it has to say that it is this phone.
    let moved = "203.0.113.66:5060";
    let theirs = Binding { instance: Some("<urn:uuid:1>".into()), ..mine.clone() };
    let target = Target::Phone { binding: &theirs, others: std::slice::from_ref(&other) };
    let (mut named, _) = Job::ask(T0, Action::Reboot, target, true, Settings::default());
    for (instance, counts) in [("<urn:uuid:1>", true), ("<urn:uuid:2>", false)] {
        let sender = Sender { instances: vec![instance.into()], ..proved.clone() };
        assert_eq!(named.sees(&refused(moved, sender.clone())).is_some(), counts, "{instance}");
        assert_eq!(named.sees(&refused("203.0.113.7:5060", sender)).is_some(), counts, "{instance}, at home");
    }
    for sender in
        [Sender { contacts: vec![mine.contact.clone()], ..proved.clone() }, Sender { call_id: mine.call_id.clone(), ..proved.clone() }]
    {
        assert_eq!(job.sees(&refused(moved, sender.clone())), Some(Input::OldCredentialsTried), "{sender:?}");
        assert_eq!(job.sees(&refused(moved, Sender { proves_previous: None, ..sender })), None, "which anybody can write");
    }
    // Or be the only one that was registered.
    let (mut sole, _) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &mine, others: &[] }, true, Settings::default());
    assert_eq!(sole.sees(&refused(moved, proved.clone())), Some(Input::OldCredentialsTried));
    assert_eq!(sole.sees(&refused(moved, Sender { proves_previous: None, user_agent: agent("Desk/1"), ..proved.clone() })), None);
    // The other phone's Call-ID is followed.
    let again = Binding { call_id: "call-9".into(), ..other };
    assert_eq!(job.sees(&RegistrarEvent::Refreshed { binding: again, reconnected: true }), None);
    assert_eq!(job.sees(&refused("203.0.113.7:5062", Sender { call_id: "call-9".into(), contacts: vec![], ..proved.clone() })), None);
    // An IPv6 network is one address.
    let v6 = Binding { source: "[2001:db8:1:2::7]:5060".parse().unwrap(), ..mine };
    let (mut job, _) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &v6, others: &[] }, true, Settings::default());
    assert_eq!(job.sees(&refused("[2001:db8:1:2::99]:5060", proved.clone())), Some(Input::OldCredentialsTried));
    let unproved = Sender { proves_previous: None, user_agent: None, ..proved };
    assert_eq!(job.sees(&refused("[2001:db8:1:2::99]:5060", unproved.clone())), Some(Input::OldCredentialsTried));
    assert_eq!(job.sees(&refused("[2001:db8:1:3::7]:5060", unproved)), None);
}
