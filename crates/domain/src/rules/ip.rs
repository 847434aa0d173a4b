//! Addresses that may stand for a device: single ones and ranges, in canonical form.

use crate::Fault;
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// How many ranges a device may have.
pub const MOST: usize = 16;

/// From `low` to `high`, both included and of one family; IPv4 is never IPv4-mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRange {
    low: IpAddr,
    high: IpAddr,
}

fn bits(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    }
}

fn from_bits(value: u128, width: u32) -> IpAddr {
    if width == 32 { IpAddr::V4((value as u32).into()) } else { IpAddr::V6(value.into()) }
}

fn mask(prefix: u32, width: u32) -> u128 {
    let host = width - prefix;
    if host >= 128 { u128::MAX } else { (1 << host) - 1 }
}

/// An IPv4-mapped IPv6 address is the IPv4 address.
pub fn unwrapped(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

impl IpRange {
    /// One address.
    pub fn one(ip: IpAddr) -> Self {
        let ip = unwrapped(ip);
        Self { low: ip, high: ip }
    }

    /// From `low` to `high`, whatever the width: for addresses of our own, not for a device's.
    pub fn between(low: IpAddr, high: IpAddr) -> Self {
        Self { low: unwrapped(low), high: unwrapped(high) }
    }

    pub const fn low(&self) -> IpAddr {
        self.low
    }

    pub const fn high(&self) -> IpAddr {
        self.high
    }

    /// `10.0.0.7`, `10.0.0.0/24`, `10.0.0.7-10.0.0.9`, the same in IPv6. No wider than /24 or /64.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        let wrong = || Fault::Address(text.into());
        let range = if let Some((address, prefix)) = text.split_once('/') {
            Self::prefixed(address, prefix).ok_or_else(wrong)?
        } else if let Some((low, high)) = text.split_once('-') {
            let (low, high) = (address(low).ok_or_else(wrong)?, address(high).ok_or_else(wrong)?);
            if low.is_ipv4() != high.is_ipv4() || low > high {
                return Err(wrong());
            }
            Self { low, high }
        } else {
            Self::one(address(text).ok_or_else(wrong)?)
        };
        if range.is_too_wide() { Err(Fault::TooWide(text.into())) } else { Ok(range) }
    }

    fn prefixed(text: &str, prefix: &str) -> Option<Self> {
        let typed: IpAddr = text.trim().parse().ok()?;
        if prefix.is_empty() || prefix.len() > 3 || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut prefix: u32 = prefix.parse().ok()?;
        let ip = unwrapped(typed);
        if ip.is_ipv4() && typed.is_ipv6() {
            prefix = prefix.checked_sub(96)?;
        }
        let (value, width) = bits(ip);
        if prefix > width {
            return None;
        }
        let host = mask(prefix, width);
        Some(Self { low: from_bits(value & !host, width), high: from_bits(value | host, width) })
    }

    fn is_too_wide(&self) -> bool {
        let ((low, width), (high, _)) = (bits(self.low), bits(self.high));
        high - low > if width == 32 { mask(24, 32) } else { mask(64, 128) }
    }

    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = unwrapped(ip);
        ip.is_ipv4() == self.low.is_ipv4() && self.low <= ip && ip <= self.high
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.low.is_ipv4() == other.low.is_ipv4() && self.low <= other.high && other.low <= self.high
    }

    /// Ends as 32 hexadecimal digits each, IPv4 mapped into IPv6: they sort as text as the addresses do.
    pub fn sortable(&self) -> (String, String) {
        (sortable(self.low), sortable(self.high))
    }
}

/// An address as 32 hexadecimal digits, IPv4 mapped into IPv6.
pub fn sortable(ip: IpAddr) -> String {
    let v6: Ipv6Addr = match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    format!("{:032x}", u128::from(v6))
}

fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse().ok().map(unwrapped)
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((low, width), (high, _)) = (bits(self.low), bits(self.high));
        let span = high - low;
        if span == 0 {
            return write!(f, "{}", self.low);
        }
        let host = 128 - span.leading_zeros();
        if mask(width - host, width) == span && low & span == 0 {
            write!(f, "{}/{}", self.low, width - host)
        } else {
            write!(f, "{}-{}", self.low, self.high)
        }
    }
}

/// The whole list: at most 16, canonical, none that shares addresses with another here.
pub fn list(texts: &[String]) -> Result<Vec<String>, Fault> {
    let ranges = ranges(texts)?;
    if ranges.len() > MOST {
        return Err(Fault::TooMany { most: MOST });
    }
    for (i, range) in ranges.iter().enumerate() {
        if ranges[..i].contains(range) {
            return Err(Fault::Repeated(range.to_string()));
        }
        if ranges[..i].iter().any(|other| other.overlaps(range)) {
            return Err(Fault::OverlapsItself(range.to_string()));
        }
    }
    Ok(ranges.iter().map(ToString::to_string).collect())
}

/// The ranges of a list of texts.
pub fn ranges(texts: &[String]) -> Result<Vec<IpRange>, Fault> {
    texts.iter().map(|text| IpRange::parse(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        IpRange::parse(text).unwrap().to_string()
    }

    #[test]
    fn canonical_form() {
        assert_eq!(shown("10.0.0.7"), "10.0.0.7");
        assert_eq!(shown("::ffff:10.0.0.7"), "10.0.0.7");
        assert_eq!(shown("::ffff:10.0.0.0/120"), "10.0.0.0/24");
        assert_eq!(shown("10.0.0.9/24"), "10.0.0.0/24");
        assert_eq!(shown("10.0.0.7/32"), "10.0.0.7");
        assert_eq!(shown("10.0.0.0-10.0.0.255"), "10.0.0.0/24");
        assert_eq!(shown("10.0.0.1-10.0.0.2"), "10.0.0.1-10.0.0.2");
        assert_eq!(shown("2001:DB8::/64"), "2001:db8::/64");
    }

    #[test]
    fn refuses_what_is_wide_or_wrong() {
        for wide in ["10.0.0.0/23", "0.0.0.0/0", "2001:db8::/63", "10.0.0.0-10.0.1.0", "::/0"] {
            assert_eq!(IpRange::parse(wide), Err(Fault::TooWide(wide.into())));
        }
        for wrong in ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "host"] {
            assert_eq!(IpRange::parse(wrong), Err(Fault::Address(wrong.into())), "{wrong}");
        }
    }

    #[test]
    fn a_list_has_no_overlap() {
        let texts = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(list(&texts(&["10.0.0.0/24", "10.0.0.7"])), Err(Fault::OverlapsItself("10.0.0.7".into())));
        assert_eq!(list(&texts(&["10.0.0.7", "::ffff:10.0.0.7"])), Err(Fault::Repeated("10.0.0.7".into())));
        assert!(list(&(0..17).map(|i| format!("10.0.0.{i}")).collect::<Vec<_>>()).is_err());
    }

    proptest! {
        #[test]
        fn its_own_text_parses_back(low in any::<u32>(), more in 0u32..256) {
            let high = low.saturating_add(more);
            let range = IpRange { low: IpAddr::V4(low.into()), high: IpAddr::V4(high.into()) };
            prop_assert_eq!(IpRange::parse(&range.to_string()).unwrap(), range);
        }

        #[test]
        fn sortable_ends_sort_as_addresses(a in any::<u32>(), b in any::<u32>()) {
            let (x, y) = (IpAddr::V4(a.into()), IpAddr::V4(b.into()));
            prop_assert_eq!(sortable(x).cmp(&sortable(y)), x.cmp(&y));
        }
    }
}
