use std::collections::BTreeSet;

use application::promotions::{AddCodes, CreatePromotion, StepPromotion};
use application::{Conflict, Error};
use domain::pricing::{
    Action, BuyGet, Conditions, CouponKey, CouponText, PromotionClass, PromotionId, PromotionName, RatePpm, Targets,
};
use domain::promotions::{CodeDetails, Priority, PromotionDetails, PromotionStatus, UsageLimit};
use domain::{Invalid, Price};

use super::past::{Moment, Past};
use super::{Made, goods};
use crate::cli::error::Failure;

pub(super) const SPRING: &str = "SPRING10";
pub(super) const THANKS: &str = "THANKS";
pub(super) const FREE_SHIPPING: &str = "FREESHIP";

/// The number of the first promotion. Each has two more, for its codes and its activation.
const FIRST: u32 = 501;

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let cookbook = goods::id(past, goods::COOKBOOK).await?;
    let mut made = Made::default();
    for (number, (details, codes)) in (FIRST..).step_by(3).zip(all(Targets(cookbook.into_iter().collect()))?) {
        let moment = Moment::opening(number);
        let id = PromotionId(moment.id());
        let found = past.queries.promotions.get(id).await?;
        if found.is_none() {
            let what = format!("promotion {}", details.name.as_str());
            past.make(&what, moment, CreatePromotion(details)).await?;
        }
        // A run that was interrupted leaves a draft, perhaps with its codes.
        if found.as_ref().is_none_or(|found| found.status == PromotionStatus::Draft) {
            if !codes.is_empty() {
                let added = past.run(Moment::opening(number + 1), AddCodes { id, codes }).await;
                added.map(drop).or_else(|error| match error {
                    Error::Conflict(Conflict::CodesTaken(_)) => Ok(()),
                    other => Err(other),
                })?;
            }
            let activate = StepPromotion { id, to: PromotionStatus::Active };
            past.make("active promotion", Moment::opening(number + 2), activate).await?;
        }
        made.count(found.is_none());
    }
    made.say(past.tools, "promotions");
    Ok(())
}

/// The promotions, each with its codes.
fn all(cookbook: Targets) -> Result<[(PromotionDetails, Vec<CodeDetails>); 5], Invalid> {
    use PromotionClass::{Line, Order, Shipping};
    let percent = |ppm| RatePpm::parse(ppm).map(Action::Percent);
    let third = BuyGet { buy: 2, get: 1, off: RatePpm::parse(1_000_000)?, max_times: None };
    let from = |amount| Ok(Conditions { min_subtotal: Some(Price::parse(amount)?), ..Conditions::default() });
    let spring = of("Spring sale", Order, percent(100_000)?, &[Line, Shipping])?;
    let thanks = of("Thanks for the feedback", Order, Action::Amount(Price::parse(500)?), &[Line, Shipping])?;
    let limit = UsageLimit::parse(1000)?;
    let welcome = of("Welcome", Order, percent(150_000)?, &[Line, Shipping])?;
    Ok([
        (
            PromotionDetails {
                targets: cookbook,
                code_needed: false,
                ..of("Three cookbooks for two", Line, Action::BuyGet(third), &[Order, Shipping])?
            },
            vec![],
        ),
        (PromotionDetails { conditions: from(5000)?, ..spring }, vec![code(SPRING)?]),
        (
            PromotionDetails { usage_limit: Some(limit), per_customer_limit: Some(UsageLimit::parse(1)?), ..thanks },
            vec![code(THANKS)?],
        ),
        (of("Free shipping", Shipping, percent(1_000_000)?, &[Line, Order])?, vec![code(FREE_SHIPPING)?]),
        (
            PromotionDetails { conditions: Conditions { first_order: true, ..Conditions::default() }, ..welcome },
            vec![code("WELCOME")?, CodeDetails { usage_limit: Some(limit), ..code("WELCOME-FRIENDS")? }],
        ),
    ])
}

/// A promotion for everybody with a code, without end and limit.
fn of(
    name: &str,
    class: PromotionClass,
    action: Action,
    combines: &[PromotionClass],
) -> Result<PromotionDetails, Invalid> {
    Ok(PromotionDetails {
        name: PromotionName::parse(name)?,
        class,
        action,
        conditions: Conditions::default(),
        targets: Targets::default(),
        combines: combines.iter().copied().collect::<BTreeSet<_>>(),
        code_needed: true,
        priority: Priority::default(),
        starts_at: None,
        ends_at: None,
        usage_limit: None,
        per_customer_limit: None,
    })
}

fn code(text: &str) -> Result<CodeDetails, Invalid> {
    let text = CouponText::parse(text)?;
    let key = CouponKey::of(&text)?;
    Ok(CodeDetails { text, key, usage_limit: None, customer_id: None })
}
