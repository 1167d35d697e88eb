use super::super::testing::*;
use crate::orders::OrderPaymentStatus;
use crate::payments::*;

fn receive(before: &OrderPayments, amount: i64) -> PaymentsUpdated {
    updated(before, |update| {
        update.receive(PaymentId(id(1)), amount).unwrap();
    })
}

#[test]
fn a_transfer_may_come_in_parts_r93() {
    let before = order(100, vec![transfer(1, 100)]);
    let part = receive(&before, 40).payments;
    let payment = &part.payments[0];
    assert_eq!((payment.status, payment.captured), (PaymentStatus::Processing, 40));
    assert_eq!((part.balance.status, part.balance.pay_by), (OrderPaymentStatus::PartiallyPaid, None));
    let all = receive(&part, 60);
    assert_eq!(all.payments.payments[0].status, PaymentStatus::Captured);
    assert_eq!(all.payments.balance.status, OrderPaymentStatus::Paid);
    assert_eq!(all.changes.transfers.iter().map(|one| (one.amount, one.part)).collect::<Vec<_>>(), [(60, 100)]);
}

#[test]
fn more_than_was_owed_is_kept_for_an_administrator_r92_r93() {
    let after = receive(&order(100, vec![transfer(1, 100)]), 120);
    assert_eq!(after.payments.payments[0].finding, Some(Finding::Overpaid));
    assert_eq!((after.payments.refunds.len(), after.payments.balance.status), (0, OrderPaymentStatus::Paid));
    assert!(after.events.contains(&PaymentEvent::OrderLatePayment(order_id())));
    // An administrator gives back what is above.
    let reason = RefundReason::parse("overpaid").unwrap();
    let request = RefundRequest { amount: 20, payment_id: None, reason, note: None, outside: None, holder: id(0xA) };
    let given = updated(&after.payments, |update| {
        update.refund(&request, |_| None).unwrap();
    });
    assert_eq!(given.payments.payments[0].finding, None);
}

#[test]
fn a_transfer_for_a_payment_that_was_given_up_counts_r92_r93() {
    let voided = Payment { status: PaymentStatus::Voided, ..transfer(1, 100) };
    let after = receive(&order(100, vec![voided]), 40).payments;
    assert_eq!((after.payments[0].status, after.payments[0].captured), (PaymentStatus::Captured, 40));
}

#[test]
fn people_do_not_receive_what_a_provider_moves_r93() {
    let refused = |payment: Payment| {
        let mut result = Ok(Settled::Applied);
        updated(&order(100, vec![payment]), |update| result = update.receive(PaymentId(id(1)), 40));
        result.unwrap_err()
    };
    assert_eq!(refused(payment(1, 100)), ReceiveRefused::Online);
    assert_eq!(refused(Payment { reference: None, ..transfer(1, 100) }), ReceiveRefused::NotBegun);
}

#[test]
fn an_administrator_says_that_a_refund_was_paid_by_hand_once_r93() {
    let received = Payment { kind: PaymentKind::BankTransfer, ..captured(1, 100) };
    let cancelled = updated(&order(100, vec![received]), |update| {
        update.cancel();
    })
    .payments;
    let refund = cancelled.refunds[0].id;
    assert!(cancelled.refunds[0].is_to_pay_by_hand(PaymentKind::BankTransfer));
    assert!(!cancelled.refunds[0].is_to_pay_by_hand(PaymentKind::Card), "its provider pays it");
    let paid = updated(&cancelled, |update| update.refund_paid(refund, reference("SEPA 7")).unwrap());
    assert_eq!(paid.payments.refunds[0].status, RefundStatus::Succeeded);
    assert!(!paid.payments.refunds[0].is_to_pay_by_hand(PaymentKind::BankTransfer), "it is paid");
    assert_eq!(paid.payments.operations[0].status, OperationStatus::Done);
    assert_eq!(paid.payments.balance.status, OrderPaymentStatus::Refunded);
    let mut again = Ok(());
    updated(&paid.payments, |update| again = update.refund_paid(refund, reference("SEPA 8")));
    assert_eq!(again, Err(ReceiveRefused::Finished(RefundStatus::Succeeded)));
}

#[test]
fn the_same_line_of_a_bank_statement_pays_one_refund_of_a_payment_r93() {
    let reason = RefundReason::parse("broken").unwrap();
    let request = RefundRequest { amount: 20, payment_id: None, reason, note: None, outside: None, holder: id(0xA) };
    let received = Payment { kind: PaymentKind::BankTransfer, ..captured(1, 100) };
    let owed = updated(&order(100, vec![received]), |update| {
        update.refund(&request, |_| None).unwrap();
        update.refund(&request, |_| None).unwrap();
    })
    .payments;
    let paid = |before: &OrderPayments, n: usize| {
        let mut result = Ok(());
        let id = before.refunds[n].id;
        let after = updated(before, |update| result = update.refund_paid(id, reference("SEPA 7")));
        (result, after.payments)
    };
    let (first, after) = paid(&owed, 0);
    assert_eq!((first, paid(&after, 1)), (Ok(()), (Err(ReceiveRefused::ReferenceTaken), after.clone())));
}
