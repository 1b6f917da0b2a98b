//! The commands, given to the service and to the model; their answers have to agree.

use dpp_core::gs1::LotCode;
use dpp_core::identity::serial::{SequentialFormat, SerialScheme};
use dpp_core::identity::{MintBatchId, MintUnitId};
use dpp_core::mint::{ActivationMode, BatchStatus, JobStatus, MintRequest, Rejection};
use dpp_core::service::{
    ActivateAnswer, ControlError, MintService, ProcessError, RevokeAnswer, SubmitAnswer, UnitError,
    UnitSelection,
};
use dpp_core::unit::{UnitStatus, UnitsRejection};
use dpp_core::{Caller, Timestamp};

use crate::plain::{Model, PlainBatch, PlainLot};
use crate::plan::{Kind, Step};
use crate::support::*;

pub struct World {
    pub service: MintService,
    pub caller: Caller,
    millis: i64,
    provided: u32,
}

impl World {
    pub fn new(service: MintService) -> Self {
        Self {
            service,
            caller: owner(brand(1)),
            millis: NOON,
            provided: 0,
        }
    }

    fn now(&mut self) -> Timestamp {
        self.millis += 1_000;
        Timestamp::from_unix_millis(self.millis)
    }

    pub async fn take(&mut self, step: &Step, model: &mut Model) {
        let now = self.now();
        if let Step::Submit {
            product,
            kind,
            quantity,
            active,
        } = step
        {
            return self
                .submit(model, *product, *kind, *quantity, *active, now)
                .await;
        }
        let Some(at) = step.batch().checked_rem(model.batches.len()) else {
            return;
        };
        let id = model.batches[at].id;
        match step {
            Step::Submit { .. } => {}
            Step::Cycle(_) => self.cycle(model, at, now).await,
            Step::Cancel(_) => self.cancel(model, at, now).await,
            Step::Activate(_, index) => {
                if let Some(unit) = model.batches[at].units.get(*index as usize).copied() {
                    self.activate(model, unit, now).await;
                }
            }
            Step::ActivateForged(_) => self.activate_forged(model, at, now).await,
            Step::ActivateLot(_, lot) => self.activate_lot(model, at, *lot, now).await,
            Step::Revoke(_, index) => {
                if let Some(unit) = model.batches[at].units.get(*index as usize).copied() {
                    self.revoke(model, unit, now).await;
                }
            }
            Step::RevokeRange(_, from, count) => {
                let range = *from..from + count;
                let outside = range
                    .clone()
                    .find(|i| *i >= model.batches[at].units.len() as u32);
                let named = range.clone().collect();
                let selection = UnitSelection::Range(range);
                self.revoke_many(model, at, &selection, named, outside, now)
                    .await;
            }
            Step::RevokeIds(_, indexes) => {
                let made = &model.batches[at].units;
                let named: Vec<_> = indexes
                    .iter()
                    .copied()
                    .filter(|i| (*i as usize) < made.len())
                    .collect();
                let ids = named.iter().map(|index| made[*index as usize]).collect();
                let selection = UnitSelection::Ids(ids);
                self.revoke_many(model, at, &selection, named, None, now)
                    .await;
            }
            Step::RevokeLot(_, lot) => self.revoke_lot(model, at, *lot, now).await,
            Step::SetStatus(_, to) => self.set_status(model, id, at, *to, now).await,
        }
    }

    async fn submit(
        &mut self,
        model: &mut Model,
        of: u128,
        kind: Kind,
        quantity: u32,
        active: bool,
        now: Timestamp,
    ) {
        let (request, lots) = self.request(of, kind, quantity);
        let request = MintRequest {
            activation_mode: match active {
                true => ActivationMode::ActiveAtMint,
                false => ActivationMode::FirstScan,
            },
            ..request
        };
        let answer = self
            .service
            .submit(&self.caller, request, now)
            .await
            .unwrap();
        let SubmitAnswer::Accepted { mint_batch_id, .. } = answer else {
            panic!("{answer:?}");
        };
        model.note("mint_job_queued");
        model.batches.push(PlainBatch {
            id: mint_batch_id,
            product: of,
            job: JobStatus::Queued,
            status: BatchStatus::Queued,
            requested: quantity,
            born: match active {
                true => UnitStatus::Active,
                false => UnitStatus::Minted,
            },
            lots,
            units: Vec::new(),
        });
    }

