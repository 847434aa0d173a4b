//! Reboots and resyncs of many devices.

use domain::batch::{Control, Pace};
use domain::vendor::Action;
use domain::view::{BatchOf, BatchPreview, BatchView, BatchesView};
use domain::{AccountId, BatchId, OperationId};

#[cfg(not(feature = "ssr"))]
use super::Call;
#[cfg(feature = "ssr")]
use super::{ApiError, answer, caller, service};
#[cfg(feature = "ssr")]
use leptos::{prelude::*, server_fn::codec::Json};

functions! {
    #[endpoint = "batches"]
    async fn batches(account: AccountId) -> Result<BatchesView, ApiError> {
        let caller = caller()?;
        answer(service().batches(&caller, account).await)
    }

    /// With the devices behind number `after`.
    #[endpoint = "batch"]
    async fn batch(account: AccountId, batch: BatchId, after: Option<u32>) -> Result<BatchView, ApiError> {
        let caller = caller()?;
        answer(service().batch(&caller, account, batch, after).await)
    }

    /// How many could be reached now, and about how long it takes.
    #[endpoint = "preview_batch"]
    async fn preview_batch(account: AccountId, of: BatchOf, pace: Pace) -> Result<BatchPreview, ApiError> {
        let caller = caller()?;
        answer(service().batch_preview(&caller, account, of, pace).await)
    }

    #[endpoint = "start_batch"]
    async fn start_batch(
        account: AccountId,
        operation: OperationId,
        of: BatchOf,
        action: Action,
        pace: Pace,
    ) -> Result<BatchId, ApiError> {
        let caller = caller()?;
        answer(service().batch_start(&caller, account, operation, of, action, pace).await)
    }

    /// Pauses, goes on, cancels, or changes the pace.
    #[endpoint = "control_batch"]
    async fn control_batch(account: AccountId, batch: BatchId, control: Control) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().batch_control(&caller, account, batch, control).await)
    }
}
