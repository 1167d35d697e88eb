use super::{
    Carrier, HistoryEntry, Note, OrderBalance, OrderId, OrderNumber, OrderStatus, TrackingNumber, expected_delivery,
};
use crate::addresses::Address;
use crate::carts::{Line, LineRefusal};
use crate::customers::CustomerId;
use crate::pricing::{Adjustment, AdjustmentKind, LineAmounts, Priced, TaxTotal, Totals};
use crate::products::{Offer, ProductId, ProductName, Sku};
use crate::{Date, Money, Overflow, Quantity, Shop, UtcDateTime, Version};

/// A line of an order. It keeps a copy of the product at the time of the purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The product, which may have been deleted since.
    pub product_id: ProductId,
    /// The SKU at the time of the purchase.
    pub sku: Option<Sku>,
    /// The name at the time of the purchase.
    pub name: ProductName,
    /// The price of one unit at the time of the purchase.
    pub unit_price: Money,
    /// The units, 1 to 999.
    pub quantity: Quantity,
    /// `unit_price` times `quantity`.
    pub line_total: Money,
}

/// What is known of the way of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    /// Who brings the parcel; `None` if nobody has said.
    pub carrier: Option<Carrier>,
    /// The tracking number of the carrier.
    pub tracking_number: Option<TrackingNumber>,
    /// Expected day of delivery.
    pub expected_delivery: Date,
}

/// A correction of what is known of the way of a parcel. `None` keeps the value; `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShipmentChange {
    /// The new carrier; `Some(None)` removes it, `None` keeps it.
    pub carrier: Option<Option<Carrier>>,
    /// The new tracking number of the carrier; `Some(None)` removes it, `None` keeps it.
    pub tracking_number: Option<Option<TrackingNumber>>,
    /// Expected day of delivery.
    pub expected_delivery: Option<Date>,
}

impl Shipment {
    /// The shipment after a correction.
    #[must_use]
    pub fn changed(&self, change: &ShipmentChange) -> Self {
        let ShipmentChange { carrier, tracking_number, expected_delivery } = change.clone();
        Self {
            carrier: carrier.unwrap_or_else(|| self.carrier.clone()),
            tracking_number: tracking_number.unwrap_or_else(|| self.tracking_number.clone()),
            expected_delivery: expected_delivery.unwrap_or(self.expected_delivery),
        }
    }
}

/// A purchase: lines, total, address, note and status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: OrderId,
    /// The number by which people name it; `None` until an older order has got one.
    pub number: Option<OrderNumber>,
    /// The customer who bought.
    pub customer_id: CustomerId,
    /// The current status.
    pub status: OrderStatus,
    /// Time of the purchase.
    pub placed_at: UtcDateTime,
    /// Expected day of delivery.
    pub expected_delivery: Date,
    /// Its lines, in order of product id.
    pub lines: Vec<OrderLine>,
    /// What is to be paid: the lines, with all that was added and taken off.
    pub total: Money,
    /// What was added to the lines and taken off them. Written with the order, and never changed.
    pub adjustments: Vec<Adjustment>,
    /// What it owes; `None` if nothing waits for its payment and it never had one.
    pub balance: Option<OrderBalance>,
    /// `None` for an order without one, which was priced where the shop is.
    pub shipping_address: Option<Address>,
    /// The note of the customer.
    pub note: Option<Note>,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new order, besides its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The customer who buys.
    pub customer_id: CustomerId,
    /// Without one, the order is priced where the shop is.
    pub shipping_address: Option<Address>,
    /// The note of the customer.
    pub note: Option<Note>,
}

/// The reason why an order cannot be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlacementError {
    /// Every line that cannot be ordered.
    Refused(Vec<LineRefusal>),
    /// The total does not fit into 64 bits.
    Overflow,
}

