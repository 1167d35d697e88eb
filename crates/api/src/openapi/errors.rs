//! A true example of each kind of problem: made as the program makes it, for an operation that can answer with it.

use std::time::Duration;

use application::{ChangeOutcome, Conflict, Error, FieldError, Users};
use domain::access::{Noun, Scope, Scopes};
use domain::accounts::Account;
use domain::attributes::Attribute;
use domain::carts::{LineProblem, LineRefusal};
use domain::customers::Customer;
use domain::groups::Group;
use domain::imports::{ImportStepRefused, RowsGone};
use domain::orders::OrderStatus;
use domain::payments::{Receipt, Refund};
use domain::products::{Product, ProductId};
use domain::promotions::PromotionStatus;
use domain::restocks::RestockStatus;
use domain::roles::CustomRole;
use domain::shipping_methods::ShippingMethod;
use domain::tax_classes::TaxClass;
use domain::terms::Term;
use domain::zones::Zone;
use domain::{Code, Invalid, StoreError, UniqueKey, Uuid, Version};
use serde_json::Value;

use crate::example;
use crate::extract::bad_segment;
use crate::extract::read::parse_id;
use crate::problem::{Fault, Kind, Problem};

/// An operation, as far as its problems depend on it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Such as `/api/v1/products/{id}`.
    pub(super) path: &'a str,
    /// The schema of the request body.
    pub(super) body: Option<&'a Value>,
    /// The name of a query parameter.
    pub(super) query: Option<&'a str>,
}

/// The problem document that an operation answers.
pub(super) fn document(kind: Kind, asked: Asked<'_>) -> Value {
    let path = asked.path.replace("/attributes/{code}", "/attributes/colour");
    let instance = path.split('/').map(filled).collect::<Vec<_>>().join("/");
    serde_json::from_slice(&problem(kind, asked).document(&instance, example::REQUEST_ID)).unwrap_or_default()
}

/// A part of a path with a value in place of a name.
fn filled(part: &str) -> &str {
    match part {
        "{sequence}" => "7",
        "{code}" => "SUMMER",
        part if part.starts_with('{') => example::ID,
        part => part,
    }
}

