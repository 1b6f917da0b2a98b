//! What holds of any bytes.

use std::net::IpAddr;

use dpp_core::gs1::{DigitalLink, ResolverBase};
use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::resolver::{
    AcceptLanguage, CutAddress, Facts, Host, Malformed, Need, Outcome, PageUrl, Scan, ScanRequest,
    Site, Step, Target, Visitor, decide,
};
use dpp_core::testing::strategies::gs1 as strategies;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;

use crate::support_of_host::*;

/// Bytes that nearly are what a resolver understands.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"/01/".to_vec()),
        Just(b"09506000134352".to_vec()),
        Just(b"/21/".to_vec()),
        Just(b"/10/".to_vec()),
        Just(b"/235/".to_vec()),
        Just(b"/mu/".to_vec()),
        Just(b"/mb/".to_vec()),
        Just(b"0190163d-8694-8000-8000-000000000001".to_vec()),
        Just(b"?linkType=".to_vec()),
        Just(b"%2F".to_vec()),
        Just(b"%".to_vec()),
        Just(b"/".to_vec()),
        Just(b"..".to_vec()),
        vec(any::<u8>(), 0..8),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn a_host(text: &str) -> Host {
    text.parse().unwrap()
}

fn some(bytes: &[u8]) -> Option<&[u8]> {
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_answer_is_one_that_a_stranger_may_see(
        method in prop_oneof![Just("GET".to_owned()), Just("HEAD".to_owned()), any::<String>()],
        host in prop_oneof![Just(b"id1.example.com".to_vec()), vec(any::<u8>(), 0..40)],
        path in path(),
        query in vec(any::<u8>(), 0..40),
        headers in [vec(any::<u8>(), 0..60), vec(any::<u8>(), 0..60), vec(any::<u8>(), 0..60)],
        client in any::<IpAddr>(),
    ) {
        let [user_agent, accept, accept_language] = &headers;
        let request = ScanRequest {
            method: &method,
            host: some(&host),
            path: &path,
            query: some(&query),
            user_agent: some(user_agent),
            accept: some(accept),
            accept_language: some(accept_language),
            client: Some(client),
        };
        let Ok(scan) = Scan::read(&request, noon()) else {
            return Ok(());
        };
        for site in [None, Some(Site::new(brand(1), "B")), Some(Site::new(brand(1), "B").gs1_conformant())] {
            let mut facts = Facts::default();
            facts.set_site(site.map(Arc::new));
            let mut asked = Vec::new();
            // The world is empty.
            let decision = loop {
                match decide(&scan, &facts) {
                    Step::Decided(decision) => break decision,
                    Step::Needs(need) => {
                        prop_assert!(!asked.contains(&need), "it asks twice: {:?}", need);
                        asked.push(need);
                        match need {
                            Need::Products(_) => facts.set_products(Arc::default()),
                            Need::Batch(prefix) => facts.add_batch(prefix, None),
                            other => prop_assert!(false, "{:?}", other),
                        }
                    }
                }
            };
            prop_assert!(matches!(decision.answer.status(), 200 | 204 | 404));
            prop_assert!(decision.activate.is_empty() && decision.record.is_none());
            for (name, value) in decision.answer.headers() {
                prop_assert!(value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{}: {}", name, value);
            }
            if decision.answer.status() == 404 {
                prop_assert_eq!(decision.answer.body(), "not found\n");
            } else {
                prop_assert_eq!(decision.outcome, Outcome::Described);
            }
        }
    }

    #[test]
    fn what_was_built_is_read_back(link in strategies::digital_link()) {
        let text = link.to_string();
        let (host, rest) = text.split_once("://").unwrap().1.split_once('/').unwrap();
        let rest = format!("/{}", rest.split_once('#').map_or(rest, |(rest, _)| rest));
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest.as_str(), None),
        };
        let Ok(host) = Host::parse(host) else { return Ok(()) };
        let Ok(Target::Link(read)) = Target::parse(&host, path, query) else {
            return Err(TestCaseError::fail(format!("`{text}` is not read")));
        };
        prop_assert_eq!(read.gtin(), link.gtin());
        prop_assert_eq!(read.qualifiers(), link.qualifiers());
        prop_assert_eq!(read.base().stem(), link.base().stem());
        prop_assert_eq!(read.query(), link.query());
    }

    #[test]
    fn ids_are_read_back_under_any_stem(custom in any::<[u8; 16]>(), stem in strategies::resolver_base()) {
        let uuid = uuid::Builder::from_custom_bytes(custom).into_uuid();
        let stem = stem.stem();
        let unit = MintUnitId::try_from(uuid).unwrap();
        let lot = LotId::try_from(uuid).unwrap();
        let batch = MintBatchId::new(noon(), custom[..10].try_into().unwrap());
        prop_assume!(!stem.split('/').any(|segment| segment == "01"));
        prop_assert_eq!(Target::parse(&a_host("h"), &format!("{stem}/mu/{unit}"), None), Ok(Target::Unit(unit)));
        prop_assert_eq!(Target::parse(&a_host("h"), &format!("{stem}/ml/{lot}"), None), Ok(Target::Lot(lot)));
        prop_assert_eq!(Target::parse(&a_host("h"), &format!("{stem}/mb/{batch}/"), None), Ok(Target::Batch(batch)));
    }

    #[test]
    fn what_is_a_target_is_a_link_that_anybody_reads(path in path()) {
        let Ok(path) = String::from_utf8(path) else { return Ok(()) };
        let (path, query) = path.split_once('?').map_or((path.as_str(), None), |(path, query)| (path, Some(query)));
        let text = query.map_or(path.to_owned(), |query| format!("{path}?{query}"));
        match Target::parse(&a_host("id1.example.com"), path, query) {
            Ok(Target::Link(link)) => {
                prop_assert_eq!(DigitalLink::parse(&link.to_string()), Ok((*link).clone()));
                let whole = DigitalLink::parse(&format!("https://id1.example.com{text}"));
                prop_assert_eq!(whole, Ok(*link));
            }
            Err(Malformed::Link(_)) => {
                let whole = DigitalLink::parse(&format!("https://id1.example.com{text}"));
                prop_assert!(whole.is_err(), "`{}`", text);
            }
            _ => {}
        }
    }

    #[test]
    fn a_host_is_read_back_and_is_that_of_a_base(text in "[a-zA-Z0-9.-]{1,30}(:[0-9]{0,5})?") {
        if let Ok(host) = Host::parse(&text) {
            prop_assert_eq!(Host::parse(host.as_str()), Ok(host.clone()));
            if let Ok(base) = ResolverBase::parse(&format!("https://{text}")) {
                prop_assert_eq!(base.host().trim_end_matches('.'), host.as_str());
            }
        }
    }

    #[test]
    fn a_page_lies_on_the_host_that_it_says(text in "(https://|/|//|http://)?[a-z@:/?#.%\\\\-]{0,20}") {
        if let Ok(url) = PageUrl::parse(&text) {
            prop_assert_eq!(url.as_str(), &text);
            match url.host() {
                Some(host) => {
                    let start = format!("https://{host}");
                    prop_assert!(text.starts_with(&start), "{}", text);
                }
                None => prop_assert!(text.starts_with('/') && !text.starts_with("//")),
            }
        }
    }

    #[test]
    fn no_full_address_is_left(address in any::<IpAddr>()) {
        let cut = CutAddress::of(address);
        let mut others = [address, address];
        match &mut others {
            [IpAddr::V4(one), IpAddr::V4(other)] => {
                *one = (one.to_bits() | 0xff).into();
                *other = (other.to_bits() & !0xff).into();
            }
            [IpAddr::V6(one), IpAddr::V6(other)] if one.to_ipv4_mapped().is_none() && one.segments()[0] != 0x2002 => {
                *one = (one.to_bits() | u128::MAX >> 48).into();
                *other = (other.to_bits() & !(u128::MAX >> 48)).into();
            }
            _ => return Ok(()),
        }
        prop_assert_eq!(others.map(CutAddress::of), [cut, cut]);
    }

    #[test]
    fn any_languages_and_agents_are_read(bytes in vec(any::<u8>(), 0..2_000)) {
        AcceptLanguage::parse(&bytes);
        Visitor::of(Some(&bytes));
    }
}
