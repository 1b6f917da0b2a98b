//! What strangers can make up must not reach the stores, nor keep anybody out.

use std::collections::HashSet;
use std::time::Duration;

use dpp_core::Timestamp;
use dpp_core::gs1::check_digit;
use dpp_core::resolver::{NotFound, Outcome};
use fastrand::Rng;
use uuid::Uuid;

use crate::support::*;
use crate::support_of_host::*;

const HOST: &str = "https://id1.example.com";

/// A second goes by in so many scans: what one core does.
const SCANS_A_SECOND: u64 = 500_000;

fn moment(number: u64) -> Timestamp {
    noon().after(Duration::from_micros(number * 1_000_000 / SCANS_A_SECOND))
}

fn random_id(random: &mut Rng) -> Uuid {
    uuid::Builder::from_custom_bytes(random.u128(..).to_be_bytes()).into_uuid()
}

fn random_serial(random: &mut Rng) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digits = (0..12).map(|_| char::from(DIGITS[random.usize(..DIGITS.len())]));
    digits.collect()
}

/// The text with its last four characters drawn anew.
fn with_another_tag(text: &str, random: &mut Rng) -> String {
    let head = &text[..text.len() - 4];
    format!("{head}{}", &random_serial(random)[..4])
}

#[test]
fn a_million_forged_ids_reach_the_store_less_than_a_thousand_times() {
    let door = Door::new();
    let (units, by_id) = (door.units(serials(1, 1_000)), door.units(serials(3, 1_000)));
    let real: HashSet<_> = units
        .iter()
        .chain(&by_id)
        .map(|unit| unit.resolver_url.clone())
        .collect();
    let mut random = Rng::with_seed(1);
    let before = door.store.questions();
    let mut statuses = [0_u64; 3];
    for number in 0..1_000_000 {
        let of = random.usize(..1_000);
        let url = match number % 5 {
            0 => format!("{HOST}/mu/{}", random_id(&mut random)),
            1 => format!("{HOST}/ml/{}", random_id(&mut random)),
            2 => format!("{HOST}/01/09506000134352/21/{}", random_serial(&mut random)),
            3 => with_another_tag(&units[of].resolver_url, &mut random),
            _ => {
                let id = Uuid::from_u128(
                    by_id[of].mint_unit_id.as_uuid().as_u128() ^ u128::from(random.u32(1..)),
                );
                format!("{HOST}/mu/{id}")
            }
        };
        if real.contains(&url) {
            continue;
        }
        match door.scan_at(&url, moment(number)).answer.status() {
            404 => statuses[0] += 1,
            503 => statuses[1] += 1,
            _ => statuses[2] += 1,
        }
    }
    let asked = door.store.questions() - before;
    assert!(asked < 1_000, "{asked}");
    assert_eq!(statuses[2], 0, "{statuses:?}");
    // Nothing was turned away: an index of the brand answered.
    assert_eq!(statuses[1], 0, "{statuses:?}");
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
}

#[test]
fn a_wrong_tag_of_a_known_batch_costs_no_look_into_the_store() {
    let door = Door::new();
    let (units, by_id) = (door.units(serials(1, 10)), door.units(serials(3, 10)));
    door.scan(&units[0].resolver_url);
    door.scan(&by_id[0].resolver_url);
    let mut random = Rng::with_seed(2);
    let before = door.store.questions();
    for _ in 0..1_000 {
        let forged = with_another_tag(&units[1].resolver_url, &mut random);
        if forged != units[1].resolver_url {
            assert_not_found(&door.scan(&forged), NotFound::WrongTag);
        }
        let id = by_id[1].mint_unit_id.as_uuid().as_u128() ^ u128::from(random.u32(1..));
        let forged = format!("{HOST}/mu/{}", Uuid::from_u128(id));
        assert_not_found(&door.scan(&forged), NotFound::WrongTag);
    }
    assert_eq!(door.store.questions(), before);
}

#[test]
fn whoever_scans_a_batch_for_the_first_time_gets_through_a_flood() {
    let door = Door::new();
    let units = door.units(serials(3, 5));
    let mut random = Rng::with_seed(3);
    for number in 0..5_000 {
        let url = format!("{HOST}/mu/{}", random_id(&mut random));
        assert_eq!(door.scan_at(&url, moment(number)).answer.status(), 404);
    }
    let first = door.scan_at(&units[0].resolver_url, moment(5_000));
    assert_eq!(first.answer.status(), 302);
    // And a batch that is minted while the flood goes on.
    let later = door.units(serials(3, 5));
    let now = moment(5_000).after(Duration::from_secs(1));
    let url = format!("{HOST}/mu/{}", random_id(&mut random));
    assert_eq!(door.scan_at(&url, now).answer.status(), 404);
    assert_eq!(
        door.scan_at(&later[0].resolver_url, now).answer.status(),
        302
    );
}

#[test]
fn a_flood_of_unknown_gtins_hosts_and_lots_is_turned_away_and_those_that_are_known_are_not() {
    let door = Door::new();
    let units = door.units(serials(1, 2));
    let of_lots = door.units(lots(2, &[("A", 2)]));
    door.scan(&units[0].resolver_url);
    door.scan(&of_lots[0].resolver_url);
    let before = door.store.questions();
    let (mut not_found, mut busy) = (0, 0);
    for number in 0..30_000_u64 {
        let data = format!("{:013}", number + 1);
        let digits = format!("{data}{}", check_digit(data.as_bytes()).unwrap());
        let url = match number % 3 {
            0 => format!("{HOST}/01/{digits}"),
            1 => format!("https://h{number}.example/01/{digits}"),
            _ => format!("{HOST}/01/04012345987652/10/{number}"),
        };
        match door.scan_at(&url, moment(number)).outcome {
            Outcome::NotFound(_) => not_found += 1,
            Outcome::Unavailable => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(door.store.questions() - before < 1_000);
    assert!(not_found >= 590 && busy > 20_000, "{not_found} {busy}");
    for known in [&units[1], &of_lots[1]] {
        let resolved = door.scan_at(&known.resolver_url, moment(30_000));
        assert_eq!(resolved.answer.status(), 302);
    }
    let calm = moment(30_000).after(Duration::from_secs(10));
    let unknown = door.scan_at(&format!("{HOST}/01/09520123456788"), calm);
    assert_eq!(unknown.answer.status(), 404);
}
