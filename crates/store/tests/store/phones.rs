//! The bindings' file.

use crate::fixture::{NOW, id};
use domain::{AccountId, Binding, DeviceId, ProvedBy, RefusedBecause, Transport, Tried};
use serde_json::json;
use store::{Bounds, NewPhoneEvent, PhoneLog};

fn binding(account: AccountId, device: DeviceId, contact: &str) -> Binding {
    Binding {
        account,
        device,
        aor: "sip:user_desk@one.example.net".into(),
        contact: contact.into(),
        source: "192.0.2.7:5062".parse().unwrap(),
        transport: Transport::Tcp,
        connection: Some(7),
        path: vec!["<sip:edge.example.net;lr>".into()],
        instance: Some("<urn:uuid:00000000-0000-1000-8000-805ec0123456>".into()),
        reg_id: Some(1),
        user_agent: Some("Yealink SIP-T46S 66.85.0.5".into()),
        call_id: "1@192.0.2.7".into(),
        cseq: 2,
        q: None,
        proved_by: ProvedBy::Password,
        natted: false,
        reachable: true,
        since: NOW,
        refreshed: NOW,
        expires: NOW + 360_000,
    }
}

fn event(account: Option<AccountId>, device: Option<DeviceId>, at: i64, kind: &str) -> NewPhoneEvent {
    NewPhoneEvent { account, device, at, kind: kind.into(), detail: json!({"source": "192.0.2.7:5062"}).to_string() }
}

fn refs<T>(all: &[T]) -> Vec<&T> {
    all.iter().collect()
}

#[tokio::test]
async fn bindings_survive_and_the_newest_put_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bindings.db");
    let log = PhoneLog::open(&path).await.unwrap();
    let (account, device) = (id(), id());
    let first = binding(account, device, "sip:user_desk@192.0.2.7:5062;ob");
    let other = binding(account, device, "sip:other@192.0.2.8");
    log.apply(&[&first, &other], &[], &[]).await.unwrap();
    let refreshed = Binding { cseq: 3, expires: NOW + 720_000, ..first.clone() };
    log.apply(&[&refreshed], &[&other.key()], &[]).await.unwrap();
    log.close().await;
    let log = PhoneLog::open(&path).await.unwrap();
    assert_eq!(log.load_bindings().await.unwrap(), [refreshed]);
    let numbers = log.replace(&[&other], &[&event(Some(account), Some(device), NOW, "registered")]).await.unwrap();
    assert_eq!((numbers.as_slice(), log.load_bindings().await.unwrap()), (&[1][..], vec![other]), "no other is left");
}

#[tokio::test]
async fn what_phones_did_is_numbered_read_and_trimmed() {
    let folder = tempfile::tempdir().unwrap();
    let log = PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap();
    let (account, device, other): (AccountId, DeviceId, DeviceId) = (id(), id(), id());
    let batch = [
        event(Some(account), Some(device), NOW, "registered"),
        event(Some(account), Some(other), NOW + 1, "registered"),
        event(None, None, NOW + 2, "refused"),
        event(Some(account), Some(device), NOW + 3, "dropped"),
    ];
    assert_eq!(log.apply(&[], &[], &refs(&batch)).await.unwrap(), [1, 2, 3, 4]);
    let seqs = |events: Vec<store::PhoneEvent>| events.iter().map(|e| e.seq).collect::<Vec<_>>();
    assert_eq!(seqs(log.phone_events(device, 10, None).await.unwrap()), [4, 1], "the newest first");
    assert_eq!(seqs(log.phone_events(device, 10, Some(4)).await.unwrap()), [1]);
    assert_eq!(seqs(log.phone_events(device, 1, None).await.unwrap()), [4]);
    assert_eq!(seqs(log.phone_events_after(account, 1, 10).await.unwrap()), [2, 4]);
    let read = log.phone_events(device, 1, None).await.unwrap().remove(0);
    assert_eq!((read.kind.as_str(), read.at, read.detail), ("dropped", NOW + 3, json!({"source": "192.0.2.7:5062"})));

    assert_eq!(log.trim(NOW + 2, Bounds::default()).await.unwrap(), 2);
    assert_eq!(log.trim(NOW + 9, Bounds::default()).await.unwrap(), 1, "the newest stays");
    assert_eq!(log.last_phone_event().await.unwrap(), 4);
    assert_eq!(log.apply(&[], &[], &refs(&batch[..1])).await.unwrap(), [5], "no number is given twice");
}

