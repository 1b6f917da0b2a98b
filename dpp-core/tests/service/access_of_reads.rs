//! Access to reading: every question, asked by everybody who may not, and of what is not theirs.

use std::path::Path;
use std::sync::Arc;

use crate::made::first_scan;
use crate::support::*;
use dpp_core::export::ExportFormat;
use dpp_core::gs1::Serial;
use dpp_core::identity::{MintBatchId, MintUnitId};
use dpp_core::read::{
    AsOf, BatchFilter, EventFilter, JobFilter, Located, PackFilter, PageRequest, Reads, ReadsError,
    UnitFilter,
};
use dpp_core::service::{ExportRequest, MintService, Settings};
use dpp_core::{AccessError, BrandId, BrandScope, Caller, ExportId, ProductId, Role};
use dpp_store_memory::MemoryStore;
use futures::TryStreamExt;
use futures::executor::block_on;

/// Every question that `Reads` answers, each with the name of its function.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Question {
    Batch,
    BatchUnits,
    Provided,
    Progress,
    Units,
    UnitAt,
    UnitById,
    LocateUnit,
    LocateSerial,
    ListBatches,
    ListJobs,
    ListUnits,
    ListEvents,
    BatchById,
    Kpis,
    BatchAsOf,
    UnitAsOf,
    StatusesAsOf,
    ListPacks,
    Export,
    Search,
}

const ALL: [(Question, &str); 21] = [
    (Question::Batch, "batch"),
    (Question::BatchUnits, "batch_units"),
    (Question::Provided, "provided"),
    (Question::Progress, "progress"),
    (Question::Units, "units"),
    (Question::UnitAt, "unit_at"),
    (Question::UnitById, "get_mint_unit_by_id"),
    (Question::LocateUnit, "locate_unit"),
    (Question::LocateSerial, "locate_serial"),
    (Question::ListBatches, "list_mint_batches"),
    (Question::ListJobs, "list_jobs"),
    (Question::ListUnits, "list_mint_units"),
    (Question::ListEvents, "list_mint_events"),
    (Question::BatchById, "get_mint_batch_by_id"),
    (Question::Kpis, "get_mint_kpis"),
    (Question::BatchAsOf, "batch_as_of"),
    (Question::UnitAsOf, "unit_as_of"),
    (Question::StatusesAsOf, "unit_statuses_as_of"),
    (Question::ListPacks, "list_payload_packs"),
    (Question::Export, "export"),
    (Question::Search, "search"),
];

/// What there is in brand 1, as somebody else might have heard of it.
#[derive(Debug, Clone)]
struct Named {
    batch: MintBatchId,
    unit: MintUnitId,
    serial: Serial,
    product: ProductId,
    export: ExportId,
}