fn problem(kind: Kind, asked: Asked<'_>) -> Problem {
    let unavailable = || StoreError::Unavailable("".into());
    match kind {
        Kind::INVALID => Error::Invalid(fields(asked.body)).into(),
        Kind::LINES => Conflict::Lines(lines()).into(),
        Kind::DUPLICATE if asked.path.ends_with("/codes") => Conflict::CodesTaken(vec![3]).into(),
        Kind::DUPLICATE => Conflict::Duplicate(unique_key(asked.path)).into(),
        Kind::CART_EMPTY => Conflict::CartEmpty.into(),
        Kind::CART_LINE_FULL => Conflict::CartLineFull { quantity: 990 }.into(),
        Kind::CART_FULL => Conflict::CartFull.into(),
        Kind::STOCK_BOUNDS => Conflict::StockBounds { on_hand: 3 }.into(),
        Kind::STILL_RUNNING => Conflict::StillRunning.into(),
        Kind::ORDER_STEP => {
            let status = OrderStatus::Shipped;
            Conflict::OrderStep { status, allowed: status.next() }.into()
        }
        Kind::RESTOCK_CLOSED => Conflict::RestockClosed(RestockStatus::Received).into(),
        Kind::IN_USE if asked.path.contains("/terms/") => Conflict::TermInUse { products: 12 }.into(),
        Kind::IN_USE if asked.path.contains("/attributes/") => {
            let by = vec![Users { kind: "products", names: vec!["one or more".to_owned()] }];
            Conflict::InUse { what: "attribute", by }.into()
        }
        Kind::IN_USE if asked.path.ends_with("/attributes") => Conflict::IsOption("size".to_owned()).into(),
        Kind::IN_USE if asked.path.contains("/product-groups") => {
            let by = vec![Users { kind: "product groups", names: vec!["T-shirt".to_owned()] }];
            Conflict::InUse { what: "product", by }.into()
        }
        Kind::DUPLICATE_COMBINATION => {
            let (field, other) = ("values".to_owned(), example::ID.to_owned());
            Conflict::DuplicateCombination { field, other }.into()
        }
        Kind::CYCLE => Conflict::Cycle.into(),
        Kind::TOO_MANY_THERE => Conflict::TooMany { what: "attributes", most: 200 }.into(),
        Kind::IN_USE if asked.path.contains("/roles/") => {
            let by = vec![Users { kind: "accounts", names: vec!["one or more".to_owned()] }];
            Conflict::InUse { what: "role", by }.into()
        }
        Kind::IN_USE => {
            let by = vec![Users { kind: "shipping methods", names: vec!["standard".to_owned()] }];
            Conflict::InUse { what: noun(asked.path), by }.into()
        }
        Kind::IMPORT_ROWS_GONE => Error::ImportRows(RowsGone(example::NOW)).into(),
        Kind::IMPORT_STEP => Conflict::ImportStep(ImportStepRefused::Failed(3)).into(),
        Kind::PROMOTION_STEP => {
            let status = PromotionStatus::Paused;
            Conflict::PromotionStep { status, allowed: status.next() }.into()
        }
        Kind::PROMOTION_FIXED if asked.path.ends_with("/codes") => Conflict::NoCodeNeeded.into(),
        Kind::PROMOTION_FIXED => {
            Conflict::PromotionFixed { status: PromotionStatus::Active, fields: vec!["action"] }.into()
        }
        Kind::LIMIT_BELOW_USES => Conflict::LimitBelowUses { used: 12 }.into(),
        Kind::TAX_RATE_HELD => Conflict::TaxRateHeld { since: example::NOW.date() }.into(),
        Kind::LAST_ADMIN => Conflict::LastAdmin.into(),
        Kind::NO_CUSTOMER => Conflict::NoCustomer.into(),
        Kind::BATCH_REFUSED => Error::Batch(outcomes()).into(),
        Kind::STALE => Error::Stale(Version(7)).into(),
        Kind::KEY_REUSED => Error::KeyReused.into(),
        Kind::TOO_MANY => Error::TooMany { retry_after: Duration::from_mins(15) }.into(),
        Kind::EVENTS_GONE => Problem::events_gone(5001),
        Kind::EVENTS_AHEAD => Problem::events_ahead(9000, 5001, 8500),
        Kind::BUSY => Error::Busy { retry_after: Duration::from_secs(1) }.into(),
        Kind::TOKEN_INVALID => Error::TokenInvalid.into(),
        Kind::EMAIL_UNVERIFIED => Error::EmailUnverified.into(),
        Kind::NO_MAIL => Conflict::NoMail.into(),
        Kind::FORBIDDEN => Problem::insufficient_scope(Scopes::of(Scope::Write(Noun::Orders))),
        Kind::NOT_FOUND => Error::NotFound(noun(asked.path)).into(),
        Kind::UNAUTHENTICATED if asked.path.ends_with("/login") => {
            Error::Unauthenticated("the user name or the password is wrong").into()
        }
        Kind::UNAUTHENTICATED => Problem::no_token(),
        Kind::UNAVAILABLE => Error::Unavailable(unavailable()).into(),
        Kind::STORAGE_FULL => Error::Unavailable(StoreError::Full("".into())).into(),
        Kind::OUTCOME_UNKNOWN => Error::Unavailable(StoreError::CommitUnknown("".into())).into(),
        Kind::INTERNAL => Error::Internal("".into()).into(),
        Kind::MALFORMED => malformed(asked.path),
        Kind::BAD_QUERY => bad_query(asked.query.unwrap_or("limit")),
        other => Problem::new(other, detail(other)),
    }
}

