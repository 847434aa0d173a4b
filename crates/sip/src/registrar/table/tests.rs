//! Whatever happens, the indexes and the events tell the same story.

use super::*;
use crate::directory::{Credential, Registrant};
use crate::registrar::Origin;
use domain::{AccountId, ProvedBy, Transport};
use proptest::prelude::*;
use std::collections::HashMap;

fn wanted(device: u128, contacts: &[(u8, u32, u32)], connection: Option<u64>, cseq: u32, removes_all: bool) -> Wanted {
    let device = DeviceId::from(uuid::Uuid::from_u128(device));
    let transport = if connection.is_some() { Transport::Tcp } else { Transport::Udp };
    let change = |&(n, granted, reg): &(u8, u32, u32)| Change {
        contact: format!("sip:{n}@10.0.0.1"),
        granted,
        q: None,
        // Now and then in another case: it is the same phone.
        instance: (reg > 0).then(|| if granted > 60 { "<urn:uuid:AB>".into() } else { "<urn:uuid:ab>".into() }),
        reg_id: (reg > 0).then_some(reg),
    };
    Wanted {
        registrant: Registrant {
            account: AccountId::from(uuid::Uuid::nil()),
            device,
            realm: "r".into(),
            username: "u".into(),
            enabled: true,
            expire_seconds: 360,
            credential: Credential::Source,
        },
        proved_by: ProvedBy::Source,
        origin: Origin { source: "192.0.2.1:5060".parse().expect("address"), transport, connection },
        call_id: "c".into(),
        cseq,
        path: Vec::new(),
        user_agent: None,
        removes_all,
        changes: contacts.iter().map(change).collect(),
    }
}

/// Every index tells the same story, and the events told so far add up to it.
fn consistent(table: &Table, told: &[RegistrarEvent]) {
    let entries: Vec<&Entry> = table.devices.values().flatten().collect();
    assert!(table.devices.values().all(|e| !e.is_empty() && e.len() <= 3));
    assert_eq!((table.by_expiry.len(), table.owners.len(), table.by_keepalive.len()), (entries.len(), entries.len(), entries.len()));
    let flows = entries.iter().filter(|e| Place::of_binding(&e.binding).is_some()).count();
    assert_eq!(table.buckets.bindings(), flows);
    let mut seen: HashMap<BindingKey, Binding> = HashMap::new();
    for event in told {
        match event {
            RegistrarEvent::Registered(b) => assert!(seen.insert(b.key(), b.clone()).is_none(), "registered twice"),
            RegistrarEvent::Refreshed { binding, .. } => assert!(seen.insert(binding.key(), binding.clone()).is_some()),
            RegistrarEvent::Dropped { binding, .. } => assert!(seen.remove(&binding.key()).is_some(), "dropped twice"),
            RegistrarEvent::Unreachable(b) => assert!(seen.insert(b.key(), b.clone()).is_some() && !b.reachable),
            RegistrarEvent::Refused { .. } => {}
        }
    }
    // Whoever only listens knows what is bound, and by which flow.
    let all = table.all();
    assert_eq!(all.len(), seen.len());
    assert!(all.iter().all(|b| seen.get(&b.key()) == Some(b) && table.get(&b.key()) == Some(b)));
}

proptest! {
    #[test]
    fn whatever_happens_indexes_and_events_agree(
        steps in proptest::collection::vec((0..8_u8, 0..3_u128, proptest::collection::vec((0..5_u8, prop_oneof![Just(0), Just(60), Just(300)], 0..3_u32), 0..4), 0..3_u64), 1..60)
    ) {
        let mut table = Table { keepalive: 25_000, ..Table::default() };
        let mut told = Vec::new();
        for (index, (what, device, contacts, connection)) in steps.into_iter().enumerate() {
            let now = index as Millis * 20_000;
            match what {
                0 => table.expire(now),
                1 => table.connection_closed(connection),
                2 => drop(table.end_device(DeviceId::from(uuid::Uuid::from_u128(device)), Dropped::Changed)),
                3 => drop(table.due_keepalives(now)),
                _ => {
                    let connection = (connection > 0).then_some(connection);
                    let before = table.all().len();
                    let outcome = table.apply(&wanted(device, &contacts, connection, index as u32, what == 4), now, 3);
                    prop_assert!(outcome.is_ok() || table.all().len() <= before);
                }
            }
            told.append(&mut table.outbox);
            consistent(&table, &told);
        }
    }
}