    fn request(&mut self, of: u128, kind: Kind, quantity: u32) -> (MintRequest, Vec<PlainLot>) {
        let request = serials(of, quantity.into());
        match kind {
            Kind::Randomised => (request, Vec::new()),
            Kind::Sequential => {
                let format = SequentialFormat::new("SEQ-", 6).unwrap();
                let scheme = Some(SerialScheme::Sequential(format));
                (
                    MintRequest {
                        serial_scheme: scheme,
                        ..request
                    },
                    Vec::new(),
                )
            }
            Kind::Provided => {
                let first = self.provided;
                self.provided += quantity;
                let rows = (first..self.provided).map(|number| format!("own/{number}"));
                let rows: Vec<_> = rows.collect();
                let rows = Some(rows.iter().map(String::as_str).collect());
                (
                    MintRequest {
                        serials: rows,
                        ..request
                    },
                    Vec::new(),
                )
            }
            Kind::Lots(count) => {
                let count = count.min(quantity);
                let some = quantity / count;
                let qty = |lot: u32| match lot + 1 == count {
                    true => quantity - some * (count - 1),
                    false => some,
                };
                let rows: Vec<_> = (0..count)
                    .map(|lot| (format!("L{lot}"), qty(lot)))
                    .collect();
                let asked: Vec<_> = rows
                    .iter()
                    .map(|(code, qty)| (code.as_str(), u64::from(*qty)))
                    .collect();
                let plain = rows.iter().map(|(code, qty)| PlainLot {
                    code: code.clone(),
                    qty: *qty,
                    id: None,
                    activated: false,
                });
                (lots(of, &asked), plain.collect())
            }
        }
    }

    async fn cycle(&mut self, model: &mut Model, at: usize, now: Timestamp) {
        let id = model.batches[at].id;
        let answer = self
            .service
            .process(&self.caller, brand(1), id.job(), now)
            .await;
        if !model.batches[at].job.can_run() {
            assert!(
                matches!(answer, Err(ProcessError::Rejected(_))),
                "{answer:?}"
            );
            return;
        }
        let report = answer.unwrap();
        let due = (model.batches[at].requested - model.batches[at].units.len() as u32).min(5);
        assert_eq!(report.made, due);
        let (reads, scope) = (self.service.reads(), self.caller.to_read(brand(1)).unwrap());
        for _ in 0..report.made {
            let index = model.batches[at].units.len() as u32;
            let row = reads.unit_at(&scope, id, index).await.unwrap().unwrap();
            let serial = row.serial.map(|serial| serial.to_string());
            model.made(at, row.mint_unit_id, serial);
        }
        let detail = reads
            .get_mint_batch_by_id(&scope, id)
            .await
            .unwrap()
            .unwrap();
        let batch = &mut model.batches[at];
        for (plain, row) in batch.lots.iter_mut().zip(&detail.lots) {
            plain.id = row.lot_id;
        }
        let whole = batch.units.len() as u32 == batch.requested;
        (batch.job, batch.status) = match whole {
            true => (JobStatus::Completed, BatchStatus::Minted),
            false => (JobStatus::Processing, BatchStatus::Processing),
        };
        model.note("mint_units_created");
    }

    async fn cancel(&mut self, model: &mut Model, at: usize, now: Timestamp) {
        let id = model.batches[at].id;
        let answer = self
            .service
            .cancel(&self.caller, brand(1), id.job(), None, now)
            .await;
        let batch = &mut model.batches[at];
        if batch.job.is_over() {
            assert!(
                matches!(answer, Err(ControlError::Rejected(_))),
                "{answer:?}"
            );
            return;
        }
        assert_eq!(answer.unwrap().minted as usize, batch.units.len());
        batch.job = JobStatus::Cancelled;
        batch.status = match batch.units.is_empty() {
            true => BatchStatus::Failed,
            false => BatchStatus::Minted,
        };
        model.note("mint_job_cancelled");
    }

    async fn activate(&mut self, model: &mut Model, unit: MintUnitId, now: Timestamp) {
        let before = model.status(&unit);
        let public = Caller::scan();
        let answer = self
            .service
            .activate_unit(&public, brand(1), unit, now)
            .await
            .unwrap();
        let due = match before {
            UnitStatus::Minted => "activated",
            UnitStatus::Active => "already_active",
            UnitStatus::Revoked => "revoked",
        };
        assert_eq!(answer.as_str(), due);
        if model.activate(&unit) {
            model.note("mint_unit_activated");
        }
    }

    async fn activate_forged(&mut self, model: &mut Model, at: usize, now: Timestamp) {
        let Some(unit) = model.batches[at].units.first() else {
            return;
        };
        let forged = uuid::Uuid::from_u128(unit.as_uuid().as_u128() ^ 1);
        let forged = MintUnitId::try_from(forged).unwrap();
        let public = Caller::scan();
        let answer = self
            .service
            .activate_unit(&public, brand(1), forged, now)
            .await;
        assert!(
            matches!(answer, Err(UnitError::NoSuchUnit(_))),
            "{answer:?}"
        );
    }

