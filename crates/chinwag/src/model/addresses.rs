//! Blocks of addresses: which addresses count as one.

use std::net::IpAddr;

/// The block that every limit per address counts by: an IPv4 address, or a /64 of IPv6. A /64 is
/// the least that a provider gives one customer (RFC 6177), and one machine may use all of it.
#[must_use]
pub fn block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::{IpAddr, block};

    #[test]
    fn one_customer_is_one_block() {
        let same = |a: &str, b: &str| {
            block(a.parse::<IpAddr>().unwrap()) == block(b.parse::<IpAddr>().unwrap())
        };
        assert!(same("203.0.113.7", "::ffff:203.0.113.7"));
        assert!(!same("203.0.113.7", "203.0.113.8"));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
    }
}