/// What an answer tells; nothing if it tells of nothing.
async fn told(
    reads: &Reads,
    scope: &BrandScope,
    question: Question,
    named: &Named,
) -> Option<String> {
    let Named {
        batch,
        unit,
        serial,
        product,
        export,
    } = named.clone();
    let page = PageRequest::default();
    match question {
        Question::Batch => {
            let found = reads.batch(scope, batch).await.unwrap();
            found.map(|record| format!("{:?}", record.batch.facts.mint_batch_id))
        }
        Question::BatchUnits => match reads.batch_units(scope, batch).await {
            Ok(units) => Some(units.minted().to_string()),
            Err(ReadsError::NoUnits(_)) => None,
            Err(error) => panic!("{error}"),
        },
        // It is asked of units that only a reader of their batch has.
        Question::Provided => {
            let units = reads.batch_units(scope, batch).await.ok()?;
            let provided = reads.provided(scope, &units, 0..1).await.unwrap();
            Some(provided.is_some().to_string())
        }
        Question::Progress => {
            let found = reads.progress(scope, batch.job()).await.unwrap();
            found.map(|progress| format!("{progress:?}"))
        }
        Question::Units => match reads.units(scope, batch, 0).await {
            Ok(units) => Some(format!(
                "{:?}",
                units.try_collect::<Vec<_>>().await.unwrap()
            )),
            Err(ReadsError::NoUnits(_)) => None,
            Err(error) => panic!("{error}"),
        },
        Question::UnitAt => json(reads.unit_at(scope, batch, 0).await.unwrap().as_ref()),
        Question::UnitById => json(
            reads
                .get_mint_unit_by_id(scope, unit)
                .await
                .unwrap()
                .as_ref(),
        ),
        Question::LocateUnit => located(reads.locate_unit(scope, unit).await.unwrap()),
        Question::LocateSerial => {
            located(reads.locate_serial(scope, product, &serial).await.unwrap())
        }
        Question::ListBatches => {
            let filter = BatchFilter::default();
            let page = reads
                .list_mint_batches(scope, &filter, &page)
                .await
                .unwrap();
            (!page.rows.is_empty()).then(|| serde_json::to_string(&page).unwrap())
        }
        Question::ListJobs => {
            let filter = JobFilter::default();
            let page = reads.list_jobs(scope, &filter, &page).await.unwrap();
            (!page.rows.is_empty()).then(|| serde_json::to_string(&page).unwrap())
        }
        Question::ListUnits => {
            let filter = UnitFilter::of_batch(batch);
            let page = reads.list_mint_units(scope, &filter, &page).await.unwrap();
            (!page.rows.is_empty()).then(|| serde_json::to_string(&page).unwrap())
        }
        Question::ListEvents => {
            let filter = EventFilter::default();
            let page = reads.list_mint_events(scope, &filter, &page).await.unwrap();
            (!page.rows.is_empty()).then(|| serde_json::to_string(&page).unwrap())
        }
        Question::BatchById => json(
            reads
                .get_mint_batch_by_id(scope, batch)
                .await
                .unwrap()
                .as_ref(),
        ),
        Question::Kpis => {
            let kpis = reads.get_mint_kpis(scope).await.unwrap();
            (kpis.batches_created > 0).then(|| serde_json::to_string(&kpis).unwrap())
        }
        Question::BatchAsOf => json(
            reads
                .batch_as_of(scope, batch, AsOf::Now)
                .await
                .unwrap()
                .as_ref(),
        ),
        Question::UnitAsOf => json(
            reads
                .unit_as_of(scope, unit, AsOf::Now)
                .await
                .unwrap()
                .as_ref(),
        ),
        Question::StatusesAsOf => {
            let found = reads.unit_statuses_as_of(scope, batch, AsOf::Now).await;
            found.unwrap().map(|statuses| format!("{statuses:?}"))
        }
        Question::ListPacks => {
            let filter = PackFilter::default();
            let found = reads.list_payload_packs(scope, &filter, &page, noon());
            let page = found.await.unwrap();
            (!page.rows.is_empty()).then(|| serde_json::to_string(&page).unwrap())
        }
        Question::Export => {
            let found = reads.export(scope, export).await.unwrap();
            found.map(|export| format!("{export:?}"))
        }
        Question::Search => {
            let page = reads.search(scope, serial.as_str(), None).await.unwrap();
            (!page.rows.is_empty()).then(|| serde_json::to_string(&page).unwrap())
        }
    }
}

fn json(found: Option<&impl serde::Serialize>) -> Option<String> {
    found.map(|row| serde_json::to_string(row).unwrap())
}

fn located(located: Located) -> Option<String> {
    match located {
        Located::Unit { .. } | Located::NotMade { .. } => Some(format!("{located:?}")),
        Located::Nothing(_) => None,
    }
}

/// As a host asks: by a caller, for a brand.
fn ask(
    service: &MintService,
    caller: &Caller,
    of: BrandId,
    question: Question,
    named: &Named,
) -> Result<Option<String>, AccessError> {
    let scope = caller.to_read(of)?;
    Ok(block_on(told(&service.reads(), &scope, question, named)))
}

fn world() -> (MintService, Named) {
    let log = Arc::new(MemoryStore::default());
    let service = service(log, 1, Settings::default());
    let caller = owner(brand(1));
    let request = first_scan(serials(1, 5));
    let answer = block_on(service.submit(&caller, request, noon())).unwrap();
    block_on(work_off(&service, noon()));
    let scope = caller.to_read(brand(1)).unwrap();
    let batch = answer.batch().unwrap();
    let row = block_on(service.reads().unit_at(&scope, batch, 0))
        .unwrap()
        .unwrap();
    let manifest = ExportRequest::of(brand(1), batch, ExportFormat::Manifest);
    let named = Named {
        batch,
        unit: row.mint_unit_id,
        serial: row.serial.unwrap(),
        product: product(1),
        export: block_on(service.exports().request(&caller, &manifest, noon()))
            .unwrap()
            .export_id,
    };
    (service, named)
}

