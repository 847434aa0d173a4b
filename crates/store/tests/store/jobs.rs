//! Reboot jobs and the previous password that one may keep.

use crate::{engine::Lab, fixture::*};
use store::{ExposeSecret, JobRow, StoreError};

mod on {
    both!(a_running_job_survives_a_restart_with_its_secret_and_an_ended_one_has_none);
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

    let tx = lab.store.begin().await.unwrap();
    tx.update_job(second.id, "{\"back\":2}", false, Some(NOW + 2)).await.unwrap();
    assert!(matches!(tx.update_job(id(), "", false, None).await, Err(StoreError::NotFound)));
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
    assert!(tx.running_jobs().await.unwrap().iter().all(|job| job.previous_password.is_none()), "what is erased stays erased");
}
