use super::CheckoutProblem;
use crate::addresses::Address;
use crate::carts::Line;
use crate::pricing::{
    Buyer, Candidate, Goods, Input, MethodCode, Place, PriceBook, PriceError, Priced, ShippingChoice, price,
};
use crate::{Invalid, Rule, Ruled, UtcDateTime};

/// What somebody wants to buy, and how.
#[derive(Debug, Clone, Copy)]
pub struct Purchase<'a> {
    /// The lines, with their current offers.
    pub lines: &'a [Line],
    /// Where they go. `None`: prices are estimated for where the shop is.
    pub address: Option<&'a Address>,
    /// The chosen shipping method.
    pub method: Option<&'a MethodCode>,
    /// Who buys.
    pub buyer: Buyer,
    /// The promotions that may apply.
    pub candidates: &'a [Candidate<'a>],
    /// When it is.
    pub now: UtcDateTime,
}

impl Purchase<'_> {
    /// What it costs. Lines without an offer cost nothing and are left out.
    ///
    /// # Errors
    /// As [`price()`].
    pub fn price(&self, book: &PriceBook) -> Result<Priced, PriceError> {
        let offered = self.lines.iter().filter_map(|line| Some((line.quantity, line.offer.as_ref()?)));
        let goods: Vec<_> = offered.map(|(quantity, offer)| Goods::of(quantity, offer)).collect();
        let place = self.address.map_or_else(|| book.rules().home.clone(), Place::from);
        price(&Input {
            goods: &goods,
            place: &place,
            now: self.now,
            today: book.day(self.now),
            buyer: self.buyer,
            candidates: self.candidates,
            method: self.method,
            rules: book.rules(),
        })
    }

    /// What it costs, for a quote. Without an address prices are estimated, and what no tax rate holds for where the shop is
    /// is not taxed.
    ///
    /// # Errors
    /// As [`price()`]; no rate is missing without an address.
    pub fn quote(&self, book: &PriceBook) -> Result<Priced, PriceError> {
        match self.price(book) {
            Err(PriceError::NoTaxRate(_)) if self.address.is_none() => self.price(&book.untaxed_where_missing()),
            priced => priced,
        }
    }

    /// Why it cannot be ordered as it is: every line that is unknown, archived or short, and what is missing to ship it.
    /// None if it can.
    pub fn problems(&self, priced: &Priced) -> Vec<CheckoutProblem> {
        let refused = self.lines.iter().filter_map(|line| line.orderable().err());
        let mut problems: Vec<_> = refused.map(CheckoutProblem::Line).collect();
        if priced.shipping_choice != ShippingChoice::NotNeeded {
            problems.extend(self.address.is_none().then_some(CheckoutProblem::AddressMissing));
            problems.extend(self.method.is_none().then_some(CheckoutProblem::MethodMissing));
        }
        problems.extend(
            (priced.shipping_choice == ShippingChoice::Unavailable).then_some(CheckoutProblem::ShippingUnavailable),
        );
        problems
    }
}

/// The total that the buyer saw and agreed to, in minor units of the shop's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedTotal(pub i64);

impl Ruled for ExpectedTotal {
    fn rule() -> Rule {
        Rule::integer(0, i64::MAX)
    }
}

/// Why the total of an order is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalRefused {
    /// The shop requires the total that the buyer saw.
    Missing,
    /// The total is another one now.
    Changed,
}

