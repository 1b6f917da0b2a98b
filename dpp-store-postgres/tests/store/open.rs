//! Opening: many at once, schemas that are not ours, roles, addresses.

use dpp_core::store::EventStore;
use dpp_core::store::log::{CommitError, PageLimit, ReadError};
use dpp_store_postgres::testing::{Options as ServerOptions, Server, TestSchema};
use dpp_store_postgres::{OpenError, Options, OptionsError, PostgresStore};

use crate::support::*;

async fn refused(options: &Options) -> OpenError {
    PostgresStore::open(options).await.unwrap_err()
}

/// The words of an error and of all that caused it.
fn words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(|error| format!("{error} {error:?} ")).collect()
}

async fn tables(schema: &TestSchema) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM pg_tables WHERE schemaname = '{}'",
        schema.name()
    );
    number(&raw(schema.url()).await, &sql).await
}

#[test]
fn sixteen_that_open_a_fresh_schema_at_once_all_succeed() {
    in_time(async {
        let schema = TestSchema::new();
        let options = options(&schema);
        let opening: Vec<_> = (0..16)
            .map(|_| {
                let options = options.clone();
                tokio::spawn(async move { PostgresStore::open(&options).await })
            })
            .collect();
        for one in opening {
            let store = one.await.unwrap().unwrap();
            store.commit(&commit(a_brand())).await.unwrap();
        }
        let client = raw_in(&schema).await;
        let versions = "SELECT count(*) FROM migration";
        let newest = "SELECT count(DISTINCT version) FROM migration";
        let newest = number(&client, newest).await;
        assert_eq!(number(&client, versions).await, newest);
    });
}

#[test]
fn a_schema_of_a_newer_release_is_refused_with_both_versions() {
    in_time(async {
        let schema = TestSchema::new();
        let options = options(&schema);
        open(&options).await;
        let client = raw_in(&schema).await;
        let newest = number(&client, "SELECT max(version)::bigint FROM migration").await;
        let insert = "INSERT INTO migration (version, name) VALUES (4711, 'later')";
        client.batch_execute(insert).await.unwrap();
        let refused = refused(&options).await;
        let expected = format!(
            "schema `{}` has version 4711, and this release knows up to {newest}",
            schema.name()
        );
        assert_eq!(refused.to_string(), expected);
    });
}

#[test]
fn a_schema_with_a_table_of_somebody_else_is_refused_and_left_as_it_was() {
    in_time(async {
        for table in [
            "event (id integer)",
            "migration (id integer)",
            "export (a text)",
        ] {
            let schema = TestSchema::new();
            let client = raw(schema.url()).await;
            let name = schema.name();
            let create = format!("CREATE SCHEMA {name}; CREATE TABLE {name}.{table}");
            client.batch_execute(&create).await.unwrap();
            let refused = refused(&options(&schema)).await;
            assert!(
                matches!(refused, OpenError::ForeignSchema { .. }),
                "{refused}"
            );
            let text = refused.to_string();
            assert!(
                text.contains(name) && text.contains("not made by this library"),
                "{text}"
            );
            assert_eq!(tables(&schema).await, 1);
        }
    });
}

#[test]
fn tables_that_were_changed_by_hand_need_mending_and_the_errors_name_what() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let client = raw_in(&schema).await;
        let rename = |from: &str, to: &str| format!("ALTER TABLE event RENAME {from} TO {to}");
        client
            .batch_execute(&rename("payload", "gone"))
            .await
            .unwrap();
        let read = store.read_feed(brand, None, PageLimit::MAX).await;
        let Err(ReadError::Unavailable(fault)) = read else {
            panic!("{read:?}");
        };
        assert!(
            fault.needs_mending() && fault.to_string().contains("payload"),
            "{fault}"
        );
        assert!(
            fault.to_string().contains("not as this library makes it"),
            "{fault}"
        );
        client
            .batch_execute(&rename("gone", "payload"))
            .await
            .unwrap();
        assert_eq!(feed(&store, brand).await.len(), 1);

        client
            .batch_execute("ALTER TABLE event DROP COLUMN causation")
            .await
            .unwrap();
        let fault = not_committed(store.commit(&commit(brand)).await);
        assert!(fault.needs_mending(), "{fault}");
        client
            .batch_execute("ALTER TABLE event ADD COLUMN causation uuid")
            .await
            .unwrap();
        store.commit(&commit(brand)).await.unwrap();

        client
            .batch_execute("DROP TABLE commit_receipt")
            .await
            .unwrap();
        let fault = not_committed(store.commit(&commit(brand)).await);
        assert!(
            fault.needs_mending() && fault.to_string().contains("commit_receipt"),
            "{fault}"
        );
        assert_eq!(feed(&store, brand).await.len(), 2);
    });
}

