//! Search: by the beginning of what is printed or shown, inside one brand.
//!
//! Nothing is stored for it but what leads from a beginning to batches; which units of a batch
//! are meant is computed. What is typed is plain text: no character has a meaning of its own.

mod exact;
mod hit;
mod place;
mod query;
mod show;
mod units;
mod walk;

pub use hit::{ExportHit, LotHit, ProductHit, SearchHit};
pub use query::{MAX_QUERY, QueryTooLong};

use serde::Serialize;

use super::listing::{Cursor, CursorScope, Listing, Page};
use super::reads::{Reads, ReadsError};
use crate::access::BrandScope;
use crate::store::log::PageLimit;
use place::Place;
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
    /// A whole resolver URL (or its path), a GS1 element string
    /// (`(01)09506000134352(21)K7M4Q2X9PRTW`, or the same without brackets) and a whole id find
    /// what they name, and nothing else; if there is no such thing, they are a text like any
    /// other.
    ///
    /// A page may have fewer hits than 20, or none, and a next one all the same, so that no
    /// question takes long: that happens where serials of the `numeric38` scheme are looked for
    /// by three digits or more, where units have serials that the brand brought, and with very many
    /// batches. The pages always come to an end.
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
        let place: Option<Place> = cursors.key(cursor)?;
        let mut hits = match (query.meant, place) {
            (Meant::Nothing, _) => return Ok(Page::whole(Vec::new())),
            (Meant::Perhaps(thing), None) => {
                let found = self.search_exactly(scope, &thing).await?;
                if !found.is_empty() {
                    return Ok(Page::whole(found));
                }
                self.find_products(scope, query.text).await?
            }
            (Meant::Prefix, None) => self.find_products(scope, query.text).await?,
            // A listing that was begun goes on as it was begun.
            (_, Some(_)) => Vec::new(),
        };
        let room = SEARCH_PAGE.saturating_sub(hits.len());
        let mut walk = Walk::new(self, scope, query.text, room);
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