impl ExpectedTotal {
    /// Parses a number of minor units.
    ///
    /// # Errors
    /// If it is negative.
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        Invalid::range(raw, 0, i64::MAX).map_or(Ok(Self(raw)), Err)
    }

    /// Checks that the buyer pays what it saw.
    ///
    /// # Errors
    /// If the total is another one, or is not given where the shop requires it.
    pub fn check(expected: Option<Self>, priced: &Priced, book: &PriceBook) -> Result<(), TotalRefused> {
        match expected {
            None if book.requires_expected_total() => Err(TotalRefused::Missing),
            Some(Self(total)) if total != priced.totals.total => Err(TotalRefused::Changed),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::addresses::{City, CountryCode, Street};
    use crate::carts::LineProblem;
    use crate::pricing::{
        Area, AreaCountry, Basis, MethodName, PricingData, PricingSettings, ShippingMethod, Tier, Tiers, Zone, ZoneId,
    };
    use crate::products::{Offer, ProductId, ProductName, ProductStatus, TaxAndShipping};
    use crate::{Price, Quantity, Uuid};

    fn line(quantity: i64, on_hand: i64) -> Line {
        let product_id = ProductId(Uuid::from_u128(1));
        let offer = Offer {
            product_id,
            sku: None,
            name: ProductName::from_trusted("Mug".into()),
            price: Price::from_trusted(1000),
            status: ProductStatus::Active,
            on_hand,
            restock_threshold: 0,
            tax_and_shipping: TaxAndShipping::default(),
        };
        Line { product_id, quantity: Quantity::parse(quantity).unwrap(), offer: Some(offer) }
    }

    fn address() -> Address {
        Address {
            name: None,
            company: None,
            phone: None,
            line1: Street::parse("1 Main St").unwrap(),
            line2: None,
            city: City::parse("Bremen").unwrap(),
            region: None,
            postal_code: None,
            country: CountryCode::parse("DE").unwrap(),
        }
    }

    /// A book with a method at 490 to Germany, if `is_shipping`.
    fn book(is_shipping: bool, requires_expected_total: Option<bool>) -> PriceBook {
        let area = Area::new(AreaCountry::parse("DE").unwrap(), None, None).unwrap();
        let tier = Tier::new(0, Some(Price::from_trusted(490)), None, None).unwrap();
        let method = ShippingMethod {
            code: MethodCode::parse("dhl").unwrap(),
            name: MethodName::parse("DHL").unwrap(),
            zone: Zone { id: ZoneId(Uuid::nil()), areas: vec![area] },
            position: 0,
            basis: Basis::Flat,
            tiers: Tiers::parse(vec![tier]).unwrap(),
            free_from: None,
            tax_class: None,
            min_days: None,
            max_days: None,
        };
        let methods = is_shipping.then_some(method).into_iter().collect();
        let settings = PricingSettings { requires_expected_total, ..PricingSettings::default() };
        PriceBook::new(Arc::new(settings), PricingData { methods, ..PricingData::default() })
    }

    fn purchase<'a>(lines: &'a [Line], address: Option<&'a Address>, method: Option<&'a MethodCode>) -> Purchase<'a> {
        let now = UtcDateTime::UNIX_EPOCH;
        Purchase { lines, address, method, buyer: Buyer::default(), candidates: &[], now }
    }

    #[test]
    fn a_purchase_lists_all_that_keeps_it_from_being_ordered_r107() {
        let (book, address) = (book(true, None), address());
        let abroad = Address { country: CountryCode::parse("FR").unwrap(), ..address.clone() };
        let (dhl, ups) = (MethodCode::parse("dhl").unwrap(), MethodCode::parse("ups").unwrap());
        let found = |lines: &[Line], address: Option<&Address>, method: Option<&MethodCode>| {
            let purchase = purchase(lines, address, method);
            purchase.problems(&purchase.price(&book).unwrap())
        };
        let lines = [line(1, 1)];
        assert_eq!(found(&lines, Some(&address), Some(&dhl)), []);
        assert_eq!(found(&lines, Some(&address), None), [CheckoutProblem::MethodMissing]);
        assert_eq!(found(&lines, Some(&address), Some(&ups)), [CheckoutProblem::ShippingUnavailable]);
        assert_eq!(found(&lines, Some(&abroad), Some(&dhl)), [CheckoutProblem::ShippingUnavailable]);
        let nowhere = found(&lines, None, None);
        let expected =
            [CheckoutProblem::AddressMissing, CheckoutProblem::MethodMissing, CheckoutProblem::ShippingUnavailable];
        assert_eq!(nowhere, expected);
        let short = found(&[line(2, 1)], Some(&address), Some(&dhl));
        assert!(matches!(short[..], [CheckoutProblem::Line(refusal)] if refusal.problem == LineProblem::Short));
    }

    #[test]
    fn a_shop_without_shipping_methods_needs_neither_address_nor_method_r107() {
        let (book, lines) = (book(false, None), [line(3, 3)]);
        let purchase = purchase(&lines, None, None);
        let priced = purchase.price(&book).unwrap();
        assert_eq!((priced.totals.total, purchase.problems(&priced)), (3000, vec![]));
    }

    #[test]
    fn the_shown_price_is_charged_r108() {
        let (lines, address) = ([line(1, 1)], address());
        let dhl = MethodCode::parse("dhl").unwrap();
        let check = |expected: Option<i64>, book: &PriceBook| {
            let priced = purchase(&lines, Some(&address), Some(&dhl)).price(book).unwrap();
            ExpectedTotal::check(expected.map(ExpectedTotal), &priced, book)
        };
        let plain = book(false, None);
        assert_eq!((check(None, &plain), check(Some(1000), &plain)), (Ok(()), Ok(())));
        assert_eq!(check(Some(1001), &plain), Err(TotalRefused::Changed));
        let shipping = book(true, None);
        assert_eq!(check(None, &shipping), Err(TotalRefused::Missing));
        assert_eq!((check(Some(1490), &shipping), check(Some(1000), &shipping)), (Ok(()), Err(TotalRefused::Changed)));
        assert_eq!(check(None, &book(true, Some(false))), Ok(()));
        assert_eq!(check(None, &book(false, Some(true))), Err(TotalRefused::Missing));
    }
}
