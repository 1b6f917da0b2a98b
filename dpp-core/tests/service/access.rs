//! Access: every operation, asked for by everybody who may not.

use std::path::Path;
use std::sync::Arc;

use crate::exports::support::{World as Exports, named as worker_named};
use crate::made::{first_lot, first_scan, units_of};
use crate::support::*;
use dpp_core::export::{ExportFormat, PackNumber};
use dpp_core::identity::{LotId, MintBatchId, MintJobId, MintUnitId};
use dpp_core::mint::{BatchStatus, MintRequest};
use dpp_core::service::{
    ControlError, ExportError, ExportRequest, MintService, ProcessError, Settings, SubmitError,
    UnitError, UnitSelection, VerifyError,
};
use dpp_core::store::EventStore;
use dpp_core::store::log::PageLimit;
use dpp_core::{AccessError, BrandId, Caller, ExportId, Role};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;

/// Every operation of the service that takes a caller, and reading.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Operation {
    Submit,
    CreatePreflightedJob,
    Preflight,
    SubmitAndKick,
    CreateBatchFromJob,
    Process,
    Cancel,
    SetMintBatchStatus,
    ActivateUnit,
    ActivateLot,
    RevokeUnit,
    RevokeUnits,
    Verify,
    RequestExport,
    HoldExport,
    DownloadPack,
    Read,
}

/// Each with the name of its function.
const ALL: [(Operation, &str); 17] = [
    (Operation::Submit, "submit"),
    (Operation::CreatePreflightedJob, "create_preflighted_job"),
    (Operation::Preflight, "preflight"),
    (Operation::SubmitAndKick, "submit_and_kick"),
    (Operation::CreateBatchFromJob, "create_batch_from_job"),
    (Operation::Process, "process"),
    (Operation::Cancel, "cancel"),
    (Operation::SetMintBatchStatus, "set_mint_batch_status"),
    (Operation::ActivateUnit, "activate_unit"),
    (Operation::ActivateLot, "activate_lot"),
    (Operation::RevokeUnit, "revoke_unit"),
    (Operation::RevokeUnits, "revoke_units"),
    (Operation::Verify, "verify"),
    (Operation::RequestExport, "request"),
    (Operation::HoldExport, "hold"),
    (Operation::DownloadPack, "download"),
    (Operation::Read, ""),
];

fn all() -> impl Iterator<Item = Operation> {
    ALL.into_iter().map(|(operation, _)| operation)
}

#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    Access(AccessError),
    NotFound,
    Other(String),
}

/// What is named: a job that waits, a batch that was made with a lot and its first unit, and an
/// export of it that waits, and one that is completed.
#[derive(Debug, Clone, Copy)]
struct Named {
    job: MintJobId,
    batch: MintBatchId,
    lot: LotId,
    unit: MintUnitId,
    waiting: ExportId,
    completed: ExportId,
}

fn ask(
    service: &MintService,
    caller: &Caller,
    of: BrandId,
    operation: Operation,
    named: Named,
) -> Answer {
    let request = MintRequest {
        brand_id: of,
        ..serials(1, 5)
    };
    let reason = || "a recall".parse().unwrap();
    let Named {
        job,
        batch,
        lot,
        unit,
        waiting,
        completed,
    } = named;
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
        Operation::SetMintBatchStatus => {
            let to = BatchStatus::Voided;
            let set = service.set_mint_batch_status(caller, of, batch, to, Some(reason()), now);
            controlled(block_on(set))
        }
        Operation::ActivateUnit => changed(block_on(service.activate_unit(caller, of, unit, now))),
        Operation::ActivateLot => changed(block_on(service.activate_lot(caller, of, lot, now))),
        Operation::RevokeUnit => {
            let revoked = service.revoke_unit(caller, of, unit, reason(), now);
            changed(block_on(revoked))
        }
        Operation::RevokeUnits => {
            let units = UnitSelection::Ids(vec![unit]);
            let revoked = service.revoke_units(caller, of, batch, &units, reason(), now);
            changed(block_on(revoked))
        }
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
        Operation::RequestExport => {
            let request = ExportRequest::of(of, batch, ExportFormat::NfcManifest);
            exported(block_on(service.exports().request(caller, &request, now)))
        }
        Operation::HoldExport => {
            let (exports, worker) = (service.exports(), worker_named("w"));
            exported(block_on(exports.hold(caller, of, waiting, &worker, now)))
        }
        Operation::DownloadPack => {
            let (exports, pack) = (service.exports(), PackNumber::FIRST);
            exported(block_on(exports.download(caller, of, completed, pack, now)))
        }
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
        Err(ControlError::NoSuchJob(_) | ControlError::NoSuchBatch(_)) => Answer::NotFound,
        Err(error) => Answer::Other(error.to_string()),
    }
}

fn changed<T>(answer: Result<T, UnitError>) -> Answer {
    match answer {
        Ok(_) => Answer::Done,
        Err(UnitError::Access(error)) => Answer::Access(error),
        Err(UnitError::NoSuchUnit(_) | UnitError::NoSuchLot(_) | UnitError::NoSuchBatch(_)) => {
            Answer::NotFound
        }
        Err(error) => Answer::Other(error.to_string()),
    }
}

fn exported<T>(answer: Result<T, ExportError>) -> Answer {
    match answer {
        Ok(_) => Answer::Done,
        Err(ExportError::Access(error)) => Answer::Access(error),
        Err(ExportError::NoSuchBatch(_) | ExportError::NoSuchExport(_)) => Answer::NotFound,
        Err(error) => Answer::Other(error.to_string()),
    }
}

fn only_reads(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Preflight | Operation::Verify | Operation::Read
    )
}

