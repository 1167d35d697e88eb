use std::marker::PhantomData;

use domain::{Code, Currency, Date, Invalid, Price, Rule, Ruled, Shop, UtcDateTime, Uuid, parse_day};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::fields::{Fields, FromFields, Report};
use crate::schema::{self, Definitions};

/// Parses a JSON value, and describes the accepted values as a schema.
pub(crate) trait Read {
    type Out;

    /// The parsed value; `None` if it is refused, with the reason in `report`.
    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Self::Out>;

    /// Whether an optional field of this value is as if absent: forms send an empty text for what nobody has filled in.
    fn is_absent(&self, _: &Value) -> bool {
        false
    }

    /// The schema of an optional field, which may also be left empty.
    fn optional_schema(&self, definitions: &mut Definitions) -> Value {
        self.schema(definitions)
    }

    /// The schema of the accepted values. Named schemas are added to `definitions`.
    fn schema(&self, definitions: &mut Definitions) -> Value;
}

/// Parser of a string.
pub(crate) struct Text<F>(F, fn() -> Value);

/// Whether an empty text is one of the values.
fn takes_empty(schema: &Value) -> bool {
    let least = schema.get("minLength").and_then(Value::as_u64);
    least == Some(0) || schema.as_object().is_some_and(|members| members.len() == 1)
}

/// A string that follows the rule of its type.
pub(crate) fn text<T: Ruled, F: Fn(&str) -> Result<T, Invalid>>(parse: F) -> Text<F> {
    Text(parse, || schema::of(&T::rule()))
}

/// Any string.
pub(crate) fn any_text() -> impl Read<Out = String> {
    Text(|raw: &str| Ok(raw.to_owned()), || json!({ "type": "string" }))
}

/// A secret: any string, because it is only compared.
pub(crate) fn secret<T>(make: impl Fn(String) -> T) -> impl Read<Out = T> {
    Text(move |raw: &str| Ok(make(raw.to_owned())), || json!({ "type": "string", "format": "password" }))
}

/// A UUID.
pub(crate) fn id<T>(make: impl Fn(Uuid) -> T) -> impl Read<Out = T> {
    Text(move |raw: &str| parse_id(raw).map(&make), || schema::of(&Rule::Id))
}

/// A day of ISO 8601, such as `2026-01-31`.
pub(crate) fn day() -> impl Read<Out = Date> {
    Text(parse_day, || schema::of(&Rule::Day))
}

/// A point in time, to the microsecond.
pub(crate) fn moment() -> impl Read<Out = UtcDateTime> {
    let parse = |raw: &str| {
        let time = parse_time(raw)?;
        // What is left of the microsecond is not stored.
        Ok(time.replace_nanosecond(time.nanosecond() / 1000 * 1000).unwrap_or(time))
    };
    Text(parse, || schema::of(&Rule::Time))
}

/// Parses a time of RFC 3339.
pub(crate) fn parse_time(raw: &str) -> Result<UtcDateTime, Invalid> {
    // A time at the end of the calendar may be out of range in UTC.
    let time = OffsetDateTime::parse(raw, &Rfc3339).ok().and_then(OffsetDateTime::checked_to_utc);
    time.ok_or_else(|| Invalid::new(Code::Format, "must be a time of RFC 3339 such as 2026-01-31T12:00:00Z"))
}

/// Parses a UUID in its hyphenated form. Other forms are refused, so that each id has one form.
pub(crate) fn parse_id(raw: &str) -> Result<Uuid, Invalid> {
    let hyphenated = (raw.len() == 36).then(|| Uuid::try_parse(raw).ok()).flatten();
    hyphenated.ok_or_else(|| Invalid::new(Code::Format, "must be a UUID"))
}

impl<T, F: Fn(&str) -> Result<T, Invalid>> Read for Text<F> {
    type Out = T;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<T> {
        let read = match value {
            Value::String(text) => (self.0)(&text),
            _ => Err(Invalid::new(Code::WrongType, "must be a string")),
        };
        report.keep(path, read)
    }

    fn is_absent(&self, value: &Value) -> bool {
        value == "" && !takes_empty(&self.1())
    }

    fn optional_schema(&self, _: &mut Definitions) -> Value {
        let schema = self.1();
        if takes_empty(&schema) { schema } else { schema::or_empty(schema) }
    }

    fn schema(&self, _: &mut Definitions) -> Value {
        self.1()
    }
}

/// Parser of a whole number.
pub(crate) struct Integer<F>(F, Rule);

