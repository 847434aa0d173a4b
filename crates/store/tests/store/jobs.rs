//! Reboot jobs and the previous password that one may keep.

use crate::{engine::Lab, fixture::*};
use domain::batch::{Outcome, Pace, State};
use domain::{AccountId, DAY, DeviceId, JobId, reboot::End, vendor::Action};
use store::{BatchItem, BatchRow, Device, ExposeSecret, JobRow, Purged, Store, StoreError};

mod on {
    both!(a_running_job_survives_a_restart_with_its_secret_and_an_ended_one_has_none);
    both!(jobs_are_kept_for_a_month_and_in_a_bound_but_for_those_that_are_needed);
}

async fn a_running_job_survives_a_restart_with_its_secret_and_an_ended_one_has_none(lab: Lab) {
    let account = account(&lab.store, "one.example.net").await;
    let ada = operator(&lab.store, "Ada").await;
    let seat = seat(account, "Reception", "100");
    let desk = device(&seat, "Desk", "user_desk");
    save(&lab.store, &seat, &[&desk]).await;
    let job = |asked, password: Option<&str>| JobRow {
        id: id(),
        account,
        device: desk.id,
        asked_by: Some(ada),
        asked_by_name: "Ada".into(),
        asked,
        state: "{\"asked\":1}".into(),
        running: true,
        ended: None,
        previous_password: password.map(Into::into),
        user_agent: "Yealink SIP-T46S".into(),
        contact: "sip:user_desk@192.0.2.7:5062".into(),
    };
    let (first, second) = (job(NOW, None), job(NOW + 1, Some("old-password")));
    let tx = lab.store.begin().await.unwrap();
    tx.insert_job(&first).await.unwrap();
    tx.insert_job(&second).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!format!("{second:?}").contains("old-password"));

    let lab = lab.reopened().await;
    let reads = lab.store.read();
    let running = reads.running_jobs().await.unwrap();
    assert_eq!(running.iter().map(|job| job.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert!(running[0].previous_password.is_none());
    assert_eq!(running[1].previous_password.as_ref().unwrap().expose_secret(), "old-password");
    assert_eq!(reads.last_job(desk.id).await.unwrap().unwrap().id, second.id);

    // A save came while it ran.
    let tx = lab.store.begin().await.unwrap();
    tx.note_save(first.id, "{\"saved\":1}", Some(&"saved over".into())).await.unwrap();
    tx.commit().await.unwrap();
    let noted = reads.running_jobs().await.unwrap().remove(0);
    assert_eq!((noted.state.as_str(), noted.previous_password.unwrap().expose_secret()), ("{\"saved\":1}", "saved over"));

    let tx = lab.store.begin().await.unwrap();
    tx.update_job(second.id, "{\"back\":2}", false, Some(NOW + 2)).await.unwrap();
    assert!(matches!(tx.update_job(id(), "", false, None).await, Err(StoreError::NotFound)));
    assert!(matches!(tx.note_save(second.id, "{}", Some(&"too late".into())).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    let ended = reads.job(account, second.id).await.unwrap().unwrap();
    assert_eq!((ended.state.as_str(), ended.running, ended.ended), ("{\"back\":2}", false, Some(NOW + 2)));
    assert!(reads.job(id(), second.id).await.unwrap().is_none(), "another account does not see it");
    assert_eq!(reads.running_jobs().await.unwrap().len(), 1);
    assert_eq!(reads.jobs_of(desk.id, 10, None).await.unwrap().len(), 2);
    assert_eq!(reads.jobs_of(desk.id, 1, None).await.unwrap()[0].id, second.id);
    let before = reads.jobs_of(desk.id, 10, Some((second.asked, second.id))).await.unwrap();
    assert_eq!(before.iter().map(|job| job.id).collect::<Vec<_>>(), [first.id]);
    let tx = lab.store.begin().await.unwrap();
    tx.update_job(second.id, "{}", true, None).await.unwrap();
    let again = tx.running_jobs().await.unwrap().into_iter().find(|job| job.id == second.id).unwrap();
    assert!(again.previous_password.is_none(), "what is erased stays erased");
}

fn asked(device: &Device, asked: i64, running: bool) -> JobRow {
    JobRow {
        id: id(),
        account: device.account,
        device: device.id,
        asked_by: None,
        asked_by_name: "Ada".into(),
        asked,
        state: "{}".into(),
        running,
        ended: (!running).then_some(asked + 1),
        previous_password: None,
        user_agent: String::new(),
        contact: String::new(),
    }
}

async fn insert(store: &Store, jobs: &[JobRow]) -> Vec<JobId> {
    let tx = store.begin().await.unwrap();
    for job in jobs {
        tx.insert_job(job).await.unwrap();
    }
    tx.commit().await.unwrap();
    jobs.iter().map(|job| job.id).collect()
}

async fn purged(store: &Store, at: i64) -> u64 {
    let tx = store.begin().await.unwrap();
    let purged = tx.purge(at).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(purged, Purged { jobs: purged.jobs, ..Purged::default() });
    purged.jobs
}

async fn kept(store: &Store, device: DeviceId) -> Vec<JobId> {
    store.read().jobs_of(device, 10_000, None).await.unwrap().into_iter().map(|job| job.id).collect()
}

/// Many at once that are over, and show a job.
async fn shown(store: &Store, account: AccountId, device: &Device, job: JobId, ended: i64) {
    let batch = BatchRow {
        id: id(),
        account,
        action: Action::Reboot,
        asked_by: None,
        asked_by_name: "Ada".into(),
        asked: NOW,
        pace: Pace::default(),
        state: State::Running,
        ended: None,
    };
    let item = BatchItem {
        n: 0,
        device: device.id,
        seat: device.seat,
        device_name: "Desk".into(),
        seat_name: "Reception".into(),
        started: None,
        source: None,
        job: None,
        outcome: None,
    };
    let tx = store.begin().await.unwrap();
    tx.insert_batch(&batch, &[item]).await.unwrap();
    tx.start_batch_item(batch.id, 0, NOW, None, Some(job), Some(&Outcome::Ended(End::ConfirmedBack))).await.unwrap();
    tx.update_batch(batch.id, State::Done, Pace::default(), Some(ended)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn jobs_are_kept_for_a_month_and_in_a_bound_but_for_those_that_are_needed(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let seat = seat(account, "Reception", "100");
    let (desk, hall, busy) = (device(&seat, "Desk", "user_a"), device(&seat, "Hall", "user_b"), device(&seat, "Busy", "user_c"));
    save(store, &seat, &[&desk, &hall, &busy]).await;
    let d =
        insert(store, &[asked(&desk, NOW, false), asked(&desk, NOW + 1, true), asked(&desk, NOW + 2, false), asked(&desk, NOW + 3, false)])
            .await;
    let h = insert(store, &[asked(&hall, NOW, false)]).await;
    shown(store, account, &desk, d[2], NOW + 10 * DAY).await;

    assert_eq!(purged(store, NOW + 30 * DAY).await, 0, "a month is not over");
    assert_eq!(purged(store, NOW + 31 * DAY).await, 1);
    assert_eq!(kept(store, desk.id).await, [d[3], d[2], d[1]], "the last one, one that is shown, one that runs");
    assert_eq!(kept(store, hall.id).await, h, "the last one");
    assert_eq!(purged(store, NOW + 41 * DAY).await, 1, "the batch that showed it is gone");
    assert_eq!(kept(store, desk.id).await, [d[3], d[1]]);

    // Asked for at the same moment: the number decides.
    let many: Vec<JobRow> = (0..1_050).map(|n| asked(&busy, NOW + 50 * DAY + n / 2, n == 3)).collect();
    let b = insert(store, &many).await;
    shown(store, account, &busy, b[7], NOW + 50 * DAY).await;
    assert_eq!(purged(store, NOW + 51 * DAY).await, 48);
    let left = kept(store, busy.id).await;
    assert_eq!((left.len(), left[0], left[999]), (1_002, b[1_049], b[50]));
    assert_eq!(left[1_000..], [b[7], b[3]], "what is needed is kept beyond the bound");
    assert_eq!(purged(store, NOW + 51 * DAY).await, 0);
    assert_eq!(store.read().last_job(busy.id).await.unwrap().unwrap().id, b[1_049]);
}
