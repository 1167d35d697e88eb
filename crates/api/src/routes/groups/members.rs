//! The products of a group: adding them, changing their terms, making them single.

use std::sync::Arc;

use application::groups::{AddMember, Adding, NewMember, RemoveMember, UpdateMember, Values};
use domain::groups::{GroupId, GroupView};
use domain::products::{ProductId, ProductName};
use domain::{Code, Invalid, Price};
use serde_json::{Value, json};

use super::super::products::ProductFields;
use super::TAG;
use super::body::GroupBody;
use super::given::OptionValues;
use crate::context::State;
use crate::extract::read::{id, object, text};
use crate::extract::{Body, Fields, FromFields, IdempotentBody, IfMatch, Nested, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent, NoContent, Resource};

impl FromFields for Adding {
    const NAME: &'static str = "AddedGroupMember";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let product_id = fields.optional("product_id", &id(ProductId));
        let values = fields.optional("values", &OptionValues);
        let price = fields.optional("price", &object::<Price>());
        let name = fields.optional("name", &text(ProductName::parse));
        let rest = ProductFields::take(fields);
        let (product_id, values, price, name, rest) = (product_id?, values?.unwrap_or_default(), price?, name?, rest?);
        match (product_id, price) {
            (None, None) => {
                fields.refuse("price", Invalid::new(Code::Required, "is required, or product_id"));
                None
            }
            (None, Some(price)) => Some(Self::New(Box::new(NewMember { values, product: rest.made(name, price) }))),
            (Some(id), None) if name.is_none() && rest.is_empty() => Some(Self::Known(id, values)),
            (Some(_), _) => {
                let message = "cannot be given together with fields of a product that is made";
                fields.refuse("product_id", Invalid::new(Code::Excluded, message));
                None
            }
        }
    }

    fn example() -> Value {
        json!({ "values": { "size": "l" }, "price": Price::example(), "sku": "TEE-L", "initial_stock": 10 })
    }
}

/// The terms of a member.
pub(crate) struct MemberChange(Values);

impl FromFields for MemberChange {
    const NAME: &'static str = "GroupMemberChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("values", &OptionValues).map(Self)
    }

    fn example() -> Value {
        json!({ "values": { "size": "l" } })
    }
}

pub(crate) const ADD: Operation = Operation::new(
    TAG,
    "addGroupMember",
    "Add a product to a product group: a new one, or one that is there",
    "With `product_id` a single product joins, and keeps its stock, its carts and what it has itself; terms that are not \
     given are those that it has. Else a product is made as by `POST /products`. A group has at most 250, each with one \
     term for each option, and no two with the same.",
)
.problems(&[Kind::DUPLICATE, Kind::DUPLICATE_COMBINATION, Kind::IN_USE, Kind::TOO_MANY_THERE]);

pub(crate) async fn add(
    staff: Staff,
    state: Arc<State>,
    group_id: Path<GroupId>,
    request: IdempotentBody<Adding>,
) -> Result<Idempotent<Created<GroupBody>>, Problem> {
    let (shop, base) = (state.shop, state.media.base.clone());
    let present =
        move |view: &GroupView| Created::at(GroupBody::location(view), &GroupBody::of(view, shop, &base, true));
    let add = AddMember { group_id: group_id.0, member: request.body, expected: None };
    Ok(staff.runner(&state).run_once(request.claim, add, present).await?.try_into()?)
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateGroupMember",
    "Change the terms of a product of a group",
    "Terms that are not given stay. `If-Match` wants the version of the group.",
)
.problems(&[Kind::DUPLICATE_COMBINATION]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    path: Path<Nested<GroupId, ProductId>>,
    expected: IfMatch,
    change: Body<MemberChange>,
) -> Result<Resource<GroupBody>, Problem> {
    let Nested(group_id, product_id) = path.0;
    let update = UpdateMember { group_id, product_id, values: change.0.0, expected: expected.0 };
    let view = staff.runner(&state).run(update).await?;
    Ok(Resource(GroupBody::of(&view, state.shop, &state.media.base, true)))
}

pub(crate) const REMOVE: Operation = Operation::new(
    TAG,
    "removeGroupMember",
    "Make a product of a group a single one",
    "It keeps what it had from the group. `If-Match` wants the version of the group.",
);

pub(crate) async fn remove(
    staff: Staff,
    state: Arc<State>,
    path: Path<Nested<GroupId, ProductId>>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    let Nested(group_id, product_id) = path.0;
    staff.runner(&state).run(RemoveMember { group_id, product_id, expected: expected.0 }).await?;
    Ok(NoContent)
}
