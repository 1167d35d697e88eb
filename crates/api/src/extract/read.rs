use std::marker::PhantomData;

use domain::{Code, Date, Invalid, Price, Uuid};
use paperclip::v2::models::{DataType, DataTypeFormat, DefaultSchemaRaw};
use serde_json::Value;
use time::macros::format_description;

use super::fields::{Fields, FromFields, Report};

/// Reads one JSON value, and can say which values it reads.
pub(crate) trait Read {
    type Out;

    /// `None` if the value is refused; the report says why.
    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Self::Out>;

    fn schema(&self) -> DefaultSchemaRaw;
}

fn schema_of(data_type: DataType, format: Option<DataTypeFormat>) -> DefaultSchemaRaw {
    DefaultSchemaRaw { data_type: Some(data_type), format, ..Default::default() }
}

/// A string.
pub(crate) struct Text<F>(F, Option<DataTypeFormat>);

pub(crate) fn text<T, F: Fn(&str) -> Result<T, Invalid>>(parse: F) -> Text<F> {
    Text(parse, None)
}

/// A string that must not be shown.
pub(crate) fn password<T, F: Fn(&str) -> Result<T, Invalid>>(parse: F) -> Text<F> {
    Text(parse, Some(DataTypeFormat::Password))
}

/// An id.
pub(crate) fn id<T>(make: impl Fn(Uuid) -> T) -> impl Read<Out = T> {
    let parse = move |raw: &str| parse_id(raw).map(&make);
    Text(parse, Some(DataTypeFormat::Uuid))
}

/// A day.
pub(crate) fn day() -> impl Read<Out = Date> {
    let parse = |raw: &str| {
        let day = Date::parse(raw, format_description!("[year]-[month]-[day]"));
        day.map_err(|_| Invalid::new(Code::Format, "must be a day such as 2026-01-31"))
    };
    Text(parse, Some(DataTypeFormat::Date))
}

/// Parses a UUID in its usual form; the others that RFC 9562 knows would give one thing several names.
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

    fn schema(&self) -> DefaultSchemaRaw {
        schema_of(DataType::String, self.1.clone())
    }
}

/// A whole number.
pub(crate) struct Integer<F>(F);

pub(crate) fn integer<T, F: Fn(i64) -> Result<T, Invalid>>(parse: F) -> Integer<F> {
    Integer(parse)
}

impl<T, F: Fn(i64) -> Result<T, Invalid>> Read for Integer<F> {
    type Out = T;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<T> {
        let read = whole(&value).and_then(&self.0);
        report.keep(path, read)
    }

    fn schema(&self) -> DefaultSchemaRaw {
        schema_of(DataType::Integer, Some(DataTypeFormat::Int64))
    }
}

/// `true` or `false`.
pub(crate) struct Boolean;

impl Read for Boolean {
    type Out = bool;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<bool> {
        let read = value.as_bool().ok_or_else(|| Invalid::new(Code::WrongType, "must be true or false"));
        report.keep(path, read)
    }

    fn schema(&self) -> DefaultSchemaRaw {
        schema_of(DataType::Boolean, None)
    }
}

/// The whole number in a value. One that 64 bits do not hold has the right type and is out of range.
fn whole(value: &Value) -> Result<i64, Invalid> {
    /// The first whole number above those that an `i64` holds.
    const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;
    if let Some(number) = value.as_i64() {
        return Ok(number);
    }
    match value.as_f64() {
        Some(float) if float >= TOO_LARGE => Err(Invalid::new(Code::TooLarge, "is too large")),
        Some(float) if float <= -TOO_LARGE => Err(Invalid::new(Code::TooSmall, "is too small")),
        _ => Err(Invalid::new(Code::WrongType, "must be a whole number")),
    }
}

/// `{"amount": 1999, "currency": "USD"}`, in the shop's currency.
impl FromFields for Price {
    const NAME: &'static str = "Money";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let shop = fields.shop();
        let in_shop_currency = |raw: &str| shop.map_or(Ok(()), |shop| shop.price(0, raw).map(drop));
        let amount = fields.required("amount", &integer(Self::parse));
        fields.required("currency", &text(in_shop_currency)).and(amount)
    }
}

/// An object, field by field.
pub(crate) struct Object<T>(PhantomData<T>);

pub(crate) fn object<T: FromFields>() -> Object<T> {
    Object(PhantomData)
}

impl<T: FromFields> Read for Object<T> {
    type Out = T;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<T> {
        report.object(value, path)
    }

    fn schema(&self) -> DefaultSchemaRaw {
        T::schema()
    }
}

/// A list of at most so many elements.
pub(crate) struct List<R>(R, usize);

pub(crate) fn list<R: Read>(element: R, most: usize) -> List<R> {
    List(element, most)
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
        // Every element is read before any of them makes the list fail.
        let read: Vec<_> = elements
            .into_iter()
            .enumerate()
            .map(|(place, element)| self.0.read(element, &format!("{path}[{place}]"), report))
            .collect();
        read.into_iter().collect()
    }

    fn schema(&self) -> DefaultSchemaRaw {
        DefaultSchemaRaw { items: Some(self.0.schema().into()), ..schema_of(DataType::Array, None) }
    }
}
