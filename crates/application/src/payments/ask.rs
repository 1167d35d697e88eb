use domain::Uuid;
use domain::payments::{
    Approach, NewPayment, NextAction, OperationId, OperationKind, OrderPayments, Payment, PaymentId, PaymentOperation,
    PaymentProviders, Refund, RefundId,
};

use crate::{Error, Storable, StoredResponse, Tx};

/// An operation that this server holds, with all that the provider has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// What the provider is to do, and under which key.
    pub operation: PaymentOperation,
    /// Its payment, before the provider is asked.
    pub payment: Payment,
    /// What is to be begun, if the operation begins a payment.
    pub begins: Option<NewPayment>,
    /// Whether the provider is called, or asked first whether it has done it.
    pub approach: Approach,
}

/// What a command has written down for a provider to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The payment as it is after the command.
    pub payment: Payment,
    /// The refund, if money goes back.
    pub refund: Option<Refund>,
    /// The operation that this server is to carry out now; `None` if there is none, or it has to wait.
    pub claimed: Option<Claimed>,
    /// Whether something new was written. If not, what was asked for is there already.
    pub is_new: bool,
}

/// The result of a request that reaches a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// The payment, as it stands now.
    pub payment: Payment,
    /// The refund, as it stands now, if money goes back.
    pub refund: Option<Refund>,
    /// What the customer has to do. It may hold a secret.
    pub next_action: NextAction,
    /// Whether the provider has answered. If not, the shop goes on asking.
    pub is_finished: bool,
    /// Whether something new was written.
    pub is_new: bool,
    /// Whether the request was a repeated one.
    pub is_replayed: bool,
}

impl Claimed {
    /// The operation `id`, if this server holds it.
    pub(super) async fn of(
        tx: &mut dyn Tx,
        payments: &OrderPayments,
        id: OperationId,
        holder: Uuid,
        approach: Approach,
    ) -> Result<Option<Self>, Error> {
        let found = payments.operations.iter().find(|operation| operation.id == id);
        let held = found.filter(|operation| operation.lease.is_some_and(|lease| lease.holder == holder));
        let Some(operation) = held.cloned() else { return Ok(None) };
        let Some(payment) = payments.payment(operation.payment_id).cloned() else { return Ok(None) };
        let begins = match operation.kind {
            OperationKind::Begin => Some(NewPayment {
                payment_id: payment.id,
                order_id: payment.order_id,
                order_label: tx.payments().order_label(payment.order_id).await?,
                amount: payment.money(payment.amount),
                capture: payment.capture,
                method: payment.method.clone(),
                return_url: payment.return_url.clone(),
            }),
            _ => None,
        };
        Ok(Some(Self { operation, payment, begins, approach }))
    }
}

impl Asked {
    /// What was written about a payment, with the operation that the provider is to carry out.
    pub(super) async fn of(
        tx: &mut dyn Tx,
        payments: &OrderPayments,
        (payment_id, refund_id): (PaymentId, Option<RefundId>),
        operation: Option<OperationId>,
        holder: Uuid,
    ) -> Result<Self, Error> {
        let payment = payments.payment(payment_id).cloned().ok_or(Error::NotFound("payment"))?;
        let refund = refund_id.and_then(|id| payments.refund(id)).cloned();
        let claimed = match operation {
            Some(id) => Claimed::of(tx, payments, id, holder, Approach::Call).await?,
            None => None,
        };
        Ok(Self { payment, refund, is_new: operation.is_some(), claimed })
    }
}

/// What is kept with an idempotency key: which payment and refund it was. Not their state, which goes on, and no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    pub payment_id: PaymentId,
    pub refund_id: Option<RefundId>,
}

impl Kept {
    /// Reads what was kept.
    pub(super) fn read(stored: &StoredResponse) -> Result<Self, Error> {
        let corrupt = || Error::Internal("a kept payment cannot be read".into());
        let text = std::str::from_utf8(&stored.content).map_err(|_| corrupt())?;
        let mut ids = text.split(' ').map(Uuid::try_parse);
        let payment_id = ids.next().and_then(Result::ok).map(PaymentId).ok_or_else(corrupt)?;
        let refund_id = ids.next().transpose().map_err(|_| corrupt())?.map(RefundId);
        Ok(Self { payment_id, refund_id })
    }
}

/// What was asked, of which only the ids are kept.
#[derive(Debug, Clone)]
pub(super) struct Keeping(pub Asked);

impl Storable for Keeping {
    fn to_stored(&self) -> StoredResponse {
        let payment = self.0.payment.id.to_string();
        let ids = self.0.refund.as_ref().map_or(payment.clone(), |refund| format!("{payment} {}", refund.id));
        StoredResponse { content: ids.into_bytes(), personal_to: None }
    }
}

/// What a provider can do with the payments of a shop.
pub(super) fn capabilities(providers: &PaymentProviders, payment: &Payment) -> Option<domain::payments::Capabilities> {
    providers.get(&payment.provider).and_then(|provider| provider.capabilities(payment.currency))
}
