//! What a purchase costs.

use std::collections::BTreeMap;

use super::adjustments;
use super::allocate::{round, sum};
use super::discounts::Discounts;
use super::effect::Target;
use super::input::{Goods, Input};
use super::item::Item;
use super::priced::{Priced, PricedItem, Share, TaxTotal, Totals};
use super::promotion::PromotionClass;
use super::rate::Rate;
use super::shares::{Bearer, Carrier, shares};
use super::shipping_choice::{Offered, Shipping};
use super::tax::tax;
use super::taxes::ShippingTax;
use crate::Overflow;
use crate::tax_classes::TaxClassCode;

/// Why a purchase has no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// An amount does not fit into 64 bits.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// No tax rate holds for this class at the place on the day, and the shop sells nothing without one.
    #[error("no tax rate holds for the class {}", .0.as_str())]
    NoTaxRate(TaxClassCode),
}

/// What a purchase costs: the one calculation for carts, quotes and orders.
///
/// Promotions come off the lines, shipping is worked out from what they leave, promotions come off shipping, and taxes are
/// worked out from what is left of lines and shipping. At last the total is rounded to its step.
///
/// # Errors
/// If an amount does not fit, or a tax rate is missing where the shop does not sell without one.
pub fn price(input: &Input<'_>) -> Result<Priced, PriceError> {
    let prices_include_tax = input.rules.prices_include_tax;

    let mut lines = input.goods.iter().map(Goods::target).collect::<Result<Vec<_>, _>>()?;
    sum(lines.iter().map(|line| line.left))?;
    let mut discounts = Discounts::new(input);
    discounts.take(PromotionClass::Line, &mut lines);
    discounts.take(PromotionClass::Order, &mut lines);

    let Shipping { choice, selected, options } = Shipping::of(input, &lines, &discounts)?;
    let discounts = selected.as_ref().map_or(&discounts, |offered| &offered.discounts);

    let mut taxing = Taxing { input, known: BTreeMap::new() };
    let mut items = taxing.lines(&lines)?;
    if let Some(offered) = &selected {
        let shares = taxing.shipping(offered, &items)?;
        items.extend(shares);
    }
    tax(&mut items, prices_include_tax)?;
    if let Some(exemption) = input.buyer.exemption {
        for item in &mut items {
            item.exempt(exemption, prices_include_tax);
        }
    }

    let mut lines: Vec<_> = items.iter().map(|item| item.priced(prices_include_tax)).collect();
    let shipping = lines.split_off(input.goods.len());
    let totals = totals(input, &lines, &shipping, selected.as_ref())?;
    let adjustments = adjustments::all(discounts, selected.as_ref(), &items, prices_include_tax, totals.rounding);
    Ok(Priced {
        lines,
        shipping,
        taxes: TaxTotal::all(&adjustments),
        adjustments,
        totals,
        shipping_choice: choice,
        options,
        outcomes: discounts.outcomes(),
    })
}

impl Goods {
    /// The line before any promotion.
    fn target(&self) -> Result<Target, Overflow> {
        let (unit_price, quantity) = (self.unit_price.amount(), self.quantity.get());
        let left = unit_price.checked_mul(quantity).ok_or(Overflow)?;
        Ok(Target { product_id: Some(self.product_id), unit_price, quantity, left })
    }
}

/// Finds the rates of each item.
struct Taxing<'a, 'i> {
    input: &'i Input<'a>,
    /// The rates of each class, as far as they were looked up.
    known: BTreeMap<TaxClassCode, Vec<&'a Rate>>,
}

impl<'a> Taxing<'a, '_> {
    /// The rates of a class at the place on the day.
    fn rates(&mut self, class: &TaxClassCode) -> Result<Vec<&'a Rate>, PriceError> {
        if let Some(rates) = self.known.get(class) {
            return Ok(rates.clone());
        }
        let taxes = &self.input.rules.taxes;
        let rates = taxes.rates(self.input.tax_place(), class, self.input.today);
        if rates.is_empty() && taxes.refuses_missing() {
            return Err(PriceError::NoTaxRate(class.clone()));
        }
        self.known.insert(class.clone(), rates.clone());
        Ok(rates)
    }

    /// The lines, as promotions left them.
    fn lines(&mut self, lines: &[Target]) -> Result<Vec<Item<'a>>, PriceError> {
        let goods = (1..).zip(self.input.goods.iter().zip(lines));
        let item = |(number, (goods, line)): (_, (&Goods, &Target))| {
            let rates = self.rates(&goods.tax_class)?;
            // Checked when the line was made.
            let amount = line.unit_price.saturating_mul(line.quantity);
            Ok(Item::new(Share::Line(number), amount, line.left, rates))
        };
        goods.map(item).collect()
    }

    /// The shares of shipping.
    fn shipping(&mut self, offered: &Offered<'_>, lines: &[Item<'a>]) -> Result<Vec<Item<'a>>, PriceError> {
        let by_setting = self.input.rules.taxes.shipping_at(self.input.tax_place());
        let by_method = offered.method.tax_class.clone().map(ShippingTax::Class);
        let bearer = match by_method.as_ref().unwrap_or(by_setting) {
            ShippingTax::Proportional => Bearer::Proportional,
            ShippingTax::Highest => Bearer::Highest,
            ShippingTax::Largest => Bearer::Largest,
            ShippingTax::Class(class) => Bearer::Rates(self.rates(class)?),
            ShippingTax::None => Bearer::Rates(Vec::new()),
        };
        let shipped = self.input.goods.iter().zip(lines).filter(|(goods, _)| goods.is_shippable);
        let carrier =
            |(_, line): (_, &Item<'a>)| Carrier { amount: line.amount, left: line.left, rates: line.rates.clone() };
        let shares = shares(offered.left, &shipped.map(carrier).collect::<Vec<_>>(), bearer)?;
        let item = |(amount, rates)| Item::new(Share::Shipping, amount, amount, rates);
        Ok(shares.into_iter().map(item).collect())
    }
}

/// The totals, the last of them rounded to the step of the shop.
fn totals(
    input: &Input<'_>,
    lines: &[PricedItem],
    shipping: &[PricedItem],
    offered: Option<&Offered<'_>>,
) -> Result<Totals, Overflow> {
    let (cost, left) = offered.map_or((0, 0), |offered| (offered.cost, offered.left));
    let of_all = |amount: fn(&PricedItem) -> i64| sum(lines.iter().chain(shipping).map(amount));
    let gross = of_all(|item| item.gross)?;
    let step = i128::from(input.rules.total_step.get());
    let total = i64::try_from(round(gross.into(), step) * step).map_err(|_| Overflow)?;
    Ok(Totals {
        subtotal: sum(lines.iter().map(|line| line.amount))?,
        discount: sum([of_all(|item| item.discount)?, cost - left])?,
        exempted: of_all(|item| item.exempted)?,
        shipping: cost,
        tax: of_all(|item| item.tax)?,
        rounding: total - gross,
        total,
    })
}
