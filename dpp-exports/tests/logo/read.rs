//! Codes with a logo are read.

use dpp_exports::bundle::Design;
use dpp_exports::logo::Logo;
use dpp_exports::qr::Lengths;

use crate::images::{coloured, noisy, sized};
use crate::optics::{Picture, render};

/// As many links as there shall be, all of them so long that they need this version.
fn links(version: u8, count: u32) -> Vec<String> {
    let (base, rest) = match version {
        2 => ("HTTPS://A.E/", 7),
        3 => ("HTTPS://ID.EXAMPLE.COM/", 10),
        4 => ("HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/", 5),
        5 => ("HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/", 12),
        6 => ("https://id.example.com/01/09506000134352/21/", 12),
        14 => ("https://id.example.com/mu/0b8f6a0e-5d5c-4f0e-8a55-", 12),
        _ => panic!("{version}"),
    };
    let link = |number: u32| {
        let number = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hex = if version == 14 {
            format!("{number:012x}")
        } else {
            format!("{number:012X}")
        };
        format!("{base}{}", &hex[..rest])
    };
    (1..=count).map(link).collect()
}

fn assert_read(logo: &Logo, version: u8, count: u32) {
    let links = links(version, count);
    let lengths = Lengths::of(links.iter().map(String::as_str));
    let design = Design::of(&lengths, Some(logo)).unwrap();
    assert_eq!(design.version().number(), version);
    for (number, link) in links.iter().enumerate() {
        let picture = Picture::rendered(&design.svg(link).unwrap(), 2);
        assert_eq!(&picture.read(2), link);
        if number % 20 == 0 {
            assert_eq!(&picture.find(2), link);
        }
    }
}

#[test]
fn codes_of_version_2_are_read() {
    assert_read(&noisy(40, 40), 2, 500);
}

#[test]
fn codes_of_version_3_are_read() {
    assert_read(&noisy(40, 40), 3, 500);
}

#[test]
fn codes_of_version_4_are_read() {
    assert_read(&noisy(40, 40), 4, 500);
}

#[test]
fn codes_of_version_5_are_read() {
    assert_read(&noisy(40, 40), 5, 500);
}

#[test]
fn codes_of_version_6_are_read() {
    assert_read(&noisy(40, 40), 6, 500);
}

#[test]
fn codes_of_version_14_are_read() {
    assert_read(&noisy(40, 40), 14, 500);
}

#[test]
fn logos_of_all_colours_and_proportions_are_read_around() {
    for version in [4, 5, 6, 14] {
        for width in [3, 10, 39] {
            for colour in ["#000", "#fff", "#888", "#c00"] {
                assert_read(&coloured(colour, width), version, 3);
            }
        }
    }
}

/// A logo that draws all over the page is shown in its box only.
#[test]
fn a_logo_does_not_leave_its_box() {
    let rect = "<rect x=\"-999\" y=\"-999\" width=\"2000\" height=\"2000\"/>";
    for size in [
        "viewBox=\"0 0 8 8\"",
        "viewBox=\"0 0 8 8\" overflow=\"visible\" preserveAspectRatio=\"xMidYMid slice\"",
        "width=\"8\" height=\"8\" style=\"overflow:visible\"",
    ] {
        let logo = Logo::parse(sized(size, rect).as_bytes()).unwrap();
        assert_read(&logo, 6, 5);
    }
}

#[test]
fn a_logo_fills_its_box_but_for_the_margin() {
    let link = &links(6, 1)[0];
    let svg = |logo: &Logo| {
        let design = Design::of(&Lengths::of([link.as_str()]), Some(logo)).unwrap();
        (design.version(), design.svg(link).unwrap())
    };
    let without_view_box = sized(
        "width=\"8mm\" height=\"8mm\"",
        "<rect width=\"100%\" height=\"100%\" fill=\"#c00\"/>",
    );
    for logo in [
        coloured("#c00", 10),
        Logo::parse(without_view_box.as_bytes()).unwrap(),
    ] {
        let (version, svg) = svg(&logo);
        let area = logo.area(version).unwrap();
        let pixmap = render(&svg, 2);
        for y in area.y..area.y + area.height {
            for x in area.x..area.x + area.width {
                let pixel = pixmap.pixel(2 * (x + 4) + 1, 2 * (y + 4) + 1).unwrap();
                let on_margin = x == area.x
                    || y == area.y
                    || x + 1 == area.x + area.width
                    || y + 1 == area.y + area.height;
                let expected = if on_margin { (255, 255) } else { (204, 0) };
                assert_eq!((pixel.red(), pixel.green()), expected, "{x} {y}");
            }
        }
    }
}
