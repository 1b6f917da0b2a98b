//! What a history is made of.

use dpp_core::mint::BatchStatus;
use proptest::prelude::*;

/// A number that says which batch, taken round and round.
pub(super) type Which = usize;

#[derive(Debug, Clone)]
pub(super) enum Step {
    Submit(Order),
    Preflight(Order),
    Prepare(Which),
    Cycle(Which),
    /// A worker finds itself something to do.
    Work,
    /// So much time goes by that leases run out.
    Wait,
    FailCycle(Which),
    Cancel(Which),
    Activate(Which, u32),
    ActivateLot(Which, usize),
    Revoke(Which, u32),
    RevokeRange(Which, u32, u32),
    RevokeLot(Which, usize),
    SetStatus(Which, BatchStatus),
    RequestExport(Which, u128),
    /// Something else that happens to an export, whether it can or not.
    Export(u128, Happens),
}

#[derive(Debug, Clone)]
pub(super) enum Happens {
    Locked,
    Unlocked,
    PackStarted,
    PackCompleted,
    PackFailed,
    Completed,
    Expired,
    FilesRemoved,
}

#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) product: u128,
    pub(super) production: Option<u128>,
    pub(super) kind: Kind,
    pub(super) quantity: u32,
    pub(super) active: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Randomised,
    Sequential,
    Numeric,
    Provided,
    Lots(u32),
}

fn orders() -> impl Strategy<Value = Order> {
    let kind = prop_oneof![
        Just(Kind::Randomised),
        Just(Kind::Sequential),
        Just(Kind::Numeric),
        Just(Kind::Provided),
        (1_u32..4).prop_map(Kind::Lots),
    ];
    // Product 9 is of another brand; some go over a chunk of exceptions.
    let product = prop::sample::select(vec![1_u128, 1, 2, 3, 9]);
    let quantity = prop_oneof![4 => 1_u32..=14, 1 => 4_090_u32..4_110];
    let production = prop::option::of(prop::sample::select(vec![1_u128, 2, 9]));
    (product, production, kind, quantity, any::<bool>()).prop_map(
        |(product, production, kind, quantity, active)| Order {
            product,
            production,
            kind,
            quantity,
            active,
        },
    )
}

/// Indexes on both sides of the end of a chunk of exceptions.
fn index() -> impl Strategy<Value = u32> {
    prop_oneof![3 => 0_u32..16, 1 => 4_090_u32..4_100]
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        4 => Just(Happens::Locked),
        2 => Just(Happens::Unlocked),
        3 => Just(Happens::PackStarted),
        2 => Just(Happens::PackCompleted),
        4 => Just(Happens::PackFailed),
        2 => Just(Happens::Completed),
        1 => Just(Happens::Expired),
        1 => Just(Happens::FilesRemoved),
    ]
}

pub(super) fn steps() -> impl Strategy<Value = Step> {
    let any = 0_usize..100;
    let status = prop::sample::select(vec![
        BatchStatus::Exported,
        BatchStatus::Printed,
        BatchStatus::Applied,
        BatchStatus::Voided,
    ]);
    prop_oneof![
        6 => orders().prop_map(Step::Submit),
        1 => orders().prop_map(Step::Preflight),
        1 => any.clone().prop_map(Step::Prepare),
        8 => any.clone().prop_map(Step::Cycle),
        6 => Just(Step::Work),
        1 => Just(Step::Wait),
        1 => any.clone().prop_map(Step::FailCycle),
        1 => any.clone().prop_map(Step::Cancel),
        6 => (any.clone(), index()).prop_map(|(batch, index)| Step::Activate(batch, index)),
        2 => (any.clone(), 0_usize..4).prop_map(|(batch, lot)| Step::ActivateLot(batch, lot)),
        4 => (any.clone(), index()).prop_map(|(batch, index)| Step::Revoke(batch, index)),
        2 => (any.clone(), index(), 1_u32..6)
            .prop_map(|(batch, from, count)| Step::RevokeRange(batch, from, count)),
        1 => (any.clone(), 0_usize..4).prop_map(|(batch, lot)| Step::RevokeLot(batch, lot)),
        3 => (any.clone(), status).prop_map(|(batch, status)| Step::SetStatus(batch, status)),
        2 => (any, 0_u128..8).prop_map(|(batch, export)| Step::RequestExport(batch, export)),
        8 => (0_u128..8, happens()).prop_map(|(export, what)| Step::Export(export, what)),
    ]
}
