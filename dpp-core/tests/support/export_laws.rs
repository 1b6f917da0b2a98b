//! What holds of exports at every position of a feed.

use std::collections::BTreeMap;

use dpp_core::export::{Export, ExportEvent, ExportFormat, NextPack, evolve};
use dpp_core::identity::MintBatchId;
use dpp_core::store::log::{Actor, RecordedEvent, StreamKind};
use dpp_core::store::{Codec, ExportRecord};
use dpp_core::{ExportId, Timestamp};

/// The exports of a brand at a position of its feed.
#[derive(Default)]
pub struct Laws {
    pub exports: BTreeMap<ExportId, Export>,
    pub records: BTreeMap<ExportId, ExportRecord>,
    now: Option<Timestamp>,
}

impl Laws {
    /// Goes through a feed, and asserts at each position:
    ///
    /// - each event changes its export, but for downloads, and locks that are taken again;
    /// - packs are completed once, in order, by the worker that holds the export;
    /// - no two exports of a batch and format are held, and no pack is completed of one while
    ///   another is held;
    /// - no two exports of the same facts are alive.
    pub fn check(feed: &[RecordedEvent], codec: &Codec) -> Self {
        let of_exports = feed
            .iter()
            .filter(|recorded| recorded.stream.kind() == StreamKind::Export);
        let mut laws = Self::default();
        for recorded in of_exports {
            let event = codec.decode(&recorded.event).unwrap();
            laws.take(recorded, &event);
        }
        laws
    }

    fn take(&mut self, recorded: &RecordedEvent, event: &ExportEvent) {
        let id = ExportId::from_uuid(*recorded.stream.id());
        let at = recorded.event.metadata.at;
        let before = self.exports.remove(&id);
        if let (Some(before), ExportEvent::PackCompleted(_)) = (&before, event) {
            check_completion(before, &recorded.event.metadata.actor);
        }
        let after = evolve(before.clone(), event).unwrap();
        assert!(
            before.as_ref() != Some(&after) || may_repeat(event),
            "{recorded:?}"
        );
        let record = ExportRecord::evolve(self.records.remove(&id), id, event, at).unwrap();
        assert!(!record.completed || after.is_completed(), "{recorded:?}");
        assert_eq!(record.expired, after.expired, "{recorded:?}");
        assert_eq!(record.expires_at, after.expires_at, "{recorded:?}");
        self.records.insert(id, record);
        self.exports.insert(id, after);
        // What was committed later happened later, whatever the clock said that was read before.
        self.now = self.now.max(Some(at));
        self.check_together(recorded);
        if let ExportEvent::PackCompleted(_) = event {
            self.check_alone(id, recorded);
        }
    }

    fn check_together(&self, recorded: &RecordedEvent) {
        let now = self.now.unwrap();
        let (mut held, mut facts) = (Vec::new(), Vec::new());
        let living = self.exports.values().filter(|one| one.is_alive(now));
        for export in living {
            assert!(!facts.contains(&&export.facts), "after {recorded:?}");
            facts.push(&export.facts);
            if export.live_lock(now).is_some() {
                assert!(!held.contains(&line(export)), "after {recorded:?}");
                held.push(line(export));
            }
        }
    }

    fn check_alone(&self, id: ExportId, recorded: &RecordedEvent) {
        let (now, line_of) = (self.now.unwrap(), line(&self.exports[&id]));
        let others = self.exports.iter().filter(|(other, _)| **other != id);
        let mut beside = others.filter(|(_, other)| line(other) == line_of);
        let held = beside.find(|(_, other)| other.is_alive(now) && other.live_lock(now).is_some());
        assert_eq!(held, None, "{recorded:?}");
    }
}

fn line(export: &Export) -> (MintBatchId, ExportFormat) {
    (export.facts.mint_batch_id, export.facts.format)
}

fn may_repeat(event: &ExportEvent) -> bool {
    matches!(
        event,
        ExportEvent::Downloaded(_) | ExportEvent::Locked(_) | ExportEvent::PackStarted(_)
    )
}

fn check_completion(before: &Export, actor: &Actor) {
    assert_eq!(before.next, NextPack::Generating);
    let holder = &before.lock.as_ref().unwrap().worker;
    match actor {
        Actor::Worker(worker) => assert_eq!(worker, holder),
        Actor::User(_) => {}
        other => panic!("{other} made a pack"),
    }
}
