//! What an order costs: lines that add up to its total, each with the name of what it comes from.

use domain::Money;
use domain::orders::Order;
use domain::pricing::{AdjustmentKind, PromotionId, TaxTotal, Treatment};
use maud::{Markup, html};

use crate::parts::{money, percent};

/// A row of the totals: its label, and its amount in minor units, negative for a discount.
type Part = (String, i64);

/// The lines that add up to the total, the total, and below it what the prices include of taxes.
pub(super) fn totals(order: &Order) -> Markup {
    let of = |amount: i64| Money { amount, currency: order.total.currency };
    let (addends, included) = parts(order);
    html! {
        dl.totals {
            @for (label, amount) in &addends { dt { (label) } dd { (money(of(*amount))) } }
            dt.total { "Total" } dd.total { (money(of(order.totals().total))) }
            @for (label, amount) in &included { dt.faint { "of which " (label) } dd.faint { (money(of(*amount))) } }
        }
    }
}

/// The parts that add up to the total, and the taxes that these parts already include.
fn parts(order: &Order) -> (Vec<Part>, Vec<Part>) {
    let totals = order.totals();
    let shipping = order.shipping().map(|chosen| (format!("Shipping: {}", chosen.label), totals.shipping));
    let mut addends = vec![("Subtotal".to_owned(), totals.subtotal)];
    addends.extend(discounts(order));
    addends.extend((totals.exempted != 0).then(|| ("Tax exemption".to_owned(), -totals.exempted)));
    addends.extend(shipping);
    let taxes = order.taxes().iter().filter_map(tax).collect();
    let included = if order.includes_tax() {
        taxes
    } else {
        addends.extend(taxes);
        Vec::new()
    };
    addends.extend((totals.rounding != 0).then(|| ("Rounding".to_owned(), totals.rounding)));
    (addends, included)
}

/// What each promotion takes off lines and shipping, with the code that was typed for it.
fn discounts(order: &Order) -> Vec<Part> {
    let mut all: Vec<((Option<PromotionId>, &str), Part)> = Vec::new();
    for one in order.adjustments.iter().filter(|one| one.kind == AdjustmentKind::Discount) {
        let source = (one.promotion_id, one.code.as_str());
        if let Some((_, (_, amount))) = all.iter_mut().find(|(known, _)| *known == source) {
            *amount += one.amount;
        } else {
            let code = if one.code.is_empty() { String::new() } else { format!(" ({})", one.code) };
            all.push((source, (format!("{}{code}", one.label), one.amount)));
        }
    }
    all.into_iter().map(|(_, part)| part).collect()
}

/// A tax, or why there is none; nothing if no rate holds.
fn tax(total: &TaxTotal) -> Option<Part> {
    let named = format!("{} {}", total.name.as_str(), percent(total.rate));
    match total.treatment {
        Treatment::Exempt | Treatment::ReverseCharge | Treatment::Export => {
            Some((format!("{named}, {}", total.treatment.as_str().replace('_', " ")), total.tax))
        }
        Treatment::Zero => Some((named, total.tax)),
        Treatment::Standard | Treatment::None => (total.tax != 0).then_some((named, total.tax)),
    }
}
