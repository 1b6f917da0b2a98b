//! The weights of `Accept` headers: RFC 9110, 12.4.2.

/// The weight of what is asked for without one, in thousandths.
pub(in crate::resolver) const FULL: u16 = 1000;

/// What a parameter, as ` q=0.8`, says of the weight, in thousandths: `None` if it is not `q`, and
/// `Some(None)` if it is, but malformed.
pub(in crate::resolver) fn of_parameter(parameter: &str) -> Option<Option<u16>> {
    let parameter = parameter.trim_matches([' ', '\t']);
    let (name, value) = parameter.split_once('=')?;
    name.eq_ignore_ascii_case("q").then(|| thousandths(value))
}

/// `0` to `1` with at most three decimals.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digit = |at: usize| {
        decimals
            .as_bytes()
            .get(at)
            .map_or(0, |&byte| u16::from(byte - b'0'))
    };
    let parts = digit(0) * 100 + digit(1) * 10 + digit(2);
    match (whole, parts) {
        ("0", parts) => Some(parts),
        ("1", 0) => Some(FULL),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_read_in_thousandths() {
        let cases = [
            (" q=0.8", Some(Some(800))),
            ("q=1", Some(Some(1000))),
            ("Q=1.000", Some(Some(1000))),
            ("q=0.", Some(Some(0))),
            ("q=0.001", Some(Some(1))),
            ("q=1.001", Some(None)),
            ("q=0.1234", Some(None)),
            ("q=-1", Some(None)),
            ("q=+1", Some(None)),
            ("q=0.+1", Some(None)),
            ("q=", Some(None)),
            ("q=NaN", Some(None)),
            ("level=1", None),
            ("q", None),
        ];
        for (parameter, expected) in cases {
            assert_eq!(of_parameter(parameter), expected, "{parameter}");
        }
    }
}
