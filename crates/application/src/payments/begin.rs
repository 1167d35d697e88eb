use async_trait::async_trait;
use domain::orders::{Order, OrderBalance, OrderId, OrderScope};
use domain::payments::{
    BeginRefused, Begun, Capabilities, MethodName, OrderPayments, PaymentKind, PaymentProviders, PaymentRequest,
    ProviderName, ReturnUrl, Unpayable,
};
use domain::{Code, Currency, Invalid, Money, Uuid};

use super::ask::Asked;
use crate::audit_trail::audit;
use crate::order_payments::{change, lock_payments, save};
use crate::{AmountRefused, Command, Conflict, Ctx, Error, Tx};

/// Writes down that somebody pays an order, for the provider to begin it.
#[derive(Clone)]
pub struct BeginPayment {
    /// The order to pay for.
    pub order_id: OrderId,
    /// The orders that the caller may see.
    pub scope: OrderScope,
    /// Who is to move the money.
    pub provider: ProviderName,
    /// The way to pay that the customer chose.
    pub method: Option<MethodName>,
    /// Where the customer's browser returns to.
    pub return_url: Option<ReturnUrl>,
    /// How much, in minor units; `None` for all that is due.
    pub amount: Option<i64>,
    /// The providers that the shop uses, by their names.
    pub providers: PaymentProviders,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for BeginPayment {
    type Output = Asked;
    const NAME: &'static str = "payments.begin";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Asked, Error> {
        let (kind, capabilities) = self.chosen(ctx.shop.currency)?;
        let order = tx.orders().lock(self.order_id, self.scope).await?.ok_or(Error::NotFound("order"))?;
        let before = payments_of(tx, ctx, &order).await?;
        let request = self.request(kind, capabilities, &order);
        let (updated, begun) = change(ctx, &before, |update| update.pay(&request));
        let (payment_id, operation) = match begun.map_err(|refused| refuse(refused, order.total.currency))? {
            Begun::New(payment_id, operation) => (payment_id, Some(operation)),
            Begun::Open(payment_id) => (payment_id, None),
        };
        if operation.is_some() && order.balance.is_none() {
            tx.payments().open(&before.balance).await?;
        }
        save(tx, ctx, &updated).await?;
        if operation.is_some() {
            audit(tx, ctx, Self::NAME, None, updated.payments.payment(payment_id)).await?;
        }
        Asked::of(tx, &updated.payments, (payment_id, None), operation, self.holder).await
    }
}

impl BeginPayment {
    /// What the chosen provider is and can do.
    fn chosen(&self, currency: Currency) -> Result<(PaymentKind, Capabilities), Error> {
        let able = |name: &ProviderName| {
            let provider = self.providers.get(name)?;
            Some((provider.method().kind, provider.capabilities(currency)?))
        };
        able(&self.provider).ok_or_else(|| {
            let names = self.providers.all().map(|provider| provider.name()).filter(|name| able(name).is_some());
            let names: Vec<_> = names.map(|name| name.to_string()).collect();
            let allowed = if names.is_empty() {
                "cannot be chosen: the shop has no payment provider".to_owned()
            } else {
                format!("must be one of: {}", names.join(", "))
            };
            Error::field("provider", Invalid::new(Code::NotAllowed, allowed))
        })
    }

    fn request(&self, kind: PaymentKind, capabilities: Capabilities, order: &Order) -> PaymentRequest {
        PaymentRequest {
            provider: self.provider.clone(),
            kind,
            capabilities,
            method: self.method.clone(),
            return_url: self.return_url.clone(),
            amount: self.amount,
            currency: order.total.currency,
            status: order.status,
            placed_at: order.placed_at,
            holder: self.holder,
        }
    }
}

/// The payments of a locked order. One without a balance owes its total, and nothing waits for it.
async fn payments_of(tx: &mut dyn Tx, ctx: &Ctx<'_>, order: &Order) -> Result<OrderPayments, Error> {
    match order.balance {
        Some(_) => lock_payments(tx, order.id).await,
        None => Ok(OrderPayments::new(OrderBalance::free(order, ctx.now))),
    }
}

fn refuse(refused: BeginRefused, currency: Currency) -> Error {
    let money = |amount| Money { amount, currency };
    match refused {
        BeginRefused::Unpayable(refused) => unpayable(refused, money),
        BeginRefused::InProgress(id) => Conflict::PaymentInProgress(id).into(),
        BeginRefused::AboveDue { due } => {
            Error::field("amount", Invalid::new(Code::TooLarge, format!("must be at most {due}, which is due")))
        }
    }
}