/// The driver refuses to send a value for such a column; what stands behind it must not be sent
/// either.
#[test]
fn a_statement_that_cannot_be_sent_commits_nothing_in_part() {
    in_time(async {
        let schema = TestSchema::new();
        let brand = a_brand();
        let store = open(&options(&schema)).await;
        store.commit(&commit(brand)).await.unwrap();
        let client = raw_in(&schema).await;
        let change = "CREATE DOMAIN narrow AS uuid;
            ALTER TABLE commit_receipt ALTER COLUMN brand_id TYPE narrow";
        client.batch_execute(change).await.unwrap();
        let store = open(&options(&schema)).await;
        let sent = commit(brand);
        let fault = not_committed(store.commit(&sent).await);
        assert!(fault.needs_mending(), "{fault}");
        assert!(
            fault.to_string().contains("error serializing parameter"),
            "{fault}"
        );
        assert_eq!(feed(&store, brand).await.len(), 1);
        let mend = "ALTER TABLE commit_receipt ALTER COLUMN brand_id TYPE uuid";
        client.batch_execute(mend).await.unwrap();
        open(&options(&schema)).await.commit(&sent).await.unwrap();
        assert_eq!(feed(&store, brand).await.len(), 2);
    });
}

/// A role that may log in and nothing else.
async fn a_role(client: &tokio_postgres::Client) -> String {
    let role = format!("role_{}", uuid().simple());
    let create = format!("CREATE ROLE {role} LOGIN NOSUPERUSER PASSWORD 'secret'");
    client.batch_execute(&create).await.unwrap();
    role
}

#[test]
fn a_role_without_rights_is_told_so_and_may_use_what_was_granted() {
    in_time(async {
        let server = ServerOptions::default().start().unwrap();
        let schema = TestSchema::on(&server).unwrap();
        let admin = raw(server.url()).await;
        let role = a_role(&admin).await;
        let url = server.url().replace("user=dpp", &format!("user={role}"));
        let name = schema.name();
        let its = Options::parse(&url).unwrap().schema(name).unwrap();

        let error = refused(&its).await;
        assert!(matches!(error, OpenError::Forbidden { .. }), "{error}");
        assert!(error.to_string().contains("permission denied"), "{error}");

        let grant = format!("CREATE SCHEMA {name}; GRANT USAGE, CREATE ON SCHEMA {name} TO {role}");
        admin.batch_execute(&grant).await.unwrap();
        let store = PostgresStore::open(&its).await.unwrap();
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();

        let reader = a_role(&admin).await;
        let grant = format!(
            "GRANT USAGE ON SCHEMA {name} TO {reader};
             GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {reader}"
        );
        admin.batch_execute(&grant).await.unwrap();
        let url = server.url().replace("user=dpp", &format!("user={reader}"));
        let its = Options::parse(&url).unwrap().schema(name).unwrap();
        let store = PostgresStore::open(&its).await.unwrap();
        assert_eq!(feed(&store, brand).await.len(), 1);
        let fault = not_committed(store.commit(&commit(brand)).await);
        assert!(fault.needs_mending(), "{fault}");
        let text = fault.to_string();
        assert!(text.contains("42501") && text.contains("grant"), "{text}");
    });
}

