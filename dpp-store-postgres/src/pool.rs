//! Connections, and the limits that every use of one has.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime,
    TimeoutType,
};
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::Failed;
use crate::options::Options;

/// The parameters of a statement.
pub(crate) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Connections to one database, all with the same schema in front of them.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pool: deadpool_postgres::Pool,
    connect_within: Duration,
    wait_within: Duration,
    answer_within: Duration,
}

/// How much longer than the server the client waits for the end of a statement.
const PATIENCE: Duration = Duration::from_secs(5);

const NO_ANSWER: &str = "the database did not answer";

impl Pool {
    /// A pool that opens its connections when they are needed.
    pub(crate) fn new(options: &Options, tls: MakeRustlsConnect) -> Result<Self, Failed> {
        let mut config = options.config.clone();
        config.connect_timeout(options.connect_within);
        config.keepalives_idle(Duration::from_secs(30));
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(config, tls, ManagerConfig { recycling_method });
        let begin = Arc::new(session(options));
        let limit = options.connect_within;
        let set_up = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
            let begin = begin.clone();
            Box::pin(async move {
                match timeout(limit, client.batch_execute(&begin)).await {
                    Ok(done) => done.map_err(HookError::Backend),
                    Err(_) => Err(HookError::message(NO_ANSWER)),
                }
            })
        });
        let pool = deadpool_postgres::Pool::builder(manager)
            .max_size(options.connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(options.wait_within))
            .create_timeout(Some(options.connect_within))
            .recycle_timeout(Some(options.connect_within))
            .post_create(set_up)
            .build();
        let pool = pool.map_err(Failed::damaged)?;
        Ok(Self {
            pool,
            connect_within: options.connect_within,
            wait_within: options.wait_within,
            answer_within: options.statement_within + PATIENCE,
        })
    }

    /// A connection that nobody else uses.
    pub(crate) async fn take(&self) -> Result<Object, Failed> {
        self.pool.get().await.map_err(|error| self.failed(error))
    }

    /// The same, up to this time.
    pub(crate) async fn take_until(&self, until: Instant) -> Result<Object, Failed> {
        let limit = until.saturating_duration_since(Instant::now());
        match timeout(limit, self.take()).await {
            Ok(taken) => taken,
            Err(_) => Err(Failed::no_connection(format_args!("within {limit:?}"))),
        }
    }

    fn failed(&self, error: PoolError) -> Failed {
        let (connect, wait) = (self.connect_within, self.wait_within);
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                Failed::because(error)
            }
            PoolError::Timeout(TimeoutType::Wait) => {
                let most = self.pool.status().max_size;
                Failed::no_connection(format_args!("none of {most} became free within {wait:?}"))
            }
            PoolError::Timeout(_) | PoolError::PostCreateHook(_) => {
                Failed::no_connection(format_args!("it could not be opened within {connect:?}"))
            }
            PoolError::Closed => Failed::closed(),
            PoolError::NoRuntimeSpecified => Failed::no_connection("there is no runtime"),
        }
    }

    /// The rows of one statement.
    pub(crate) async fn rows(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, Failed> {
        let mut asked = Asked {
            client: Some(self.take().await?),
            within: self.answer_within,
        };
        let answer = timeout(self.answer_within, asked.rows(sql, params)).await;
        let client = asked.client.take();
        answer.unwrap_or_else(|_| {
            client.into_iter().for_each(discard);
            Err(Failed::silent(self.answer_within))
        })
    }

    /// How long a whole answer may take.
    pub(crate) const fn answer_within(&self) -> Duration {
        self.answer_within
    }

    /// How long a whole answer may take that is of no use after this time.
    pub(crate) fn answer_by(&self, until: Instant) -> Duration {
        let left = until.saturating_duration_since(Instant::now());
        self.answer_within.min(left)
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// A connection with a question on it. If nobody waits for the answer any more, it is given back
/// only when the answer has come: whoever had it next would wait behind what nobody wants.
struct Asked {
    client: Option<Object>,
    within: Duration,
}

impl Asked {
    async fn rows(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, Failed> {
        let client = self.client.as_ref().ok_or_else(Failed::closed)?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.query(&statement, params).await?)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else {
            return;
        };
        let Ok(runtime) = Handle::try_current() else {
            return discard(client);
        };
        let within = self.within;
        runtime.spawn(async move {
            // It is answered behind everything that was asked before.
            let answered = timeout(within, client.batch_execute("")).await;
            if !matches!(answered, Ok(Ok(()))) {
                discard(client);
            }
        });
    }
}

/// Closes a connection whose state is not known, instead of giving it back.
pub(crate) fn discard(client: Object) {
    drop(Object::take(client));
}

/// A prepared statement, prepared once a connection.
pub(crate) async fn prepared(client: &Object, sql: &str) -> Result<Statement, Failed> {
    Ok(client.prepare_cached(sql).await?)
}

/// What each connection is told first. A server that would lose what it has committed is told
/// not to; one that does more than that is left alone.
///
/// Every statement of this library goes by an index, key by key and in the index's order. A plan
/// that was made while a table was small would go through all of it, or sort all of a brand, and
/// be kept when there is more: so the planner is told not to think of that. What it has to do all
/// the same it then takes for very dear, and would compile.
fn session(options: &Options) -> String {
    let millis = options.statement_within.as_millis();
    let schema = &options.schema;
    format!(
        "SET search_path TO \"{schema}\";
         SET default_transaction_isolation TO 'read committed';
         SET statement_timeout TO {millis};
         SET enable_seqscan TO off;
         SET enable_hashjoin TO off;
         SET enable_mergejoin TO off;
         SET enable_bitmapscan TO off;
         SET enable_sort TO off;
         SET jit TO off;
         SET idle_in_transaction_session_timeout TO {millis};
         SELECT set_config('synchronous_commit', 'on', false)
          WHERE current_setting('synchronous_commit') = 'off';"
    )
}
