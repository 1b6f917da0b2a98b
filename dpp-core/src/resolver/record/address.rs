//! Addresses without their last part.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// The network that an address lies in: the first 24 bits of an IPv4 address, the first 48 of an
/// IPv6 one. The rest is gone.
///
/// An IPv4 address in an IPv6 one is cut as the IPv4 address that it is, lest 48 bits hold all
/// of it: mapped (`::ffff:0:0/96`, RFC 4291, 2.5.5.2) and 6to4 (`2002::/16`, RFC 3056).
///
/// ```
/// use dpp_core::resolver::CutAddress;
///
/// assert_eq!(CutAddress::of("203.0.113.77".parse()?).to_string(), "203.0.113.0/24");
/// assert_eq!(CutAddress::of("2001:db8:7:8::9".parse()?).to_string(), "2001:db8:7::/48");
/// assert_eq!(CutAddress::of("::ffff:203.0.113.77".parse()?).to_string(), "203.0.113.0/24");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CutAddress(Network);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Network {
    V4([u8; 3]),
    V6([u16; 3]),
}

/// Why a text is no [`CutAddress`]. Cut the address with [`CutAddress::of`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address cut to `/24` (IPv4) or `/48` (IPv6)")]
pub struct CutAddressError(String);

impl CutAddress {
    /// The network of an address.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => match embedded(address) {
                Some(address) => Self::of_v4(address),
                None => {
                    let [a, b, c, ..] = address.segments();
                    Self(Network::V6([a, b, c]))
                }
            },
        }
    }

    const fn of_v4(address: Ipv4Addr) -> Self {
        let [a, b, c, _] = address.octets();
        Self(Network::V4([a, b, c]))
    }

    /// The text form, read back.
    ///
    /// # Errors
    /// [`CutAddressError`] for anything else, a longer address included.
    pub fn parse(text: &str) -> Result<Self, CutAddressError> {
        let wrong = || CutAddressError(text.to_owned());
        let (address, _) = text.split_once('/').ok_or_else(wrong)?;
        let address = address.parse().map_err(|_| wrong())?;
        let cut = Self::of(address);
        (cut.to_string() == text).then_some(cut).ok_or_else(wrong)
    }
}

fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    match address.octets() {
        [0x20, 0x02, a, b, c, d, ..] => Some(Ipv4Addr::new(a, b, c, d)),
        _ => None,
    }
}

impl fmt::Display for CutAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Network::V4([a, b, c]) => write!(f, "{}/24", Ipv4Addr::new(a, b, c, 0)),
            Network::V6([a, b, c]) => {
                write!(f, "{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        }
    }
}

impl FromStr for CutAddress {
    type Err = CutAddressError;

    fn from_str(text: &str) -> Result<Self, CutAddressError> {
        Self::parse(text)
    }
}

serde_as_text!(CutAddress, "an address cut to `/24` or `/48`");

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(address: &str) -> String {
        CutAddress::of(address.parse().unwrap()).to_string()
    }

    #[test]
    fn an_address_keeps_24_bits_of_ipv4_and_48_of_ipv6() {
        assert_eq!(cut("198.51.100.255"), "198.51.100.0/24");
        assert_eq!(
            cut("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"),
            "2001:db8:aaaa::/48"
        );
        assert_eq!(cut("::1"), "::/48");
    }

    #[test]
    fn an_ipv4_address_in_an_ipv6_one_is_cut_as_what_it_is() {
        assert_eq!(cut("::ffff:198.51.100.7"), "198.51.100.0/24");
        assert_eq!(cut("2002:c633:6407::1"), "198.51.100.0/24");
        assert_eq!(cut("64:ff9b::198.51.100.7"), "64:ff9b::/48");
    }

    #[test]
    fn only_what_was_cut_is_read_back() {
        for address in ["198.51.100.7", "2001:db8:7:8::9", "::", "255.255.255.255"] {
            let cut = CutAddress::of(address.parse().unwrap());
            assert_eq!(CutAddress::parse(&cut.to_string()), Ok(cut));
        }
        for text in [
            "",
            "198.51.100.7",
            "198.51.100.7/24",
            "198.51.100.0/32",
            "198.51.100.0",
            "2001:db8:7:8::/48",
            "2002:c633:6400::/48",
            "::ffff:198.51.100.0/24",
        ] {
            assert!(CutAddress::parse(text).is_err(), "`{text}`");
        }
    }
}