impl From<Overflow> for PlacementError {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

impl OrderLine {
    fn priced(quantity: Quantity, offer: &Offer, shop: Shop) -> Result<Self, Overflow> {
        let unit_price = shop.money(offer.price);
        Ok(Self {
            product_id: offer.product_id,
            sku: offer.sku.clone(),
            name: offer.name.clone(),
            unit_price,
            quantity,
            line_total: unit_price.times(quantity.get())?,
        })
    }
}

impl Order {
    /// A new order of `lines` at their current prices.
    ///
    /// # Errors
    /// If a line cannot be ordered, or the total does not fit into 64 bits.
    pub fn place(
        id: OrderId,
        placement: Placement,
        lines: &[Line],
        shop: Shop,
        now: UtcDateTime,
    ) -> Result<Self, PlacementError> {
        let refused: Vec<_> = lines.iter().filter_map(|line| line.orderable().err()).collect();
        if !refused.is_empty() {
            return Err(PlacementError::Refused(refused));
        }
        let offered = lines.iter().filter_map(|line| Some((line.quantity, line.offer.as_ref()?)));
        let lines: Vec<_> =
            offered.map(|(quantity, offer)| OrderLine::priced(quantity, offer, shop)).collect::<Result<_, _>>()?;
        let total = Money::sum(shop.currency, lines.iter().map(|line| line.line_total))?;
        Ok(Self {
            id,
            number: Some(OrderNumber::of(id)),
            customer_id: placement.customer_id,
            status: OrderStatus::Placed,
            placed_at: now,
            expected_delivery: expected_delivery(now.date(), shop.lead_time_days),
            lines,
            total,
            adjustments: Vec::new(),
            balance: None,
            shipping_address: placement.shipping_address,
            note: placement.note,
            updated_at: now,
            version: Version::FIRST,
        })
    }
}

impl Order {
    /// The order with the prices of its lines, in the same order: its total, and all that was added and taken off.
    #[must_use]
    pub fn priced(self, priced: &Priced) -> Self {
        let total = Money { amount: priced.totals.total, currency: self.total.currency };
        Self { total, adjustments: priced.adjustments.clone(), ..self }
    }

    /// Its totals in minor units, worked out from lines and adjustments.
    pub fn totals(&self) -> Totals {
        Totals::of(self.lines.iter().map(|line| line.line_total.amount).sum(), &self.adjustments)
    }

    /// The amounts of each line, in order.
    pub fn line_amounts(&self) -> impl Iterator<Item = (&OrderLine, LineAmounts)> {
        let amounts =
            |(number, line): (usize, &OrderLine)| LineAmounts::of(line.line_total.amount, number, &self.adjustments);
        (1..).zip(&self.lines).map(move |(number, line)| (line, amounts((number, line))))
    }

    /// Its lines with the units that go into its parcel: all of them, and none once it is cancelled.
    pub fn to_ship(&self) -> impl Iterator<Item = (&OrderLine, i64)> {
        let is_cancelled = self.status == OrderStatus::Cancelled;
        self.lines.iter().map(move |line| (line, if is_cancelled { 0 } else { line.quantity.get() }))
    }

    /// Whether a promotion took anything off it.
    pub fn has_discounts(&self) -> bool {
        self.adjustments.iter().any(|one| one.promotion_id.is_some())
    }

    /// What it costs to ship, with the code and the name of the shipping method, if it has one.
    pub fn shipping(&self) -> Option<&Adjustment> {
        self.adjustments.iter().find(|one| one.kind == AdjustmentKind::Shipping)
    }

    /// The code of its shipping method, if it has one.
    pub fn shipping_method(&self) -> Option<&str> {
        self.shipping().map(|shipping| shipping.code.as_str())
    }

    /// Whether its prices include its taxes.
    pub fn includes_tax(&self) -> bool {
        Totals::include_tax(&self.adjustments)
    }

    /// Its taxes, by rate.
    pub fn taxes(&self) -> Vec<TaxTotal> {
        TaxTotal::all(&self.adjustments)
    }
}

/// The parcel of an order. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parcel {
    /// The company that brings it, such as `DHL`.
    pub carrier: Option<Carrier>,
    /// The tracking number of the carrier.
    pub tracking_number: Option<TrackingNumber>,
}

/// Where an order is: its status, the expected day, the parcel, and its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// Whose tracking it is.
    pub order_id: OrderId,
    /// The current status.
    pub status: OrderStatus,
    /// Time of the purchase.
    pub placed_at: UtcDateTime,
    /// The day on which the parcel should arrive: working days after the purchase, whose day is that of UTC.
    pub expected_delivery: Date,
    /// Who brings the parcel; `None` if nobody has said.
    pub carrier: Option<Carrier>,
    /// The tracking number of the carrier.
    pub tracking_number: Option<TrackingNumber>,
    /// The history, oldest entry first.
    pub history: Vec<HistoryEntry>,
    /// The version of the order, since the tracking has none of its own.
    pub version: Version,
}
