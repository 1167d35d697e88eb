use crate::example;
use crate::respond::{Body, Day, Id, Money, NamedCustomer, Timestamp, Word};
use crate::routes::checkout::{AdjustmentBody, ItemBody, TaxBody, TotalsBody};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::Currency;
use domain::addresses::Address;
use domain::customers::CustomerId;
use domain::orders::{Order, OrderBalance, OrderPaymentStatus, OrderStatus};
use serde::Serialize;

/// A purchase.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Order")]
pub(crate) struct OrderBody {
    id: Id,
    /// The number by which people name the order. One that was placed before orders had numbers gets its own within
    /// minutes, and has none until then.
    number: Option<String>,
    customer_id: Id,
    status: Word<OrderStatus>,
    placed_at: Timestamp,
    expected_delivery: Day,
    items: Vec<ItemBody>,
    /// What is to be paid.
    total: Money,
    totals: TotalsBody,
    /// All that was added to the lines and taken off them.
    adjustments: Vec<AdjustmentBody>,
    /// The taxes, by rate.
    taxes: Vec<TaxBody>,
    /// The code of the shipping method.
    shipping_method: Option<String>,
    shipping_address: Option<AddressBody>,
    /// What became of its money.
    payment_status: Word<OrderPaymentStatus>,
    amounts: AmountsBody,
    /// Until when it has to be paid; null if nothing waits for it.
    pay_by: Option<Timestamp>,
    note: Option<String>,
    updated_at: Timestamp,
    version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<NamedCustomer>,
}

/// What an order owes, and what became of it.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "OrderAmounts")]
struct AmountsBody {
    total: Money,
    cancelled: Money,
    /// The total without what was cancelled.
    payable: Money,
    /// What is still to be paid. A refund never makes it grow.
    due: Money,
    /// What is held for the shop and not taken.
    authorised: Money,
    /// What was taken.
    captured: Money,
    /// What went back.
    refunded: Money,
    /// What customers dispute at their banks.
    disputed: Money,
}

/// Where an order goes.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Address")]
pub(crate) struct AddressBody {
    name: Option<String>,
    company: Option<String>,
    phone: Option<String>,
    line1: String,
    line2: Option<String>,
    city: String,
    region: Option<String>,
    postal_code: Option<String>,
    /// An ISO 3166-1 alpha-2 code.
    country: String,
}

impl From<&Order> for OrderBody {
    fn from(order: &Order) -> Self {
        let currency = order.total.currency;
        let balance = order.owed();
        Self {
            id: Id(order.id.0),
            number: order.number.map(|number| number.to_string()),
            customer_id: Id(order.customer_id.0),
            status: order.status.as_str().into(),
            placed_at: Timestamp(order.placed_at),
            expected_delivery: Day(order.expected_delivery),
            items: order.line_amounts().map(|(line, amounts)| ItemBody::ordered(line, amounts)).collect(),
            total: order.total.into(),
            totals: TotalsBody::of(&order.totals(), currency),
            adjustments: order.adjustments.iter().map(|one| AdjustmentBody::of(one, currency)).collect(),
            taxes: order.taxes().iter().map(|tax| TaxBody::of(tax, currency)).collect(),
            shipping_method: order.shipping_method().map(ToOwned::to_owned),
            shipping_address: order.shipping_address.as_ref().map(AddressBody::from),
            payment_status: balance.status.as_str().into(),
            amounts: AmountsBody::of(&balance, currency),
            pay_by: balance.pay_by.map(Timestamp),
            note: order.note.as_ref().map(ToString::to_string),
            updated_at: Timestamp(order.updated_at),
            version: order.version.0,
            customer: None,
        }
    }
}

impl OrderBody {
    /// The order in a list for staff, with its customer unless that was erased.
    pub(super) fn with(self, customer: Option<&NamedCustomer>) -> Self {
        Self { customer: customer.cloned(), ..self }
    }
}

impl AmountsBody {
    fn of(balance: &OrderBalance, currency: Currency) -> Self {
        let money = |amount| domain::Money { amount, currency }.into();
        Self {
            total: money(balance.total),
            cancelled: money(balance.cancelled),
            payable: money(balance.payable()),
            due: money(balance.due()),
            authorised: money(balance.authorised),
            captured: money(balance.captured),
            refunded: money(balance.refunded),
            disputed: money(balance.disputed),
        }
    }
}

impl From<&Address> for AddressBody {
    fn from(address: &Address) -> Self {
        Self {
            name: address.name.as_ref().map(ToString::to_string),
            company: address.company.as_ref().map(ToString::to_string),
            phone: address.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            line1: address.line1.to_string(),
            line2: address.line2.as_ref().map(ToString::to_string),
            city: address.city.to_string(),
            region: address.region.as_ref().map(ToString::to_string),
            postal_code: address.postal_code.as_ref().map(ToString::to_string),
            country: address.country.as_str().to_owned(),
        }
    }
}

impl ResponseBody for OrderBody {
    fn example() -> Self {
        Self::from(&example::order())
    }
}

impl Body for OrderBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn personal_to(&self) -> Option<CustomerId> {
        Some(CustomerId(self.customer_id.0))
    }
}
