//! Payments against expiry: real use cases and adapters, a clock that a test moves, and a bank that a test turns.
//!
//! Whoever takes part stops before each transaction and around each call of the bank. Dice say who goes on, so that every
//! run has the same interleavings, however fast the machine is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::payments::{BeginPayment, Payments, PaymentsParts};
use application::{Attempt, Clock, Error, OpenTx, Runner, RunnerPolicy, Transactions, Work};
use async_trait::async_trait;
use domain::orders::{Order, OrderBalance, OrderPaymentStatus, OrderScope, OrderStatus};
use domain::payments::{
    BadNotice, Capabilities, Headers, NewPayment, NextAction, Notice, OperationKey, Payment, PaymentId, PaymentKind,
    PaymentMethod, PaymentProvider, PaymentProviders, PaymentStatus, ProviderAnswer, ProviderError, ProviderName,
    Reference, Settings, Snapshot,
};
use domain::{Currency, Money, StoreError, UtcDateTime};
use futures_util::future::{BoxFuture, join_all};
use infrastructure::system::V7Ids;
use tokio::sync::oneshot;

use crate::payments::{name, reference};
use crate::support::{NOW, TestDb, id, order, shop};

on_every_database!(payments_as_the_time_runs_out_are_never_cancelled_and_paid_r91_r92);

/// Orders that race at once, so many times.
const ORDERS: usize = 25;
/// How long an order waits, and for how long payments can make it wait.
const HOLD: Duration = Duration::from_mins(1);
const MAX_HOLD: Duration = Duration::from_mins(2);

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Lets one of those who take part go on at a time.
#[derive(Clone)]
struct Turns(Arc<Mutex<Game>>);

struct Game {
    dice: Dice,
    waiting: Vec<oneshot::Sender<()>>,
    running: usize,
    is_over: bool,
}

impl Turns {
    fn new(seed: u64, players: usize) -> Self {
        let game = Game { dice: Dice(seed), waiting: Vec::new(), running: players, is_over: false };
        Self(Arc::new(Mutex::new(game)))
    }

    /// Waits until it is one's turn.
    async fn take(&self) {
        let turn = {
            let mut game = self.0.lock().unwrap();
            if game.is_over {
                return;
            }
            let (go, turn) = oneshot::channel();
            game.waiting.push(go);
            game.leave();
            turn
        };
        turn.await.unwrap();
    }

    /// Plays to the end.
    async fn play(&self, player: impl Future<Output = ()>) {
        self.take().await;
        player.await;
        self.0.lock().unwrap().leave();
    }

    /// Nobody waits for a turn any more.
    fn end(&self) {
        self.0.lock().unwrap().is_over = true;
    }
}

impl Game {
    /// Somebody stops. If nobody else runs, one of those who wait goes on.
    fn leave(&mut self) {
        self.running -= 1;
        if self.running == 0 && !self.waiting.is_empty() {
            let next = self.dice.roll(self.waiting.len());
            self.running = 1;
            self.waiting.swap_remove(next).send(()).unwrap();
        }
    }
}

/// Transactions, each of which begins when it is its turn.
struct InTurns {
    transactions: Arc<dyn Transactions>,
    turns: Turns,
}

#[async_trait]
impl Transactions for InTurns {
    async fn begin(&self, attempt: Attempt) -> Result<Box<dyn OpenTx>, StoreError> {
        self.turns.take().await;
        self.transactions.begin(attempt).await
    }

    fn spawn(&self, work: Work) {
        self.transactions.spawn(work);
    }
}

/// The time that a test sets, in seconds after all orders were placed.
#[derive(Clone, Default)]
struct Time(Arc<AtomicI64>);

