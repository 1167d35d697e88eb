//! The amounts of a purchase as its list of adjustments tells them, so that nothing but the list is stored.

use super::adjustments::{Adjustment, AdjustmentKind};
use super::priced::{PricedItem, Share, TaxTotal, Totals};
use super::rate::{RatePpm, TaxCode, TaxName, Treatment};

/// The amounts of a line. None is negative, and `gross` is `net` and `tax`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineAmounts {
    /// What promotions take off.
    pub discount: i64,
    /// The tax that an exempt buyer is spared, where prices include it.
    pub exempted: i64,
    /// The tax, in minor units.
    pub tax: i64,
    /// Without tax.
    pub net: i64,
    /// The gross amount after discounts, in minor units.
    pub gross: i64,
}

/// The sum of what is listed of one kind.
fn sum<'a>(all: impl IntoIterator<Item = &'a Adjustment>, kind: AdjustmentKind) -> i64 {
    all.into_iter().filter(|one| one.kind == kind).map(|one| one.amount).sum()
}

/// Whether the taxes in a list are in the prices already.
fn includes_tax<'a>(all: impl IntoIterator<Item = &'a Adjustment>) -> bool {
    all.into_iter().any(|one| one.is_included)
}

impl From<&PricedItem> for LineAmounts {
    fn from(priced: &PricedItem) -> Self {
        let &PricedItem { discount, exempted, tax, net, gross, .. } = priced;
        Self { discount, exempted, tax, net, gross }
    }
}

impl LineAmounts {
    /// The amounts of the line with this number, which costs `line_total` before anything is added or taken off.
    pub fn of(line_total: i64, number: usize, adjustments: &[Adjustment]) -> Self {
        let own = || adjustments.iter().filter(|one| one.share == Share::Line(number));
        let (discount, exempted) = (-sum(own(), AdjustmentKind::Discount), -sum(own(), AdjustmentKind::Exemption));
        let tax = sum(own(), AdjustmentKind::Tax);
        let left = line_total - discount - exempted;
        let (net, gross) = if includes_tax(own()) { (left - tax, left) } else { (left, left + tax) };
        Self { discount, exempted, tax, net, gross }
    }
}

impl Totals {
    /// The totals of lines that cost `subtotal` before anything is added or taken off.
    pub fn of(subtotal: i64, adjustments: &[Adjustment]) -> Self {
        let discount = -sum(adjustments, AdjustmentKind::Discount);
        let exempted = -sum(adjustments, AdjustmentKind::Exemption);
        let shipping = sum(adjustments, AdjustmentKind::Shipping);
        let tax = sum(adjustments, AdjustmentKind::Tax);
        let rounding = sum(adjustments, AdjustmentKind::Rounding);
        let on_top = if includes_tax(adjustments) { 0 } else { tax };
        let total = subtotal - discount - exempted + shipping + on_top + rounding;
        Self { subtotal, discount, exempted, shipping, tax, rounding, total }
    }

    /// Whether the prices include the taxes in a list, so that `tax` is no addend of `total`.
    pub fn include_tax(adjustments: &[Adjustment]) -> bool {
        includes_tax(adjustments)
    }
}

impl TaxTotal {
    /// The taxes in a list, by code, rate and treatment, in order of the first item that bears each.
    pub fn all(adjustments: &[Adjustment]) -> Vec<Self> {
        let mut totals: Vec<Self> = Vec::new();
        for tax in adjustments.iter().filter(|one| one.kind == AdjustmentKind::Tax) {
            let (rate, treatment) = (tax.rate.unwrap_or(RatePpm::ZERO), tax.treatment.unwrap_or(Treatment::None));
            let net = tax.net.unwrap_or_default();
            let is_same =
                |total: &&mut Self| (total.code.as_str(), total.rate, total.treatment) == (&tax.code, rate, treatment);
            match totals.iter_mut().find(is_same) {
                Some(total) => {
                    total.net += net;
                    total.tax += tax.amount;
                }
                None => totals.push(Self {
                    code: TaxCode::from_trusted(tax.code.clone()),
                    name: TaxName::from_trusted(tax.label.clone()),
                    rate,
                    treatment,
                    net,
                    tax: tax.amount,
                }),
            }
        }
        totals
    }
}
