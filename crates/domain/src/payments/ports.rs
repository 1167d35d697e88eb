use async_trait::async_trait;

use super::{
    BadNotice, Capabilities, EventId, Headers, LedgerAccount, NewPayment, Notice, NoticeStatus, OperationId,
    OperationKey, OrderPayments, Payment, PaymentChanges, PaymentId, PaymentMethod, PaymentNotice, PaymentOperation,
    PaymentStatus, ProviderAnswer, ProviderName, Receipt, Reference, Refund, RefundId, Snapshot, Transfer,
};
use crate::customers::CustomerId;
use crate::orders::{OrderBalance, OrderId, OrderScope};
use crate::{Currency, Money, Page, PageRequest, StoreError, UtcDateTime};

/// Somebody who moves money. Each call takes at most ten seconds; no transaction is open while it runs.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Its name, which is stored with each of its payments.
    fn name(&self) -> ProviderName;

    /// What it offers to customers.
    fn method(&self) -> PaymentMethod;

    /// What it can do with a currency; `None` if nothing.
    fn capabilities(&self, currency: Currency) -> Option<Capabilities>;

    /// Begins a payment at the provider. The same key again is the same payment.
    async fn begin(&self, key: &OperationKey, new: &NewPayment) -> ProviderAnswer<Snapshot>;

    /// Takes money that is held.
    async fn capture(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot>;

    /// Gives a payment up of which nothing was taken.
    async fn void(&self, key: &OperationKey, reference: &Reference) -> ProviderAnswer<Snapshot>;

    /// Gives money back. The refund names the operation of `key`, so that it is found again.
    async fn refund(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot>;

    /// What it says of a payment now, with all its refunds and disputes. It need not be of this shop.
    async fn fetch(&self, reference: &Reference) -> ProviderAnswer<Snapshot>;

    /// A payment by the id that it was given, if it was begun between these times: for a `begin` without an answer. `None`
    /// proves that it has no such payment.
    async fn find(
        &self,
        payment: &PaymentId,
        since: UtcDateTime,
        until: UtcDateTime,
    ) -> ProviderAnswer<Option<Snapshot>>;

    /// The notices since then that did not reach the shop.
    async fn missed(&self, since: UtcDateTime) -> ProviderAnswer<Vec<Notice>>;

    /// Reads a notice from the raw bytes of a request, after it has checked their signature.
    ///
    /// # Errors
    /// If it is not from this provider, is too old, or cannot be read.
    fn read_notice(&self, headers: &Headers, raw: &[u8], now: UtcDateTime) -> Result<Notice, BadNotice>;
}

/// What a payment is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentKey {
    /// Its own id.
    Payment(PaymentId),
    /// The id of one of its operations.
    Operation(OperationId),
    /// The id of one of its refunds.
    Refund(RefundId),
    /// How its provider calls it.
    Reference(ProviderName, Reference),
}

/// A payment and its order, which never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentOfOrder {
    /// The order that the payment is of.
    pub order_id: OrderId,
    /// The payment that was sought.
    pub payment_id: PaymentId,
}

/// Payments within a transaction.
///
/// Whoever changes the payments of an order locks its balance first, so that all that is done to the money of one order
/// is done in turn. A transaction that also locks the order locks that before the balance; promotions and stock come
/// after it.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PaymentRepository: Send {
    /// Inserts the balance of an order that has none, and says so in the order, which is locked.
    async fn open(&mut self, balance: &OrderBalance) -> Result<(), StoreError>;

    /// The balance of an order, locked until the transaction ends, with its payments and all that belongs to them; `None`
    /// if it has no balance.
    async fn lock(&mut self, order_id: OrderId) -> Result<Option<OrderPayments>, StoreError>;

    /// Writes what has changed about the payments of a locked balance.
    ///
    /// # Errors
    /// `Duplicate` with [`Payment::UNIQUE_REFERENCE`] if another payment of the provider has the reference. `Raced` if a
    /// payment, refund, dispute or transfer would break another unique key: one open payment of an order,
    /// `(payment, reference)` of refunds and disputes, `(cause, cause_id, part)` of transfers.
    async fn save(&mut self, changes: &PaymentChanges) -> Result<(), StoreError>;

    /// The payment with this key, if its order is within `scope`. Nothing is locked.
    async fn find(&mut self, key: &PaymentKey, scope: OrderScope) -> Result<Option<PaymentOfOrder>, StoreError>;

    /// How people call an order: its number, or its id if it has none.
    async fn order_label(&mut self, order_id: OrderId) -> Result<String, StoreError>;

    /// How many orders of a customer await their payment, as [`OrderBalance::awaits_payment`] says. The customer is locked, so
    /// that of two orders at once the second counts the first.
    async fn unpaid_orders(&mut self, customer_id: CustomerId) -> Result<u64, StoreError>;

    /// Writes money down that the staff have found. The balance of its order is locked.
    ///
    /// # Errors
    /// `Duplicate` with [`Receipt::REFERENCE`] if the provider has such a reference already.
    async fn add_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError>;

    /// Inserts a notice, unless there is one with the same provider and event. Returns whether it is new.
    async fn add_notice(&mut self, notice: &PaymentNotice) -> Result<bool, StoreError>;

    /// The current notice, locked until the transaction ends. Notices are locked before balances.
    async fn lock_notice(
        &mut self,
        provider: &ProviderName,
        event_id: &EventId,
    ) -> Result<Option<PaymentNotice>, StoreError>;

    /// Writes a locked notice.
    async fn update_notice(&mut self, notice: &PaymentNotice) -> Result<(), StoreError>;

    /// Deletes up to `limit` finished notices that came before `before`. Returns how many.
    async fn purge_notices(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// The filter of a list of payments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// Only payments in this status.
    pub status: Option<PaymentStatus>,
    /// Only payments of this provider.
    pub provider: Option<ProviderName>,
    /// Only payments that their provider calls so.
    pub reference: Option<Reference>,
    /// Only payments created at this time or later.
    pub from: Option<UtcDateTime>,
    /// Only payments created before this time.
    pub to: Option<UtcDateTime>,
    /// Only payments of orders that keep more than they are owed: captured − refunded − refunds under way > total −
    /// cancelled.
    pub unapplied: bool,
    /// Only payments with a finding.
    pub with_finding: bool,
    /// Only payments that people make, with refunds that people have to pay.
    pub refund_to_pay: bool,
}

