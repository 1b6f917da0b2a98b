//! The penalty against one that looks at every module by itself.

use proptest::prelude::*;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::types::{Color, EcLevel};

use super::{EDGE, Word, penalty};
use crate::qr::{Encoder, ErrorCorrection, Version};

fn fast<W: Word>(rows: &[u128], width: u32) -> u32 {
    let mut edged = vec![W::ZERO; EDGE];
    edged.extend(rows.iter().map(|row| W::of(*row)));
    edged.extend([W::ZERO; EDGE]);
    penalty(&edged, width)
}

/// Lines are rows, or columns.
struct Lines {
    lines: Vec<Vec<bool>>,
}

impl Lines {
    fn rows(rows: &[u128], width: u32) -> Self {
        let line = |row: &u128| (0..width).map(|x| row >> x & 1 == 1).collect();
        Self {
            lines: rows.iter().map(line).collect(),
        }
    }

    fn columns(rows: &[u128], width: u32) -> Self {
        let line = |x: u32| rows.iter().map(|row| row >> x & 1 == 1).collect();
        Self {
            lines: (0..width).map(line).collect(),
        }
    }

    fn runs(&self) -> u32 {
        let of_line = |line: &Vec<bool>| -> u32 {
            let runs = line.chunk_by(|a, b| a == b).map(|run| run.len() as u32);
            runs.filter(|length| *length >= 5)
                .map(|length| length - 2)
                .sum()
        };
        self.lines.iter().map(of_line).sum()
    }

    fn finders(&self) -> u32 {
        let mut found = 0;
        for line in &self.lines {
            for start in 0..=line.len() - 7 {
                let is_dark =
                    |at: isize| usize::try_from(at).is_ok_and(|at| line.get(at) == Some(&true));
                let start = start as isize;
                let pattern = [true, false, true, true, true, false, true];
                let is_finder = (start..).zip(pattern).all(|(at, dark)| is_dark(at) == dark);
                let before = (start - 4..start).any(is_dark);
                let after = (start + 7..start + 11).any(is_dark);
                found += u32::from(is_finder && !(before && after));
            }
        }
        found
    }
}

fn plain(rows: &[u128], width: u32) -> u32 {
    let (across, down) = (Lines::rows(rows, width), Lines::columns(rows, width));
    let lines = &across.lines;
    let mut blocks = 0;
    for y in 1..lines.len() {
        for x in 1..lines[y].len() {
            let corners = [lines[y - 1][x - 1], lines[y - 1][x], lines[y][x - 1]];
            blocks += u32::from(corners.iter().all(|corner| *corner == lines[y][x]));
        }
    }
    let dark = lines.iter().flatten().filter(|dark| **dark).count() as u32;
    let all = width * width;
    let is_off_by = |steps: &u32| (2 * dark).abs_diff(all) * 10 >= steps * all;
    let steps = (1..=10).take_while(is_off_by).count() as u32;
    across.runs() + down.runs() + 3 * blocks + 40 * (across.finders() + down.finders()) + 10 * steps
}

/// Rows in which runs, blocks and finders are more frequent than by chance.
fn rows(width: u32) -> impl Strategy<Value = Vec<u128>> {
    let piece = prop_oneof![
        4 => (1_u32..9, any::<u128>()),
        1 => Just((7, 0b101_1101)),
        1 => Just((15, 0b101_1101_0000)),
        1 => Just((15, 0b000_0101_1101)),
        1 => (1_u32..12, prop_oneof![Just(0), Just(u128::MAX)]),
    ];
    let row = prop::collection::vec(piece, 1..24).prop_map(move |pieces| {
        let bits = pieces.into_iter().fold(0, |row, (length, bits)| {
            row << length | bits & ((1_u128 << length) - 1)
        });
        bits & !(u128::MAX << (width - 1) << 1)
    });
    let rows = prop::collection::vec((row, 1_usize..4), width as usize);
    rows.prop_map(move |rows| {
        let repeated = rows.into_iter().flat_map(|(row, times)| vec![row; times]);
        repeated.take(width as usize).collect()
    })
}

fn turned(rows: &[u128], width: u32) -> Vec<u128> {
    let column = |x: u32| {
        (0..)
            .zip(rows)
            .fold(0, |row, (y, bits)| row | (bits >> x & 1) << y)
    };
    (0..width).map(column).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_penalty_is_the_plain_one(
        (width, rows) in (1_u32..=27).prop_map(|version| 17 + 4 * version)
            .prop_flat_map(|width| (Just(width), rows(width))),
    ) {
        for rows in [turned(&rows, width), rows] {
            let expected = plain(&rows, width);
            prop_assert_eq!(fast::<u128>(&rows, width), expected);
            if width <= 64 {
                prop_assert_eq!(fast::<u64>(&rows, width), expected);
            }
        }
    }
}

#[test]
fn a_light_symbol_is_as_bad_as_a_dark_one() {
    for width in [21_u32, 61, 65, 125] {
        let light = vec![0; width as usize];
        let dark = vec![!(u128::MAX << width); width as usize];
        let each_line = 2 * width * (width - 2);
        let expected = each_line + 3 * (width - 1) * (width - 1) + 100;
        assert_eq!(fast::<u128>(&light, width), expected);
        assert_eq!(fast::<u128>(&dark, width), expected);
    }
}

