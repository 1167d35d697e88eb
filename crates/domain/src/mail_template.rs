use crate::word::words;

words! {
    /// Which mail it is.
    MailTemplate {
        /// An order was placed and waits for its payment.
        OrderReceived = "order_received",
        /// An order is paid, or nothing of it has to be.
        OrderConfirmed = "order_confirmed",
        /// An order was cancelled.
        OrderCancelled = "order_cancelled",
        /// Money went back.
        RefundMade = "refund_made",
        /// Has a link to set a new password.
        PasswordReset = "password_reset",
        /// The password of an account is another one.
        PasswordChanged = "password_changed",
        /// Has a link that proves that an address is the customer's.
        EmailVerify = "email_verify",
        /// To the previous address: the customer has another one.
        EmailChanged = "email_changed",
        /// To the shop: a product is running out.
        AlertLowStock = "alert_low_stock",
        /// To the shop: a webhook endpoint was switched off.
        AlertWebhookOff = "alert_webhook_off",
        /// To the shop: a webhook endpoint will lose events.
        AlertWebhookBehind = "alert_webhook_behind",
        /// To the shop: something about a payment does not add up.
        AlertPaymentFinding = "alert_payment_finding",
        /// To the shop: a customer disputes a payment.
        AlertDispute = "alert_dispute",
        /// To the shop: a mail did not arrive.
        AlertDeadMail = "alert_dead_mail",
        /// Only sent by hand, to try whether mail works.
        Test = "test",
    }
}

impl MailTemplate {
    /// Whether it goes to those who run the shop.
    pub const fn is_alert(self) -> bool {
        matches!(
            self,
            Self::AlertLowStock
                | Self::AlertWebhookOff
                | Self::AlertWebhookBehind
                | Self::AlertPaymentFinding
                | Self::AlertDispute
                | Self::AlertDeadMail
        )
    }
}
