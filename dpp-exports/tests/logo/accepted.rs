//! What drawing programs make is taken.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dpp_exports::logo::Logo;

use crate::images::{png, sized, svg};

#[test]
fn what_only_draws_is_taken() {
    let picture = STANDARD.encode(png(4, 4, || 9));
    for inside in [
        "<title>Nordlin</title><desc>The emblem</desc><!-- by hand -->".to_owned(),
        "<defs><style>.cls-1{fill:#0a7;} .cls-2{fill:url(#a);clip-path:url('#b')}</style>\
         <linearGradient id=\"a\" gradientTransform=\"rotate(45)\"><stop offset=\"0\" \
         stop-color=\"rgb(1 2 3)\"/></linearGradient><clipPath id=\"b\"><rect width=\"8\" \
         height=\"8\"/></clipPath></defs><path class=\"cls-1\" d=\"M0 0h8v8H0z\"/>"
            .to_owned(),
        "<g id=\"Layer (1)\" data-name=\"a@b\" transform=\"translate(1,2) scale(.5)\"><circle \
         cx=\"4\" cy=\"4\" r=\"3\" style=\"fill:none;stroke:#000;stroke-width:1px\"/></g>"
            .to_owned(),
        "<symbol id=\"s\"><path d=\"M0 0h1v1z\"/></symbol><use href=\"#s\"/><use \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#s\" x=\"4\"/>"
            .to_owned(),
        format!("<image width=\"8\" height=\"8\" href=\"data:image/png;base64,{picture}\"/>"),
        "<image width=\"8\" height=\"8\" href=\"data:image/jpeg;base64,/9j/4AAQ\"/>".to_owned(),
    ] {
        let logo = Logo::parse(svg(&inside).as_bytes());
        assert!(logo.is_ok(), "{inside}: {logo:?}");
    }
    for before in [
        "\u{feff}",
        "\n",
        "<?xml version=\"1.0\"?>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><!-- Generator -->\n",
        "<?xml version='1.0' encoding='utf-8'?>",
    ] {
        let logo = Logo::parse(format!("{before}{}", svg("")).as_bytes());
        assert!(logo.is_ok(), "{before}: {logo:?}");
    }
}

#[test]
fn the_size_is_read_in_every_unit() {
    for size in [
        "viewBox=\"0 0 20 10\"",
        "viewBox=\" -5,-5 , 2e1 1.0e+1 \" width=\"7\" height=\"9\"",
        "width=\"20\" height=\"10\"",
        "width=\"2in\" height=\"96px\"",
        "width=\"25.4mm\" height=\"36pt\"",
        "width=\" 2.54cm \" height=\"3pc\"",
    ] {
        let logo = Logo::parse(sized(size, "").as_bytes()).unwrap();
        let of_twice = Logo::parse(&png(20, 10, || 0)).unwrap();
        for version in dpp_exports::qr::Version::all() {
            assert_eq!(logo.area(version), of_twice.area(version), "{size}");
        }
    }
}

#[test]
fn large_pictures_are_taken() {
    assert!(Logo::parse(&png(4096, 4096, || 200)).is_ok());
}

#[test]
fn a_logo_is_known_by_its_bytes() {
    let bytes = svg("");
    let logo = Logo::parse(bytes.as_bytes()).unwrap();
    assert_eq!(logo.sha256(), dpp_exports::sha256(bytes.as_bytes()));
}
