//! What a seed asks for.

use std::time::Duration;

use dpp_core::TextRows;
use dpp_core::identity::serial::{SequentialFormat, SerialScheme, TagLength};
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::service::Settings;
use dpp_core::testing::Faults;
use fastrand::Rng;

use crate::support::{lots, production, serials};

pub struct Plan {
    pub requests: Vec<MintRequest>,
    pub workers: usize,
    pub one_process: bool,
    pub faults: Faults,
    pub crash: f64,
    pub jump: f64,
    pub cancel: f64,
    pub units_per_cycle: u32,
    pub commit_attempts: u32,
}

pub const LEASE: Duration = Duration::from_secs(60);

impl Plan {
    pub fn of(random: &mut Rng) -> Self {
        let jobs = random.usize(1..=5);
        Self {
            requests: (0..jobs).map(|number| request(number, random)).collect(),
            workers: random.usize(1..=5),
            one_process: random.bool(),
            faults: [Faults::NONE, Faults::ALLOWED, Faults::LIGHT, Faults::HEAVY]
                [random.usize(..4)],
            crash: [0.0, 0.01, 0.05][random.usize(..3)],
            jump: [0.0, 0.01, 0.05][random.usize(..3)],
            cancel: [0.0, 0.002, 0.02][random.usize(..3)],
            units_per_cycle: random.u32(1..=40),
            commit_attempts: random.u32(1..=4),
        }
    }

    pub fn settings(&self) -> Settings {
        Settings::default()
            .units_per_cycle(self.units_per_cycle)
            .commit_attempts(self.commit_attempts)
            .lease(LEASE)
    }
}

fn request(number: usize, random: &mut Rng) -> MintRequest {
    let of = random.u128(1..=2);
    let quantity = random.u64(1..=150);
    let mut request = match random.u32(..6) {
        0 => lots(of, &[("A", quantity), ("B/2", random.u64(1..=50))]),
        1 => provided(of, number, quantity, random),
        2 => with_scheme(serials(of, quantity), SerialScheme::Numeric38),
        3 => {
            let format = SequentialFormat::new("SN-", random.u8(4..=5)).unwrap();
            with_scheme(serials(of, quantity), SerialScheme::Sequential(format))
        }
        4 => {
            let tag_length = TagLength::new(random.u8(4..=12)).unwrap();
            with_scheme(
                serials(of, quantity),
                SerialScheme::Randomised { tag_length },
            )
        }
        _ => serials(of, quantity),
    };
    if random.bool() {
        request.activation_mode = ActivationMode::ActiveAtMint;
    }
    if of == 1 && random.bool() {
        request.product_batch_id = Some(production(4));
    }
    request.idempotency_key = Some(format!("job-{number}"));
    request
}

fn with_scheme(request: MintRequest, scheme: SerialScheme) -> MintRequest {
    MintRequest {
        serial_scheme: Some(scheme),
        ..request
    }
}

/// Serials of which some will be generated, too, unless somebody sees to it: the brand brings
/// sequential ones.
fn provided(of: u128, number: usize, quantity: u64, random: &mut Rng) -> MintRequest {
    let sequential = random.bool();
    let rows: Vec<_> = (0..quantity)
        .map(|row| match sequential {
            true => format!("SN-{:04}", 100 * number as u64 + 3 * row),
            false => format!("own-{number}-{row}"),
        })
        .collect();
    let rows: TextRows = rows.iter().map(String::as_str).collect();
    MintRequest {
        serials: Some(rows),
        ..serials(of, quantity)
    }
}
