//! What of the price of an order depends on where it goes, and would be otherwise elsewhere.

use std::collections::BTreeSet;

use super::Order;
use crate::Date;
use crate::addresses::Address;
use crate::pricing::{
    Adjustment, AdjustmentKind, Place, PriceBook, Promotion, PromotionName, Rate, RatePpm, Share, ShippingMethod,
    ShippingTax, Treatment,
};
use crate::tax_classes::TaxClassCode;

/// What of the price of an order would be otherwise at another address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceChange {
    /// The shipping method with this code does not ship there.
    Shipping(String),
    /// Other taxes hold there.
    Taxes {
        /// Those of the address that the order has.
        before: Vec<Rate>,
        /// Those of the other address.
        after: Vec<Rate>,
    },
    /// Shipping is taxed in another way there.
    ShippingTax,
    /// The promotion with this name does not hold there.
    Promotion(PromotionName),
}

/// A tax on an order: code, rate and treatment.
type Stated<'a> = (&'a str, RatePpm, Treatment);

impl PriceBook {
    /// What of the price of an order would be otherwise if it went to another address. `promotions` are those that took
    /// something off it.
    ///
    /// Both addresses are compared by this book on the day of the purchase, since rates of days that are over stay as they
    /// are. An order does not keep the tax classes of its lines: they are those whose rates at the previous address are
    /// what the line bears.
    pub fn changes_at(&self, order: &Order, to: &Address, promotions: &[Promotion]) -> Vec<PriceChange> {
        let from = order.shipping_address.as_ref().map_or_else(|| self.rules().home.clone(), Place::from);
        let to = Place::from(to);
        if from == to {
            return Vec::new();
        }
        let day = self.day(order.placed_at);
        let moved = Moved { book: self, order, from: &from, to: &to, day };
        let mut changes: Vec<_> = moved.shipping().into_iter().collect();
        if !moved.is_exempt() {
            changes.extend(moved.taxes());
        }
        changes.extend(moved.promotions(promotions));
        changes
    }
}

/// An order that would go from one place to another.
struct Moved<'a> {
    book: &'a PriceBook,
    order: &'a Order,
    from: &'a Place,
    to: &'a Place,
    day: Date,
}