#[tokio::test]
async fn many_are_written_as_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap();
    let (account, device): (AccountId, DeviceId) = (id(), id());
    let all: Vec<Binding> = (0..450).map(|n| binding(account, device, &format!("sip:desk@192.0.2.7:{}", 5_000 + n))).collect();
    let events: Vec<NewPhoneEvent> = (0..450).map(|n| event(Some(account), Some(device), NOW + n, "registered")).collect();
    assert_eq!(log.apply(&refs(&all), &[], &refs(&events)).await.unwrap(), (1..=450).collect::<Vec<_>>());
    let read = log.phone_events(device, 1_000, None).await.unwrap();
    assert!(read.iter().map(|e| (e.seq, e.at)).eq((1..=450).rev().map(|seq| (seq, NOW + seq - 1))), "each its own number");
    let later: Vec<Binding> = all.iter().map(|b| Binding { cseq: 9, ..b.clone() }).collect();
    let gone: Vec<_> = later[49..].iter().map(Binding::key).collect();
    log.apply(&refs(&later[..49]), &refs(&gone), &[]).await.unwrap();
    let mut kept = log.load_bindings().await.unwrap();
    kept.sort_by(|a, b| a.contact.cmp(&b.contact));
    assert_eq!(kept, later[..49]);
}

#[tokio::test]
async fn a_phone_that_comes_and_goes_takes_the_place_of_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let log = PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap();
    let (account, busy, calm): (AccountId, DeviceId, DeviceId) = (id(), id(), id());
    let mut batch = vec![event(Some(account), Some(calm), NOW, "registered")];
    batch.extend((0..20).map(|n| event(Some(account), Some(busy), NOW + n, "dropped")));
    log.apply(&[], &[], &refs(&batch)).await.unwrap();
    let bounds = |events, of_device| Bounds { events, of_device, ..Bounds::default() };
    assert_eq!(log.trim(NOW, bounds(1_000, 5)).await.unwrap(), 15);
    assert_eq!(log.phone_events(busy, 100, None).await.unwrap().len(), 5);
    assert_eq!(log.phone_events(busy, 100, None).await.unwrap()[0].seq, 21, "the newest ones");
    assert_eq!(log.phone_events(calm, 100, None).await.unwrap().len(), 1);
    assert_eq!(log.trim(NOW, bounds(3, 5)).await.unwrap(), 3, "the oldest of all");
    assert_eq!(log.last_phone_event().await.unwrap(), 21);
}

#[tokio::test]
async fn what_repeats_itself_is_counted_and_tries_are_added_up_by_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bindings.db");
    let log = PhoneLog::open(&path).await.unwrap();
    let (account, other, device): (AccountId, AccountId, DeviceId) = (id(), id(), id());
    let numbers = log.apply(&[], &[], &[&event(Some(account), Some(device), NOW, "refused")]).await.unwrap();
    log.note(&[], &[(numbers[0], json!({"count": 7})), (99, json!({}))], 10).await.unwrap();
    assert_eq!(log.phone_events(device, 1, None).await.unwrap()[0].detail, json!({"count": 7}));

    let tried = |host: u8, user: &str, at| Tried::once([192, 0, 2, host].into(), user, "one.example.net", RefusedBecause::UnknownUser, at);
    log.note(&[(account, tried(1, "100", NOW)), (account, tried(2, "100", NOW + 1)), (other, tried(1, "x", NOW))], &[], 10).await.unwrap();
    log.note(&[(account, tried(1, "101", NOW + 5))], &[], 10).await.unwrap();
    log.close().await;
    let log = PhoneLog::open(&path).await.unwrap();
    let tries = log.tries(account, 10).await.unwrap();
    assert_eq!(
        tries.iter().map(|t| (t.source.to_string(), t.count)).collect::<Vec<_>>(),
        [("192.0.2.1".into(), 2), ("192.0.2.2".into(), 1)]
    );
    assert_eq!((tries[0].first, tries[0].last, tries[0].names.len()), (NOW, NOW + 5, 2));
    log.trim(NOW + 1, Bounds { sources: 1, ..Bounds::default() }).await.unwrap();
    assert_eq!(log.tries(account, 10).await.unwrap().len(), 1, "the latest source stays");
    assert!(log.tries(other, 10).await.unwrap().is_empty(), "too old");
}

