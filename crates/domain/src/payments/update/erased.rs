use crate::payments::{OrderPayments, Payment, PaymentOperation, ProviderError};

impl OrderPayments {
    /// The payments without personal data, if the customer is erased. Providers still report how the customer paid and
    /// what failed, and this must not be stored again.
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
