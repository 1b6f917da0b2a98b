//! What a logo must not be. Each is refused for its own reason.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dpp_exports::logo::{Logo, LogoError, MAX_BYTES};

use crate::images::{png, sized, svg};

fn reason(bytes: impl AsRef<[u8]>) -> String {
    Logo::parse(bytes.as_ref()).unwrap_err().to_string()
}

fn assert_refused(inside: &str, expected: &str) {
    assert_eq!(reason(svg(inside)), expected, "{inside}");
}

#[test]
fn what_runs_is_refused() {
    for (inside, expected) in [
        ("<script>alert(1)</script>", "the logo has a script"),
        (
            "<g><script href=\"data:text/javascript,alert(1)\"/></g>",
            "the logo has a script",
        ),
        (
            "<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>",
            "the logo has a script",
        ),
        (
            "<g onclick=\"alert(1)\"/>",
            "the logo has the event handler `onclick`",
        ),
        (
            "<path d=\"M0 0\" onLoad=\"alert(1)\"/>",
            "the logo has the event handler `onLoad`",
        ),
        (
            "<a href=\"javascript:alert(1)\"><path d=\"M0 0\"/></a>",
            "the logo has the element `a`, which is not allowed",
        ),
        (
            "<use href=\"javascript:alert(1)\"/>",
            "the logo refers to `javascript:alert(1)`, which is outside it",
        ),
        (
            "<set attributeName=\"href\" to=\"javascript:alert(1)\"/>",
            "the logo has the element `set`, which is not allowed",
        ),
        (
            "<use href=\"#a\"><animate attributeName=\"href\" values=\"https://evil.example\"/></use>",
            "the logo has the element `animate`, which is not allowed",
        ),
        (
            "<handler type=\"application/ecmascript\">alert(1)</handler>",
            "the logo has the element `handler`, which is not allowed",
        ),
        (
            "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject>",
            "the logo has the element `foreignObject`, which is not allowed",
        ),
        (
            "<iframe xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "the logo has the element `iframe`, which is not allowed",
        ),
        (
            "<path xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "the logo has the element `path`, which is not allowed",
        ),
    ] {
        assert_refused(inside, expected);
    }
    let at_root = sized("viewBox=\"0 0 8 8\" onload=\"alert(1)\"", "");
    assert_eq!(reason(at_root), "the logo has the event handler `onload`");
}

#[test]
fn what_loads_is_refused() {
    let image = |href: &str| format!("<image width=\"8\" height=\"8\" {href}/>");
    let xlink = "xmlns:x=\"http://www.w3.org/1999/xlink\" x:href";
    for (inside, reference) in [
        (
            image("href=\"https://evil.example/a.png\""),
            "https://evil.example/a.png",
        ),
        (
            image(&format!("{xlink}=\"//evil.example/a.png\"")),
            "//evil.example/a.png",
        ),
        (image("href=\"file:///etc/passwd\""), "file:///etc/passwd"),
        (image("href=\"a.png\""), "a.png"),
        (image("src=\"a.png\""), "a.png"),
        (image("href=\"\""), ""),
        (
            image("href=\"data:image/svg+xml;base64,PHN2Zy8+\""),
            "data:image/svg+xml;base64,PHN2Zy8+",
        ),
        (
            image("href=\"data:image/png;base64,???\""),
            "data:image/png;base64,???",
        ),
        (
            image("href=\"data:image/jpeg;base64,AAAA\""),
            "data:image/jpeg;base64,AAAA",
        ),
        (
            image("href=\"data:text/html;base64,AAAA\""),
            "data:text/html;base64,AAAA",
        ),
        ("<use href=\"other.svg#a\"/>".to_owned(), "other.svg#a"),
        (
            "<linearGradient href=\"https://evil.example#a\"/>".to_owned(),
            "https://evil.example#a",
        ),
        (
            "<path fill=\"url(https://evil.example)\"/>".to_owned(),
            "https://evil.example",
        ),
        ("<path fill=\"url( 'a.svg#b' )\"/>".to_owned(), "a.svg#b"),
        (
            "<path style=\"fill:URL(&quot;a.svg#b&quot;)\"/>".to_owned(),
            "a.svg#b",
        ),
        ("<path style=\"mask:url(#a);fill:url(b)\"/>".to_owned(), "b"),
        (
            "<style>path{fill:u<!-- -->rl(//a)}</style>".to_owned(),
            "//a",
        ),
        ("<style>path{fill:&#x75;rl(//a)}</style>".to_owned(), "//a"),
        (
            "<style><![CDATA[path{fill:url(//a)}]]></style>".to_owned(),
            "//a",
        ),
    ] {
        let expected = format!("the logo refers to `{reference}`, which is outside it");
        assert_refused(&inside, &expected);
    }
}

#[test]
fn styles_that_could_load_are_refused() {
    for (style, found) in [
        ("@import url(//evil.example);", "@import"),
        ("@font-face{font-family:a}", "@font-face"),
        (
            "path{fill:u\\72l(//evil.example)}",
            "\\72l(//evil.example)}",
        ),
        ("path{background:image-set('a.png' 1x)}", "image-set("),
        ("path{width:expression(alert(1))}", "expression("),
        ("path{fill:url/**/(//evil.example)}", "("),
        (
            "path{cursor:-webkit-image-set('a' 1x)}",
            "-webkit-image-set(",
        ),
    ] {
        let expected = format!("the logo has a style with `{found}`, which is not allowed");
        assert_refused(&format!("<style>{style}</style>"), &expected);
    }
    assert_refused(
        "<path style=\"fill:src('a')\"/>",
        "the logo has a style with `src(`, which is not allowed",
    );
}

