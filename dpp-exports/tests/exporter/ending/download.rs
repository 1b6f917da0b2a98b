//! Links to packs.

use std::time::Duration;

use dpp_core::export::{EXPORT_RETENTION, ExportEvent, ExportFormat, ExportRejection};
use dpp_core::service::ExportError;
use dpp_core::{AccessError, BrandId, Caller, ExportId, Role, UserId};
use dpp_exports::storage::{LinkKey, LinkRefusal, LinkSigner, PackStorage};
use dpp_exports::{DownloadLink, Exporter, ExporterError, sha256};

use crate::common::World;
use crate::support::{content, make_all, named, pack};

pub(super) fn signer() -> LinkSigner {
    let key = LinkKey::new(&[7; 32]).unwrap();
    LinkSigner::new("https://files.example.com/packs", key)
}

struct Shop {
    world: World,
    exporter: Exporter,
    export: ExportId,
}

impl Shop {
    /// With a completed export of two packs.
    async fn new() -> Self {
        let world = World::new();
        let batch = world.batch_of(10_001);
        let exporter = world.exporter(&PackStorage::memory()).with_links(signer());
        let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
        make_all(&exporter, "w", world.now()).await;
        Self {
            world,
            exporter,
            export,
        }
    }

    async fn link(&self, number: u32) -> Result<DownloadLink, ExporterError> {
        let (caller, brand) = (self.world.caller(), self.world.brand());
        self.link_for(caller, brand, number).await
    }

    async fn link_for(
        &self,
        caller: &Caller,
        brand: BrandId,
        number: u32,
    ) -> Result<DownloadLink, ExporterError> {
        let (export, now) = (self.export, self.world.now());
        let exporter = &self.exporter;
        exporter
            .download_link(caller, brand, export, pack(number), now)
            .await
    }
}

/// What a host takes out of the URL of a request.
fn parts(link: &str) -> (&str, &str, &str) {
    let link = link
        .strip_prefix("https://files.example.com/packs/")
        .unwrap();
    let (path, query) = link.split_once("?expires=").unwrap();
    let (expires, signature) = query.split_once("&signature=").unwrap();
    (path, expires, signature)
}

#[tokio::test]
async fn a_link_leads_to_the_recorded_bytes_for_5_minutes() {
    let shop = Shop::new().await;
    for (number, file) in (1..).zip(shop.world.completed(shop.export)) {
        let link = shop.link(number).await.unwrap();
        assert_eq!(link.file, file);
        let (path, expires, signature) = parts(&link.url);
        let verify = |now| signer().verify(path, expires, signature, now);
        let now = shop.world.now();
        let minutes = |minutes: u64| now.after(Duration::from_secs(60 * minutes));
        assert_eq!(verify(minutes(4)), Ok(file.path.clone()));
        // Links tell their end in seconds, and so does the answer.
        let end = link.until;
        assert!(minutes(5).unix_millis() - end.unix_millis() < 1_000);
        assert_eq!(verify(end), Err(LinkRefusal::Late { at: end }));
        assert!(verify(minutes(5)).is_err());
        let verified = verify(now).unwrap();
        assert_eq!(verified, file.path);
        let found = content(shop.exporter.storage(), &file).await;
        assert_eq!(
            (found.len() as u64, sha256(&found)),
            (file.bytes, file.sha256)
        );
    }
}

#[tokio::test]
async fn a_link_ends_with_its_export() {
    let shop = Shop::new().await;
    let over = shop.world.now().after(EXPORT_RETENTION);
    shop.world.wait(EXPORT_RETENTION.as_secs() - 100);
    let link = shop.link(1).await.unwrap();
    assert!(link.until <= over);
    assert!(over.unix_millis() - link.until.unix_millis() < 1_000);
    shop.world.wait(100);
    shop.link(1).await.unwrap_err();
}

#[tokio::test]
async fn each_link_is_noted_with_its_pack() {
    let shop = Shop::new().await;
    let before = shop.world.story(shop.export).len();
    for number in [2, 1, 2] {
        shop.link(number).await.unwrap();
    }
    let story = shop.world.story(shop.export);
    let noted = story[before..].iter().map(|event| match event {
        ExportEvent::Downloaded(event) => event.pack.get(),
        other => panic!("{other:?}"),
    });
    assert_eq!(noted.collect::<Vec<_>>(), [2, 1, 2]);
}

fn user() -> Caller {
    Caller::user(UserId::parse("4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22").unwrap())
}

#[tokio::test]
async fn members_may_not_and_others_find_no_such_export() {
    let shop = Shop::new().await;
    let events = shop.world.events();
    let brand = shop.world.brand();
    let member = user().with_role(brand, Role::Member);
    let other = BrandId::parse("d5a1a3b4-6a55-4b0e-9f57-3f1a5f1f0c33").unwrap();
    let foreign = user().with_role(other, Role::Owner);
    for caller in [&member, &foreign] {
        let forbidden = shop.link_for(caller, brand, 1).await.unwrap_err();
        let expected = AccessError::Forbidden { brand };
        assert_eq!(forbidden.to_string(), expected.to_string());
    }
    let nothing = shop.link_for(&foreign, other, 1).await.unwrap_err();
    let ExporterError::Export(ExportError::NoSuchExport(of)) = nothing else {
        panic!("{nothing:?}");
    };
    assert_eq!(of, shop.export);
    let nobody = shop.link_for(&Caller::anonymous(), brand, 1).await;
    assert_eq!(
        nobody.unwrap_err().to_string(),
        "the caller is not authenticated"
    );
    assert_eq!(shop.world.events(), events);
}

#[tokio::test]
async fn only_packs_that_are_there_have_links() {
    let shop = Shop::new().await;
    let refused = |answer: Result<DownloadLink, ExporterError>| match answer {
        Err(ExporterError::Export(error)) => error.rejection().cloned().unwrap(),
        other => panic!("{other:?}"),
    };
    let rejection = refused(shop.link(3).await);
    assert!(matches!(
        rejection,
        ExportRejection::NoSuchPack { packs: 2, .. }
    ));
    let batch = shop.world.batch_of(10_001);
    let half = shop
        .world
        .ask(&shop.exporter, batch, ExportFormat::Manifest)
        .await;
    let half = Shop {
        export: half,
        ..shop
    };
    let mut worker = half.exporter.worker(named("w"));
    for _ in 0..2 {
        worker.run_once(half.world.now()).await.unwrap();
    }
    half.link(1).await.unwrap();
    let rejection = refused(half.link(2).await);
    assert!(matches!(rejection, ExportRejection::NotThere { .. }));
}

#[tokio::test]
async fn without_a_signer_there_are_no_links_and_nothing_is_noted() {
    let shop = Shop::new().await;
    let events = shop.world.events();
    let exporter = shop.world.exporter(&PackStorage::memory());
    let (caller, brand, now) = (shop.world.caller(), shop.world.brand(), shop.world.now());
    let link = exporter.download_link(caller, brand, shop.export, pack(1), now);
    let told = "the storage signs no links, and no signer was given";
    assert_eq!(link.await.unwrap_err().to_string(), told);
    assert_eq!(shop.world.events(), events);
}
