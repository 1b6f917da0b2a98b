//! Accepting requests.

use super::MintService;
use super::answers::{PreflightAnswer, SubmitAnswer};
use super::errors::SubmitError;
use super::journal::{Folded, JournalError, KeyValue, batch_stream, pool_stream, quota_stream};
use crate::access::{BrandScope, Caller, Write};
use crate::identity::MintBatchId;
use crate::mint::{
    Acceptance, BlockingCode, BlockingReason, Command, Context, InvalidRequest, JobStatus,
    MintEvent, MintOrder, MintRequest, OrderedSerials, PreflightFacts, Quota, Rejection,
    RequestDigest, RowError, RowReason, SerialPool, blocking_reasons, decide, reason,
};
use crate::passport::{Brand, Product, ProductBatch};
use crate::store::log::{ClaimGroup, ClaimSpace, ClaimValue, CommitError};
use crate::time::Timestamp;

/// How often a commit that others were faster with is put together anew.
const ATTEMPTS: u32 = 100;

/// How many keys are looked up at once.
const KEYS_AT_ONCE: usize = 20_000;

/// What a request is checked against.
struct Gathered {
    brand: Brand,
    product: Option<Product>,
    product_batch: Option<ProductBatch>,
    quota: Folded<Quota>,
    pool: Folded<SerialPool>,
}

impl Gathered {
    fn preflight(&self) -> PreflightFacts<'_> {
        PreflightFacts {
            brand: &self.brand,
            product: self.product.as_ref(),
            product_batch: self.product_batch.as_ref(),
            quota: &self.quota.state,
        }
    }
}

/// What is to be committed of a request.
struct Decided<'a> {
    batch: MintBatchId,
    events: &'a [MintEvent],
    digest: RequestDigest,
}

/// How far a request is to be taken.
#[derive(Clone, Copy)]
enum Upto {
    Queued,
    Preflighted,
}

impl Upto {
    /// The two ways lead to different jobs, so they do not share idempotency keys.
    fn digest(self, order: &MintOrder) -> RequestDigest {
        match self {
            Self::Queued => order.digest(),
            Self::Preflighted => order.digest().made_by("create_preflighted_job"),
        }
    }
}

impl MintService {
    /// Checks a mint request and queues its job: `submit_mint_request`. No unit is made yet.
    ///
    /// The same request under the same idempotency key gives the first answer again, with
    /// `is_duplicate` and the job's present status.
    ///
    /// # Errors
    /// [`SubmitError`]; a request that is right in itself but blocked by the catalogue is not
    /// an error but [`SubmitAnswer::Blocked`].
    pub async fn submit(
        &self,
        caller: &Caller,
        request: MintRequest,
        now: Timestamp,
    ) -> Result<SubmitAnswer, SubmitError> {
        self.accept(caller, request, now, Upto::Queued).await
    }

    /// The first of the two steps of the older way: checks a request and makes a preflighted
    /// job with a draft of a batch. [`create_batch_from_job`](Self::create_batch_from_job) is
    /// the second; prefer [`submit`](Self::submit), which does both at once.
    ///
    /// # Errors
    /// As [`submit`](Self::submit).
    pub async fn create_preflighted_job(
        &self,
        caller: &Caller,
        request: MintRequest,
        now: Timestamp,
    ) -> Result<SubmitAnswer, SubmitError> {
        self.accept(caller, request, now, Upto::Preflighted).await
    }

    /// Tells whether a request would be accepted now: `preflight_mint_batch`. Creates
    /// nothing, so every member may ask.
    ///
    /// # Errors
    /// [`SubmitError`] when the request cannot be, or the catalogue or the log fails.
    pub async fn preflight(
        &self,
        caller: &Caller,
        request: MintRequest,
    ) -> Result<PreflightAnswer, SubmitError> {
        let scope = caller.to_read(request.brand_id)?;
        let order = request.check()?;
        let gathered = self.gather(&scope, &order).await?;
        let mut blocking_reasons = blocking_reasons(&order, &gathered.preflight());
        blocking_reasons.extend(self.serials_missing(&order, &gathered));
        let rows = self.refused_rows(&scope, &order, &gathered).await?;
        Ok(match blocking_reasons.is_empty() && rows.is_empty() {
            true => PreflightAnswer::PreflightPass,
            false => PreflightAnswer::PreflightBlocked {
                blocking_reasons,
                rows,
            },
        })
    }

