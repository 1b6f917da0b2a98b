//! Many statements in one round trip.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use deadpool_postgres::Object;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use crate::fault::Failed;
use crate::pool::prepared;

/// One parameter of a statement.
pub(crate) type Param<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// One statement.
pub(crate) enum Step<'a> {
    /// Without parameters and rows.
    Plain(&'a str),
    /// With both.
    With(&'a str, Vec<Param<'a>>),
}

type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<Row>, tokio_postgres::Error>> + Send + 'a>>;

/// Sends all statements at once and gives the rows of each. If one fails, the server passes over
/// those that follow in its transaction, and the first failure is told.
pub(crate) async fn run(client: &Object, steps: &[Step<'_>]) -> Result<Vec<Vec<Row>>, Failed> {
    let mut ready: Vec<Option<Statement>> = Vec::with_capacity(steps.len());
    for step in steps {
        ready.push(match step {
            Step::Plain(_) => None,
            Step::With(sql, _) => Some(prepared(client, sql).await?),
        });
    }
    let mut answers: Vec<_> = steps
        .iter()
        .zip(&ready)
        .map(|(step, statement)| answer(client, step, statement.as_ref()))
        .collect();
    let begun = begin(&mut answers).await;
    let mut rows = Vec::with_capacity(steps.len());
    for (answer, early) in answers.into_iter().zip(begun) {
        let answer = match early {
            Some(answer) => answer,
            None => answer.await,
        };
        rows.push(answer?);
    }
    Ok(rows)
}

/// A call sends its statement when it is first polled: polling each once, in order, sends all of
/// them in that order before the first answer is waited for.
///
/// INVARIANT: behind one that could not be sent none is sent. A server that does not know of it
/// would make the rest, and commit.
async fn begin(answers: &mut [Answer<'_>]) -> Vec<Option<Result<Vec<Row>, tokio_postgres::Error>>> {
    std::future::poll_fn(|context| {
        let mut polled = Vec::with_capacity(answers.len());
        for answer in answers.iter_mut() {
            let early = match answer.as_mut().poll(context) {
                Poll::Ready(answer) => Some(answer),
                Poll::Pending => None,
            };
            let is_broken = matches!(early, Some(Err(_)));
            polled.push(early);
            if is_broken {
                break;
            }
        }
        Poll::Ready(polled)
    })
    .await
}

fn answer<'a>(
    client: &'a Object,
    step: &'a Step<'_>,
    statement: Option<&'a Statement>,
) -> Answer<'a> {
    match (step, statement) {
        (Step::With(_, params), Some(statement)) => Box::pin(async move {
            let params: Vec<&(dyn ToSql + Sync)> = params
                .iter()
                .map(|param| &**param as &(dyn ToSql + Sync))
                .collect();
            client.query(statement, &params).await
        }),
        (Step::Plain(sql) | Step::With(sql, _), _) => {
            Box::pin(async move { client.batch_execute(sql).await.map(|()| Vec::new()) })
        }
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::pool::Pool;
    use crate::testing::TestSchema;
    use crate::tls;

    fn number(value: i64) -> Vec<Param<'static>> {
        vec![Box::new(value)]
    }

    #[tokio::test]
    async fn nothing_is_sent_behind_a_statement_that_cannot_be_sent() {
        let schema = TestSchema::new();
        let options = Options::parse(schema.url()).unwrap();
        let options = options.schema(schema.name()).unwrap();
        let pool = Pool::new(&options, tls::connector(&[]).unwrap()).unwrap();
        let client = pool.take().await.unwrap();
        let name = schema.name();
        let table = format!("CREATE SCHEMA {name} CREATE TABLE numbers (number bigint)");
        client.batch_execute(&table).await.unwrap();
        let insert = "INSERT INTO numbers VALUES ($1)";
        let steps = [
            Step::Plain("BEGIN"),
            Step::With(insert, number(1)),
            Step::With(insert, vec![Box::new("no number")]),
            Step::With(insert, number(3)),
            Step::Plain("COMMIT"),
        ];
        let failed = run(&client, &steps).await.unwrap_err();
        let text = failed.fault.to_string();
        assert!(text.contains("error serializing parameter"), "{text}");
        // The same connection: whatever was sent comes before this.
        client.batch_execute("ROLLBACK").await.unwrap();
        let rows = client.query("SELECT number FROM numbers", &[]).await;
        assert_eq!(rows.unwrap().len(), 0, "a part was committed");
    }
}
