//! Shipping methods and what they cost.

use super::allocate::round_up;
use super::zone::Zone;
use crate::code::code;
use crate::tax_classes::TaxClassCode;
use crate::{Code, Invalid, Overflow, Price};

code! {
    /// By what a buyer chooses a shipping method.
    MethodCode
}

crate::text::text! {
    /// The name of a shipping method: 1 to 100 characters.
    MethodName, 1, 100, One
}

crate::word::words! {
    /// What the cost of a method depends on.
    Basis {
        /// It depends on nothing: there is one price.
        Flat = "flat",
        /// The grams of what is shipped.
        Weight = "weight",
        /// The goods, after discounts.
        Subtotal = "subtotal",
        /// The units of what is shipped.
        Quantity = "quantity",
    }
}

/// What a tier adds for each step begun above its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierStep {
    /// The length of a step: grams, minor units or units, as the basis says. At least 1.
    pub per: i64,
    /// What each costs.
    pub amount: Price,
}

/// What a tier costs: an amount, and more for each step above its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierCost {
    /// What it costs at the beginning of the tier.
    pub amount: Price,
    /// What each step above the beginning adds; `None` if nothing does.
    pub step: Option<TierStep>,
}

/// A tier of a shipping method: what it costs from a value of its basis on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Where it begins: grams, minor units or units, as the basis says.
    pub from: i64,
    /// The cost; `None` if the method is not offered from here on.
    pub cost: Option<TierCost>,
}

impl Tier {
    /// A tier by the fields of a request. A step needs both of its fields, and a tier that is offered.
    ///
    /// # Errors
    /// The name of the refused field with the reason.
    pub fn new(
        from: i64,
        amount: Option<Price>,
        per: Option<i64>,
        per_amount: Option<Price>,
    ) -> Result<Self, (&'static str, Invalid)> {
        let required = |with: &str| Invalid::new(Code::Required, format!("is required with {with}"));
        let step = match (per, per_amount) {
            (None, None) => None,
            (Some(per), Some(amount)) => Some(TierStep { per, amount }),
            (None, Some(_)) => return Err(("per", required("per_amount"))),
            (Some(_), None) => return Err(("per_amount", required("per"))),
        };
        match amount {
            None if step.is_some() => {
                Err(("per", Invalid::new(Code::NotAllowed, "must not be given where amount is null")))
            }
            _ => Ok(Self { from, cost: amount.map(|amount| TierCost { amount, step }) }),
        }
    }
}

/// The tiers of a shipping method, by where they begin. The first begins at 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers(Vec<Tier>);

impl Tiers {
    /// The most tiers of a method.
    pub const MAX: usize = 100;
    /// The greatest beginning of a tier, and the longest step.
    pub const MAX_VALUE: i64 = 1_000_000_000_000;

    /// Checks tiers that are given in order.
    ///
    /// # Errors
    /// The path of each refused field below `tiers`, such as `[1].from`, with the reason.
    pub fn parse(tiers: Vec<Tier>) -> Result<Self, Vec<(String, Invalid)>> {
        let code = if tiers.is_empty() { Code::TooShort } else { Code::TooLong };
        if !(1..=Self::MAX).contains(&tiers.len()) {
            return Err(vec![(String::new(), Invalid::new(code, format!("must have 1 to {} tiers", Self::MAX)))]);
        }
        let mut bad = Vec::new();
        let mut before = None;
        for (at, tier) in tiers.iter().enumerate() {
            let from = Self::check_from(tier.from, before);
            bad.extend(from.map(|why| (format!("[{at}].from"), why)));
            let step = tier.cost.and_then(|cost| cost.step);
            let per = step.and_then(|step| Invalid::range(step.per, 1, Self::MAX_VALUE));
            bad.extend(per.map(|why| (format!("[{at}].per"), why)));
            before = Some(tier.from);
        }
        if bad.is_empty() { Ok(Self(tiers)) } else { Err(bad) }
    }

    /// Why a tier may not begin there, after one that begins at `before`.
    fn check_from(from: i64, before: Option<i64>) -> Option<Invalid> {
        match before {
            None if from != 0 => Some(Invalid::new(Code::NotAllowed, "must be 0 in the first tier")),
            Some(before) if from <= before => {
                Some(Invalid::new(Code::TooSmall, "must be greater than in the tier before"))
            }
            _ => Invalid::range(from, 0, Self::MAX_VALUE),
        }
    }

    /// Stored tiers, which were checked before they were stored.
    pub const fn from_trusted(stored: Vec<Tier>) -> Self {
        Self(stored)
    }

    /// The tiers, in order.
    pub fn as_slice(&self) -> &[Tier] {
        &self.0
    }

