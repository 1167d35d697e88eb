//! Stripe, by its payment intents. The card goes from the browser to Stripe, and never comes here.

mod amounts;
mod client;
mod notices;
mod objects;
mod requests;
mod signature;
mod snapshot;

use std::time::Duration;

use async_trait::async_trait;
use domain::payments::{
    BadNotice, Capabilities, Headers, NewPayment, Notice, OperationKey, PaymentId, PaymentKind, PaymentMethod,
    PaymentProvider, ProviderAnswer, ProviderName, Reference, Snapshot,
};
use domain::{Currency, Money, UtcDateTime};
use reqwest::Url;
use secrecy::SecretString;
use tokio::time::timeout;

use super::failure::{Failure, outcome};
use amounts::Counting;
use client::Client;
use objects::{Dispute, Event, Intent, Refund};

const NAME: &str = "stripe";
/// How long all requests of one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a key surely stands for its answer. Stripe keeps keys for 24 hours at least.
const KEY_LIFETIME: Duration = Duration::from_hours(20);
/// By how much Stripe's clock may differ from ours.
const CLOCKS_DIFFER_BY: Duration = Duration::from_mins(5);

/// How a shop uses Stripe. `Debug` shows no key.
#[derive(Debug, Clone)]
pub struct StripeConfig {
    /// What the server calls Stripe with.
    pub secret_key: SecretString,
    /// The public key, which browsers get.
    pub publishable_key: String,
    /// What notices are signed with; several while one replaces another.
    pub webhook_secrets: Vec<SecretString>,
    /// Where Stripe is.
    pub api_base: Url,
    /// The ways to pay; empty for those that are chosen on Stripe's page.
    pub payment_method_types: Vec<String>,
    /// How long an order waits for one of its payments.
    pub hold: Duration,
}