    async fn accept(
        &self,
        caller: &Caller,
        request: MintRequest,
        now: Timestamp,
        upto: Upto,
    ) -> Result<SubmitAnswer, SubmitError> {
        let scope = caller.to_write(request.brand_id)?;
        let order = request.check()?;
        for _ in 0..ATTEMPTS {
            if let Some(answer) = self.accepted_before(&scope, &order, upto).await? {
                return Ok(answer);
            }
            match self.accept_once(&scope, &order, now, upto).await {
                Err(SubmitError::Journal(JournalError::Commit(
                    CommitError::Conflict(_) | CommitError::ClaimsTaken { .. },
                ))) => {}
                // What stands in the way may be the same request, accepted meanwhile.
                refused @ (Ok(SubmitAnswer::Blocked { .. }) | Err(SubmitError::Invalid(_))) => {
                    let accepted = self.accepted_before(&scope, &order, upto).await?;
                    return accepted.map_or(refused, Ok);
                }
                other => return other,
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    async fn accepted_before(
        &self,
        scope: &BrandScope<Write>,
        order: &MintOrder,
        upto: Upto,
    ) -> Result<Option<SubmitAnswer>, SubmitError> {
        let Some(key) = order.idempotency_key() else {
            return Ok(None);
        };
        let keys = std::iter::once(key.as_str()).collect();
        let space = ClaimSpace::IDEMPOTENCY_KEYS;
        let claimed = self
            .journal()
            .store()
            .claimed(scope.brand(), space, &keys)
            .await?;
        let Some(value) = claimed.into_iter().flatten().next() else {
            return Ok(None);
        };
        let batch =
            KeyValue::read(&value).filter(|value| value.digest == upto.digest(order).as_bytes());
        let Some(KeyValue { batch, .. }) = batch else {
            return Err(SubmitError::KeyReused { key: key.clone() });
        };
        let folded = self.load_batch(scope.brand(), batch).await?;
        let stream = batch_stream(batch);
        let status = match folded.state {
            Some(batch) => batch.job,
            None => return Err(JournalError::Missing { stream }.into()),
        };
        Ok(Some(SubmitAnswer::Accepted {
            mint_job_id: batch.job(),
            mint_batch_id: batch,
            status,
            is_duplicate: true,
        }))
    }

    async fn accept_once(
        &self,
        scope: &BrandScope<Write>,
        order: &MintOrder,
        now: Timestamp,
        upto: Upto,
    ) -> Result<SubmitAnswer, SubmitError> {
        let mint_batch_id = self.host().batch_id(now)?;
        let gathered = self.gather(scope, order).await?;
        let acceptance = Acceptance {
            mint_batch_id,
            order,
            facts: gathered.preflight(),
        };
        let (command, status) = match upto {
            Upto::Queued => (Command::Queue(acceptance), JobStatus::Queued),
            Upto::Preflighted => (Command::Prepare(acceptance), JobStatus::Preflighted),
        };
        let decided = decide(None, command, &Context { now });
        let missing = self.serials_missing(order, &gathered);
        let events = match (decided, missing) {
            (Ok(events), None) => events,
            (Ok(_), Some(missing)) => return Ok(blocked(order, vec![missing])),
            (Err(Rejection::Blocked(reasons)), missing) => {
                return Ok(blocked(order, reasons.into_iter().chain(missing).collect()));
            }
            (Err(rejection), _) => return Err(rejection.into()),
        };
        let rows = self.refused_rows(scope, order, &gathered).await?;
        if !rows.is_empty() {
            return Err(InvalidRequest::of_rows(rows).into());
        }
        let decided = Decided {
            batch: mint_batch_id,
            events: &events,
            digest: upto.digest(order),
        };
        self.commit_acceptance(scope, order, &gathered, &decided, now)
            .await?;
        Ok(SubmitAnswer::Accepted {
            mint_job_id: mint_batch_id.job(),
            mint_batch_id,
            status,
            is_duplicate: false,
        })
    }

    async fn commit_acceptance(
        &self,
        scope: &BrandScope<Write>,
        order: &MintOrder,
        gathered: &Gathered,
        decided: &Decided<'_>,
        now: Timestamp,
    ) -> Result<(), SubmitError> {
        let Decided {
            batch,
            events,
            digest,
        } = *decided;
        let draft = self.journal().begin(self.host(), scope, now)?;
        let mut draft = draft
            .write(batch_stream(batch), None, events)?
            .claim(ClaimGroup::one(
                ClaimSpace::BATCH_PREFIXES,
                &batch.prefix().to_string(),
                KeyValue::of_prefix(batch),
            ));
        if let Some(key) = order.idempotency_key() {
            let value = KeyValue::of_key(batch, digest);
            draft = draft.claim(ClaimGroup::one(
                ClaimSpace::IDEMPOTENCY_KEYS,
                key.as_str(),
                value,
            ));
        }
        if let Some(production) = order.product_batch_id() {
            let cap = gathered
                .product_batch
                .as_ref()
                .and_then(|batch| batch.quantity);
            let taken = gathered.quota.state.take(batch, cap, order.quantity())?;
            draft = draft.write(quota_stream(production), gathered.quota.version, &[taken])?;
        }
        if let Some(rows) = order.provided() {
            let claimed = gathered
                .pool
                .state
                .claim(batch, rows)
                .map_err(InvalidRequest::of_rows)?;
            let space = ClaimSpace::serials_of(order.product_id());
            draft = draft
                .write(
                    pool_stream(order.product_id()),
                    gathered.pool.version,
                    &[claimed],
                )?
                .claim(ClaimGroup::numbered(space, rows.clone(), *batch.as_uuid()));
        }
        draft.commit().await?;
        Ok(())
    }

    async fn gather<A: Sync>(
        &self,
        scope: &BrandScope<A>,
        order: &MintOrder,
    ) -> Result<Gathered, SubmitError> {
        let id = scope.brand();
        let catalogue = &self.host().catalogue;
        let brand = catalogue.brand(id).await?.filter(|brand| brand.id == id);
        let brand = brand.ok_or(SubmitError::NoSuchBrand(id))?;
        let product = catalogue.product(id, order.product_id()).await?;
        let product = product.filter(|p| p.brand_id == id && p.id == order.product_id());
        let (product_batch, quota) = match order.product_batch_id() {
            None => (None, Folded::default()),
            Some(batch) => {
                let found = catalogue.product_batch(id, batch).await?;
                let found = found.filter(|found| found.brand_id == id && found.id == batch);
                (found, self.load_quota(id, batch).await?)
            }
        };
        let pool = self.load_pool(id, order.product_id()).await?;
        Ok(Gathered {
            brand,
            product,
            product_batch,
            quota,
            pool,
        })
    }

    /// The pool decides when the job is reserved; this tells at once what it would refuse.
    fn serials_missing(&self, order: &MintOrder, gathered: &Gathered) -> Option<BlockingReason> {
        let OrderedSerials::Derived(scheme) = order.serials() else {
            return None;
        };
        let bound = self.settings().guess_bound;
        let checked = gathered.pool.state.check(order.quantity(), scheme, bound);
        let missing = checked.err()?;
        Some(reason(
            BlockingCode::SerialsNotAvailable,
            missing.to_string(),
        ))
    }

    /// The serials that the request brings and that the product has already.
    async fn refused_rows<A: Sync>(
        &self,
        scope: &BrandScope<A>,
        order: &MintOrder,
        gathered: &Gathered,
    ) -> Result<Vec<RowError>, SubmitError> {
        let Some(rows) = order.provided() else {
            return Ok(Vec::new());
        };
        let mut errors = Vec::new();
        let space = ClaimSpace::serials_of(order.product_id());
        for start in (0..rows.len()).step_by(KEYS_AT_ONCE) {
            let some = rows.slice(start..start.saturating_add(KEYS_AT_ONCE));
            let claimed = self
                .journal()
                .store()
                .claimed(scope.brand(), space, &some)
                .await?;
            let taken = (start + 1..).zip(some.iter()).zip(claimed);
            errors
                .extend(taken.filter_map(|((row, serial), value)| taken_row(row, serial, value?)));
        }
        errors.extend(gathered.pool.state.generated_rows(rows));
        // A number that was stepped over counts as generated too; who has it comes first, and
        // the sort is stable.
        errors.sort_by_key(|error| error.row);
        errors.dedup_by_key(|error| error.row);
        Ok(errors)
    }
}

fn blocked(order: &MintOrder, blocking_reasons: Vec<BlockingReason>) -> SubmitAnswer {
    SubmitAnswer::Blocked {
        blocking_reasons,
        product_id: order.product_id(),
        product_batch_id: order.product_batch_id(),
    }
}

fn taken_row(row: usize, serial: &str, value: ClaimValue) -> Option<RowError> {
    let (owner, _) = value.numbered()?;
    Some(RowError {
        row: u32::try_from(row).ok()?,
        serial: serial.to_owned(),
        reason: RowReason::Taken {
            mint_batch_id: MintBatchId::try_from(owner).ok()?,
        },
    })
}
