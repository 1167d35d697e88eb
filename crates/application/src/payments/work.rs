use std::future::Future;

use domain::orders::OrderScope;
use domain::payments::{DueOperation, NextAction, Payment, PaymentId, PaymentNotice};
use tokio::task::{JoinError, JoinSet};

use super::Payments;
use super::ask::{Acted, Asked, Keeping, Kept};
use super::begin::BeginPayment;
use super::perform::Performed;
use super::void::VoidPayment;
use crate::{Claim, Command, Conflict, Error, Response, Runner};

/// How many payments are worked on at once by those who look for what is due.
const AT_ONCE: usize = 4;

impl Payments {
    /// Runs a command that writes down what a provider is to do, and has it done. `runner` is the caller's. A repeated
    /// request finds the same payment and refund, as they stand now.
    ///
    /// # Errors
    /// A refusal of the command, or a failure of the database.
    pub async fn act<C>(&self, runner: &Runner, claim: Option<Claim>, command: C) -> Result<Acted, Error>
    where
        C: Command<Output = Asked> + 'static,
    {
        match runner.run_once(claim, command, |asked| Keeping(asked.clone())).await? {
            Response::First(Keeping(asked)) => self.carry_out(asked, runner.is_for_staff()).await,
            Response::Replayed(stored) => self.show(Kept::read(&stored)?, runner.is_for_staff()).await,
        }
    }

    /// Pays an order: begins a payment. Another one that is open is given up first.
    ///
    /// # Errors
    /// As [`Payments::act`]; a conflict while it is not certain that the other one is void.
    pub async fn pay(&self, runner: &Runner, claim: Option<Claim>, begin: BeginPayment) -> Result<Acted, Error> {
        let scope = begin.scope;
        match self.act(runner, claim.clone(), begin.clone()).await {
            Err(Error::Conflict(Conflict::PaymentInProgress(open))) => {
                self.replace(runner, open, scope).await?;
                self.act(runner, claim, begin).await
            }
            other => other,
        }
    }

    /// Gives an open payment up, because another one takes its place.
    async fn replace(&self, runner: &Runner, open: PaymentId, scope: OrderScope) -> Result<(), Error> {
        let void = VoidPayment { id: open, scope, holder: self.holder() };
        match self.act(runner, None, void).await {
            Err(Error::Conflict(Conflict::NotVoidable(_))) => Err(Conflict::PaymentInProgress(open).into()),
            other => other.map(|_| ()),
        }
    }

    /// Carries out what was written down, for as long as the request may wait.
    async fn carry_out(&self, asked: Asked, by_staff: bool) -> Result<Acted, Error> {
        let Asked { payment, refund, claimed, is_new } = asked;
        let waits = is_new && claimed.is_none() && refund.as_ref().is_none_or(|refund| refund.finished_at.is_none());
        let performed = match claimed {
            Some(claimed) => self.perform_inline(claimed).await?,
            // What is open already: only its provider knows what the customer has to do.
            None if !is_new && payment.is_open() => Some(self.ask_for_caller(&payment, by_staff).await?),
            None => Some(Performed { payment: payment.clone(), next_action: NextAction::None, is_finished: !waits }),
        };
        let is_finished = performed.as_ref().is_some_and(|performed| performed.is_finished);
        let (payment, next_action) =
            performed.map_or((payment, NextAction::None), |performed| (performed.payment, performed.next_action));
        let refund = match refund {
            Some(refund) => self.queries().refund(refund.id, OrderScope::All).await?.or(Some(refund)),
            None => None,
        };
        Ok(Acted { payment, refund, next_action, is_finished, is_new, is_replayed: false })
    }

    /// What the provider of an open payment says now. Customers ask at most once in two seconds.
    async fn ask_for_caller(&self, payment: &Payment, by_staff: bool) -> Result<Performed, Error> {
        if by_staff { self.sync(payment).await } else { self.sync_for_payer(payment).await }
    }

    /// The current state of what an earlier request with the same idempotency key did.
    async fn show(&self, kept: Kept, by_staff: bool) -> Result<Acted, Error> {
        let payment = self.queries().get(kept.payment_id, OrderScope::All).await?.ok_or(Error::NotFound("payment"))?;
        let refund = match kept.refund_id {
            Some(id) => self.queries().refund(id, OrderScope::All).await?,
            None => None,
        };
        let synced = match refund {
            None if payment.is_open() => self.ask_for_caller(&payment, by_staff).await?,
            _ => Performed { payment, next_action: NextAction::None, is_finished: true },
        };
        let Performed { payment, next_action, is_finished } = synced;
        Ok(Acted { payment, refund, next_action, is_finished, is_new: false, is_replayed: true })
    }

