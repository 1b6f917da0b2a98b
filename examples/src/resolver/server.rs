//! What speaks HTTP: it hands requests to the resolver as they came, and its answers back.

use std::borrow::Cow;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, HOST, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Response, StatusCode};
use axum::routing::get;
use axum::serve::ListenerExt;
use dpp_core::resolver::ScanRequest;
use dpp_core::service::{Resolved, Resolver};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::ServeError;
use super::host::Host;
use super::page::{Passports, passport};
use super::report::Seen;
use crate::now;

/// How many requests may wait to be told of.
const WAITING: usize = 1_024;

/// For how long open requests are waited for at the end.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// Listens on this machine only.
pub(super) async fn listen(port: u16) -> Result<TcpListener, ServeError> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    bound.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::Taken { port },
        _ => ServeError::Listen { port, source },
    })
}

/// A server that runs.
pub(super) struct Server {
    running: JoinHandle<io::Result<()>>,
    stop: oneshot::Sender<()>,
}

impl Server {
    /// Starts one. Behind the returned end comes what is to be told of requests: all of it, or
    /// problems only.
    pub(super) fn start(listener: TcpListener, host: &Host, all: bool) -> (Self, Watching) {
        let (sender, seen) = mpsc::channel(WAITING);
        let missed = Arc::new(AtomicU64::new(0));
        let desk = Desk {
            resolver: host.resolver.clone(),
            all,
            told: sender,
            missed: missed.clone(),
        };
        let passports = Passports {
            catalogue: host.catalogue.clone(),
            brand: host.brand,
        };
        let router = Router::new()
            .route("/p/{product}", get(passport).with_state(passports))
            .fallback(scan)
            .with_state(desk);
        let listener = listener.tap_io(|connection| {
            // Without it an answer may wait for the client's acknowledgement of the one before.
            let _ = connection.set_nodelay(true);
        });
        let (stop, stopped) = oneshot::channel();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let server = Self {
            running: tokio::spawn(serving.into_future()),
            stop,
        };
        (server, Watching { seen, missed })
    }

    /// Comes to its end if the server does.
    pub(super) async fn ended(&mut self) {
        let _ = (&mut self.running).await;
    }

    /// Takes no more requests, and waits a little for those that are open.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = timeout(LAST_ANSWERS, self.running).await;
    }
}

/// What the server tells of requests.
pub(super) struct Watching {
    pub(super) seen: mpsc::Receiver<Seen>,
    missed: Arc<AtomicU64>,
}

impl Watching {
    /// How many requests came too fast to be told of, since this was last asked.
    pub(super) fn missed(&self) -> u64 {
        self.missed.swap(0, Ordering::Relaxed)
    }
}

#[derive(Clone)]
struct Desk {
    resolver: Resolver,
    all: bool,
    told: mpsc::Sender<Seen>,
    missed: Arc<AtomicU64>,
}

async fn scan(
    State(desk): State<Desk>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response<Body> {
    let (uri, headers) = (request.uri(), request.headers());
    // A request may name a whole URL, whose host then counts (RFC 9112, 3.2.2).
    let host = match uri.authority() {
        Some(authority) => Some(Cow::Borrowed(authority.as_str().as_bytes())),
        None => joined(headers, &HOST),
    };
    let of = [USER_AGENT, ACCEPT, ACCEPT_LANGUAGE].map(|name| joined(headers, &name));
    let [user_agent, accept, accept_language] = of.each_ref().map(Option::as_deref);
    let asked = ScanRequest {
        method: request.method().as_str(),
        host: host.as_deref(),
        path: uri.path().as_bytes(),
        query: uri.query().map(str::as_bytes),
        user_agent,
        accept,
        accept_language,
        client: Some(peer.ip()),
    };
    let resolved = desk.resolver.resolve(&asked, now()).await;
    desk.tell(&asked, &resolved);
    answer(&resolved)
}

/// All values of a header, with commas between them.
fn joined<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, [u8]>> {
    let mut values = headers.get_all(name).iter();
    let first = Cow::Borrowed(values.next()?.as_bytes());
    Some(values.fold(first, |mut all, value| {
        all.to_mut().extend_from_slice(b", ");
        all.to_mut().extend_from_slice(value.as_bytes());
        all
    }))
}

impl Desk {
    fn tell(&self, asked: &ScanRequest<'_>, resolved: &Resolved) {
        if !self.all && !Seen::is_problem(resolved) {
            return;
        }
        match self.told.try_reserve() {
            Ok(place) => place.send(Seen::of(asked, resolved, now())),
            Err(_) => {
                self.missed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// The answer to `HEAD` has the headers of the one to `GET`; its body is left out on the way.
fn answer(resolved: &Resolved) -> Response<Body> {
    let mut answer = Response::builder().status(resolved.answer.status());
    for (name, value) in resolved.headers() {
        answer = answer.header(name, value);
    }
    answer
        .body(Body::from(resolved.answer.body()))
        .unwrap_or_else(|_| {
            let mut failed = Response::new(Body::empty());
            *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            failed
        })
}
