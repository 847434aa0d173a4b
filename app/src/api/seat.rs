//! Seats and carriers.

use super::ApiError;
use domain::view::{CarriersView, Made, Saved, SeatView, SeatsAsk, SeatsPage};
use domain::{AccountId, CarrierId, Field, OperationId, Patch, SeatId, Value};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use super::{answer, caller, service};

#[server(prefix = "/api", endpoint = "seats", input = Json)]
pub async fn seats(account: AccountId, ask: SeatsAsk) -> Result<SeatsPage, ApiError> {
    let caller = caller()?;
    answer(service().seats(&caller, account, ask).await)
}

/// Makes a seat with its first device; an empty device name means "New Device".
#[server(prefix = "/api", endpoint = "new_seat", input = Json)]
pub async fn new_seat(
    account: AccountId,
    operation: OperationId,
    name: String,
    extension: String,
    device: String,
) -> Result<Made, ApiError> {
    let caller = caller()?;
    answer(service().new_seat(&caller, account, operation, name, extension, device).await)
}

#[server(prefix = "/api", endpoint = "seat", input = Json)]
pub async fn seat(account: AccountId, seat: SeatId) -> Result<SeatView, ApiError> {
    let caller = caller()?;
    answer(service().seat(&caller, account, seat).await)
}

#[server(prefix = "/api", endpoint = "save_seat", input = Json)]
pub async fn save_seat(account: AccountId, seat: SeatId, patch: Patch) -> Result<Saved, ApiError> {
    let caller = caller()?;
    answer(service().save_seat(&caller, account, seat, patch).await)
}

#[server(prefix = "/api", endpoint = "delete_seat", input = Json)]
pub async fn delete_seat(account: AccountId, seat: SeatId, operation: OperationId) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().delete_seat(&caller, account, seat, operation).await)
}

#[server(prefix = "/api", endpoint = "add_device", input = Json)]
pub async fn add_device(account: AccountId, seat: SeatId, operation: OperationId, name: String) -> Result<Made, ApiError> {
    let caller = caller()?;
    answer(service().add_device(&caller, account, seat, operation, name).await)
}

#[server(prefix = "/api", endpoint = "carriers", input = Json)]
pub async fn carriers(account: AccountId) -> Result<CarriersView, ApiError> {
    let caller = caller()?;
    answer(service().carriers(&caller, account).await)
}

/// `values`: fields of a carrier; what is left out has its default.
#[server(prefix = "/api", endpoint = "new_carrier", input = Json)]
pub async fn new_carrier(account: AccountId, operation: OperationId, values: BTreeMap<Field, Value>) -> Result<CarrierId, ApiError> {
    let caller = caller()?;
    answer(service().new_carrier(&caller, account, operation, values).await)
}

#[server(prefix = "/api", endpoint = "save_carrier", input = Json)]
pub async fn save_carrier(account: AccountId, carrier: CarrierId, patch: Patch) -> Result<Saved, ApiError> {
    let caller = caller()?;
    answer(service().save_carrier(&caller, account, carrier, patch).await)
}

#[server(prefix = "/api", endpoint = "delete_carrier", input = Json)]
pub async fn delete_carrier(account: AccountId, carrier: CarrierId, operation: OperationId) -> Result<(), ApiError> {
    let caller = caller()?;
    answer(service().delete_carrier(&caller, account, carrier, operation).await)
}
