//! Time as a number, and the clock as something handed in, so that a test can be days long in milliseconds.

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// Milliseconds of one second.
pub const SECOND: Millis = 1_000;
/// Milliseconds of one minute.
pub const MINUTE: Millis = 60 * SECOND;
/// Milliseconds of one hour.
pub const HOUR: Millis = 60 * MINUTE;
/// Milliseconds of one day.
pub const DAY: Millis = 24 * HOUR;

/// Tells the time. The real one stands in `service`; tests bring their own.
pub trait Clock: Send + Sync + 'static {
    /// Now, in milliseconds since 1970-01-01 UTC.
    fn now(&self) -> Millis;
}
