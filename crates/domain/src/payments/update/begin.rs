use super::PaymentsUpdate;
use crate::orders::{OrderBalance, OrderStatus, PaymentTerms};
use crate::payments::{
    Capabilities, CaptureMode, MethodName, OperationId, OperationKind, Payment, PaymentId, PaymentKind, ProviderName,
    ReturnUrl, Unpayable,
};
use crate::{Currency, Money, UtcDateTime, Uuid};

/// How somebody wants to pay an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRequest {
    /// Who is to move the money.
    pub provider: ProviderName,
    /// What kind of provider it is.
    pub kind: PaymentKind,
    /// What the provider can do with the currency of the order.
    pub capabilities: Capabilities,
    /// The way to pay that the customer chose.
    pub method: Option<MethodName>,
    /// Where the customer's browser returns to.
    pub return_url: Option<ReturnUrl>,
    /// How much; `None` for all that is due.
    pub amount: Option<i64>,
    /// The currency of the order.
    pub currency: Currency,
    /// The status of the order. One that is cancelled cannot be paid.
    pub status: OrderStatus,
    /// When the order was placed.
    pub placed_at: UtcDateTime,
    /// The server that will ask the provider.
    pub holder: Uuid,
}

/// The payment that somebody pays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A new one, which the provider is to begin with this operation.
    New(PaymentId, OperationId),
    /// The same one is open already.
    Open(PaymentId),
}

/// Why an order cannot be paid so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeginRefused {
    /// What is due cannot be paid, or not this part of it.
    Unpayable(Unpayable),
    /// Another payment is open. It has to be given up first.
    InProgress(PaymentId),
    /// More than what is due.
    AboveDue {
        /// What is due, in minor units.
        due: i64,
    },
}

impl From<Unpayable> for BeginRefused {
    fn from(refused: Unpayable) -> Self {
        Self::Unpayable(refused)
    }
}

impl PaymentsUpdate<'_> {
    /// Has somebody pay the order: a payment begins, unless the same one is open.
    ///
    /// # Errors
    /// If the order is cancelled, it is too late, nothing is due, another payment is open, or the amount is not
    /// possible.
    pub fn pay(&mut self, request: &PaymentRequest) -> Result<Begun, BeginRefused> {
        let now = self.act.now;
        let due = self.due();
        self.after.balance.expect_payable(request.status, due, now)?;
        let amount = request.amount.unwrap_or(due);
        if amount > due {
            return Err(BeginRefused::AboveDue { due });
        }
        request.capabilities.accept(amount)?;
        if let Some(open) = self.after.payments.iter().find(|payment| payment.is_open()).cloned() {
            let is_same = open.provider == request.provider && open.amount == amount;
            match () {
                () if is_same && self.voiding(open.id).is_none() => return Ok(Begun::Open(open.id)),
                () if open.is_partly_received() => self.give_up(open.id, None),
                () => return Err(BeginRefused::InProgress(open.id)),
            }
        }
        let payment = self.new_payment(request, amount);
        let (id, hold) = (payment.id, request.capabilities.hold);
        self.after.payments.push(payment);
        if self.after.balance.pay_by.is_some() {
            let longest = request.kind.is_online().then_some(request.placed_at + self.act.settings.max_hold);
            self.after.balance = self.after.balance.held(now + hold, longest);
        }
        Ok(Begun::New(id, self.ask(id, OperationKind::Begin, Some(amount), None, Some(request.holder))))
    }

    fn new_payment(&self, request: &PaymentRequest, amount: i64) -> Payment {
        let capture =
            if request.capabilities.manual_capture { self.act.settings.capture } else { CaptureMode::Automatic };
        let id = PaymentId((self.act.new_id)());
        let provider = (request.provider.clone(), request.kind);
        let amount = Money { amount, currency: request.currency };
        Payment {
            capture,
            method: request.method.clone(),
            return_url: request.return_url.clone(),
            ..Payment::new(id, &self.after.balance, provider, amount, self.act.now)
        }
    }
}

impl Capabilities {
    /// Whether a part of `whole` can be moved. What is left at the end need not be a multiple of the step.
    pub(super) const fn can_part(&self, part: i64, whole: i64) -> bool {
        part == whole || part % self.step == 0
    }

    /// The largest part that can be moved of `whole` without exceeding `part`.
    pub(super) const fn part(&self, part: i64, whole: i64) -> i64 {
        if part >= whole { whole } else { part - part % self.step }
    }
}

impl OrderBalance {
    /// The balance with a new time to pay. Online payments do not move it beyond `longest`, unless it was there before.
    fn held(&self, until: UtcDateTime, longest: Option<UtcDateTime>) -> Self {
        let longest = longest.map(|longest| self.pay_by.map_or(longest, |pay_by| pay_by.max(longest)));
        Self { pay_by: Some(longest.map_or(until, |longest| until.min(longest))), ..self.clone() }
    }

    /// The payment terms, given the payments. While cash is chosen, they are `on_delivery`. Afterwards the order is
    /// `prepaid` again, or has no terms if it had none when it was placed.
    pub(super) fn terms_with(&self, payments: &[Payment], is_required: bool) -> PaymentTerms {
        let is_cash =
            |payment: &Payment| payment.kind == PaymentKind::Cash && (payment.is_open() || payment.captured > 0);
        match self.terms {
            _ if payments.iter().any(is_cash) => PaymentTerms::OnDelivery,
            PaymentTerms::OnDelivery if is_required && self.placed_terms != Some(PaymentTerms::None) => {
                PaymentTerms::Prepaid
            }
            PaymentTerms::OnDelivery => PaymentTerms::None,
            terms => terms,
        }
    }
}
