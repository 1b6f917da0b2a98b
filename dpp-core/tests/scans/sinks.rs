//! A store of scans that does as it is told, and scans to be told apart.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Waker};

use async_trait::async_trait;
use dpp_core::identity::MintBatchId;
use dpp_core::resolver::{AgentClass, ScanRecord, ScanText, Scanned};
use dpp_core::store::log::StoreFault;
use dpp_core::store::{
    BatchScans, DayScans, ProductScans, ScanAppendError, ScanDay, ScanDays, ScanQuery, ScanStore,
    ScanStoreError, UnitScans,
};
use dpp_core::{BrandId, PageLimit, ProductId, Timestamp};
use uuid::Uuid;

/// What the sink does when it is asked to append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    Store,
    Fail,
    /// Stores, and does not say so.
    LoseTheAnswer,
    /// Never answers.
    Hang,
}

/// Does what it is told, in this order; stores when nothing more is told.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub(crate) next: Mutex<VecDeque<Does>>,
    pub(crate) stored: Mutex<Vec<ScanRecord>>,
}

impl Sink {
    pub(crate) fn that(does: impl IntoIterator<Item = Does>) -> Self {
        Self {
            next: Mutex::new(does.into_iter().collect()),
            ..Self::default()
        }
    }

    /// The numbers of the scans that are stored, in their order.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        let stored = self.stored.lock().unwrap();
        stored.iter().map(|scan| scan.at.unix_millis()).collect()
    }

    fn keep(&self, scans: &[ScanRecord]) {
        self.stored.lock().unwrap().extend_from_slice(scans);
    }
}

fn fault() -> StoreFault {
    StoreFault::new("the sink is down")
}

fn nothing<T>() -> Result<T, ScanStoreError> {
    Err(fault().into())
}

#[async_trait]
impl ScanStore for Sink {
    async fn append(&self, scans: &[ScanRecord]) -> Result<(), ScanAppendError> {
        let does = self.next.lock().unwrap().pop_front();
        match does.unwrap_or(Does::Store) {
            Does::Store => {
                self.keep(scans);
                Ok(())
            }
            Does::Fail => Err(ScanAppendError::NotAppended(fault())),
            Does::LoseTheAnswer => {
                self.keep(scans);
                Err(ScanAppendError::Unknown(fault()))
            }
            Does::Hang => std::future::pending().await,
        }
    }

    async fn by_day(
        &self,
        _: BrandId,
        _: &ScanQuery,
        _: ScanDays,
    ) -> Result<Vec<DayScans>, ScanStoreError> {
        nothing()
    }

    async fn by_product(
        &self,
        _: BrandId,
        _: ScanDays,
        _: PageLimit,
    ) -> Result<Vec<ProductScans>, ScanStoreError> {
        nothing()
    }

    async fn by_batch(
        &self,
        _: BrandId,
        _: Option<ProductId>,
        _: ScanDays,
        _: PageLimit,
    ) -> Result<Vec<BatchScans>, ScanStoreError> {
        nothing()
    }

    async fn of_unit(
        &self,
        _: BrandId,
        _: MintBatchId,
        _: u32,
    ) -> Result<Option<UnitScans>, ScanStoreError> {
        nothing()
    }

    async fn forget_before(&self, _: ScanDay) -> Result<u64, ScanStoreError> {
        nothing()
    }
}

/// A scan that is told apart by its time.
pub(crate) fn scan(number: i64) -> ScanRecord {
    ScanRecord {
        at: Timestamp::from_unix_millis(number),
        brand: BrandId::from_uuid(Uuid::nil()),
        scanned: Scanned::Product {
            product: ProductId::from_uuid(Uuid::nil()),
        },
        status: None,
        path: ScanText::of("/01/04012345987652"),
        query: None,
        agent: AgentClass::Other,
        location: None,
        network: None,
    }
}

/// Drives a future until it waits; whether it has ended.
pub(crate) fn drive<F: Future>(future: Pin<&mut F>) -> bool {
    future
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_ready()
}