fn unpayable(refused: Unpayable, money: impl Fn(i64) -> Money) -> Error {
    match refused {
        Unpayable::Cancelled => Conflict::OrderCancelled.into(),
        Unpayable::Expired => Conflict::OrderExpired.into(),
        Unpayable::NothingDue => Conflict::NothingDue.into(),
        Unpayable::BelowMinimum { min } => Error::Amount(AmountRefused::BelowMinimum(money(min))),
        Unpayable::AboveMaximum { max } => Error::Amount(AmountRefused::AboveMaximum(money(max))),
        Unpayable::NotChargeable { step } => Error::Amount(AmountRefused::NotMultipleOf(money(step))),
    }
}

#[cfg(test)]
mod tests {
    use domain::orders::{OrderStatus, PaymentTerms};
    use domain::payments::{OperationKind, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, customer, id, order, run};

    fn begin() -> BeginPayment {
        BeginPayment {
            order_id: order().id,
            scope: OrderScope::Of(customer()),
            provider: name(),
            method: None,
            return_url: None,
            amount: None,
            providers: providers(provider()),
            holder: id(HOLDER),
        }
    }

    /// Locks the order with what it owes, and then its payments.
    fn ordered(mut tx: Mocks, balance: Option<OrderBalance>) -> Mocks {
        let order = Order { balance, ..order() };
        tx.orders
            .expect_lock()
            .once()
            .withf(|_, scope| *scope == OrderScope::Of(customer()))
            .return_once(move |_, _| Ok(Some(order)));
        tx
    }

    #[tokio::test]
    async fn a_payment_is_written_down_for_this_server_to_begin_it_r82_r90() {
        let before = payments(vec![]);
        let balance = Some(before.balance.clone());
        let tx = saving(before, |changes| {
            let [begin] = &changes.operations.added[..] else { return false };
            changes.payments.added[0].amount == TOTAL && begin.kind == OperationKind::Begin && begin.attempts == 1
        });
        let asked = run(&begin(), &mut ordered(tx, balance)).await.unwrap();
        let claimed = asked.claimed.unwrap();
        assert_eq!(claimed.begins.unwrap().order_label, order().id.to_string());
        assert_eq!((asked.is_new, asked.payment.status), (true, PaymentStatus::Pending));
    }

    #[tokio::test]
    async fn an_order_that_nothing_waits_for_gets_a_balance_with_its_first_payment_r80() {
        let mut tx = Mocks::default();
        let opens = |balance: &OrderBalance| balance.terms == PaymentTerms::None && balance.total == TOTAL;
        tx.payments.expect_open().once().withf(opens).returning(|_| Ok(()));
        tx.payments.expect_save().once().returning(|_| Ok(()));
        tx.payments.expect_order_label().once().returning(|id| Ok(id.to_string()));
        tx.outbox.expect_append().returning(|_, _, _| Ok(()));
        assert!(run(&begin(), &mut ordered(tx, None)).await.unwrap().claimed.is_some());
    }

    #[tokio::test]
    async fn the_same_open_payment_is_found_and_nothing_is_written_r82() {
        let before = payments(vec![payment(PaymentStatus::RequiresAction)]);
        let balance = Some(before.balance.clone());
        let asked = run(&begin(), &mut ordered(locking(before), balance)).await.unwrap();
        assert_eq!((asked.is_new, asked.claimed, asked.payment.id), (false, None, payment_id()));
    }

    #[tokio::test]
    async fn nothing_is_written_for_a_cancelled_order_or_an_unknown_provider_r82() {
        let mut tx = Mocks::default();
        let cancelled = Order { status: OrderStatus::Cancelled, ..order() };
        tx.orders.expect_lock().once().return_once(move |_, _| Ok(Some(cancelled)));
        let refused = run(&begin(), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::OrderCancelled)));
        let unknown = BeginPayment { provider: ProviderName::parse("paypal").unwrap(), ..begin() };
        let Error::Invalid(fields) = run(&unknown, &mut Mocks::default()).await.unwrap_err() else { panic!("valid") };
        assert_eq!(fields[0].field, "provider");
        assert!(fields[0].invalid.message.contains("test"), "{}", fields[0].invalid);
    }
}
