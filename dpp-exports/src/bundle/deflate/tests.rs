//! Deflated paths against the rule, followed step by step on the text.

use proptest::prelude::*;
use zlib_rs::{Inflate, InflateFlush, Status};

use super::bits::Bits;
use super::code::{Code, LENGTHS};
use super::{Fragments, PathWriter};

/// A symbol of the compressed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Literal(u8),
    Again(usize, usize),
    End,
}

/// The path of rows as the documentation says, run by run.
pub(crate) fn path(rows: &[u128]) -> String {
    let mut path = String::new();
    let mut pen = None;
    for (y, row) in (4_i32..).zip(rows) {
        let is_dark = |x: i32| x < 128 && row >> x & 1 == 1;
        for end in (0..=128).filter(|x| *x > 0 && is_dark(x - 1) && !is_dark(*x)) {
            let length = (0..end).rev().take_while(|x| is_dark(*x)).count();
            let x = end + 4;
            let start = match pen {
                None => format!("M{x} {y}"),
                Some((before, above)) => format!("m{} {}", x - before, y - above),
            };
            path += &format!("{start}v1h-{length}v-1z");
            pen = Some((x, y));
        }
    }
    path
}

/// Runs with the `m` of the next one; each but the first has back references into the one before.
fn symbols(path: &str, tail: &str) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let (mut before, mut start) = (0, 0);
    for run in path.split_inclusive("zm") {
        let mut here = start;
        let mut push = |text: &str, may_be_again: bool| {
            let found = path[before..here]
                .rfind(text)
                .filter(|_| may_be_again && start > 0);
            let distance = found.map(|found| here - before - found);
            match distance.filter(|distance| (13..=16).contains(distance)) {
                Some(distance) => symbols.push(Symbol::Again(text.len(), distance)),
                None if text == " 0v1h-" => return false,
                None => symbols.extend(text.bytes().map(Symbol::Literal)),
            }
            here += text.len();
            true
        };
        let (way, rest) = run.split_once("v1h-").unwrap();
        let (right, down) = way.split_once(' ').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        push(right, false);
        if down != "0" || !push(" 0v1h-", true) {
            push(&format!(" {down}"), false);
            push("v1h-", true);
        }
        push(length, false);
        push(&rest[length.len()..], true);
        (before, start) = (start, start + run.len());
    }
    symbols.extend(tail.bytes().map(Symbol::Literal));
    symbols.push(Symbol::End);
    symbols
}

/// The bits of a Huffman code, the first bit first: codes of one length count up.
fn huffman(symbol: u16) -> String {
    let mut sorted: Vec<(u8, u16)> = LENGTHS
        .iter()
        .map(|(symbol, length)| (*length, *symbol))
        .collect();
    sorted.sort_unstable();
    let mut code = 0_u32;
    let mut before = 0;
    for (length, of) in sorted {
        code <<= length - before;
        if of == symbol {
            return format!("{code:0width$b}", width = length.into());
        }
        code += 1;
        before = length;
    }
    panic!("{symbol} has no code")
}

fn bytes(bits: &str) -> Vec<u8> {
    let bits: Vec<u8> = bits.bytes().map(|bit| bit - b'0').collect();
    let byte = |bits: &[u8]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
    bits.chunks(8).map(byte).collect()
}

/// A path and what follows it, deflated by the rule.
pub(crate) fn deflated(path: &str, tail: &str) -> Vec<u8> {
    let mut header = Bits::default();
    Code::new().push_header(&mut header);
    let header_bits = header.count() as usize;
    let header: String = header
        .finish()
        .iter()
        .map(|byte| format!("{:08b}", byte.reverse_bits()))
        .collect();
    let mut bits = header[..header_bits].to_owned();
    for symbol in symbols(path, tail) {
        match symbol {
            Symbol::Literal(byte) => bits += &huffman(byte.into()),
            Symbol::Again(length, distance) => {
                bits += &huffman(254 + length as u16);
                // The code of the distances, and the number in it from its lowest bit.
                bits += ["000", "010", "001", "011"][distance - 13];
            }
            Symbol::End => bits += &huffman(256),
        }
    }
    bytes(&bits)
}

fn inflated(deflated: &[u8], size: usize) -> Vec<u8> {
    let mut plain = vec![0; size + 100];
    let mut inflate = Inflate::new(false, 15);
    let status = inflate
        .decompress(deflated, &mut plain, InflateFlush::Finish)
        .unwrap();
    assert_eq!(status, Status::StreamEnd);
    assert_eq!(inflate.total_in() as usize, deflated.len());
    plain.truncate(inflate.total_out() as usize);
    plain
}

pub(crate) const TAIL: &str = "\"/></svg>\n";

fn assert_equal(fragments: &Fragments, rows: &[u128]) {
    let path = path(rows);
    let mut writer = PathWriter::new(fragments);
    let (text, fast) = writer.write(rows.iter().copied());
    assert_eq!(str::from_utf8(text).unwrap(), format!("{path}{TAIL}"));
    assert_eq!(fast, deflated(&path, TAIL), "{rows:x?}");
    assert_eq!(inflated(fast, text.len()), text);
}

/// Rows with runs of all lengths, and with none.
fn rows() -> impl Strategy<Value = Vec<u128>> {
    let run = prop_oneof![8 => 1_u32..4, 2 => 4_u32..12, 1 => 12_u32..60];
    let row = prop::collection::vec(run, 0..60).prop_map(|runs| {
        let mut row = 0_u128;
        let mut at = 0;
        for (number, run) in runs.into_iter().enumerate() {
            let run = run.min(125 - at);
            let dark = u128::MAX.checked_shr(128 - run).unwrap_or_default();
            row |= if number % 2 == 0 { dark << at } else { 0 };
            at += run;
        }
        row
    });
    let shifted = (row, 0_u32..3).prop_map(|(row, by)| row << by & u128::MAX >> 3);
    let row = prop_oneof![6 => shifted, 1 => Just(0)];
    prop::collection::vec(row, 0..125)
}

proptest! {
    #[test]
    fn a_path_is_deflated_by_the_rule(rows in rows()) {
        assert_equal(&Fragments::new(), &rows);
    }
}

#[test]
fn a_path_of_a_single_run_and_one_of_none_are_deflated() {
    for rows in [
        &[][..],
        &[0],
        &[1],
        &[0, 6 << 9],
        &[u128::MAX >> 3; 125],
        &[1 << 124, 1, 0, 5],
    ] {
        assert_equal(&Fragments::new(), rows);
    }
}

/// Else some decoders refuse it.
#[test]
fn the_code_is_complete() {
    let shares = LENGTHS.iter().map(|(_, length)| 1_u32 << (15 - length));
    assert_eq!(shares.sum::<u32>(), 1 << 15);
}