/// What is said of a request that never comes to its use case.
fn detail(kind: Kind) -> &'static str {
    match kind {
        Kind::MALFORMED_JSON => "The body is not JSON: expected `,` or `}` at line 1 column 24.",
        Kind::BAD_HEADER => "If-None-Match must be * or a list of entity tags such as \"3\".",
        Kind::REGISTRATION_CLOSED => "Registration is disabled in this shop. Staff create accounts.",
        Kind::BODY_TIMEOUT => "The body must arrive within 10 seconds.",
        Kind::TOO_LARGE => "A body has at most 262144 bytes.",
        Kind::URI_TOO_LONG => "Path and query have at most 8192 bytes.",
        Kind::HEADERS_TOO_LARGE => "All headers together have at most 32768 bytes.",
        Kind::UNSUPPORTED => "The Content-Type must be application/json, in UTF-8.",
        Kind::RATE_LIMITED => "This endpoint takes 100 requests from you at once, and then one more each 14m 24s.",
        other => other.title,
    }
}

/// Two refused fields: one that the body lacks, and one that it may not have.
fn fields(body: Option<&Value>) -> Vec<FieldError> {
    let required = body.and_then(|schema| schema.get("required")?.get(0)?.as_str());
    let missing = required.map(|field| FieldError::new(field, Invalid::new(Code::Required, "is required")));
    let unknown = FieldError::new("colour", Invalid::new(Code::UnknownField, "there is no such field"));
    missing.into_iter().chain([unknown]).collect()
}

/// One change that could be done, and one of what is not there.
fn outcomes() -> Vec<ChangeOutcome> {
    let id = ProductId(Uuid::try_parse(example::ID).unwrap_or_default());
    let refused = ChangeOutcome { id: None, refusal: Some(Error::NotFound("product")) };
    vec![ChangeOutcome { id: Some(id), refusal: None }, refused]
}

fn lines() -> Vec<LineRefusal> {
    let id = Uuid::try_parse(example::ID).unwrap_or_default();
    vec![LineRefusal { product_id: ProductId(id), requested: 3, available: 1, problem: LineProblem::Short }]
}

fn unique_key(path: &str) -> UniqueKey {
    let keys = [
        ("/product-groups", Group::UNIQUE_SLUG),
        ("/products", Product::UNIQUE_SKU),
        ("/terms", Term::UNIQUE_SLUG),
        ("/categories", Term::UNIQUE_SLUG),
        ("/attributes", Attribute::UNIQUE_CODE),
        ("/accounts", Account::UNIQUE_USERNAME),
        ("/roles", CustomRole::UNIQUE_NAME),
        ("/zones", Zone::UNIQUE_NAME),
        ("/shipping-methods", ShippingMethod::UNIQUE_CODE),
        ("/tax-classes", TaxClass::UNIQUE_CODE),
        ("/receive", Receipt::REFERENCE),
        ("/operations/", Refund::UNIQUE_REFERENCE),
        ("/paid", Refund::UNIQUE_REFERENCE),
        ("/refunds", Refund::UNIQUE_OUTSIDE),
    ];
    keys.into_iter().find(|(part, _)| path.contains(part)).map_or(Customer::UNIQUE_EMAIL, |(_, key)| key)
}

/// What a path is about.
fn noun(path: &str) -> &'static str {
    let nouns = [
        "movement",
        "product group",
        "product",
        "attribute",
        "customer",
        "account",
        "role",
        "key",
        "restock",
        "order",
        "zone",
        "promotion",
        "shipping method",
        "tax class",
        "tax rate",
    ];
    if path.contains("/terms/") || path.contains("/categories") {
        return "term";
    }
    let other = if path.contains("cart") { "product" } else { "account" };
    nouns.into_iter().find(|noun| path.contains(&noun.replace(' ', "-"))).unwrap_or(other)
}

fn malformed(path: &str) -> Problem {
    let name = path.split('/').find_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let Some(name) = name else { return Problem::new(Kind::MALFORMED, "The body is incomplete.") };
    // The empty text is no id, whatever an id is.
    match parse_id("") {
        Err(invalid) => bad_segment(name, invalid),
        Ok(_) => Problem::new(Kind::MALFORMED, Kind::MALFORMED.title),
    }
}

fn bad_query(name: &str) -> Problem {
    let message = "must be given once";
    let fault = Fault { field: name.to_owned(), code: Code::Repeated.as_str(), message: message.into() };
    Problem::new(Kind::BAD_QUERY, format!("The query parameter `{name}` {message}.")).with_faults([fault])
}
