//! Hosts that requests name.

use std::fmt;
use std::str::FromStr;

use crate::gs1::ResolverBase;
use crate::serde_text::serde_as_text;

/// The most bytes of a host's name (RFC 1035, 2.3.4).
const MAX_HOST: usize = 255;

/// A host without its port, in lower case: a name, an IPv4 address, or an IPv6 address in
/// brackets.
///
/// One dot at the end of a name, which makes it absolute, is dropped. Labels are not looked at,
/// nor whether there is such a host.
///
/// ```
/// use dpp_core::resolver::Host;
///
/// assert_eq!(Host::parse("ID.Example.COM.:8080")?.as_str(), "id.example.com");
/// assert_eq!(Host::parse("[2001:DB8::1]:80")?.as_str(), "[2001:db8::1]");
/// # Ok::<(), dpp_core::resolver::HostError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Box<str>);

/// Why a text is no [`Host`]. Send the host that the code names, as in `id.example.com`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no host, with or without a port (RFC 9110, 7.2): `{}`", self.0.escape_debug())]
pub struct HostError(String);

impl Host {
    /// Reads the value of a `Host` header (RFC 9110, 7.2), or of `:authority`.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn parse(text: &str) -> Result<Self, HostError> {
        Self::read(text).ok_or_else(|| HostError(text.chars().take(64).collect()))
    }

    fn read(text: &str) -> Option<Self> {
        if text.starts_with('[') {
            let base = ResolverBase::parse(&format!("https://{text}")).ok();
            let base = base.filter(|base| base.stem().is_empty() && !text.ends_with('/'))?;
            return Some(Self(base.host().into()));
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        let fits = (1..=MAX_HOST).contains(&name.len())
            && !name.split('.').any(str::is_empty)
            && name.bytes().all(is_host)
            && port.is_none_or(is_port);
        fits.then(|| Self(name.to_ascii_lowercase().into()))
    }

    /// The host.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The port may be empty (RFC 3986, 3.2.3).
fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit())
        && (port.is_empty() || port.parse::<u16>().is_ok())
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        Self::parse(text)
    }
}

serde_as_text!(Host, "a host such as `id.example.com`");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_without_its_port_in_lower_case() {
        for (text, host) in [
            ("id.example.com", "id.example.com"),
            ("ID.EXAMPLE.COM:443", "id.example.com"),
            ("id.example.com.", "id.example.com"),
            ("id.example.com:", "id.example.com"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("[::1]:8080", "[::1]"),
            ("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(Host::parse(text).unwrap().as_str(), host, "`{text}`");
        }
    }

    #[test]
    fn what_names_no_host_is_refused() {
        let long = "a".repeat(256);
        for text in [
            "",
            ".",
            ":80",
            "a:b",
            "a:65536",
            "a:1:2",
            "a/b",
            "a b",
            "a@b",
            "a?b",
            "a#b",
            "a\u{0}",
            "b\u{fc}cher.example",
            "[::1",
            "[::1]x",
            "[::1]/",
            "[::1%25eth0]",
            "[]",
            "a%41",
            "a_b",
            &long,
            "a..",
            "a..b",
            "[::1]/p",
            ".example.com",
            "id.example.com\r\n",
            "a,b",
        ] {
            assert!(Host::parse(text).is_err(), "`{text}`");
        }
    }
}
