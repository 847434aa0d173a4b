//! The form kit: one draft of one record, a memo for each field, and the controls that write into it.
//!
//! What stands in a control is the draft's edit, never the DOM's word alone, except once: what was typed before the page was alive differs
//! from what was rendered, and counts.

mod again;
mod bar;
mod chips;
mod choice;
mod choose;
mod conflict;
mod controls;
mod handle;
mod keep;
mod look;
mod notes;
mod password;
mod realm;
mod row;
mod save;
mod submit;

pub use again::Shown;
pub use bar::SaveBar;
pub use chips::{Chips, ChipsOf};
use choice::Choice;
pub use choose::choose;
pub use conflict::ConflictDialog;
pub use controls::{SelectInput, SwitchInput, TextInput};
pub use handle::{FormHandle, FormSetup, Waits};
pub use look::Look;
pub use notes::Notes;
pub use password::{Looker, Looking, PasswordInput, password_hint};
pub use realm::{RealmInput, default_realm, realm_hint};
pub use row::{Row, control_id};
pub use submit::FormBody;