/// The client cannot be built: TLS does not work here.
#[derive(Debug, thiserror::Error)]
#[error("the client of Stripe cannot be built")]
pub struct StripeError(#[source] reqwest::Error);

/// The smallest step of amounts in a currency, in minor units; `None` if Stripe does not charge it.
pub fn stripe_step(currency: Currency) -> Option<i64> {
    Counting::of(currency).map(|counting| counting.step)
}

/// Stripe, behind the port of payment providers.
#[derive(Debug)]
pub struct Stripe {
    client: Client,
    config: StripeConfig,
}

impl Stripe {
    /// Nothing is called yet.
    ///
    /// # Errors
    /// If the client cannot be built.
    pub fn new(config: StripeConfig) -> Result<Self, StripeError> {
        let client = Client::new(config.api_base.clone(), config.secret_key.clone(), TIMEOUT).map_err(StripeError)?;
        Ok(Self { client, config })
    }

    async fn begin(&self, key: &OperationKey, new: &NewPayment) -> Result<Snapshot, Failure> {
        let form = requests::begin(key, new, to_stripe(new.amount)?, &self.config.payment_method_types);
        let intent = self.client.post(&["payment_intents"], &key.to_string(), &form).await?;
        self.snapshot(&intent, &[], &[])
    }

    async fn capture(&self, key: &OperationKey, reference: &Reference, amount: Money) -> Result<Snapshot, Failure> {
        let path = ["payment_intents", reference.as_str(), "capture"];
        let intent = self.client.post(&path, &key.to_string(), &requests::capture(to_stripe(amount)?)).await?;
        self.whole(&intent).await
    }

    async fn void(&self, key: &OperationKey, reference: &Reference) -> Result<Snapshot, Failure> {
        let path = ["payment_intents", reference.as_str(), "cancel"];
        match self.client.post::<Intent>(&path, &key.to_string(), &requests::cancel()).await {
            Ok(intent) => self.whole(&intent).await,
            // It may be void already.
            Err(Failure::Refused { error, is_retryable })
                if error.code.as_str() == "payment_intent_unexpected_state" =>
            {
                let now = self.fetch(reference).await?;
                let is_void = now.status == domain::payments::PaymentStatus::Voided;
                if is_void { Ok(now) } else { Err(Failure::Refused { error, is_retryable }) }
            }
            Err(failure) => Err(failure),
        }
    }

    async fn refund(&self, key: &OperationKey, reference: &Reference, amount: Money) -> Result<Snapshot, Failure> {
        let form = requests::refund(key.operation, reference, to_stripe(amount)?);
        self.client.post::<Refund>(&["refunds"], &key.to_string(), &form).await?;
        self.fetch(reference).await
    }

    async fn fetch(&self, reference: &Reference) -> Result<Snapshot, Failure> {
        let path = ["payment_intents", reference.as_str()];
        let intent = self.client.get(&path, &requests::fetch()).await?;
        self.whole(&intent).await
    }

    async fn find(
        &self,
        payment: PaymentId,
        since: UtcDateTime,
        until: UtcDateTime,
    ) -> Result<Option<Snapshot>, Failure> {
        let payment = payment.to_string();
        let is_it = |intent: &Intent| intent.metadata.get("payment_id") == Some(&payment);
        let between = requests::between(since - CLOCKS_DIFFER_BY, until + CLOCKS_DIFFER_BY);
        let intents = self.client.list("payment_intents", &between, |intent: &Intent| &intent.id, is_it).await?;
        match intents.iter().find(|intent| is_it(intent)) {
            Some(intent) => self.whole(intent).await.map(Some),
            None => Ok(None),
        }
    }

    async fn missed(&self, since: UtcDateTime) -> Result<Vec<Notice>, Failure> {
        let query = requests::undelivered(since);
        let events = self.client.list("events", &query, |event: &Event| &event.id, |_| false).await?;
        // The oldest first.
        Ok(events.iter().rev().filter_map(notices::of).collect())
    }

    /// A payment with all its refunds and disputes.
    async fn whole(&self, intent: &Intent) -> Result<Snapshot, Failure> {
        let own = requests::of(&intent.id);
        let (mut refunds, mut disputes) = (Vec::new(), Vec::new());
        if intent.amount_received > 0 {
            refunds = self.client.list("refunds", &own, |refund: &Refund| &refund.id, |_| false).await?;
        }
        if intent.charge().is_some_and(|charge| charge.disputed) {
            disputes = self.client.list("disputes", &own, |dispute: &Dispute| &dispute.id, |_| false).await?;
        }
        self.snapshot(intent, &refunds, &disputes)
    }

    fn snapshot(&self, intent: &Intent, refunds: &[Refund], disputes: &[Dispute]) -> Result<Snapshot, Failure> {
        snapshot::of(intent, refunds, disputes, &self.config.publishable_key)
    }
}

/// An amount in Stripe's units.
fn to_stripe(amount: Money) -> Result<i64, Failure> {
    let counting = Counting::of(amount.currency);
    let theirs = counting.and_then(|counting| counting.to_stripe(amount.amount));
    theirs.ok_or_else(|| Failure::refused("amount_not_chargeable", "Stripe does not take this amount in this currency"))
}

/// The outcome of all requests of a call, if they end in time.
async fn in_time<T>(call: impl Future<Output = Result<T, Failure>>) -> ProviderAnswer<T> {
    let late = |_| Err(Failure::unknown("timeout", "Stripe did not answer in time"));
    outcome(timeout(TIMEOUT, call).await.unwrap_or_else(late))
}

#[async_trait]
impl PaymentProvider for Stripe {
    fn name(&self) -> ProviderName {
        ProviderName::from_trusted(NAME.to_owned())
    }

    fn method(&self) -> PaymentMethod {
        PaymentMethod {
            name: "Card".to_owned(),
            kind: PaymentKind::Card,
            publishable_key: Some(self.config.publishable_key.clone()),
        }
    }

    fn capabilities(&self, currency: Currency) -> Option<Capabilities> {
        let Counting { min, max, step, .. } = Counting::of(currency)?;
        Some(Capabilities {
            manual_capture: true,
            partial_capture: true,
            multi_capture: false,
            partial_refund: true,
            min,
            max,
            step,
            hold: self.config.hold,
            key_lifetime: KEY_LIFETIME,
        })
    }

    async fn begin(&self, key: &OperationKey, new: &NewPayment) -> ProviderAnswer<Snapshot> {
        in_time(self.begin(key, new)).await
    }

    async fn capture(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        in_time(self.capture(key, reference, amount)).await
    }

    async fn void(&self, key: &OperationKey, reference: &Reference) -> ProviderAnswer<Snapshot> {
        in_time(self.void(key, reference)).await
    }

    async fn refund(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        in_time(self.refund(key, reference, amount)).await
    }

    async fn fetch(&self, reference: &Reference) -> ProviderAnswer<Snapshot> {
        in_time(self.fetch(reference)).await
    }

    async fn find(
        &self,
        payment: &PaymentId,
        since: UtcDateTime,
        until: UtcDateTime,
    ) -> ProviderAnswer<Option<Snapshot>> {
        in_time(self.find(*payment, since, until)).await
    }

    async fn missed(&self, since: UtcDateTime) -> ProviderAnswer<Vec<Notice>> {
        in_time(self.missed(since)).await
    }

    fn read_notice(&self, headers: &Headers, raw: &[u8], now: UtcDateTime) -> Result<Notice, BadNotice> {
        let signature = headers.get("stripe-signature").ok_or(BadNotice("it has no Stripe-Signature"))?;
        if !signature::is_signed(&self.config.webhook_secrets, signature, raw, now) {
            return Err(BadNotice("none of the secrets signed it in the last five minutes"));
        }
        let event: Event = serde_json::from_slice(raw).map_err(|_| BadNotice("it is no event"))?;
        notices::of(&event).ok_or(BadNotice("it is no event"))
    }
}
