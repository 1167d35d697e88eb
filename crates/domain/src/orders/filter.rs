use super::{Order, OrderBalance, OrderId, OrderNumber, OrderPaymentStatus, OrderStatus, TrackingNumber};
use crate::customers::CustomerId;
use crate::products::ProductId;
use crate::word::words;
use crate::{Invalid, Rule, Ruled, SearchText, UtcDateTime, Uuid};

/// The orders that a caller may see. Orders outside of the scope are not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderScope {
    /// Every order, for staff.
    All,
    /// Orders of this customer alone.
    Of(CustomerId),
    /// No orders: for an account without a customer.
    None,
}

words! {
    /// The order of a list of orders.
    OrderSort {
        /// The newest first.
        Newest = "-placed_at",
        /// The oldest first.
        Oldest = "placed_at",
    }
}

words! {
    /// What is still to be done with an order.
    OrderStage {
        /// It may be shipped now: it is placed or being prepared, and its money does not keep it.
        ToShip = "to_ship",
        /// It is neither delivered nor cancelled.
        Open = "open",
    }
}

impl OrderStage {
    /// The statuses of such orders.
    pub const fn statuses(self) -> &'static [OrderStatus] {
        match self {
            Self::ToShip => &[OrderStatus::Placed, OrderStatus::Processing],
            Self::Open => &[OrderStatus::Placed, OrderStatus::Processing, OrderStatus::Shipped],
        }
    }

    /// Whether an order is one of them.
    pub fn has(self, order: &Order) -> bool {
        let may_ship = || order.balance.as_ref().is_none_or(OrderBalance::may_ship);
        self.statuses().contains(&order.status) && (self == Self::Open || may_ship())
    }
}

/// The filter of a list of orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only these orders; empty for all.
    pub ids: Vec<OrderId>,
    /// Only the order with this number.
    pub number: Option<OrderNumber>,
    /// Only orders whose parcel has exactly this tracking number.
    pub tracking_number: Option<TrackingNumber>,
    /// Only orders that have a line with this product.
    pub product_id: Option<ProductId>,
    /// Only orders of this customer.
    pub customer_id: Option<CustomerId>,
    /// Only orders in this status.
    pub status: Option<OrderStatus>,
    /// Only orders with which this is still to be done.
    pub stage: Option<OrderStage>,
    /// Only orders whose balance has this status; those without one are `not_required`.
    pub payment_status: Option<OrderPaymentStatus>,
    /// Only orders placed at this time or later.
    pub placed_after: Option<UtcDateTime>,
    /// Only orders placed before this time.
    pub placed_before: Option<UtcDateTime>,
    /// The order of the list; `None` for the newest first.
    pub sort: Option<OrderSort>,
    /// Only orders changed at this time or later, in order of their last change, whatever `sort` says.
    pub updated_after: Option<UtcDateTime>,
    /// Only orders that are found by this.
    pub search: Option<OrderSearch>,
}

/// What somebody searches orders for: the beginning of an id, or words of the name or email address of the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSearch {
    /// The first and the last id that begin with the text, if it is the beginning of an id.
    pub ids: Option<(Uuid, Uuid)>,
    /// The words, if there is one.
    pub words: Option<SearchText>,
}

impl OrderSearch {
    /// The fewest hexadecimal digits that are the beginning of an id.
    const DIGITS: usize = 8;

    /// Parses a search. One without a word finds nothing.
    ///
    /// # Errors
    /// If it is too long or holds control characters.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        Ok(Self { ids: Self::ids(raw), words: SearchText::parse(raw)? })
    }

    fn ids(raw: &str) -> Option<(Uuid, Uuid)> {
        let digits = raw.trim().replace('-', "");
        let is_id =
            (Self::DIGITS..=32).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let first = is_id.then(|| Uuid::try_parse(&format!("{digits:0<32}")).ok()).flatten()?;
        let last = Uuid::try_parse(&format!("{digits:f<32}")).ok()?;
        Some((first, last))
    }
}

impl Ruled for OrderSearch {
    fn rule() -> Rule {
        SearchText::rule()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::{PaymentTerms, Placement};
    use crate::{Currency, Shop};

    fn placed() -> Order {
        let placement = Placement { customer_id: CustomerId(Uuid::nil()), shipping_address: None, note: None };
        let shop = Shop { currency: Currency::default(), lead_time_days: 3 };
        Order::place(OrderId(Uuid::nil()), placement, &[], shop, UtcDateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn an_order_is_to_be_shipped_until_it_is_if_its_money_does_not_keep_it_r80_r239() {
        use OrderStatus::{Cancelled, Delivered, Placed, Processing, Shipped};
        let with = |status, balance| Order { status, balance, ..placed() };
        let unpaid = |terms| {
            let order = placed();
            OrderBalance { terms, status: OrderPaymentStatus::Unpaid, ..OrderBalance::free(&order, order.placed_at) }
        };
        for (status, to_ship, open) in [
            (Placed, true, true),
            (Processing, true, true),
            (Shipped, false, true),
            (Delivered, false, false),
            (Cancelled, false, false),
        ] {
            assert_eq!(OrderStage::ToShip.has(&with(status, None)), to_ship, "{status:?}");
            assert_eq!(OrderStage::Open.has(&with(status, None)), open, "{status:?}");
        }
        let waits = with(Placed, Some(unpaid(PaymentTerms::Prepaid)));
        assert!(!OrderStage::ToShip.has(&waits) && OrderStage::Open.has(&waits));
        assert!(OrderStage::ToShip.has(&with(Placed, Some(unpaid(PaymentTerms::OnDelivery)))));
    }

    #[test]
    fn a_search_of_orders_is_the_beginning_of_an_id_or_words() {
        let found = OrderSearch::parse(" 01890a5d-AC96 ").unwrap();
        let (first, last) = found.ids.unwrap();
        assert_eq!(first.to_string(), "01890a5d-ac96-0000-0000-000000000000");
        assert_eq!(last.to_string(), "01890a5d-ac96-ffff-ffff-ffffffffffff");
        let whole = "01890a5d-ac96-774b-bcce-b302099a8057";
        let (first, last) = OrderSearch::parse(whole).unwrap().ids.unwrap();
        assert_eq!((first.to_string().as_str(), last.to_string().as_str()), (whole, whole));
        for words in ["Ann Buyer", "01890a5", "ann@example.com", &format!("{whole}0")] {
            let search = OrderSearch::parse(words).unwrap();
            assert!(search.ids.is_none() && search.words.is_some(), "{words}");
        }
    }
}