    /// Carries out what is due: operations that nobody holds, and notices. Returns how many there were. Several servers may
    /// do it at once.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn do_due_work(&self, limit: u64) -> Result<u64, Error> {
        let due = self.queries().due_operations(self.now(), limit).await?;
        let operations = in_turns(due, |due| due.order_id, |due| self.clone().perform_one(due)).await;
        let due = self.queries().due_notices(self.now(), limit).await?;
        Ok(operations + self.process_all(due).await)
    }

    /// Processes notices. Returns how many.
    pub(super) async fn process_all(&self, notices: Vec<PaymentNotice>) -> u64 {
        let payment = |notice: &PaymentNotice| (notice.provider.clone(), notice.reference.clone());
        in_turns(notices, payment, |notice| self.clone().process_one(notice)).await
    }

    async fn perform_one(self, due: DueOperation) -> u64 {
        counted("operation", self.perform_due(due).await)
    }

    async fn process_one(self, notice: PaymentNotice) -> u64 {
        counted("notice", self.process(notice).await)
    }
}

/// Counts a piece of work that is done. A failure is logged: it is due again later.
fn counted<T>(what: &'static str, done: Result<T, Error>) -> u64 {
    match done {
        Ok(_) => 1,
        Err(error) => {
            tracing::warn!(what, %error, "work on payments failed; will try again");
            0
        }
    }
}

/// Does pieces of work and adds up what they return. Those with the same key are done in turn, and up to [`AT_ONCE`] with
/// different ones at once, so that a provider that is slow about one payment does not keep the others waiting.
async fn in_turns<W, K, F>(all: Vec<W>, key: impl Fn(&W) -> K, work: impl Fn(W) -> F) -> u64
where
    K: PartialEq,
    F: Future<Output = u64> + Send + 'static,
{
    let mut turns: Vec<(K, Vec<F>)> = Vec::new();
    for one in all {
        let key = key(&one);
        match turns.iter_mut().find(|(known, _)| *known == key) {
            Some((_, turn)) => turn.push(work(one)),
            None => turns.push((key, vec![work(one)])),
        }
    }
    let (mut running, mut done) = (JoinSet::new(), 0);
    for (_, turn) in turns {
        if running.len() >= AT_ONCE {
            done += finished(running.join_next().await);
        }
        running.spawn(async move {
            let mut done = 0;
            for one in turn {
                done += one.await;
            }
            done
        });
    }
    while let Some(one) = running.join_next().await {
        done += finished(Some(one));
    }
    done
}