/// A whole number that follows the rule of its type.
pub(crate) fn integer<T: Ruled, F: Fn(i64) -> Result<T, Invalid>>(parse: F) -> Integer<F> {
    Integer(parse, T::rule())
}

/// A whole number whose rule is only documented here; the caller checks it together with other fields.
pub(crate) fn unchecked_integer(rule: Rule) -> impl Read<Out = i64> {
    Integer(Ok, rule)
}

impl<T, F: Fn(i64) -> Result<T, Invalid>> Read for Integer<F> {
    type Out = T;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<T> {
        let read = whole(&value).and_then(&self.0);
        report.keep(path, read)
    }

    fn schema(&self, _: &mut Definitions) -> Value {
        schema::of(&self.1)
    }
}

/// Parser of `true` or `false`.
pub(crate) struct Boolean;

impl Read for Boolean {
    type Out = bool;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<bool> {
        let read = value.as_bool().ok_or_else(|| Invalid::new(Code::WrongType, "must be true or false"));
        report.keep(path, read)
    }

    fn schema(&self, _: &mut Definitions) -> Value {
        schema::of(&Rule::Boolean)
    }
}

/// The whole number in a value. `3.0` is one too, as in JSON Schema. A number that does not fit 64 bits is out of
/// range, not of the wrong type.
#[allow(clippy::cast_possible_truncation, reason = "what is whole and in range is what it was")]
fn whole(value: &Value) -> Result<i64, Invalid> {
    /// `i64::MAX + 1`.
    const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;
    if let Some(number) = value.as_i64() {
        return Ok(number);
    }
    match value.as_f64() {
        Some(float) if float >= TOO_LARGE => Err(Invalid::new(Code::TooLarge, "is too large")),
        Some(float) if float <= -TOO_LARGE => Err(Invalid::new(Code::TooSmall, "is too small")),
        Some(float) if float.fract() == 0.0 => Ok(float as i64),
        _ => Err(Invalid::new(Code::WrongType, "must be a whole number")),
    }
}

/// The currency code, which must be that of the shop.
pub(crate) fn shop_currency(shop: Option<Shop>) -> impl Read<Out = Currency> {
    text(move |raw| match shop {
        Some(shop) => shop.price(0, raw).map(|_| shop.currency),
        None => Currency::parse(raw),
    })
}

/// `{"amount": 1999, "currency": "USD"}`, in the shop's currency.
impl FromFields for Price {
    const NAME: &'static str = "Price";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let currency = shop_currency(fields.shop());
        let amount = fields.required("amount", &integer(Self::parse));
        fields.required("currency", &currency).and(amount)
    }

    fn example() -> Value {
        json!({ "amount": 1999, "currency": "USD" })
    }
}

/// Parser of an object.
pub(crate) struct Object<T>(PhantomData<T>);

pub(crate) fn object<T: FromFields>() -> Object<T> {
    Object(PhantomData)
}

impl<T: FromFields> Read for Object<T> {
    type Out = T;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<T> {
        report.object(value, path)
    }

    fn schema(&self, definitions: &mut Definitions) -> Value {
        T::define(definitions);
        schema::reference(T::NAME)
    }
}

/// Parser of a list with at most this many elements. The schema also says: no duplicates, and at least so many.
pub(crate) struct List<R>(R, usize, usize);

/// A list of at least one element, as its schema says.
pub(crate) fn list<R: Read>(element: R, most: usize) -> List<R> {
    List(element, most, 1)
}

/// A list that may be empty.
pub(crate) fn list_or_none<R: Read>(element: R, most: usize) -> List<R> {
    List(element, most, 0)
}

impl<R: Read> Read for List<R> {
    type Out = Vec<R::Out>;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Vec<R::Out>> {
        let elements = match value {
            Value::Array(elements) if elements.len() <= self.1 => elements,
            Value::Array(_) => {
                let refusal = Invalid::new(Code::TooLong, format!("must have at most {} elements", self.1));
                return report.keep(path, Err(refusal));
            }
            _ => return report.keep(path, Err(Invalid::new(Code::WrongType, "must be a list"))),
        };
        // All elements are read before the list fails, so that all errors are reported.
        let read: Vec<_> = elements
            .into_iter()
            .enumerate()
            .map(|(place, element)| self.0.read(element, &format!("{path}[{place}]"), report))
            .collect();
        read.into_iter().collect()
    }

    fn schema(&self, definitions: &mut Definitions) -> Value {
        let element = self.0.schema(definitions);
        json!({ "type": "array", "items": element, "minItems": self.2, "maxItems": self.1, "uniqueItems": true })
    }
}
