use domain::addresses::{Address, City, Company, CountryCode, PostalCode, Recipient, Region, Street};
use domain::customers::{CustomerId, PhoneNumber};
use domain::orders::{
    Carrier, HistoryEntry, Note, Order, OrderBalance, OrderId, OrderLine, OrderNumber, OrderStatus, Tracking,
    TrackingNumber,
};
use domain::pricing::Adjustment;
use domain::reports::Tally;
use domain::{Currency, Money, StoreError, Version};
use sea_orm::entity::prelude::*;

use super::{order_adjustments, order_balances, order_history, order_lines};
use crate::db::convert::{date, date_text, micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub customer_id: Uuid,
    pub status: String,
    pub currency: String,
    pub total: i64,
    pub placed_at: i64,
    pub expected_delivery: String,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub note: Option<String>,
    pub ship_name: Option<String>,
    pub ship_company: Option<String>,
    pub ship_phone: Option<String>,
    pub ship_line1: Option<String>,
    pub ship_line2: Option<String>,
    pub ship_city: Option<String>,
    pub ship_region: Option<String>,
    pub ship_postal_code: Option<String>,
    pub ship_country: Option<String>,
    pub updated_at: i64,
    pub version: i64,
    /// How many adjustments it has.
    pub adjustments: i64,
    /// Unique. `None` for an older order that has not got its number yet.
    pub number: Option<String>,
    /// Whether it has a row in `order_balances`.
    pub has_balance: bool,
    /// What it counts for in reports. `None` for an older order, of which the lines are read.
    pub sold_units: Option<i64>,
    pub sold_gross: Option<i64>,
    pub sold_discounts: Option<i64>,
    /// `None` for an order without adjustments, and for an older one, which has rows in `order_adjustments`.
    pub adjustment_list: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "order_history::Entity")]
    History,
}

impl Related<order_history::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::History.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Order> for Model {
    fn from(order: &Order) -> Self {
        let address = order.shipping_address.as_ref();
        let tally = Tally::of(order).ok();
        Self {
            id: order.id.0,
            customer_id: order.customer_id.0,
            status: order.status.as_str().to_owned(),
            currency: order.total.currency.code().to_owned(),
            total: order.total.amount,
            placed_at: micros(order.placed_at),
            expected_delivery: date_text(order.expected_delivery),
            carrier: None,
            tracking_number: None,
            note: order.note.as_ref().map(|note| note.as_str().to_owned()),
            ship_name: address.and_then(|to| to.name.as_ref()).map(|name| name.as_str().to_owned()),
            ship_company: address.and_then(|to| to.company.as_ref()).map(|company| company.as_str().to_owned()),
            ship_phone: address.and_then(|to| to.phone.as_ref()).map(|phone| phone.as_str().to_owned()),
            ship_line1: address.map(|to| to.line1.as_str().to_owned()),
            ship_line2: address.and_then(|to| to.line2.as_ref()).map(|line| line.as_str().to_owned()),
            ship_city: address.map(|to| to.city.as_str().to_owned()),
            ship_region: address.and_then(|to| to.region.as_ref()).map(|region| region.as_str().to_owned()),
            ship_postal_code: address.and_then(|to| to.postal_code.as_ref()).map(|code| code.as_str().to_owned()),
            ship_country: address.map(|to| to.country.as_str().to_owned()),
            updated_at: micros(order.updated_at),
            version: order.version.0,
            adjustments: i64::try_from(order.adjustments.len()).unwrap_or(i64::MAX),
            number: order.number.map(|number| number.to_string()),
            has_balance: order.balance.is_some(),
            sold_units: tally.map(|tally| tally.units),
            sold_gross: tally.map(|tally| tally.gross),
            sold_discounts: tally.map(|tally| tally.discounts),
            adjustment_list: order_adjustments::list(&order.adjustments),
        }
    }
}

/// What belongs to an order, in order of its number.
#[derive(Debug, Default)]
pub struct OrderParts {
    pub lines: Vec<order_lines::Model>,
    /// Those of an older order.
    pub adjustments: Vec<order_adjustments::Model>,
    pub balance: Option<order_balances::Model>,
}

impl Model {
    /// The order, with its lines, adjustments and balance.
    pub fn with(self, parts: OrderParts) -> Result<Order, StoreError> {
        let OrderParts { lines, adjustments, balance } = parts;
        let currency = stored("currency", Currency::parse(&self.currency))?;
        let adjustments = match &self.adjustment_list {
            Some(list) => order_adjustments::listed(list)?,
            None => adjustments.into_iter().map(Adjustment::try_from).collect::<Result<_, _>>()?,
        };
        Ok(Order {
            id: OrderId(self.id),
            number: self
                .number
                .as_deref()
                .map(|number| stored("order number", OrderNumber::parse(number)))
                .transpose()?,
            customer_id: CustomerId(self.customer_id),
            status: self.status()?,
            placed_at: time(self.placed_at)?,
            expected_delivery: date(&self.expected_delivery)?,
            lines: lines.into_iter().map(|line| line.priced_in(currency)).collect::<Vec<OrderLine>>(),
            total: Money { amount: self.total, currency },
            adjustments,
            balance: balance.map(OrderBalance::try_from).transpose()?,
            updated_at: time(self.updated_at)?,
            version: Version(self.version),
            note: self.note.clone().map(Note::from_trusted),
            shipping_address: self.address(),
        })
    }

    /// Where the order is, with its history.
    pub fn with_history(self, history: Vec<order_history::Model>) -> Result<Tracking, StoreError> {
        Ok(Tracking {
            order_id: OrderId(self.id),
            status: self.status()?,
            placed_at: time(self.placed_at)?,
            expected_delivery: date(&self.expected_delivery)?,
            history: history.into_iter().map(HistoryEntry::try_from).collect::<Result<_, _>>()?,
            version: Version(self.version),
            carrier: self.carrier.map(Carrier::from_trusted),
            tracking_number: self.tracking_number.map(TrackingNumber::from_trusted),
        })
    }

    fn status(&self) -> Result<OrderStatus, StoreError> {
        stored("order status", OrderStatus::parse(&self.status))
    }

    /// The shipping address. `None` if street, city or country is missing.
    fn address(self) -> Option<Address> {
        Some(Address {
            name: self.ship_name.map(Recipient::from_trusted),
            company: self.ship_company.map(Company::from_trusted),
            phone: self.ship_phone.map(PhoneNumber::from_trusted),
            line1: Street::from_trusted(self.ship_line1?),
            line2: self.ship_line2.map(Street::from_trusted),
            city: City::from_trusted(self.ship_city?),
            region: self.ship_region.map(Region::from_trusted),
            postal_code: self.ship_postal_code.map(PostalCode::from_trusted),
            country: CountryCode::from_trusted(self.ship_country?),
        })
    }
}