/// The result of a task. A task that panicked counts as 0; its work is due again later.
fn finished(task: Option<Result<u64, JoinError>>) -> u64 {
    task.map_or(0, |task| {
        task.unwrap_or_else(|panicked| {
            tracing::error!(%panicked, "work on payments broke off");
            0
        })
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use domain::StoreError;
    use domain::payments::{
        MockPaymentQueries, OperationId, OperationKind, OrderPayments, PaymentOperation, PaymentStatus, ProviderAnswer,
    };

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, Prepared, customer, id, order};
    use crate::{Fingerprint, IdempotencyKey, KeyState, MockIdempotencyQueries};

    fn claim() -> Claim {
        let key = IdempotencyKey::parse("k").unwrap();
        Claim { owner: None, key, fingerprint: Fingerprint([7; 32]), former_fingerprint: None }
    }

    fn void() -> VoidPayment {
        VoidPayment { id: payment_id(), scope: OrderScope::Of(customer()), holder: id(HOLDER) }
    }

    /// Writes the void of an open payment down.
    fn voiding() -> Mocks {
        saving(payments(vec![payment(PaymentStatus::RequiresAction)]), |changes| changes.operations.added.len() == 1)
    }

    #[tokio::test]
    async fn with_a_key_the_ids_are_kept_and_no_state_r82() {
        let mut first = voiding();
        first.idempotency.expect_claim().once().returning(|_, _, _| Ok(KeyState::New));
        let kept = |_: &_, stored: &crate::StoredResponse, _: &_| {
            stored.content == payment_id().to_string().into_bytes() && stored.personal_to.is_none()
        };
        first.idempotency.expect_store().once().withf(kept).returning(|_, _, _| Ok(()));
        // The first id that the runner has made.
        let operation = PaymentOperation { id: OperationId(id(1)), ..operation(OperationKind::Void) };
        let all = payments(vec![payment(PaymentStatus::RequiresAction)]);
        let answer = saving(OrderPayments { operations: vec![operation], ..all }, |changes| {
            changes.payments.changed[0].status == PaymentStatus::Voided
        });
        let (runner, _) = Prepared::runner([first, answer]);
        let mut provider = provider();
        provider.expect_void().once().returning(|_, _| ProviderAnswer::Done(says(PaymentStatus::Voided)));
        let payments = service(runner.clone(), provider, MockPaymentQueries::new());
        let acted = payments.act(&runner, Some(claim()), void()).await.unwrap();
        assert_eq!((acted.is_finished, acted.payment.status), (true, PaymentStatus::Voided));
    }

    #[tokio::test]
    async fn a_repeated_request_finds_the_payment_as_it_stands_now_r82() {
        let stored =
            Keeping(Asked { payment: payment(PaymentStatus::Pending), refund: None, claimed: None, is_new: true });
        let mut again = Mocks::default();
        let used = KeyState::Used(Fingerprint([7; 32]), crate::Storable::to_stored(&stored));
        again.idempotency.expect_claim().once().return_once(|_, _, _| Ok(used));
        let (runner, _) = Prepared::runner_with_keys([again], MockIdempotencyQueries::new());
        let mut queries = MockPaymentQueries::new();
        queries.expect_get().once().returning(|_, _| Ok(Some(payment(PaymentStatus::Voided))));
        let payments = service(runner.clone(), provider(), queries);
        let acted = payments.act(&runner, Some(claim()), void()).await.unwrap();
        assert_eq!((acted.is_replayed, acted.payment.status), (true, PaymentStatus::Voided));
    }

    #[tokio::test]
    async fn another_open_payment_is_given_up_before_a_new_one_begins_r82() {
        let asked = |amount| BeginPayment {
            order_id: order().id,
            scope: OrderScope::Of(customer()),
            provider: name(),
            method: None,
            return_url: None,
            amount,
            providers: providers(provider()),
            holder: id(HOLDER),
        };
        let open = || payments(vec![payment(PaymentStatus::RequiresAction)]);
        let ordered = |mut tx: Mocks| {
            let balance = Some(open().balance);
            let order = domain::orders::Order { balance, ..order() };
            tx.orders.expect_lock().once().return_once(move |_, _| Ok(Some(order)));
            tx
        };
        // The void is refused in the end: the customer has paid meanwhile. So nothing new begins.
        let captured = locking(payments(vec![payment(PaymentStatus::Captured)]));
        let (runner, log) = Prepared::runner([ordered(locking(open())), captured]);
        let payments = service(runner.clone(), provider(), MockPaymentQueries::new());
        let refused = payments.pay(&runner, None, asked(Some(100))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::PaymentInProgress(id)) if id == payment_id()));
        assert_eq!(*log.lock().unwrap(), ["begin", "rollback", "begin", "rollback"]);
    }

    #[tokio::test]
    async fn due_work_that_fails_does_not_keep_the_rest_from_being_done_r88_r90() {
        let mut queries = MockPaymentQueries::new();
        let due = |n| DueOperation { id: OperationId(id(n)), payment_id: payment_id(), order_id: order().id };
        queries.expect_due_operations().once().returning(move |_, _| Ok(vec![due(1), due(2)]));
        queries.expect_due_notices().once().returning(|_, _| Ok(vec![]));
        let mut broken = Mocks::default();
        broken.payments.expect_lock().once().returning(|_| Err(StoreError::Internal("disk".into())));
        let gone = locking(payments(vec![payment(PaymentStatus::Voided)]));
        let (runner, _) = Prepared::runner([broken, gone]);
        let payments = service(runner, provider(), queries);
        assert_eq!(Box::pin(payments.do_due_work(9)).await.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn four_are_worked_on_at_once_and_those_of_one_order_in_turn_r90() {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let log = Arc::new(Mutex::new(Vec::new()));
        let work = |(order, n): (u64, u64)| {
            let (running, most, log) = (running.clone(), most.clone(), log.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_secs(10 - n)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                log.lock().unwrap().push((order, n));
                1
            }
        };
        let all: Vec<_> = (0..9).map(|n| (if n % 3 == 0 { 0 } else { n }, n)).collect();
        assert_eq!(in_turns(all, |(order, _)| *order, work).await, 9);
        assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
        let of_one: Vec<_> = log.lock().unwrap().iter().filter(|(order, _)| *order == 0).map(|(_, n)| *n).collect();
        assert_eq!(of_one, [0, 3, 6], "in the order in which they came, however long each takes");
    }

    #[tokio::test]
    async fn one_that_breaks_off_does_not_keep_the_others_from_being_done_r90() {
        let work = |n: u64| async move {
            assert_ne!(n, 2, "broken");
            1
        };
        assert_eq!(in_turns(vec![1, 2, 3], |n| *n, work).await, 2);
    }
}