impl Time {
    fn pass(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_secs()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Time {
    fn now(&self) -> UtcDateTime {
        NOW + Duration::from_secs(self.0.load(Ordering::SeqCst).try_into().unwrap())
    }
}

/// What a bank knows of a payment.
#[derive(Clone)]
struct Account {
    new: NewPayment,
    status: PaymentStatus,
}

/// What happened at the bank.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    paid: usize,
    /// Customers came too late: the payment was void.
    too_late: usize,
    /// The shop came too late: the payment was paid.
    not_voided: usize,
    lost_answers: usize,
}

/// A provider with books, which does what it is asked and loses some of its answers.
struct Bank {
    turns: Turns,
    books: Mutex<(BTreeMap<Reference, Account>, Seen, Dice)>,
}

impl Bank {
    /// The customer pays, if the payment is open.
    fn pay(&self, payment: &Reference) -> bool {
        let (accounts, seen, _) = &mut *self.books.lock().unwrap();
        let account = accounts.get_mut(payment).unwrap();
        let is_open = account.status == PaymentStatus::RequiresAction;
        if is_open {
            account.status = PaymentStatus::Captured;
            seen.paid += 1;
        } else {
            assert_eq!(account.status, PaymentStatus::Voided);
            seen.too_late += 1;
        }
        is_open
    }

    fn seen(&self) -> Seen {
        self.books.lock().unwrap().1
    }

    /// What customers have paid for an order.
    fn taken_for(&self, order: &Order) -> i64 {
        let books = self.books.lock().unwrap();
        let own = books.0.values().filter(|account| account.new.order_id == order.id);
        own.filter(|account| account.status == PaymentStatus::Captured).map(|account| account.new.amount.amount).sum()
    }

    /// Its answer, which gets lost in one of eight cases.
    async fn answer(&self, said: ProviderAnswer<Snapshot>) -> ProviderAnswer<Snapshot> {
        self.turns.take().await;
        let (_, seen, dice) = &mut *self.books.lock().unwrap();
        if dice.roll(8) > 0 {
            return said;
        }
        seen.lost_answers += 1;
        let error = ProviderError::new("timeout", "No answer.");
        ProviderAnswer::Unknown { retry_after: None, is_kept: false, error }
    }

    fn says(&self, payment: &Reference) -> ProviderAnswer<Snapshot> {
        match self.books.lock().unwrap().0.get(payment) {
            Some(account) => ProviderAnswer::Done(account.says(payment)),
            None => refused("resource_missing"),
        }
    }
}

fn refused<T>(code: &str) -> ProviderAnswer<T> {
    ProviderAnswer::Refused { error: ProviderError::new(code, "No."), is_retryable: false }
}

impl Account {
    fn says(&self, reference: &Reference) -> Snapshot {
        let NewPayment { payment_id, order_id, amount, .. } = &self.new;
        let taken = if self.status == PaymentStatus::Captured { amount.amount } else { 0 };
        Snapshot {
            reference: reference.clone(),
            order_id: Some(*order_id),
            payment_id: Some(*payment_id),
            status: self.status,
            currency: amount.currency,
            amount: amount.amount,
            authorised: taken,
            captured: taken,
            refunds: Vec::new(),
            disputes: Vec::new(),
            authorised_until: None,
            method_label: None,
            next_action: NextAction::None,
            error: None,
        }
    }
}

#[async_trait]
impl PaymentProvider for Bank {
    fn name(&self) -> ProviderName {
        name("bank")
    }

    fn method(&self) -> PaymentMethod {
        PaymentMethod { name: "Bank".to_owned(), kind: PaymentKind::Card, publishable_key: None }
    }

    fn capabilities(&self, _: Currency) -> Option<Capabilities> {
        Some(Capabilities {
            manual_capture: false,
            partial_capture: false,
            multi_capture: false,
            partial_refund: true,
            min: 1,
            max: 1_000_000,
            step: 1,
            hold: HOLD,
            key_lifetime: Duration::from_hours(20),
        })
    }

    async fn begin(&self, _: &OperationKey, new: &NewPayment) -> ProviderAnswer<Snapshot> {
        self.turns.take().await;
        let called = called(new.payment_id);
        let account = Account { new: new.clone(), status: PaymentStatus::RequiresAction };
        self.books.lock().unwrap().0.entry(called.clone()).or_insert(account);
        self.answer(self.says(&called)).await
    }

    async fn capture(&self, _: &OperationKey, _: &Reference, _: Money) -> ProviderAnswer<Snapshot> {
        panic!("nobody captures");
    }

    async fn void(&self, _: &OperationKey, payment: &Reference) -> ProviderAnswer<Snapshot> {
        self.turns.take().await;
        let is_paid = {
            let (accounts, seen, _) = &mut *self.books.lock().unwrap();
            let account = accounts.get_mut(payment).unwrap();
            let is_paid = account.status == PaymentStatus::Captured;
            if is_paid {
                seen.not_voided += 1;
            } else {
                account.status = PaymentStatus::Voided;
            }
            is_paid
        };
        let said = if is_paid { refused("already_paid") } else { self.says(payment) };
        self.answer(said).await
    }

