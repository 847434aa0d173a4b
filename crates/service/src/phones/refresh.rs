//! What was saved counts for phones: after each commit directory and roster read it anew. Where the database can't be read at that moment
//! it is tried again until it can: nobody is told that a save failed which is done, and no phone goes on by what is gone.

use crate::Service;
use domain::{AccountId, DeviceId, Dropped, Problem, SeatId};
use std::{future::Future, time::Duration};

const PAUSE: Duration = Duration::from_secs(1);

async fn surely<F: Future<Output = Result<(), Problem>>>(refresh: impl Fn() -> F) {
    again(PAUSE, refresh).await;
}

async fn again<F: Future<Output = Result<(), Problem>>>(pause: Duration, refresh: impl Fn() -> F) {
    while let Err(problem) = refresh().await {
        tracing::warn!(%problem, "what was saved could not be read for the phones yet");
        tokio::time::sleep(pause).await;
    }
}

impl Service {
    pub(crate) async fn refresh_realms(&self) {
        surely(|| self.reread_realms()).await;
    }

    pub(crate) async fn refresh_seat(&self, seat: SeatId) {
        surely(|| self.reread_seat(seat)).await;
    }

    pub(crate) async fn refresh_carriers(&self, account: AccountId) {
        surely(|| self.reread_carriers(account)).await;
    }

    /// Then ends the device's registrations if `end` says why.
    pub(crate) async fn refresh_device(&self, device: DeviceId, end: Option<Dropped>) {
        surely(|| self.reread_device(device, end)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn what_can_not_be_read_is_read_again_until_it_can() {
        let tries = Cell::new(0);
        again(Duration::from_millis(1), || {
            tries.set(tries.get() + 1);
            let answer = if tries.get() < 4 { Err(Problem::NotFound) } else { Ok(()) };
            async { answer }
        })
        .await;
        assert_eq!(tries.get(), 4);
    }
}
