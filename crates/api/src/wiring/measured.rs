use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use domain::payments::{
    BadNotice, Capabilities, Headers, NewPayment, Notice, OperationKey, PaymentId, PaymentMethod, PaymentProvider,
    ProviderAnswer, ProviderName, Reference, Snapshot,
};
use domain::{Currency, Money, UtcDateTime};
use metrics::{counter, histogram};

use crate::metrics::{PAYMENT_CALL_DURATION, PAYMENT_CALLS};

/// A provider whose calls are counted by outcome and timed.
pub(super) struct Measured(pub Arc<dyn PaymentProvider>);

impl Measured {
    async fn call<T: Send>(
        &self,
        call: &'static str,
        asked: impl Future<Output = ProviderAnswer<T>> + Send,
    ) -> ProviderAnswer<T> {
        let began = Instant::now();
        let answer = asked.await;
        let outcome = match answer {
            ProviderAnswer::Done(_) => "done",
            ProviderAnswer::Refused { .. } => "refused",
            ProviderAnswer::Unknown { .. } => "unknown",
        };
        let provider = self.0.name().to_string();
        histogram!(PAYMENT_CALL_DURATION, "provider" => provider.clone(), "call" => call).record(began.elapsed());
        counter!(PAYMENT_CALLS, "provider" => provider, "call" => call, "outcome" => outcome).increment(1);
        answer
    }
}

#[async_trait]
impl PaymentProvider for Measured {
    fn name(&self) -> ProviderName {
        self.0.name()
    }

    fn method(&self) -> PaymentMethod {
        self.0.method()
    }

    fn capabilities(&self, currency: Currency) -> Option<Capabilities> {
        self.0.capabilities(currency)
    }

    async fn begin(&self, key: &OperationKey, new: &NewPayment) -> ProviderAnswer<Snapshot> {
        self.call("begin", PaymentProvider::begin(self.0.as_ref(), key, new)).await
    }

    async fn capture(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        self.call("capture", self.0.capture(key, reference, amount)).await
    }

    async fn void(&self, key: &OperationKey, reference: &Reference) -> ProviderAnswer<Snapshot> {
        self.call("void", self.0.void(key, reference)).await
    }

    async fn refund(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        self.call("refund", self.0.refund(key, reference, amount)).await
    }

    async fn fetch(&self, reference: &Reference) -> ProviderAnswer<Snapshot> {
        self.call("fetch", self.0.fetch(reference)).await
    }

    async fn find(
        &self,
        payment: &PaymentId,
        since: UtcDateTime,
        until: UtcDateTime,
    ) -> ProviderAnswer<Option<Snapshot>> {
        self.call("find", self.0.find(payment, since, until)).await
    }

    async fn missed(&self, since: UtcDateTime) -> ProviderAnswer<Vec<Notice>> {
        self.call("missed", self.0.missed(since)).await
    }

    fn read_notice(&self, headers: &Headers, raw: &[u8], now: UtcDateTime) -> Result<Notice, BadNotice> {
        self.0.read_notice(headers, raw, now)
    }
}
