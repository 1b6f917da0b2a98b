//! What paths mean, and which mean nothing, case by case.
//!
//! Sources of the reasons: GS1 Digital Link: URI Syntax 1.7 (`DL`), GS1-Conformant Resolver 1.2.1
//! (`RES`), the GS1 General Specifications (`GS`), RFC 3986 (`URI`), RFC 9562 (`UUID`), and this
//! library's own paths (`own`).

use dpp_core::gs1::MAX_LINK;
use dpp_core::resolver::{Host, Target};

fn host() -> Host {
    "id.example.com".parse().unwrap()
}

/// A path with its query, what it means, and why.
type Case = (&'static str, &'static str, &'static str);

/// What is read. Behind the kind of thing stand stem, GTIN, qualifiers and query as they are kept.
#[rustfmt::skip]
const READ: &[Case] = &[
    // The product.
    ("/01/09506000134352", "product 09506000134352", "DL 4.3: the primary key alone"),
    ("/01/00000096385074", "product 00000096385074", "GS: a GTIN-8 with zeros before it"),
    ("/01/00614141123452", "product 00614141123452", "GS: a GTIN-12 with zeros before it"),
    ("/01/19506000134359", "product 19506000134359", "GS: an indicator digit of an outer pack"),
    ("/01/09506000134352/", "product 09506000134352", "RES: one slash at the end should be tolerated"),
    ("/01/%30%39506000134352", "product 09506000134352", "URI 6.2.2.2: an escaped digit is the digit"),
    // Stems.
    ("/eu/01/09506000134352", "product 09506000134352 stem /eu", "DL 4.2: a stem before the key"),
    ("/eu/de/p/01/09506000134352", "product 09506000134352 stem /eu/de/p", "DL 4.2: of several segments"),
    ("/EU/01/09506000134352", "product 09506000134352 stem /EU", "URI 6.2.2.1: the case of a path means something"),
    ("/a%20b/01/09506000134352", "product 09506000134352 stem /a%20b", "URI 3.3: escapes in a stem stay"),
    ("/gtin/01/09506000134352", "product 09506000134352 stem /gtin", "DL: a short name is only a name here"),
    ("/mu/01/09506000134352", "product 09506000134352 stem /mu", "own: a segment 01 makes it a Digital Link"),
    ("/p;v=1/01/09506000134352", "product 09506000134352 stem /p;v=1", "URI 3.3: sub-delims are legal in a segment"),
    ("/10/01/09506000134352", "product 09506000134352 stem /10", "DL 4.2: only primary keys are no stem"),
    // Items.
    ("/01/09506000134352/21/K7M4Q2X9PRTW", "item K7M4Q2X9PRTW of 09506000134352", "DL 4.3: AI (21)"),
    ("/01/09506000134352/21/1", "item 1 of 09506000134352", "GS: one character is enough"),
    ("/01/09506000134352/21/12345678901234567890", "item 12345678901234567890 of 09506000134352", "GS: twenty are allowed"),
    ("/01/09506000134352/21/32a%2Fb", "item 32a/b of 09506000134352", "DL 4.5: a slash in a value is escaped"),
    ("/01/09506000134352/21/32a%2fb", "item 32a/b of 09506000134352", "URI 6.2.2.1: hex digits of either case"),
    ("/01/09506000134352/21/%41%42", "item AB of 09506000134352", "URI 6.2.2.2: needless escapes mean the same"),
    ("/01/09506000134352/21/a+b", "item a+b of 09506000134352", "DL: a plus in a path is a plus"),
    ("/01/09506000134352/21/a%2Bb", "item a+b of 09506000134352", "DL: and so is an escaped one"),
    ("/01/09506000134352/21/%21%22%25%26%27%28%29%2A", "item !\"%&'()* of 09506000134352", "GS: punctuation of character set 82"),
    ("/01/09506000134352/21/%3A%3B%3C%3D%3E%3F_", "item :;<=>?_ of 09506000134352", "GS: the rest of it"),
    ("/01/09506000134352/21/a,b;c=d", "item a,b;c=d of 09506000134352", "URI 3.3: sub-delims may stand as they are"),
    ("/01/09506000134352/21/..", "item .. of 09506000134352", "GS: dots are characters; clients may resolve them away"),
    ("/01/09506000134352/21/01", "item 01 of 09506000134352", "DL: the first segment 01 is the key"),
    ("/01/09506000134352/21/abc/", "item abc of 09506000134352", "RES: one slash at the end"),
    ("/eu/01/09506000134352/21/abc", "item abc of 09506000134352 stem /eu", "DL 4.2: a stem"),
    // Lots and variants.
    ("/01/09506000134352/10/LOT42A", "lot LOT42A of 09506000134352", "DL 4.3: AI (10)"),
    ("/01/09506000134352/10/7%2F2026", "lot 7/2026 of 09506000134352", "DL 4.5: escaped slash"),
    ("/01/09506000134352/10/A/21/B", "item B lot A of 09506000134352", "DL 4.3: 10 before 21"),
    ("/01/09506000134352/22/2A", "variant 2A of 09506000134352", "DL 4.3: AI (22)"),
    ("/01/09506000134352/22/2A/21/B", "item B variant 2A of 09506000134352", "DL 4.3: 22 before 21"),
    ("/01/09506000134352/22/2A/10/L", "lot L variant 2A of 09506000134352", "DL 4.3: 22 before 10"),
    ("/01/09506000134352/22/2A/10/L/21/S", "item S lot L variant 2A of 09506000134352", "DL 4.3: all three in order"),
    ("/01/09506000134352/235/TPX-7", "third party TPX-7 of 09506000134352", "DL 4.3: AI (235) alone"),
    ("/01/09506000134352/235/1234567890123456789012345678", "third party 1234567890123456789012345678 of 09506000134352", "GS: 28 characters"),
    // Queries.
    ("/01/09506000134352?", "product 09506000134352 ?", "URI 3.4: an empty query is one"),
    ("/01/09506000134352?linkType=gs1:pip", "product 09506000134352 ?linkType=gs1:pip", "RES: a link type"),
    ("/01/09506000134352?17=261231", "product 09506000134352 ?17=261231", "DL 4.7: a data attribute"),
    ("/01/09506000134352?17=261231&3103=000195", "product 09506000134352 ?17=261231&3103=000195", "DL 4.7: two"),
    ("/01/09506000134352?17=261231;3103=000195", "product 09506000134352 ?17=261231;3103=000195", "DL 4.7: semicolons part, too"),
    ("/01/09506000134352?flag", "product 09506000134352 ?flag", "DL 4.10: a key without a value is the host's"),
    ("/01/09506000134352?a=1&a=2", "product 09506000134352 ?a=1&a=2", "DL 4.10: other keys may repeat"),
    ("/01/09506000134352?a=%2F&b=/?", "product 09506000134352 ?a=%2F&b=/?", "URI 3.4: slashes and question marks are a query's"),
    ("/01/09506000134352?a=&&b", "product 09506000134352 ?a=&&b", "DL 4.10: empty parameters mean nothing"),
    ("/01/09506000134352/21/A?11=260101", "item A of 09506000134352 ?11=260101", "DL 4.7: with a serial"),
    ("/01/09506000134352/235/T?10=L", "third party T of 09506000134352 ?10=L", "DL: a lot of a third party stands in the query"),
    ("/01/09506000134352?x=a+b", "product 09506000134352 ?x=a+b", "URI: kept byte for byte"),
    ("/01/09506000134352?picc_data=EF96&cmac=94EE", "product 09506000134352 ?picc_data=EF96&cmac=94EE", "DL 4.10.1: what an NFC tag adds"),
    ("/01/09506000134352?LINKTYPE=all", "product 09506000134352 ?LINKTYPE=all", "DL 4.10: another key"),
    // Ids of this library.
    ("/mu/0190163d-8694-8000-8000-000000000001", "unit 0190163d-8694-8000-8000-000000000001", "own: a version 8 UUID"),
    ("/mu/0190163D-8694-8000-8000-000000000001", "unit 0190163d-8694-8000-8000-000000000001", "UUID 4: either case"),
    ("/mu/0190163d-8694-8000-8000-000000000001/", "unit 0190163d-8694-8000-8000-000000000001", "RES: one slash at the end"),
    ("/mb/0190163d-8694-7000-8000-000000000002", "batch 0190163d-8694-7000-8000-000000000002", "own: an even version 7 UUID"),
    ("/ml/0190163d-8694-8000-8000-000000000003", "own lot 0190163d-8694-8000-8000-000000000003", "own: a version 8 UUID"),
    ("/eu/mu/0190163d-8694-8000-8000-000000000001", "unit 0190163d-8694-8000-8000-000000000001", "own: a stem"),
    ("/eu/de/ml/0190163d-8694-8000-8000-000000000003", "own lot 0190163d-8694-8000-8000-000000000003", "own: a longer stem"),
    ("/mu/mu/0190163d-8694-8000-8000-000000000001", "unit 0190163d-8694-8000-8000-000000000001", "own: the last but one segment counts"),
    ("/mu/0190163d-8694-8000-8000-000000000001?01=1&21", "unit 0190163d-8694-8000-8000-000000000001", "own: no AIs are read in its query"),
    ("/mu/0190163d-8694-8000-bfff-ffffffffffff", "unit 0190163d-8694-8000-bfff-ffffffffffff", "UUID 4.1: the variant's other digits"),
    ("/.well-known/gs1resolver", "description", "RES: the resolver describes itself"),
    ("/.well-known/gs1resolver?x=1", "description", "URI: a query changes nothing"),
];

/// What is refused, a word of the reason that is given, and why.
#[rustfmt::skip]
const REFUSED: &[Case] = &[
    // No link at all.
    ("/", "neither", "own: the root is no link"),
    ("//", "neither", "URI 3.3: empty segments"),
    ("/foo", "neither", "own: no key"),
    ("/favicon.ico", "neither", "own: no key"),
    ("/foo/bar", "neither", "own: no key"),
    ("/p/0190163d-8694-8000-8000-000000000001", "neither", "own: pages are the host's"),
    ("/1/09506000134352", "neither", "DL: AIs have their zeros"),
    ("/001/09506000134352", "neither", "DL: and no more of them"),
    ("/gtin/09506000134352", "neither", "DL 1.7: short names were given up"),
    ("/8006/09506000134352", "neither", "DL: another key"),
    ("/00/106141412345678908", "neither", "DL: another key"),
    ("/414/9506000134352", "neither", "DL: another key"),
    ("/.well-known/gs1resolver/", "neither", "RES: exactly this path"),
    ("/eu/.well-known/gs1resolver", "neither", "RFC 8615: at the root only"),
    ("/eh3074257bf7194e4000001a85", "neither", "EPCB: compressed links are not read"),
    ("/ARHK", "neither", "DL 1.1: compressed links are not read"),
    ("/%30%31/09506000134352", "neither", "DL: an AI is written in digits"),
    // GTINs.
    ("/01", "no value", "DL: a key needs its value"),
    ("/01/", "no value", "DL: an empty value"),
    ("/01//21/A", "no value", "DL: an empty value"),
    ("/01/09506000134351", "check digit", "GS: a wrong check digit"),
    ("/01/09506000134353", "check digit", "GS: a wrong check digit"),
    ("/01/9506000134352", "14", "DL 4.3: fourteen digits"),
    ("/01/950600013435", "14", "DL 4.3: a GTIN-12 is filled up"),
    ("/01/96385074", "14", "DL 4.3: a GTIN-8 is filled up"),
    ("/01/095060001343520", "GTIN", "GS: fifteen digits"),
    ("/01/0950600013435", "14", "DL 4.3: thirteen digits"),
    ("/01/0950600013435A", "GTIN", "GS: digits only"),
    ("/01/0950600013435%32%32", "GTIN", "GS: fifteen digits, decoded"),
    ("/01/ 09506000134352", "byte", "URI: no spaces"),
    ("/01/%2009506000134352", "GTIN", "GS: no spaces, escaped either"),
    ("/01/-9506000134352", "GTIN", "GS: digits only"),
    ("/01/\u{ff10}9506000134352", "byte", "URI: ASCII only"),
    ("/01/01/09506000134352", "GTIN", "DL: the first 01 is the key"),
    ("/01/shop/01/09506000134352", "GTIN", "DL: a link that could be read in two ways"),
    // Stems.
    ("//01/09506000134352", "empty stem", "URI 3.3: an empty segment"),
    ("/eu//01/09506000134352", "empty stem", "URI 3.3: an empty segment"),
    ("/./01/09506000134352", "path step", "URI 3.3: a path step"),
    ("/../01/09506000134352", "path step", "URI 3.3: a path step"),
    ("/%2e%2e/01/09506000134352", "path step", "URI 6.2.2.3: an escaped one, too"),
    ("/8004/01/09506000134352", "key", "DL: a key is no stem"),
    ("/00/01/09506000134352", "key", "DL: a key is no stem"),
    ("/a%/01/09506000134352", "escape", "URI 2.1: a lone percent sign"),
    ("/a%zz/01/09506000134352", "escape", "URI 2.1: two hex digits"),
    // Qualifiers.
    ("/01/09506000134352//", "empty path segment", "RES: one slash, no more"),
    ("/01/09506000134352//21/A", "empty path segment", "URI 3.3: an empty segment"),
    ("/01/09506000134352/21", "no value", "DL: an AI without a value"),
    ("/01/09506000134352/21/", "no value", "DL: an empty value"),
    ("/01/09506000134352/21//", "no value", "DL: an empty value"),
    ("/01/09506000134352/10//21/A", "no value", "DL: an empty value"),
    ("/01/09506000134352/21/A/10/B", "after", "DL 4.3: 10 before 21"),
    ("/01/09506000134352/10/A/22/B", "after", "DL 4.3: 22 before 10"),
    ("/01/09506000134352/21/A/22/B", "after", "DL 4.3: 22 before 21"),
    ("/01/09506000134352/21/A/21/A", "second time", "DL: each AI once"),
    ("/01/09506000134352/10/A/10/B", "second time", "DL: each AI once"),
    ("/01/09506000134352/235/A/21/B", "beside", "DL: 235 stands alone"),
    ("/01/09506000134352/21/B/235/A", "beside", "DL: 235 stands alone"),
    ("/01/09506000134352/10/B/235/A", "beside", "DL: 235 stands alone"),
    ("/01/09506000134352/17/261231", "does not qualify", "DL 4.7: an attribute belongs in the query"),
    ("/01/09506000134352/99/ABC", "does not qualify", "DL: no qualifier"),
    ("/01/09506000134352/250/X", "does not qualify", "DL 4.7: an attribute belongs in the query"),
    ("/01/09506000134352/98765/X", "unknown AI", "GS: no such AI"),
    ("/01/09506000134352/ser/X", "instead of an AI", "DL 1.7: short names were given up"),
    ("/01/09506000134352/abc", "instead of an AI", "DL: no AI"),
    ("/01/09506000134352/21/123456789012345678901", "value", "GS: twenty characters at most"),
    ("/01/09506000134352/10/123456789012345678901", "value", "GS: twenty characters at most"),
    ("/01/09506000134352/235/12345678901234567890123456789", "value", "GS: 28 characters at most"),
    ("/01/09506000134352/21/a%20b", "value", "GS: no space in character set 82"),
    ("/01/09506000134352/21/a%23b", "value", "GS: no hash in character set 82"),
    ("/01/09506000134352/21/a@b", "value", "GS: no at sign in character set 82"),
    ("/01/09506000134352/21/a$b", "value", "GS: no dollar sign in character set 82"),
    ("/01/09506000134352/21/a~b", "value", "GS: no tilde in character set 82, though a URI has it"),
    ("/01/09506000134352/21/a%5Bb", "value", "GS: no brackets in character set 82"),
    ("/01/09506000134352/21/%00", "zero byte", "GS: no control characters"),
    ("/01/09506000134352/21/%7F", "value", "GS: no control characters"),
    ("/01/09506000134352/21/%C3%BC", "value", "GS: ASCII only"),
    ("/01/09506000134352/21/%FF", "value", "GS: ASCII only"),
    ("/01/09506000134352/21/a%", "escape", "URI 2.1: a lone percent sign"),
    ("/01/09506000134352/21/a%2", "escape", "URI 2.1: two hex digits"),
    ("/01/09506000134352/21/a%2G", "escape", "URI 2.1: two hex digits"),
    ("/01/09506000134352/21/%%32", "escape", "URI 2.1: no escape in an escape"),
    // Characters.
    ("/01/09506000134352/21/a b", "byte", "URI 2: no space"),
    ("/01/09506000134352/21/a\"b", "byte", "URI 2: no quotes as they are"),
    ("/01/09506000134352/21/a<b", "byte", "URI 2: no angle brackets"),
    ("/01/09506000134352/21/a>b", "byte", "URI 2: no angle brackets"),
    ("/01/09506000134352/21/a\\b", "byte", "URI 2: no backslash"),
    ("/01/09506000134352/21/a^b", "byte", "URI 2: no caret"),
    ("/01/09506000134352/21/a`b", "byte", "URI 2: no grave accent"),
    ("/01/09506000134352/21/a{b}", "byte", "URI 2: no braces"),
    ("/01/09506000134352/21/a|b", "byte", "URI 2: no bar"),
    ("/01/09506000134352/21/a[b", "byte", "URI 3.3: no brackets in a path"),
    ("/01/09506000134352#top", "byte", "RFC 9112, 3.2: no fragment in a request"),
    ("/01/09506000134352\r\nX: y", "byte", "RFC 9110, 5.5: no line ends"),
    ("/01/09506000134352\u{0}", "byte", "URI 2: no NUL"),
    ("/01/09506000134352?a=b c", "byte", "URI 2: no space in a query"),
    ("/01/09506000134352?a=\r\nSet-Cookie:x", "byte", "RFC 9110, 5.5: nothing that ends a header"),
    ("/01/09506000134352?a=<script>", "byte", "URI 2: no angle brackets"),
    ("/mu/0190163d-8694-8000-8000-000000000001?a=\u{e9}", "byte", "URI 2: ASCII only"),
    // Queries with AIs.
    ("/01/09506000134352?01=09506000134352", "second time", "DL: each AI once in path and query"),
    ("/01/09506000134352?21=A", "belongs in the path", "DL 4.7: a qualifier belongs in the path"),
    ("/01/09506000134352?10=A", "belongs in the path", "DL 4.7: a qualifier belongs in the path"),
    ("/01/09506000134352/21/A?21=A", "second time", "DL: each AI once"),
    ("/01/09506000134352/235/A?21=B", "belongs in the path", "DL: 21 goes not with 235"),
    ("/01/09506000134352?17=261231&17=261231", "second time", "DL: even with an equal value"),
    ("/01/09506000134352?17=261231;17=261231", "second time", "DL: semicolons part, too"),
    ("/01/09506000134352?17", "no value", "DL 4.7: an attribute has a value"),
    ("/01/09506000134352?17=", "no value", "DL 4.7: an attribute has a value"),
    ("/01/09506000134352?9999999=1", "unknown AI", "DL 4.10: all digits are an AI"),
    ("/01/09506000134352?%31%37=261231&17=261231", "second time", "URI 6.2.2.2: an escaped AI is one"),
    ("/01/09506000134352?37=5", "no data attribute", "GS: a count goes not with a GTIN"),
    ("/01/09506000134352?17=a%20b", "character set 82", "GS: the attribute's characters"),
    ("/01/09506000134352?a%=1", "escape", "URI 2.1: a lone percent sign in a name"),
    // Ids of this library.
    ("/mu", "neither", "own: an id is missing"),
    ("/mu/", "neither", "own: an id is missing"),
    ("/mu//", "unit id", "own: an empty id"),
    ("/mu/abc", "unit id", "UUID 4: no UUID"),
    ("/mu/0190163d869480008000000000000001", "unit id", "UUID 4: with hyphens only"),
    ("/mu/{0190163d-8694-8000-8000-000000000001}", "byte", "URI 2: no braces"),
    ("/mu/urn:uuid:0190163d-8694-8000-8000-000000000001", "unit id", "UUID 4: no URN"),
    ("/mu/0190163d-8694-7000-8000-000000000001", "version 8", "UUID 5.8: units have version 8"),
    ("/mu/0190163d-8694-4000-8000-000000000001", "version 8", "UUID 5.4: a random one is none of ours"),
    ("/mu/0190163d-8694-8000-0000-000000000001", "version 8", "UUID 4.1: another variant"),
    ("/mu/0190163d-8694-8000-8000-00000000000g", "unit id", "UUID 4: hex digits"),
    ("/mu/0190163d-8694-8000-8000-0000000000011", "unit id", "UUID 4: too long"),
    ("/mu/0190163d-8694-8000-8000-00000000000%31", "unit id", "own: an id is not escaped"),
    ("/mu/0190163d-8694-8000-8000-000000000001//", "neither", "RES: one slash, no more"),
    ("/mu/0190163d-8694-8000-8000-000000000001/x", "neither", "own: nothing follows an id"),
    ("/mb/0190163d-8694-8000-8000-000000000002", "version 7", "UUID 5.7: batches have version 7"),
    ("/mb/0190163d-8694-7000-8000-000000000001", "even digit", "own: an odd one is a job"),
    ("/ml/0190163d-8694-7000-8000-000000000003", "version 8", "UUID 5.8: lots have version 8"),
    ("/MU/0190163d-8694-8000-8000-000000000001", "neither", "URI 6.2.2.1: the case of a path means something"),
    ("//mu/0190163d-8694-8000-8000-000000000001", "neither", "URI 3.3: an empty segment"),
    ("/../mu/0190163d-8694-8000-8000-000000000001", "path step", "URI 3.3: a path step"),
    ("/a//mu/0190163d-8694-8000-8000-000000000001", "neither", "URI 3.3: an empty segment"),
    ("/8006/mu/0190163d-8694-8000-8000-000000000001", "key", "DL: a key is no stem"),
];

fn split(url: &str) -> (&str, Option<&str>) {
    match url.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (url, None),
    }
}