fn only_activates(operation: Operation) -> bool {
    matches!(operation, Operation::ActivateUnit | Operation::ActivateLot)
}

fn world() -> (Arc<MemoryStore>, MintService, Named) {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default());
    let submit = |request| {
        let answer = block_on(service.submit(&owner(brand(1)), request, noon())).unwrap();
        answer.job().unwrap()
    };
    let made = submit(first_scan(lots(1, &[("A", 2), ("B", 3)]))).batch();
    block_on(work_off(&service, noon()));
    let exports = Exports {
        exports: service.exports(),
        store: store.clone(),
        service: service.clone(),
        batch: made,
    };
    let named = Named {
        job: submit(serials(1, 5)),
        batch: made,
        lot: first_lot(&service, made),
        unit: units_of(&service, made)[0].mint_unit_id,
        waiting: exports.asked(&exports.of(ExportFormat::QrBundle), 0),
        completed: exports.completed(),
    };
    (store, service, named)
}

fn events_in(store: &MemoryStore, of: BrandId) -> usize {
    block_on(store.read_feed(of, None, PageLimit::MAX))
        .unwrap()
        .events
        .len()
}

#[test]
fn nobody_without_the_role_can_do_or_change_anything() {
    let forbidden = || Answer::Access(AccessError::Forbidden { brand: brand(1) });
    let unknown = || Answer::Access(AccessError::NotAuthenticated);
    for operation in all() {
        let (store, service, named) = world();
        let events = events_in(&store, brand(1));
        let nobody = Caller::anonymous();
        let outsiders = [
            (nobody.clone(), unknown()),
            (nobody.with_role(brand(1), Role::Owner), unknown()),
            (someone(), forbidden()),
            (owner(brand(2)), forbidden()),
        ];
        for (caller, expected) in outsiders {
            let answer = ask(&service, &caller, brand(1), operation, named);
            assert_eq!(answer, expected, "{operation:?}");
        }
        let member = someone().with_role(brand(1), Role::Member);
        let answer = ask(&service, &member, brand(1), operation, named);
        match only_reads(operation) {
            true => assert_eq!(answer, Answer::Done, "{operation:?}"),
            false => assert_eq!(answer, forbidden(), "{operation:?}"),
        }
        assert_eq!(events_in(&store, brand(1)), events, "{operation:?}");
    }
}

#[test]
fn owners_and_admins_can_do_everything() {
    for role in [Role::Owner, Role::Admin] {
        for operation in all() {
            let (_, service, named) = world();
            let caller = someone().with_role(brand(1), role);
            assert_eq!(
                ask(&service, &caller, brand(1), operation, named),
                Answer::Done
            );
        }
    }
}

#[test]
fn a_scan_can_activate_and_is_nobody_for_everything_else() {
    for operation in all() {
        let (store, service, named) = world();
        let events = events_in(&store, brand(1));
        for caller in [
            Caller::scan(),
            Caller::scan().with_role(brand(1), Role::Owner),
        ] {
            let answer = ask(&service, &caller, brand(1), operation, named);
            match only_activates(operation) {
                true => assert_eq!(answer, Answer::Done, "{operation:?}"),
                false => {
                    let unknown = Answer::Access(AccessError::NotAuthenticated);
                    assert_eq!(answer, unknown, "{operation:?}");
                }
            }
        }
        let written = events_in(&store, brand(1)) - events;
        assert_eq!(written, usize::from(only_activates(operation)));
    }
}

#[test]
fn what_belongs_to_another_brand_answers_as_what_never_was() {
    let nobodys: MintBatchId = "0192f0c1-0000-7000-8000-000000000000".parse().unwrap();
    let nobodys = Named {
        job: nobodys.job(),
        batch: nobodys,
        lot: "0192f0c1-0000-8000-8000-000000000000".parse().unwrap(),
        unit: "0192f0c1-0000-8000-8000-000000000000".parse().unwrap(),
        waiting: ExportId::from_uuid(uuid::Uuid::from_u128(7)),
        completed: ExportId::from_uuid(uuid::Uuid::from_u128(7)),
    };
    let creates = |operation: &Operation| {
        matches!(
            operation,
            Operation::Submit
                | Operation::CreatePreflightedJob
                | Operation::Preflight
                | Operation::SubmitAndKick
        )
    };
    for operation in all().filter(|operation| !creates(operation)) {
        let (store, service, named) = world();
        let mut callers = vec![owner(brand(2))];
        callers.extend(only_activates(operation).then(Caller::scan));
        let events = events_in(&store, brand(1));
        for caller in callers {
            let foreign = ask(&service, &caller, brand(2), operation, named);
            let unknown = ask(&service, &caller, brand(2), operation, nobodys);
            assert_eq!(
                (foreign, unknown),
                (Answer::NotFound, Answer::NotFound),
                "{operation:?}"
            );
        }
        assert_eq!(events_in(&store, brand(2)), 0);
        assert_eq!(events_in(&store, brand(1)), events);
    }
}

/// The list above is whole: whoever adds an operation that takes a caller has to add it there.
#[test]
fn every_operation_that_takes_a_caller_is_on_the_list() {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/service");
    note_operations(&folder, &mut found);
    found.sort();
    let mut listed: Vec<_> = ALL.into_iter().map(|(_, name)| name).collect();
    listed.retain(|name| !name.is_empty());
    listed.sort_unstable();
    assert_eq!(found, listed);
}

fn note_operations(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            note_operations(&path, found);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let async_ones = source.split(" pub async fn ").skip(1);
        for function in async_ones.chain(source.split(" pub fn ").skip(1)) {
            let head = function.split('{').next().unwrap();
            if head.contains("&Caller") {
                found.push(head.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
}
