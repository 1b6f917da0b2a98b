//! A proxy between a store and its server that loses answers.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dpp_store_postgres::Options;
use dpp_store_postgres::testing::TestSchema;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// Forwards every byte, but for the answers that it is to lose.
#[derive(Clone)]
pub(crate) struct Proxy {
    port: u16,
    to_lose: Arc<AtomicU32>,
    is_mute: Arc<AtomicBool>,
    mute_at: Arc<Mutex<Option<&'static [u8]>>>,
}

/// The server's word that a session was told something.
pub(crate) const SET: &[u8] = b"C\0\0\0\x08SET\0";

/// The server's word that a transaction was committed.
pub(crate) const COMMITTED: &[u8] = b"C\0\0\0\x0bCOMMIT\0";

impl Proxy {
    /// One in front of the server that a schema is on.
    pub(crate) async fn before(schema: &TestSchema) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            to_lose: Arc::default(),
            is_mute: Arc::default(),
            mute_at: Arc::default(),
        };
        let (socket, ours) = (socket_of(schema.url()), proxy.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                tokio::spawn(ours.clone().forward(client, server));
            }
        });
        proxy
    }

    pub(crate) fn options(&self, schema: &TestSchema) -> Options {
        let url = format!(
            "postgres://dpp@127.0.0.1:{}/postgres?sslmode=disable",
            self.port
        );
        Options::parse(&url).unwrap().schema(schema.name()).unwrap()
    }

    /// Cuts the connection instead of passing on that a transaction was committed, so often.
    pub(crate) fn lose(&self, answers: u32) {
        self.to_lose.store(answers, Ordering::SeqCst);
    }

    /// Passes nothing on any more, of any connection.
    pub(crate) fn mute(&self) {
        self.is_mute.store(true, Ordering::SeqCst);
    }

    /// Falls mute with the next answer that has these bytes, which is not passed on.
    pub(crate) fn mute_at(&self, bytes: &'static [u8]) {
        *self.mute_at.lock().unwrap() = Some(bytes);
    }

    /// Passes on what new connections say; those that were mute are cut.
    pub(crate) fn speak(&self) {
        self.is_mute.store(false, Ordering::SeqCst);
    }

    pub(crate) fn left_to_lose(&self) -> u32 {
        self.to_lose.load(Ordering::SeqCst)
    }

    async fn forward(self, client: TcpStream, server: UnixStream) {
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let up = tokio::spawn(async move {
            let _end = tokio::io::copy(&mut from_client, &mut to_server).await;
        });
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
            self.note(&bytes[..count]);
            if self.is_to_lose(&bytes[..count]) || self.was_mute().await {
                break;
            }
            if to_client.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
        up.abort();
    }

    fn note(&self, bytes: &[u8]) {
        let mut mute_at = self.mute_at.lock().unwrap();
        if mute_at.is_some_and(|part| has(bytes, part)) {
            *mute_at = None;
            self.mute();
        }
    }

    fn is_to_lose(&self, bytes: &[u8]) -> bool {
        let lose = |left: u32| left.checked_sub(1);
        let order = Ordering::SeqCst;
        has(bytes, COMMITTED) && self.to_lose.fetch_update(order, order, lose).is_ok()
    }

    async fn was_mute(&self) -> bool {
        let was_mute = self.is_mute.load(Ordering::SeqCst);
        while self.is_mute.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        was_mute
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|found| found == part)
}

fn socket_of(url: &str) -> PathBuf {
    let part = |name: &str| {
        let start = url.split_once(name).unwrap().1;
        start.split('&').next().unwrap().to_owned()
    };
    PathBuf::from(format!("{}/.s.PGSQL.{}", part("host="), part("port=")))
}
