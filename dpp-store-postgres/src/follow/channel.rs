//! The name of the channel on which a schema's stores tell of commits.

use crate::schema::SchemaName;

/// PostgreSQL takes names of up to so many bytes.
const LONGEST: usize = 63;

/// The channel of a schema: `dpp_` and its name, of which a long one is cut and told apart by a
/// digest.
pub(crate) fn channel_of(schema: &SchemaName) -> String {
    let whole = format!("dpp_{schema}");
    if whole.len() <= LONGEST {
        return whole;
    }
    let digest = format!("_{:016x}", fnv1a(whole.as_bytes()));
    let start: String = whole.chars().take(LONGEST - digest.len()).collect();
    start + &digest
}

/// The same in every release, unlike the hashes of the standard library.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(schema: &str) -> String {
        channel_of(&SchemaName::parse(schema).unwrap())
    }

    #[test]
    fn a_channel_is_named_after_its_schema() {
        assert_eq!(channel("dpp"), "dpp_dpp");
        let longest = "s".repeat(59);
        assert_eq!(channel(&longest), format!("dpp_{longest}"));
    }

    #[test]
    fn long_schemas_have_channels_of_63_bytes_that_differ() {
        let (a, b) = (
            format!("{}a", "s".repeat(62)),
            format!("{}b", "s".repeat(62)),
        );
        assert_eq!((channel(&a).len(), channel(&b).len()), (63, 63));
        assert_ne!(channel(&a), channel(&b));
        assert_eq!(channel(&a), channel(&a));
    }
}
