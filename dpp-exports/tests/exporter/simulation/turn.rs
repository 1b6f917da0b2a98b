//! Polling tasks by hand, so that a seed decides who comes next.
//!
//! A task gives way where the log or the storage is slow: there the next may come. Where it
//! waits for the thread that makes its pack nobody else comes, for how long that takes is no
//! affair of the seed.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

pub(super) type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The threads on which packs are made.
pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

struct Turn {
    home: ThreadId,
    gave_way: AtomicBool,
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Turn {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            home: thread::current().id(),
            gave_way: AtomicBool::new(false),
            woken: Mutex::new(false),
            changed: Condvar::new(),
        })
    }

    fn wait(&self) {
        let woken = self.woken.lock().unwrap();
        let long = Duration::from_secs(60);
        let waited = self
            .changed
            .wait_timeout_while(woken, long, |woken| !*woken);
        let (mut woken, waited) = waited.unwrap();
        assert!(!waited.timed_out(), "a task is stuck");
        *woken = false;
    }
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if thread::current().id() == self.home {
            self.gave_way.store(true, Ordering::Relaxed);
            return;
        }
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

/// Lets a task go on until it gives way or ends.
pub(super) fn poll<F: Future + ?Sized>(task: &mut Pin<Box<F>>) -> Poll<F::Output> {
    let turn = Turn::new();
    let waker = Waker::from(turn.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match task.as_mut().poll(&mut context) {
            Poll::Ready(output) => return Poll::Ready(output),
            Poll::Pending if turn.gave_way.swap(false, Ordering::Relaxed) => return Poll::Pending,
            Poll::Pending => turn.wait(),
        }
    }
}

/// Does nothing else until this is done.
pub(super) fn alone<F: Future>(task: F) -> F::Output {
    let mut task = Box::pin(task);
    loop {
        if let Poll::Ready(output) = poll(&mut task) {
            return output;
        }
    }
}
