//! One device: read, save, look at its password, reboot, resync, unregister, its history, delete, restore.

use domain::presence::Doing;
use domain::view::{DeviceView, HistoryCursor, HistoryPage, JobView, Saved};
use domain::{AccountId, DeviceId, Field, JobId, OperationId, Patch, SeatId, Secret, Value};
use uuid::Uuid;

#[cfg(not(feature = "ssr"))]
use super::Call;
#[cfg(feature = "ssr")]
use super::{ApiError, answer, caller, service};
#[cfg(feature = "ssr")]
use domain::vendor::Action;
#[cfg(feature = "ssr")]
use leptos::{prelude::*, server_fn::codec::Json};

functions! {
    #[endpoint = "device"]
    async fn device(account: AccountId, device: DeviceId) -> Result<DeviceView, ApiError> {
        let caller = caller()?;
        answer(service().device(&caller, account, device).await)
    }

    /// Saves a patch; `then_reboot`: "Save, then reboot", over the given contact (the newest binding when none is given).
    #[endpoint = "save_device"]
    async fn save_device(
        account: AccountId,
        device: DeviceId,
        patch: Patch,
        then_reboot: bool,
        contact: Option<String>,
    ) -> Result<Saved, ApiError> {
        let caller = caller()?;
        answer(service().save_device(&caller, account, device, patch, then_reboot, contact).await)
    }

    /// What a save of a device or seat under this operation id came to; none when the server knows of none.
    #[endpoint = "saved_before"]
    async fn saved_before(account: AccountId, operation: OperationId) -> Result<Option<Saved>, ApiError> {
        let caller = caller()?;
        answer(service().saved_before(&caller, account, operation).await)
    }

    /// The stored SIP password. A recorded look.
    #[endpoint = "look_password"]
    async fn look_password(account: AccountId, device: DeviceId) -> Result<Secret, ApiError> {
        let caller = caller()?;
        answer(service().look_password(&caller, account, device).await)
    }

    #[endpoint = "delete_device"]
    async fn delete_device(account: AccountId, device: DeviceId, operation: OperationId) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().delete_device(&caller, account, device, operation).await)
    }

    /// Asks for a reboot over the given contact (the newest binding when none is given); joins one that runs.
    #[endpoint = "reboot"]
    async fn reboot(account: AccountId, device: DeviceId, operation: OperationId, contact: Option<String>) -> Result<JobView, ApiError> {
        let caller = caller()?;
        answer(service().reboot(&caller, account, Action::Reboot, device, operation, contact).await)
    }

    /// Asks the phone to fetch its configuration again, over the given contact (the newest binding when none is given).
    #[endpoint = "resync"]
    async fn resync(account: AccountId, device: DeviceId, operation: OperationId, contact: Option<String>) -> Result<JobView, ApiError> {
        let caller = caller()?;
        answer(service().reboot(&caller, account, Action::Resync, device, operation, contact).await)
    }

    /// Ends one registration.
    #[endpoint = "unregister"]
    async fn unregister(account: AccountId, device: DeviceId, contact: String) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().unregister(&caller, account, device, contact).await)
    }

    /// This tab looks at the device, edits it, or leaves it; answers in words who else is there now.
    #[endpoint = "look"]
    async fn look(account: AccountId, device: DeviceId, tab: Uuid, doing: Doing) -> Result<String, ApiError> {
        let caller = caller()?;
        answer(service().look(&caller, account, device, tab, doing).await)
    }

    /// What happened to the device, the newest first, behind `before`.
    #[endpoint = "device_history"]
    async fn device_history(account: AccountId, device: DeviceId, before: Option<HistoryCursor>) -> Result<HistoryPage, ApiError> {
        let caller = caller()?;
        answer(service().device_history(&caller, account, device, before).await)
    }

    #[endpoint = "job"]
    async fn job(account: AccountId, job: JobId) -> Result<JobView, ApiError> {
        let caller = caller()?;
        answer(service().job(&caller, account, job).await)
    }

    /// Brings a deleted device back; `instead`: other values where the old ones were taken meanwhile.
    #[endpoint = "restore_device"]
    async fn restore_device(
        account: AccountId,
        device: DeviceId,
        operation: OperationId,
        instead: Vec<(Field, Value)>,
    ) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().restore_device(&caller, account, device, operation, instead).await)
    }

    /// Brings a deleted seat back with the devices that went with it; `instead`: other values, of a device or of the seat itself.
    #[endpoint = "restore_seat"]
    async fn restore_seat(
        account: AccountId,
        seat: SeatId,
        operation: OperationId,
        instead: Vec<(Option<DeviceId>, Field, Value)>,
    ) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().restore_seat(&caller, account, seat, operation, instead).await)
    }
}