fn told(target: &Target) -> String {
    let link = match target {
        Target::Unit(id) => return format!("unit {id}"),
        Target::Batch(id) => return format!("batch {id}"),
        Target::Lot(id) => return format!("own lot {id}"),
        Target::Description => return "description".to_owned(),
        Target::Link(link) => link,
    };
    let mut words = Vec::new();
    words.extend(link.serial().map(|serial| format!("item {serial}")));
    words.extend(link.lot().map(|lot| format!("lot {lot}")));
    words.extend(link.variant().map(|variant| format!("variant {variant}")));
    let third_party = link.third_party_serial();
    words.extend(third_party.map(|serial| format!("third party {serial}")));
    match words.is_empty() {
        true => words.push(format!("product {}", link.gtin())),
        false => words.push(format!("of {}", link.gtin())),
    }
    let stem = Some(link.base().stem()).filter(|stem| !stem.is_empty());
    words.extend(stem.map(|stem| format!("stem {stem}")));
    words.extend(link.query().map(|query| format!("?{query}")));
    words.join(" ")
}

#[test]
fn each_path_means_what_the_standard_says() {
    let wrong = READ.iter().filter_map(|(url, meaning, why)| {
        let (path, query) = split(url);
        let said = match Target::parse(&host(), path, query) {
            Ok(target) => told(&target),
            Err(error) => error.to_string(),
        };
        (said != *meaning).then(|| format!("`{url}` ({why}): {said}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn each_path_that_no_valid_link_has_is_refused_with_its_reason() {
    let wrong = REFUSED.iter().filter_map(|(url, word, why)| {
        let (path, query) = split(url);
        let said = match Target::parse(&host(), path, query) {
            Ok(target) => format!("read as {}", told(&target)),
            Err(error) if error.to_string().contains(word) => return None,
            Err(error) => error.to_string(),
        };
        Some(format!("`{url}` ({why}): {said}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn there_are_at_least_150_cases_and_no_two_are_equal() {
    let all = READ.iter().chain(REFUSED);
    let urls: std::collections::BTreeSet<_> = all.clone().map(|(url, ..)| url).collect();
    assert_eq!(urls.len(), READ.len() + REFUSED.len());
    assert!(urls.len() >= 150, "{}", urls.len());
}

#[test]
fn a_link_has_at_most_so_many_bytes() {
    let rest = MAX_LINK - "https://id.example.com/01/09506000134352?".len();
    let query = "x".repeat(rest);
    assert!(Target::parse(&host(), "/01/09506000134352", Some(&query)).is_ok());
    let query = "x".repeat(rest + 1);
    assert!(Target::parse(&host(), "/01/09506000134352", Some(&query)).is_err());
    let path = format!("/{}", "x/".repeat(32_768));
    assert!(Target::parse(&host(), &path, None).is_err());
}
