//! What has to hold of the answer to a request of any bytes.

use std::sync::Arc;

use dpp_core::resolver::{Facts, Need, Scan, ScanRequest, Site, Step, decide};
use dpp_core::{BrandId, Timestamp};

/// Reads a request out of up to seven lines, and checks its answers in a world where nothing is.
pub fn check(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let method = lines.next().unwrap_or_default();
    let method = String::from_utf8_lossy(method);
    let host = lines.next();
    let path = lines.next().unwrap_or_default();
    let mut rest = || lines.next().filter(|line| !line.is_empty());
    let request = ScanRequest {
        method: &method,
        host,
        path,
        query: rest(),
        user_agent: rest(),
        accept: rest(),
        accept_language: rest(),
        client: None,
    };
    let Ok(scan) = Scan::read(&request, Timestamp::from_unix_millis(0)) else {
        return;
    };
    let brand: BrandId = "6513270e-269e-4d37-b2a7-4de452e6b438"
        .parse()
        .expect("a brand");
    let site = Site::new(brand, "Nordlin");
    for site in [None, Some(site.clone()), Some(site.gs1_conformant())] {
        let mut facts = Facts::default();
        facts.set_site(site.map(Arc::new));
        let decision = loop {
            match decide(&scan, &facts) {
                Step::Decided(decision) => break decision,
                Step::Needs(Need::Products(_)) => facts.set_products(Arc::default()),
                Step::Needs(Need::Batch(prefix)) => facts.add_batch(prefix, None),
                Step::Needs(other) => panic!("nothing is there, but it asks for {other:?}"),
            }
        };
        assert!(matches!(decision.answer.status(), 200 | 204 | 404));
        for (name, value) in decision.answer.headers() {
            let is_legal = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
            assert!(value.bytes().all(is_legal), "{name}: {value}");
        }
        decision.answer.body();
    }
}
