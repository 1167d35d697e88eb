use std::time::Duration;

use super::super::testing::*;
use crate::orders::{OrderBalance, OrderPaymentStatus, PaymentTerms};
use crate::payments::*;
use crate::{Currency, Lease, Version};

/// The order after the provider of payment 1 says this.
fn said(before: &OrderPayments, said: &Snapshot) -> PaymentsUpdated {
    let asked_at = before.payments[0].version;
    updated(before, |update| {
        update.settle(PaymentId(id(1)), said, asked_at);
    })
}

#[test]
fn money_that_was_taken_pays_the_order_r89() {
    let before = order(11_900, vec![payment(1, 11_900)]);
    assert_eq!(before.balance.status, OrderPaymentStatus::Pending);
    let after = said(&before, &paid(&before.payments[0]));
    let payment = &after.payments.payments[0];
    assert_eq!((payment.status, payment.captured, payment.authorised), (PaymentStatus::Captured, 11_900, 11_900));
    assert_eq!(payment.version, Version(2));
    let balance = &after.payments.balance;
    assert_eq!((balance.status, balance.captured, balance.due()), (OrderPaymentStatus::Paid, 11_900, 0));
    assert_eq!((balance.pay_by, balance.version, balance.may_ship()), (None, Version(2), true));
    let (captured, paid) = (PaymentEvent::Captured(payment.id), PaymentEvent::OrderPaid(order_id()));
    assert_eq!(after.events, [captured, paid]);
    assert_eq!(after.changes.transfers.len(), 1);
}

#[test]
fn the_same_again_writes_nothing_r89() {
    let before = order(100, vec![payment(1, 100)]);
    let paid = paid(&before.payments[0]);
    let once = said(&before, &paid).payments;
    let again = said(&once, &paid);
    assert!(again.changes.is_empty() && again.events.is_empty());
}

#[test]
fn an_older_report_changes_nothing_r89() {
    let before = order(100, vec![captured(1, 100)]);
    for status in [PaymentStatus::RequiresAction, PaymentStatus::Processing, PaymentStatus::Authorised] {
        let older = Snapshot { captured: 0, ..snapshot(&before.payments[0], status) };
        assert!(said(&before, &older).changes.is_empty(), "{status:?}");
    }
}

#[test]
fn among_undecided_reports_the_newest_counts_r89() {
    let open = Payment { version: Version(4), ..payment(1, 100) };
    let before = order(100, vec![open.clone()]);
    let processing = snapshot(&open, PaymentStatus::Processing);
    let mut settled = Settled::Applied;
    let asked_before = updated(&before, |update| settled = update.settle(open.id, &processing, Version(3)));
    assert_eq!((settled, asked_before.changes.is_empty()), (Settled::Stale, true));
    let now = updated(&before, |update| settled = update.settle(open.id, &processing, Version(4)));
    assert_eq!((settled, now.payments.payments[0].status), (Settled::Applied, PaymentStatus::Processing));
    // What is decided counts, whenever it was asked for.
    let voided = snapshot(&open, PaymentStatus::Voided);
    let decided = updated(&before, |update| settled = update.settle(open.id, &voided, Version(3)));
    assert_eq!((settled, decided.payments.payments[0].status), (Settled::Applied, PaymentStatus::Voided));
}

#[test]
fn a_snapshot_of_another_payment_is_not_applied_r89() {
    let before = order(100, vec![payment(1, 100)]);
    let meant = paid(&before.payments[0]);
    let others = [
        Snapshot { order_id: None, ..meant.clone() },
        Snapshot { order_id: Some(crate::orders::OrderId(id(9))), ..meant.clone() },
        Snapshot { payment_id: Some(PaymentId(id(2))), ..meant.clone() },
        Snapshot { currency: Currency::parse("EUR").unwrap(), ..meant.clone() },
        Snapshot { amount: 99, ..meant.clone() },
        Snapshot { reference: reference("pi_2"), ..meant.clone() },
    ];
    for other in others {
        let after = said(&before, &other);
        let payment = &after.payments.payments[0];
        assert_eq!((payment.captured, payment.status), (0, PaymentStatus::RequiresAction), "{other:?}");
        assert_eq!(payment.finding, Some(Finding::PaymentOfAnotherOrder));
        assert_eq!(after.events, [PaymentEvent::Finding(payment.id)]);
    }
    assert_eq!(said(&before, &Snapshot { payment_id: None, ..meant }).payments.payments[0].captured, 100);
}

