//! Problem documents (RFC 9457), the body of every error response.

mod batch;
mod events;
mod from_error;
mod groups;
mod imports;
mod kinds;
mod media;
mod orders;
mod payments;
mod terms;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use application::FieldError;
use domain::access::{Beyond, Scopes};
use domain::carts::LineRefusal;
use domain::pricing::{Refusal, Totals};
use domain::{Code, Currency};
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use batch::BatchResult;
pub(crate) use from_error::code_message;
pub(crate) use kinds::Kind;

use crate::schema;

/// The media type of a problem document.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A refused field of a request, in the form of the response.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    pub(crate) field: String,
    pub(crate) code: &'static str,
    pub(crate) message: Cow<'static, str>,
}

impl From<FieldError> for Fault {
    fn from(error: FieldError) -> Self {
        Self { field: error.field, code: error.invalid.code.as_str(), message: error.invalid.message }
    }
}

/// A line that cannot be ordered, in the form of the response.
#[derive(Debug, Serialize)]
struct BadLine {
    product_id: String,
    code: &'static str,
    requested: i64,
    available: i64,
    message: String,
}

impl From<LineRefusal> for BadLine {
    fn from(refusal: LineRefusal) -> Self {
        use domain::carts::LineProblem::{Archived, Short, Unknown};
        let message = match refusal.problem {
            Unknown => "there is no such product".to_owned(),
            Archived => "the product is no longer for sale".to_owned(),
            Short => format!("{} requested, {} available", refusal.requested, refusal.available),
        };
        Self {
            product_id: refusal.product_id.to_string(),
            code: refusal.problem.as_str(),
            requested: refusal.requested,
            available: refusal.available,
            message,
        }
    }
}

/// An error response. Request id and path are added by [`Problem::document`].
#[derive(Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    detail: Cow<'static, str>,
    faults: Vec<Fault>,
    lines: Vec<BadLine>,
    totals: Option<Value>,
    products: Option<u64>,
    oldest: Option<i64>,
    last: Option<i64>,
    scope: Option<String>,
    results: Vec<BatchResult>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        let (faults, lines, headers) = (Vec::new(), Vec::new(), Vec::new());
        Self(Box::new(Parts {
            kind,
            detail: detail.into(),
            faults,
            lines,
            totals: None,
            products: None,
            oldest: None,
            last: None,
            scope: None,
            results: Vec::new(),
            headers,
            cause: None,
        }))
    }

    pub(crate) fn with_faults(mut self, faults: impl IntoIterator<Item = impl Into<Fault>>) -> Self {
        self.0.faults = faults.into_iter().map(Into::into).collect();
        self
    }

    /// What happened, for people.
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The problem as pages of the office show it.
    pub(crate) fn for_people(&self) -> office::Refusal {
        const SEND_AGAIN: &str = "It is unknown whether this was done. Go back and send the form again: it acts once.";
        let fields = self.0.faults.iter().map(|fault| (fault.field.clone(), fault.message.clone())).collect();
        let is_unknown = self.0.kind == Kind::OUTCOME_UNKNOWN;
        let detail = if is_unknown { SEND_AGAIN.into() } else { self.0.detail.clone() };
        office::Refusal { status: self.status().as_u16(), title: self.0.kind.title.into(), detail, fields }
    }

    pub(crate) fn with_lines(mut self, lines: Vec<LineRefusal>) -> Self {
        self.0.lines = lines.into_iter().map(Into::into).collect();
        self
    }

    /// Adds what a purchase costs now, in the form in which quotes have it.
    pub(crate) fn with_totals(mut self, totals: &Totals, currency: Currency) -> Self {
        let Totals { subtotal, discount, exempted, shipping, tax, rounding, total } = *totals;
        let money = |amount: i64| json!({ "amount": amount, "currency": currency.code() });
        self.0.totals = Some(json!({
            "subtotal": money(subtotal),
            "discount": money(discount),
            "exempted": money(exempted),
            "shipping": money(shipping),
            "tax": money(tax),
            "rounding": money(rounding),
            "total": money(total),
        }));
        self
    }

    /// Adds how many products are concerned.
    pub(crate) fn with_products(mut self, count: u64) -> Self {
        self.0.products = Some(count);
        self
    }

    /// A caller lacks scopes.
    pub(crate) fn insufficient_scope(needed: Scopes) -> Self {
        let words = needed.to_string();
        let (noun, named) = (if words.contains(' ') { "scopes" } else { "scope" }, words.replace(' ', "`, `"));
        Self::lacking(needed, format!("This needs the {noun} `{named}`."))
    }

    /// A caller would give, take or change rights that it has not.
    pub(crate) fn beyond(beyond: Beyond) -> Self {
        if beyond.missing.is_empty() {
            return Self::new(Kind::FORBIDDEN, "Only administrators make, change or delete administrators.");
        }
        let named = beyond.missing.to_string().replace(' ', "`, `");
        Self::lacking(beyond.missing, format!("You cannot give, take or change rights that you have not: `{named}`."))
    }

    fn lacking(needed: Scopes, detail: String) -> Self {
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\"");
        let mut problem = Self::new(Kind::FORBIDDEN, detail);
        problem.0.scope = Some(needed.to_string());
        // It is ASCII, so the error cannot be.
        let challenge = HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static("Bearer"));
        problem.with_header(header::WWW_AUTHENTICATE, challenge)
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Adds `Retry-After` in whole seconds, rounded up, at least 1.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000).clamp(1, u128::from(u32::MAX));
        self.with_header(header::RETRY_AFTER, u64::try_from(seconds).unwrap_or(u64::MAX).into())
    }

    /// Adds the internal cause, which is logged and never sent to the client.
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.kind.status
    }

    /// Whether the database has no room.
    pub(crate) fn is_storage_full(&self) -> bool {
        self.0.kind == Kind::STORAGE_FULL
    }

    pub(crate) fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    pub(crate) fn document(&self, instance: &str, request_id: &str) -> Vec<u8> {
        let document = Document {
            r#type: self.0.kind.uri(),
            title: self.0.kind.title,
            status: self.0.kind.status.as_u16(),
            detail: &self.0.detail,
            instance,
            request_id,
            errors: &self.0.faults,
            lines: &self.0.lines,
            totals: self.0.totals.as_ref(),
            products: self.0.products,
            oldest: self.0.oldest,
            last: self.0.last,
            scope: self.0.scope.as_deref(),
            results: &self.0.results,
        };
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Fault],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    lines: &'a [BadLine],
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    results: &'a [BatchResult],
}