#[test]
fn addresses_that_cannot_be_read_are_refused_without_repeating_them() {
    for (url, says) in [
        ("postgres://dpp:s3cret@host:port/db", "port"),
        ("postgres://dpp:s3cret@host/db?sslmode=perhaps", "sslmode"),
        (
            "postgres://dpp:s3cret@host/db?sslrootcert=x",
            "`sslrootcert` is not supported",
        ),
        ("postgres://dpp:s3@s3cret@host/db", "%40"),
        ("host=db password=a s3cret=b", "not known"),
        ("nonsense", "cannot be read"),
    ] {
        let refused = Options::parse(url).unwrap_err();
        let words = words(&refused);
        assert!(words.contains(says), "{words}");
        assert!(!words.contains("s3cret"), "{words}");
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let options = || Options::parse("postgres://dpp@host/db").unwrap();
    for name in ["", "Dpp", "a-b", "1a", "pg_dpp", "a\"b", &"a".repeat(64)] {
        let refused = options().schema(name).unwrap_err();
        assert!(matches!(refused, OptionsError::Schema(_)), "{refused}");
        assert!(
            refused.to_string().contains("is no name of a schema"),
            "{refused}"
        );
    }
    assert!(options().schema(&"a".repeat(63)).is_ok());
    for pem in [
        "",
        "not PEM",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let refused = options().root_certificates(pem.as_bytes()).unwrap_err();
        assert!(matches!(refused, OptionsError::Roots(_)), "{refused}");
    }
}

#[test]
fn the_longest_schema_name_works_with_followers() {
    in_time(async {
        let server = Server::for_tests();
        let name = format!("dpp_test_{}_{}", uuid().simple(), "x".repeat(21));
        assert_eq!(name.len(), 63);
        let options = Options::parse(server.url()).unwrap().schema(&name).unwrap();
        let store = open(&options.poll_every(std::time::Duration::from_secs(3_600))).await;
        let brand = a_brand();
        let mut follower = store.follow(brand, None);
        let sent = commit(brand);
        let writing = async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            store.commit(&sent).await.unwrap()
        };
        let (page, _) = tokio::join!(follower.next(), writing);
        assert!(is_once_in(&sent, &page.unwrap().events));
        let drop = format!("DROP SCHEMA {name} CASCADE");
        raw(server.url()).await.batch_execute(&drop).await.unwrap();
    });
}

#[test]
fn what_is_wrong_with_an_address_is_said_and_the_password_is_not() {
    in_time(async {
        let server = ServerOptions::default().over_tcp().start().unwrap();
        let url = server.tcp_url().unwrap();
        let right = Options::parse(&url).unwrap();
        open(&right).await.commit(&commit(a_brand())).await.unwrap();
        let password = url.split(['@', ':']).nth(2).unwrap();
        assert!(!format!("{right:?}").contains(password));

        let port = url.rsplit([':', '/']).nth(1).unwrap();
        let wrong = url.replace(password, "wr0ng");
        let nowhere = url.replace("/postgres", "/nowhere");
        let nobody = url.replace("//dpp:", "//nobody:");
        let closed = url.replace(&format!(":{port}/"), ":1/");
        let host = url.replace("127.0.0.1", "no-such-host.invalid");
        let socket = "postgres:///postgres?user=dpp&host=/no/such/folder".to_owned();
        for (url, says, mending) in [
            (wrong, "28P01", true),
            (nowhere, "3D000", true),
            (nobody, "28P01", true),
            (closed, "refused", false),
            (host, "failed to lookup", false),
            (socket, "No such file", false),
        ] {
            let options = Options::parse(&url).unwrap();
            let error = refused(&options).await;
            let text = words(&error);
            assert!(error.to_string().contains(says), "{text}");
            for secret in [password, "wr0ng"] {
                assert!(!text.contains(secret), "{text}");
                assert!(!format!("{options:?}").contains(secret), "{options:?}");
            }
            let OpenError::Unavailable(fault) = error else {
                panic!("{error:?}");
            };
            assert_eq!(fault.needs_mending(), mending, "{fault}");
        }
    });
}

#[test]
fn a_store_that_was_closed_says_so_at_once() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        store.close();
        let fault = not_committed(store.commit(&commit(a_brand())).await);
        assert!(fault.needs_mending(), "{fault}");
        assert_eq!(fault.to_string(), "the store was closed");
        let read = store.heads(None, PageLimit::MAX).await;
        assert!(matches!(read, Err(ReadError::Unavailable(_))), "{read:?}");
    });
}

#[test]
fn a_database_that_was_dropped_needs_mending() {
    in_time(async {
        let server = ServerOptions::default().start().unwrap();
        let admin = raw(server.url()).await;
        admin.batch_execute("CREATE DATABASE other").await.unwrap();
        let url = server.url().replace("/postgres?", "/other?");
        let store = open(&Options::parse(&url).unwrap()).await;
        let drop = "DROP DATABASE other WITH (FORCE)";
        admin.batch_execute(drop).await.unwrap();
        let outcome = store.commit(&commit(a_brand())).await;
        let Err(CommitError::NotCommitted(fault) | CommitError::Unknown(fault)) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(fault.needs_mending(), "{fault}");
    });
}
