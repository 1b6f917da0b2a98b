//! A question to a server from code that is not asynchronous.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

use super::ServerError;

const PATIENCE: Duration = Duration::from_secs(10);

/// Runs some SQL on a connection of its own; the answer is the first field of the first row.
///
/// It has a thread of its own, too: the caller may well be inside a runtime, and a runtime
/// inside another one is refused.
pub(super) fn query(url: &str, sql: &str) -> Result<Option<String>, ServerError> {
    thread::scope(|scope| {
        let asking = scope.spawn(|| query_here(url, sql));
        asking.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn query_here(url: &str, sql: &str) -> Result<Option<String>, ServerError> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(ServerError::system("cannot make a runtime"))?;
    runtime.block_on(async {
        let mut config: Config = url.parse()?;
        let (client, connection) = config.connect_timeout(PATIENCE).connect(NoTls).await?;
        tokio::spawn(connection);
        let answer = client.simple_query(sql).await?;
        Ok(answer.iter().find_map(first_field))
    })
}

fn first_field(message: &SimpleQueryMessage) -> Option<String> {
    match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }
}
