//! What the golden files hold of the life of units.

use dpp_core::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};

use crate::codec_events::{batch, reason};

pub(crate) fn unit_events() -> Vec<(&'static str, UnitEvent)> {
    let (mint_batch_id, index) = (batch(), 999_999);
    let activated = UnitActivated {
        mint_batch_id,
        index,
    };
    let revoked = UnitRevoked {
        mint_batch_id,
        index,
        reason: reason().parse().unwrap(),
    };
    vec![
        ("mint_unit_activated.v1", UnitEvent::Activated(activated)),
        ("mint_unit_revoked.v1", UnitEvent::Revoked(revoked)),
    ]
}

pub(crate) fn lot_events() -> Vec<(&'static str, LotEvent)> {
    let activated = LotActivated {
        mint_batch_id: batch(),
        lot: 1,
        lot_code: "L/2\"".parse().unwrap(),
    };
    vec![("mint_lot_activated.v1", LotEvent::Activated(activated))]
}

fn revoked(units: UnitSet) -> UnitsEvent {
    UnitsEvent::Revoked(UnitsRevoked {
        count: units.len(),
        units,
        reason: reason().parse().unwrap(),
    })
}

/// The bitmap holds every third unit around 65,536: two of the parts that the form is made of,
/// and more runs than are listed.
pub(crate) fn units_events() -> Vec<(&'static str, UnitsEvent)> {
    let runs = (0..100).chain([200]).chain(999_990..1_000_000).collect();
    let bitmap = (64_036..67_039).step_by(3).collect();
    vec![
        ("mint_units_revoked.v1", revoked(runs)),
        ("mint_units_revoked.v1.bitmap", revoked(bitmap)),
    ]
}
