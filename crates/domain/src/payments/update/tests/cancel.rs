use super::super::testing::*;
use crate::orders::OrderPaymentStatus;
use crate::payments::*;

fn cancel(before: &OrderPayments) -> PaymentsUpdated {
    updated(before, |update| {
        update.cancel();
    })
}

fn asked(after: &OrderPayments) -> Vec<(OperationKind, PaymentId, Option<i64>)> {
    after.operations.iter().map(|one| (one.kind, one.payment_id, one.amount)).collect()
}

#[test]
fn a_cancelled_order_gives_its_money_back_newest_payment_first_r134() {
    let before = order(100, vec![captured(1, 70), captured(2, 30)]);
    let after = cancel(&before).payments;
    let (first, second) = (PaymentId(id(1)), PaymentId(id(2)));
    assert_eq!(asked(&after), [(OperationKind::Refund, second, Some(30)), (OperationKind::Refund, first, Some(70))]);
    assert_eq!((after.balance.payable(), after.balance.due(), after.balance.pay_by), (0, 0, None));
    assert!(after.operations.iter().all(|one| one.lease.is_none()), "the chore asks the providers");
}

#[test]
fn refunded_money_does_not_go_back_twice_r134() {
    let before = order(100, vec![Payment { refunded: 20, refund_pending: 30, ..captured(1, 100) }]);
    assert_eq!(asked(&cancel(&before).payments), [(OperationKind::Refund, PaymentId(id(1)), Some(50))]);
    let disputed = order(100, vec![Payment { disputed: 100, ..captured(1, 100) }]);
    assert_eq!(asked(&cancel(&disputed).payments), []);
}

#[test]
fn an_open_payment_of_a_cancelled_order_is_given_up_r134() {
    let held = Payment { status: PaymentStatus::Authorised, authorised: 100, ..payment(1, 100) };
    let after = cancel(&order(100, vec![held])).payments;
    assert_eq!(asked(&after), [(OperationKind::Void, PaymentId(id(1)), None)]);
    let unpaid = cancel(&order(100, vec![])).payments;
    assert_eq!((unpaid.balance.status, asked(&unpaid)), (OrderPaymentStatus::NotRequired, vec![]));
}

#[test]
fn a_part_of_a_transfer_goes_back_and_the_rest_is_not_awaited_r93_r134() {
    let part = Payment { captured: 20, authorised: 20, ..transfer(1, 100) };
    let after = cancel(&order(100, vec![part])).payments;
    assert_eq!(after.payments[0].status, PaymentStatus::Captured);
    assert_eq!(asked(&after), [(OperationKind::Refund, PaymentId(id(1)), Some(20))]);
}