#[test]
fn what_hides_something_is_refused() {
    let svg = svg("");
    for (logo, expected) in [
        (
            format!("<!DOCTYPE svg>{svg}"),
            "the logo has a document type declaration",
        ),
        (
            format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{svg}"),
            "the logo has a document type declaration",
        ),
        (
            format!("<!DOCTYPE svg SYSTEM \"file:///etc/passwd\">{svg}"),
            "the logo has a document type declaration",
        ),
        (
            format!("<?xml-stylesheet href=\"https://evil.example/a.css\"?>{svg}"),
            "the logo has the processing instruction `xml-stylesheet`",
        ),
        (
            format!("<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?>{svg}"),
            "the logo is not in UTF-8",
        ),
    ] {
        assert_eq!(reason(&logo), expected, "{logo}");
    }
    assert_refused(
        "<text>A</text>",
        "the logo has the element `text`, which is not allowed",
    );
    assert_refused(
        "<filter/>",
        "the logo has the element `filter`, which is not allowed",
    );
    assert_refused(
        "<g xml:base=\"https://evil.example\"/>",
        "the logo has the attribute `base`, which is not allowed",
    );
    assert_refused(
        "<g formaction=\"a\"/>",
        "the logo has the attribute `formaction`, which is not allowed",
    );
}

#[test]
fn what_a_small_file_can_blow_up_is_refused() {
    let nested = "<g id=\"a\"><use href=\"#b\"/><use href=\"#b\"/></g>\
                  <g id=\"b\"><use href=\"#c\"/><use href=\"#c\"/></g><path id=\"c\"/>";
    assert_refused(nested, "the logo uses `b`, which uses something itself");
    assert_refused(
        "<use id=\"a\" href=\"#a\"/>",
        "the logo uses `a`, which uses something itself",
    );
    let not_deep = "<g>".repeat(63) + &"</g>".repeat(63);
    assert!(Logo::parse(svg(&not_deep).as_bytes()).is_ok());
    let deep = "<g>".repeat(64) + &"</g>".repeat(64);
    assert_refused(&deep, "the logo has elements more than 64 deep");
    let very_deep = "<g>".repeat(30_000) + &"</g>".repeat(30_000);
    assert_refused(&very_deep, "the logo has elements more than 64 deep");
    let wide = png(4097, 1, || 0);
    assert_eq!(
        reason(&wide),
        "the logo has `4097` x `1` pixels, and at most `4096` x `4096` are allowed"
    );
    let inside = format!(
        "<image href=\"data:image/png;base64,{}\"/>",
        STANDARD.encode(wide)
    );
    assert!(matches!(
        Logo::parse(svg(&inside).as_bytes()),
        Err(LogoError::TooManyPixels { .. })
    ));
}

#[test]
fn what_is_no_picture_is_refused() {
    let no_image = "the logo is neither a PNG nor an SVG";
    assert_eq!(reason([]), no_image);
    assert_eq!(reason(b"\xff\xd8\xff\xe0JFIF"), no_image);
    assert_eq!(reason(b"GIF89a"), no_image);
    assert_eq!(
        reason("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>"),
        no_image
    );
    assert_eq!(reason("<svg viewBox=\"0 0 8 8\"/>"), no_image);
    assert_eq!(reason(b"<svg title='\xff'/>"), "the logo is not in UTF-8");
    assert_eq!(reason(b"\xff\xfe<\0s\0v\0g\0"), "the logo is not in UTF-8");
    let open = reason("<svg xmlns=\"http://www.w3.org/2000/svg\">");
    assert!(
        open.starts_with("the logo is not well-formed XML: "),
        "{open}"
    );
    let entity = reason(svg("&evil;"));
    assert!(
        entity.starts_with("the logo is not well-formed XML: "),
        "{entity}"
    );
    let large = svg(&" ".repeat(MAX_BYTES));
    let expected = format!(
        "the logo has `{}` bytes, and at most `262144` are allowed",
        large.len()
    );
    assert_eq!(reason(large), expected);
}

#[test]
fn a_damaged_png_is_refused() {
    let whole = png(60, 40, || 7);
    assert!(Logo::parse(&whole).is_ok());
    for cut in [8, 20, 40, whole.len() - 13, whole.len() - 1] {
        let reason = reason(&whole[..cut]);
        assert!(
            reason.starts_with("the logo is a damaged PNG: "),
            "{cut}: {reason}"
        );
    }
    for place in [17, 30, whole.len() / 2, whole.len() - 20] {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x10;
        let reason = reason(damaged);
        assert!(
            reason.starts_with("the logo is a damaged PNG: "),
            "{place}: {reason}"
        );
    }
}

#[test]
fn a_logo_without_a_size_or_of_a_hopeless_one_is_refused() {
    let no_size = "the logo has no size: neither a `viewBox` nor a width and a height";
    for size in [
        "",
        "width=\"8\"",
        "width=\"100%\" height=\"100%\"",
        "width=\"1em\" height=\"1em\"",
        "viewBox=\"0 0 8\"",
        "viewBox=\"0 0 8 -8\"",
        "viewBox=\"0 0 8 0\"",
        "viewBox=\"0 0 8 inf\"",
        "viewBox=\"0 0 NaN 8\"",
    ] {
        assert_eq!(reason(sized(size, "")), no_size, "{size}");
    }
    assert_eq!(
        reason(sized("viewBox=\"0 0 41 10\"", "")),
        "the logo is `41` x `10`, and may be at most 4 times as long as it is high, or as high \
         as it is long"
    );
    assert!(matches!(
        Logo::parse(&png(10, 41, || 0)),
        Err(LogoError::Proportions { .. })
    ));
}
