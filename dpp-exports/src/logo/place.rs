//! Where in a symbol a logo lies.

use crate::qr::{Area, ErrorCorrection, Layout, Version};

/// How many light modules there are around a logo.
pub(super) const MARGIN: u32 = 1;

const MOST_PERCENT: u32 = 11;
const LEAST_SIDE: u32 = 5;

/// The area in which a logo whose width is so many times its height is drawn largest, of such
/// areas the one with the fewest modules.
pub(super) fn place(ratio: f64, version: Version) -> Option<Area> {
    let layout = Layout::new(version, ErrorCorrection::H);
    let sides = || (LEAST_SIDE..version.width()).step_by(2);
    let areas = sides().flat_map(|width| sides().map(move |height| (width, height)));
    areas
        .map(|(width, height)| central(version, width, height))
        .filter(|area| is_allowed(&layout, area))
        .max_by(|one, other| {
            let by_height = drawn_height(one, ratio).total_cmp(&drawn_height(other, ratio));
            by_height.then(other.modules().cmp(&one.modules()))
        })
}

const fn central(version: Version, width: u32, height: u32) -> Area {
    Area {
        x: (version.width() - width) / 2,
        y: (version.width() - height) / 2,
        width,
        height,
    }
}

fn is_allowed(layout: &Layout, area: &Area) -> bool {
    let all = layout.width() * layout.width();
    100 * area.modules() <= MOST_PERCENT * all
        && layout.is_free(area)
        && 2 * layout.damage(area) <= layout.correctable()
}

fn drawn_height(area: &Area, ratio: f64) -> f64 {
    let inner = |side: u32| f64::from(side - 2 * MARGIN);
    inner(area.height).min(inner(area.width) / ratio)
}
