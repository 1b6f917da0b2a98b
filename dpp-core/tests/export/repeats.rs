//! Which exports of a batch and format may live side by side.

use crate::support::*;
use dpp_core::ExportId;
use dpp_core::export::{
    CarrierProfile, Export, ExportFacts, ExportFormat, ExportRejection, RepeatOrNew, repeat_or_new,
};
use uuid::Uuid;

fn id(number: u128) -> ExportId {
    ExportId::from_uuid(Uuid::from_u128(number))
}

/// What a request comes to beside these exports, which have the ids 1, 2 and on.
fn answer(
    request: &ExportFacts,
    exports: &[Export],
    second: i64,
) -> Result<RepeatOrNew, ExportRejection> {
    let exports = exports
        .iter()
        .zip(1..)
        .map(|(export, number)| (id(number), export));
    repeat_or_new(request, exports, at(second))
}

/// An export of other facts, made as far as these commands go.
fn of(facts: ExportFacts, far: &Export) -> Export {
    Export {
        facts,
        ..far.clone()
    }
}

fn fresh() -> Export {
    state(&after([]))
}

/// Held by `a` for 10 minutes from the first second on.
fn held() -> Export {
    state(&after([(lock("a"), 1)]))
}

fn others() -> [ExportFacts; 2] {
    let name = "nicelabel".parse().unwrap();
    let profile = Some(CarrierProfile { name, version: 1 });
    let (more, other) = (UNITS + 1, facts());
    [
        ExportFacts {
            units: more,
            ..facts()
        },
        ExportFacts { profile, ..other },
    ]
}

fn elsewhere() -> [ExportFacts; 2] {
    let mint_batch_id = "01a3ae2d-2400-7707-8707-070707070708".parse().unwrap();
    let format = ExportFormat::QrManifest;
    [
        ExportFacts {
            mint_batch_id,
            ..facts()
        },
        ExportFacts { format, ..facts() },
    ]
}

#[test]
fn the_first_request_makes_a_new_export() {
    assert_eq!(answer(&facts(), &[], 0), Ok(RepeatOrNew::New));
}

#[test]
fn the_same_request_again_is_answered_with_the_living_export() {
    let failed = after([(lock("a"), 0), (start("a", 1), 0), (fail("a", 1), 0)]);
    for export in [
        fresh(),
        held(),
        state(&with_packs(1)),
        state(&with_packs(3)),
        state(&failed),
    ] {
        assert_eq!(
            answer(&facts(), &[export], 60),
            Ok(RepeatOrNew::Repeat(id(1)))
        );
    }
}

#[test]
fn after_expiry_a_new_export_is_made() {
    for export in [state(&with_packs(3)), state(&expired())] {
        let over = DONE + 30 * DAY;
        assert_eq!(answer(&facts(), &[export], over), Ok(RepeatOrNew::New));
    }
}

#[test]
fn a_request_with_other_facts_is_refused_while_one_is_made() {
    for request in others() {
        let refused = answer(&request, &[held()], 60);
        assert_eq!(refused, Err(refused_by("a", 1)));
    }
    for other in others() {
        let refused = answer(&facts(), &[of(other, &held())], 60);
        assert_eq!(refused, Err(refused_by("a", 1)));
    }
}

#[test]
fn beside_a_completed_one_a_new_one_with_other_facts_may_be_made() {
    for request in others() {
        let completed = state(&with_packs(3));
        assert_eq!(answer(&request, &[completed], 60), Ok(RepeatOrNew::New));
    }
}

#[test]
fn one_that_nobody_makes_stands_in_nobodys_way() {
    let released = state(&after([(lock("a"), 0), (release("a"), 1)]));
    for request in others() {
        assert_eq!(
            answer(&request, &[fresh(), released.clone()], 60),
            Ok(RepeatOrNew::New)
        );
        assert_eq!(
            answer(&request, &[held()], 1 + 10 * MINUTE),
            Ok(RepeatOrNew::New)
        );
    }
}

#[test]
fn other_batches_and_formats_do_not_matter() {
    for facts in elsewhere() {
        let export = of(facts.clone(), &held());
        assert_eq!(
            answer(&crate::support::facts(), &[export], 60),
            Ok(RepeatOrNew::New)
        );
        assert_eq!(answer(&facts, &[held()], 60), Ok(RepeatOrNew::New));
    }
}

#[test]
fn one_with_the_same_facts_is_the_answer_whatever_else_is_made() {
    let [other, _] = others();
    let other = of(other, &held());
    let completed = state(&with_packs(3));
    for (exports, number) in [
        ([other.clone(), completed.clone()], 2),
        ([completed, other], 1),
    ] {
        assert_eq!(
            answer(&facts(), &exports, 60),
            Ok(RepeatOrNew::Repeat(id(number)))
        );
    }
}

#[test]
fn a_lock_on_an_expired_export_stands_in_nobodys_way() {
    let late = state(&after([(lock("a"), 30 * DAY - 1)]));
    for request in others() {
        assert!(
            late.stands_in_the_way_of(&request, at(30 * DAY - 1))
                .is_some()
        );
        assert_eq!(
            answer(&request, std::slice::from_ref(&late), 30 * DAY),
            Ok(RepeatOrNew::New)
        );
    }
}
