use application::checkout::{Quote, QuoteRequest};
use application::orders::{AdvanceOrder, CancelOrder, PlaceOrder};
use application::{Conflict, Error};
use domain::addresses::{Address, City, CountryCode, PostalCode, Region, Street};
use domain::checkout::{ExpectedTotal, GivenCodes};
use domain::customers::CustomerId;
use domain::orders::{Items, OrderId, OrderScope, OrderStatus, Parcel, Placement};
use domain::pricing::{CouponText, MethodCode};
use domain::{Invalid, Quantity};
use time::Duration;

use super::super::{customers, moment, orders};
use super::goods;
use super::goods::{COFFEE, COOKBOOK, COURSE, LAMP, WARDROBE};
use super::past::{Moment, Past};
use super::payments::{Cashier, FINISHED, story};
use super::promotions::{FREE_SHIPPING, SPRING, THANKS};
use crate::cli::error::Failure;

/// Street, city, postal code, region, country.
pub(super) type SeedAddress = [&'static str; 5];

pub(super) const BREMEN: SeedAddress = ["Am Markt 1", "Bremen", "28195", "", "DE"];
pub(super) const PARIS: SeedAddress = ["1 rue de Rivoli", "Paris", "75001", "", "FR"];
pub(super) const LOS_ANGELES: SeedAddress = ["1 Main St", "Los Angeles", "90012", "CA", "US"];
pub(super) const BUFFALO: SeedAddress = ["1 Main St", "Buffalo", "14203", "NY", "US"];
const PORTLAND: SeedAddress = ["1 Main St", "Portland", "97204", "OR", "US"];
pub(super) const TOKYO: SeedAddress = ["1-1 Chiyoda", "Tokyo", "100-0001", "", "JP"];

/// An order before it is parsed.
struct SeededOrder {
    to: SeedAddress,
    items: &'static [(&'static str, i64)],
    /// The shipping method; the cheapest one without it.
    method: Option<&'static str>,
    codes: &'static [&'static str],
}

const ORDERS: [SeededOrder; 12] = [
    SeededOrder { to: BREMEN, items: &[(COOKBOOK, 1), (LAMP, 1)], method: None, codes: &[SPRING] },
    SeededOrder { to: BREMEN, items: &[(COOKBOOK, 3), (COFFEE, 2)], method: Some("de-express"), codes: &[] },
    SeededOrder { to: PARIS, items: &[(COFFEE, 2), (LAMP, 2)], method: None, codes: &[THANKS] },
    SeededOrder { to: LOS_ANGELES, items: &[(COOKBOOK, 1), (LAMP, 1)], method: None, codes: &[] },
    SeededOrder {
        to: BUFFALO,
        items: &[(COOKBOOK, 1), (LAMP, 1)],
        method: Some("us-express"),
        codes: &[SPRING, FREE_SHIPPING],
    },
    SeededOrder { to: BREMEN, items: &[(WARDROBE, 1)], method: None, codes: &[] },
    SeededOrder { to: TOKYO, items: &[(COFFEE, 1), (COOKBOOK, 3)], method: None, codes: &[SPRING] },
    SeededOrder { to: PORTLAND, items: &[(LAMP, 1)], method: None, codes: &[THANKS] },
    SeededOrder { to: BREMEN, items: &[(COFFEE, 3), (COURSE, 1)], method: None, codes: &[FREE_SHIPPING] },
    SeededOrder { to: PARIS, items: &[(COOKBOOK, 6)], method: Some("eu-express"), codes: &[THANKS] },
    SeededOrder { to: BREMEN, items: &[(COURSE, 2)], method: None, codes: &[] },
    SeededOrder { to: BREMEN, items: &[(COFFEE, 1), (LAMP, 2), (WARDROBE, 1)], method: None, codes: &[SPRING] },
];

