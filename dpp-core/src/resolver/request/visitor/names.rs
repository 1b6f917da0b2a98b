//! Bots that say only a name.
//!
//! From `monperrus/crawler-user-agents` (MIT, as of July 2026): what the words of the list do not find. Left out
//! is what people use: browsers inside apps (Facebook, WeChat), okhttp, editors, readers with an app.

/// In lower case, in alphabetical order; each counts wherever it stands.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "abuse.xmco.fr", "acquia optimize", "adbeat.com", "admantx", "adminlabs", "adscanner", "air.ai/scanning",
    "appsiteassociation", "asana/", "asnriskscorer", "attracta", "bdfetch", "biglotron", "bigsur.ai",
    "binlar", "bitdiscovery", "blackduck-fd", "bling erp", "blogtrottr", "botpoke", "brandwatch",
    "btwebclient", "bushbaby", "centuryb.o.t9", "collapsify", "corporama matcher", "criticalcss.com",
    "crusty/", "customasynchttpclient", "cyotekwebcopy", "cypex.ai/scanning", "datanyze", "dataprovider.com",
    "digicert dcv", "disqus", "dmbrowser", "dnsscanner", "download ninja", "easybill-importmanager",
    "ec2linkfinder", "emailwolf", "emoney advisor", "evc-batch", "exodusmovement", "fastdast", "fastmailua",
    "fedoraplanet", "foregenix", "funnelback", "geedoshopproductfinder", "gigablast", "globalwebsearch",
    "google trust services", "hardenize", "hotjar", "http_get", "httpunit", "hydrozen.io", "ichiro/",
    "imagemind", "impact.com agent", "indy library", "infegy.com", "inoreader", "integromat/", "ips-agent",
    "iubenda-radar/", "keycdn-tools/", "keydrop.io", "klaviyo/", "knowledge ai", "larbin", "legalmonster",
    "library of congress", "linkdex", "linktiger", "magicsearchdev/", "managewp", "marketgoo/",
    "mediavinemetadataparser/", "meltwaternews", "metauri", "metorik", "miniature.io/", "modularconnector/",
    "mollie http client", "monitorss/", "montools.com", "netvigie", "newsai/", "newsgathering", "newsnow/",
    "nextcloud-news", "novellum", "nuzzel", "omnisend/", "onetrust", "opencode-smartfetch", "openrss",
    "panopta", "panscient", "pcore-http", "pdf24 url to pdf", "penthouse critical", "pingping.io/",
    "pixalate.com", "postrank", "printfriendly.com", "privacy preserving prefetch proxy", "ps_daily/",
    "pwabuilderhttpagent", "reelevant/", "remove.bg/", "researchscan.", "retrolistecom/", "reward-gateway",
    "rsiteauditor", "salesforce.com", "scope3", "search.marginalia.nu", "searcherweb", "searcherxweb",
    "searchexpress", "semantic-visions", "sendgrid", "seo4ajax.com", "sfdc-callout/", "shopify-captain-hook",
    "sindup", "sitelock", "snipcart/", "solarwinds/", "sparkpost", "sparkshipping", "spawning-ai",
    "sqwatcher", "ssl labs", "sv-watchagent", "swisscows", "test certificate info", "testlocally/",
    "theinternetsearch", "theoldreader.com", "thinklab", "traackr.com", "trellis-services",
    "trendsmapresolver", "tsm-turingos", "twilioproxy/", "twingly", "twinwavescanner", "ugaresearchagent",
    "um-ln", "upday/", "updown.io", "upflow", "uptimia", "uptrends", "urlcheckr/", "vaultpress",
    "visionheight.com/scan", "watchtowr", "web screen service", "webcapture", "webflow", "websiteops",
    "wesee:search", "whatweb/", "wheresitup.com/", "wjhro/", "wordupinfosearch", "workona-favicon",
    "wpumbrella", "xenu link sleuth", "ylt chrome", "yokoygroupag/", "zmeu", "zoterotranslationserver",
];
