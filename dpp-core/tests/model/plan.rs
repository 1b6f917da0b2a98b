//! What a history is made of.

use dpp_core::mint::BatchStatus;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub enum Step {
    Submit {
        product: u128,
        kind: Kind,
        quantity: u32,
        active: bool,
    },
    Cycle(usize),
    Cancel(usize),
    Activate(usize, u32),
    ActivateForged(usize),
    ActivateLot(usize, usize),
    Revoke(usize, u32),
    RevokeRange(usize, u32, u32),
    RevokeIds(usize, Vec<u32>),
    RevokeLot(usize, usize),
    SetStatus(usize, BatchStatus),
}

#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Randomised,
    Sequential,
    Provided,
    Lots(u32),
}

pub fn steps() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        3 => Just(Kind::Randomised),
        1 => Just(Kind::Sequential),
        1 => Just(Kind::Provided),
        2 => (1_u32..4).prop_map(Kind::Lots),
    ];
    let submit = (1_u128..=2, kind, 1_u32..=14, any::<bool>());
    let any = 0_usize..100;
    let status = prop_oneof![
        Just(BatchStatus::Exported),
        Just(BatchStatus::Printed),
        Just(BatchStatus::Applied),
        Just(BatchStatus::Voided),
        Just(BatchStatus::Minted),
    ];
    prop_oneof![
        3 => submit.prop_map(|(product, kind, quantity, active)| {
            Step::Submit { product, kind, quantity, active }
        }),
        8 => any.clone().prop_map(Step::Cycle),
        1 => any.clone().prop_map(Step::Cancel),
        6 => (any.clone(), 0_u32..16).prop_map(|(batch, index)| Step::Activate(batch, index)),
        1 => any.clone().prop_map(Step::ActivateForged),
        2 => (any.clone(), 0_usize..4).prop_map(|(batch, lot)| Step::ActivateLot(batch, lot)),
        3 => (any.clone(), 0_u32..16).prop_map(|(batch, index)| Step::Revoke(batch, index)),
        2 => (any.clone(), 0_u32..14, 0_u32..6)
            .prop_map(|(batch, from, count)| Step::RevokeRange(batch, from, count)),
        1 => (any.clone(), prop::collection::vec(0_u32..14, 0..5))
            .prop_map(|(batch, indexes)| Step::RevokeIds(batch, indexes)),
        1 => (any.clone(), 0_usize..4).prop_map(|(batch, lot)| Step::RevokeLot(batch, lot)),
        3 => (any, status).prop_map(|(batch, status)| Step::SetStatus(batch, status)),
    ]
}

impl Step {
    /// Which batch is meant, by a number that is taken round and round.
    pub fn batch(&self) -> usize {
        match self {
            Self::Submit { .. } => 0,
            Self::Cycle(batch)
            | Self::Cancel(batch)
            | Self::Activate(batch, _)
            | Self::ActivateForged(batch)
            | Self::ActivateLot(batch, _)
            | Self::Revoke(batch, _)
            | Self::RevokeRange(batch, _, _)
            | Self::RevokeIds(batch, _)
            | Self::RevokeLot(batch, _)
            | Self::SetStatus(batch, _) => *batch,
        }
    }
}
