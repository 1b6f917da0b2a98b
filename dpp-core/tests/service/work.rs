//! Working: cycles, leases, many workers, stopping, and what must cost no more than before.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::support::*;
use crate::watched::Watched;
use dpp_core::gs1::Serial;
use dpp_core::identity::MintJobId;
use dpp_core::identity::serial::SerialScheme;
use dpp_core::mint::{BatchStatus, JobStatus, MintRequest, Rejection};
use dpp_core::read::Progress;
use dpp_core::service::{ControlError, Did, MintService, ProcessError, Settings, SubmitAnswer};
use dpp_store_memory::MemoryStore;
use futures::TryStreamExt;
use futures::executor::block_on;

pub(crate) fn small() -> Settings {
    Settings::default().units_per_cycle(10)
}

fn on_memory(settings: Settings) -> MintService {
    service(Arc::new(MemoryStore::default()), 1, settings)
}

pub(crate) fn submit(service: &MintService, request: MintRequest) -> MintJobId {
    let answer = block_on(service.submit(&owner(brand(1)), request, noon())).unwrap();
    answer.job().unwrap()
}

pub(crate) fn progress(service: &MintService, job: MintJobId) -> Progress {
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    block_on(service.reads().progress(&scope, job))
        .unwrap()
        .unwrap()
}

pub(crate) fn process(service: &MintService, job: MintJobId) -> Result<u32, ProcessError> {
    let made = block_on(service.process(&owner(brand(1)), brand(1), job, noon()));
    made.map(|report| report.minted)
}

pub(crate) fn serials_of(service: &MintService, job: MintJobId) -> Vec<Serial> {
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    block_on(async {
        let stream = service.reads().units(&scope, job.batch(), 0).await.unwrap();
        let units: Vec<_> = stream.try_collect().await.unwrap();
        units.into_iter().filter_map(|unit| unit.serial).collect()
    })
}

#[test]
fn one_call_makes_one_cycle_and_the_last_completes_the_job() {
    let service = on_memory(small());
    let job = submit(&service, serials(1, 25));
    assert_eq!(progress(&service, job).status, JobStatus::Queued);
    assert_eq!(process(&service, job).unwrap(), 10);
    assert_eq!(progress(&service, job).status, JobStatus::Processing);
    assert_eq!(process(&service, job).unwrap(), 20);
    assert_eq!(process(&service, job).unwrap(), 25);
    let end = progress(&service, job);
    assert_eq!(
        (end.status, end.minted, end.requested),
        (JobStatus::Completed, 25, 25)
    );
    let error = process(&service, job).unwrap_err();
    assert!(
        matches!(error, ProcessError::Rejected(Rejection::WrongStatus { .. })),
        "{error}"
    );
}

#[test]
fn submit_and_kick_makes_exactly_one_cycle() {
    let service = on_memory(small());
    let kicked =
        block_on(service.submit_and_kick(&owner(brand(1)), serials(1, 25), noon())).unwrap();
    assert!(kicked.kicked());
    let job = kicked.submitted.job().unwrap();
    assert_eq!(progress(&service, job).minted, 10);
    block_on(work_off(&service, noon()));
    assert_eq!(progress(&service, job).status, JobStatus::Completed);
}

#[test]
fn jobs_are_taken_oldest_first_over_all_brands() {
    let service = on_memory(small());
    let later = |millis| noon().after(Duration::from_millis(millis));
    let mut expected = Vec::new();
    for (number, of) in [1, 2, 1, 2].into_iter().enumerate() {
        let request = MintRequest {
            brand_id: brand(of),
            ..serials(if of == 1 { 1 } else { 9 }, 5)
        };
        let at = later(number as u64);
        let answer = block_on(service.submit(&owner(brand(of)), request, at)).unwrap();
        expected.push(answer.job().unwrap());
    }
    let mut worker = worker(&service, "w");
    let mut taken = Vec::new();
    loop {
        match block_on(worker.run_once(later(10))).unwrap().did {
            Did::Took(job) => taken.push(job),
            Did::Nothing => break,
            _ => {}
        }
    }
    assert_eq!(taken, expected);
}

