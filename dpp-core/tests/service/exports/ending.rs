//! Downloads, and the end of exports.

use std::sync::Barrier;

use super::support::*;
use crate::support::*;
use dpp_core::ExportId;
use dpp_core::PageLimit;
use dpp_core::export::{ExportFormat, ExportRejection, PackStatus};
use dpp_core::service::ExportError;
use futures::executor::block_on;

#[test]
fn a_download_writes_one_event_and_tells_the_file_for_5_minutes() {
    let world = batch_of(10_001);
    let id = world.completed();
    let events = world.events_in();
    let download = world.download(id, 2, 100).unwrap();
    let slice = world.export(id).slice(number(2)).unwrap();
    assert_eq!(download.file, file(&slice));
    assert_eq!(download.until, at(100 + 300));
    assert_eq!(world.events_in(), events + 1);
    assert_eq!(world.story(id).last().unwrap(), "export_downloaded");
}

#[test]
fn a_link_lives_no_longer_than_its_export() {
    let world = batch_of(10);
    let id = world.completed();
    let over = 30 * DAY;
    for (second, until) in [
        (over - 301, over - 1),
        (over - 300, over),
        (over - 299, over),
        (over - 1, over),
    ] {
        assert_eq!(world.download(id, 1, second).unwrap().until, at(until));
    }
}

#[test]
fn only_completed_packs_of_living_exports_are_downloaded() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 0).unwrap();
    world.make_pack(&mut held, 1);
    world.start(&mut held, 2).unwrap();
    let events = world.events_in();
    let not_there = |pack, status| {
        let pack = number(pack);
        ExportRejection::NotThere { pack, status }
    };
    let refused = |pack, second| rejection(world.download(id, pack, second));
    assert_eq!(refused(2, 3), not_there(2, PackStatus::Generating));
    assert_eq!(refused(3, 3), not_there(3, PackStatus::Pending));
    let (pack, packs) = (number(4), 3);
    assert_eq!(refused(4, 3), ExportRejection::NoSuchPack { pack, packs });
    let over = 30 * DAY;
    let expired = ExportRejection::Expired { at: at(over) };
    assert_eq!(refused(1, over), expired);
    assert_eq!(world.events_in(), events);
    world.download(id, 1, 3).unwrap();
    world.fail(held, 2, "no", 4).unwrap();
    assert_eq!(refused(2, 5), not_there(2, PackStatus::Failed));
    world.expire(id, over).unwrap();
    assert_eq!(refused(1, 5), expired);
}

#[test]
fn an_unknown_export_is_neither_downloaded_nor_expired() {
    let world = batch_of(10);
    let id = world.completed();
    let nobodys = ExportId::from_uuid(uuid::Uuid::from_u128(7));
    let (caller, worker) = (owner(brand(2)), named("a"));
    let foreign = world
        .exports
        .download(&caller, brand(2), id, number(1), at(1));
    let of_another = world.exports.expire(&worker, brand(2), id, at(30 * DAY));
    let answers = [
        world.download(nobodys, 1, 1).map(|_| ()),
        world.expire(nobodys, 30 * DAY),
        block_on(foreign).map(|_| ()),
        block_on(of_another),
    ];
    for answer in answers {
        assert!(
            matches!(answer, Err(ExportError::NoSuchExport(_))),
            "{answer:?}"
        );
    }
    let found = block_on(world.exports.of_worker(brand(2), id)).unwrap();
    assert_eq!(found, None);
}

#[test]
fn many_downloads_at_once_are_each_noted() {
    let world = batch_of(10);
    let id = world.completed();
    let start = Barrier::new(16);
    std::thread::scope(|scope| {
        for number in 0..16 {
            let exports = match number % 2 {
                0 => world.exports.clone(),
                _ => exports_on(world.store.clone(), 100 + number),
            };
            let start = &start;
            scope.spawn(move || {
                start.wait();
                let (caller, pack) = (owner(brand(1)), super::support::number(1));
                let download = exports.download(&caller, brand(1), id, pack, at(1));
                block_on(download).unwrap();
            });
        }
    });
    let story = world.story(id);
    let downloads = story.iter().filter(|event| *event == "export_downloaded");
    assert_eq!(downloads.count(), 16);
}

#[test]
fn an_export_expires_when_its_time_is_over_and_twice_is_once() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    world.make(id, "a", 50);
    let over = 50 + 30 * DAY;
    let events = world.events_in();
    let early = rejection(world.expire(id, over - 1));
    assert_eq!(early, ExportRejection::NotYet { at: at(over) });
    assert_eq!(world.events_in(), events);
    for second in [over, over, over + DAY] {
        world.expire(id, second).unwrap();
        assert_eq!(world.events_in(), events + 1);
    }
    let export = world.export(id);
    assert!(export.expired && !export.files_removed);
    assert_eq!(export.completed.len(), 1);
    world.check_laws();
}

#[test]
fn a_half_made_export_expires_30_days_after_its_request() {
    let world = batch_of(10_001);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 30 * DAY - 5).unwrap();
    world.make_pack(&mut held, 30 * DAY - 4);
    let slice = world.start(&mut held, 30 * DAY - 3).unwrap();
    world.expire(id, 30 * DAY).unwrap();
    // However late the clock of whoever tries.
    let expired = ExportRejection::Expired { at: at(30 * DAY) };
    let late = world.complete(&mut held, &slice, 30 * DAY - 2);
    assert_eq!(rejection(late), expired);
    world.check_laws();
}

#[test]
fn of_many_who_expire_an_export_at_once_one_notes_it() {
    let world = batch_of(10);
    let id = world.completed();
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let exports = exports_on(world.store.clone(), 100 + number);
            let start = &start;
            scope.spawn(move || {
                start.wait();
                let worker = named(&format!("w{number}"));
                block_on(exports.expire(&worker, brand(1), id, at(31 * DAY))).unwrap();
            });
        }
    });
    let story = world.story(id);
    let noted = story.iter().filter(|event| *event == "export_expired");
    assert_eq!(noted.count(), 1);
}

#[test]
fn an_export_is_due_from_its_last_day_until_its_files_are_gone() {
    let world = batch_of(10);
    let (first, second) = (
        world.completed(),
        world.asked(&world.of(ExportFormat::QrBundle), 1),
    );
    let due = |second: u64| {
        let due = world.exports.expiring(at(second), PageLimit::MAX);
        let exports = block_on(due).unwrap().exports.into_iter();
        exports.map(|due| due.export).collect::<Vec<_>>()
    };
    let worker = named("sweeper");
    let gone = |export, second| {
        let noted = world
            .exports
            .note_files_removed(&worker, brand(1), export, at(second));
        block_on(noted)
    };
    let over = 30 * DAY;
    assert_eq!(due(over - 1), []);
    assert_eq!(due(over), [first]);
    assert_eq!(due(over + 1), [first, second]);
    assert_eq!(rejection(gone(first, over)), ExportRejection::NotExpired);
    world.expire(first, over + 1).unwrap();
    assert_eq!(due(over + 1), [first, second]);
    for _ in 0..2 {
        gone(first, over + 2).unwrap();
        assert_eq!(due(over + 2), [second]);
    }
    let story = world.story(first);
    assert_eq!(
        story[story.len() - 2..],
        ["export_expired", "export_files_removed"]
    );
}
