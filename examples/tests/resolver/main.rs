//! The resolver answers whoever scans.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod client;
mod server;
#[path = "../support/mod.rs"]
mod support;

use std::net::TcpListener;

use client::{request, send};
use dpp_examples::resolver::{Asked, Options, ServeError, parse, run_until};
use dpp_store_postgres::testing::TestSchema;
use server::{PHONE, Process, Running, told_a_person};
use support::{in_database, program, ran};

const NO_STORE: &str = "no-store, max-age=0";
const HOUR: &str = "public, max-age=3600";

/// The same with another last character.
fn forged(path: &str) -> String {
    let (rest, last) = path.split_at(path.len() - 1);
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

#[test]
fn json_is_one_line_and_nothing_else() {
    let running = Running::start(5);
    let told = running.place.told.as_object().unwrap();
    assert_eq!(told.len(), 3);
    let host = &running.place.host;
    assert_eq!(told["base_url"], format!("http://{host}"));
    assert_eq!(running.place.paths.len(), 5);
    running.place.scan(&running.place.paths[0]);
    let (stats, printed) = running.end();
    assert_eq!((stats.redirected, printed.as_str()), (1, ""));
}

#[test]
fn paths_of_the_first_thousand_units_are_told() {
    let running = Running::start(1_001);
    assert_eq!(running.place.paths.len(), 1_000);
    running.end();
}

#[test]
fn a_first_scan_makes_active_and_later_ones_may_be_kept() {
    let running = Running::start(3);
    let path = &running.place.paths[1];
    for (cache, state) in [(NO_STORE, "minted"), (HOUR, "active"), (HOUR, "active")] {
        let answer = running.place.scan(&format!("{path}?from=label&x=%20"));
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("cache-control"), Some(cache));
        assert_eq!(answer.header("dpp-state"), Some(state));
        let location = answer.header("location").unwrap();
        assert!(location.starts_with("/p/"), "{location}");
        assert!(location.ends_with("?from=label&x=%20"), "{location}");
        assert_eq!(answer.body, "");
    }
    let (stats, _) = running.end();
    assert_eq!((stats.activated, stats.redirected), (1, 3));
}

#[test]
fn a_redirect_leads_to_a_page_about_the_product() {
    let running = Running::start(1);
    let answer = running.place.scan(&running.place.paths[0]);
    let page = running.place.scan(answer.header("location").unwrap());
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("<h1>Organic crew tee</h1>"),
        "{}",
        page.body
    );
    for other in ["/p/9531985d-5d9d-49f8-9818-e811892f9020", "/p/1", "/p/%ff"] {
        assert!((400..=404).contains(&running.place.scan(other).status));
    }
    running.end();
}

#[test]
fn what_was_made_up_is_answered_as_what_is_unknown() {
    let running = Running::start(3);
    let place = &running.place;
    let unknown = place.scan("/01/00000000000017/21/1").undated();
    assert_eq!(unknown.status, 404);
    for path in [
        forged(&place.paths[0]).as_str(),
        "/mu/0198f3a2-7c4d-8e5f-8a1b-2c3d4e5f6071",
        "/01/09506000134352/21/K7M4Q2X9PRTW",
        "/01/09506000134352/10/L",
    ] {
        assert_eq!(place.scan(path).undated(), unknown, "{path}");
    }
    let elsewhere = request(
        "GET",
        place.paths[0].as_bytes(),
        "Host: elsewhere.example\r\n",
    );
    assert_eq!(send(&place.host, &elsewhere).undated(), unknown);
    let (stats, _) = running.end();
    assert_eq!((stats.redirected, stats.activated), (0, 0));
    assert_eq!((stats.wrong_tags, stats.unknown_brands), (1, 1));
}

#[test]
fn a_bot_gets_a_page_and_makes_nothing_active() {
    let running = Running::start(1);
    let path = &running.place.paths[0];
    let preview = running.place.ask("GET", path, "Twitterbot/1.0");
    assert_eq!(preview.status, 200);
    assert!(preview.body.contains("og:title"), "{}", preview.body);
    let scan = running.place.scan(path);
    assert_eq!(scan.header("dpp-state"), Some("minted"));
    let (stats, _) = running.end();
    assert_eq!((stats.previewed, stats.activated), (1, 1));
}

#[test]
fn head_and_options_change_nothing_and_other_methods_are_refused() {
    let running = Running::start(1);
    let (place, path) = (&running.place, &running.place.paths[0]);
    let head = place.ask("HEAD", path, PHONE);
    assert_eq!((head.status, head.body.as_str()), (302, ""));
    assert_eq!(head.header("dpp-state"), Some("minted"));
    let unknown = place.ask("HEAD", &forged(path), PHONE);
    assert_eq!((unknown.status, unknown.body.as_str()), (404, ""));
    let options = place.ask("OPTIONS", path, PHONE);
    assert_eq!(options.status, 204);
    assert_eq!(options.header("allow"), Some("GET, HEAD, OPTIONS"));
    for method in ["POST", "BREW", "get"] {
        assert_eq!(place.ask(method, path, PHONE).status, 405, "{method}");
    }
    assert_eq!(place.scan(path).header("dpp-state"), Some("minted"));
    running.end();
}