#[test]
fn a_job_that_is_held_is_left_alone_until_its_lease_runs_out() {
    let service = on_memory(small().lease(Duration::from_secs(60)));
    let job = submit(&service, serials(1, 25));
    let mut first = worker(&service, "first");
    assert_eq!(
        block_on(first.run_once(noon())).unwrap().did,
        Did::Took(job)
    );
    assert!(matches!(
        block_on(first.run_once(noon())).unwrap().did,
        Did::Made(_)
    ));

    let mut second = worker(&service, "second");
    assert_eq!(block_on(second.run_once(noon())).unwrap().did, Did::Nothing);
    let error = process(&service, job).unwrap_err();
    assert!(
        error.to_string().contains("worker `first` holds the job"),
        "{error}"
    );

    let late = noon().after(Duration::from_secs(60));
    assert_eq!(block_on(second.run_once(late)).unwrap().did, Did::Took(job));
    assert_eq!(block_on(first.run_once(late)).unwrap().did, Did::LetGo(job));
    while block_on(second.run_once(late)).unwrap().did != Did::Nothing {}
    assert_eq!(progress(&service, job).minted, 25);
}

#[test]
fn stopping_takes_effect_at_the_next_cycle_and_what_was_made_stays() {
    let service = on_memory(small());
    let job = submit(&service, serials(1, 25));
    let mut working = worker(&service, "w");
    block_on(working.run_once(noon())).unwrap();
    block_on(working.run_once(noon())).unwrap();
    let caller = owner(brand(1));
    let cancelled = block_on(service.cancel(&caller, brand(1), job, None, noon())).unwrap();
    assert_eq!(cancelled.minted, 10);
    assert_eq!(
        block_on(working.run_once(noon())).unwrap().did,
        Did::LetGo(job)
    );
    assert_eq!(
        block_on(working.run_once(noon())).unwrap().did,
        Did::Nothing
    );
    assert_eq!(serials_of(&service, job).len(), 10);
    let scope = caller.to_read(brand(1)).unwrap();
    let batch = block_on(service.reads().batch(&scope, job.batch()))
        .unwrap()
        .unwrap();
    assert_eq!(
        (batch.batch.job, batch.batch.status),
        (JobStatus::Cancelled, BatchStatus::Minted)
    );
    let again = block_on(service.cancel(&caller, brand(1), job, None, noon())).unwrap_err();
    assert!(matches!(again, ControlError::Rejected(_)), "{again}");
}

#[test]
fn the_older_way_makes_a_preflighted_job_and_then_gives_it_its_batch() {
    let service = on_memory(small());
    let caller = owner(brand(1));
    let prepared =
        block_on(service.create_preflighted_job(&caller, serials(1, 5), noon())).unwrap();
    let job = prepared.job().unwrap();
    assert_eq!(progress(&service, job).status, JobStatus::Preflighted);
    block_on(work_off(&service, noon()));
    assert_eq!(progress(&service, job).minted, 0, "nobody works on a draft");
    for is_duplicate in [false, true] {
        let queued =
            block_on(service.create_batch_from_job(&caller, brand(1), job, noon())).unwrap();
        let expected = SubmitAnswer::Accepted {
            mint_job_id: job,
            mint_batch_id: job.batch(),
            status: JobStatus::Queued,
            is_duplicate,
        };
        assert_eq!(queued, expected);
    }
    block_on(work_off(&service, noon()));
    assert_eq!(progress(&service, job).status, JobStatus::Completed);
    let late = block_on(service.create_batch_from_job(&caller, brand(1), job, noon()));
    assert!(matches!(
        late,
        Err(ControlError::Rejected(Rejection::WrongStatus { .. }))
    ));
}