/// The code of a value that belongs to another resource.
const DUPLICATE: &str = "duplicate";

/// Every code of a refused field.
fn codes() -> Vec<&'static str> {
    Code::ALL.iter().map(|code| code.as_str()).chain([DUPLICATE]).chain(Refusal::CODES).collect()
}

/// The name of the schema in the API document.
pub(crate) const SCHEMA_NAME: &str = "Problem";

/// The JSON schema of a list of refused fields.
fn fault_schema(description: &str) -> Value {
    json!({
        "type": "array",
        "description": description,
        "items": {
            "type": "object",
            "required": ["field", "code", "message"],
            "properties": {
                "field": { "type": "string", "description": "The path of the field, or the name of the parameter." },
                "code": { "type": "string", "enum": codes(), "description": "The rule, for programs." },
                "message": { "type": "string", "description": "What is allowed, for people." },
            },
        },
    })
}

/// The JSON schema of all problem documents.
pub(crate) fn schema() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "type": "object",
        "description": "A problem document (RFC 9457).",
        "required": ["type", "title", "status", "detail", "instance", "request_id"],
        "properties": {
            "type": { "type": "string", "description": "The kind of problem. It is stable: programs should use this." },
            "title": { "type": "string", "description": "The kind of problem, for people." },
            "status": { "type": "integer", "format": "int32", "description": "The HTTP status." },
            "detail": { "type": "string", "description": "What is wrong with this request." },
            "instance": { "type": "string", "description": "The path of the request." },
            "request_id": { "type": "string", "description": "The `X-Request-Id` of the request, as in the log." },
            "errors": fault_schema("Every refused field or parameter."),
            "totals": schema::reference("Totals"),
            "products": { "type": "integer", "format": "int64", "description": "How many products have the term." },
            "oldest": { "type": "integer", "format": "int64", "description": "The first position that is kept." },
            "last": { "type": "integer", "format": "int64", "description": "The last position of the feed." },
            "scope": { "type": "string", "description": "The scopes that are needed, with blanks between them." },
            "results": {
                "type": "array",
                "description": "What would become of each of many changes, if no other was refused.",
                "items": batch::schema(),
            },
            "lines": {
                "type": "array",
                "description": "Every line that cannot be ordered.",
                "items": {
                    "type": "object",
                    "required": ["product_id", "code", "requested", "available", "message"],
                    "properties": {
                        "product_id": { "type": "string", "format": "uuid" },
                        "code": { "type": "string", "enum": orders::codes_of_lines() },
                        "requested": { "type": "integer", "format": "int64" },
                        "available": { "type": "integer", "format": "int64" },
                        "message": text(),
                    },
                },
            },
        },
    })
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}