#[test]
fn nobody_without_a_role_gets_an_answer_and_every_member_does() {
    let (service, named) = world();
    let forbidden = AccessError::Forbidden { brand: brand(1) };
    for (question, name) in ALL {
        let outsiders = [
            (Caller::anonymous(), AccessError::NotAuthenticated),
            (
                Caller::anonymous().with_role(brand(1), Role::Owner),
                AccessError::NotAuthenticated,
            ),
            (Caller::scan(), AccessError::NotAuthenticated),
            (
                Caller::scan().with_role(brand(1), Role::Owner),
                AccessError::NotAuthenticated,
            ),
            (someone(), forbidden),
            (owner(brand(2)), forbidden),
        ];
        for (caller, expected) in outsiders {
            let answer = ask(&service, &caller, brand(1), question, &named);
            assert_eq!(answer, Err(expected), "{name}");
        }
        for role in [Role::Member, Role::Admin, Role::Owner] {
            let caller = someone().with_role(brand(1), role);
            let answer = ask(&service, &caller, brand(1), question, &named);
            assert!(answer.unwrap().is_some(), "{name} as {role:?}");
        }
    }
}

/// Brand 2 has a batch of its own, so that it is not for want of anything that nothing of brand
/// 1 is told.
#[test]
fn what_belongs_to_another_brand_answers_as_what_was_never_there() {
    let (service, named) = world();
    let own = owner(brand(2));
    let request = dpp_core::mint::MintRequest {
        brand_id: brand(2),
        ..serials(9, 3)
    };
    block_on(service.submit(&own, request, noon())).unwrap();
    block_on(work_off(&service, noon()));

    let secrets = [
        named.batch.to_string(),
        named.unit.to_string(),
        named.serial.to_string(),
        named.export.to_string(),
    ];
    let nobodys = Named {
        batch: "0192f0c1-0000-7000-8000-000000000000".parse().unwrap(),
        unit: "0192f0c1-0000-8000-8000-000000000000".parse().unwrap(),
        serial: "ZZZZZZZZZZZZ".parse().unwrap(),
        product: product(77),
        export: ExportId::from_uuid(uuid::Uuid::from_u128(7)),
    };
    for (question, name) in ALL {
        let of_another = ask(&service, &own, brand(2), question, &named).unwrap();
        let of_nobody = ask(&service, &own, brand(2), question, &nobodys).unwrap();
        assert_eq!(of_another, of_nobody, "{name}");
        if let Some(told) = of_another {
            let leaked = secrets.iter().find(|secret| told.contains(*secret));
            assert_eq!(leaked, None, "{name}");
        }
    }
}

/// The list above is whole: whoever adds a question has to add it there. What is public,
/// asynchronous and asks for no leave is on a list, too.
#[test]
fn every_question_is_on_the_list() {
    let (mut with_scope, mut without) = (Vec::new(), Vec::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/read");
    note_questions(&folder, &mut with_scope, &mut without);
    with_scope.sort();
    without.sort();
    let mut listed: Vec<_> = ALL.into_iter().map(|(_, name)| name).collect();
    listed.sort_unstable();
    assert_eq!(with_scope, listed);
    // Those of the fold, which is below the brands: a host hands it to the service.
    assert_eq!(without, ["catch_up", "catch_up_brand", "load", "wait_for"]);
}

fn note_questions(folder: &Path, with_scope: &mut Vec<String>, without: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            note_questions(&path, with_scope, without);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let with_leave =
            |function: &&str| function.split('{').next().unwrap().contains("BrandScope");
        let others = source.split(" pub fn ").skip(1).filter(with_leave);
        for function in source.split(" pub async fn ").skip(1).chain(others) {
            let head = function.split('{').next().unwrap();
            let name = head.split(['(', '<']).next().unwrap().to_owned();
            match head.contains("scope: &BrandScope") {
                true => with_scope.push(name),
                false => without.push(name),
            }
        }
    }
}
