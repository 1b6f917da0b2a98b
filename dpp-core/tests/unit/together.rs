//! What many units may do together.

use dpp_core::testing::scenario::given;
use dpp_core::unit::{
    RevokedTogether, UnitSet, UnitsContext, UnitsEvent, UnitsRejection, UnitsRevoked,
};

use crate::support::*;

fn revoked(units: impl IntoIterator<Item = u32>) -> UnitsEvent {
    let units = set(units);
    UnitsEvent::Revoked(UnitsRevoked {
        count: units.len(),
        units,
        reason: reason(),
    })
}

fn revoke(
    together: &RevokedTogether,
    units: impl IntoIterator<Item = u32>,
    otherwise: &UnitSet,
) -> Result<Option<UnitsEvent>, UnitsRejection> {
    let context = UnitsContext {
        made: 100,
        revoked: otherwise,
    };
    together.revoke(&set(units), &context, reason())
}

fn before(events: impl IntoIterator<Item = UnitsEvent>) -> RevokedTogether {
    given(events, RevokedTogether::evolve).state
}

#[test]
fn the_event_names_only_units_that_were_not_revoked_in_whatever_way() {
    let none = UnitSet::default();
    let answer = revoke(&before([]), 0..10, &none);
    assert_eq!(answer, Ok(Some(revoked(0..10))));
    let answer = revoke(&before([revoked(0..5)]), 0..10, &none);
    assert_eq!(answer, Ok(Some(revoked(5..10))));
    let answer = revoke(&before([revoked(0..5)]), 0..10, &set([9]));
    assert_eq!(answer, Ok(Some(revoked(5..9))));
}

#[test]
fn nothing_follows_if_each_was_revoked_before() {
    let answer = revoke(&before([revoked(0..5)]), 0..10, &set(5..10));
    assert_eq!(answer, Ok(None));
    let answer = revoke(&before([revoked(0..5), revoked(5..20)]), 0..10, &set([]));
    assert_eq!(answer, Ok(None));
}

#[test]
fn no_unit_and_a_unit_that_was_not_made_are_refused_and_the_first_is_named() {
    let none = UnitSet::default();
    assert_eq!(revoke(&before([]), [], &none), Err(UnitsRejection::None));
    for (units, index) in [(vec![5, 100], 100), (vec![200, 150], 150)] {
        let refused = UnitsRejection::OutsideBatch { index, made: 100 };
        assert_eq!(revoke(&before([]), units, &none), Err(refused));
    }
    assert!(revoke(&before([]), [99], &none).is_ok());
}