/// Which transfers of the ledger are listed. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// Only transfers of this order.
    pub order_id: Option<OrderId>,
    /// Only transfers from or to this account.
    pub account: Option<LedgerAccount>,
    /// Only transfers written at this time or later.
    pub from: Option<UtcDateTime>,
    /// Only transfers written before this time.
    pub to: Option<UtcDateTime>,
}

/// What an account of the ledger comes to in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountBalance {
    /// Whose balance it is.
    pub account: LedgerAccount,
    /// The sum of what it got, in minor units.
    pub debit: i64,
    /// The sum of what it gave, in minor units.
    pub credit: i64,
    /// Of both sums. An account has a balance in each currency.
    pub currency: Currency,
}

/// An operation that is due, and where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueOperation {
    /// What is to be done.
    pub id: OperationId,
    /// The payment that it is about.
    pub payment_id: PaymentId,
    /// The order, whose balance is locked to do it.
    pub order_id: OrderId,
}

/// How much of a shop's money waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PaymentCounts {
    /// Orders that wait for their payment.
    pub awaiting_orders: u64,
    /// Payments of which something does not add up.
    pub findings: u64,
    /// Notices of providers that were given up.
    pub failed_notices: u64,
}

/// An order whose time to pay is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overdue {
    /// Until when it was to be paid.
    pub pay_by: UtcDateTime,
    /// The order that was not paid in time.
    pub order_id: OrderId,
}

/// Reads of payments, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PaymentQueries: Send + Sync {
    /// The payment with this id, if its order is within `scope`.
    async fn get(&self, id: PaymentId, scope: OrderScope) -> Result<Option<Payment>, StoreError>;

    /// All payments of an order within `scope`, newest first; none if there is no such order.
    async fn of_order(&self, order_id: OrderId, scope: OrderScope) -> Result<Vec<Payment>, StoreError>;

    /// A page of payments, newest first.
    async fn list(&self, filter: &PaymentFilter, page: &PageRequest) -> Result<Page<Payment>, StoreError>;

    /// The refund with this id, if its order is within `scope`.
    async fn refund(&self, id: RefundId, scope: OrderScope) -> Result<Option<Refund>, StoreError>;

    /// All refunds of an order within `scope`, newest first; none if there is no such order.
    async fn refunds(&self, order_id: OrderId, scope: OrderScope) -> Result<Vec<Refund>, StoreError>;

    /// All refunds of a payment, in order of id.
    async fn refunds_of(&self, payment_id: PaymentId) -> Result<Vec<Refund>, StoreError>;

    /// All operations of a payment, in order of id.
    async fn operations(&self, payment_id: PaymentId) -> Result<Vec<PaymentOperation>, StoreError>;

    /// A page of the ledger, in order of id: oldest first.
    async fn ledger(&self, filter: &LedgerFilter, page: &PageRequest) -> Result<Page<Transfer>, StoreError>;

    /// The balance of each account that has a transfer, by name. The account of the filter is ignored.
    async fn ledger_balances(&self, filter: &LedgerFilter) -> Result<Vec<AccountBalance>, StoreError>;

    /// Up to `limit` operations that are pending, whose `next_at` is not after `now`, and that nobody holds at `now`, in
    /// order of `next_at`.
    async fn due_operations(&self, now: UtcDateTime, limit: u64) -> Result<Vec<DueOperation>, StoreError>;

    /// Up to `limit` notices that are new and whose `next_at` is not after `now`, in order of `next_at`.
    async fn due_notices(&self, now: UtcDateTime, limit: u64) -> Result<Vec<PaymentNotice>, StoreError>;

    /// Up to `limit` orders whose `pay_by` is not after `now`, in order of `pay_by` and id. With `after`, only those that
    /// come after it in that order.
    async fn overdue_orders(
        &self,
        now: UtcDateTime,
        after: Option<Overdue>,
        limit: u64,
    ) -> Result<Vec<Overdue>, StoreError>;

    /// Up to `limit` payments that are open, have a reference, and have not changed since `before`, after the payment
    /// `after` in order of id.
    async fn open_payments(
        &self,
        before: UtcDateTime,
        after: Option<PaymentId>,
        limit: u64,
    ) -> Result<Vec<Payment>, StoreError>;

    /// Up to `limit` payments that have a reference, after the payment `after` in order of id.
    async fn begun_payments(&self, after: Option<PaymentId>, limit: u64) -> Result<Vec<Payment>, StoreError>;

    /// What waits for customers and staff. Reads as much of three indexes as it counts, and no other rows.
    async fn counts(&self) -> Result<PaymentCounts, StoreError>;

    /// How many notices have each status.
    async fn notices_by_status(&self) -> Result<Vec<(NoticeStatus, u64)>, StoreError>;
}
