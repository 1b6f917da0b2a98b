//! Batches, and exports of them at every stage.

use dpp_core::export::{CarrierProfile, ExportFormat, PackFile, PackNumber, Sha256Digest};
use dpp_core::identity::MintBatchId;
use dpp_core::read::{PackFilter, PackRow, Page, PageRequest, ReadsError};
use dpp_core::service::{ExportRequest, ExportService, HeldExport, Settings};
use dpp_core::store::Order;
use dpp_core::{BrandId, ExportId, WorkerName};
use futures::executor::block_on;

use crate::listing::world::*;
use crate::support::*;

pub const DAY: u64 = 24 * 60 * 60;

/// Three batches, and exports of them at every stage.
pub struct Packs {
    pub world: World,
    pub exports: ExportService,
    /// Each with how many packs it has, the oldest first.
    pub all: Vec<(ExportId, u32)>,
}

/// When the last of the exports was asked for, in seconds.
pub const LAST: u64 = 107;

impl Packs {
    pub fn ask(&mut self, request: &ExportRequest, second: u64) -> ExportId {
        let caller = owner(request.brand_id);
        let answer = block_on(self.exports.request(&caller, request, at(second))).unwrap();
        assert!(!answer.is_duplicate);
        if request.brand_id == brand(1) {
            self.all.push((answer.export_id, answer.packs));
        }
        answer.export_id
    }

    pub fn of(&mut self, batch: MintBatchId, format: ExportFormat, second: u64) -> ExportId {
        self.ask(&ExportRequest::of(brand(1), batch, format), second)
    }

    pub fn hold(&self, of: BrandId, export: ExportId, second: u64) -> HeldExport {
        let worker = WorkerName::parse("w").unwrap();
        let caller = owner(of);
        let held = self.exports.hold(&caller, of, export, &worker, at(second));
        block_on(held).unwrap()
    }

    /// Makes so many packs and begins the next, if there is one.
    pub fn make(&self, export: ExportId, packs: u32, second: u64) -> HeldExport {
        let mut held = self.hold(brand(1), export, second);
        for _ in 0..packs {
            let slice = block_on(self.exports.start_pack(&mut held, at(second))).unwrap();
            let (pack, file) = (slice.number(), file(slice.number(), slice.rows()));
            let completed = self
                .exports
                .complete_pack(&mut held, pack, file, at(second));
            block_on(completed).unwrap();
        }
        if !held.export().is_completed() {
            block_on(self.exports.start_pack(&mut held, at(second))).unwrap();
        }
        held
    }

    pub fn page(
        &self,
        filter: &PackFilter,
        request: &PageRequest,
    ) -> Result<Page<PackRow>, ReadsError> {
        self.page_at(filter, request, LAST)
    }

    pub fn page_at(
        &self,
        filter: &PackFilter,
        request: &PageRequest,
        second: u64,
    ) -> Result<Page<PackRow>, ReadsError> {
        let reads = &self.world.reads;
        block_on(reads.list_payload_packs(&scope(1), filter, request, at(second)))
    }

    /// The packs of one export, the first in front.
    pub fn rows(&self, export: ExportId, second: u64) -> Vec<PackRow> {
        let request = pages_of(1_000, Order::OldestFirst);
        self.page_at(&of_export(export), &request, second)
            .unwrap()
            .rows
    }
}

pub fn file(pack: PackNumber, rows: u32) -> PackFile {
    PackFile {
        path: format!("x/{pack:03}.csv").parse().unwrap(),
        bytes: 77,
        rows,
        sha256: Sha256Digest::from_bytes([pack.get() as u8; 32]),
    }
}

pub fn of_export(export: ExportId) -> PackFilter {
    PackFilter {
        export_id: Some(export),
        ..PackFilter::default()
    }
}

/// In the order in which they were asked for: one that expired, a completed one of three packs,
/// one of three of which two are made, a failed one, one that nobody began, and a new one in
/// the same format as the first.
pub fn packs() -> Packs {
    let mut world = World::with(Settings::default());
    let large = world.mint(serials(1, 25_000));
    let small = world.mint(serials(2, 12));
    let lots = world.mint(lots(3, &[("A", 9), ("B", 6)]));
    let exports = world.service.exports();
    let mut packs = Packs {
        world,
        exports,
        all: Vec::new(),
    };
    packs.foreign();
    let completed = packs.of(large, ExportFormat::Manifest, 101);
    packs.make(completed, 3, 101);
    let half = packs.of(large, ExportFormat::QrManifest, 102);
    packs.make(half, 2, 102);
    let failed = packs.of(small, ExportFormat::NfcManifest, 103);
    let held = packs.make(failed, 0, 103);
    let failed = packs.exports.fail_pack(
        held,
        PackNumber::FIRST,
        "the disk is full".to_owned(),
        at(103),
    );
    block_on(failed).unwrap();
    packs.of(lots, ExportFormat::QrBundle, 104);
    let zebra = ExportRequest {
        profile: Some(CarrierProfile {
            name: "zebra".parse().unwrap(),
            version: 2,
        }),
        ..ExportRequest::of(brand(1), small, ExportFormat::NfcManifest)
    };
    packs.ask(&zebra, 105);
    packs.of(large, ExportFormat::RfidManifest, LAST);
    packs
}

impl Packs {
    pub fn foreign(&mut self) {
        let request = dpp_core::mint::MintRequest {
            brand_id: brand(2),
            ..serials(9, 5)
        };
        let service = &self.world.service;
        let submitted = block_on(service.submit(&owner(brand(2)), request, at(50)));
        let batch = submitted.unwrap().job().unwrap().batch();
        block_on(work_off(service, at(50)));
        self.ask(
            &ExportRequest::of(brand(2), batch, ExportFormat::Manifest),
            100,
        );
    }
}
