//! Money that people move: bank transfers, which the staff find in the account of the shop, and cash on delivery.
//! There is nobody to call. What is known of a payment is what the staff have written down.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::orders::OrderScope;
use domain::payments::{
    BadNotice, Capabilities, Headers, NewPayment, NextAction, Notice, OperationKey, Payment, PaymentId, PaymentKind,
    PaymentMethod, PaymentProvider, PaymentQueries, PaymentStatus, ProviderAnswer, ProviderName, ProviderRefund,
    Reference, RefundStatus, Snapshot,
};
use domain::{Currency, Money, Price, UtcDateTime, Uuid};

use super::failure::{Failure, outcome};

/// What is said to customers who pay in cash.
const CASH: &str = "Pay in cash when the parcel is handed over.";
/// Keys do not expire here: a repeated call changes nothing.
const KEY_LIFETIME: Duration = Duration::from_hours(24 * 365);

/// A provider of payments that people make.
pub struct Manual {
    name: &'static str,
    method: PaymentMethod,
    instructions: String,
    hold: Duration,
    payments: Arc<dyn PaymentQueries>,
}

impl Manual {
    /// Bank transfers. `label` and `instructions` are for customers; an order waits for `hold`.
    pub fn bank_transfer(
        label: String,
        instructions: String,
        hold: Duration,
        payments: Arc<dyn PaymentQueries>,
    ) -> Self {
        let method = PaymentMethod { name: label, kind: PaymentKind::BankTransfer, publishable_key: None };
        Self { name: "manual", method, instructions, hold, payments }
    }

    /// Cash on delivery. Nobody waits for it: `hold` only bounds what the rules ask for.
    pub fn cash(hold: Duration, payments: Arc<dyn PaymentQueries>) -> Self {
        let method = PaymentMethod { name: "Cash".to_owned(), kind: PaymentKind::Cash, publishable_key: None };
        Self { name: "cash", method, instructions: CASH.to_owned(), hold, payments }
    }

    /// The payment with this reference, which is its id.
    async fn payment(&self, reference: &Reference) -> Result<Payment, Failure> {
        let unknown = || Failure::refused("unknown_payment", "there is no such payment");
        let id = Uuid::try_parse(reference.as_str()).map_err(|_| unknown())?;
        let found = self.payments.get(PaymentId(id), OrderScope::All).await;
        let found = found.map_err(|_| Failure::unknown("connection", "the database cannot be reached"))?;
        found.filter(|payment| payment.provider == self.name()).ok_or_else(unknown)
    }

    fn begun(&self, new: &NewPayment) -> Result<Snapshot, Failure> {
        let reference = Reference::parse(&new.payment_id.to_string());
        let reference = reference.map_err(|_| Failure::refused("unknown_payment", "the payment has no id"))?;
        Ok(Snapshot {
            reference,
            order_id: Some(new.order_id),
            payment_id: Some(new.payment_id),
            status: PaymentStatus::Processing,
            currency: new.amount.currency,
            amount: new.amount.amount,
            authorised: 0,
            captured: 0,
            refunds: Vec::new(),
            disputes: Vec::new(),
            authorised_until: None,
            method_label: None,
            next_action: NextAction::Instructions {
                text: self.instructions.clone(),
                reference: new.order_label.clone(),
            },
            error: None,
        })
    }

    async fn voided(&self, reference: &Reference) -> Result<Snapshot, Failure> {
        let payment = self.payment(reference).await?;
        if payment.captured > 0 {
            return Err(Failure::refused("not_voidable", "money was received for it"));
        }
        Ok(Snapshot { status: PaymentStatus::Voided, ..Snapshot::of(&payment, reference.clone()) })
    }

    /// A refund that stays pending until somebody of the staff has paid it and recorded that.
    async fn refunding(&self, key: &OperationKey, reference: &Reference, amount: Money) -> Result<Snapshot, Failure> {
        let refund = ProviderRefund {
            reference: None,
            operation: Some(key.operation),
            amount: amount.amount,
            status: RefundStatus::Pending,
        };
        let payment = self.payment(reference).await?;
        Ok(Snapshot { refunds: vec![refund], ..Snapshot::of(&payment, reference.clone()) })
    }

    async fn known(&self, reference: &Reference) -> Result<Snapshot, Failure> {
        Ok(Snapshot::of(&self.payment(reference).await?, reference.clone()))
    }
}

#[async_trait]
impl PaymentProvider for Manual {
    fn name(&self) -> ProviderName {
        ProviderName::from_trusted(self.name.to_owned())
    }

    fn method(&self) -> PaymentMethod {
        self.method.clone()
    }

    fn capabilities(&self, _: Currency) -> Option<Capabilities> {
        Some(Capabilities {
            manual_capture: false,
            partial_capture: false,
            multi_capture: false,
            partial_refund: true,
            min: 1,
            max: Price::MAX,
            step: 1,
            hold: self.hold,
            key_lifetime: KEY_LIFETIME,
        })
    }

    async fn begin(&self, _: &OperationKey, new: &NewPayment) -> ProviderAnswer<Snapshot> {
        outcome(self.begun(new))
    }

    async fn capture(&self, _: &OperationKey, _: &Reference, _: Money) -> ProviderAnswer<Snapshot> {
        outcome(Err(Failure::refused("not_capturable", "nothing is held: money is received, not taken")))
    }

    async fn void(&self, _: &OperationKey, reference: &Reference) -> ProviderAnswer<Snapshot> {
        outcome(self.voided(reference).await)
    }

    async fn refund(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        outcome(self.refunding(key, reference, amount).await)
    }

    async fn fetch(&self, reference: &Reference) -> ProviderAnswer<Snapshot> {
        outcome(self.known(reference).await)
    }

    /// Never finds a payment: no request goes out, so no answer can be lost.
    async fn find(&self, _: &PaymentId, _: UtcDateTime, _: UtcDateTime) -> ProviderAnswer<Option<Snapshot>> {
        ProviderAnswer::Done(None)
    }

    async fn missed(&self, _: UtcDateTime) -> ProviderAnswer<Vec<Notice>> {
        ProviderAnswer::Done(Vec::new())
    }

    fn read_notice(&self, _: &Headers, _: &[u8], _: UtcDateTime) -> Result<Notice, BadNotice> {
        Err(BadNotice("this provider sends no notices"))
    }
}

#[cfg(test)]
#[path = "manual/tests.rs"]
mod tests;