    async fn refund(&self, _: &OperationKey, _: &Reference, _: Money) -> ProviderAnswer<Snapshot> {
        panic!("what is paid in time does not go back");
    }

    async fn fetch(&self, payment: &Reference) -> ProviderAnswer<Snapshot> {
        self.turns.take().await;
        self.answer(self.says(payment)).await
    }

    async fn find(&self, payment: &PaymentId, _: UtcDateTime, _: UtcDateTime) -> ProviderAnswer<Option<Snapshot>> {
        match self.says(&called(*payment)) {
            ProviderAnswer::Done(said) => ProviderAnswer::Done(Some(said)),
            _ => ProviderAnswer::Done(None),
        }
    }

    async fn missed(&self, _: UtcDateTime) -> ProviderAnswer<Vec<Notice>> {
        ProviderAnswer::Done(Vec::new())
    }

    fn read_notice(&self, _: &Headers, _: &[u8], _: UtcDateTime) -> Result<Notice, BadNotice> {
        Err(BadNotice("it sends none"))
    }
}

/// How the bank calls a payment.
fn called(payment: PaymentId) -> Reference {
    reference(&format!("b_{payment}"))
}

/// A server of the shop.
fn server(db: &TestDb, turns: &Turns, time: &Time, bank: &Arc<Bank>) -> Payments {
    let transactions = Arc::new(InTurns { transactions: db.database.transactions(), turns: turns.clone() });
    let settings = Arc::new(Settings {
        is_required: true,
        hold: HOLD,
        max_hold: MAX_HOLD,
        max_unpaid: 0,
        inline_timeout: Duration::from_hours(1),
        ..Settings::default()
    });
    // Whoever waits for a turn waits for as long as it takes.
    let policy = RunnerPolicy { deadline: Duration::from_hours(1), ..RunnerPolicy::default() };
    let (clock, keys) = (Arc::new(time.clone()), db.database.queries().idempotency);
    let runner = Runner::new(transactions, keys, clock.clone(), Arc::new(V7Ids), shop(), policy);
    Payments::new(PaymentsParts {
        runner: runner.paid_by(settings.clone()),
        queries: db.database.queries().payments,
        providers: PaymentProviders::new([bank.clone() as Arc<dyn PaymentProvider>]),
        clock,
        settings,
        holder: id(),
    })
}

/// A customer who thinks, begins to pay, thinks and pays, if it can. Some come back to the shop, and some do not.
async fn buy(order: Order, payments: Payments, bank: Arc<Bank>, turns: Turns, mut dice: Dice) {
    for _ in 0..dice.roll(12) {
        turns.take().await;
    }
    let begin = BeginPayment {
        order_id: order.id,
        scope: OrderScope::Of(order.customer_id),
        provider: bank.name(),
        method: None,
        return_url: None,
        amount: None,
        providers: payments.providers().clone(),
        holder: payments.holder(),
    };
    let payment: Payment = match payments.pay(payments.runner(), None, begin).await {
        Ok(acted) if acted.payment.reference.is_some() => acted.payment,
        // It never heard where to pay, or its order was cancelled meanwhile.
        Ok(_) | Err(Error::Conflict(_)) => return,
        Err(error) => panic!("{error:?}"),
    };
    for _ in 0..dice.roll(60) {
        turns.take().await;
    }
    if bank.pay(payment.reference.as_ref().unwrap()) && dice.roll(2) == 0 {
        payments.sync(&payment).await.unwrap();
    }
}

/// A server that looks again and again for orders that were not paid in time.
async fn expire(payments: Payments, turns: Turns) {
    for _ in 0..6 {
        payments.expire_orders(None).await.unwrap();
        for _ in 0..3 {
            turns.take().await;
        }
    }
}

/// Orders whose time to pay runs out while their customers pay. Returns what the bank has seen, and how many live.
async fn race(db: &TestDb, seed: u64) -> (Seen, usize) {
    let customer = db.add_customer(&format!("ann{seed}@example.com")).await;
    let product = db.add_product(&format!("Teapot {seed}"), 0).await;
    let (time, turns) = (Time::default(), Turns::new(seed, ORDERS + 3));
    let bank =
        Arc::new(Bank { turns: turns.clone(), books: Mutex::new((BTreeMap::new(), Seen::default(), Dice(seed))) });
    let servers = [server(db, &turns, &time, &bank), server(db, &turns, &time, &bank)];
    let orders: Vec<_> = (0..ORDERS).map(|_| prepaid(&order(customer.id, &[&product], NOW))).collect();
    let mut tx = db.begin().await;
    for order in &orders {
        tx.orders().insert(order).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut players: Vec<BoxFuture<'static, ()>> = Vec::new();
    for (n, order) in orders.iter().enumerate() {
        let dice = Dice(seed * 1000 + u64::try_from(n).unwrap());
        players.push(Box::pin(buy(order.clone(), servers[n % 2].clone(), bank.clone(), turns.clone(), dice)));
    }
    for server in &servers {
        players.push(Box::pin(expire(server.clone(), turns.clone())));
    }
    players.push(Box::pin({
        let (time, turns) = (time.clone(), turns.clone());
        async move {
            for _ in 0..20 {
                turns.take().await;
                time.pass(Duration::from_secs(10));
            }
        }
    }));
    join_all(players.into_iter().map(|player| turns.play(player))).await;

    // What is left comes to its end.
    turns.end();
    let awaited = "SELECT COUNT(*) FROM order_balances WHERE pay_by IS NOT NULL";
    let pending = "SELECT COUNT(*) FROM payment_operations WHERE status = 'pending'";
    let mut rounds = 0;
    while db.number(awaited).await + db.number(pending).await > 0 {
        rounds += 1;
        assert!(rounds < 100, "seed {seed} comes to no end");
        time.pass(Duration::from_mins(5));
        for server in &servers {
            server.do_due_work(100).await.unwrap();
            server.expire_orders(None).await.unwrap();
        }
    }
    let mut alive = 0;
    for order in &orders {
        let now = db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap().unwrap();
        let (balance, taken) = (now.balance.unwrap(), bank.taken_for(order));
        if now.status == OrderStatus::Cancelled {
            assert_eq!((taken, balance.captured), (0, 0), "seed {seed}, order {}", order.id);
        } else {
            let expected = (order.total.amount, order.total.amount, OrderPaymentStatus::Paid);
            assert_eq!((taken, balance.captured, balance.status), expected, "seed {seed}, order {}", order.id);
            alive += 1;
        }
    }
    let on_hand = format!(
        "SELECT on_hand FROM stock WHERE product_id = (SELECT id FROM products WHERE name = '{}')",
        product.name
    );
    assert_eq!(
        db.number(&on_hand).await,
        i64::try_from(ORDERS - alive).unwrap(),
        "what is cancelled gives its stock back"
    );
    (bank.seen(), alive)
}

fn prepaid(order: &Order) -> Order {
    let settings = Settings { hold: HOLD, ..Settings::default() };
    Order { balance: Some(OrderBalance::prepaid(order, &settings)), ..order.clone() }
}

async fn payments_as_the_time_runs_out_are_never_cancelled_and_paid_r91_r92(db: TestDb) {
    // A thousand orders; on the servers, whose commits cost more, a few of the same.
    let races = if db.is_sqlite() { 40 } else { 6 };
    let (mut all, mut alive) = (Seen::default(), 0);
    for seed in 0..races {
        let (Seen { paid, too_late, not_voided, lost_answers }, lives) = race(&db, seed).await;
        all = Seen {
            paid: all.paid + paid,
            too_late: all.too_late + too_late,
            not_voided: all.not_voided + not_voided,
            lost_answers: all.lost_answers + lost_answers,
        };
        alive += lives;
    }
    let orders = usize::try_from(races).unwrap() * ORDERS;
    // Otherwise this would prove nothing.
    assert_eq!(alive, all.paid);
    assert!(alive > orders / 10 && alive < orders * 9 / 10, "{alive} of {orders} live");
    let rare = [all.too_late, all.not_voided, all.lost_answers];
    assert!(rare.iter().all(|count| *count > orders / 100), "{all:?}");
}