/// Where the standard's ranges meet, the higher one counts; 25 x 25 modules can be 60 % dark.
#[test]
fn a_full_five_per_cent_counts() {
    let rows = |dark: u32| {
        let row = |y: u32| match dark.saturating_sub(25 * y).min(25) {
            0 => 0,
            modules => u128::MAX >> (128 - modules),
        };
        (0..25).map(row).collect::<Vec<_>>()
    };
    let steps = [374, 375, 376, 343, 344, 281, 282, 250, 249, 0, 625];
    let steps = steps.map(|dark| super::imbalance(&rows(dark), 25));
    assert_eq!(steps, [1, 2, 2, 0, 1, 1, 0, 2, 2, 10, 10]);
}

#[test]
fn a_finder_costs_once_and_only_beside_four_light_modules() {
    for (row, expected) in [
        ("..........#.###.#................", 1),
        ("#.###.#..........................", 1),
        ("..........................#.###.#", 1),
        ("...................#.###.#...#...", 1),
        ("......#...#.###.#...#............", 0),
        (".....#....#.###.#...#............", 1),
        ("......#...#.###.#....#...........", 1),
        ("#.###.#.###.#....................", 2),
        ("##.##.#.###.##...................", 0),
    ] {
        let bits = row.chars().rev();
        let bits = bits.fold(0, |bits, module| bits << 1 | u128::from(module == '#'));
        let mut rows = vec![0; row.len()];
        rows[16] = bits;
        for rows in [turned(&rows, 33), rows] {
            let lines = [Lines::rows(&rows, 33), Lines::columns(&rows, 33)];
            let found: u32 = lines.iter().map(Lines::finders).sum();
            assert_eq!(found, expected, "{row}");
            assert_eq!(fast::<u64>(&rows, 33), plain(&rows, 33), "{row}");
        }
    }
}

/// The crate's own drawings of a text, one for each mask, and the one that it would choose.
fn drawings(version: i16, level: EcLevel, text: &str) -> ([Vec<u128>; 8], Vec<u128>) {
    use MaskPattern::*;
    let mut bits = qrcode::bits::Bits::new(qrcode::Version::Normal(version));
    bits.push_byte_data(text.as_bytes()).unwrap();
    bits.push_terminator(level).unwrap();
    let bits = bits.into_bytes();
    let version = qrcode::Version::Normal(version);
    let (data, correction) = qrcode::ec::construct_codewords(&bits, version, level).unwrap();
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    let rows = |canvas: Canvas| {
        let colors = canvas.into_colors();
        let rows = colors.chunks(version.width() as usize).map(|row| {
            let modules = row.iter().rev();
            modules.fold(0, |row, color| row << 1 | u128::from(*color == Color::Dark))
        });
        rows.collect()
    };
    let masks = [
        Checkerboard,
        HorizontalLines,
        VerticalLines,
        DiagonalLines,
        LargeCheckerboard,
        Fields,
        Diamonds,
        Meadow,
    ];
    let masked = masks.map(|mask| {
        let mut canvas = canvas.clone();
        canvas.apply_mask(mask);
        rows(canvas)
    });
    (masked, rows(canvas.apply_best_mask()))
}

/// The crate has the same N1 to N3, and as N4 one point for each half per cent, so that it does
/// not always choose the same mask.
fn with_the_crates_balance(rows: &[u128], width: u32) -> u32 {
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let share = dark * 200 / (width * width);
    plain(rows, width) - 10 * super::imbalance(rows, width) + share.abs_diff(100)
}

fn best(masked: &[Vec<u128>; 8], penalty: impl Fn(&[u128]) -> u32) -> usize {
    (0..8).min_by_key(|mask| penalty(&masked[*mask])).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_mask_is_the_first_with_the_least_plain_penalty(
        number in 1_i16..=27,
        is_high in any::<bool>(),
        text in "[a-z]{1,7}",
        more in "[!-~]{0,600}",
    ) {
        let (ours, level) = match is_high {
            true => (ErrorCorrection::H, EcLevel::H),
            false => (ErrorCorrection::M, EcLevel::M),
        };
        let version = Version::all().nth(number as usize - 1).unwrap();
        let encoder = Encoder::of_version(version, ours);
        let long = format!("{text}{more}");
        let text = [long.as_str(), &text].into_iter().find(|text| encoder.encode(text).is_ok());
        let text = text.unwrap();
        let symbol = encoder.encode(text).unwrap();
        let width = version.width();

        let (masked, chosen_by_crate) = drawings(number, level, text);
        let expected = best(&masked, |rows| plain(rows, width));
        prop_assert_eq!(usize::from(symbol.mask()), expected);
        prop_assert_eq!(symbol.rows(), &masked[expected]);

        let expected = best(&masked, |rows| with_the_crates_balance(rows, width));
        prop_assert_eq!(chosen_by_crate, masked[expected].clone());
    }
}