#[test]
fn sixteen_jobs_for_one_product_at_once_on_real_threads_share_no_serial() {
    let store = Arc::new(MemoryStore::default());
    let schemes = [
        SerialScheme::default(),
        SerialScheme::Numeric38,
        serde_json::from_str(r#"{"scheme": "sequential", "prefix": "SN-", "digits": 6}"#).unwrap(),
        serde_json::from_str(r#"{"scheme": "randomised", "tag_length": 6}"#).unwrap(),
    ];
    let jobs: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|number| {
                let service = service(
                    store.clone(),
                    number,
                    Settings::default().units_per_cycle(700),
                );
                let request = MintRequest {
                    serial_scheme: Some(schemes[number as usize % 4].clone()),
                    ..serials(1, 5_000)
                };
                scope.spawn(move || {
                    let job = submit(&service, request);
                    let mut worker = worker(&service, &format!("w{number}"));
                    while block_on(worker.run_once(noon())).unwrap().did != Did::Nothing {}
                    job
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let service = service(store, 99, Settings::default());
    block_on(work_off(&service, noon()));
    let mut seen = HashSet::new();
    for job in jobs {
        assert_eq!(progress(&service, job).status, JobStatus::Completed);
        for serial in serials_of(&service, job) {
            assert!(seen.insert(serial), "{serial} comes twice");
        }
    }
    assert_eq!(seen.len(), 16 * 5_000);
}

/// Two worlds with the same entropy generate the same serials; in the second the brand has
/// brought some of them before.
#[test]
fn a_serial_that_the_brand_has_brought_is_never_generated() {
    for scheme in ["randomised", "numeric38", "sequential"] {
        let scheme: SerialScheme = match scheme {
            "sequential" => {
                serde_json::from_str(r#"{"scheme": "sequential", "prefix": "SN-", "digits": 6}"#)
            }
            other => serde_json::from_str(&format!(r#"{{"scheme": "{other}"}}"#)),
        }
        .unwrap();
        let request = MintRequest {
            serial_scheme: Some(scheme),
            ..serials(1, 200)
        };
        let first_world = service(Arc::new(MemoryStore::default()), 5, small());
        let filler = submit(&first_world, own(&["filler"]));
        let job = submit(&first_world, request.clone());
        block_on(work_off(&first_world, noon()));
        assert_eq!(serials_of(&first_world, filler).len(), 1);
        let generated = serials_of(&first_world, job);

        let second_world = service(Arc::new(MemoryStore::default()), 5, small());
        submit(&second_world, own(&[generated[117].as_str()]));
        let job = submit(&second_world, request);
        block_on(work_off(&second_world, noon()));
        let others = serials_of(&second_world, job);
        assert_eq!(others.len(), 200);
        assert!(
            !others.contains(&generated[117]),
            "{} comes twice",
            generated[117]
        );
        let distinct: HashSet<_> = others.iter().collect();
        assert_eq!(distinct.len(), 200);
        let scope = owner(brand(1)).to_read(brand(1)).unwrap();
        let located = second_world.reads();
        let located = block_on(located.locate_serial(&scope, product(1), &others[150])).unwrap();
        let expected = dpp_core::read::Located::Unit {
            batch: job.batch(),
            index: 150,
        };
        assert_eq!(located, expected);
    }
}

fn own(rows: &[&str]) -> MintRequest {
    MintRequest {
        serials: Some(rows.iter().copied().collect()),
        ..serials(1, rows.len() as u64)
    }
}

#[test]
fn a_later_job_reads_no_more_of_the_log_than_an_early_one() {
    let store = Arc::new(Watched::new(Arc::new(MemoryStore::default()), |_| false));
    let service = service(store.clone(), 1, small());
    let mut worker = worker(&service, "w");
    let mut read = Vec::new();
    for _ in 0..120 {
        let before = store.events_read();
        let request = MintRequest {
            product_batch_id: Some(production(2)),
            ..serials(1, 50)
        };
        submit(&service, request);
        while block_on(worker.run_once(noon())).unwrap().did != Did::Nothing {}
        read.push(store.events_read() - before);
    }
    assert_eq!(read[2], read[119], "{read:?}");
}

#[test]
fn a_kick_of_a_request_that_was_accepted_before_makes_no_further_cycle() {
    let service = on_memory(small());
    let request = MintRequest {
        idempotency_key: Some("k".to_owned()),
        ..serials(1, 25)
    };
    for kicked in [true, false] {
        let answer = block_on(service.submit_and_kick(&owner(brand(1)), request.clone(), noon()));
        let answer = answer.unwrap();
        assert_eq!(answer.kicked(), kicked);
        let wire = serde_json::to_value(&answer).unwrap();
        assert_eq!(
            (&wire["ok"], &wire["kicked"]),
            (&true.into(), &kicked.into())
        );
        assert_eq!(
            progress(&service, answer.submitted.job().unwrap()).minted,
            10
        );
    }
}

/// Hosts run these on runtimes that move tasks between threads.
#[test]
fn what_a_host_awaits_may_move_between_threads() {
    fn movable<T: Send>(future: T) -> T {
        future
    }
    let service = on_memory(small());
    let caller = owner(brand(1));
    let scope = caller.to_read(brand(1)).unwrap();
    let kicked = movable(service.submit_and_kick(&caller, serials(1, 25), noon()));
    let job = block_on(kicked).unwrap().submitted.job().unwrap();
    let mut working = worker(&service, "w");
    assert_eq!(block_on(movable(working.run_until_idle(noon))).unwrap(), 15);
    block_on(movable(service.preflight(&caller, serials(1, 5)))).unwrap();
    block_on(movable(service.verify(&caller, brand(1), job.batch()))).unwrap();
    let reads = service.reads();
    block_on(movable(reads.progress(&scope, job))).unwrap();
    let stream = block_on(movable(reads.units(&scope, job.batch(), 20))).unwrap();
    let units: Vec<_> = block_on(movable(stream).try_collect()).unwrap();
    assert_eq!(units.len(), 5);
}
