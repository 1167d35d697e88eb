use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::payments::{
    Approach, DueOperation, NextAction, NextStep, OperationKind, OperationResult, OperationStatus, Payment,
    PaymentProvider, PaymentProviders, PaymentQueries, ProviderAnswer, ProviderError, Said, Settings, Snapshot,
};
use domain::{UtcDateTime, Uuid};

use super::ask::{Claimed, capabilities};
use super::operation::{AnswerOperation, Answered, ClaimOperation};
use super::sync::RecentSyncs;
use crate::{Clock, Error, Runner};

/// What payments are made of.
#[derive(Clone)]
pub struct PaymentsParts {
    /// Runs the commands.
    pub runner: Runner,
    /// Reads of payments.
    pub queries: Arc<dyn PaymentQueries>,
    /// The providers that are configured.
    pub providers: PaymentProviders,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// The settings, which the runner has too.
    pub settings: Arc<Settings>,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

/// Asks providers, with no transaction open, and takes over what they say.
#[derive(Clone)]
pub struct Payments {
    parts: PaymentsParts,
    recent: Arc<RecentSyncs>,
    expired: Arc<AtomicU64>,
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performed {
    /// The payment, as it stands now.
    pub payment: Payment,
    /// What the customer has to do. It may hold a secret.
    pub next_action: NextAction,
    /// Whether the operation is done or refused.
    pub is_finished: bool,
}

impl Payments {
    /// Payments of these parts.
    pub fn new(parts: PaymentsParts) -> Self {
        Self { parts, recent: Arc::default(), expired: Arc::default() }
    }

    /// The providers that are configured.
    pub const fn providers(&self) -> &PaymentProviders {
        &self.parts.providers
    }

    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub const fn holder(&self) -> Uuid {
        self.parts.holder
    }

    /// How the shop is paid, and how long a request waits for a provider.
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// Runs the commands.
    pub const fn runner(&self) -> &Runner {
        &self.parts.runner
    }

    /// Reads of payments.
    pub fn queries(&self) -> &dyn PaymentQueries {
        self.parts.queries.as_ref()
    }

    pub(super) fn recent(&self) -> &RecentSyncs {
        &self.recent
    }

    /// An order was cancelled because it was not paid in time.
    pub(super) fn has_expired_one(&self) {
        self.expired.fetch_add(1, Ordering::Relaxed);
    }

    /// How many orders this server has cancelled because they were not paid in time, since this was asked before.
    pub fn take_expired(&self) -> u64 {
        self.expired.swap(0, Ordering::Relaxed)
    }

    pub(super) fn now(&self) -> UtcDateTime {
        self.parts.clock.now()
    }

    /// Carries a due operation out, if it is this server's turn. The output is `None` if not.
    ///
    /// # Errors
    /// A failure of the database. The operation is tried again.
    pub async fn perform_due(&self, due: DueOperation) -> Result<Option<Performed>, Error> {
        let claim = ClaimOperation { due, providers: self.providers().clone(), holder: self.holder() };
        match self.runner().run(claim).await? {
            Some(claimed) => self.perform(claimed).await.map(Some),
            None => Ok(None),
        }
    }

    /// Carries an operation out that this server holds. What the provider is asked is committed before it is asked.
    ///
    /// # Errors
    /// A failure of the database. The operation is tried again.
    pub async fn perform(&self, claimed: Claimed) -> Result<Performed, Error> {
        let provider = self.providers().get(&claimed.payment.provider).cloned();
        let provider = provider.ok_or(Error::NotFound("payment provider"))?;
        let (mut claimed, mut has_looked, mut next_action) = (claimed, false, NextAction::None);
        loop {
            let said = match claimed.approach {
                Approach::Call => Said::Called(claimed.call(provider.as_ref()).await),
                Approach::Look => Said::Looked(claimed.look(provider.as_ref()).await),
            };
            has_looked |= claimed.approach == Approach::Look;
            if let Some(snapshot) = said.snapshot() {
                next_action = snapshot.next_action.clone();
            }
            let asked_at = claimed.payment.version;
            let result = OperationResult { said, has_looked, asked_at, holder: self.holder() };
            let answer = AnswerOperation { order_id: claimed.payment.order_id, id: claimed.operation.id, result };
            let Answered { step, payment, status, again } = self.runner().run(answer).await?;
            let is_finished = matches!(status, OperationStatus::Done | OperationStatus::Refused);
            match (step, again) {
                (NextStep::Look, _) => claimed.approach = Approach::Look,
                (NextStep::Call, Some(again)) => claimed = again,
                (NextStep::Ask, _) => {
                    let synced = self.sync(&payment).await?;
                    let next_action =
                        if synced.next_action == NextAction::None { next_action } else { synced.next_action };
                    return Ok(Performed { payment: synced.payment, next_action, is_finished });
                }
                _ => return Ok(Performed { payment, next_action, is_finished }),
            }
        }
    }

