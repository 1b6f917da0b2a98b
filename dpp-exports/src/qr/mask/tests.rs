//! The penalty against one that looks at every module by itself.

use proptest::prelude::*;

use super::lanes::{Lanes, Narrow, Wide};
use super::penalty::{ABOVE, Inside, penalties, with_edges};

/// The penalties of four symbols side by side.
fn fast<L: Lanes<4>>(symbols: &[Vec<u128>; 4], width: u32) -> [u64; 4] {
    let mut edged = vec![L::NONE; with_edges(width as usize)];
    for y in 0..width as usize {
        edged[y + ABOVE] = L::of(symbols.each_ref().map(|rows| rows[y]));
    }
    penalties(&edged, &Inside::rows(width))
}

/// The score of `qrcodegen`, module by module.
fn plain(rows: &[u128], width: u32) -> u64 {
    let is_dark = |x: u32, y: u32| rows[y as usize] >> x & 1 == 1;
    let mut penalty = 0;
    for line in 0..width {
        let row: Vec<bool> = (0..width).map(|x| is_dark(x, line)).collect();
        let column: Vec<bool> = (0..width).map(|y| is_dark(line, y)).collect();
        penalty += of_line(&row) + of_line(&column);
    }
    for y in 1..width {
        for x in 1..width {
            let corners = [is_dark(x - 1, y - 1), is_dark(x, y - 1), is_dark(x - 1, y)];
            penalty += 3 * u64::from(corners == [is_dark(x, y); 3]);
        }
    }
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let share = f64::from(dark) / f64::from(width * width);
    let steps = (0_u32..10).find(|k| (share - 0.5).abs() <= 0.05 + 0.05 * f64::from(*k) + 1e-9);
    penalty + 10 * u64::from(steps.unwrap())
}

fn of_line(line: &[bool]) -> u64 {
    let runs: Vec<u64> = line
        .chunk_by(|a, b| a == b)
        .map(|run| run.len() as u64)
        .collect();
    let long = runs.iter().filter(|length| **length >= 5);
    let in_one_colour: u64 = long.map(|length| length - 2).sum();
    // The quiet zone is light, and longer than any line.
    let mut runs = runs;
    for (is_dark, at_end) in [(line[0], false), (line[line.len() - 1], true)] {
        let place = if at_end { runs.len() } else { 0 };
        match (is_dark, at_end) {
            (true, _) => runs.insert(place, 1_000),
            (false, false) => runs[0] += 1_000,
            (false, true) => *runs.last_mut().unwrap() += 1_000,
        }
    }
    let mut finders = 0;
    for (start, window) in runs.windows(7).enumerate() {
        let &[before, n, a, middle, b, c, after] = window else {
            panic!("seven runs")
        };
        let is_light_first = start % 2 == 0;
        if is_light_first && [a, middle, b, c] == [n, 3 * n, n, n] {
            finders += u64::from(before >= 4 * n && after >= n);
            finders += u64::from(after >= 4 * n && before >= n);
        }
    }
    in_one_colour + 40 * finders
}

/// Random bits, in which runs, blocks and finders of every scale are more frequent than by
/// chance.
fn symbol(width: u32, random: &mut fastrand::Rng) -> Vec<u128> {
    let whole = u128::MAX >> (128 - width);
    let mut rows = Vec::new();
    while rows.len() < width as usize {
        let mut row = random.u128(..);
        for _ in 0..random.u32(..4) {
            let (piece, length) = piece(random);
            let place = random.u32(..128);
            row &= !(u128::MAX.checked_shr(128 - length).unwrap_or_default() << place);
            row |= piece << place;
        }
        let times = if random.bool() {
            1
        } else {
            random.usize(1..12)
        };
        rows.extend(std::iter::repeat_n(row & whole, times));
    }
    rows.truncate(width as usize);
    if random.bool() {
        rows
    } else {
        turned(&rows, width)
    }
}

/// A finder with what is light beside it, or a run.
fn piece(random: &mut fastrand::Rng) -> (u128, u32) {
    if random.u32(..4) == 0 {
        let length = random.u32(1..30);
        return (
            if random.bool() {
                0
            } else {
                u128::MAX >> (128 - length)
            },
            length,
        );
    }
    let scale = [1, 1, 2, 2, 3, 4, 5, 6][random.usize(..8)];
    let near = |runs: u32, random: &mut fastrand::Rng| match random.u32(..6) {
        0 => runs * scale - 1,
        1 => runs * scale + 1,
        _ => runs * scale,
    };
    let mut bits = 0;
    let mut length = 0;
    let runs = [
        [1, 4][random.usize(..2)],
        1,
        1,
        3,
        1,
        1,
        [1, 4][random.usize(..2)],
    ];
    for (number, runs) in runs.into_iter().enumerate() {
        // One run in thirty or so is off by one.
        let run = if random.u32(..10) == 0 {
            near(runs, random)
        } else {
            runs * scale
        };
        for _ in 0..run.min(127 - length) {
            bits |= u128::from(number as u32 % 2) << length;
            length += 1;
        }
    }
    (bits, length)
}

