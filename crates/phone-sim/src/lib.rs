//! Simulated desk phones over real SIP (UDP): they register with digest, refresh, answer OPTIONS and NOTIFY as their vendor's phones do,
//! go away when told to restart, and come back. They share no code with the registrar, so that they are peers and not mirrors.
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! use seatline_phone_sim::{Phone, Profile};
//! let registrar = ([127, 0, 0, 1], 5060).into();
//! let phone = Phone::new(Profile::yealink(), "desk1001", "a.example.net", "secret", registrar).start().await?;
//! phone.wait_for(|state| state.registered).await;
//! phone.stop().await;
//! # Ok(())
//! # }
//! ```

mod agent;
mod digest;
mod message;
mod phone;
mod profile;
mod request;
#[cfg(test)]
mod tests;

pub use phone::{Handle, Login, Phone, State};
pub use profile::{Leave, Manner, Profile, Restart};
