use domain::attributes::AttributeCode;
use domain::collections::CollectionKey;
use domain::payments::{ProviderName, Reference};
use domain::pricing::{CouponKey, CouponText};
use domain::slugs::Slug;
use domain::terms::TermKey;
use domain::{Code, Id, Invalid, Ruled as _};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Extract;
use super::read::parse_id;
use crate::context::RequestContext;
use crate::operation::{Parameter, ParameterLocation, Signature};
use crate::problem::{Fault, Kind, Problem};
use crate::schema;

/// The parameters of a path.
pub(crate) struct Path<T>(pub(crate) T);

/// The type of one path parameter.
pub(crate) trait Segment: Sized {
    fn schema() -> Value;

    fn parse(raw: &str) -> Result<Self, Invalid>;
}

impl<T: Id> Segment for T {
    fn schema() -> Value {
        schema::of(&Self::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        parse_id(raw).map(Self::new)
    }
}

/// The sequence number of a stock movement.
pub(crate) struct Sequence(pub(crate) i64);

impl Segment for Sequence {
    fn schema() -> Value {
        json!({ "type": "integer", "format": "int64" })
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        raw.parse().map(Self).map_err(|_| Invalid::new(Code::Format, "must be a whole number"))
    }
}

/// A coupon code as codes are compared.
pub(crate) struct CodeKey(pub(crate) CouponKey);

impl Segment for CodeKey {
    fn schema() -> Value {
        schema::of(&CouponText::rule())
    }

    /// What stands for a slash, a plus sign or a percent sign is still encoded here.
    fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = percent_decode_str(raw).decode_utf8();
        let text = text.map_err(|_| Invalid::new(Code::Format, "must be in UTF-8"))?;
        CouponText::parse(&text).and_then(|text| CouponKey::of(&text)).map(Self)
    }
}

/// The code of an attribute.
pub(crate) struct AttributeSegment(pub(crate) AttributeCode);

impl Segment for AttributeSegment {
    fn schema() -> Value {
        schema::of(&AttributeCode::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        AttributeCode::parse(raw).map(Self)
    }
}

/// The id or the slug of a term.
pub(crate) struct IdOrSlug(pub(crate) TermKey);

impl Segment for IdOrSlug {
    fn schema() -> Value {
        schema::of(&Slug::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        TermKey::parse(raw).map(Self)
    }
}

/// The id or the slug of a collection.
pub(crate) struct CollectionSegment(pub(crate) CollectionKey);

impl Segment for CollectionSegment {
    fn schema() -> Value {
        schema::of(&Slug::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        CollectionKey::parse(raw).map(Self)
    }
}

/// A name in addresses.
pub(crate) struct SlugSegment(pub(crate) Slug);

impl Segment for SlugSegment {
    fn schema() -> Value {
        schema::of(&Slug::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        Slug::parse(raw).map(Self)
    }
}

/// The name of a payment provider.
pub(crate) struct ProviderSegment(pub(crate) ProviderName);

impl Segment for ProviderSegment {
    fn schema() -> Value {
        schema::of(&ProviderName::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        ProviderName::parse(raw).map(Self)
    }
}

/// How a provider calls a payment.
pub(crate) struct ReferenceSegment(pub(crate) Reference);

impl Segment for ReferenceSegment {
    fn schema() -> Value {
        schema::of(&Reference::rule())
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        Reference::parse(raw).map(Self)
    }
}

/// The name of a file of the docs page.
pub(crate) struct FileName(pub(crate) String);

impl Segment for FileName {
    fn schema() -> Value {
        json!({ "type": "string" })
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        Ok(Self(raw.to_owned()))
    }
}

/// The problem of a value in a path.
pub(crate) fn bad_segment(name: &str, Invalid { code, message }: Invalid) -> Problem {
    let detail = format!("`{name}` in the path {message}.");
    let fault = Fault { field: name.to_owned(), code: code.as_str(), message };
    Problem::new(Kind::MALFORMED, detail).with_faults([fault])
}

/// The types of all parameters of a path, in order.
pub(crate) trait Segments: Sized {
    fn parse<'r>(parts: &mut impl Iterator<Item = (&'r str, &'r str)>) -> Result<Self, Problem>;
    fn describe(signature: &mut Signature);
}

impl<T: Segment> Segments for T {
    fn parse<'r>(parts: &mut impl Iterator<Item = (&'r str, &'r str)>) -> Result<Self, Problem> {
        let (name, raw) = parts.next().unwrap_or_default();
        T::parse(raw).map_err(|invalid| bad_segment(name, invalid))
    }

    fn describe(signature: &mut Signature) {
        signature.parameters.push(Parameter {
            location: ParameterLocation::Path,
            name: "",
            description: "",
            schema: T::schema(),
        });
    }
}

/// Two parameters: the id of a resource, and that of a resource within it.
pub(crate) struct Nested<A, B>(pub(crate) A, pub(crate) B);

impl<A: Segment, B: Segment> Segments for Nested<A, B> {
    fn parse<'r>(parts: &mut impl Iterator<Item = (&'r str, &'r str)>) -> Result<Self, Problem> {
        Ok(Self(<A as Segments>::parse(parts)?, <B as Segments>::parse(parts)?))
    }

    fn describe(signature: &mut Signature) {
        A::describe(signature);
        B::describe(signature);
    }
}

impl<T: Segments> Extract for Path<T> {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        T::parse(&mut context.parameters()).map(Self)
    }

    fn describe(signature: &mut Signature) {
        T::describe(signature);
        signature.problems.extend([Kind::MALFORMED, Kind::NOT_FOUND]);
    }
}
