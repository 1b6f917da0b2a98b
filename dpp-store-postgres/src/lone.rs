//! A connection for one piece of work, which ends with it.

use std::time::Duration;

use deadpool_postgres::Object;
use tokio_postgres::Row;

use crate::fault::Failed;
use crate::pipeline::{Step, run};
use crate::pool::{Params, Pool, discard, prepared};

/// A connection that one piece of work has for itself, transactions and all. Dropped before the
/// work is [finished](Self::finish), it is closed, and the server undoes what was not committed.
#[derive(Debug)]
pub(crate) struct Lone {
    client: Option<Object>,
    limit: Duration,
}

impl Lone {
    pub(crate) async fn take(pool: &Pool) -> Result<Self, Failed> {
        Ok(Self {
            client: Some(pool.take().await?),
            limit: pool.answer_within(),
        })
    }

    /// The same for what may take long: each call has as much time as so many would.
    pub(crate) fn patient(mut self, calls: u32) -> Self {
        self.limit *= calls;
        self
    }

    /// Gives the connection back; no transaction is open.
    pub(crate) fn finish(mut self) {
        drop(self.client.take());
    }

    pub(crate) fn client(&self) -> Result<&Object, Failed> {
        let gone = || Failed::again("the connection was given back");
        self.client.as_ref().ok_or_else(gone)
    }

    /// A statement without parameters and rows.
    pub(crate) async fn plain(&self, sql: &str) -> Result<(), Failed> {
        let client = self.client()?;
        self.within(async { Ok(client.batch_execute(sql).await?) })
            .await
    }

    /// The rows of one statement.
    pub(crate) async fn rows(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, Failed> {
        let client = self.client()?;
        self.within(async {
            let statement = prepared(client, sql).await?;
            Ok(client.query(&statement, params).await?)
        })
        .await
    }

    /// Many statements in one round trip.
    pub(crate) async fn run(&self, steps: &[Step<'_>]) -> Result<Vec<Vec<Row>>, Failed> {
        let client = self.client()?;
        self.within(run(client, steps)).await
    }

    pub(crate) async fn within<T>(
        &self,
        asked: impl Future<Output = Result<T, Failed>>,
    ) -> Result<T, Failed> {
        let answered = tokio::time::timeout(self.limit, asked).await;
        answered.unwrap_or_else(|_| Err(Failed::silent(self.limit)))
    }
}

impl Drop for Lone {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            discard(client);
        }
    }
}
