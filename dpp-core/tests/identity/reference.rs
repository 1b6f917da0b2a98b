//! The derivation of scheme version 1 once more, written from its documentation alone: slow,
//! plain, and without a line of the library. What it and the library agree on is what the
//! documentation says.

/// The crate that the documentation names for the keyed extendable output.
fn output(seed: &[u8; 32], domain: &str, position: u64, length: usize) -> Vec<u8> {
    let mut reader = blake3::Hasher::new_keyed(seed)
        .update(domain.as_bytes())
        .finalize_xof();
    reader.set_position(position);
    let mut bytes = vec![0; length];
    reader.fill(&mut bytes);
    bytes
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The two halves of the 16 random bytes of number `index`.
fn random(seed: &[u8; 32], domain: &str, index: u32) -> (u64, u64) {
    let bytes = output(seed, domain, 16 * u64::from(index), 16);
    (number(&bytes[..8]), number(&bytes[8..]))
}

/// The lowest `characters * 5` bits in Crockford's base32.
pub(crate) fn crockford(mut bits: u64, characters: u32) -> String {
    let mut text = Vec::new();
    for _ in 0..characters {
        text.insert(0, b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(bits % 32) as usize]);
        bits /= 32;
    }
    String::from_utf8(text).unwrap()
}

/// 6 rounds over 10 and 10 bits; round `r` adds entry `right` of table `r`, whose entries are
/// the lowest 10 bits of two bytes each.
pub(crate) struct Feistel(Vec<Vec<u64>>);

impl Feistel {
    fn new(seed: &[u8; 32], domain: &str) -> Self {
        let bytes = output(seed, domain, 0, 6 * 1024 * 2);
        let entries: Vec<u64> = bytes.chunks(2).map(|two| number(two) % 1024).collect();
        Self(entries.chunks(1024).map(<[u64]>::to_vec).collect())
    }

    pub(crate) fn units(seed: &[u8; 32]) -> Self {
        Self::new(seed, "dpp/1/unit/order")
    }

    pub(crate) fn permute(&self, input: u64) -> u64 {
        let (mut left, mut right) = (input / 1024, input % 1024);
        for table in &self.0 {
            (left, right) = (right, left ^ table[right as usize]);
        }
        left * 1024 + right
    }
}

/// SipHash-2-4 of 8 bytes (Aumasson and Bernstein, 2012).
fn siphash(key: (u64, u64), message: [u8; 8]) -> u64 {
    let mut v = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    for block in [u64::from_le_bytes(message), 8 << 56] {
        v[3] ^= block;
        rounds(&mut v, 2);
        v[0] ^= block;
    }
    v[2] ^= 0xff;
    rounds(&mut v, 4);
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

fn rounds(v: &mut [u64; 4], count: u32) {
    for _ in 0..count {
        v[0] = v[0].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[0] = v[0].rotate_left(32);
        v[2] = v[2].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[2] = v[2].rotate_left(32);
    }
}

/// Where a counter of a numeric38 pool goes: 10 rounds over 19 and 19 bits.
pub(crate) fn number_order(pool_seed: &[u8; 32], counter: u64) -> u64 {
    let key = output(pool_seed, "dpp/1/pool/number-order", 0, 16);
    let key = (number(&key[..8]), number(&key[8..]));
    let (mut left, mut right) = (counter >> 19, counter & 0x7_ffff);
    for round in 0..10_u64 {
        let message = (round << 32 | right).to_be_bytes();
        (left, right) = (right, left ^ siphash(key, message) & 0x7_ffff);
    }
    left << 19 | right
}

/// The block that a pool hands out after `used` others: those below `A000` are walked over.
pub(crate) fn block(pool_seed: &[u8; 32], used: u64) -> String {
    let order = Feistel::new(pool_seed, "dpp/1/pool/block-order");
    let first = 10 * 32 * 32 * 32;
    let mut place = order.permute(used + first);
    while place < first {
        place = order.permute(place);
    }
    crockford(place, 4)
}

/// The id of a unit: the batch's first 48 bits, version 8 and the next 12 bits, then variant
/// `10`, 20 bits of place and 42 bits of tag.
pub(crate) fn unit_id(batch: &str, seed: &[u8; 32], index: u32) -> String {
    let place = Feistel::units(seed).permute(u64::from(index));
    coded(batch, place, random(seed, "dpp/1/unit/randomness", index).0)
}

pub(crate) fn lot_id(batch: &str, seed: &[u8; 32], lot: u32) -> String {
    let place = Feistel::new(seed, "dpp/1/lot/order").permute(u64::from(lot));
    coded(batch, place, random(seed, "dpp/1/lot/randomness", lot).0)
}

fn coded(batch: &str, place: u64, random: u64) -> String {
    let (first, second, third) = (&batch[..8], &batch[9..13], &batch[15..18]);
    let low = format!("{:016x}", 1 << 63 | place << 42 | random >> 22);
    format!("{first}-{second}-8{third}-{}-{}", &low[..4], &low[4..])
}

pub(crate) fn randomised(seed: &[u8; 32], block: &str, tag_length: u32, index: u32) -> String {
    let place = Feistel::units(seed).permute(u64::from(index));
    let tag = random(seed, "dpp/1/unit/randomness", index).1 >> 4;
    let tag = crockford(tag, 12);
    format!(
        "{block}{}{}",
        crockford(place, 4),
        &tag[..tag_length as usize]
    )
}

/// The digest over some units: what their URLs are made of, then of each its index, id and
/// serial.
pub(crate) fn digest(batch: &str, urls: &str, units: &[(u32, String, String)]) -> String {
    let mut bytes = unhex(&batch.replace('-', ""));
    bytes.extend(urls.bytes());
    for (index, id, serial) in units {
        bytes.extend(index.to_be_bytes());
        bytes.extend(unhex(&id.replace('-', "")));
        bytes.push(serial.len() as u8);
        bytes.extend(serial.bytes());
    }
    let digest = blake3::derive_key("dpp 1 minted units", &bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// The path of a URL, with all but `A-Z a-z 0-9 - . _ ~` encoded.
pub(crate) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
