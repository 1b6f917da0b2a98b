//! The serials that brands brought, out of the log.

use std::ops::Range;

use crate::access::BrandScope;
use crate::identity::{BatchIdentity, MintBatchId, ProvidedSerials};
use crate::mint::{MintEvent, PROVIDED_ROWS_PER_EVENT};
use crate::read::reads::ReadsError;
use crate::store::log::{PageLimit, StreamId, StreamKind, Version};
use crate::store::{Codec, EventStore};
use crate::text_rows::TextRows;

/// Reads the serials that a brand brought out of its batch's stream, where they stand right
/// behind the event that accepted the job, in runs of the same length.
pub(crate) struct ProvidedLog<'a> {
    pub(crate) log: &'a dyn EventStore,
    pub(crate) codec: &'a Codec,
}

impl ProvidedLog<'_> {
    /// The serials of these units, if their batch has such.
    pub(crate) async fn serials<A>(
        &self,
        scope: &BrandScope<A>,
        identity: &BatchIdentity,
        indexes: Range<u32>,
    ) -> Result<Option<ProvidedSerials>, ReadsError> {
        if !identity.needs_serials() {
            return Ok(None);
        }
        let batch = identity.batch();
        let mut rows = TextRows::with_capacity(indexes.len(), indexes.len() * 16);
        let mut next = indexes.start;
        while next < indexes.end {
            let run = next / PROVIDED_ROWS_PER_EVENT;
            let start = run * PROVIDED_ROWS_PER_EVENT;
            let end = indexes.end.min(start + PROVIDED_ROWS_PER_EVENT);
            let serials = self.run(scope, batch, run).await?;
            let wanted = serials.split(' ').take((end - start) as usize);
            wanted
                .skip((next - start) as usize)
                .for_each(|row| rows.push(row));
            next = end;
        }
        if rows.len() != indexes.len() {
            let reason = format!("there are {} of {}", rows.len(), indexes.len());
            return Err(damaged(batch, indexes.start, reason));
        }
        ProvidedSerials::new(batch, indexes.start, rows)
            .map(Some)
            .map_err(|error| damaged(batch, indexes.start, error.to_string()))
    }

    async fn run<A>(
        &self,
        scope: &BrandScope<A>,
        batch: MintBatchId,
        run: u32,
    ) -> Result<String, ReadsError> {
        let from = run.saturating_mul(PROVIDED_ROWS_PER_EVENT);
        let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
        let version = Version::FIRST.plus(u64::from(run) + 1);
        let one = PageLimit::new(1);
        let page = self
            .log
            .read_stream(scope.brand(), stream, version, one)
            .await?;
        let Some(recorded) = page.events.first() else {
            return Err(damaged(
                batch,
                from,
                "the stream ends before them".to_owned(),
            ));
        };
        match self.codec.decode(&recorded.event) {
            Ok(MintEvent::SerialsProvided(provided)) if provided.from == from => {
                Ok(provided.serials)
            }
            Ok(_) => Err(damaged(
                batch,
                from,
                "another event stands there".to_owned(),
            )),
            Err(error) => Err(damaged(batch, from, error.to_string())),
        }
    }
}

fn damaged(batch: MintBatchId, from: u32, reason: String) -> ReadsError {
    ReadsError::Provided {
        batch,
        from,
        reason,
    }
}
