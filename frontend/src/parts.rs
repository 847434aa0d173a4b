//! The parts of the pages, each a file of its own: whatever only its function reaches is cut out of the bundle by `cargo xtask site`.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of loading, which `wasm_split` adds")]

use app::{
    Place,
    loading::Loader,
    offline::{Running, Task},
    parts::{self, Part},
};
use leptos::prelude::AnyView;
use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

type Made = Result<AnyView, SplitLoaderError>;

#[wasm_split(door, preload(load_door), fallible)]
fn door(place: Place) -> Made {
    Ok(parts::door(place))
}

#[wasm_split(seats, preload(load_seats), fallible)]
fn seats(place: Place) -> Made {
    Ok(parts::seats(place))
}

#[wasm_split(carriers, preload(load_carriers), fallible)]
fn carriers(place: Place) -> Made {
    Ok(parts::carriers(place))
}

#[wasm_split(office, preload(load_office), fallible)]
fn office(place: Place) -> Made {
    Ok(parts::office(place))
}

/// What keeps drafts is loaded when it is needed (`app::offline`).
#[wasm_split(offline, preload(load_offline), fallible)]
fn offline(task: Task) -> Result<Running, SplitLoaderError> {
    Ok(app::offline::run(task))
}

pub fn loader() -> Loader {
    Loader { load, make, load_offline: || Box::pin(async { load_offline().await.is_ok() }), offline: |task| now(offline(task)) }
}

fn load(part: Part) -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async move {
        let loaded = match part {
            Part::Door => load_door().await,
            Part::Seats => load_seats().await,
            Part::Carriers => load_carriers().await,
            Part::Office => load_office().await,
        };
        loaded.is_ok()
    })
}

fn make(part: Part, place: Place) -> Option<AnyView> {
    match part {
        Part::Door => now(door(place)),
        Part::Seats => now(seats(place)),
        Part::Carriers => now(carriers(place)),
        Part::Office => now(office(place)),
    }
}

/// What the function gives at once, since its part is there.
fn now<T>(made: impl Future<Output = Result<T, SplitLoaderError>>) -> Option<T> {
    match pin!(made).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(made) => made.ok(),
        Poll::Pending => None,
    }
}