pub(super) async fn seed(past: &Past<'_>, cashier: Option<&Cashier<'_>>, customers: u32) -> Result<(), Failure> {
    let customers = customers::known(past.tools, customers).await?;
    let (mut made, mut before, mut short) = (0, 0, 0);
    for (n, given) in (1..).zip(&ORDERS) {
        let moment = Moment { at: moment::priced(n), number: n };
        let buyer = (n as usize).checked_rem(customers.len()).and_then(|place| customers.get(place)).copied();
        if !past.tools.database.known_orders(&[OrderId(moment.id())]).await?.is_empty() {
            before += 1;
        } else if let Some(buyer) = buyer
            && let Some(wish) = given.wish(past).await?
            && place(past, moment, buyer, wish).await?
        {
            if let Some(cashier) = cashier {
                cashier.pay(moment, story(n).0).await?;
            }
            further(past, moment, n).await?;
            if let Some(cashier) = cashier {
                cashier.finish(moment, story(n).1, FINISHED).await?;
            }
            made += 1;
        } else {
            short += 1;
        }
    }
    let short = if short == 0 { String::new() } else { format!(", {short} skipped: no customer, or goods are gone") };
    past.tools.say(format_args!("orders of the shop: {made} created, {before} already existed{short}"));
    Ok(())
}

/// What somebody orders.
pub(super) struct Wish {
    pub items: Items,
    pub to: SeedAddress,
    /// The shipping method; the cheapest one without it.
    pub method: Option<&'static str>,
    pub codes: &'static [&'static str],
}

/// Quotes a purchase and orders it at that total. `false` if its goods are gone, or are not shipped there.
pub(super) async fn place(
    past: &Past<'_>,
    moment: Moment,
    customer_id: CustomerId,
    wish: Wish,
) -> Result<bool, Failure> {
    let mut request = QuoteRequest {
        customer_id,
        items: Some(wish.items),
        shipping_address: Some(address(wish.to)?),
        method: wish.method.map(MethodCode::parse).transpose()?,
        codes: codes(wish.codes)?,
    };
    let quotes = past.quotes(moment);
    let mut quote = quotes.quote(&request).await?;
    if quote.codes.iter().any(|code| code.result.is_err()) {
        // Somebody changed the promotions, or so few customers used a code before.
        request.codes = GivenCodes::default();
        quote = quotes.quote(&request).await?;
    }
    let place = PlaceOrder {
        placement: Placement { customer_id, shipping_address: request.shipping_address, note: None },
        items: request.items,
        method: request.method.or_else(|| selected(&quote)),
        codes: request.codes,
        expected_total: Some(ExpectedTotal::parse(quote.priced.totals.total)?),
        book: past.books.current().await?,
    };
    match past.run(moment, place).await {
        Ok(_) => Ok(true),
        Err(Error::Conflict(Conflict::Lines(_) | Conflict::ShippingUnavailable)) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// Takes the order to the status of its number, as the other demo orders.
async fn further(past: &Past<'_>, placed: Moment, n: u32) -> Result<(), Failure> {
    let id = OrderId(placed.id());
    for (number, step) in (100 * n..).zip(orders::steps(n)) {
        if *step == OrderStatus::Cancelled {
            let moment = Moment { number, ..placed };
            past.run(moment, CancelOrder { id, scope: OrderScope::All, reason: None }).await?;
            continue;
        }
        let (to, parcel) = (*step, Parcel::default());
        let moment = Moment { at: placed.at + Duration::days(2), number };
        past.run(moment, AdvanceOrder { parcel, ..AdvanceOrder::to(id, to) }).await?;
    }
    Ok(())
}

impl SeededOrder {
    /// `None` if one of the products is gone.
    async fn wish(&self, past: &Past<'_>) -> Result<Option<Wish>, Failure> {
        let mut items = Vec::new();
        for (sku, quantity) in self.items {
            let Some(id) = goods::id(past, sku).await? else { return Ok(None) };
            items.push((id, Quantity::parse(*quantity)?));
        }
        let Self { to, method, codes, .. } = *self;
        Ok(Items::parse(items).ok().map(|items| Wish { items, to, method, codes }))
    }
}

fn codes(given: &[&str]) -> Result<GivenCodes, Invalid> {
    let codes = given.iter().map(|code| CouponText::parse(code)).collect::<Result<Vec<_>, _>>()?;
    Ok(GivenCodes::parse(codes).unwrap_or_default())
}

fn selected(quote: &Quote) -> Option<MethodCode> {
    quote.priced.options.iter().find(|option| option.is_selected).map(|option| option.code.clone())
}

fn address([street, city, postal_code, region, country]: SeedAddress) -> Result<Address, Invalid> {
    Ok(Address {
        name: None,
        company: None,
        phone: None,
        line1: Street::parse(street)?,
        line2: None,
        city: City::parse(city)?,
        region: (!region.is_empty()).then(|| Region::parse(region)).transpose()?,
        postal_code: Some(PostalCode::parse(postal_code)?),
        country: CountryCode::parse(country)?,
    })
}
