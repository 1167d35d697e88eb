use crate::example;
use crate::problem::code_message;
use crate::respond::{Id, Money};
use crate::schema::{Apiv2Schema, ResponseBody};
use application::checkout::Quote;
use domain::Shop;
use domain::carts::LineRefusal;
use domain::checkout::{CheckoutProblem, CodeOutcome};
use domain::pricing::{Refusal, ShippingOption};
use serde::Serialize;

use super::amounts::{AdjustmentBody, TaxBody, TotalsBody, money};
use super::item::ItemBody;

/// What a purchase would cost now.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Quote")]
pub(crate) struct QuoteBody {
    /// The ISO 4217 code.
    currency: &'static str,
    /// Whether prices include tax.
    prices_include_tax: bool,
    /// Whether prices are those of where the shop is, since no address is given.
    estimated: bool,
    items: Vec<ItemBody>,
    shipping_options: Vec<ShippingOptionBody>,
    adjustments: Vec<AdjustmentBody>,
    taxes: Vec<TaxBody>,
    totals: TotalsBody,
    /// What became of each code.
    codes: Vec<CodeBody>,
    /// All that keeps it from being ordered.
    problems: Vec<QuoteProblem>,
}

/// What became of a code.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "AppliedCode")]
struct CodeBody {
    /// The code as it was given.
    code: String,
    applied: bool,
    /// What it takes off, if it applies.
    discount: Option<Money>,
    /// Why it does not apply: `unknown`, `not_started`, `ended`, `exhausted`, `already_used`, `conditions_not_met` or
    /// `not_combinable`.
    reason: Option<&'static str>,
    /// The same for people.
    message: Option<&'static str>,
}

/// A shipping method that is offered.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ShippingOption")]
struct ShippingOptionBody {
    code: String,
    name: String,
    /// Before discounts.
    amount: Money,
    /// What promotions take off.
    discount: Money,
    min_days: Option<i64>,
    max_days: Option<i64>,
    /// Whether the quote is made with it.
    selected: bool,
}

/// Something that keeps a purchase from being ordered.
#[derive(Serialize, Apiv2Schema)]
struct QuoteProblem {
    /// `email_not_verified`, `unknown_product`, `archived_product`, `insufficient_stock`, `address_missing`,
    /// `shipping_method_missing` or `shipping_unavailable`.
    code: &'static str,
    /// What is to be done, for people.
    message: String,
    /// The product, if a line cannot be ordered.
    product_id: Option<Id>,
}

impl QuoteBody {
    pub(super) fn of(quote: &Quote, shop: Shop) -> Self {
        let (priced, currency) = (&quote.priced, shop.currency);
        let offered = quote.lines.iter().filter_map(|line| Some((line.quantity, line.offer.as_ref()?)));
        Self {
            currency: currency.code(),
            prices_include_tax: quote.prices_include_tax,
            estimated: quote.is_estimated,
            items: offered.zip(&priced.lines).map(|(line, priced)| ItemBody::quoted(line, priced, shop)).collect(),
            shipping_options: priced.options.iter().map(|option| ShippingOptionBody::of(option, shop)).collect(),
            adjustments: priced.adjustments.iter().map(|one| AdjustmentBody::of(one, currency)).collect(),
            taxes: priced.taxes.iter().map(|tax| TaxBody::of(tax, currency)).collect(),
            totals: TotalsBody::of(&priced.totals, currency),
            codes: quote.codes.iter().map(|code| CodeBody::of(code, shop)).collect(),
            problems: quote.problems.iter().map(QuoteProblem::of).collect(),
        }
    }
}

impl CodeBody {
    fn of(code: &CodeOutcome, shop: Shop) -> Self {
        let refusal = code.result.err();
        Self {
            code: code.text.to_string(),
            applied: refusal.is_none(),
            discount: code.result.ok().map(|discount| money(discount, shop.currency)),
            reason: refusal.map(Refusal::as_str),
            message: refusal.map(code_message),
        }
    }
}

impl ShippingOptionBody {
    fn of(option: &ShippingOption, shop: Shop) -> Self {
        Self {
            code: option.code.as_str().to_owned(),
            name: option.name.to_string(),
            amount: money(option.amount, shop.currency),
            discount: money(option.discount, shop.currency),
            min_days: option.min_days,
            max_days: option.max_days,
            selected: option.is_selected,
        }
    }
}

impl QuoteProblem {
    fn of(problem: &CheckoutProblem) -> Self {
        let (message, product_id) = match problem {
            CheckoutProblem::EmailUnverified => ("confirm the email address of the account".to_owned(), None),
            CheckoutProblem::Line(LineRefusal { product_id, requested, available, .. }) => {
                (format!("{requested} requested, {available} available"), Some(Id(product_id.0)))
            }
            CheckoutProblem::AddressMissing => ("give a `shipping_address`".to_owned(), None),
            CheckoutProblem::MethodMissing => ("give a `shipping_method` of `shipping_options`".to_owned(), None),
            CheckoutProblem::ShippingUnavailable => {
                ("choose a `shipping_method` of `shipping_options`, or another address".to_owned(), None)
            }
        };
        Self { code: problem.as_str(), message, product_id }
    }
}

impl ResponseBody for QuoteBody {
    fn example() -> Self {
        Self::of(&example::quote(), example::shop())
    }
}
