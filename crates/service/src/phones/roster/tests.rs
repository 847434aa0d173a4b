//! The counts beside a naive recount, after any sequence of what can happen.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

/// What may happen to one of a few devices or seats.
#[derive(Clone, Debug)]
enum Step {
    Put { device: u128, seat: u128, enabled: bool, method_ip: bool, inherits: bool },
    Remove(u128),
    Registered(u128, bool),
    PutSeat(u128),
    RemoveSeat(u128),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let device = 0..6u128;
    let step = prop_oneof![
        4 => (device.clone(), 0..4u128, any::<[bool; 3]>()).prop_map(|(device, seat, [enabled, method_ip, inherits])| Step::Put {
            device,
            seat,
            enabled,
            method_ip,
            inherits
        }),
        1 => device.clone().prop_map(Step::Remove),
        4 => (device, any::<bool>()).prop_map(|(device, on)| Step::Registered(device, on)),
        2 => (0..4u128).prop_map(Step::PutSeat),
        1 => (0..4u128).prop_map(Step::RemoveSeat),
    ];
    proptest::collection::vec(step, 0..60)
}

/// Seats 0 and 1 are of one account, 2 and 3 of another.
fn account_of(seat: u128) -> AccountId {
    AccountId(Uuid::from_u128(seat / 2))
}

#[derive(Clone, Copy, Debug)]
struct Naive {
    device: u128,
    seat: u128,
    enabled: bool,
    method_ip: bool,
    inherits: bool,
    registered: bool,
}

fn row(device: u128, seat: u128, enabled: bool, method_ip: bool, inherits: bool) -> DirectoryRow {
    DirectoryRow {
        device: DeviceId(Uuid::from_u128(device)),
        account: account_of(seat),
        seat: SeatId(Uuid::from_u128(seat)),
        realm: "one.test".into(),
        username: format!("user_{device}"),
        enabled,
        method_ip,
        inherits,
        expire_seconds: 360,
        ranges: Vec::new(),
        password: None,
        invite_format: String::new(),
        number: String::new(),
        route: String::new(),
        outbound_flags: Vec::new(),
    }
}

fn apply(roster: &mut Roster, devices: &mut Vec<Naive>, seats: &mut Vec<u128>, step: Step) {
    match step {
        Step::Put { device, seat, enabled, method_ip, inherits } => {
            roster.put(&row(device, seat, enabled, method_ip, inherits));
            // What is registered stays so: what ends a registration says so itself.
            let registered = devices.iter().any(|d| d.device == device && d.registered);
            devices.retain(|d| d.device != device);
            devices.push(Naive { device, seat, enabled, method_ip, inherits, registered });
        }
        Step::Remove(device) => {
            roster.remove(DeviceId(Uuid::from_u128(device)));
            devices.retain(|d| d.device != device);
        }
        Step::Registered(device, on) => {
            let owner = roster.registered(DeviceId(Uuid::from_u128(device)), on);
            let known = devices.iter_mut().find(|d| d.device == device);
            assert_eq!(owner, known.as_ref().map(|d| (account_of(d.seat), SeatId(Uuid::from_u128(d.seat)))));
            if let Some(known) = known {
                known.registered = on;
            }
        }
        Step::PutSeat(seat) => {
            let extension = format!("{seat}");
            roster.put_seat(&ExtensionRow { seat: SeatId(Uuid::from_u128(seat)), account: account_of(seat), extension });
            seats.retain(|s| *s != seat);
            seats.push(seat);
        }
        Step::RemoveSeat(seat) => {
            roster.remove_seat(SeatId(Uuid::from_u128(seat)));
            seats.retain(|s| *s != seat);
        }
    }
}

proptest! {
    #[test]
    fn the_counts_are_those_of_a_recount(steps in steps()) {
        let (mut roster, mut devices, mut seats) = (Roster::default(), Vec::new(), Vec::new());
        for step in steps {
            apply(&mut roster, &mut devices, &mut seats, step);
            for account in [0, 2].map(account_of) {
                let mine: Vec<Naive> = devices.iter().copied().filter(|d| account_of(d.seat) == account).collect();
                let count = |good: fn(&Naive) -> bool| mine.iter().filter(|d| good(d)).count() as u64;
                prop_assert_eq!(roster.registered_in(account), count(|d| d.registered));
                prop_assert_eq!(roster.registered_inheriting(account), count(|d| d.registered && d.inherits));
                let living = seats.iter().filter(|seat| account_of(**seat) == account).count() as u64;
                prop_assert_eq!(roster.counted(account), (living, mine.len() as u64));
                // A disabled device, and one that never registers, are not missing.
                let missing = |seat: u128| mine.iter().any(|d| d.seat == seat && d.enabled && !d.method_ip && !d.registered);
                let expected: Vec<SeatId> = (0..4).filter(|seat| missing(*seat)).map(|seat| SeatId(Uuid::from_u128(seat))).collect();
                prop_assert_eq!(roster.missing_seats(account, 4), Ok(expected.clone()));
                if !expected.is_empty() {
                    prop_assert_eq!(roster.missing_seats(account, expected.len() - 1), Err(expected.len()));
                }
                for seat in 0..4 {
                    prop_assert_eq!(roster.is_seat_missing(account, SeatId(Uuid::from_u128(seat))), missing(seat));
                }
            }
            for d in &devices {
                prop_assert_eq!(roster.is_registered(DeviceId(Uuid::from_u128(d.device))), d.registered);
            }
        }
    }
}
