//! Carriers, the ways out: list, new, edit.

mod delete;
mod edit;
mod fields;
mod list;
mod new;

pub use edit::Carrier;
pub use list::Carriers;
pub use new::NewCarrier;
