//! The one list of all that was added to the lines of a purchase and taken off them.

use super::discounts::{Applied, Discounts};
use super::item::Item;
use super::priced::Share;
use super::promotion::{PromotionClass, PromotionId};
use super::rate::{Rate, RatePpm, Treatment};
use super::shipping_choice::Offered;

crate::word::words! {
    /// Why the price of an order is more or less than that of its lines.
    AdjustmentKind {
        /// The cost of shipping. Not negative.
        Shipping = "shipping",
        /// What a promotion takes off. Negative.
        Discount = "discount",
        /// The tax in a price that an exempt buyer is spared. Negative.
        Exemption = "exemption",
        /// A tax. Not negative; 0 says why there is none.
        Tax = "tax",
        /// What the step of the total adds, or takes off.
        Rounding = "rounding",
    }
}

/// Something that was added or taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Whether it is shipping, a discount, an exemption, a tax, or rounding.
    pub kind: AdjustmentKind,
    /// The line, order or shipping that it changes.
    pub share: Share,
    /// The code of the shipping method, of the coupon or of the tax rate; empty for a promotion without a code.
    pub code: String,
    /// What people read.
    pub label: String,
    /// Minor units; what is taken off is negative.
    pub amount: i64,
    /// What a tax was worked out from: net if prices are without tax, gross if they include it.
    pub base: Option<i64>,
    /// The amount without tax of what a tax was worked out from.
    pub net: Option<i64>,
    /// The rate of a tax.
    pub rate: Option<RatePpm>,
    /// Why a tax or an exemption is as it is.
    pub treatment: Option<Treatment>,
    /// Whether the price of what it belongs to includes it already, as taxes may be.
    pub is_included: bool,
    /// The promotion of a discount.
    pub promotion_id: Option<PromotionId>,
}

impl Adjustment {
    fn new(kind: AdjustmentKind, share: Share, code: &str, label: &str, amount: i64) -> Self {
        Self {
            kind,
            share,
            code: code.to_owned(),
            label: label.to_owned(),
            amount,
            base: None,
            net: None,
            rate: None,
            treatment: None,
            is_included: false,
            promotion_id: None,
        }
    }

    fn discount(applied: &Applied<'_>, share: Share, amount: i64) -> Self {
        let promotion = applied.candidate.promotion;
        let code = applied.candidate.coupon.map_or("", |coupon| coupon.text.as_str());
        let new = Self::new(AdjustmentKind::Discount, share, code, promotion.name.as_str(), -amount);
        Self { promotion_id: Some(promotion.id), ..new }
    }
}

/// All adjustments of a purchase, in the order in which they were worked out.
pub(super) fn all(
    discounts: &Discounts<'_>,
    shipping: Option<&Offered<'_>>,
    items: &[Item<'_>],
    prices_include_tax: bool,
    rounding: i64,
) -> Vec<Adjustment> {
    let mut all = of_lines(discounts);
    all.extend(shipping.into_iter().flat_map(of_shipping));
    all.extend(items.iter().filter_map(of_exemption));
    all.extend(items.iter().flat_map(|item| of_taxes(item, prices_include_tax)));
    all.extend(of_rounding(rounding));
    all
}

/// What promotions take off lines.
fn of_lines(discounts: &Discounts<'_>) -> Vec<Adjustment> {
    let mut all = Vec::new();
    for applied in discounts.of(|class| class != PromotionClass::Shipping) {
        let shares = (1..).zip(&applied.shares).filter(|(_, share)| **share > 0);
        all.extend(shares.map(|(number, share)| Adjustment::discount(applied, Share::Line(number), *share)));
    }
    all
}

/// The cost of shipping, and what promotions take off it.
fn of_shipping(offered: &Offered<'_>) -> Vec<Adjustment> {
    let (code, name) = (offered.method.code.as_str(), offered.method.name.as_str());
    let cost = Adjustment::new(AdjustmentKind::Shipping, Share::Shipping, code, name, offered.cost);
    let discounts = offered.discounts.of(|class| class == PromotionClass::Shipping);
    let discount = |applied: &Applied<'_>| Adjustment::discount(applied, Share::Shipping, applied.shares.iter().sum());
    std::iter::once(cost).chain(discounts.map(discount)).collect()
}

/// The tax in the price of an item that an exempt buyer is spared.
fn of_exemption(item: &Item<'_>) -> Option<Adjustment> {
    let (amount, treatment) = item.exempted()?;
    let code = treatment.as_str();
    let exemption = Adjustment::new(AdjustmentKind::Exemption, item.share, code, "Tax exemption", -amount);
    Some(Adjustment { treatment: Some(treatment), ..exemption })
}

fn of_taxes(item: &Item<'_>, is_included: bool) -> Vec<Adjustment> {
    let tax = |(rate, amount): &(&Rate, i64)| {
        let (ppm, treatment) = item.stated(rate);
        Adjustment {
            base: Some(item.left),
            net: Some(item.priced(is_included).net),
            rate: Some(ppm),
            treatment: Some(treatment),
            is_included,
            ..Adjustment::new(AdjustmentKind::Tax, item.share, rate.code.as_str(), rate.name.as_str(), *amount)
        }
    };
    item.taxes.iter().map(tax).collect()
}

/// The step of the total.
fn of_rounding(rounding: i64) -> Option<Adjustment> {
    let new = Adjustment::new(AdjustmentKind::Rounding, Share::Order, "rounding", "Rounding", rounding);
    (rounding != 0).then_some(new)
}
