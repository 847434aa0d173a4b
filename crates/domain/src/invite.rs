//! Invite Format: what stands in the Request-URI of an INVITE to the phone. Only the user part of the Contact changes.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, fmt::Write as _};

/// The number that the editor shows its preview with.
pub const SAMPLE_NUMBER: &str = "+12234567890";

/// Stands for the phone's address in the preview while no phone is registered.
pub const PLACEHOLDER_HOST: &str = "phone-address";

/// How the user part of the Request-URI is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InviteFormat {
    /// The registered Contact, untouched.
    #[default]
    #[serde(rename = "contact")]
    Contact,
    /// The SIP username.
    #[serde(rename = "username")]
    Username,
    /// Ten digits of a number of the North American Numbering Plan.
    #[serde(rename = "npan")]
    Npan,
    /// The same with a leading 1.
    #[serde(rename = "1npan")]
    OneNpan,
    /// `+`, country code and number.
    #[serde(rename = "e164")]
    E164,
    /// The same without `+`.
    #[serde(rename = "strip_plus")]
    StripPlus,
    /// The whole URI is the device's SIP Route.
    #[serde(rename = "route")]
    Route,
}

impl InviteFormat {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [Self::Contact, Self::Username, Self::Npan, Self::OneNpan, Self::E164, Self::StripPlus, Self::Route];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Username => "username",
            Self::Npan => "npan",
            Self::OneNpan => "1npan",
            Self::E164 => "e164",
            Self::StripPlus => "strip_plus",
            Self::Route => "route",
        }
    }

    /// The inverse of [`Self::as_str`]; none for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == word)
    }

    /// As an operator reads it.
    pub const fn shown_as(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::Username => "Username",
            Self::Npan => "NPA NXX XXXX",
            Self::OneNpan => "1 NPA NXX XXXX",
            Self::E164 => "E.164",
            Self::StripPlus => "E.164 without +",
            Self::Route => "SIP Route",
        }
    }

    /// Whether the field Number belongs to it.
    pub const fn takes_number(self) -> bool {
        matches!(self, Self::Npan | Self::OneNpan | Self::E164 | Self::StripPlus)
    }

    /// Whether the field SIP Route belongs to it (and is required).
    pub const fn takes_route(self) -> bool {
        matches!(self, Self::Route)
    }
}

impl fmt::Display for InviteFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn digits(s: &str) -> bool {
    s.bytes().all(|b| b.is_ascii_digit())
}

/// The ten digits of `^(\+?1)?([2-9]\d{2}[2-9]\d{6})$`.
fn nanp(number: &str) -> Option<&str> {
    let ten = match number.len() {
        10 => number,
        11 => number.strip_prefix('1')?,
        12 => number.strip_prefix("+1")?,
        _ => return None,
    };
    let b = ten.as_bytes();
    (digits(ten) && b[0] >= b'2' && b[3] >= b'2').then_some(ten)
}

/// The number as NPA NXX XXXX; what is no NANP number stays as it is.
pub fn npan(number: &str) -> Cow<'_, str> {
    nanp(number).unwrap_or(number).into()
}

/// The number as 1 NPA NXX XXXX; what is no NANP number stays as it is.
pub fn one_npan(number: &str) -> Cow<'_, str> {
    nanp(number).map_or(Cow::Borrowed(number), |ten| format!("1{ten}").into())
}

/// The number as E.164: NANP gets `+1`, international prefixes 011 and 00 become `+`, eight and more digits from 2–9 get `+`.
pub fn e164(number: &str) -> Cow<'_, str> {
    if number.starts_with('+') {
        return number.into();
    }
    if let Some(ten) = nanp(number) {
        return format!("+1{ten}").into();
    }
    let abroad = |prefix: &str| number.strip_prefix(prefix).filter(|rest| rest.len() >= 5 && digits(rest));
    if let Some(rest) = abroad("011").or_else(|| abroad("00")) {
        return format!("+{rest}").into();
    }
    if number.len() >= 8 && digits(number) && number.as_bytes()[0] >= b'2' {
        return format!("+{number}").into();
    }
    number.into()
}

/// The number as E.164 without its `+`.
pub fn strip_plus(number: &str) -> Cow<'_, str> {
    match e164(number) {
        Cow::Borrowed(s) => s.strip_prefix('+').unwrap_or(s).into(),
        Cow::Owned(s) => s.strip_prefix('+').map(str::to_owned).unwrap_or(s).into(),
    }
}

