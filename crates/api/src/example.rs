//! A small shop, from which the examples of answers are made. What only one noun shows may stand beside that noun, made
//! with [`id`] at [`NOW`].

use std::sync::Arc;

use application::checkout::Quote;
use application::{Actor, AuditEntry};
use domain::accounts::{Account, AccountDetails, AccountId, AccountWithCustomer, PasswordHash, Username};
use domain::addresses::{Address, City, CountryCode, PostalCode, Recipient, Street};
use domain::carts::{Cart, Line};
use domain::checkout::Purchase;
use domain::customers::{Customer, CustomerDetails, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use domain::keys::Principal;
use domain::orders::{
    Carrier, HistoryEntry, Note, Order, OrderId, OrderLine, OrderNumber, OrderStatus, Shipment, Tracking,
    TrackingNumber,
};
use domain::pricing::{Buyer, PriceBook, PricingData};
use domain::products::{
    Barcode, Description, Offer, Particulars, Product, ProductDetails, ProductId, ProductName, Sku,
};
use domain::restocks::{Restock, RestockId};
use domain::roles::Role;
use domain::slugs::Slug;
use domain::stock::{Movement, MovementKind, Stock};
use domain::{Currency, Price, Quantity, Shop, UtcDateTime, Uuid, Version};
use time::macros::{date, datetime};

/// An id.
pub(crate) const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// The name of a request.
pub(crate) const REQUEST_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8058";
/// Looks like a refresh token.
pub(crate) const SECRET: &str = "c2l4dGVlbiByYW5kb20gYnl0ZXM";

/// When everything was made.
pub(crate) const NOW: UtcDateTime = UtcDateTime::new(date!(2026 - 01 - 31), datetime!(2026-01-31 12:00).time());

/// [`ID`], parsed.
pub(crate) fn id() -> Uuid {
    Uuid::try_parse(ID).unwrap_or_default()
}

pub(crate) fn shop() -> Shop {
    Shop { currency: Currency::default(), lead_time_days: 5 }
}

pub(crate) fn customer() -> Customer {
    let details = CustomerDetails {
        name: CustomerName::from_trusted("Ann Buyer".to_owned()),
        email: EmailAddress::from_trusted("ann@example.com".to_owned()),
        phone: PhoneNumber::from_trusted("+14155550100".to_owned()),
    };
    Customer::new(CustomerId(id()), details, NOW)
}

pub(crate) fn account() -> AccountWithCustomer {
    let details = AccountDetails {
        customer_id: Some(CustomerId(id())),
        username: Username::from_trusted("ann".to_owned()),
        password_hash: PasswordHash::new(String::new()),
        role: Role::Customer,
    };
    AccountWithCustomer { account: Account::new(AccountId(id()), details, NOW), customer: Some(customer()) }
}

pub(crate) fn product() -> Product {
    let details = ProductDetails {
        sku: Some(Sku::from_trusted("MUG-B".to_owned())),
        slug: Some(Slug::from_trusted("blue-mug".to_owned())),
        description: Some(Description::from_trusted("Holds 300 ml, and goes into the dishwasher.".to_owned())),
        particulars: Particulars {
            barcode: Some(Barcode::from_trusted("04006381333931".to_owned())),
            compare_at_price: Some(Price::from_trusted(2499)),
            available_from: Some(NOW),
            available_until: Some(NOW + std::time::Duration::from_hours(24)),
        },
        ..ProductDetails::new(ProductName::from_trusted("Blue mug".to_owned()), Price::from_trusted(1999))
    };
    let product = Product::new(ProductId(id()), details, NOW);
    Product { lowest_price_30d: Some(Price::from_trusted(2299)), ..product }
}

pub(crate) fn stock() -> Stock {
    Stock { restock_threshold: 5, restock_target: 50, ..Stock::new(ProductId(id()), 10, NOW) }
}

pub(crate) fn movement() -> Movement {
    Movement {
        product_id: ProductId(id()),
        sequence: 1,
        kind: MovementKind::Initial,
        quantity: 10,
        balance: 10,
        reference: None,
        reason: None,
        at: NOW,
    }
}

pub(crate) fn restock() -> Restock {
    Restock::due(RestockId(id()), &stock(), NOW)
}

pub(crate) fn cart() -> Cart {
    let Product { id: product_id, sku, name, price, status, tax_and_shipping, .. } = product();
    let offer = Offer { product_id, sku, name, price, status, on_hand: 10, restock_threshold: 0, tax_and_shipping };
    let line = Line { product_id, quantity: Quantity::from_trusted(2), offer: Some(offer) };
    Cart { customer_id: CustomerId(id()), lines: vec![line], updated_at: Some(NOW), version: Version::FIRST }
}

pub(crate) fn order() -> Order {
    let Product { id: product_id, sku, name, price, .. } = product();
    let (unit_price, line_total) = (shop().money(price), shop().money(Price::from_trusted(3998)));
    let line = OrderLine { product_id, sku, name, unit_price, quantity: Quantity::from_trusted(2), line_total };
    Order {
        id: OrderId(id()),
        number: Some(OrderNumber::of(OrderId(id()))),
        customer_id: CustomerId(id()),
        status: OrderStatus::Placed,
        placed_at: NOW,
        expected_delivery: date!(2026 - 02 - 06),
        lines: vec![line],
        total: line_total,
        adjustments: Vec::new(),
        balance: None,
        shipping_address: Some(address()),
        note: Some(Note::from_trusted("Please ring twice.".to_owned())),
        updated_at: NOW,
        version: Version::FIRST,
    }
}

fn address() -> Address {
    Address {
        name: Some(Recipient::from_trusted("Ann Buyer".to_owned())),
        company: None,
        phone: None,
        line1: Street::from_trusted("1 Main St".to_owned()),
        line2: None,
        city: City::from_trusted("Springfield".to_owned()),
        region: None,
        postal_code: Some(PostalCode::from_trusted("12345".to_owned())),
        country: CountryCode::from_trusted("US".to_owned()),
    }
}

pub(crate) fn tracking() -> Tracking {
    let Order { id: order_id, placed_at, expected_delivery, version, .. } = order();
    let number = |number: &str| Some(TrackingNumber::from_trusted(number.to_owned()));
    let carrier = Some(Carrier::from_trusted("DHL".to_owned()));
    let replaced = Shipment { carrier: carrier.clone(), tracking_number: number("JD0146000033"), expected_delivery };
    let status = OrderStatus::Shipped;
    let history =
        vec![HistoryEntry { status, at: placed_at, note: None, replaced: Some(replaced), edited: Vec::new() }];
    let tracking_number = number("JD0146000034");
    Tracking { order_id, status, placed_at, expected_delivery, carrier, tracking_number, history, version }
}

pub(crate) fn audit_entry() -> AuditEntry {
    let field = |value: &str| vec![("price".to_owned(), Some(value.to_owned()))];
    AuditEntry {
        id: id(),
        actor: Actor { who: Principal::Account(AccountId(id())), request_id: REQUEST_ID.to_owned() },
        action: "products.update".to_owned(),
        resource: "product".to_owned(),
        resource_id: id(),
        before: field("2499"),
        after: field("1999"),
        at: NOW,
    }
}

/// The quote of what is in the cart.
pub(crate) fn quote() -> Quote {
    let lines = cart().lines;
    let book = PriceBook::new(Arc::default(), PricingData::default());
    let purchase =
        Purchase { lines: &lines, address: None, method: None, buyer: Buyer::default(), candidates: &[], now: NOW };
    let priced = purchase.price(&book).unwrap_or_default();
    Quote { priced, codes: Vec::new(), problems: Vec::new(), is_estimated: true, prices_include_tax: false, lines }
}
