//! Holding a task back, and breaking it off.

use std::pin::pin;
use std::task::{Context, Poll};

use tokio::sync::Semaphore;

/// A place where whoever comes by waits until it is opened.
#[derive(Debug)]
pub(crate) struct Gate {
    arrived: Semaphore,
    open: Semaphore,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            arrived: Semaphore::new(0),
            open: Semaphore::new(0),
        }
    }

    /// Waits until it is open.
    pub(crate) async fn pass(&self) {
        self.arrived.add_permits(1);
        let passed = self.open.acquire().await;
        drop(passed.unwrap());
    }

    /// Waits until somebody is at it.
    pub(crate) async fn reached(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    /// Lets everybody through from now on.
    pub(crate) fn open(&self) {
        self.open.add_permits(Semaphore::MAX_PERMITS / 2);
    }
}

/// Lets others go first, so many times.
pub(crate) async fn give_way(times: u32) {
    let mut left = times;
    let turn = |context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    };
    std::future::poll_fn(turn).await;
}

/// What a future comes to, unless so many polls are not enough: then it is dropped.
pub(crate) async fn within<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polled = 0;
    let turn = |context: &mut Context<'_>| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        future.as_mut().poll(context).map(Some)
    };
    std::future::poll_fn(turn).await
}
