//! Where a scan leads to, and which links there are.

use crate::gs1::{DigitalLink, LotCode, Serial};
use crate::ids::ProductId;
use crate::resolver::answer::{Link, LinkContext, LinkType, Linkset, Preview, ResolverDescription};
use crate::resolver::facts::{PageOf, PageUrl, ProductPage, ScannedProduct, Site};
use crate::resolver::request::{AcceptLanguage, LanguageTag, Scan, Target, Wants};

/// The passport of a product on the host that was asked.
pub(super) fn passport(scan: &Scan, product: ProductId) -> String {
    PageUrl::passport_of(product).with_query(scan.query.as_deref())
}

/// The page that a GS1-conformant resolver leads to; none if there is none of the type that is
/// asked for.
pub(super) fn page(
    scan: &Scan,
    site: &Site,
    product: ProductId,
    known: Option<&ScannedProduct>,
) -> Option<String> {
    let levels = Levels::of(scan, site, product, known);
    let chosen = match &scan.wants {
        Wants::Link(wanted) => levels.choose(scan, wanted),
        _ => levels.default(scan),
    };
    chosen.map(|page| page.url.with_query(scan.query.as_deref()))
}

/// All links, with an anchor for each level that has some: item, lot, product.
pub(super) fn linkset(
    scan: &Scan,
    site: &Site,
    product: ProductId,
    known: Option<&ScannedProduct>,
) -> Linkset {
    let levels = Levels::of(scan, site, product, known);
    let contexts = levels.levels.iter().filter(|level| !level.pages.is_empty());
    let contexts = contexts.map(|level| {
        let links = level.pages.iter().map(|page| {
            let link = link(scan, page);
            (page.link_type.clone(), link)
        });
        LinkContext {
            anchor: level.anchor.clone(),
            default: level.default(scan).map(|page| link(scan, page)),
            links: links.collect(),
        }
    });
    Linkset {
        contexts: contexts.collect(),
    }
}

/// What a bot is shown: the product, whatever of it was scanned.
pub(super) fn preview(
    scan: &Scan,
    site: &Site,
    product: ProductId,
    known: Option<&ScannedProduct>,
) -> Preview {
    let title = known.map_or(site.name.as_str(), |known| &known.title);
    Preview {
        title: title.to_owned(),
        description: known.and_then(|known| known.description.clone()),
        site_name: site.name.clone(),
        image: known.and_then(|known| known.image.clone()),
        url: absolute(scan, PageUrl::passport_of(product).as_str()),
        language: site.language.clone(),
    }
}

/// What the resolver says of itself.
pub(super) fn description(scan: &Scan, site: &Site) -> String {
    let root = format!("https://{}", scan.host);
    ResolverDescription::new(&root, &site.name).to_json()
}

/// The pages of what was scanned, by how closely they are about it.
struct Levels {
    levels: Vec<Level>,
}

/// The pages of an item, of a lot, or of a product.
struct Level {
    anchor: String,
    pages: Vec<ProductPage>,
}

impl Levels {
    fn of(scan: &Scan, site: &Site, product: ProductId, known: Option<&ScannedProduct>) -> Self {
        let all = known
            .map(|known| known.pages.as_slice())
            .unwrap_or_default();
        let leads_on = |page: &&ProductPage| {
            let host = page.url.host();
            host.is_none_or(|host| *host == scan.host || site.other_hosts.contains(host))
        };
        let pages = |of: PageOf| {
            let own = all.iter().filter(|page| page.of == of);
            own.filter(leads_on).cloned().collect::<Vec<_>>()
        };
        let (serial, lot) = named(&scan.target);
        let mut levels = Vec::new();
        if let Some(serial) = serial {
            levels.push(Level {
                anchor: anchor(scan, |link| qualified(link, lot).with_serial(serial)),
                pages: pages(PageOf::Item(serial)),
            });
        }
        if let Some(lot) = lot {
            levels.push(Level {
                anchor: anchor(scan, |link| qualified(link, Some(lot))),
                pages: pages(PageOf::Lot(lot)),
            });
        }
        let mut of_product = pages(PageOf::Product);
        if of_product.is_empty() {
            of_product = passports(product, known);
        }
        levels.push(Level {
            anchor: anchor(scan, |link| link),
            pages: of_product,
        });
        Self { levels }
    }

    fn choose(&self, scan: &Scan, wanted: &LinkType) -> Option<&ProductPage> {
        let mut levels = self.levels.iter();
        levels.find_map(|level| level.choose(scan, wanted))
    }

    fn default(&self, scan: &Scan) -> Option<&ProductPage> {
        self.levels.iter().find_map(|level| level.default(scan))
    }
}

impl Level {
    /// Of the pages of a type, the one in the language that is liked best (RFC 4647, 3.4), else
    /// the first.
    fn choose(&self, scan: &Scan, wanted: &LinkType) -> Option<&ProductPage> {
        let pages = || self.pages.iter().filter(|page| page.link_type == *wanted);
        let spoken = pages().filter_map(|page| Some((page, page.language.clone()?)));
        let (spoken, tags): (Vec<_>, Vec<LanguageTag>) = spoken.unzip();
        let header = scan.accept_language.as_deref().unwrap_or_default();
        let liked = AcceptLanguage::parse(header).lookup(&tags);
        let liked = liked.and_then(|place| spoken.get(place).copied());
        liked.or_else(|| pages().next())
    }

    /// The default link: of the type of the first page.
    fn default(&self, scan: &Scan) -> Option<&ProductPage> {
        let first = self.pages.first()?;
        self.choose(scan, &first.link_type)
    }
}

/// The serial and the lot that a link names.
fn named(target: &Target) -> (Option<Serial>, Option<LotCode>) {
    match target {
        Target::Link(link) => (link.serial(), link.lot()),
        _ => (None, None),
    }
}

fn qualified(product: DigitalLink, lot: Option<LotCode>) -> DigitalLink {
    match lot {
        Some(lot) => product.with_lot(lot),
        None => product,
    }
}

/// What the links of a level are about.
fn anchor(scan: &Scan, of: impl FnOnce(DigitalLink) -> DigitalLink) -> String {
    match &scan.target {
        Target::Link(link) => {
            let product = DigitalLink::product(link.base().clone(), link.gtin());
            of(product).to_string()
        }
        _ => absolute(scan, &scan.path),
    }
}

/// A product without pages of its own has its passport, which is also what there is to know.
fn passports(product: ProductId, known: Option<&ScannedProduct>) -> Vec<ProductPage> {
    let title = known.map_or("Digital product passport", |known| &known.title);
    let page = |link_type| ProductPage {
        link_type,
        url: PageUrl::passport_of(product),
        title: title.to_owned(),
        media_type: Some("text/html".to_owned()),
        language: None,
        of: PageOf::Product,
    };
    vec![page(LinkType::DPP), page(LinkType::PIP)]
}

fn link(scan: &Scan, page: &ProductPage) -> Link {
    Link {
        href: match page.url.host() {
            Some(_) => page.url.as_str().to_owned(),
            None => absolute(scan, page.url.as_str()),
        },
        title: page.title.clone(),
        media_type: page.media_type.clone(),
        languages: page.language.clone().into_iter().collect(),
    }
}

fn absolute(scan: &Scan, path: &str) -> String {
    format!("https://{}{path}", scan.host)
}
