//! A server that logs what a store tells it, and how it would go about it.

use std::collections::BTreeMap;

use dpp_store_postgres::PostgresStore;
use dpp_store_postgres::testing::{Options, Server, TestSchema};
use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::support::{open, options, raw};

/// Three brands with 300 batches and 20,000 events each, of which the second is asked about. Each
/// event was a commit, and made a claim.
pub(crate) const LOAD: &str = "
    INSERT INTO brand_head (brand_id, tag, position)
    SELECT lpad(b::text, 32, '0')::uuid, b, 20000 FROM generate_series(1, 3) b;
    INSERT INTO event
    SELECT lpad(b::text, 32, '0')::uuid, n,
           (ARRAY['mint_batch', 'mint_unit', 'serial_pool'])[1 + n % 3],
           lpad((n % 300)::text, 32, '0')::uuid, n,
           (ARRAY['mint_job_queued', 'mint_unit_activated', 'mint_units_created'])[1 + n % 3],
           1, '{}', gen_random_uuid(), n * 1000, 'scan', gen_random_uuid(), NULL
      FROM generate_series(1, 3) b, generate_series(1, 20000) n;
    INSERT INTO batch
    SELECT lpad(b::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, n, n * 1000,
           lpad((n % 5)::text, 32, '0')::uuid, '09506000134352',
           (ARRAY['queued', 'minted'])[1 + n % 2], (ARRAY['queued', 'completed'])[1 + n % 2],
           n % 2 = 0, NULL, '1', '999999999999', n % 2 = 1, n % 20 = 1, n % 50 = 1, '{}'
      FROM generate_series(1, 3) b, generate_series(1, 300) n;
    INSERT INTO batch_units
    SELECT brand_id, batch_id, 100, 0, 0, '{}' FROM batch;
    INSERT INTO batch_lot
    SELECT brand_id, 'L' || prefix % 7, accepted_at, batch_id FROM batch;
    INSERT INTO unit_exceptions
    SELECT brand_id, batch_id, n, '', '' FROM batch, generate_series(0, 10) n;
    INSERT INTO serial_allocation
    SELECT brand_id, product_id, prefix, batch_id, '{}' FROM batch;
    INSERT INTO provided_serial
    SELECT brand_id, 'own/' || n, batch_id, n FROM batch, generate_series(1, 20) n;
    INSERT INTO export
    SELECT brand_id, lpad((prefix * 20 + n)::text, 32, '0')::uuid, batch_id, 'manifest',
           accepted_at, n > 2, n > 8, accepted_at + 1000, 0,
           CASE WHEN n <= 2 THEN accepted_at END, n > 8
      FROM batch, generate_series(1, 20) n;
    INSERT INTO commit_receipt
    SELECT brand_id, event_id, '', position, position FROM event;
    INSERT INTO claim
    SELECT brand_id, int8send(position), event_id, 'serial', '' FROM event;";

/// Statements that were prepared and executed, with how their parameters were written.
pub(crate) type Statements = BTreeMap<String, String>;

/// A server of its own, a store in it, and a client that is set up as those of the store are.
pub(crate) struct Overheard {
    pub(crate) store: PostgresStore,
    pub(crate) client: Client,
    heard: usize,
    _schema: TestSchema,
    server: Server,
}

impl Overheard {
    pub(crate) async fn open() -> Self {
        let logging = Options::default().setting("log_statement", "all");
        let logging = logging.setting("log_line_prefix", "");
        let server = logging.setting("autovacuum", "off").start().unwrap();
        let schema = TestSchema::on(&server).unwrap();
        let store = open(&options(&schema)).await;
        let client = raw(server.url()).await;
        let log = server.log().unwrap();
        client.batch_execute(&set_up(&log)).await.unwrap();
        Self {
            store,
            client,
            heard: log.len(),
            _schema: schema,
            server,
        }
    }

    /// What the store told the server since it was opened.
    pub(crate) fn statements(&self) -> Statements {
        let log = self.server.log().unwrap();
        executed(&entries(&log[self.heard..]))
    }

    /// What is wrong with the plans that the server would make now, whether it sees the
    /// parameters or not.
    pub(crate) async fn faults(
        &self,
        statements: &Statements,
        of: impl Fn(&str, &Value) -> Vec<String>,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let mode_of = format!("SET plan_cache_mode TO {mode}");
            self.client.batch_execute(&mode_of).await.unwrap();
            for (sql, params) in statements {
                let plan = plan(&self.client, sql, params).await;
                let faults = of(sql, &plan[0]["Plan"]).into_iter();
                wrong.extend(faults.map(|fault| format!("{mode}: {fault} in\n{sql}")));
            }
        }
        wrong
    }
}

#[track_caller]
pub(crate) fn is_flawless(wrong: &[String]) {
    let faults = wrong.len();
    assert!(wrong.is_empty(), "{faults} faults:\n{}", wrong.join("\n\n"));
}

/// How the store sets up each of its connections.
fn set_up(log: &str) -> String {
    let told = entries(log);
    let told = told
        .iter()
        .find_map(|told| told.strip_prefix("LOG:  statement: SET search_path TO \""));
    format!("SET search_path TO \"{}", told.unwrap())
}

/// What the server was told, one entry for each line of its log, with what follows it.
fn entries(log: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), entries.last_mut()) {
            (Some(more), Some(last)) => {
                last.push('\n');
                last.push_str(more);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    entries
}

fn executed(entries: &[String]) -> Statements {
    let mut found = BTreeMap::new();
    for pair in entries.windows(2) {
        let [told, detail] = pair else { continue };
        let Some(rest) = told.trim_start().strip_prefix("LOG:  execute ") else {
            continue;
        };
        let Some((_, sql)) = rest.split_once(": ") else {
            continue;
        };
        let params = detail.trim_start().strip_prefix("DETAIL:  parameters: ");
        let params = params.unwrap_or_default();
        found.insert(sql.to_owned(), params.to_owned());
    }
    found
}

/// The values out of `$1 = '..', $2 = NULL`.
fn values(params: &str) -> Vec<String> {
    let (mut values, mut value, mut quoted) = (Vec::new(), String::new(), false);
    for character in params.chars() {
        quoted ^= character == '\'';
        match character {
            ',' if !quoted => values.push(std::mem::take(&mut value)),
            _ => value.push(character),
        }
    }
    values.push(value);
    let after = |value: &String| value.split_once(" = ").map(|(_, value)| value.to_owned());
    values.iter().filter_map(after).collect()
}

async fn plan(client: &Client, sql: &str, params: &str) -> Value {
    let values = values(params).join(", ");
    let values = if values.is_empty() {
        values
    } else {
        format!("({values})")
    };
    client
        .batch_execute(&format!("PREPARE asked AS {sql}"))
        .await
        .unwrap();
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE asked{values}");
    let answer = client.simple_query(&explain).await;
    let answer = answer.unwrap_or_else(|error| panic!("{error:?} of {sql} with {params}"));
    client.batch_execute("DEALLOCATE asked").await.unwrap();
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    serde_json::from_str(row.unwrap()).unwrap()
}

pub(crate) fn text<'a>(node: &'a Value, key: &str) -> &'a str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn children(node: &Value) -> &[Value] {
    let plans = node.get("Plans").and_then(Value::as_array);
    plans.map_or(&[], Vec::as_slice)
}
