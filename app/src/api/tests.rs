//! What the server writes, the browser reads: every type of every answer, by the reader that the browser has.

use super::{Answer, ApiError, Lost};
use crate::Refusal;
use domain::{
    AccountId, CarrierId, DeviceId, Event, EventKind, Fault, Field, Hindrance, JobId, Kind, OperatorId, Patch, Place, Problem, ProvedBy,
    RealmId, Record, Role, SeatId, Secret, Stamp, Transport, Value,
    form::{Change, Draft, PatchItem, UnitConflict},
    reboot::{End, Step, What},
    routing::{Carrier, Flag},
    view::*,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use uuid::Uuid;

/// Through the text, as it comes over HTTP and as it stands in a page.
fn goes<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(wire::from_str::<T>(&json).as_ref(), Ok(&value), "{json}");
    let answer = Answer::of(&Ok(&value));
    assert_eq!(answer.to_string().parse::<Answer>().unwrap(), answer);
    assert_eq!(answer.read::<T>().unwrap(), value);
    for cut in (0..json.len()).filter(|at| json.is_char_boundary(*at)) {
        assert!(wire::from_str::<T>(&json[..cut]).is_err(), "{}", &json[..cut]);
    }
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn text() -> String {
    "Zoë \"\\/\n\u{1} 電話 😀".to_owned()
}

fn values() -> Vec<Value> {
    vec![
        Value::text(text()),
        Value::Switch(true),
        Value::List(vec![text(), String::new()]),
        Value::Flags(vec![Flag::fixed("fax"), Flag::dynamic("zone")]),
        Value::Realm(None),
        Value::Realm(Some(text())),
        Value::secret(text()),
        Value::Hidden,
    ]
}

fn stamp() -> Stamp {
    Stamp { version: i64::MAX, by: text(), by_id: Some(OperatorId(id(1))), at: -1 }
}

fn record(kind: Kind) -> Record {
    let mut record = kind.blank();
    for (field, value) in Field::of(kind).iter().zip(values().into_iter().cycle()) {
        record.set(*field, value);
    }
    record
}

fn job() -> JobView {
    let whats = [
        What::Asked,
        What::Sent { contact: text() },
        What::Answered { code: 200, reason: text(), challenged: true },
        What::NoAnswer,
        What::Resumed,
    ];
    JobView {
        action: domain::vendor::Action::Reboot,
        id: JobId(id(1)),
        device: DeviceId(id(2)),
        asked: 3,
        asked_by: text(),
        contact: "sip:1@[::1]:5060".into(),
        user_agent: Some(text()),
        steps: whats.into_iter().map(|what| Step { what, at: 4 }).collect(),
        end: Some(End::Refused(603, text())),
    }
}

fn network() -> Network {
    let binding = |source: &str, transport, proved_by| BindingView {
        contact: text(),
        source: source.parse().unwrap(),
        transport,
        user_agent: None,
        proved_by,
        reachable: false,
        since: 1,
        expires: 2,
    };
    let bindings = vec![
        binding("192.0.2.1:5060", Transport::Udp, ProvedBy::Password),
        binding("[2001:db8::1]:5061", Transport::Wss, ProvedBy::Source),
    ];
    Network { bindings, earlier: u32::MAX, flapping: false }
}

fn event(kind: EventKind) -> Event {
    Event {
        seq: 1,
        account: AccountId(id(1)),
        at: 2,
        by: None,
        by_name: text(),
        kind,
        seat: Some(SeatId(id(2))),
        device: None,
        carrier: Some(CarrierId(id(3))),
        subject: text(),
        changes: vec![Change { field: Field::InviteFormat, from: text(), to: String::new() }],
        note: String::new(),
    }
}

fn faults() -> Vec<Fault> {
    vec![
        Fault::Required,
        Fault::Length { least: 1, most: usize::MAX },
        Fault::Characters(text()),
        Fault::Number { least: 0, most: u32::MAX },
        Fault::TooMany { most: 3 },
        Fault::Taken { value: text(), by: Some(text()), place: Place::Everywhere },
        Fault::InUse { value: text(), by: None },
        Fault::Shape,
    ]
}

#[test]
fn devices_and_saves() {
    let realms = vec![RealmRef { id: RealmId(id(5)), name: text(), is_default: true }];
    let carrier = Carrier {
        id: Some(CarrierId(id(6))),
        name: text(),
        uri: text(),
        flags: vec![text()],
        require_flags: true,
        ignore_flags: false,
        weight: 99,
        enabled: true,
    };
    let ways = vec![ServerTransport::shared(Transport::Udp), ServerTransport { transport: Transport::Tls, port: Some(5061) }];
    goes(DeviceView {
        id: DeviceId(id(1)),
        seat: SeatRef { id: SeatId(id(2)), name: text(), extension: "100".into() },
        record: record(Kind::Device),
        effective_realm: text(),
        realms,
        carriers: vec![carrier],
        known_flags: vec![text()],
        server: ServerAddress { server: text(), transports: ways },
        network: network(),
        last_job: Some(job()),
        role: Role::Admin,
        now: 1,
    });
    goes(Saved { record: record(Kind::Device), effective_realm: String::new(), changed: vec![Field::Mac], job: None });
    goes(Made { seat: SeatId(id(1)), device: DeviceId(id(2)) });
    goes(Secret::new(text()));
    goes(job());
    for end in [End::ConfirmedBack, End::NotSupported(405), End::Interrupted] {
        goes(JobView { end: Some(end), ..job() });
    }
    goes(JobView { end: None, steps: Vec::new(), user_agent: None, ..job() });
}

#[test]
fn seats_and_carriers() {
    let devices = vec![DeviceRef { id: DeviceId(id(1)), name: text() }];
    let row = SeatRow {
        id: SeatId(id(2)),
        name: text(),
        extension: "1".into(),
        devices,
        registered: 1,
        enabled: 2,
        phones: network().bindings.into_iter().map(|binding| SeatPhone { device: text(), binding }).collect(),
        changed: 3,
        changed_by: text(),
    };
    goes(SeatsPage { rows: vec![row], next: Some(text()), seats: u64::MAX, devices: 0, registered: 1 });
    let row = DeviceRow {
        id: DeviceId(id(1)),
        name: text(),
        enabled: true,
        method_ip: false,
        username: text(),
        mac: String::new(),
        network: network(),
    };
    goes(SeatView { id: SeatId(id(2)), record: record(Kind::Seat), devices: vec![row], role: Role::Viewer });
    let carrier = CarrierView { id: CarrierId(id(3)), record: record(Kind::Carrier) };
    goes(CarriersView { carriers: vec![carrier], known_flags: vec![text()], role: Role::Operator });
    goes(CarrierId(id(3)));
}

#[test]
fn accounts_and_their_history() {
    let account = AccountRef { id: AccountId(id(1)), name: text(), role: Role::Operator };
    goes(Me { id: OperatorId(id(2)), name: text(), accounts: vec![account.clone()], until: 3 });
    goes(SetupState { needed: true, proposed_realm: text() });
    goes(InviteView { account: text(), name: text(), role: Role::Viewer });
    goes(SettingsView {
        account,
        realms: vec![RealmLine { realm: RealmRef { id: RealmId(id(3)), name: text(), is_default: false }, chosen_by: 1 }],
        inheriting: 2,
        inheriting_registered: 3,
        sha256: true,
        operators: vec![OperatorLine { id: OperatorId(id(2)), name: text(), role: Role::Admin }],
        invites: vec![InviteLine { id: text(), name: text(), role: Role::Viewer, by: text(), expires: 4 }],
        role: Role::Admin,
        me: OperatorId(id(2)),
    });
    let rows = EventKind::ALL.map(|kind| ActivityRow { event: event(kind), restorable_until: Some(i64::MIN) });
    goes(ActivityPage {
        rows: rows.into(),
        next: Some(-1),
        operators: vec![(OperatorId(id(2)), text())],
        device_name: None,
        seat_name: Some(text()),
        role: Role::Admin,
    });
    goes(());
    goes(text());
}

#[test]
fn what_the_stream_says_and_what_the_tab_keeps() {
    goes(Live::Network { device: DeviceId(id(1)), seat: SeatId(id(2)), network: network() });
    goes(Live::Job(Box::new(job())));
    goes(Live::Event(Box::new(event(EventKind::DeviceChanged))));
    goes(Live::Reload);
    let mut draft = Draft::new(record(Kind::Device));
    draft.set(Field::Username, Value::text("201"));
    goes(draft);
    goes(Patch { operation: id(1).into(), items: vec![PatchItem { field: Field::Ip, based_on: stamp(), value: Value::Hidden }] });
}

#[test]
fn refusals_of_every_kind() {
    let unit = Field::Password.unit();
    let conflict = UnitConflict { unit, stamp: stamp(), values: values().into_iter().map(|value| (Field::Password, value)).collect() };
    let hindrance = |fault| Hindrance { device: Some(DeviceId(id(1))), name: text(), field: Field::Mac, fault };
    let problems = [
        Problem::SignedOut,
        Problem::WrongSignIn,
        Problem::SlowDown { seconds: 7 },
        Problem::NotAllowed { needs: Role::Operator },
        Problem::NotFound,
        Problem::Deleted { name: text(), by: text(), at: 1 },
        Problem::Conflict { units: vec![conflict], record: Box::new(record(Kind::Device)) },
        Problem::Invalid { faults: Field::of(Kind::Device).iter().copied().zip(faults()).collect() },
        Problem::Hindered { by: faults().into_iter().map(hindrance).collect() },
        Problem::OperationReused,
        Problem::Refused { why: text() },
        Problem::ForeignOrigin,
        Problem::Failed { reference: text() },
    ];
    for problem in problems {
        goes(problem.clone());
        let answer = Answer::of::<()>(&Err(ApiError::Problem(problem.clone())));
        let read = answer.to_string().parse::<Answer>().unwrap().read::<()>();
        assert_eq!(read.unwrap_err().problem(), Some(&problem));
    }
    for refusal in [Refusal::ForeignOrigin, Refusal::TooLarge, Refusal::TooMany, Refusal::TooSlow, Refusal::Broken] {
        let read = Answer::new(false, &refusal.body()).read::<()>();
        assert!(matches!(read, Err(ApiError::Refused(same)) if same == refusal));
    }
}

#[test]
fn what_is_no_answer_of_ours_is_an_error() {
    for foreign in
        ["", "<html><h1>502 Bad Gateway</h1></html>", "null", "{}", "[]", "{\"Problem\":\"what_is_new\"}", "{\"Problem\":", "\"a\""]
    {
        for good in [true, false] {
            let read = Answer::new(good, foreign).read::<Me>();
            assert!(matches!(read, Err(ApiError::Rpc(Lost::Garbled))), "{foreign}");
        }
    }
    assert!(Answer::unreached().read::<Me>().is_err_and(|error| error.is_offline()));
}

#[test]
fn members_of_a_newer_server_are_passed_over() {
    let newer = format!("{{\"new\":{{\"a\":[1.5,null]}},\"seat\":\"{}\",\"device\":\"{}\",\"more\":true}}", id(1), id(2));
    assert_eq!(Answer::new(true, &newer).read::<Made>().unwrap(), Made { seat: SeatId(id(1)), device: DeviceId(id(2)) });
}