fn turned(rows: &[u128], width: u32) -> Vec<u128> {
    let column = |x: u32| {
        let bits = (0..).zip(rows);
        bits.fold(0, |row, (y, bits)| row | (bits >> x & 1) << y)
    };
    (0..width).map(column).collect()
}

fn assert_equal(symbols: &[Vec<u128>; 4], width: u32) {
    let expected = symbols.each_ref().map(|rows| plain(rows, width));
    assert_eq!(
        fast::<Wide<4>>(symbols, width),
        expected,
        "{width} {symbols:x?}"
    );
    if width <= 64 {
        assert_eq!(
            fast::<Narrow<4>>(symbols, width),
            expected,
            "{width} {symbols:x?}"
        );
    }
}

#[test]
fn the_penalties_of_20_000_symbols_are_the_plain_ones() {
    let mut random = fastrand::Rng::with_seed(18_004);
    for number in 0..5_000 {
        let width = 21
            + 4 * if number % 10 == 0 {
                random.u32(..27)
            } else {
                random.u32(..11)
            };
        let symbols = [(); 4].map(|()| symbol(width, &mut random));
        assert_equal(&symbols, width);
    }
}

proptest! {
    #[test]
    fn the_penalty_is_the_plain_one(
        (width, rows) in (1_u32..=27).prop_map(|version| 17 + 4 * version)
            .prop_flat_map(|width| (Just(width), prop::collection::vec(any::<u128>(), width as usize))),
    ) {
        let rows: Vec<_> = rows.iter().map(|row| row & u128::MAX >> (128 - width)).collect();
        let (turned, upside_down) = (turned(&rows, width), rows.iter().rev().copied().collect());
        assert_equal(&[rows, turned, upside_down, vec![0; width as usize]], width);
    }
}

#[test]
fn a_light_symbol_is_as_bad_as_a_dark_one() {
    for width in [21_u32, 61, 65, 125] {
        let light = vec![0; width as usize];
        let dark = vec![!(u128::MAX << width); width as usize];
        let each_line = 2 * width * (width - 2);
        let expected = each_line + 3 * (width - 1) * (width - 1) + 90;
        let symbols = [light.clone(), dark.clone(), light, dark];
        assert_eq!(fast::<Wide<4>>(&symbols, width), [u64::from(expected); 4]);
    }
}

#[test]
fn a_share_of_dark_modules_costs_by_steps_of_5_per_cent() {
    let steps = [344, 343, 375, 376, 250, 249, 313, 0, 625];
    let steps = steps.map(|dark| super::penalty::imbalance(dark, 625));
    assert_eq!(steps, [1, 0, 1, 2, 1, 2, 0, 9, 9]);
}

#[test]
fn a_finder_costs_for_each_side_that_has_four_light_modules() {
    for (row, expected) in [
        ("..........#.###.#................", 2),
        ("#.###.#..........................", 2),
        ("#.###.#.#........................", 1),
        ("..........................#.###.#", 2),
        ("...................#.###.#...#...", 1),
        ("#..#.###.#.......................", 1),
        ("#...#.###.#......................", 1),
        ("#....#.###.#.....................", 2),
        ("......#...#.###.#...#............", 0),
        (".....#....#.###.#...#............", 1),
        ("......#...#.###.#....#...........", 1),
        ("#.###.#.###.#....................", 2),
        ("##.##.#.###.##...................", 0),
        ("........##..######..##...........", 2),
        (".......#.##..######..##..........", 0),
        ("......##.##..######..##..........", 0),
        ("......#..##..######..##..........", 1),
        ("......#...##..######..##.......#.", 0),
        ("##..######..##........#..........", 2),
        ("...###...#########...###.........", 2),
        ("..........###...#########...###..", 2),
        ("#.........###...#########...###..", 1),
        (".####....############....####....", 2),
    ] {
        let line: Vec<bool> = row.chars().map(|module| module == '#').collect();
        let runs = line.chunk_by(|a, b| a == b).map(<[bool]>::len);
        let in_one_colour: usize = runs.filter(|run| *run >= 5).map(|run| run - 2).sum();
        let found = (of_line(&line) - in_one_colour as u64) / 40;
        assert_eq!(found, expected, "{row}");
        let bits = line
            .iter()
            .rev()
            .fold(0, |bits, dark| bits << 1 | u128::from(*dark));
        let mut rows = vec![0; line.len()];
        rows[16] = bits;
        let symbols = [turned(&rows, 33), rows.clone(), turned(&rows, 33), rows];
        assert_equal(&symbols, 33);
    }
}
