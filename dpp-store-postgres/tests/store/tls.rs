//! TLS: the server's certificate is checked wherever TLS is used.

use dpp_core::store::EventStore;
use dpp_store_postgres::testing::{Options as ServerOptions, Server};
use dpp_store_postgres::{OpenError, Options, PostgresStore};
use rcgen::{CertifiedKey, generate_simple_self_signed};

use crate::support::*;

/// A server with a certificate for these names that nobody has signed.
fn with_certificate(names: &[&str]) -> (Server, String) {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
    let server = ServerOptions::default()
        .over_tcp()
        .file("server.crt", cert.pem())
        .file("server.key", signing_key.serialize_pem())
        .setting("ssl", "on");
    (server.start().unwrap(), cert.pem())
}

fn asking_for_tls(server: &Server) -> Options {
    let url = format!("{}?sslmode=require", server.tcp_url().unwrap());
    Options::parse(&url).unwrap()
}

async fn fault(options: &Options) -> String {
    match PostgresStore::open(options).await {
        Err(OpenError::Unavailable(fault)) => {
            assert!(fault.needs_mending(), "{fault}");
            fault.to_string()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_certificate_that_is_trusted_lets_in_and_any_other_does_not() {
    in_time(async {
        let (server, pem) = with_certificate(&["localhost", "127.0.0.1"]);
        let options = asking_for_tls(&server);
        let text = fault(&options).await;
        assert!(
            text.contains("TLS") && text.contains("certificate"),
            "{text}"
        );
        let (_, foreign) = with_certificate(&["127.0.0.1"]);
        let others = options
            .clone()
            .root_certificates(foreign.as_bytes())
            .unwrap();
        assert!(fault(&others).await.contains("certificate"));

        let trusting = options.root_certificates(pem.as_bytes()).unwrap();
        let store = open(&trusting).await;
        let brand = a_brand();
        let mut follower = store.follow(brand, None);
        let sent = commit(brand);
        let (page, receipt) = tokio::join!(follower.next(), store.commit(&sent));
        receipt.unwrap();
        assert!(is_once_in(&sent, &page.unwrap().events));
        let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                          WHERE ssl AND application_name = 'dpp'";
        let past = raw(server.url()).await;
        assert!(number(&past, encrypted).await >= 1);
    });
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    in_time(async {
        let (server, pem) = with_certificate(&["db.example.com"]);
        let options = asking_for_tls(&server).root_certificates(pem.as_bytes());
        let text = fault(&options.unwrap()).await;
        assert!(text.contains("certificate"), "{text}");
    });
}

#[test]
fn who_asks_for_tls_is_not_let_in_without() {
    in_time(async {
        let server = ServerOptions::default().over_tcp().start().unwrap();
        let text = fault(&asking_for_tls(&server)).await;
        assert!(text.contains("server does not support TLS"), "{text}");
    });
}