/// Where scheme, user and the rest of a `sip:`/`sips:` URI part: `(before the user, user, after it)`. The user is none where the URI
/// has none; anything after it (password, `@`, host, port, parameters, headers) is the rest. None for another scheme.
fn split(uri: &str) -> Option<(&str, Option<&str>, &str)> {
    let colon = uri.find(':')?;
    let (scheme, rest) = uri.split_at(colon + 1);
    if !matches!(scheme.to_ascii_lowercase().as_str(), "sip:" | "sips:") {
        return None;
    }
    // RFC 3261 §25.1 has neither `@` nor `"` in any part of a URI, but phones write both; a lone quote means nothing.
    let quotes = rest.bytes().filter(|b| *b == b'"').count() % 2 == 0;
    let find = |within: &str, what: u8| {
        let mut inside = false;
        within.bytes().position(|b| {
            inside ^= b == b'"' && quotes;
            b == what && !inside
        })
    };
    let Some(at) = find(rest, b'@') else { return Some((scheme, None, rest)) };
    let end = find(&rest[..at], b':').unwrap_or(at);
    Some((scheme, Some(&rest[..end]), &rest[end..]))
}

/// Writes what RFC 3261's `user` does not hold unescaped as `%XX`.
fn escaped(user: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&b);
    if user.bytes().all(plain) {
        return user.into();
    }
    let mut out = String::with_capacity(user.len() + 8);
    for b in user.bytes() {
        if plain(b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out.into()
}

/// The URI with another user part; one of another scheme than `sip:` and `sips:` as it is.
pub fn with_user(contact: &str, user: &str) -> String {
    let user = escaped(user);
    match split(contact) {
        Some((scheme, Some(_), rest)) => format!("{scheme}{user}{rest}"),
        Some((scheme, None, rest)) => format!("{scheme}{user}@{rest}"),
        None => contact.to_owned(),
    }
}

/// The Request-URI of an INVITE to the phone.
///
/// `number` and `route` are the device's fields (an empty one counts as none), `dialled` the number that was called, unescaped, and
/// `contact` the registered Contact URI byte for byte. Everything but its user part is kept byte for byte, a password in it too; a URI
/// without a user gets one; a Contact of another scheme than `sip:` and `sips:` is kept as it is. Without its route, `route` is `contact`.
pub fn request_uri(
    format: InviteFormat,
    username: &str,
    number: Option<&str>,
    route: Option<&str>,
    dialled: &str,
    contact: &str,
) -> String {
    let n = number.filter(|n| !n.is_empty()).unwrap_or(dialled);
    match format {
        InviteFormat::Contact => contact.to_owned(),
        InviteFormat::Username => with_user(contact, username),
        InviteFormat::Npan => with_user(contact, &npan(n)),
        InviteFormat::OneNpan => with_user(contact, &one_npan(n)),
        InviteFormat::E164 => with_user(contact, &e164(n)),
        InviteFormat::StripPlus => with_user(contact, &strip_plus(n)),
        InviteFormat::Route => route.filter(|r| !r.is_empty()).unwrap_or(contact).to_owned(),
    }
}

/// The line that the phone will see when [`SAMPLE_NUMBER`] is dialled, for example `INVITE sip:+12234567890@203.0.113.7`. Without a
/// registered `contact` the phone is [`PLACEHOLDER_HOST`]. None while `route` is chosen and not typed yet.
pub fn preview(format: InviteFormat, username: &str, number: Option<&str>, route: Option<&str>, contact: Option<&str>) -> Option<String> {
    if format.takes_route() && route.is_none_or(str::is_empty) {
        return None;
    }
    let standin = format!("sip:{username}@{PLACEHOLDER_HOST}");
    let uri = request_uri(format, username, number, route, SAMPLE_NUMBER, contact.unwrap_or(&standin));
    Some(format!("INVITE {uri}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPELLINGS: [&str; 3] = ["2234567890", "12234567890", "+12234567890"];

    #[test]
    fn words_are_the_stored_ones() {
        for f in InviteFormat::ALL {
            assert_eq!(InviteFormat::parse(f.as_str()), Some(f));
            assert_eq!(serde_json::to_string(&f).unwrap(), format!("\"{f}\""));
            assert_eq!(serde_json::from_str::<InviteFormat>(&format!("\"{f}\"")).unwrap(), f);
        }
        assert_eq!(InviteFormat::parse("E164"), None);
        let shown: Vec<_> = InviteFormat::ALL.iter().map(|f| f.shown_as()).collect();
        assert_eq!(shown, ["Contact", "Username", "NPA NXX XXXX", "1 NPA NXX XXXX", "E.164", "E.164 without +", "SIP Route"]);
    }

    #[test]
    fn three_spellings_give_one_number() {
        for s in SPELLINGS {
            assert_eq!(npan(s), "2234567890");
            assert_eq!(one_npan(s), "12234567890");
            assert_eq!(e164(s), "+12234567890");
            assert_eq!(strip_plus(s), "12234567890");
        }
    }

    #[test]
    fn other_numbers() {
        // Not NANP: area or exchange from 0 or 1, a plus without the 1, too short, too long, not digits.
        for s in ["1234567890", "2231567890", "+2234567890", "223456789", "122345678901", "223456789x", "", "*97", "0", "é234567890"] {
            assert_eq!(npan(s), s);
            assert_eq!(one_npan(s), s);
        }
        for (n, e) in [
            ("+44", "+44"),
            ("0114420", "0114420"), // only four digits after 011
            ("01144207", "+44207"),
            ("0044207", "+44207"),
            ("004420", "004420"),
            ("00442071838750", "+442071838750"),
            ("01100", "01100"),
            ("44207183", "+44207183"),
            ("4420718", "4420718"),
            ("2231567890", "+2231567890"),
            ("12345678", "12345678"),
            ("02071838750", "02071838750"),
            ("1001", "1001"),
            ("*97", "*97"),
            ("", ""),
        ] {
            assert_eq!(e164(n), e, "{n}");
            assert_eq!(strip_plus(n), e.strip_prefix('+').unwrap_or(e), "{n}");
        }
    }

    #[test]
    fn each_row_of_the_table() {
        let uri = |f, number, route| request_uri(f, "desk1001", number, route, "2234567890", "sip:x7@203.0.113.7:5062;transport=tcp");
        let tail = "@203.0.113.7:5062;transport=tcp";
        assert_eq!(uri(InviteFormat::Contact, Some("+99"), None), format!("sip:x7{tail}"));
        assert_eq!(uri(InviteFormat::Username, Some("+99"), None), format!("sip:desk1001{tail}"));
        assert_eq!(uri(InviteFormat::Npan, None, None), format!("sip:2234567890{tail}"));
        assert_eq!(uri(InviteFormat::OneNpan, None, None), format!("sip:12234567890{tail}"));
        assert_eq!(uri(InviteFormat::E164, None, None), format!("sip:+12234567890{tail}"));
        assert_eq!(uri(InviteFormat::StripPlus, None, None), format!("sip:12234567890{tail}"));
        assert_eq!(uri(InviteFormat::StripPlus, Some("+4420718387"), None), format!("sip:4420718387{tail}"));
        assert_eq!(uri(InviteFormat::E164, Some(""), None), format!("sip:+12234567890{tail}"), "an empty number is none");
        assert_eq!(uri(InviteFormat::Route, None, Some("sips:gw.example.net")), "sips:gw.example.net");
    }

    #[test]
    fn contacts_as_phones_write_them() {
        let uri = |contact| request_uri(InviteFormat::Username, "desk", None, None, "1", contact);
        for (contact, expected) in [
            ("sip:203.0.113.7", "sip:desk@203.0.113.7"),
            ("sip:[2001:db8::1]:5060;ob", "sip:desk@[2001:db8::1]:5060;ob"),
            ("sips:a@[2001:db8::1]", "sips:desk@[2001:db8::1]"),
            ("SIP:a:p%3Aw@h;transport=udp", "SIP:desk:p%3Aw@h;transport=udp"),
            ("sip:a;phone-context=x?y@h", "sip:desk@h"),
            ("sip:a@h;x=\"b@c\"?Subject=hi%40all", "sip:desk@h;x=\"b@c\"?Subject=hi%40all"),
            ("sip:h;x=\"b@c\"", "sip:desk@h;x=\"b@c\""),
            ("sip:\"a@b:c\"@h", "sip:desk@h"),
            ("sip:a\"b@h", "sip:desk@h"),
            ("sip:a@h;x=\"", "sip:desk@h;x=\""),
            ("sip:é@h", "sip:desk@h"),
            ("tel:+12234567890", "tel:+12234567890"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(uri(contact), expected, "{contact}");
        }
        let dialled = |n| request_uri(InviteFormat::E164, "desk", None, None, n, "sip:a@h");
        assert_eq!(dialled("*97"), "sip:*97@h");
        assert_eq!(dialled("#21 @"), "sip:%2321%20%40@h", "nothing dialled ends the user part");
    }

    #[test]
    fn the_line_under_the_field() {
        let line = |f, number, route, contact| preview(f, "desk", number, route, contact);
        let here = Some("sip:x@203.0.113.7");
        assert_eq!(line(InviteFormat::E164, None, None, here).unwrap(), "INVITE sip:+12234567890@203.0.113.7");
        assert_eq!(line(InviteFormat::Npan, None, None, None).unwrap(), "INVITE sip:2234567890@phone-address");
        assert_eq!(line(InviteFormat::Contact, None, None, None).unwrap(), "INVITE sip:desk@phone-address");
        assert_eq!(line(InviteFormat::StripPlus, Some("+4920718387"), None, here).unwrap(), "INVITE sip:4920718387@203.0.113.7");
        assert_eq!(line(InviteFormat::Route, None, Some("sip:gw"), here).unwrap(), "INVITE sip:gw");
        assert_eq!(line(InviteFormat::Route, None, None, here), None);
    }

    fn format() -> impl Strategy<Value = InviteFormat> {
        proptest::sample::select(InviteFormat::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn nanp_spellings_agree(ten in "[2-9][0-9]{2}[2-9][0-9]{6}") {
            for s in [ten.clone(), format!("1{ten}"), format!("+1{ten}")] {
                prop_assert_eq!(npan(&s), ten.clone());
                prop_assert_eq!(one_npan(&s), format!("1{ten}"));
                prop_assert_eq!(e164(&s), format!("+1{ten}"));
                prop_assert_eq!(strip_plus(&s), format!("1{ten}"));
            }
        }

        #[test]
        fn a_second_time_changes_nothing(n in "\\+?[0-9*#]{0,15}|.{0,15}") {
            prop_assert_eq!(npan(&npan(&n)).into_owned(), npan(&n).into_owned());
            prop_assert_eq!(one_npan(&one_npan(&n)).into_owned(), one_npan(&n).into_owned());
            prop_assert_eq!(e164(&e164(&n)).into_owned(), e164(&n).into_owned());
        }

        #[test]
        fn only_the_user_part_changes(
            f in format(),
            scheme in "sips?|SIP",
            user in proptest::option::of("[a-zA-Z0-9._;?=+-]{0,12}"),
            password in proptest::option::of(":[a-z0-9%]{0,8}"),
            rest in "([a-z0-9.-]{1,20}|\\[[0-9a-f:]{2,20}\\])(:[0-9]{1,5})?(;[a-z]{1,8}(=[a-z0-9.\"<>%]{0,10})?){0,3}(\\?[a-z=%&]{1,12})?",
            dialled in "\\+?[0-9]{0,14}",
        ) {
            prop_assume!(!rest.contains('"') || rest.matches('"').count() % 2 == 0);
            let before = match (&user, &password) {
                (Some(u), Some(p)) => format!("{scheme}:{u}{p}@{rest}"),
                (Some(u), None) => format!("{scheme}:{u}@{rest}"),
                (None, _) => format!("{scheme}:{rest}"),
            };
            let after = request_uri(f, "desk", None, None, &dialled, &before);
            let n = match f {
                InviteFormat::Contact | InviteFormat::Route => { prop_assert_eq!(after, before); return Ok(()); }
                InviteFormat::Username => "desk".into(),
                InviteFormat::Npan => npan(&dialled),
                InviteFormat::OneNpan => one_npan(&dialled),
                InviteFormat::E164 => e164(&dialled),
                InviteFormat::StripPlus => strip_plus(&dialled),
            };
            let kept = if user.is_some() { password.unwrap_or_default() } else { String::new() };
            prop_assert_eq!(&after, &format!("{scheme}:{n}{kept}@{rest}"));
            prop_assert_eq!(request_uri(f, "desk", None, None, &dialled, &after), after);
        }

        #[test]
        fn any_contact_is_survived(f in format(), contact in ".{0,40}", dialled in ".{0,20}") {
            request_uri(f, "desk", None, None, &dialled, &contact);
        }
    }
}
