//! The tables as `SeaORM` sees them. Nothing outside this crate does.

pub mod accounts;
pub mod batch_items;
pub mod batches;
pub mod bindings;
pub mod carriers;
pub mod devices;
pub mod events;
pub mod invites;
pub mod jobs;
pub mod listing;
pub mod memberships;
pub mod meta;
pub mod operations;
pub mod operators;
pub mod phone_events;
pub mod ranges;
pub mod realms;
pub mod seats;
pub mod sessions;
pub mod tries;
