use crate::respond::{Id, Money, Word};
use crate::schema::Apiv2Schema;
use domain::pricing::{Adjustment, AdjustmentKind, Share, TaxTotal, Totals, Treatment};
use domain::{Currency, Rule, Ruled};
use serde::Serialize;

/// Totals: `total` is `subtotal - discount - exempted + shipping + rounding`, and `tax` if prices are without it.
#[derive(Debug, Clone, Serialize, Apiv2Schema)]
#[openapi(rename = "Totals")]
pub(crate) struct TotalsBody {
    /// All lines, before discounts.
    subtotal: Money,
    /// What promotions take off lines and shipping.
    discount: Money,
    /// The tax that an exempt buyer is spared, where prices include it.
    exempted: Money,
    /// The cost of shipping, before discounts.
    shipping: Money,
    /// All taxes.
    tax: Money,
    /// What the smallest step of totals adds, or takes off.
    rounding: Money,
    /// What is to be paid.
    total: Money,
}

/// Something that is added to a purchase or taken off it.
#[derive(Debug, Serialize, Apiv2Schema)]
#[openapi(rename = "Adjustment")]
pub(crate) struct AdjustmentBody {
    kind: Word<AdjustmentKind>,
    /// What it belongs to.
    share: Word<Share>,
    /// The place of the line in the list, from 1, if it belongs to one.
    line_no: Option<i64>,
    /// The code of the shipping method, the coupon or the tax rate.
    code: String,
    /// What people read.
    label: String,
    /// What is taken off is negative.
    amount: Money,
    /// What a tax was worked out from.
    base: Option<Money>,
    /// The rate of a tax in parts per million: 190000 is 19 %.
    rate_ppm: Option<i64>,
    /// Why a tax is as it is.
    treatment: Option<Word<AnyTreatment>>,
    /// Whether the price of what it belongs to includes it already, as taxes may be.
    included: bool,
    promotion_id: Option<Id>,
}

/// A tax of a purchase.
#[derive(Debug, Serialize, Apiv2Schema)]
#[openapi(rename = "Tax")]
pub(crate) struct TaxBody {
    code: String,
    name: String,
    /// Parts per million: 190000 is 19 %.
    rate_ppm: i64,
    treatment: Word<AnyTreatment>,
    /// All that bears it, without tax.
    net: Money,
    tax: Money,
}

/// A treatment of what is bought, among them those that no rate has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnyTreatment;

impl Ruled for AnyTreatment {
    fn rule() -> Rule {
        Rule::one_of(&Treatment::ALL, Treatment::as_str)
    }
}

/// Minor units in a currency.
pub(super) fn money(amount: i64, currency: Currency) -> Money {
    domain::Money { amount, currency }.into()
}

impl TotalsBody {
    pub(crate) fn of(totals: &Totals, currency: Currency) -> Self {
        let Totals { subtotal, discount, exempted, shipping, tax, rounding, total } = *totals;
        let money = |amount| money(amount, currency);
        Self {
            subtotal: money(subtotal),
            discount: money(discount),
            exempted: money(exempted),
            shipping: money(shipping),
            tax: money(tax),
            rounding: money(rounding),
            total: money(total),
        }
    }
}

impl AdjustmentBody {
    pub(crate) fn of(adjustment: &Adjustment, currency: Currency) -> Self {
        Self {
            kind: adjustment.kind.as_str().into(),
            share: adjustment.share.as_str().into(),
            line_no: adjustment.share.line_no().and_then(|number| i64::try_from(number).ok()),
            code: adjustment.code.clone(),
            label: adjustment.label.clone(),
            amount: money(adjustment.amount, currency),
            base: adjustment.base.map(|base| money(base, currency)),
            rate_ppm: adjustment.rate.map(domain::pricing::RatePpm::get),
            treatment: adjustment.treatment.map(|treatment| treatment.as_str().into()),
            included: adjustment.is_included,
            promotion_id: adjustment.promotion_id.map(|id| Id(id.0)),
        }
    }
}

impl TaxBody {
    pub(crate) fn of(tax: &TaxTotal, currency: Currency) -> Self {
        Self {
            code: tax.code.as_str().to_owned(),
            name: tax.name.as_str().to_owned(),
            rate_ppm: tax.rate.get(),
            treatment: tax.treatment.as_str().into(),
            net: money(tax.net, currency),
            tax: money(tax.tax, currency),
        }
    }
}
