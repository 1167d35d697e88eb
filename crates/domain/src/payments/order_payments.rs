use super::{Dispute, Payment, PaymentId, PaymentOperation, Refund, RefundId, Transfer};
use crate::orders::OrderBalance;

/// The balance of an order with all that belongs to it. Whoever changes any of it holds the lock of the order and its balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPayments {
    /// What the order owes, and what was paid.
    pub balance: OrderBalance,
    /// All payments of the order, in order of id.
    pub payments: Vec<Payment>,
    /// All operations of these payments, in order of id.
    pub operations: Vec<PaymentOperation>,
    /// All refunds of these payments, in order of id.
    pub refunds: Vec<Refund>,
    /// All disputes of these payments, in order of id.
    pub disputes: Vec<Dispute>,
    /// Whether the customer of the order is erased.
    pub is_erased: bool,
}

/// Rows of one table to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// New rows.
    pub added: Vec<T>,
    /// Rows that exist and have changed.
    pub changed: Vec<T>,
}

/// What has changed about the payments of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentChanges {
    /// The balance, if it has changed.
    pub balance: Option<OrderBalance>,
    /// Payments to write. Others stay as they are.
    pub payments: Written<Payment>,
    /// Operations to write. Others stay as they are.
    pub operations: Written<PaymentOperation>,
    /// Refunds to write. Others stay as they are.
    pub refunds: Written<Refund>,
    /// Disputes to write. Others stay as they are.
    pub disputes: Written<Dispute>,
    /// New transfers of the ledger.
    pub transfers: Vec<Transfer>,
}

impl<T: PartialEq + Clone> Written<T> {
    fn between<K: PartialEq>(before: &[T], after: &[T], id: impl Fn(&T) -> K) -> Self {
        let former = |one: &T| before.iter().find(|other| id(other) == id(one));
        let added = after.iter().filter(|one| former(one).is_none()).cloned().collect();
        let changed = after.iter().filter(|one| former(one).is_some_and(|before| before != *one)).cloned().collect();
        Self { added, changed }
    }

    const fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }
}

impl PaymentChanges {
    /// Whether nothing has changed.
    pub const fn is_empty(&self) -> bool {
        self.balance.is_none()
            && self.payments.is_empty()
            && self.operations.is_empty()
            && self.refunds.is_empty()
            && self.disputes.is_empty()
            && self.transfers.is_empty()
    }
}

impl OrderPayments {
    /// The payments of an order that has none yet.
    pub const fn new(balance: OrderBalance) -> Self {
        Self {
            balance,
            payments: Vec::new(),
            operations: Vec::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            is_erased: false,
        }
    }

    /// What differs from `before`, with these transfers.
    pub fn changes_since(&self, before: &Self, transfers: Vec<Transfer>) -> PaymentChanges {
        PaymentChanges {
            balance: (self.balance != before.balance).then(|| self.balance.clone()),
            payments: Written::between(&before.payments, &self.payments, |one| one.id),
            operations: Written::between(&before.operations, &self.operations, |one| one.id),
            refunds: Written::between(&before.refunds, &self.refunds, |one| one.id),
            disputes: Written::between(&before.disputes, &self.disputes, |one| one.id),
            transfers,
        }
    }

    /// What these payments of an order together can still give back, in minor units.
    pub fn refundable(payments: &[Payment]) -> i64 {
        payments.iter().map(Payment::refundable).sum()
    }

    /// The payment with this id; `None` if the order has no such one.
    pub fn payment(&self, id: PaymentId) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id == id)
    }

    /// The refund with this id; `None` if the order has no such one.
    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id)
    }
}
