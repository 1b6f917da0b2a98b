//! What holds for every history of an export.

use crate::support::*;
use dpp_core::export::{
    Export, ExportCommand, ExportContext, ExportEvent, NextPack, PackFile, PackNumber, PackStatus,
    Sha256Digest, decide, evolve,
};
use dpp_core::testing::strategies;
use proptest::prelude::*;

/// Something that an export can be told.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Request,
    Lock(&'static str),
    Start(&'static str, u32),
    Complete(&'static str, u32, u8),
    WrongRows(&'static str, u32),
    Fail(&'static str, u32),
    Release(&'static str),
    Expire,
    Download(u32),
    /// Of the pack that comes next: start and complete.
    Next(&'static str, u8),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || prop::sample::select(vec!["a", "b", "c"]);
    let pack = || 1..=4_u32;
    prop_oneof![
        1 => Just(Step::Request),
        6 => name().prop_map(Step::Lock),
        4 => (name(), pack()).prop_map(|(name, pack)| Step::Start(name, pack)),
        4 => (name(), pack(), any::<u8>())
            .prop_map(|(name, pack, byte)| Step::Complete(name, pack, byte)),
        1 => (name(), pack()).prop_map(|(name, pack)| Step::WrongRows(name, pack)),
        1 => (name(), pack()).prop_map(|(name, pack)| Step::Fail(name, pack)),
        1 => name().prop_map(Step::Release),
        1 => Just(Step::Expire),
        2 => pack().prop_map(Step::Download),
        8 => (name(), any::<u8>()).prop_map(|(name, byte)| Step::Next(name, byte)),
    ]
}

/// Seconds between two steps: few, about as long as a lock, rarely as long as the retention.
fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![
        20 => 0..30_i64,
        6 => 9 * MINUTE..=11 * MINUTE,
        1 => 29 * DAY..=31 * DAY,
    ]
}

fn commands(step: &Step, next: u32) -> Vec<ExportCommand> {
    let with_byte = |pack, byte| PackFile {
        sha256: Sha256Digest::from_bytes([byte; 32]),
        ..file(pack)
    };
    let complete = |name, pack, file| ExportCommand::CompletePack {
        worker: worker(name),
        pack: number(pack),
        file,
    };
    match *step {
        Step::Request => vec![request()],
        Step::Lock(name) => vec![lock(name)],
        Step::Start(name, pack) => vec![start(name, pack)],
        Step::Complete(name, pack, byte) => vec![complete(name, pack, with_byte(pack, byte))],
        Step::WrongRows(name, pack) => {
            let rows = 9_999;
            vec![complete(name, pack, PackFile { rows, ..file(pack) })]
        }
        Step::Fail(name, pack) => vec![fail(name, pack)],
        Step::Release(name) => vec![release(name)],
        Step::Expire => vec![ExportCommand::Expire],
        Step::Download(pack) => vec![download(pack)],
        Step::Next(name, byte) => vec![
            lock(name),
            start(name, next),
            complete(name, next, with_byte(next, byte)),
        ],
    }
}

/// What was decided at a second, and the state after it.
pub(crate) struct Decided {
    pub(crate) second: i64,
    before: Export,
    command: ExportCommand,
    pub(crate) events: Vec<ExportEvent>,
    pub(crate) after: Export,
}

/// Runs the steps; those that are refused change nothing.
pub(crate) fn run(steps: &[(Step, i64)]) -> Vec<Decided> {
    let (mut all, mut second) = (Vec::new(), 0);
    let mut last = state(&after([]));
    for (step, pause) in steps {
        second += pause;
        for command in commands(step, last.completed_packs() + 1) {
            let context = ExportContext { now: at(second) };
            let Ok(events) = decide(Some(&last), command.clone(), &context) else {
                continue;
            };
            let after = events.iter().fold(Some(last.clone()), evolve).unwrap();
            let before = std::mem::replace(&mut last, after.clone());
            all.push(Decided {
                second,
                before,
                command,
                events,
                after,
            });
        }
    }
    all
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<(Step, i64)>> {
    prop::collection::vec((step(), pause()), 0..60)
}

fn completed_by(events: &[ExportEvent]) -> impl Iterator<Item = (PackNumber, &PackFile)> {
    events.iter().filter_map(|event| match event {
        ExportEvent::PackCompleted(event) => Some((event.pack, &event.file)),
        _ => None,
    })
}

fn is_completion(event: &ExportEvent) -> bool {
    matches!(event, ExportEvent::Completed(_))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_completed_pack_never_changes_and_packs_complete_in_order(steps in steps()) {
        let mut files: Vec<PackFile> = Vec::new();
        for decided in run(&steps) {
            for (pack, file) in completed_by(&decided.events) {
                prop_assert_eq!(pack.before() as usize, files.len());
                let slice = decided.before.slice(pack).unwrap();
                prop_assert_eq!(slice.rows(), file.rows);
                files.push(file.clone());
            }
            prop_assert_eq!(&decided.after.completed, &files);
        }
        prop_assert!(files.len() <= 3);
    }

    #[test]
    fn an_export_completes_once_and_just_when_all_packs_are(steps in steps()) {
        let mut completions = 0;
        for decided in run(&steps) {
            let now = decided.events.iter().filter(|event| is_completion(event)).count();
            completions += now;
            let all = decided.after.completed.len() == 3;
            prop_assert_eq!(completions == 1, all);
            prop_assert_eq!(decided.after.is_completed(), all);
            if now == 1 {
                prop_assert_eq!(decided.after.expires_at, at(decided.second + 30 * DAY));
            }
        }
        prop_assert!(completions <= 1);
    }

    #[test]
    fn nobody_takes_what_another_holds_and_only_holders_make_packs(steps in steps()) {
        for decided in run(&steps) {
            let holder = decided.before.lock.as_ref().map(|lock| &lock.worker);
            let live = decided.before.live_lock(at(decided.second)).map(|lock| &lock.worker);
            match &decided.command {
                ExportCommand::Lock { worker, .. } => {
                    prop_assert!(live.is_none_or(|live| live == worker));
                    prop_assert_eq!(&decided.after.lock.as_ref().unwrap().worker, worker);
                }
                ExportCommand::StartPack { worker, .. } => prop_assert_eq!(live, Some(worker)),
                ExportCommand::CompletePack { worker, .. }
                | ExportCommand::FailPack { worker, .. }
                | ExportCommand::Release { worker } => prop_assert_eq!(holder, Some(worker)),
                _ => {}
            }
            let until = decided.after.lock.as_ref().map(|lock| lock.until);
            prop_assert!(until.is_none_or(|until| until <= at(decided.second + 10 * MINUTE)));
            let generating = decided.after.next == NextPack::Generating;
            prop_assert!(!generating || decided.after.lock.is_some());
        }
    }

    #[test]
    fn what_expired_stays_expired_and_only_then_it_expires(steps in steps()) {
        for decided in run(&steps) {
            let due = at(decided.second) >= decided.before.expires_at;
            prop_assert!(!due || matches!(decided.command, ExportCommand::Expire));
            prop_assert_eq!(decided.after.expired, due);
            for pack in (1..=3).map(number) {
                let status = decided.after.pack_status(pack).unwrap();
                prop_assert_eq!(status == PackStatus::Expired, decided.after.expired);
            }
        }
    }

    #[test]
    fn no_history_makes_evolve_panic_or_change_a_completed_pack(
        events in prop::collection::vec(strategies::export_event(), 0..60),
    ) {
        let mut export: Option<Export> = None;
        for event in &events {
            let before = export.clone();
            export = evolve(export, event);
            if let (Some(before), Some(after)) = (before, &export) {
                prop_assert!(after.completed.starts_with(&before.completed));
                prop_assert_eq!(&after.facts, &before.facts);
                prop_assert!(after.completed_packs() <= after.packs());
                let removed = Export { files_removed: after.files_removed, ..before.clone() };
                prop_assert!(!before.expired || *after == removed);
                prop_assert!(after.expires_at == before.expires_at || after.is_completed());
                prop_assert!(after.next != NextPack::Generating || after.lock.is_some());
                for (file, slice) in after.completed.iter().zip(after.facts.slices()) {
                    prop_assert_eq!(file.rows, slice.rows());
                }
            }
        }
    }

    #[test]
    fn no_history_makes_decide_panic(
        events in prop::collection::vec(strategies::export_event(), 0..60),
        step in step(),
    ) {
        let export = events.iter().fold(None, evolve);
        for command in commands(&step, 1) {
            let _ = decide(export.as_ref(), command, &ExportContext { now: at(0) });
        }
    }

    #[test]
    fn every_unit_is_in_one_pack_of_a_completed_export(facts in strategies::export_facts()) {
        let mut export = decide(None, ExportCommand::Request(facts), &ExportContext { now: at(0) })
            .unwrap()
            .iter()
            .fold(None, evolve)
            .unwrap();
        let units = export.facts.units;
        let mut made = 0;
        let context = ExportContext { now: at(0) };
        let tell = |export: &Export, command| {
            let events = decide(Some(export), command, &context).unwrap();
            events.iter().fold(Some(export.clone()), evolve).unwrap()
        };
        export = tell(&export, lock("a"));
        while let Some(slice) = export.next_slice() {
            prop_assert_eq!(slice.indexes().start, made);
            made += slice.rows();
            let pack = slice.number();
            let file = PackFile { rows: slice.rows(), ..file(1) };
            export = tell(&export, ExportCommand::StartPack { worker: worker("a"), pack });
            let worker = worker("a");
            export = tell(&export, ExportCommand::CompletePack { worker, pack, file });
        }
        prop_assert_eq!(made, units);
        prop_assert!(export.is_completed());
    }
}

/// The steps of the laws do come to whole exports, and to expired ones.
#[test]
fn random_steps_reach_every_state() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut completed, mut expired, mut taken_over) = (0, 0, 0);
    for _ in 0..300 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let all = run(&steps);
        completed += i32::from(all.iter().any(|decided| decided.after.is_completed()));
        expired += i32::from(all.iter().any(|decided| decided.after.expired));
        let took = |decided: &Decided| {
            let before = decided.before.lock.as_ref().map(|lock| &lock.worker);
            let after = decided.after.lock.as_ref().map(|lock| &lock.worker);
            before.is_some() && after.is_some() && before != after
        };
        taken_over += i32::from(all.iter().any(took));
    }
    assert!(
        completed > 50 && expired > 50 && taken_over > 50,
        "{completed} {expired} {taken_over}"
    );
}
