//! The pages.

pub mod activity;
pub mod batches;
pub mod carriers;
pub mod flags;
pub mod history;
pub mod home;
pub mod invite;
pub mod new_seat;
pub mod next;
mod phone;
pub mod seat;
pub mod seats;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod signed_out;
