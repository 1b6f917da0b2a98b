//! The answers as each flaw makes them: exports.

use std::collections::HashSet;

use dpp_core::read::ReadFold;
use dpp_core::store::{DueExport, DueExports, ExportQuery, ExportRecord, Order, ReadStore};
use dpp_core::{BrandId, ExportId, PageLimit, Timestamp};

use super::flaw::Flaw;
use super::reads::{Answer, BrokenReads};

impl BrokenReads {
    pub(super) async fn wrong_exports(
        &self,
        fold: &ReadFold,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Answer<Vec<ExportRecord>> {
        let all = (ExportQuery::ALL, PageLimit::MAX);
        let all = fold.exports(brand, &all.0, order, None, all.1);
        let mut page = all.await?;
        let mut asked = query.clone();
        if self.is(Flaw::X02Batch) {
            asked.batch = None;
        }
        page.retain(|row| asked.matches(row));
        if self.is(Flaw::X02End) && query.ids.start() < query.ids.end() {
            page.retain(|row| row.export_id < *query.ids.end());
        }
        match self.flaw {
            Flaw::X02Order => {
                page.sort_by_key(|row| row.requested_at);
                let last = page.iter().find(|row| Some(row.export_id) == after);
                let last = last.map(|row| row.requested_at);
                page.retain(|row| Some(row.requested_at) > last);
            }
            Flaw::X02Repeats => page.retain(|row| {
                after.is_none_or(|after| match order {
                    Order::NewestFirst => row.export_id <= after,
                    Order::OldestFirst => row.export_id >= after,
                })
            }),
            _ => page.retain(|row| {
                after.is_none_or(|after| match order {
                    Order::NewestFirst => row.export_id < after,
                    Order::OldestFirst => row.export_id > after,
                })
            }),
        }
        if self.is(Flaw::X02Newest) && order == Order::NewestFirst {
            let rest = page.len().saturating_sub(limit.get());
            page.drain(..rest);
        }
        page.iter_mut().for_each(|row| self.spoil(row));
        page.truncate(limit.get());
        Ok(page)
    }

    fn spoil(&self, row: &mut ExportRecord) {
        match self.flaw {
            Flaw::X01Completed => row.completed = false,
            Flaw::X01Expired => row.expired = false,
            Flaw::X01Failures => row.failures = row.failures.min(1),
            Flaw::X01Rest => {
                let most = row
                    .requested_at
                    .after(std::time::Duration::from_secs(1_800));
                row.runnable_at = row.runnable_at.map(|at| at.min(most));
            }
            _ => (),
        }
    }

    async fn all_exports(&self) -> Answer<Vec<(BrandId, ExportRecord)>> {
        let mut all = Vec::new();
        for brand in self.brands().await? {
            let (query, order) = (ExportQuery::ALL, Order::OldestFirst);
            let page = self
                .sound
                .exports(brand, &query, order, None, PageLimit::MAX);
            all.extend(page.await?.into_iter().map(|record| (brand, record)));
        }
        Ok(all)
    }

    pub(super) async fn wrong_runnable_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Answer<DueExports> {
        let mut all = self.all_exports().await?;
        let may_run = |record: &ExportRecord| match (self.flaw, record.runnable_at) {
            (Flaw::X03Held, Some(_)) => now < record.expires_at,
            (Flaw::X03Over, None) => !record.expired && now < record.expires_at,
            (Flaw::X03End, Some(from)) => from < now && now < record.expires_at,
            (Flaw::X03Late, Some(from)) => from <= now,
            (Flaw::X03Retry, Some(_)) if record.failures > 0 => now < record.expires_at,
            (Flaw::X03Gone, _) if record.failures > 0 => false,
            _ => record.is_runnable(now),
        };
        all.retain(|(_, record)| may_run(record));
        match self.flaw {
            Flaw::X03Newest => {
                all.sort_by_key(|(_, record)| std::cmp::Reverse(record.requested_at));
            }
            Flaw::X03Free => all.sort_by_key(|(_, record)| record.runnable_at),
            Flaw::X03Ids => all.sort_by_key(|(_, record)| record.export_id),
            _ => all.sort_by_key(|(_, record)| (record.requested_at, record.export_id)),
        }
        Ok(self.due(all, limit))
    }

    pub(super) async fn wrong_expiring_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Answer<DueExports> {
        let mut all = self.all_exports().await?;
        let may_expire = |record: &ExportRecord| match self.flaw {
            Flaw::X04Expired => record.expires_at <= now,
            Flaw::X04End => !record.files_removed && record.expires_at < now,
            Flaw::X04Open => record.completed && record.is_expiring(now),
            _ => record.is_expiring(now),
        };
        all.retain(|(_, record)| may_expire(record));
        match self.flaw {
            Flaw::X04Order => all.sort_by_key(|(_, record)| record.requested_at),
            _ => all.sort_by_key(|(_, record)| (record.expires_at, record.export_id)),
        }
        Ok(self.due(all, limit))
    }

    fn due(&self, mut all: Vec<(BrandId, ExportRecord)>, limit: PageLimit) -> DueExports {
        if self.is(Flaw::A02Exports) {
            let mut seen = HashSet::new();
            all.retain(|(_, record)| seen.insert(record.export_id));
        }
        let due = all
            .iter()
            .map(|(brand, record)| DueExport::of(*brand, record));
        let most = match self.flaw {
            Flaw::A04Exports => usize::MAX,
            _ => limit.get(),
        };
        DueExports {
            exports: due.take(most).collect(),
            unreadable: Vec::new(),
        }
    }
}
