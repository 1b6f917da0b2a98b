//! The connection on which notifications come, shared by all who wait for them.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use dpp_core::BrandId;
use tokio::runtime::Handle;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::{AsyncMessage, Config, Connection};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::channel_of;
use crate::fault::Failed;
use crate::options::Options;
use crate::tls;

/// What is heard.
#[derive(Debug, Clone, Copy)]
enum Heard {
    Moved(BrandId),
    /// Somebody may have moved while nobody listened.
    Anybody,
}

/// Hears what others commit, while somebody wants to know.
#[derive(Debug)]
pub(crate) struct Ear {
    line: Line,
    runtime: Handle,
    listening: Mutex<Weak<Listening>>,
}

/// How to get a connection of one's own.
#[derive(Clone)]
struct Line {
    config: Config,
    tls: MakeRustlsConnect,
    within: Duration,
    channel: String,
}

/// The task with the connection; both end with the last who listens.
#[derive(Debug)]
struct Listening {
    heard: Sender<Heard>,
    task: AbortHandle,
}

/// One who listens.
#[derive(Debug)]
pub(crate) struct Ears {
    heard: Receiver<Heard>,
    _listening: Arc<Listening>,
}

/// Why a wait for any brand has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// Brands were named.
    Named,
    /// The time has come to look at all of them.
    LookAtAll,
}

/// How much may be heard while a follower is busy. One who missed something looks.
const KEPT: usize = 1_024;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl Ear {
    pub(crate) fn new(options: &Options) -> Result<Self, Failed> {
        let mut config = options.config.clone();
        config.connect_timeout(options.connect_within);
        config.keepalives_idle(Duration::from_secs(30));
        Ok(Self {
            line: Line {
                config,
                tls: tls::connector(&options.roots)?,
                within: options.connect_within,
                channel: channel_of(&options.schema),
            },
            runtime: Handle::current(),
            listening: Mutex::default(),
        })
    }

    /// Listens from now on. What was committed before is not heard.
    pub(crate) fn listen(&self) -> Ears {
        // Nothing that is done under the lock can panic half way.
        let mut shared = self
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let listening = shared.upgrade().unwrap_or_else(|| Arc::new(self.begin()));
        *shared = Arc::downgrade(&listening);
        Ears {
            heard: listening.heard.subscribe(),
            _listening: listening,
        }
    }

    /// Closes the connection; who listens hears nothing any more.
    pub(crate) fn close(&self) {
        let shared = self
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(listening) = shared.upgrade() {
            listening.task.abort();
        }
    }

    fn begin(&self) -> Listening {
        let (heard, _) = broadcast::channel(KEPT);
        let (line, to) = (self.line.clone(), heard.clone());
        let task = self.runtime.spawn(async move { line.listen(&to).await });
        Listening {
            heard,
            task: task.abort_handle(),
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    /// Listens for ever, on one connection after the other.
    async fn listen(&self, to: &Sender<Heard>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            self.hear(to).await;
            // A connection that has held for a while was a good one.
            if begun.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Listens until the connection is lost.
    async fn hear(&self, to: &Sender<Heard>) {
        let connecting = self.config.connect(self.tls.clone());
        let Ok(Ok((client, mut connection))) = timeout(self.within, connecting).await else {
            return;
        };
        let sql = format!("LISTEN \"{}\"", self.channel);
        let mut listen = pin!(timeout(self.within, client.batch_execute(&sql)));
        let mut listens = false;
        loop {
            tokio::select! {
                begun = &mut listen, if !listens => {
                    let Ok(Ok(())) = begun else { return };
                    listens = true;
                    tell(to, Heard::Anybody);
                }
                message = message(&mut connection) => match message {
                    Some(AsyncMessage::Notification(told)) => tell(to, heard(told.payload())),
                    Some(_) => {}
                    None => return,
                }
            }
        }
    }
}

/// The next message; none if the connection is lost.
async fn message<S, T>(connection: &mut Connection<S, T>) -> Option<AsyncMessage>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let message = poll_fn(|context| connection.poll_message(context)).await;
    message.and_then(Result::ok)
}

/// What is not the id of a brand was sent by somebody else.
fn heard(payload: &str) -> Heard {
    BrandId::parse(payload).map_or(Heard::Anybody, Heard::Moved)
}

fn tell(to: &Sender<Heard>, heard: Heard) {
    // When nobody listens any more, this task is about to end.
    let _nobody = to.send(heard);
}

impl Ears {
    /// Forgets what was heard: what comes now will be read anyway.
    pub(crate) fn forget(&mut self) {
        self.heard = self.heard.resubscribe();
    }

    /// Waits until a brand may have moved, or until that time.
    pub(crate) async fn wait_for(&mut self, brand: BrandId, until: Instant) {
        let moved = async {
            while let Ok(Heard::Moved(other)) = self.heard.recv().await {
                if other == brand {
                    return;
                }
            }
        };
        let _in_time = timeout_at(until, moved).await;
    }

    /// Waits until brands are named, and adds all of them, or until that time.
    pub(crate) async fn wait_for_any(
        &mut self,
        moved: &mut BTreeSet<BrandId>,
        until: Instant,
    ) -> Woken {
        let Ok(first) = timeout_at(until, self.heard.recv()).await else {
            return Woken::LookAtAll;
        };
        let mut next = Some(first);
        while let Some(heard) = next {
            match heard {
                Ok(Heard::Moved(brand)) => moved.insert(brand),
                Ok(Heard::Anybody) | Err(RecvError::Lagged(_) | RecvError::Closed) => {
                    return Woken::LookAtAll;
                }
            };
            next = self.heard.try_recv().ok().map(Ok);
        }
        Woken::Named
    }
}

impl std::fmt::Debug for Line {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
