//! Access: every operation, asked for by everybody who may not.

use std::sync::Arc;

use crate::support::*;
use dpp_core::identity::{MintBatchId, MintJobId};
use dpp_core::mint::MintRequest;
use dpp_core::service::{
    ControlError, MintService, ProcessError, Settings, SubmitError, VerifyError,
};
use dpp_core::store::EventStore;
use dpp_core::store::log::PageLimit;
use dpp_core::{AccessError, BrandId, Caller, Role};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;

/// Every operation of the service that takes a caller.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Operation {
    Submit,
    CreatePreflightedJob,
    Preflight,
    SubmitAndKick,
    CreateBatchFromJob,
    Process,
    Cancel,
    Verify,
    Read,
}

const ALL: [Operation; 9] = [
    Operation::Submit,
    Operation::CreatePreflightedJob,
    Operation::Preflight,
    Operation::SubmitAndKick,
    Operation::CreateBatchFromJob,
    Operation::Process,
    Operation::Cancel,
    Operation::Verify,
    Operation::Read,
];

#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    Access(AccessError),
    NotFound,
    Other(String),
}

fn ask(
    service: &MintService,
    caller: &Caller,
    of: BrandId,
    operation: Operation,
    job: MintJobId,
) -> Answer {
    let request = MintRequest {
        brand_id: of,
        ..serials(1, 5)
    };
    let now = noon();
    match operation {
        Operation::Submit => submitted(block_on(service.submit(caller, request, now))),
        Operation::CreatePreflightedJob => submitted(block_on(
            service.create_preflighted_job(caller, request, now),
        )),
        Operation::Preflight => submitted(block_on(service.preflight(caller, request))),
        Operation::SubmitAndKick => {
            submitted(block_on(service.submit_and_kick(caller, request, now)))
        }
        Operation::CreateBatchFromJob => controlled(block_on(
            service.create_batch_from_job(caller, of, job, now),
        )),
        Operation::Cancel => controlled(block_on(service.cancel(caller, of, job, None, now))),
        Operation::Process => match block_on(service.process(caller, of, job, now)) {
            Ok(_) => Answer::Done,
            Err(ProcessError::Access(error)) => Answer::Access(error),
            Err(ProcessError::NoSuchJob(_)) => Answer::NotFound,
            Err(error) => Answer::Other(error.to_string()),
        },
        Operation::Verify => match block_on(service.verify(caller, of, job.batch())) {
            Ok(_) => Answer::Done,
            Err(VerifyError::Access(error)) => Answer::Access(error),
            Err(VerifyError::NoSuchBatch(_)) => Answer::NotFound,
            Err(error) => Answer::Other(error.to_string()),
        },
        Operation::Read => match caller.to_read(of) {
            Err(error) => Answer::Access(error),
            Ok(scope) => match block_on(service.reads().batch(&scope, job.batch())).unwrap() {
                Some(_) => Answer::Done,
                None => Answer::NotFound,
            },
        },
    }
}

fn submitted<T>(answer: Result<T, SubmitError>) -> Answer {
    match answer {
        Ok(_) => Answer::Done,
        Err(SubmitError::Access(error)) => Answer::Access(error),
        Err(error) => Answer::Other(error.to_string()),
    }
}

fn controlled<T>(answer: Result<T, ControlError>) -> Answer {
    match answer {
        Ok(_) => Answer::Done,
        Err(ControlError::Access(error)) => Answer::Access(error),
        Err(ControlError::NoSuchJob(_)) => Answer::NotFound,
        Err(error) => Answer::Other(error.to_string()),
    }
}

fn only_reads(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Preflight | Operation::Verify | Operation::Read
    )
}

fn world() -> (Arc<MemoryStore>, MintService, MintJobId) {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default());
    let answer = block_on(service.submit(&owner(brand(1)), serials(1, 5), noon())).unwrap();
    (store, service, answer.job().unwrap())
}

fn events_in(store: &MemoryStore, of: BrandId) -> usize {
    block_on(store.read_feed(of, None, PageLimit::MAX))
        .unwrap()
        .events
        .len()
}

#[test]
fn nobody_without_the_role_can_do_or_change_anything() {
    let forbidden = Answer::Access(AccessError::Forbidden { brand: brand(1) });
    for operation in ALL {
        let (store, service, job) = world();
        let outsiders = [
            (
                Caller::anonymous(),
                Answer::Access(AccessError::NotAuthenticated),
            ),
            (
                Caller::anonymous().with_role(brand(1), Role::Owner),
                Answer::Access(AccessError::NotAuthenticated),
            ),
            (
                someone(),
                Answer::Access(AccessError::Forbidden { brand: brand(1) }),
            ),
            (
                owner(brand(2)),
                Answer::Access(AccessError::Forbidden { brand: brand(1) }),
            ),
        ];
        for (caller, expected) in outsiders {
            assert_eq!(
                ask(&service, &caller, brand(1), operation, job),
                expected,
                "{operation:?}"
            );
        }
        let member = someone().with_role(brand(1), Role::Member);
        let answer = ask(&service, &member, brand(1), operation, job);
        match only_reads(operation) {
            true => assert_eq!(answer, Answer::Done, "{operation:?}"),
            false => assert_eq!(answer, forbidden, "{operation:?}"),
        }
        assert_eq!(events_in(&store, brand(1)), 1, "{operation:?}");
    }
}

#[test]
fn owners_and_admins_can_do_everything() {
    for role in [Role::Owner, Role::Admin] {
        for operation in ALL {
            let (_, service, job) = world();
            let caller = someone().with_role(brand(1), role);
            assert_eq!(
                ask(&service, &caller, brand(1), operation, job),
                Answer::Done
            );
        }
    }
}

#[test]
fn a_job_of_another_brand_answers_as_one_that_never_was() {
    let nobodys: MintBatchId = "0192f0c1-0000-7000-8000-000000000000".parse().unwrap();
    let by_job = [
        Operation::CreateBatchFromJob,
        Operation::Process,
        Operation::Cancel,
        Operation::Verify,
        Operation::Read,
    ];
    for operation in by_job {
        let (store, service, job) = world();
        let caller = owner(brand(2));
        let foreign = ask(&service, &caller, brand(2), operation, job);
        let unknown = ask(&service, &caller, brand(2), operation, nobodys.job());
        assert_eq!(
            (foreign, unknown),
            (Answer::NotFound, Answer::NotFound),
            "{operation:?}"
        );
        assert_eq!(events_in(&store, brand(2)), 0);
    }
}

/// The list above is whole: whoever adds an operation that takes a caller has to add it there.
#[test]
fn every_operation_that_takes_a_caller_is_on_the_list() {
    let sources = [
        include_str!("../../src/service/submit.rs"),
        include_str!("../../src/service/control.rs"),
        include_str!("../../src/service/verify.rs"),
        include_str!("../../src/service/mod.rs"),
        include_str!("../../src/service/work/cycle.rs"),
        include_str!("../../src/service/work/worker.rs"),
    ];
    let mut found = Vec::new();
    for source in sources {
        for function in source.split("    pub async fn ").skip(1) {
            let head = function.split('{').next().unwrap();
            if head.contains("caller: &Caller") {
                found.push(head.split('(').next().unwrap().to_owned());
            }
        }
    }
    found.sort();
    let listed = [
        "cancel",
        "create_batch_from_job",
        "create_preflighted_job",
        "preflight",
        "process",
        "submit",
        "submit_and_kick",
        "verify",
    ];
    assert_eq!(found, listed);
}
