use std::sync::Arc;

use application::Claim;
use application::promotions::StepPromotion;
use domain::pricing::PromotionId;
use domain::promotions::{Promotion, PromotionStatus};

use super::TAG;
use super::body::PromotionBody;
use crate::context::State;
use crate::extract::{IdempotentBody, Nothing, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Updated};

pub(crate) const ACTIVATE: Operation = Operation::new(
    TAG,
    "activatePromotion",
    "Activate a promotion: it applies from its start to its end",
    "A draft, or what is paused.",
)
.problems(&[Kind::PROMOTION_STEP]);

pub(crate) async fn activate(
    staff: Staff,
    state: Arc<State>,
    id: Path<PromotionId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<PromotionBody>>, Problem> {
    step(staff, state, StepPromotion { id: id.0, to: PromotionStatus::Active }, request.claim).await
}

pub(crate) const PAUSE: Operation = Operation::new(
    TAG,
    "pausePromotion",
    "Pause a promotion: it applies to nothing for now",
    "It can be activated again. Its uses stay counted.",
)
.problems(&[Kind::PROMOTION_STEP]);

pub(crate) async fn pause(
    staff: Staff,
    state: Arc<State>,
    id: Path<PromotionId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<PromotionBody>>, Problem> {
    step(staff, state, StepPromotion { id: id.0, to: PromotionStatus::Paused }, request.claim).await
}

pub(crate) const ARCHIVE: Operation = Operation::new(
    TAG,
    "archivePromotion",
    "Archive a promotion: it is over for good",
    "Orders keep what it took off. Its codes can be deleted, so that they can be used anew.",
)
.problems(&[Kind::PROMOTION_STEP]);

pub(crate) async fn archive(
    staff: Staff,
    state: Arc<State>,
    id: Path<PromotionId>,
    request: IdempotentBody<Nothing>,
) -> Result<Idempotent<Updated<PromotionBody>>, Problem> {
    step(staff, state, StepPromotion { id: id.0, to: PromotionStatus::Archived }, request.claim).await
}

async fn step(
    staff: Staff,
    state: Arc<State>,
    step: StepPromotion,
    claim: Option<Claim>,
) -> Result<Idempotent<Updated<PromotionBody>>, Problem> {
    let shop = state.shop;
    let present = move |promotion: &Promotion| Updated::with(&PromotionBody::of(promotion, shop));
    Ok(staff.runner(&state).run_once(claim, step, present).await?.try_into()?)
}
