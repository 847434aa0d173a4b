//! The frame around the pages: who is signed in, in which account, the navigation, words across the page.

mod account;
mod again;
mod banners;
mod door;
mod nav;
mod theme;

pub use account::{AccountCtx, AccountLayout, use_account, use_key, use_me};
pub use again::SignInAgain;
pub use banners::Insecure;
pub use door::Door;
pub use theme::ThemeChoice;