impl<'a> Moved<'a> {
    fn method(&self, place: &Place) -> Option<&'a ShippingMethod> {
        let code = self.order.shipping_method()?;
        let methods = ShippingMethod::at(&self.book.rules().methods, place);
        methods.into_iter().find(|method| method.code.as_str() == code)
    }

    /// The change of the shipping method, if it is not offered at the new address. Where it is offered, its cost is the
    /// same.
    fn shipping(&self) -> Option<PriceChange> {
        let code = self.order.shipping_method()?;
        self.method(self.to).is_none().then(|| PriceChange::Shipping(code.to_owned()))
    }

    fn promotions(&self, promotions: &[Promotion]) -> impl Iterator<Item = PriceChange> {
        let fails = |promotion: &&Promotion| {
            let countries = &promotion.conditions.countries;
            !countries.is_empty() && !countries.contains(self.to.country())
        };
        promotions.iter().filter(fails).map(|promotion| PriceChange::Promotion(promotion.name.clone()))
    }

    fn taxes(&self) -> Vec<PriceChange> {
        let mut classes: BTreeSet<_> = (1..=self.order.lines.len()).flat_map(|line| self.classes_of(line)).collect();
        let mut changes = Vec::new();
        if self.pays_for_shipping() {
            let of_method = self.method(self.to).and_then(|method| method.tax_class.as_ref());
            let taxes = &self.book.rules().taxes;
            match (of_method, taxes.shipping_at(self.from), taxes.shipping_at(self.to)) {
                (None, here, there) if here != there => changes.push(PriceChange::ShippingTax),
                (Some(class), ..) | (None, ShippingTax::Class(class), _) => drop(classes.insert(class)),
                (None, ..) => {}
            }
        }
        let differing = classes.into_iter().map(|class| (self.rates(self.from, class), self.rates(self.to, class)));
        let (before, after): (Vec<_>, Vec<_>) = differing.filter(|(here, there)| here != there).unzip();
        if !before.is_empty() {
            changes.push(PriceChange::Taxes { before: each_once(before), after: each_once(after) });
        }
        changes
    }

    fn rates(&self, place: &Place, class: &TaxClassCode) -> Vec<&'a Rate> {
        self.book.rules().taxes.rates(place, class, self.day)
    }

    /// Every class that some zone has rates for.
    fn all_classes(&self) -> BTreeSet<&'a TaxClassCode> {
        self.book.rules().taxes.zones.iter().flat_map(|zone| &zone.rates).map(|rate| &rate.class).collect()
    }

    /// The tax classes that a line may have had. If no class fits, because zones have changed since, these are all
    /// classes, or none for a line without taxes.
    fn classes_of(&self, line: usize) -> BTreeSet<&'a TaxClassCode> {
        let (all, borne) = (self.all_classes(), self.borne(line));
        let fits = |class: &&TaxClassCode| stated(&self.rates(self.from, class)) == borne;
        let fitting: BTreeSet<_> = all.iter().copied().filter(|class| fits(class)).collect();
        if fitting.is_empty() && !borne.is_empty() { all } else { fitting }
    }

    /// The taxes that a line bears, by code.
    fn borne(&self, line: usize) -> Vec<Stated<'a>> {
        let own = |one: &&Adjustment| one.kind == AdjustmentKind::Tax && one.share == Share::Line(line);
        let stated = |one: &'a Adjustment| Some((one.code.as_str(), one.rate?, one.treatment?));
        let mut borne: Vec<_> = self.order.adjustments.iter().filter(own).filter_map(stated).collect();
        borne.sort_unstable_by_key(|(code, ..)| *code);
        borne
    }

    /// Whether the buyer was exempt. An exempt buyer is spared the tax at the place of the shop, wherever the goods go.
    fn is_exempt(&self) -> bool {
        let spares =
            |one: &Adjustment| one.kind == AdjustmentKind::Exemption || one.treatment == Some(Treatment::ReverseCharge);
        self.order.adjustments.iter().any(spares) || (1..=self.order.lines.len()).any(|line| self.is_spared(line))
    }

    /// Whether a line has the home rates of the shop as 0 because the buyer is exempt, and not because these are the
    /// rates of its goods.
    fn is_spared(&self, line: usize) -> bool {
        let borne = self.borne(line);
        let Some((_, RatePpm::ZERO, why)) = borne.first().copied() else { return false };
        let home = &self.book.rules().home;
        let as_spared = |class: &TaxClassCode| -> Vec<Stated<'_>> {
            self.rates(home, class).into_iter().map(|rate| (rate.code.as_str(), RatePpm::ZERO, why)).collect()
        };
        let all = self.all_classes();
        all.iter().all(|class| stated(&self.rates(self.from, class)) != borne)
            && all.iter().any(|class| as_spared(class) == borne)
    }

    /// Whether promotions have left anything of the cost of shipping, so that it can be taxed.
    fn pays_for_shipping(&self) -> bool {
        let is_cost = |one: &&Adjustment| {
            one.share == Share::Shipping && matches!(one.kind, AdjustmentKind::Shipping | AdjustmentKind::Discount)
        };
        self.order.adjustments.iter().filter(is_cost).map(|one| one.amount).sum::<i64>() > 0
    }
}

fn stated<'a>(rates: &[&'a Rate]) -> Vec<Stated<'a>> {
    rates.iter().map(|rate| (rate.code.as_str(), rate.ppm, rate.treatment())).collect()
}

fn each_once(sets: Vec<Vec<&Rate>>) -> Vec<Rate> {
    let mut all: Vec<Rate> = Vec::new();
    for rate in sets.into_iter().flatten() {
        if !all.contains(rate) {
            all.push(rate.clone());
        }
    }
    all
}
