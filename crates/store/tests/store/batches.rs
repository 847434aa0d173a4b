//! Many at once.

use crate::{engine::Lab, fixture::*};
use domain::batch::{Outcome, Pace, State};
use domain::{DAY, reboot::End, vendor::Action};
use store::{BatchItem, BatchRow};

mod on {
    both!(a_batch_is_kept_item_by_item_and_goes_after_a_month);
}

async fn a_batch_is_kept_item_by_item_and_goes_after_a_month(lab: Lab) {
    let account = account(&lab.store, "one.example.net").await;
    let seat = seat(account, "Reception", "100");
    let desk = device(&seat, "Desk", "user_desk");
    save(&lab.store, &seat, &[&desk]).await;
    let batch = BatchRow {
        id: id(),
        account,
        action: Action::Resync,
        asked_by: None,
        asked_by_name: "Ada".into(),
        asked: NOW,
        pace: Pace { in_all: 20, of_source: 3 },
        state: State::Running,
        ended: None,
    };
    let items: Vec<BatchItem> = (0..450)
        .map(|n| BatchItem {
            n,
            device: desk.id,
            seat: seat.id,
            device_name: format!("Desk {n}"),
            seat_name: "Reception".into(),
            started: None,
            source: None,
            job: None,
            outcome: None,
        })
        .collect();
    let tx = lab.store.begin().await.unwrap();
    tx.insert_batch(&batch, &items).await.unwrap();
    let (job, ip) = (id(), [192, 0, 2, 7].into());
    tx.start_batch_item(batch.id, 0, NOW + 1, Some(ip), Some(job), None).await.unwrap();
    tx.start_batch_item(batch.id, 1, NOW + 2, None, None, Some(&Outcome::Deleted)).await.unwrap();
    tx.commit().await.unwrap();

    let lab = lab.reopened().await;
    let reads = lab.store.read();
    assert_eq!(reads.live_batches().await.unwrap(), std::slice::from_ref(&batch));
    assert_eq!(reads.batch(account, batch.id).await.unwrap(), Some(batch.clone()));
    assert_eq!(reads.batch(id(), batch.id).await.unwrap(), None, "another account does not see it");
    let waiting = reads.batch_waiting(batch.id).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].0), (448, 2));
    assert_eq!(reads.batch_asked(batch.id, NOW).await.unwrap(), [(NOW + 1, ip)]);
    assert!(reads.batch_asked(batch.id, NOW + 2).await.unwrap().is_empty());
    let counts = reads.batch_counts(batch.id).await.unwrap();
    assert_eq!((counts.waiting, counts.running, counts.outcomes), (448, 1, vec![(Outcome::Deleted, 1)]));

    let tx = lab.store.begin().await.unwrap();
    assert_eq!(tx.end_batch_items(job, &Outcome::Ended(End::ConfirmedBack)).await.unwrap(), [batch.id]);
    assert_eq!(tx.end_batch_items(job, &Outcome::Ended(End::NoAnswer)).await.unwrap(), [], "what is told is told");
    tx.cancel_batch_items(batch.id).await.unwrap();
    tx.update_batch(batch.id, State::Cancelled, Pace::default(), Some(NOW + 5)).await.unwrap();
    tx.commit().await.unwrap();
    let items = reads.batch_items(batch.id, None, 3).await.unwrap();
    let outcomes: Vec<_> = items.iter().map(|i| i.outcome.clone().unwrap()).collect();
    assert_eq!(outcomes, [Outcome::Ended(End::ConfirmedBack), Outcome::Deleted, Outcome::Cancelled]);
    assert_eq!((items[0].source, items[0].job, items[0].started), (Some(ip), Some(job), Some(NOW + 1)));
    assert_eq!(reads.batch_items(batch.id, Some(448), 10).await.unwrap().len(), 1);
    assert!(reads.live_batches().await.unwrap().is_empty());
    assert_eq!(reads.batches(account, 5).await.unwrap()[0].state, State::Cancelled);

    let tx = lab.store.begin().await.unwrap();
    tx.purge(NOW + 6 + 30 * DAY).await.unwrap();
    tx.commit().await.unwrap();
    assert!(reads.batches(account, 5).await.unwrap().is_empty() && reads.batch_items(batch.id, None, 1).await.unwrap().is_empty());
}