    /// Carries an operation out for as long as a request may wait. It goes on after that; the output is `None` then.
    pub(super) async fn perform_inline(&self, claimed: Claimed) -> Result<Option<Performed>, Error> {
        let payments = self.clone();
        let work = async move { payments.perform(claimed).await };
        in_time(self.settings().inline_timeout, work).await?.transpose()
    }

    /// What a provider can do with a payment.
    pub fn capabilities(&self, payment: &Payment) -> Option<domain::payments::Capabilities> {
        capabilities(self.providers(), payment)
    }
}

/// Starts work and waits for it at most so long. It goes on after that; the output is `None` then.
async fn in_time<T: Send + 'static>(
    longest: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<Option<T>, Error> {
    match tokio::time::timeout(longest, tokio::spawn(work)).await {
        Ok(Ok(done)) => Ok(Some(done)),
        Ok(Err(panicked)) => Err(Error::Internal(panicked.into())),
        Err(_) => Ok(None),
    }
}

impl Claimed {
    /// Asks the provider to do it.
    async fn call(&self, provider: &dyn PaymentProvider) -> ProviderAnswer<Snapshot> {
        let key = self.operation.key();
        let amount = self.payment.money(self.operation.amount.unwrap_or_default());
        match (self.operation.kind, &self.begins, &self.payment.reference) {
            (OperationKind::Begin, Some(new), _) => PaymentProvider::begin(provider, &key, new).await,
            (OperationKind::Capture, _, Some(reference)) => provider.capture(&key, reference, amount).await,
            (OperationKind::Void, _, Some(reference)) => provider.void(&key, reference).await,
            (OperationKind::Refund, _, Some(reference)) => provider.refund(&key, reference, amount).await,
            _ => refused_without_reference(),
        }
    }