#[test]
fn a_decline_is_not_the_end_r89() {
    let before = order(100, vec![Payment { status: PaymentStatus::Processing, ..payment(1, 100) }]);
    let error = Some(ProviderError::new("card_declined", "Your card was declined."));
    let declined = Snapshot { error, ..snapshot(&before.payments[0], PaymentStatus::RequiresAction) };
    let after = said(&before, &declined);
    let payment = &after.payments.payments[0];
    assert_eq!(payment.status, PaymentStatus::RequiresAction);
    assert_eq!(payment.last_error.as_ref().unwrap().code.as_str(), "card_declined");
    assert_eq!(after.events, [PaymentEvent::OrderPaymentFailed(order_id())]);
    assert_eq!(after.payments.balance.status, OrderPaymentStatus::Pending);
}

#[test]
fn an_authorisation_lets_the_order_ship_and_ends_its_time_to_pay_r80() {
    let before = order(100, vec![payment(1, 100)]);
    let until = Some(NOW + Duration::from_hours(7 * 24));
    let held = snapshot(&before.payments[0], PaymentStatus::Authorised);
    let after = said(&before, &Snapshot { authorised: 100, authorised_until: until, ..held }).payments;
    assert_eq!((after.balance.status, after.balance.authorised), (OrderPaymentStatus::Authorised, 100));
    assert_eq!((after.balance.pay_by, after.balance.may_ship()), (None, true));
    assert_eq!(after.payments[0].authorised_until, until);
    // It lapses: the order is unpaid again, with the usual time.
    let lapsed = said(&after, &Snapshot { authorised: 100, ..snapshot(&after.payments[0], PaymentStatus::Voided) });
    let balance = &lapsed.payments.balance;
    assert_eq!((balance.status, balance.authorised), (OrderPaymentStatus::Unpaid, 0));
    assert_eq!(balance.pay_by, Some(NOW + Duration::from_mins(30)));
}

#[test]
fn money_for_a_cancelled_order_goes_back_by_itself_r92() {
    let mut before = order(100, vec![Payment { status: PaymentStatus::Voided, ..payment(1, 100) }]);
    before.balance.cancelled = 100;
    let after = said(&before, &paid(&before.payments[0]));
    let payment = &after.payments.payments[0];
    assert_eq!((payment.captured, payment.refund_pending, payment.finding), (100, 100, None));
    let refund = &after.payments.refunds[0];
    assert_eq!((refund.amount, refund.reason.as_str()), (100, "late_payment"));
    let asked = &after.payments.operations[0];
    assert_eq!((asked.kind, asked.refund_id, asked.amount), (OperationKind::Refund, Some(refund.id), Some(100)));
    assert!(after.events.contains(&PaymentEvent::OrderLatePayment(order_id())));
    assert!(!after.events.contains(&PaymentEvent::OrderPaid(order_id())));
    // The next report does not send it back again.
    assert!(said(&after.payments, &paid(payment)).changes.is_empty());
}

#[test]
fn money_that_comes_twice_pays_what_is_due_and_the_rest_goes_back_r92() {
    let late = Payment { status: PaymentStatus::Failed, ..payment(1, 100) };
    let before = order(100, vec![late, captured(2, 30)]);
    let after = said(&before, &paid(&before.payments[0])).payments;
    assert_eq!((after.payments[0].refund_pending, after.balance.captured), (30, 130));
    assert_eq!(after.refunds.len(), 1);
}

#[test]
fn late_money_that_pays_what_is_due_ends_another_open_payment_r92() {
    let late = Payment { status: PaymentStatus::Voided, ..payment(1, 100) };
    let before = order(100, vec![late, payment(2, 100)]);
    let after = said(&before, &paid(&before.payments[0])).payments;
    assert_eq!(after.refunds, []);
    let [void] = &after.operations[..] else { panic!("one operation") };
    assert_eq!((void.kind, void.payment_id), (OperationKind::Void, PaymentId(id(2))));
}

