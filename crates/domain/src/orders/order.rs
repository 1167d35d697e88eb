use super::{Address, Carrier, Note, OrderId, OrderStatus, TrackingNumber, expected_delivery};
use crate::carts::{Line, LineRefusal, Quantity};
use crate::customers::CustomerId;
use crate::products::{Offer, ProductId, ProductName, Sku};
use crate::{Date, Money, Overflow, Shop, UtcDateTime, Version};

/// A line of an order. It keeps its own copy of what the product was when it was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The product, which may be gone by now.
    pub product_id: ProductId,
    /// The SKU then.
    pub sku: Option<Sku>,
    /// The name then.
    pub name: ProductName,
    /// The price of one, then.
    pub unit_price: Money,
    /// The units.
    pub quantity: Quantity,
    /// Price times units.
    pub line_total: Money,
}

/// A step in the life of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The status that it came to.
    pub status: OrderStatus,
    /// When.
    pub at: UtcDateTime,
    /// What somebody wrote about it.
    pub note: Option<Note>,
}

/// A purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The id.
    pub id: OrderId,
    /// Who bought.
    pub customer_id: CustomerId,
    /// How far it has come.
    pub status: OrderStatus,
    /// When it was placed.
    pub placed_at: UtcDateTime,
    /// The day on which it should arrive.
    pub expected_delivery: Date,
    /// Its lines, in order of product id.
    pub lines: Vec<OrderLine>,
    /// The sum of its lines.
    pub total: Money,
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// What the customer wrote.
    pub note: Option<Note>,
    /// When it last changed.
    pub updated_at: UtcDateTime,
    /// The version.
    pub version: Version,
}

/// What a customer says when placing an order, besides its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Who buys.
    pub customer_id: CustomerId,
    /// Where it shall go.
    pub shipping_address: Option<Address>,
    /// A note.
    pub note: Option<Note>,
}

/// Why an order cannot be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlacementError {
    /// Every line that cannot be ordered.
    Refused(Vec<LineRefusal>),
    /// The total exceeds 64 bits.
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
    /// A new order of `lines` at today's prices.
    ///
    /// # Errors
    /// If a line cannot be ordered, or the total exceeds 64 bits.
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
            customer_id: placement.customer_id,
            status: OrderStatus::Placed,
            placed_at: now,
            expected_delivery: expected_delivery(now.date(), shop.lead_time_days),
            lines,
            total,
            shipping_address: placement.shipping_address,
            note: placement.note,
            updated_at: now,
            version: Version::FIRST,
        })
    }
}

impl Order {
    /// Takes the order a step further on its way to the customer.
    ///
    /// # Errors
    /// If the status does not allow it, or the step is a cancellation, which [`Order::cancel`] does.
    pub fn advance(
        &self,
        to: OrderStatus,
        expected_delivery: Option<Date>,
        now: UtcDateTime,
    ) -> Result<Self, StepRefused> {
        if to == OrderStatus::Cancelled {
            return Err(self.refuse_step());
        }
        let expected_delivery = expected_delivery.unwrap_or(self.expected_delivery);
        Ok(Self { expected_delivery, ..self.step(to, now)? })
    }

    /// Cancels the order. Its stock is to be given back.
    ///
    /// # Errors
    /// If the status does not allow it.
    pub fn cancel(&self, now: UtcDateTime) -> Result<Self, StepRefused> {
        self.step(OrderStatus::Cancelled, now)
    }

    fn step(&self, to: OrderStatus, now: UtcDateTime) -> Result<Self, StepRefused> {
        if !self.status.next().contains(&to) {
            return Err(self.refuse_step());
        }
        Ok(Self { status: to, updated_at: now, version: self.version.next(), ..self.clone() })
    }

    const fn refuse_step(&self) -> StepRefused {
        StepRefused { status: self.status }
    }
}

/// The status of an order does not allow a step; [`OrderStatus::next`] says which ones it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRefused {
    /// The status of the order.
    pub status: OrderStatus,
}

/// What is known of a parcel; `None` leaves what was known before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parcel {
    /// Who carries it.
    pub carrier: Option<Carrier>,
    /// What the carrier calls it.
    pub tracking_number: Option<TrackingNumber>,
}

/// Where an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// The order.
    pub order_id: OrderId,
    /// How far it has come.
    pub status: OrderStatus,
    /// When it was placed.
    pub placed_at: UtcDateTime,
    /// The day on which it should arrive.
    pub expected_delivery: Date,
    /// Who carries it.
    pub carrier: Option<Carrier>,
    /// What the carrier calls it.
    pub tracking_number: Option<TrackingNumber>,
    /// Every step so far, the first one first.
    pub history: Vec<HistoryEntry>,
    /// The version of the order.
    pub version: Version,
}
