use crate::word::words;

words! {
    /// What an event is about.
    EventType {
        /// An order was placed.
        OrderPlaced = "order.placed",
        /// All that an order owes came in.
        OrderPaid = "order.paid",
        /// A payment of an order is open.
        OrderPaymentPending = "order.payment_pending",
        /// A payment of an order was declined or failed.
        OrderPaymentFailed = "order.payment_failed",
        /// An order was cancelled.
        OrderCancelled = "order.cancelled",
        /// An order took a step towards its delivery.
        OrderStatusChanged = "order.status_changed",
        /// Something else of an order has changed, such as its tracking number.
        OrderUpdated = "order.updated",
        /// Money came in that an order did not wait for.
        OrderLatePayment = "order.late_payment",
        /// Money is held for the shop.
        PaymentAuthorised = "payment.authorised",
        /// Money was taken.
        PaymentCaptured = "payment.captured",
        /// A payment was given up before money was taken.
        PaymentVoided = "payment.voided",
        /// Money that is held has to be taken soon.
        PaymentAuthorisationExpiring = "payment.authorisation_expiring",
        /// Something about a payment does not add up.
        PaymentFinding = "payment.finding",
        /// Money is to go back.
        RefundCreated = "refund.created",
        /// Money went back.
        RefundSucceeded = "refund.succeeded",
        /// Money did not go back.
        RefundFailed = "refund.failed",
        /// A customer disputes a payment at the bank.
        DisputeOpened = "dispute.opened",
        /// A dispute was decided.
        DisputeClosed = "dispute.closed",
        /// The units on hand of a product fell below its reorder point.
        StockBelowThreshold = "stock.below_threshold",
        /// Units of a product are to be bought.
        RestockOpened = "restock.opened",
        /// Units that were bought came in.
        RestockReceived = "restock.received",
        /// A product was created.
        ProductCreated = "product.created",
        /// A product was changed.
        ProductUpdated = "product.updated",
        /// A product was deleted.
        ProductDeleted = "product.deleted",
        /// A customer was created, or registered.
        CustomerCreated = "customer.created",
        /// A customer was deleted, and its personal data erased.
        CustomerErased = "customer.erased",
        /// The last use of a promotion with a limit was taken.
        PromotionExhausted = "promotion.exhausted",
        /// Somebody tries whether a webhook endpoint is reached.
        WebhookTest = "webhook.test",
    }
}

impl EventType {
    /// The noun before the dot.
    pub fn noun(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }

    /// Whether the customer of an order hears of it. Findings and disputes are for those who run the shop.
    pub const fn is_for_customers(self) -> bool {
        !matches!(self, Self::PaymentFinding | Self::DisputeOpened | Self::DisputeClosed)
    }
}
