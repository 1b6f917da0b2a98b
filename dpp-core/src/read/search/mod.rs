//! Search: by the beginning of what is printed or shown, inside one brand.
//!
//! Nothing is stored for it but what leads from a beginning to batches; which units of a batch
//! are meant is computed. What is typed is plain text: no character has a meaning of its own.

mod exact;
mod hit;
mod query;
mod walk;

pub use hit::{ExportHit, LotHit, ProductHit, SearchHit};
pub use query::{MAX_QUERY, QueryTooLong};

use serde::Serialize;

use super::listing::{Cursor, CursorScope, Listing, Page};
use super::reads::{Reads, ReadsError};
use crate::access::BrandScope;
use crate::store::log::PageLimit;
use query::{Meant, Query};
use walk::Walk;

/// How many hits a page has at most.
pub const SEARCH_PAGE: usize = 20;

const PRODUCTS: PageLimit = PageLimit::new(SEARCH_PAGE as u32);

/// What tells one search from another.
#[derive(Serialize)]
struct Asked<'a> {
    query: &'a str,
}

impl Reads {
    /// What begins with a text: products by SKU and GTIN (on the first page only), units by
    /// serial, batches, exports, units by id, in this order. 20 hits a page; serials are told
    /// apart by upper and lower case, ids and SKUs are not. A text of one character, or of none,
    /// finds nothing; white space at its ends is left out.
    ///
    /// A whole resolver URL, or a GS1 element string (`(01)09506000134352(21)K7M4Q2X9PRTW`, or
    /// the same without brackets), finds what it names, and nothing else.
    ///
    /// A page may have fewer hits than 20, or none, and a next one all the same: that happens
    /// where serials of the `numeric38` scheme are looked for by few digits, so that no question
    /// takes long.
    ///
    /// # Errors
    /// [`ReadsError::Query`] for a text of over [`MAX_QUERY`] characters;
    /// [`ReadsError::Cursor`] for a cursor of another search; [`ReadsError::Store`],
    /// [`ReadsError::Catalogue`] and [`ReadsError::Provided`] when one of them fails.
    pub async fn search(
        &self,
        scope: &BrandScope,
        text: &str,
        cursor: Option<&Cursor>,
    ) -> Result<Page<SearchHit>, ReadsError> {
        let query = Query::read(text)?;
        let asked = Asked { query: query.text };
        let cursors = CursorScope::new(Listing::Search, scope.brand(), &asked);
        let place = cursors.key(cursor)?;
        let mut hits = Vec::new();
        match query.meant {
            Meant::Nothing => return Ok(Page::whole(hits)),
            Meant::Exactly(thing) => {
                let found = self.search_exactly(scope, &thing).await?;
                return Ok(Page::whole(found));
            }
            Meant::Perhaps(thing) => {
                let found = self.search_exactly(scope, &thing).await?;
                if !found.is_empty() {
                    return Ok(Page::whole(found));
                }
            }
            Meant::Prefix => {}
        }
        if place.is_none() {
            hits = self.find_products(scope, query.text).await?;
        }
        let mut walk = Walk::new(self, scope, query.text, SEARCH_PAGE - hits.len());
        let next = walk.go_on(place.unwrap_or_default()).await?;
        hits.extend(walk.show().await?);
        Ok(Page {
            rows: hits,
            next_cursor: next.map(|place| cursors.cursor(&place)),
        })
    }

    async fn find_products(
        &self,
        scope: &BrandScope,
        text: &str,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let found = self
            .catalogue
            .find_products(scope.brand(), text, PRODUCTS)
            .await?;
        let own = found
            .into_iter()
            .filter(|product| product.brand_id == scope.brand() && product.is_found_by(text));
        Ok(own.take(SEARCH_PAGE).map(SearchHit::of_product).collect())
    }
}
