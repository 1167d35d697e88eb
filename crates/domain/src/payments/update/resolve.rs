use super::PaymentsUpdate;
use crate::payments::{
    Finding, OperationId, OperationKind, OperationStatus, Payment, PaymentOperation, PaymentStatus, Reference,
    RefundStatus,
};

/// What the staff have found out about an operation that nobody could tell anything about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The provider did it. The reference is how the provider calls the payment that was begun, or the refund.
    Done(Option<Reference>),
    /// The provider did nothing.
    NotDone,
}

/// Why an operation cannot be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolveRefused {
    /// It is not `unknown`. Has its status.
    Known(OperationStatus),
    /// A begun payment needs the reference of the provider.
    ReferenceMissing,
    /// Another payment of the provider has the reference.
    PaymentReferenceTaken,
    /// Another refund of the payment has the reference.
    RefundReferenceTaken,
}

impl PaymentsUpdate<'_> {
    /// The staff have found out what became of an operation.
    ///
    /// # Errors
    /// If it is known already, or the reference is missing or that of another payment or refund.
    pub fn resolve(&mut self, id: OperationId, resolution: &Resolution) -> Result<(), ResolveRefused> {
        let found = self.after.operations.iter().find(|operation| operation.id == id).cloned();
        let operation = found.ok_or(ResolveRefused::Known(OperationStatus::Done))?;
        if operation.status != OperationStatus::Unknown {
            return Err(ResolveRefused::Known(operation.status));
        }
        let Resolution::Done(reference) = resolution else {
            self.no_longer(operation.payment_id, Finding::UnknownOperation);
            self.close(id, OperationStatus::Refused, None);
            // Nobody else asks for it again.
            if operation.kind == OperationKind::Void && self.after.balance.is_cancelled() {
                self.give_up(operation.payment_id, None);
            }
            return Ok(());
        };
        self.accept(&operation, reference.as_ref())?;
        match operation.kind {
            OperationKind::Begin => self.name(&operation, reference.as_ref()),
            OperationKind::Void => {
                if let Some(payment) = self.payment_mut(operation.payment_id) {
                    payment.status = payment.status.after(PaymentStatus::Voided);
                }
            }
            OperationKind::Refund => self.refund_done(&operation, reference.as_ref()),
            // What was taken is what the provider says next.
            OperationKind::Capture => {}
        }
        self.no_longer(operation.payment_id, Finding::UnknownOperation);
        self.close(id, OperationStatus::Done, None);
        Ok(())
    }

    /// Checks the reference of what an operation has done. It must not belong to another payment of the order, or to
    /// another refund of the payment.
    fn accept(&self, operation: &PaymentOperation, reference: Option<&Reference>) -> Result<(), ResolveRefused> {
        match (operation.kind, reference) {
            (OperationKind::Begin, None) => Err(ResolveRefused::ReferenceMissing),
            (OperationKind::Begin, Some(reference)) => {
                let Some(payment) = self.after.payment(operation.payment_id) else { return Ok(()) };
                let is_other = |one: &&Payment| one.id != payment.id && one.provider == payment.provider;
                let mut others = self.after.payments.iter().filter(is_other);
                let is_taken = others.any(|other| other.reference.as_ref() == Some(reference));
                if is_taken { Err(ResolveRefused::PaymentReferenceTaken) } else { Ok(()) }
            }
            (OperationKind::Refund, Some(reference)) => match self.named(operation.payment_id, reference) {
                Some(other) if Some(other.id) != operation.refund_id => Err(ResolveRefused::RefundReferenceTaken),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn name(&mut self, operation: &PaymentOperation, reference: Option<&Reference>) {
        if let Some(payment) = self.payment_mut(operation.payment_id) {
            payment.reference = reference.cloned();
        }
    }

    fn refund_done(&mut self, operation: &PaymentOperation, reference: Option<&Reference>) {
        let Some(id) = operation.refund_id else { return };
        if let Some(refund) = self.after.refunds.iter_mut().find(|refund| refund.id == id) {
            refund.reference = reference.cloned().or_else(|| refund.reference.clone());
        }
        self.refund_becomes(id, RefundStatus::Succeeded);
    }
}
