//! Links to packs.

use crate::support::*;
use dpp_core::export::{ExportDownloaded, ExportEvent, ExportRejection, PackStatus};

fn downloaded(pack: u32) -> ExportEvent {
    let pack = number(pack);
    ExportEvent::Downloaded(ExportDownloaded { pack })
}

#[test]
fn a_completed_pack_is_downloaded_as_often_as_wanted() {
    let events = after(making("a", 3).into_iter().chain([(download(2), 10)]));
    when(events.clone(), download(2), 11).then([downloaded(2)]);
    assert_eq!(state(&events), state(&with_packs(3)));
}

#[test]
fn a_completed_pack_need_not_wait_for_the_others() {
    when(with_packs(1), download(1), 10).then([downloaded(1)]);
}

#[test]
fn a_pack_that_is_not_completed_says_where_it_stands() {
    let begun = [(lock("a"), 0), (start("a", 1), 0)];
    let failed = begun.clone().into_iter().chain([(fail("a", 1), 1)]);
    for (events, pack, status) in [
        (after([]), 1, PackStatus::Pending),
        (after(begun), 1, PackStatus::Generating),
        (after(failed), 1, PackStatus::Failed),
        (with_packs(1), 2, PackStatus::Pending),
    ] {
        let pack_number = number(pack);
        let refused = ExportRejection::NotThere {
            pack: pack_number,
            status,
        };
        when(events, download(pack), 10).then_refused(refused);
    }
}

#[test]
fn an_expired_one_says_when_it_expired() {
    let over = DONE + 30 * DAY;
    let refused = || ExportRejection::Expired { at: at(over) };
    assert_eq!(
        refused().to_string(),
        "the export expired at 2027-03-20T12:00:07.000Z"
    );
    when(expired(), download(1), over + DAY).then_refused(refused());
    when(with_packs(3), download(1), over).then_refused(refused());
    when(with_packs(3), download(1), over - 1).then([downloaded(1)]);
}
