//! Problems with payments.

use application::{AmountRefused, Conflict};
use domain::Money;
use domain::payments::{CaptureRefused, ReceiveRefused, VoidRefused};

use super::{Kind, Problem};

impl From<AmountRefused> for Problem {
    fn from(refused: AmountRefused) -> Self {
        match refused {
            AmountRefused::BelowMinimum(min) => Self::new(
                Kind::AMOUNT_BELOW_MINIMUM,
                format!("The provider takes no less than {}. Nothing was changed.", shown(min)),
            ),
            AmountRefused::AboveMaximum(max) => not_chargeable(&format!("no more than {}", shown(max))),
            AmountRefused::NotMultipleOf(step) => not_chargeable(&format!("only multiples of {}", shown(step))),
            AmountRefused::NotAll(all) => not_chargeable(&format!("only the whole amount, {}", shown(all))),
        }
    }
}

fn not_chargeable(takes: &str) -> Problem {
    Problem::new(Kind::AMOUNT_NOT_CHARGEABLE, format!("The provider takes {takes}. Nothing was changed."))
}

/// An amount in minor units, with its currency.
fn shown(money: Money) -> String {
    format!("{} minor units of {}", money.amount, money.currency.code())
}

/// The problem of a conflict about payments.
pub(super) fn of_payment(conflict: &Conflict) -> Problem {
    match conflict {
        Conflict::PaymentRequired { status, due } => Problem::new(
            Kind::PAYMENT_REQUIRED,
            format!("The order has to be paid first. It is {}; {} are due.", status.as_str(), shown(*due)),
        ),
        Conflict::UnpaidOrders(most) => Problem::new(
            Kind::UNPAID_ORDERS,
            format!("Nothing was ordered. A customer may have {most} unpaid orders: pay or cancel one first."),
        ),
        Conflict::OrderCancelled => Problem::new(Kind::ORDER_STEP, "The order is cancelled, so that nobody pays it."),
        Conflict::OrderExpired => {
            Problem::new(Kind::ORDER_EXPIRED, "The time to pay the order is over; it is being cancelled.")
        }
        Conflict::NothingDue => Problem::new(Kind::NOTHING_DUE, "All that the order owes is paid."),
        Conflict::PaymentInProgress(id) => Problem::new(
            Kind::PAYMENT_IN_PROGRESS,
            format!("The payment {id} of this order is open, and cannot be given up for now. Try again in a moment."),
        ),
        Conflict::NotCapturable { refused, currency } => {
            let money = |amount| shown(Money { amount, currency: *currency });
            let detail = match *refused {
                CaptureRefused::Nothing => "Nothing of the payment is held and due.".to_owned(),
                CaptureRefused::AtMost(most) => format!("At most {} are held and due.", money(most)),
                CaptureRefused::OnlyAll(all) => format!("The provider captures all that is held, {}.", money(all)),
                CaptureRefused::NotChargeable { step } => format!("The provider takes multiples of {}.", money(step)),
            };
            Problem::new(Kind::NOT_CAPTURABLE, detail)
        }
        Conflict::NotVoidable(refused) => Problem::new(
            Kind::NOT_VOIDABLE,
            match refused {
                VoidRefused::Captured => "Money of the payment was taken, or is being taken. It can be refunded.",
                VoidRefused::Authorised => {
                    "Money is held for the shop. Only staff with `payments:write` may give it up."
                }
            },
        ),
        Conflict::NotRefundable(each) => {
            let each: Vec<_> = each.iter().map(|(id, money)| format!("{id}: {}", shown(*money))).collect();
            let each = if each.is_empty() { "nothing".to_owned() } else { each.join("; ") };
            Problem::new(Kind::NOT_REFUNDABLE, format!("No payment can give so much back. Refundable: {each}."))
        }
        Conflict::NotReceivable(refused) => Problem::new(
            Kind::NOT_RECEIVABLE,
            match refused {
                ReceiveRefused::Online => "The provider moves this money, and tells the shop by itself.",
                ReceiveRefused::Finished(_) => "The refund is finished already.",
                ReceiveRefused::NotBegun => "The payment is not begun yet. Try again in a moment.",
                ReceiveRefused::ReferenceTaken => "Another refund of the payment has this reference.",
            },
        ),
        Conflict::OperationKnown(status) => Problem::new(
            Kind::OPERATION_KNOWN,
            format!("It is known what became of the operation: it is {}.", status.as_str()),
        ),
        _ => Problem::new(Kind::CONFLICT, "The state of the payment does not allow it."),
    }
}

#[cfg(test)]
mod tests {
    use domain::orders::OrderPaymentStatus;
    use domain::payments::PaymentId;
    use domain::{Currency, Uuid};

    use super::*;

    fn euros(amount: i64) -> Money {
        Money { amount, currency: Currency::parse("EUR").unwrap() }
    }

    #[test]
    fn a_refused_refund_says_what_each_payment_can_give_back_r87() {
        let id = PaymentId(Uuid::from_u128(7));
        let problem = Problem::from(Conflict::NotRefundable(vec![(id, euros(300))]));
        let document = String::from_utf8(problem.document("/", "id")).unwrap();
        assert!(document.contains(&format!("{id}: 300 minor units of EUR")), "{document}");
        assert_eq!(problem.status(), 409);
    }

    #[test]
    fn an_amount_that_a_provider_does_not_take_is_refused_with_what_it_takes_r99() {
        let problem = Problem::from(AmountRefused::BelowMinimum(euros(50)));
        assert_eq!(problem.status(), 422);
        let document = String::from_utf8(problem.document("/", "id")).unwrap();
        assert!(document.contains("no less than 50 minor units of EUR"), "{document}");
    }

    #[test]
    fn an_unpaid_order_says_what_is_due_r80() {
        let problem =
            Problem::from(Conflict::PaymentRequired { status: OrderPaymentStatus::Unpaid, due: euros(11_900) });
        let document = String::from_utf8(problem.document("/", "id")).unwrap();
        assert!(document.contains("unpaid; 11900 minor units of EUR are due"), "{document}");
    }
}
