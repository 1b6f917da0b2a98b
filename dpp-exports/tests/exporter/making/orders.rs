//! Orders that are refused, after which nothing is there that was not there before.

use std::sync::Arc;

use dpp_core::export::{ExportFormat, ExportRejection};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::BatchStatus;
use dpp_core::service::ExportError;
use dpp_core::{AccessError, BrandId, Caller, Reason, Role, Timestamp, UserId};
use dpp_exports::storage::PackStorage;
use dpp_exports::{BrandExports, Brandings, ExportOrder, ExporterError, logo::Logo};
use futures::executor::block_on;
use object_store::memory::InMemory;

use crate::common::World;
use crate::support::{FORMATS, paths};

const SVG: &[u8] =
    br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>"#;

struct Shop {
    world: World,
    lying: Arc<InMemory>,
    storage: PackStorage,
}

impl Shop {
    fn new() -> Self {
        let lying = Arc::new(InMemory::new());
        Self {
            world: World::new(),
            storage: PackStorage::of(lying.clone()),
            lying,
        }
    }

    /// Why each format of a batch is refused. Nothing is written for it.
    async fn refusals(&self, caller: &Caller, order: &ExportOrder) -> Vec<ExporterError> {
        let world = &self.world;
        let logo = Logo::parse(SVG).unwrap();
        let wishes = BrandExports {
            logo: Some(logo),
            ..BrandExports::default()
        };
        let wishes = Brandings::default().with(order.brand_id, wishes);
        let exporter = world
            .exporter(&self.storage)
            .with_branding(Arc::new(wishes));
        let events = world.events();
        let mut refused = Vec::new();
        for format in FORMATS {
            let order = ExportOrder {
                format,
                ..order.clone()
            };
            let asked = exporter.request(caller, &order, world.now()).await;
            refused.push(asked.unwrap_err());
        }
        assert_eq!(world.events(), events);
        assert!(paths(self.lying.as_ref()).await.is_empty());
        refused
    }

    async fn refusals_of(&self, batch: MintBatchId) -> Vec<ExporterError> {
        let order = self.world.order(batch, ExportFormat::Manifest);
        self.refusals(self.world.caller(), &order).await
    }
}

fn of_nobody() -> MintBatchId {
    MintBatchId::new(Timestamp::from_unix_millis(1_800_000_000_000), [9; 10])
}

#[tokio::test]
async fn a_batch_without_units_is_refused() {
    let shop = Shop::new();
    let batch = shop.world.submit(shop.world.request(10));
    for error in shop.refusals_of(batch).await {
        let ExporterError::Export(error) = error else {
            panic!("{error:?}");
        };
        assert_eq!(error.rejection(), Some(&ExportRejection::NoUnits));
    }
}

#[tokio::test]
async fn an_unknown_batch_is_refused() {
    let shop = Shop::new();
    for error in shop.refusals_of(of_nobody()).await {
        let told = format!("there is no batch `{}`", of_nobody());
        assert_eq!(error.to_string(), told);
    }
}

#[tokio::test]
async fn a_voided_batch_is_refused() {
    let shop = Shop::new();
    let world = &shop.world;
    let batch = world.batch_of(10);
    let (caller, brand, now) = (world.caller(), world.brand(), world.now());
    let service = world.service();
    let (voided, reason) = (BatchStatus::Voided, Reason::parse("misprint").ok());
    let set = service.set_mint_batch_status(caller, brand, batch, voided, reason, now);
    block_on(set).unwrap();
    for error in shop.refusals_of(batch).await {
        let of = |error| match error {
            ExporterError::Export(ExportError::Voided(of)) => of,
            other => panic!("{other:?}"),
        };
        assert_eq!(of(error), batch);
    }
}

/// An owner of another brand: its batches are not those of this one.
#[tokio::test]
async fn a_foreign_batch_is_refused_as_one_that_never_was() {
    let shop = Shop::new();
    let batch = shop.world.batch_of(10);
    let other = BrandId::parse("d5a1a3b4-6a55-4b0e-9f57-3f1a5f1f0c33").unwrap();
    let foreign = Caller::user(user()).with_role(other, Role::Owner);
    let order = ExportOrder::of(other, batch, ExportFormat::Manifest);
    for error in shop.refusals(&foreign, &order).await {
        assert_eq!(error.to_string(), format!("there is no batch `{batch}`"));
    }
    let order = shop.world.order(batch, ExportFormat::Manifest);
    assert_forbidden(&shop, &foreign, &order).await;
}

#[tokio::test]
async fn members_and_nobody_may_not_order() {
    let shop = Shop::new();
    let batch = shop.world.batch_of(10);
    let order = shop.world.order(batch, ExportFormat::Manifest);
    let member = Caller::user(user()).with_role(shop.world.brand(), Role::Member);
    assert_forbidden(&shop, &member, &order).await;
    for nobody in [Caller::anonymous(), Caller::scan()] {
        for error in shop.refusals(&nobody, &order).await {
            let expected = ExportError::from(AccessError::NotAuthenticated);
            assert_eq!(error.to_string(), expected.to_string());
        }
    }
}

async fn assert_forbidden(shop: &Shop, caller: &Caller, order: &ExportOrder) {
    for error in shop.refusals(caller, order).await {
        let forbidden = matches!(
            error,
            ExporterError::Export(ExportError::Access(AccessError::Forbidden { .. }))
        );
        assert!(forbidden, "{error:?}");
    }
}

fn user() -> UserId {
    UserId::parse("4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22").unwrap()
}