#[test]
fn with_late_manual_an_administrator_decides_about_late_money_r92() {
    let mut before = order(100, vec![Payment { status: PaymentStatus::Voided, ..payment(1, 100) }]);
    before.balance.cancelled = 100;
    let settings = Settings { late: LatePolicy::Manual, ..required() };
    let after = updated_at(&before, NOW, &settings, |update| {
        update.settle(PaymentId(id(1)), &paid(&before.payments[0]), Version::FIRST);
    });
    assert_eq!(after.payments.refunds, []);
    assert_eq!(after.payments.payments[0].finding, Some(Finding::Overpaid));
    assert!(after.events.contains(&PaymentEvent::OrderLatePayment(order_id())));
}

#[test]
fn money_and_a_void_at_once_leave_the_money_counted_r89() {
    let part = Payment { captured: 40, authorised: 40, ..transfer(1, 100) };
    let before = order(100, vec![part.clone()]);
    let after = said(&before, &snapshot(&part, PaymentStatus::Voided)).payments;
    assert_eq!((after.payments[0].status, after.payments[0].captured), (PaymentStatus::Captured, 40));
}

#[test]
fn an_authorisation_of_a_cancelled_order_is_given_up_r92() {
    let mut before = order(100, vec![payment(1, 100)]);
    before.balance.cancelled = 100;
    let held = Snapshot { authorised: 100, ..snapshot(&before.payments[0], PaymentStatus::Authorised) };
    let after = said(&before, &held).payments;
    assert_eq!(after.operations.iter().map(|one| one.kind).collect::<Vec<_>>(), [OperationKind::Void]);
    assert!(said(&after, &held).changes.is_empty(), "once");
}

#[test]
fn a_payment_of_a_cancelled_order_is_given_up_again_some_time_after_a_refusal_r90_r134() {
    let refused_at = NOW + Duration::from_mins(1);
    let refused = |n| PaymentOperation {
        id: OperationId(id(n)),
        status: OperationStatus::Refused,
        finished_at: Some(refused_at),
        ..operation(OperationKind::Void)
    };
    let mut before = order(100, vec![payment(1, 100)]);
    before.balance.cancelled = 100;
    let asked_after = |operations: Vec<PaymentOperation>, minutes| {
        let known = operations.len();
        let before = OrderPayments { operations, ..before.clone() };
        let now = refused_at + Duration::from_mins(minutes);
        let said = snapshot(&before.payments[0], PaymentStatus::RequiresAction);
        let after = updated_at(&before, now, &required(), |update| {
            update.settle(PaymentId(id(1)), &said, Version::FIRST);
        });
        after.payments.operations.len() > known
    };
    let (one, two, three) = (vec![refused(1)], vec![refused(1), refused(2)], (1..4).map(refused).collect::<Vec<_>>());
    assert_eq!([4, 5].map(|minutes| asked_after(one.clone(), minutes)), [false, true]);
    assert_eq!([29, 30].map(|minutes| asked_after(two.clone(), minutes)), [false, true]);
    assert_eq!([59, 60].map(|minutes| asked_after(three.clone(), minutes)), [false, true]);
}

#[test]
fn money_that_comes_twice_goes_back_whole_although_some_of_the_first_was_refunded_r80_r92() {
    let first = Payment { refunded: 30, ..captured(1, 100) };
    let second = Payment { status: PaymentStatus::Voided, ..payment(2, 100) };
    let before = order(100, vec![first, second.clone()]);
    let after = updated(&before, |update| {
        update.settle(second.id, &paid(&second), Version::FIRST);
    });
    let [refund] = &after.payments.refunds[..] else { panic!("{after:?}") };
    assert_eq!((refund.payment_id, refund.amount), (second.id, 100), "nothing was due: a refund makes nothing due");
    assert!(after.events.contains(&PaymentEvent::OrderLatePayment(order_id())));
    assert!(after.payments.payments.iter().all(|one| one.finding.is_none()));
    // By hand the shop keeps it, and somebody has to look if that is more than the order owes.
    let by_hand = |refunded| {
        let first = Payment { refunded, ..captured(1, 100) };
        let second = Payment { status: PaymentStatus::Voided, ..transfer(2, 100) };
        let after = updated(&order(100, vec![first, second]), |update| {
            update.receive(PaymentId(id(2)), 100).unwrap();
        });
        let is_late = after.events.contains(&PaymentEvent::OrderLatePayment(order_id()));
        (after.payments.payments[1].finding, is_late)
    };
    assert_eq!(by_hand(30), (Some(Finding::Overpaid), true));
    assert_eq!(by_hand(100), (None, false), "the transfer takes the place of what went back");
}