#[test]
fn what_no_link_looks_like_is_refused_and_the_next_scan_goes_on() {
    let running = Running::start(1);
    let place = &running.place;
    let headers = format!("Host: {}\r\n", place.host);
    let long = format!("/mu/{}", "a".repeat(60_000));
    for target in [
        b"/".as_slice(),
        b"/nothing",
        b"/mu/1",
        b"/mu/",
        b"//mu/0198f3a2-7c4d-8e5f-8a1b-2c3d4e5f6071",
        b"/01/09506000134353/21/1",
        b"/01/09506000134352/21/%zz",
        b"/01/09506000134352/21/%00",
        b"/01/../01/09506000134352",
        "/mu/é".as_bytes(),
        b"/mu/\xff\xfe",
        b"/mu/\x01",
        b"/mu/\"<>",
        b"*",
        long.as_bytes(),
    ] {
        let answer = send(&place.host, &request("GET", target, &headers));
        let shown = String::from_utf8_lossy(target.get(..40).unwrap_or(target)).into_owned();
        assert_eq!(answer.status, 400, "{shown}");
    }
    let longer = format!("/mu/{}", "a".repeat(65_536));
    let answer = send(&place.host, &request("GET", longer.as_bytes(), &headers));
    assert!([400, 414].contains(&answer.status), "{}", answer.status);
    assert_eq!(place.scan(&place.paths[0]).status, 302);
    running.end();
}

#[test]
fn a_host_has_to_be_named_once() {
    let running = Running::start(1);
    let (place, path) = (&running.place, running.place.paths[0].as_bytes());
    let asked = |target: &[u8], headers: &str| send(&place.host, &request("GET", target, headers));
    assert_eq!(asked(path, "").status, 400);
    assert_eq!(
        asked(path, "Host: localhost\r\nHost: localhost\r\n").status,
        400
    );
    assert_eq!(asked(path, "Host: localhost\r\n").status, 302);
    let whole = [b"http://", place.host.as_bytes(), path].concat();
    assert_eq!(asked(&whole, "Host: elsewhere.example\r\n").status, 302);
    running.end();
}

#[test]
fn a_person_is_told_what_to_try_and_what_was_asked() {
    let (before, after) = told_a_person(12, |before| {
        let url = before.split_whitespace().find(|word| word.contains("/21/"));
        let (host, path) = url.unwrap()["http://".len()..].split_once('/').unwrap();
        let headers = format!("Host: {host}\r\nUser-Agent: {PHONE}\r\n");
        for path in [format!("/{path}"), forged(&format!("/{path}"))] {
            send(host, &request("GET", path.as_bytes(), &headers));
        }
    });
    for said in [
        "12 units",
        "127.0.0.1",
        "█",
        "Try it",
        "-A Twitterbot",
        "Ctrl-C",
    ] {
        assert!(before.contains(said), "{said}\n{before}");
    }
    for said in ["active from now", "404", "wrong", "In all", "made active"] {
        assert!(after.contains(said), "{said}\n{after}");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let options = Options {
        port,
        ..Options::default()
    };
    let served = run_until(&options, &mut Vec::new(), std::future::pending());
    let error = served.unwrap_err();
    assert!(matches!(error, ServeError::Taken { port: own } if own == port));
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[test]
fn flags_that_cannot_be_are_refused_by_name() {
    let asked = |flags: &[&str]| parse(flags.iter().map(Into::into));
    assert_eq!(asked(&[]).unwrap(), Asked::Run(Options::default()));
    assert_eq!(asked(&["--help"]).unwrap(), Asked::Help);
    for (flags, named) in [
        (&["--port", "65536"][..], "65536"),
        (&["--port", "any"], "any"),
        (&["--units", "0"], "0"),
        (&["--schema", "dpp"], "--database-url"),
        (&["--host", "0.0.0.0"], "--host"),
    ] {
        let error = asked(flags).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[test]
fn a_wrong_flag_is_exit_code_2_and_how_it_is_called() {
    let (out, error, code) = ran(program("resolver").args(["--port", "any"]));
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(error.starts_with("error: --port `any` "), "{error}");
    assert!(error.contains("--units N"), "{error}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_kill_end_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let process = Process::start(program("resolver"));
        let answer = process.place.scan(&process.place.paths[0]);
        assert_eq!(answer.status, 302);
        let ended = process.end(signal);
        assert_eq!(ended, (String::new(), String::new(), 0));
    }
}

#[cfg(unix)]
#[test]
fn in_postgresql_what_was_printed_before_resolves_after_another_start() {
    let schema = TestSchema::new();
    let process = Process::start(in_database("resolver", &schema));
    let before = process.place.paths.clone();
    for path in &before[..3] {
        assert_eq!(
            process.place.scan(path).header("cache-control"),
            Some(NO_STORE)
        );
        assert_eq!(process.place.scan(path).header("cache-control"), Some(HOUR));
    }
    assert_eq!(process.place.scan(&forged(&before[0])).status, 404);
    let ended = process.end("-TERM");
    assert_eq!(ended, (String::new(), String::new(), 0));

    let process = Process::start(in_database("resolver", &schema));
    let state = |path: &str| {
        let answer = process.place.scan(path);
        answer.header("dpp-state").map(str::to_owned)
    };
    assert_eq!(state(&before[0]).as_deref(), Some("active"));
    assert_eq!(state(&before[3]).as_deref(), Some("minted"));
    assert_eq!(state(&process.place.paths[0]).as_deref(), Some("minted"));
    process.end("-TERM");
}
