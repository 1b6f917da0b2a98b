//! The order in which things happened does not matter.

use dpp_core::unit::{
    UnitActivated, UnitEvent, UnitExceptions, UnitLife, UnitRevoked, UnitStatus, UnitsOfBatch,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::*;

const MADE: u32 = 12;
const LOTS: [u32; 3] = [2, 4, 6];

/// Something that happens to a batch of 12 units in lots of 2, 4 and 6.
#[derive(Debug, Clone)]
enum Happening {
    Activated(u32),
    Revoked(u32),
    RevokedTogether(Vec<u32>),
    LotActivated(u32),
    Voided,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0..MADE).prop_map(Happening::Activated),
        4 => (0..MADE).prop_map(Happening::Revoked),
        2 => vec(0..MADE, 1..5).prop_map(Happening::RevokedTogether),
        2 => (0..3_u32).prop_map(Happening::LotActivated),
        1 => Just(Happening::Voided),
    ]
}

/// The same happenings in two orders.
fn two_orders() -> impl Strategy<Value = (Vec<Happening>, Vec<Happening>)> {
    vec(happening(), 0..25)
        .prop_flat_map(|happenings| (Just(happenings.clone()), Just(happenings).prop_shuffle()))
}

#[derive(Debug, Default, PartialEq)]
struct Story {
    exceptions: UnitExceptions,
    voided: bool,
}

impl Story {
    fn tell(mut self, happening: &Happening) -> Self {
        match happening {
            Happening::Activated(unit) => drop(self.exceptions.activated.insert(*unit)),
            Happening::Revoked(unit) => drop(self.exceptions.revoked.insert(*unit)),
            Happening::RevokedTogether(units) => {
                self.exceptions.revoked.add(&set(units.iter().copied()));
            }
            Happening::LotActivated(lot) => drop(self.exceptions.lots.insert(*lot)),
            Happening::Voided => self.voided = true,
        }
        self
    }

    fn of(happenings: &[Happening]) -> Self {
        happenings.iter().fold(Self::default(), Self::tell)
    }

    fn statuses(&self, born: UnitStatus) -> Vec<UnitStatus> {
        let lots = lots(&LOTS);
        let units = UnitsOfBatch {
            born,
            voided: self.voided,
            ..made(MADE, &lots)
        };
        let status = |unit| units.status(&self.exceptions, unit);
        (0..MADE).map(status).collect()
    }
}

/// Where a unit stands, by the words of the specification: revoked over active over minted.
fn told(happenings: &[Happening], unit: u32, born: UnitStatus) -> UnitStatus {
    let lot = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2][unit as usize];
    let steps = happenings.iter().map(|happening| match happening {
        Happening::Activated(own) if *own == unit => UnitStatus::Active,
        Happening::Revoked(own) if *own == unit => UnitStatus::Revoked,
        Happening::RevokedTogether(units) if units.contains(&unit) => UnitStatus::Revoked,
        Happening::LotActivated(own) if *own == lot => UnitStatus::Active,
        Happening::Voided => UnitStatus::Revoked,
        _ => UnitStatus::Minted,
    });
    steps.fold(born, UnitStatus::join)
}

fn own_events(happenings: &[Happening], unit: u32) -> Vec<UnitEvent> {
    let (mint_batch_id, index) = (batch(), unit);
    let own = happenings.iter().filter_map(|happening| match happening {
        Happening::Activated(own) if *own == unit => Some(UnitEvent::Activated(UnitActivated {
            mint_batch_id,
            index,
        })),
        Happening::Revoked(own) if *own == unit => Some(UnitEvent::Revoked(UnitRevoked {
            mint_batch_id,
            index,
            reason: reason(),
        })),
        _ => None,
    });
    own.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn units_stand_where_they_do_whatever_came_first((first, second) in two_orders()) {
        for born in [UnitStatus::Minted, UnitStatus::Active] {
            let statuses = Story::of(&first).statuses(born);
            prop_assert_eq!(&statuses, &Story::of(&second).statuses(born));
            for (unit, status) in (0..).zip(statuses) {
                prop_assert_eq!(status, told(&first, unit, born), "unit {}", unit);
            }
        }
    }

    #[test]
    fn a_units_own_stream_joins_to_the_same_whatever_came_first((first, second) in two_orders()) {
        for unit in 0..MADE {
            let life = |happenings: &[Happening]| {
                let own = own_events(happenings, unit);
                own.iter().fold(UnitLife::default(), UnitLife::evolve)
            };
            for around in UnitStatus::ALL {
                let (one, other) = (life(&first).status(around), life(&second).status(around));
                prop_assert_eq!(one, other);
                prop_assert!(one >= around);
            }
        }
    }

    #[test]
    fn nothing_that_happens_takes_a_unit_back(happenings in vec(happening(), 0..25)) {
        let mut story = Story::default();
        let mut before = story.statuses(UnitStatus::Minted);
        for happening in &happenings {
            story = story.tell(happening);
            let after = story.statuses(UnitStatus::Minted);
            prop_assert!(before.iter().zip(&after).all(|(before, after)| before <= after));
            before = after;
        }
    }
}

#[test]
fn of_two_things_the_later_status_counts() {
    use UnitStatus::{Active, Minted, Revoked};
    let rows = [
        (Minted, [Minted, Active, Revoked]),
        (Active, [Active, Active, Revoked]),
        (Revoked, [Revoked, Revoked, Revoked]),
    ];
    for (one, joined) in rows {
        assert_eq!(UnitStatus::ALL.map(|other| one.join(other)), joined);
        assert_eq!(UnitStatus::ALL.map(|other| other.join(one)), joined);
    }
}