#[test]
fn a_failed_refund_is_a_finding_r92() {
    let mut before = order(100, vec![Payment { status: PaymentStatus::Voided, ..payment(1, 100) }]);
    before.balance.cancelled = 100;
    let late = said(&before, &paid(&before.payments[0])).payments;
    assert_eq!(late.payments[0].finding, None, "it is on its way");
    let reported = |status| {
        let operation = Some(late.operations[0].id);
        let refund = ProviderRefund { reference: Some(reference("re_1")), operation, amount: 100, status };
        Snapshot { refunds: vec![refund], ..paid(&late.payments[0]) }
    };
    let failed = said(&late, &reported(RefundStatus::Failed));
    assert_eq!(failed.payments.payments[0].finding, Some(Finding::Overpaid));
    assert!(failed.events.contains(&PaymentEvent::Finding(PaymentId(id(1)))));
    let back = said(&late, &reported(RefundStatus::Succeeded)).payments;
    assert_eq!(back.payments[0].finding, None);
    let bounced = said(&back, &reported(RefundStatus::Failed)).payments;
    assert_eq!(bounced.payments[0].finding, Some(Finding::Overpaid));
    // Another finding is not hidden, and what is disputed cannot be given back.
    let marked = Payment { finding: Some(Finding::Contradiction), ..late.payments[0].clone() };
    let marked = OrderPayments { payments: vec![marked], ..late.clone() };
    assert_eq!(
        said(&marked, &reported(RefundStatus::Failed)).payments.payments[0].finding,
        Some(Finding::Contradiction)
    );
    let disputed = Payment { disputed: 100, ..captured(1, 100) };
    let cancelled = updated(&order(100, vec![disputed]), |update| {
        update.cancel();
    });
    assert_eq!(cancelled.payments.payments[0].finding, None);
}

#[test]
fn the_status_of_an_order_follows_from_its_sums_r80() {
    use OrderPaymentStatus::*;
    let status = |payments: Vec<Payment>| order(100, payments).balance.status;
    let held = |amount| Payment { status: PaymentStatus::Authorised, authorised: amount, ..payment(1, amount) };
    let back = |amount| Payment { refunded: amount, ..captured(1, 100) };
    assert_eq!(status(vec![]), Unpaid);
    assert_eq!(status(vec![payment(1, 100)]), Pending);
    assert_eq!(status(vec![held(100)]), Authorised);
    assert_eq!(status(vec![held(60)]), Pending, "less is held than is owed");
    assert_eq!(status(vec![Payment { status: PaymentStatus::Failed, ..payment(1, 100) }]), Unpaid);
    assert_eq!(status(vec![captured(1, 60)]), PartiallyPaid);
    assert_eq!(status(vec![captured(1, 100)]), Paid);
    assert_eq!(status(vec![back(30)]), PartiallyRefunded);
    assert_eq!(status(vec![back(100)]), Refunded);
    assert_eq!(status(vec![Payment { refunded: 10, ..captured(1, 60) }]), PartiallyPaid);
    let free = |cancelled, terms| {
        let OrderPayments { balance, .. } = order(100, vec![]);
        OrderBalance { terms, cancelled, ..balance }.summed(&[]).status
    };
    assert_eq!(free(100, PaymentTerms::Prepaid), NotRequired);
    assert_eq!(free(0, PaymentTerms::None), NotRequired);
    assert_eq!(free(0, PaymentTerms::OnDelivery), Unpaid);
}

#[test]
fn an_order_may_ship_when_its_money_is_there_or_comes_on_delivery_r80() {
    use OrderPaymentStatus::*;
    for status in OrderPaymentStatus::ALL {
        let balance = |terms| OrderBalance { status: *status, terms, ..order(100, vec![]).balance };
        let expected = [NotRequired, Authorised, Paid, PartiallyRefunded].contains(status);
        assert_eq!(balance(PaymentTerms::Prepaid).may_ship(), expected, "{status:?}");
        assert!(balance(PaymentTerms::OnDelivery).may_ship(), "{status:?}");
    }
}

