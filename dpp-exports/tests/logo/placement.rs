//! Where logos lie.

use dpp_exports::logo::Logo;
use dpp_exports::qr::Version;
use qrcode::canvas::is_functional;

use crate::images::sized;

fn logo(width: u32, height: u32) -> Logo {
    let size = format!("viewBox=\"0 0 {width} {height}\"");
    Logo::parse(sized(&size, "").as_bytes()).unwrap()
}

const RATIOS: [(u32, u32); 7] = [(1, 1), (3, 2), (2, 3), (2, 1), (1, 2), (4, 1), (1, 4)];

/// The crate does not count the version information.
fn is_function(version: Version, x: u32, y: u32) -> bool {
    let width = version.width();
    let number = qrcode::Version::Normal(version.number().into());
    let is_version = |a: u32, b: u32| version.number() >= 7 && a < 6 && b >= width - 11;
    is_functional(number, width as i16, x as i16, y as i16) || is_version(x, y) || is_version(y, x)
}

#[test]
fn a_logo_lies_in_the_centre_and_touches_no_pattern() {
    for version in Version::all() {
        for (width, height) in RATIOS {
            let Some(area) = logo(width, height).area(version) else {
                continue;
            };
            assert_eq!(2 * area.x + area.width, version.width());
            assert_eq!(2 * area.y + area.height, version.width());
            let all = version.width() * version.width();
            assert!(100 * area.modules() <= 11 * all, "{version} {area:?}");
            for y in area.y..area.y + area.height {
                for x in area.x..area.x + area.width {
                    assert!(!is_function(version, x, y), "{version} {area:?} {x} {y}");
                }
            }
        }
    }
}

#[test]
fn there_is_room_where_no_alignment_pattern_is_in_the_centre() {
    for version in Version::all() {
        let centre = version.width() / 2;
        let is_free = version.number() > 1 && !is_function(version, centre, centre);
        for (width, height) in RATIOS {
            let area = logo(width, height).area(version);
            assert_eq!(area.is_some(), is_free, "{version} {width}:{height}");
        }
    }
}

#[test]
fn squares_have_the_sizes_that_the_documents_tell() {
    let sides = Version::all().filter_map(|version| {
        let area = logo(1, 1).area(version)?;
        assert_eq!(area.width, area.height);
        Some((version.number(), area.width))
    });
    let expected = [
        (2, 5),
        (3, 5),
        (4, 7),
        (5, 9),
        (6, 13),
        (14, 15),
        (15, 15),
        (16, 15),
        (17, 19),
        (18, 19),
        (19, 19),
        (20, 23),
    ];
    assert_eq!(sides.collect::<Vec<_>>(), expected);
}

#[test]
fn a_logo_lies_as_long_as_it_is() {
    let version = Version::all().nth(5).unwrap();
    let (long, high) = (
        logo(2, 1).area(version).unwrap(),
        logo(1, 2).area(version).unwrap(),
    );
    assert!(
        long.width > long.height && high.height > high.width,
        "{long:?} {high:?}"
    );
}
