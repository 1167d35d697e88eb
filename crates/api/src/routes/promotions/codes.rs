use std::sync::Arc;

use application::Error;
use application::promotions::{AddCodes, RemoveCode};
use domain::customers::CustomerId;
use domain::pricing::{CouponKey, CouponText, PromotionId};
use domain::promotions::{CodeDetails, MAX_CODES, PromotionCode, UsageLimit, repeated_codes};
use domain::{Code, Invalid, PageRequest, Rule, Ruled};
use serde_json::{Value, json};

use super::TAG;
use super::body::{AddedCodes, CodeBody};
use crate::context::State;
use crate::extract::read::{self, id, integer, object, text};
use crate::extract::{CodeKey, Fields, FromFields, FromQuery, IdempotentBody, Nested, Params, Path, Query, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent, List, NoContent};

/// A code as it was written, and as codes are compared.
struct Written(CouponText, CouponKey);

impl Written {
    fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = CouponText::parse(raw)?;
        let key = CouponKey::of(&text)?;
        Ok(Self(text, key))
    }
}

impl Ruled for Written {
    fn rule() -> Rule {
        CouponText::rule()
    }
}

impl FromFields for CodeDetails {
    const NAME: &'static str = "NewPromotionCode";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", &text(Written::parse));
        let usage_limit = fields.optional("usage_limit", &integer(UsageLimit::parse));
        let customer_id = fields.optional("customer_id", &id(CustomerId));
        let Written(text, key) = code?;
        Some(Self { text, key, usage_limit: usage_limit?, customer_id: customer_id? })
    }

    fn example() -> Value {
        json!({ "code": "Summer-26", "usage_limit": 20 })
    }
}

/// Codes to add.
pub(crate) struct NewCodes(Vec<CodeDetails>);

impl FromFields for NewCodes {
    const NAME: &'static str = "NewPromotionCodes";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let codes = fields.required("codes", &read::list(object::<CodeDetails>(), MAX_CODES))?;
        if codes.is_empty() {
            let message = format!("must have 1 to {MAX_CODES} codes");
            fields.refuse("codes", Invalid::new(Code::TooShort, message));
            return None;
        }
        let repeated = repeated_codes(&codes);
        for place in &repeated {
            let message = "must not be in the list twice; case, style and width do not count";
            fields.refuse(&format!("codes[{place}].code"), Invalid::new(Code::Repeated, message));
        }
        repeated.is_empty().then_some(Self(codes))
    }

    fn example() -> Value {
        json!({ "codes": [CodeDetails::example(), { "code": "WELCOME" }] })
    }
}

pub(crate) const ADD: Operation = Operation::new(
    TAG,
    "addPromotionCodes",
    "Add codes to a promotion that needs one: all of them, or none",
    "Up to 1000 at once. Codes are compared trimmed, in capitals, and without differences of style and width (NFKC); no \
     two promotions have the same code. A code may have a limit of its own, and may be for one customer.",
)
.problems(&[Kind::DUPLICATE, Kind::PROMOTION_FIXED]);

pub(crate) async fn add(
    staff: Staff,
    state: Arc<State>,
    promotion: Path<PromotionId>,
    request: IdempotentBody<NewCodes>,
) -> Result<Idempotent<Created<AddedCodes>>, Problem> {
    let location = format!("/api/v1/promotions/{}/codes", promotion.0);
    let present = move |codes: &Vec<PromotionCode>| Created::at(location.clone(), &AddedCodes::from(codes));
    let add = AddCodes { id: promotion.0, codes: request.body.0 };
    Ok(staff.runner(&state).run_once(request.claim, add, present).await?.try_into()?)
}

/// Which codes are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("promotion-codes").map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listPromotionCodes",
    "List the codes of a promotion, in alphabetical order",
    "Page by page, with how many orders use each.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    promotion: Path<PromotionId>,
    query: Query<ListQuery>,
) -> Result<List<CodeBody>, Problem> {
    let page = state.queries.promotions.codes(promotion.0, &query.0.0).await?;
    Ok(List::new("promotion-codes", page.ok_or(Error::NotFound("promotion"))?, |code| CodeBody::from(&code)))
}

pub(crate) const REMOVE: Operation = Operation::new(
    TAG,
    "removePromotionCode",
    "Delete a code of a promotion",
    "Orders that used it keep what it took off. The code may be added again, to any promotion, and is a new one then.",
);

pub(crate) async fn remove(
    staff: Staff,
    state: Arc<State>,
    place: Path<Nested<PromotionId, CodeKey>>,
) -> Result<NoContent, Problem> {
    let Nested(id, CodeKey(key)) = place.0;
    staff.runner(&state).run(RemoveCode { id, key }).await?;
    Ok(NoContent)
}