    async fn activate_lot(&mut self, model: &mut Model, at: usize, lot: usize, now: Timestamp) {
        let Some(plain) = model.batches[at].lots.get(lot).cloned() else {
            return;
        };
        let Some(id) = plain.id else { return };
        let units = model.batches[at].units_of(lot);
        let answer = self
            .service
            .activate_lot(&Caller::scan(), brand(1), id, now)
            .await;
        if units.is_empty() {
            assert!(matches!(answer, Err(UnitError::NoSuchLot(_))), "{answer:?}");
            return;
        }
        let answer = answer.unwrap();
        // While units of it are to come, a lot is not at its end.
        let whole = units.len() as u32 == plain.qty || model.batches[at].job.is_over();
        let mut standing = units.iter().map(|unit| model.status(unit));
        let all_revoked = whole && standing.all(|status| status == UnitStatus::Revoked);
        let active = plain.activated || model.batches[at].born == UnitStatus::Active;
        match (all_revoked, active) {
            (true, _) => assert_eq!(answer, ActivateAnswer::Revoked),
            (false, true) => assert_eq!(answer, ActivateAnswer::AlreadyActive),
            (false, false) => {
                assert_eq!(answer.as_str(), "activated");
                model.batches[at].lots[lot].activated = true;
                for unit in units {
                    model.activate(&unit);
                }
                model.note("mint_lot_activated");
            }
        }
    }

    async fn revoke(&mut self, model: &mut Model, unit: MintUnitId, now: Timestamp) {
        let reason = "broken".parse().unwrap();
        let answer = self
            .service
            .revoke_unit(&self.caller, brand(1), unit, reason, now);
        match (answer.await.unwrap(), model.revoke(&unit)) {
            (RevokeAnswer::Revoked(_), true) => model.note("mint_unit_revoked"),
            (RevokeAnswer::AlreadyRevoked, false) => {}
            other => panic!("{other:?}"),
        }
    }

    async fn revoke_lot(&mut self, model: &mut Model, at: usize, lot: usize, now: Timestamp) {
        let batch = &model.batches[at];
        let Some(plain) = batch.lots.get(lot) else {
            return;
        };
        let units = batch.units_of(lot);
        let whole = units.len() as u32 == plain.qty;
        if units.is_empty() || !(whole || batch.job.is_over()) {
            return;
        }
        let code: LotCode = plain.code.parse().unwrap();
        let named = units.iter().map(|unit| model.units[unit].index).collect();
        let selection = UnitSelection::Lot(code);
        self.revoke_many(model, at, &selection, named, None, now)
            .await;
    }

    async fn revoke_many(
        &mut self,
        model: &mut Model,
        at: usize,
        selection: &UnitSelection,
        mut named: Vec<u32>,
        outside: Option<u32>,
        now: Timestamp,
    ) {
        let id = model.batches[at].id;
        let why = "recalled".parse().unwrap();
        let answer = self
            .service
            .revoke_units(&self.caller, brand(1), id, selection, why, now);
        let answer = answer.await;
        named.sort_unstable();
        named.dedup();
        let refused = match (named.is_empty(), outside) {
            (true, _) => Some(UnitsRejection::None),
            (false, Some(index)) => Some(UnitsRejection::OutsideBatch {
                index,
                made: model.batches[at].units.len() as u32,
            }),
            (false, None) => None,
        };
        match (answer, refused) {
            (Err(UnitError::Rejected(rejection)), Some(due)) => assert_eq!(rejection, due),
            (Ok(answer), None) => {
                assert_eq!(answer.named as usize, named.len());
                let units: Vec<_> = named
                    .iter()
                    .map(|i| model.batches[at].units[*i as usize])
                    .collect();
                let changed = units.iter().filter(|unit| model.revoke(unit)).count();
                assert_eq!(answer.revoked as usize, changed);
                if changed > 0 {
                    model.note("mint_units_revoked");
                }
            }
            other => panic!("{other:?}"),
        }
    }

    async fn set_status(
        &mut self,
        model: &mut Model,
        id: MintBatchId,
        at: usize,
        to: BatchStatus,
        now: Timestamp,
    ) {
        let why = Some("as planned".parse().unwrap());
        let answer = self
            .service
            .set_mint_batch_status(&self.caller, brand(1), id, to, why, now)
            .await;
        let batch = &mut model.batches[at];
        let over = batch.job.is_over() && !batch.units.is_empty();
        let next = match batch.status {
            BatchStatus::Minted => BatchStatus::Exported,
            BatchStatus::Exported => BatchStatus::Printed,
            BatchStatus::Printed => BatchStatus::Applied,
            _ => BatchStatus::Voided,
        };
        let may_void = to == BatchStatus::Voided && batch.status != BatchStatus::Voided;
        if !over || !(to == next || may_void) || batch.status == BatchStatus::Voided {
            let refused = matches!(
                answer,
                Err(ControlError::Rejected(
                    Rejection::WrongStep { .. } | Rejection::NoUnits
                ))
            );
            assert!(refused, "{answer:?}");
            return;
        }
        assert_eq!((answer.unwrap().from, to), (batch.status, to));
        batch.status = to;
        if to == BatchStatus::Voided {
            for unit in batch.units.clone() {
                model.revoke(&unit);
            }
        }
        model.note("mint_batch_status_changed");
    }
}