#[test]
fn flows_of_one_contact_stand_in_for_each_other() {
    let mut table = Table::default();
    let device = DeviceId::from(uuid::Uuid::from_u128(1));
    let register = |table: &mut Table, reg: u32, connection: u64, granted: u32, cseq: u32, now: Millis| {
        let mut wanted = wanted(1, &[(1, granted, reg)], Some(connection), cseq, false);
        wanted.call_id = format!("call-{reg}");
        table.apply(&wanted, now, 3).expect("applied");
        std::mem::take(&mut table.outbox)
    };
    assert!(matches!(&register(&mut table, 1, 11, 300, 1, 0)[..], [RegistrarEvent::Registered(_)]));
    assert!(matches!(&register(&mut table, 2, 12, 300, 1, 1)[..], [RegistrarEvent::Refreshed { reconnected: true, .. }]));
    assert_eq!((table.flows(device).len(), table.bindings(device).len()), (2, 1));
    assert_eq!(table.bindings(device)[0].reg_id, Some(2), "the one refreshed last");
    assert!(matches!(&register(&mut table, 1, 11, 300, 2, 2)[..], [RegistrarEvent::Refreshed { reconnected: false, .. }]), "in turns");

    table.connection_closed(12);
    assert!(table.outbox.is_empty(), "nobody saw that flow");
    table.connection_closed(11);
    assert!(matches!(&std::mem::take(&mut table.outbox)[..], [RegistrarEvent::Unreachable(b)] if b.reg_id == Some(1)));
    assert!(matches!(&register(&mut table, 2, 13, 300, 2, 3)[..], [RegistrarEvent::Refreshed { reconnected: true, .. }]));

    assert!(register(&mut table, 1, 14, 0, 3, 4).is_empty(), "one flow is taken back, the other serves");
    assert_eq!(table.flows(device).len(), 1);
    assert!(matches!(&register(&mut table, 2, 13, 0, 3, 5)[..], [RegistrarEvent::Dropped { why: Dropped::Unregistered, .. }]));
    assert!(!table.has(device));
}

#[test]
fn what_makes_room_is_told_as_that() {
    let mut table = Table::default();
    let mut register = |n: u8, connection: u64| {
        let mut wanted = wanted(1, &[(n, 300, 0)], Some(connection), 1, false);
        wanted.call_id = format!("call-{n}");
        table.apply(&wanted, 0, 1).expect("applied");
        table.connection_closed(connection);
        std::mem::take(&mut table.outbox)
    };
    register(1, 11);
    let told = register(2, 12);
    assert!(
        matches!(&told[0], RegistrarEvent::Dropped { binding, why: Dropped::MadeRoom } if binding.contact == "sip:1@10.0.0.1"),
        "{told:?}"
    );
}

#[test]
fn what_comes_neither_over_its_flow_nor_with_its_call_id_is_no_un_register_of_the_phone_itself() {
    let from = |port: u16, connection: Option<u64>, call_id: &str, cseq: u32, removes_all: bool| {
        let mut wanted = wanted(1, if removes_all { &[] } else { &[(1, 300, 0)] }, connection, cseq, removes_all);
        wanted.origin.source.set_port(port);
        wanted.call_id = call_id.into();
        wanted
    };
    let same = "c";
    for (connection, remover, why) in [
        (None, from(5060, None, "d", 1, true), Dropped::Unregistered),
        (None, from(5061, None, same, 2, true), Dropped::Unregistered),
        (None, from(5061, None, "d", 1, true), Dropped::UnregisteredElsewhere),
        (Some(7), from(5061, Some(7), "d", 1, true), Dropped::Unregistered),
        (Some(7), from(5060, Some(8), "d", 1, true), Dropped::UnregisteredElsewhere),
    ] {
        // By `*`, and by the contact.
        for one in [false, true] {
            let mut remover = remover.clone();
            if one {
                remover.removes_all = false;
                remover.changes = from(1, None, "d", 1, false).changes;
                remover.changes[0].granted = 0;
            }
            let mut table = Table::default();
            table.apply(&from(5060, connection, same, 1, false), 0, 3).expect("registered");
            table.outbox.clear();
            table.apply(&remover, 1, 3).expect("removed");
            assert!(
                matches!(&table.outbox[..], [RegistrarEvent::Dropped { why: told, .. }] if *told == why),
                "{:?}: {why:?}",
                table.outbox
            );
        }
    }
}