    /// What `value` costs: the last tier that begins at it or before, and each of its steps begun. `None` if the method is
    /// not offered for it.
    fn cost(&self, value: i64) -> Result<Option<i64>, Overflow> {
        let tier = self.0.iter().rev().find(|tier| tier.from <= value);
        let Some((tier, cost)) = tier.and_then(|tier| Some((tier, tier.cost?))) else { return Ok(None) };
        let steps =
            cost.step.map_or(Some(0), |step| round_up(value - tier.from, step.per).checked_mul(step.amount.amount()));
        steps.and_then(|steps| steps.checked_add(cost.amount.amount())).map(Some).ok_or(Overflow)
    }
}

impl std::fmt::Display for Tiers {
    /// Where each begins, and what it costs: `0: 490; 2000: 690 and 100 for each 1000; 31500: not offered`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, Tier { from, cost }) in self.0.iter().enumerate() {
            let semicolon = if place == 0 { "" } else { "; " };
            write!(f, "{semicolon}{from}: ")?;
            let Some(TierCost { amount, step }) = cost else {
                f.write_str("not offered")?;
                continue;
            };
            write!(f, "{}", amount.amount())?;
            if let Some(TierStep { per, amount }) = step {
                write!(f, " and {} for each {per}", amount.amount())?;
            }
        }
        Ok(())
    }
}

/// A shipping method that is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingMethod {
    /// The code by which a buyer chooses it.
    pub code: MethodCode,
    /// The name that buyers read: 1 to 100 characters.
    pub name: MethodName,
    /// Where it ships to.
    pub zone: Zone,
    /// Its place among others: the lower comes first.
    pub position: i64,
    /// What its cost depends on.
    pub basis: Basis,
    /// What it costs.
    pub tiers: Tiers,
    /// The goods after discounts from which on it is free.
    pub free_from: Option<Price>,
    /// The class whose rates it bears, if not those of the goods.
    pub tax_class: Option<TaxClassCode>,
    /// The fewest days that it takes.
    pub min_days: Option<i64>,
    /// The most days that it takes.
    pub max_days: Option<i64>,
}

/// What is shipped, as the cost of shipping sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parcel {
    /// The grams of what is shipped.
    pub weight: i64,
    /// How many units are shipped.
    pub units: i64,
    /// All goods, after discounts, in minor units.
    pub goods: i64,
}

impl ShippingMethod {
    /// What the parcel costs, before discounts on shipping. `None` if the method is not offered for it.
    ///
    /// # Errors
    /// [`Overflow`] if the cost does not fit.
    pub fn cost(&self, parcel: Parcel) -> Result<Option<i64>, Overflow> {
        let value = match self.basis {
            Basis::Flat => 0,
            Basis::Weight => parcel.weight,
            Basis::Subtotal => parcel.goods,
            Basis::Quantity => parcel.units,
        };
        let cost = self.tiers.cost(value)?;
        let is_free = self.free_from.is_some_and(|from| from.amount() <= parcel.goods);
        Ok(if is_free { cost.map(|_| 0) } else { cost })
    }