#[tokio::test]
async fn a_flood_of_refusals_takes_the_place_of_no_registration_and_of_no_other_reason() {
    let folder = tempfile::tempdir().unwrap();
    let log = PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap();
    let (account, device): (AccountId, DeviceId) = (id(), id());
    let refused =
        |why: &str, at| NewPhoneEvent { detail: json!({ "why": why }).to_string(), ..event(Some(account), Some(device), at, "refused") };
    let mut batch = vec![event(Some(account), Some(device), NOW, "registered"), refused("disabled", NOW)];
    batch.extend((0..20).map(|n| refused("wrong_password", NOW + n)));
    log.apply(&[], &[], &refs(&batch)).await.unwrap();
    let kept = async || log.phone_events(device, 100, None).await.unwrap().into_iter().map(|e| e.seq).collect::<Vec<_>>();
    let bounds = |events, of_reason| Bounds { events, of_device: 5, of_reason, sources: 10 };
    assert_eq!(log.trim(NOW, bounds(100, 3)).await.unwrap(), 17);
    assert_eq!(kept().await, [22, 21, 20, 2, 1], "of each reason the newest");
    // Refusals go first where there are too many in all.
    log.apply(&[], &[], &[&event(Some(account), Some(device), NOW, "dropped")]).await.unwrap();
    assert_eq!(log.trim(NOW, bounds(3, 3)).await.unwrap(), 3);
    assert_eq!(kept().await, [23, 22, 1]);
    assert_eq!(log.trim(NOW, bounds(1, 3)).await.unwrap(), 2);
    assert_eq!(kept().await, [23]);
}

#[tokio::test]
async fn sources_beyond_the_bound_are_added_up_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = PhoneLog::open(&folder.path().join("bindings.db")).await.unwrap();
    let (account, other): (AccountId, AccountId) = (id(), id());
    let tried =
        |host: u8| Tried::once([192, 0, 2, host].into(), "x", "one.example.net", RefusedBecause::UnknownUser, NOW + i64::from(host));
    let many: Vec<_> = (1..=20).map(|host| (account, tried(host))).collect();
    log.note(&many, &[], 5).await.unwrap();
    log.note(&[(account, tried(1)), (account, tried(30)), (other, tried(30))], &[], 5).await.unwrap();
    let lines =
        async |account| log.tries(account, 100).await.unwrap().into_iter().map(|t| (t.source.to_string(), t.count)).collect::<Vec<_>>();
    let found = lines(account).await;
    assert_eq!((found.len(), &found[0]), (6, &("0.0.0.0".into(), 16)));
    assert!(found.contains(&("192.0.2.1".into(), 2)), "one that has a line goes on");
    assert_eq!(lines(other).await.len(), 1);
    // The line of the others stays, whatever is trimmed.
    log.trim(NOW, Bounds { sources: 2, ..Bounds::default() }).await.unwrap();
    assert_eq!(lines(account).await.iter().map(|(source, _)| source.as_str()).collect::<Vec<_>>(), ["0.0.0.0", "192.0.2.5", "192.0.2.4"]);
}
