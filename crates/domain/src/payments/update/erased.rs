use crate::payments::{OrderPayments, Payment, PaymentOperation, ProviderError};

impl OrderPayments {
    /// Without what may tell of the customer, if that is erased. Providers go on saying how somebody paid and what went
    /// wrong, and none of it is written down again.
    #[must_use]
    pub(super) fn about_nobody(mut self) -> Self {
        if self.is_erased {
            for Payment { method_label, last_error, .. } in &mut self.payments {
                *method_label = None;
                *last_error = last_error.take().map(ProviderError::without_text);
            }
            for PaymentOperation { error, .. } in &mut self.operations {
                *error = error.take().map(ProviderError::without_text);
            }
        }
        self
    }
}
