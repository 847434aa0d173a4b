//! Times: the server writes them in UTC, the living page in the reader's zone.

use super::use_clock;
use domain::{DAY, HOUR, MINUTE, Millis, SECOND};
use leptos::prelude::*;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Now by the browser's clock. In the browser only.
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// A calendar day and a time of day, in some zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    year: i64,
    /// 0–11.
    month: usize,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Moment {
    /// In UTC, by the proleptic Gregorian calendar.
    fn utc(at: Millis) -> Self {
        let days = at.div_euclid(DAY);
        let in_day = at.rem_euclid(DAY);
        // Years begin in March here, so that a leap day is the last of its year (the usual civil-from-days).
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march = (5 * of_year + 2) / 153;
        let month = (march + 2) % 12;
        Self {
            year: year_of_era + era * 400 + i64::from(month < 2),
            month: month as usize,
            day: (of_year - (153 * march + 2) / 5 + 1) as u32,
            hour: (in_day / HOUR) as u32,
            minute: (in_day / MINUTE % 60) as u32,
            second: (in_day / SECOND % 60) as u32,
        }
    }

    /// In the zone of the browser.
    fn local(at: Millis) -> Self {
        let date = js_sys::Date::new(&(at as f64).into());
        Self {
            year: i64::from(date.get_full_year()),
            month: date.get_month() as usize,
            day: date.get_date(),
            hour: date.get_hours(),
            minute: date.get_minutes(),
            second: date.get_seconds(),
        }
    }

    const fn same_day(&self, other: &Self) -> bool {
        self.year == other.year && self.month == other.month && self.day == other.day
    }

    fn date(&self) -> String {
        format!("{} {}", self.day, MONTHS[self.month % 12])
    }

    /// `today 09:12`, `yesterday 17:40`, `18 Nov 09:12`, `18 Nov 2025`.
    fn shown(&self, today: &Self, yesterday: &Self, seconds: bool) -> String {
        let seconds = if seconds { format!(":{:02}", self.second) } else { String::new() };
        let time = format!("{:02}:{:02}{seconds}", self.hour, self.minute);
        if self.same_day(today) {
            "today ".to_owned() + &time
        } else if self.same_day(yesterday) {
            "yesterday ".to_owned() + &time
        } else if self.year == today.year {
            self.date() + " " + &time
        } else {
            self.date() + " " + &self.year.to_string() + " " + &time
        }
    }

    /// RFC 3339, for `datetime`.
    fn rfc3339(&self) -> String {
        let Self { year, month, day, hour, minute, second } = self;
        format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", month + 1)
    }
}

/// When something was: in UTC as the server writes it, in the reader's zone once the page is alive.
#[component]
pub fn Time(
    #[prop(into)] at: Signal<Millis>,
    /// With seconds.
    #[prop(optional)]
    seconds: bool,
) -> impl IntoView {
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let text = move || {
        let at = at.get();
        if alive.get() {
            let now = now();
            Moment::local(at).shown(&Moment::local(now), &Moment::local(now - DAY), seconds)
        } else {
            let utc = Moment::utc(at);
            format!("{} {} {:02}:{:02} UTC", utc.date(), utc.year, utc.hour, utc.minute)
        }
    };
    view! { <time datetime=move || Moment::utc(at.get()).rfc3339()>{text}</time> }
}

/// How long until `at`, counted down: `29 days`, `3 h`, `2 min`, `14 s`. Empty until the page is alive.
#[component]
pub fn Until(#[prop(into)] at: Signal<Millis>) -> AnyView {
    let clock = use_clock();
    (move || clock.get().map_or_else(String::new, |now| span(at.get() - now))).into_any()
}

/// A span of time in its largest unit: days and hours to the nearest (a link that is good for a week says 7 days), the rest rounded down.
fn span(ms: Millis) -> String {
    let ms = ms.max(0);
    match ms {
        _ if ms >= 2 * DAY => format!("{} days", (ms + DAY / 2) / DAY),
        _ if ms >= 2 * HOUR => format!("{} h", (ms + HOUR / 2) / HOUR),
        _ if ms >= 2 * MINUTE => format!("{} min", ms / MINUTE),
        _ => format!("{} s", ms / SECOND),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_knows_leap_years_and_the_days_before_the_epoch() {
        let text = |at| Moment::utc(at).rfc3339();
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert_eq!(text(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(text(951_868_800_000), "2000-03-01T00:00:00Z");
        assert_eq!(text(1_795_424_062_000), "2026-11-23T08:54:22Z");
        assert_eq!(text(-1000), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn days_near_now_have_names() {
        let now = Moment::utc(1_795_424_062_000);
        let yesterday = Moment::utc(1_795_424_062_000 - DAY);
        let shown = |at| Moment::utc(at).shown(&now, &yesterday, false);
        assert_eq!(shown(1_795_424_062_000), "today 08:54");
        assert_eq!(shown(1_795_424_062_000 - DAY), "yesterday 08:54");
        assert_eq!(shown(1_795_424_062_000 - 5 * DAY), "18 Nov 08:54");
        assert_eq!(shown(1_795_424_062_000 - 400 * DAY), "19 Oct 2025 08:54");
    }

    #[test]
    fn spans_are_told_in_their_largest_unit() {
        assert_eq!(
            [7 * DAY - SECOND, 29 * DAY + HOUR, 3 * HOUR, 2 * MINUTE, 14 * SECOND, -5].map(span),
            ["7 days", "29 days", "3 h", "2 min", "14 s", "0 s"]
        );
    }
}
