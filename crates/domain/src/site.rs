//! Who counts as one source, wherever tries are counted, slowed or shown.

use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address by itself; of an IPv6 address the network of 64 bits, for that is what a single customer has.
pub fn site(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// A source as a person reads it: `192.0.2.7`, `2001:db8:1:2::/64`. A single IPv6 address, of before networks were counted, stays one.
pub fn shown_site(source: IpAddr) -> String {
    if source.is_ipv6() && site(source) == source { format!("{source}/64") } else { source.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_customer_is_one_source() {
        let of = |text: &str| shown_site(site(text.parse().expect("address")));
        assert_eq!(
            [of("192.0.2.7"), of("::ffff:192.0.2.7"), of("2001:db8:1:2:3:4:5:6"), of("::1")],
            ["192.0.2.7", "192.0.2.7", "2001:db8:1:2::/64", "::/64"]
        );
        assert_eq!(shown_site("2001:db8::7".parse().expect("address")), "2001:db8::7");
    }
}