    /// Asks the provider whether it has done it.
    async fn look(&self, provider: &dyn PaymentProvider) -> ProviderAnswer<Option<Snapshot>> {
        match (self.operation.kind, &self.payment.reference) {
            (OperationKind::Begin, _) => {
                let can = provider.capabilities(self.payment.currency);
                let until = self.operation.called_until(can.map(|can| can.key_lifetime).unwrap_or_default());
                provider.find(&self.payment.id, self.payment.created_at, until).await
            }
            (_, Some(reference)) => match provider.fetch(reference).await {
                ProviderAnswer::Done(snapshot) => ProviderAnswer::Done(Some(snapshot)),
                ProviderAnswer::Refused { error, is_retryable } => ProviderAnswer::Refused { error, is_retryable },
                ProviderAnswer::Unknown { retry_after, is_kept, error } => {
                    ProviderAnswer::Unknown { retry_after, is_kept, error }
                }
            },
            _ => refused_without_reference(),
        }
    }
}

/// The provider never had the payment, so there is nothing to do about it.
fn refused_without_reference<T>() -> ProviderAnswer<T> {
    let error = ProviderError::new("not_begun", "The provider does not have this payment.");
    ProviderAnswer::Refused { error, is_retryable: false }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use domain::payments::{MockPaymentQueries, OrderPayments, PaymentOperation, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, NOW, Prepared, order};

    /// An order whose payment is being begun by this server.
    fn beginning(operation: PaymentOperation) -> OrderPayments {
        let pending = Payment { reference: None, ..payment(PaymentStatus::Pending) };
        OrderPayments { operations: vec![operation], ..payments(vec![pending]) }
    }

    fn claimed(all: &OrderPayments) -> Claimed {
        let payment = all.payments[0].clone();
        let begins = domain::payments::NewPayment {
            payment_id: payment.id,
            order_id: payment.order_id,
            order_label: order().id.to_string(),
            amount: payment.money(payment.amount),
            capture: payment.capture,
            method: None,
            return_url: None,
        };
        Claimed { operation: all.operations[0].clone(), payment, begins: Some(begins), approach: Approach::Call }
    }

    fn unknown<T>(is_kept: bool) -> ProviderAnswer<T> {
        ProviderAnswer::Unknown { retry_after: None, is_kept, error: ProviderError::new("timeout", "No answer.") }
    }

    #[tokio::test]
    async fn no_transaction_is_open_while_the_provider_is_asked_r90() {
        let all = beginning(operation(OperationKind::Begin));
        let finishes = |changes: &domain::payments::PaymentChanges| {
            changes.operations.changed[0].status == OperationStatus::Done
                && changes.payments.changed[0].captured == TOTAL
        };
        let (runner, log) = Prepared::runner([saving(all.clone(), finishes)]);
        let mut provider = provider();
        let seen = log.clone();
        provider.expect_begin().once().returning(move |key, new| {
            assert_eq!((key.generation, new.amount.amount), (1, TOTAL));
            seen.lock().unwrap().push("asked");
            ProviderAnswer::Done(says(PaymentStatus::Captured))
        });
        let performed = service(runner, provider, MockPaymentQueries::new()).perform(claimed(&all)).await.unwrap();
        assert_eq!((performed.is_finished, performed.payment.status), (true, PaymentStatus::Captured));
        assert_eq!(*log.lock().unwrap(), ["asked", "begin", "commit"]);
    }

    #[tokio::test]
    async fn a_new_key_is_committed_before_it_is_used_r90() {
        let third = PaymentOperation { attempts: 3, ..operation(OperationKind::Begin) };
        let renewed = PaymentOperation { generation: 2, ..third.clone() };
        let renews = |changes: &domain::payments::PaymentChanges| changes.operations.changed[0].generation == 2;
        let finishes =
            |changes: &domain::payments::PaymentChanges| changes.operations.changed[0].status == OperationStatus::Done;
        let transactions = vec![
            // The 500 changes nothing: the provider is asked whether it has the payment.
            locking(beginning(third.clone())),
            saving(beginning(third.clone()), renews),
            saving(beginning(renewed), finishes),
        ];
        let (runner, log) = Prepared::runner(transactions);
        let mut provider = provider();
        provider.expect_begin().times(2).returning({
            let log = log.clone();
            move |key, _| {
                log.lock().unwrap().push(if key.generation == 1 { "first key" } else { "second key" });
                if key.generation == 1 { unknown(true) } else { ProviderAnswer::Done(says(PaymentStatus::Captured)) }
            }
        });
        provider.expect_find().once().returning(|_, _, _| ProviderAnswer::Done(None));
        let payments = service(runner, provider, MockPaymentQueries::new());
        assert!(payments.perform(claimed(&beginning(third))).await.unwrap().is_finished);
        let expected = ["first key", "begin", "commit", "begin", "commit", "second key", "begin", "commit"];
        assert_eq!(*log.lock().unwrap(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_waits_for_a_slow_provider_only_so_long_and_the_work_goes_on_r90() {
        let is_done = Arc::new(AtomicBool::new(false));
        let work = |seconds| {
            let is_done = is_done.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                is_done.store(true, Ordering::Relaxed);
            }
        };
        let longest = Settings::default().inline_timeout;
        assert_eq!(in_time(longest, work(9)).await.unwrap(), None);
        assert!(!is_done.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(is_done.load(Ordering::Relaxed));
        assert_eq!(in_time(longest, work(7)).await.unwrap(), Some(()));
    }

    #[tokio::test]
    async fn without_an_answer_the_operation_waits_r90() {
        let all = beginning(operation(OperationKind::Begin));
        let waits = |changes: &domain::payments::PaymentChanges| {
            let operation = &changes.operations.changed[0];
            operation.next_at == Some(NOW + Duration::from_secs(2)) && operation.lease.is_none()
        };
        let (runner, _) = Prepared::runner([saving(all.clone(), waits)]);
        let mut provider = provider();
        provider.expect_begin().once().returning(|_, _| unknown(false));
        let performed = service(runner, provider, MockPaymentQueries::new()).perform(claimed(&all)).await.unwrap();
        assert!(!performed.is_finished);
    }

    #[tokio::test]
    async fn an_operation_that_another_server_holds_is_left_alone_r90() {
        let lease = domain::Lease { holder: crate::testing::id(0xB), until: NOW + Duration::from_secs(9) };
        let theirs = PaymentOperation { lease: Some(lease), ..operation(OperationKind::Begin) };
        let (runner, _) = Prepared::runner([locking(beginning(theirs))]);
        let due =
            DueOperation { id: operation(OperationKind::Begin).id, payment_id: payment_id(), order_id: order().id };
        let payments = service(runner, provider(), MockPaymentQueries::new());
        assert_eq!(payments.perform_due(due).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_defect_of_one_transaction_is_an_error_and_the_operation_stays_r90() {
        let all = beginning(operation(OperationKind::Begin));
        let mut tx = Mocks::default();
        tx.payments.expect_lock().once().returning(|_| Err(domain::StoreError::Internal("disk".into())));
        let (runner, log) = Prepared::runner([tx]);
        let mut provider = provider();
        provider.expect_begin().once().returning(|_, _| ProviderAnswer::Done(says(PaymentStatus::Captured)));
        let payments = service(runner, provider, MockPaymentQueries::new());
        assert!(payments.perform(claimed(&all)).await.is_err());
        assert_eq!(*log.lock().unwrap(), ["begin", "rollback"]);
    }
}
