use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::orders::OrderId;
use domain::products::ProductId;
use domain::restocks::RestockId;
use domain::{Code, Invalid, Ruled};
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, Either, Parameter, ParameterIn};
use paperclip::v2::schema::Apiv2Schema;
use serde_json::{Value, json};

use super::read::parse_id;
use crate::openapi::{may_fail, schema};
use crate::problem::{Fault, Kind, Problem};

/// The variable parts of a path.
pub(crate) struct Path<T>(pub(crate) T);

/// One variable part of a path.
pub(crate) trait Segment: Sized {
    fn schema() -> Value;

    fn parse(raw: &str) -> Result<Self, Invalid>;
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl Segment for $id {
            fn schema() -> Value {
                schema::of(&Self::rule())
            }

            fn parse(raw: &str) -> Result<Self, Invalid> {
                parse_id(raw).map(Self)
            }
        }
    )*};
}

ids!(AccountId, CustomerId, OrderId, ProductId, RestockId);

/// The place of a movement.
impl Segment for i64 {
    fn schema() -> Value {
        json!({ "type": "integer", "format": "int64" })
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        raw.parse().map_err(|_| Invalid::new(Code::Format, "must be a whole number"))
    }
}

/// All variable parts of a path, in their order.
pub(crate) trait Segments: Sized {
    fn take<'r>(parts: &mut dyn Iterator<Item = (&'r str, &'r str)>) -> Result<Self, Problem>;
    fn describe(op: &mut DefaultOperationRaw);
}

impl<T: Segment> Segments for T {
    fn take<'r>(parts: &mut dyn Iterator<Item = (&'r str, &'r str)>) -> Result<Self, Problem> {
        let (name, raw) = parts.next().unwrap_or_default();
        T::parse(raw).map_err(|Invalid { code, message }| {
            let detail = format!("`{name}` in the path {message}.");
            let fault = Fault { field: name.to_owned(), code: code.as_str(), message };
            Problem::new(Kind::MALFORMED, detail).with_faults([fault])
        })
    }

    /// paperclip finds the name in the path of the route.
    fn describe(op: &mut DefaultOperationRaw) {
        op.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Path,
            required: true,
            schema: Some(schema::carried(T::schema())),
            ..Default::default()
        }));
    }
}

impl<A: Segment, B: Segment> Segments for (A, B) {
    fn take<'r>(parts: &mut dyn Iterator<Item = (&'r str, &'r str)>) -> Result<Self, Problem> {
        Ok((<A as Segments>::take(parts)?, <B as Segments>::take(parts)?))
    }

    fn describe(op: &mut DefaultOperationRaw) {
        A::describe(op);
        B::describe(op);
    }
}

impl<T: Segments> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(T::take(&mut req.match_info().iter()).map(Self))
    }
}

impl<T> Apiv2Schema for Path<T> {}

impl<T: Segments> OperationModifier for Path<T> {
    fn update_parameter(op: &mut DefaultOperationRaw) {
        T::describe(op);
        may_fail(op, &[Kind::MALFORMED, Kind::NOT_FOUND]);
    }
}
