//! Seats and carriers.

use domain::few::Map;
use domain::view::{CarriersView, Made, Saved, SeatView, SeatsAsk, SeatsPage};
use domain::{AccountId, CarrierId, Field, OperationId, Patch, SeatId, Value};

#[cfg(not(feature = "ssr"))]
use super::Call;
#[cfg(feature = "ssr")]
use super::{ApiError, answer, caller, service};
#[cfg(feature = "ssr")]
use leptos::{prelude::*, server_fn::codec::Json};

functions! {
    #[endpoint = "seats"]
    async fn seats(account: AccountId, ask: SeatsAsk) -> Result<SeatsPage, ApiError> {
        let caller = caller()?;
        answer(service().seats(&caller, account, ask).await)
    }

    /// Makes a seat with its first device; an empty device name means "New Device".
    #[endpoint = "new_seat"]
    async fn new_seat(
        account: AccountId,
        operation: OperationId,
        name: String,
        extension: String,
        device: String,
    ) -> Result<Made, ApiError> {
        let caller = caller()?;
        answer(service().new_seat(&caller, account, operation, name, extension, device).await)
    }

    #[endpoint = "seat"]
    async fn seat(account: AccountId, seat: SeatId) -> Result<SeatView, ApiError> {
        let caller = caller()?;
        answer(service().seat(&caller, account, seat).await)
    }

    #[endpoint = "save_seat"]
    async fn save_seat(account: AccountId, seat: SeatId, patch: Patch) -> Result<Saved, ApiError> {
        let caller = caller()?;
        answer(service().save_seat(&caller, account, seat, patch).await)
    }

    #[endpoint = "delete_seat"]
    async fn delete_seat(account: AccountId, seat: SeatId, operation: OperationId) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().delete_seat(&caller, account, seat, operation).await)
    }

    #[endpoint = "add_device"]
    async fn add_device(account: AccountId, seat: SeatId, operation: OperationId, name: String) -> Result<Made, ApiError> {
        let caller = caller()?;
        answer(service().add_device(&caller, account, seat, operation, name).await)
    }

    #[endpoint = "carriers"]
    async fn carriers(account: AccountId) -> Result<CarriersView, ApiError> {
        let caller = caller()?;
        answer(service().carriers(&caller, account).await)
    }

    /// `values`: fields of a carrier; what is left out has its default.
    #[endpoint = "new_carrier"]
    async fn new_carrier(account: AccountId, operation: OperationId, values: Map<Field, Value>) -> Result<CarrierId, ApiError> {
        let caller = caller()?;
        answer(service().new_carrier(&caller, account, operation, values).await)
    }

    #[endpoint = "save_carrier"]
    async fn save_carrier(account: AccountId, carrier: CarrierId, patch: Patch) -> Result<Saved, ApiError> {
        let caller = caller()?;
        answer(service().save_carrier(&caller, account, carrier, patch).await)
    }

    #[endpoint = "delete_carrier"]
    async fn delete_carrier(account: AccountId, carrier: CarrierId, operation: OperationId) -> Result<(), ApiError> {
        let caller = caller()?;
        answer(service().delete_carrier(&caller, account, carrier, operation).await)
    }
}