#[test]
fn an_expiring_authorisation_is_announced_once_a_day_before_r95_r165() {
    let day = Payment::EXPIRY_NOTICE;
    let until = NOW + 7 * day;
    let held = Payment { status: PaymentStatus::Authorised, authorised: 100, ..payment(1, 100) };
    let said = Snapshot { authorised_until: Some(until), ..snapshot(&held, PaymentStatus::Authorised) };
    let at = |now, before: &OrderPayments, said: &Snapshot| {
        let after = updated_at(before, now, &required(), |update| {
            update.settle(PaymentId(id(1)), said, before.payments[0].version);
        });
        (after.events.contains(&PaymentEvent::AuthorisationExpiring(PaymentId(id(1)))), after.payments)
    };
    let second = Duration::from_secs(1);
    let (is_announced, early) = at(until - day - second, &order(100, vec![held.clone()]), &said);
    assert!(!is_announced && early.payments[0].authorised_until == Some(until));
    let (is_announced, late) = at(until - day, &early, &said);
    assert!(is_announced && late.payments[0].expiry_announced == Some(until));
    assert!(!at(until - day + second, &late, &said).0, "once");
    let little_more = Snapshot { authorised_until: Some(until + second), ..said.clone() };
    assert!(!at(until - second, &late, &little_more).0, "that is nothing new");
    let (is_announced, longer) =
        at(until - day, &late, &Snapshot { authorised_until: Some(until + 7 * day), ..said.clone() });
    assert!(!is_announced);
    let again = Snapshot { authorised_until: Some(until + 7 * day), ..said.clone() };
    assert!(at(until + 6 * day, &longer, &again).0, "a new hold ends too");
    // Too late to be announced, and what need not be captured any more.
    assert!(!at(until, &early, &said).0);
    let taken = Payment { capture_pending: 100, ..early.payments[0].clone() };
    assert!(!at(until - second, &order(100, vec![taken]), &said).0);
    let given_up = OrderPayments { operations: vec![operation(OperationKind::Void)], ..early.clone() };
    assert!(!at(until - second, &given_up, &said).0);
    assert!(!at(until - second, &early, &snapshot(&early.payments[0], PaymentStatus::Voided)).0);
}

#[test]
fn of_an_erased_customer_nothing_is_written_down_again_r13_r89() {
    let label = MethodLabel::parse("Visa of Ann").ok();
    let error = Some(ProviderError::new("card_declined", "Ann has no money."));
    let open = Payment { status: PaymentStatus::Processing, ..payment(1, 100) };
    let declined = Snapshot {
        method_label: label.clone(),
        error: error.clone(),
        ..snapshot(&open, PaymentStatus::RequiresAction)
    };
    let known = said(&order(100, vec![open.clone()]), &declined).payments;
    assert_eq!((&known.payments[0].method_label, &known.payments[0].last_error), (&label, &error));
    let erased = OrderPayments { is_erased: true, ..order(100, vec![open]) };
    let after = said(&erased, &declined);
    let [payment] = &after.changes.payments.changed[..] else { panic!("{after:?}") };
    assert_eq!((payment.status, &payment.method_label), (PaymentStatus::RequiresAction, &None));
    assert_eq!(payment.last_error, Some(ProviderError::new("card_declined", "")), "the code tells of nobody");
    // The same again is nothing new, although it says more than is kept.
    let again = said(&after.payments, &declined);
    assert!(again.changes.is_empty() && again.events.is_empty(), "{again:?}");
}

#[test]
fn the_outcome_of_an_operation_for_an_erased_customer_has_no_text_r13_r90() {
    let begin = PaymentOperation {
        lease: Some(Lease { holder: id(9), until: NOW + Duration::from_secs(30) }),
        ..operation(OperationKind::Begin)
    };
    let pending = Payment { status: PaymentStatus::Pending, reference: None, ..payment(1, 100) };
    let all = OrderPayments { operations: vec![begin.clone()], is_erased: true, ..order(100, vec![pending]) };
    let error = ProviderError::new("card_declined", "Ann has no money.");
    let unknown = ProviderAnswer::Unknown { retry_after: None, is_kept: false, error: error.clone() };
    for said in [ProviderAnswer::Refused { error, is_retryable: false }, unknown] {
        let said = Said::Called(said);
        let result = OperationResult { said, has_looked: false, asked_at: Version::FIRST, holder: id(9) };
        let after = updated(&all, |update| {
            update.answer(begin.id, &result);
        })
        .payments;
        let nothing = ProviderError::new("card_declined", "");
        assert_eq!(after.operations[0].error, Some(nothing.clone()));
        assert!(after.payments[0].last_error.as_ref().is_none_or(|last| *last == nothing));
    }
}