    /// The methods of the most specific zone that covers the place and has any; of equally specific zones, all.
    pub fn at<'a>(methods: &'a [Self], place: &super::Place) -> Vec<&'a Self> {
        let covering = methods.iter().filter_map(|method| Some((method.zone.specificity(place)?, method)));
        let covering: Vec<_> = covering.collect();
        let closest = covering.iter().map(|(specificity, _)| *specificity).max();
        let mut offered: Vec<_> =
            covering.into_iter().filter(|(specificity, _)| Some(*specificity) == closest).map(|(_, m)| m).collect();
        offered.sort_by_key(|method| (method.position, &method.code));
        offered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;
    use crate::addresses::CountryCode;
    use crate::pricing::{Area, AreaCountry, Place, ZoneId};

    fn price(amount: i64) -> Price {
        Price::parse(amount).unwrap()
    }

    fn tier(from: i64, amount: Option<i64>, step: Option<(i64, i64)>) -> Tier {
        Tier::new(from, amount.map(price), step.map(|(per, _)| per), step.map(|(_, amount)| price(amount))).unwrap()
    }

    fn method(code: &str, position: i64, country: &str, basis: Basis, tiers: Vec<Tier>) -> ShippingMethod {
        let area = Area::new(AreaCountry::parse(country).unwrap(), None, None).unwrap();
        ShippingMethod {
            code: MethodCode::parse(code).unwrap(),
            name: MethodName::parse(code).unwrap(),
            zone: Zone { id: ZoneId(Uuid::nil()), areas: vec![area] },
            position,
            basis,
            tiers: Tiers::parse(tiers).unwrap(),
            free_from: None,
            tax_class: None,
            min_days: None,
            max_days: None,
        }
    }

    fn refused(tiers: Vec<Tier>) -> Vec<(String, Code)> {
        Tiers::parse(tiers).unwrap_err().into_iter().map(|(field, why)| (field, why.code)).collect()
    }

    #[test]
    fn n20_by_weight_r114() {
        let tiers =
            vec![tier(0, Some(490), None), tier(2_000, Some(690), Some((1_000, 100))), tier(31_500, None, None)];
        let method = method("dhl", 0, "*", Basis::Weight, tiers);
        let cost = |weight| method.cost(Parcel { weight, ..Parcel::default() }).unwrap();
        let costs = [0, 1_999, 2_000, 2_001, 4_300, 31_499, 31_500].map(cost);
        let expected = [490, 490, 690, 790, 990, 690 + 30 * 100].map(Some);
        assert_eq!(costs[..6], expected);
        assert_eq!(costs[6], None);
    }

    #[test]
    fn a_method_costs_by_its_basis_r114() {
        let parcel = Parcel { weight: 1, units: 2, goods: 3 };
        let cost = |basis| method("x", 0, "*", basis, vec![tier(0, Some(0), Some((1, 10)))]).cost(parcel).unwrap();
        assert_eq!(Basis::ALL.iter().copied().map(cost).collect::<Vec<_>>(), [Some(0), Some(10), Some(30), Some(20)]);
    }

    #[test]
    fn a_method_is_free_from_its_amount_on_but_only_where_it_is_offered_r114() {
        let tiers = vec![tier(0, Some(490), None), tier(10, None, None)];
        let method = ShippingMethod { free_from: Some(price(5_000)), ..method("x", 0, "*", Basis::Quantity, tiers) };
        let cost = |goods, units| method.cost(Parcel { goods, units, weight: 0 }).unwrap();
        assert_eq!((cost(4_999, 1), cost(5_000, 1), cost(5_000, 10)), (Some(490), Some(0), None));
    }

    #[test]
    fn a_cost_that_does_not_fit_is_refused_r114() {
        let tiers = vec![tier(0, Some(Price::MAX), Some((1, Price::MAX)))];
        let method = method("x", 0, "*", Basis::Weight, tiers);
        assert_eq!(method.cost(Parcel { weight: 1_000_000_000, ..Parcel::default() }), Err(Overflow));
    }

    #[test]
    fn the_methods_of_the_most_specific_zone_are_offered_by_position_r101() {
        let flat = |code, position, country| method(code, position, country, Basis::Flat, vec![tier(0, Some(1), None)]);
        let methods = [flat("world", 0, "*"), flat("slow", 2, "DE"), flat("b", 1, "DE"), flat("a", 1, "DE")];
        let codes = |country: &str| -> Vec<_> {
            let place = Place::new(CountryCode::parse(country).unwrap(), None, None);
            ShippingMethod::at(&methods, &place).into_iter().map(|method| method.code.as_str()).collect()
        };
        assert_eq!(codes("DE"), ["a", "b", "slow"]);
        assert_eq!(codes("FR"), ["world"]);
        assert!(
            ShippingMethod::at(&methods[1..], &Place::new(CountryCode::parse("FR").unwrap(), None, None)).is_empty()
        );
    }

    #[test]
    fn tiers_begin_at_0_and_rise_and_a_refusal_names_the_field_r102() {
        assert_eq!(refused(vec![]), [(String::new(), Code::TooShort)]);
        assert_eq!(refused((0..101).map(|from| tier(from, None, None)).collect()), [(String::new(), Code::TooLong)]);
        assert_eq!(refused(vec![tier(1, None, None)]), [("[0].from".into(), Code::NotAllowed)]);
        let wrong = vec![tier(0, None, None), tier(5, Some(1), Some((0, 1))), tier(5, None, None)];
        assert_eq!(refused(wrong), [("[1].per".into(), Code::TooSmall), ("[2].from".into(), Code::TooSmall)]);
        let far = vec![tier(0, None, None), tier(Tiers::MAX_VALUE + 1, None, None)];
        assert_eq!(refused(far), [("[1].from".into(), Code::TooLarge)]);
    }

    #[test]
    fn a_step_has_a_length_and_an_amount_and_a_tier_that_is_offered_r102() {
        let field = |amount: Option<i64>, per, per_amount: Option<i64>| {
            Tier::new(0, amount.map(price), per, per_amount.map(price)).unwrap_err().0
        };
        assert_eq!(field(Some(1), Some(1), None), "per_amount");
        assert_eq!(field(Some(1), None, Some(1)), "per");
        assert_eq!(field(None, Some(1), Some(1)), "per");
    }
}
