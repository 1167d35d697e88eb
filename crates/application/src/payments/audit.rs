use domain::Uuid;
use domain::payments::{Payment, PaymentOperation, Refund};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Payment {
    const RESOURCE: &'static str = "payment";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("status", self.status.as_str()),
            field("provider", &self.provider),
            field("currency", self.currency.code()),
            field("amount", &self.amount),
            field("authorised", &self.authorised),
            field("captured", &self.captured),
            field("capture_pending", &self.capture_pending),
            field("refunded", &self.refunded),
            field("refund_pending", &self.refund_pending),
        ]
    }
}

impl Audited for Refund {
    const RESOURCE: &'static str = "refund";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("status", self.status.as_str()),
            field("payment_id", &self.payment_id),
            field("currency", self.currency.code()),
            field("amount", &self.amount),
            field("reason", &self.reason),
            field("origin", self.origin.as_str()),
            optional("reference", self.reference.as_ref()),
        ]
    }
}

impl Audited for PaymentOperation {
    const RESOURCE: &'static str = "payment_operation";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("status", self.status.as_str()),
            field("kind", self.kind.as_str()),
            field("payment_id", &self.payment_id),
            optional("amount", self.amount.as_ref()),
        ]
    }
}
