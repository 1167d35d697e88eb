use super::super::testing::*;
use crate::Version;
use crate::orders::OrderPaymentStatus;
use crate::payments::*;

fn request(amount: i64) -> RefundRequest {
    let reason = RefundReason::parse("broken").unwrap();
    RefundRequest { amount, payment_id: None, reason, note: None, outside: None, holder: id(0xA) }
}

/// The order after a refund, or why not.
fn refunded(before: &OrderPayments, request: &RefundRequest) -> Result<PaymentsUpdated, RefundRefused> {
    let mut result = Err(RefundRefused::NotRefundable(vec![]));
    let after = updated(before, |update| result = update.refund(request, |_| Some(capabilities())));
    result.map(|_| after)
}

fn says(payment: &Payment, refunds: Vec<ProviderRefund>) -> Snapshot {
    Snapshot { refunds, ..snapshot(payment, payment.status) }
}

fn settle(before: &OrderPayments, refunds: Vec<ProviderRefund>) -> PaymentsUpdated {
    let payment = &before.payments[0];
    updated(before, |update| {
        update.settle(payment.id, &says(payment, refunds), payment.version);
    })
}

#[test]
fn n24_partial_capture_then_refunds() {
    let held = Payment { status: PaymentStatus::Authorised, authorised: 11_900, ..payment(1, 11_900) };
    let before = order(11_900, vec![held.clone()]);
    let asked = updated(&before, |update| {
        update.capture(held.id, Some(10_000), &capabilities(), None).unwrap();
    });
    assert_eq!(asked.payments.payments[0].capture_pending, 10_000);
    let said = Snapshot { captured: 10_000, ..snapshot(&asked.payments.payments[0], PaymentStatus::Captured) };
    let after = updated(&asked.payments, |update| {
        let result = OperationResult {
            said: Said::Called(ProviderAnswer::Done(said)),
            has_looked: false,
            asked_at: asked.payments.payments[0].version,
            holder: id(0xA),
        };
        assert_eq!(update.answer(asked.payments.operations[0].id, &result), NextStep::Finished);
    })
    .payments;
    let payment = &after.payments[0];
    assert_eq!((payment.captured, payment.capture_pending, payment.authorised - payment.captured), (10_000, 0, 1_900));
    assert_eq!(after.balance.status, OrderPaymentStatus::PartiallyPaid);
    assert_eq!((after.balance.payable(), after.balance.due()), (11_900, 1_900));
    let first = refunded(&after, &request(3_000)).unwrap().payments;
    let second = refunded(&first, &request(4_000)).unwrap().payments;
    assert_eq!(refunded(&second, &request(4_000)), Err(RefundRefused::NotRefundable(vec![(payment.id, 3_000)])));
    assert_eq!(second.payments[0].refund_pending, 7_000);
}

#[test]
fn a_refund_is_reserved_until_the_provider_has_made_it_r87() {
    let before = order(100, vec![captured(1, 100)]);
    let decided = refunded(&before, &request(30)).unwrap();
    let refund = &decided.payments.refunds[0];
    assert_eq!(decided.events, [PaymentEvent::RefundCreated(refund.id)]);
    assert_eq!(decided.changes.transfers, [], "no money moved yet");
    let operation = decided.payments.operations[0].id;
    let made =
        |status| ProviderRefund { reference: Some(reference("re_1")), operation: Some(operation), amount: 30, status };
    let after = settle(&decided.payments, vec![made(RefundStatus::Succeeded)]);
    let payment = &after.payments.payments[0];
    assert_eq!((payment.refund_pending, payment.refunded), (0, 30));
    assert_eq!(after.payments.refunds[0].reference, Some(reference("re_1")));
    assert_eq!(after.events, [PaymentEvent::RefundSucceeded(refund.id)]);
    assert_eq!(after.payments.balance.status, OrderPaymentStatus::PartiallyRefunded);
    assert_eq!(after.payments.balance.due(), 0, "a refund makes nothing due");
    // Weeks later it bounces, and can be given back another way.
    let bounced = settle(&after.payments, vec![made(RefundStatus::Failed)]);
    let payment = &bounced.payments.payments[0];
    assert_eq!((payment.refunded, payment.refundable()), (0, 100));
    assert_eq!(bounced.events, [PaymentEvent::RefundFailed(refund.id)]);
    assert_eq!(bounced.changes.transfers[0].part, 1);
    assert!(settle(&bounced.payments, vec![made(RefundStatus::Succeeded)]).changes.is_empty());
}

#[test]
fn a_refund_made_at_the_provider_is_found_once_r89() {
    let before = order(100, vec![captured(1, 100)]);
    let made = |reference_: &str, amount| ProviderRefund {
        reference: Some(reference(reference_)),
        operation: None,
        amount,
        status: RefundStatus::Succeeded,
    };
    let after = settle(&before, vec![made("re_1", 10), made("re_2", 20)]).payments;
    assert_eq!(after.payments[0].refunded, 30);
    assert!(after.refunds.iter().all(|refund| refund.origin == RefundOrigin::Provider));
    assert!(settle(&after, vec![made("re_2", 20), made("re_1", 10)]).changes.is_empty());
}

#[test]
fn more_that_went_back_than_came_in_is_a_finding_r89() {
    let before = order(100, vec![captured(1, 100)]);
    let made = ProviderRefund {
        reference: Some(reference("re_1")),
        operation: None,
        amount: 101,
        status: RefundStatus::Succeeded,
    };
    let after = settle(&before, vec![made]);
    assert_eq!(after.payments.payments[0].finding, Some(Finding::Contradiction));
    assert_eq!((after.payments.refunds.len(), after.changes.transfers.len()), (0, 0));
}

#[test]
fn money_goes_back_from_the_newest_payment_that_can_give_all_of_it_r87() {
    let before = order(100, vec![captured(1, 70), captured(2, 30)]);
    let chosen = |amount| refunded(&before, &request(amount)).unwrap().payments.refunds[0].payment_id;
    assert_eq!((chosen(30), chosen(31)), (PaymentId(id(2)), PaymentId(id(1))));
    let each = vec![(PaymentId(id(2)), 30), (PaymentId(id(1)), 70)];
    assert_eq!(refunded(&before, &request(71)), Err(RefundRefused::NotRefundable(each.clone())));
    let named = RefundRequest { payment_id: Some(PaymentId(id(2))), ..request(31) };
    assert_eq!(refunded(&before, &named), Err(RefundRefused::NotRefundable(each)));
}

#[test]
fn a_refund_paid_outside_asks_nobody_and_comes_from_the_bank_r87() {
    let before = order(100, vec![captured(1, 100)]);
    let outside = RefundRequest { outside: Some(reference("cash 7")), ..request(40) };
    let after = refunded(&before, &outside).unwrap();
    let refund = &after.payments.refunds[0];
    assert_eq!((refund.status, refund.origin), (RefundStatus::Succeeded, RefundOrigin::Outside));
    assert_eq!(after.payments.operations, []);
    let payment = &after.payments.payments[0];
    assert_eq!((payment.refunded, payment.refund_pending), (40, 0));
    assert_eq!(after.changes.transfers[0].credit, LedgerAccount::Bank);
}

/// What the provider says of a refund of this name.
fn made(name: &str, operation: Option<OperationId>, amount: i64, status: RefundStatus) -> ProviderRefund {
    ProviderRefund { reference: Some(reference(name)), operation, amount, status }
}

/// An order of 100 of which an administrator has recorded 40 as paid outside, under the provider's name of the refund.
fn recorded_outside(before: &OrderPayments) -> OrderPayments {
    refunded(before, &RefundRequest { outside: Some(reference("re_1")), ..request(40) }).unwrap().payments
}

/// What the transfers move into and out of each account, with the accounts that end where they began left out.
fn moved(transfers: &[Transfer]) -> Vec<(String, i64)> {
    let mut sums = std::collections::BTreeMap::new();
    for one in transfers {
        *sums.entry(one.debit.to_string()).or_insert(0) += one.amount;
        *sums.entry(one.credit.to_string()).or_insert(0) -= one.amount;
    }
    sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
}

#[test]
fn a_refund_recorded_as_paid_outside_that_the_provider_made_counts_once_r87_r89() {
    let before = recorded_outside(&order(100, vec![captured(1, 100)]));
    let after = settle(&before, vec![made("re_1", None, 40, RefundStatus::Succeeded)]);
    let [refund] = &after.payments.refunds[..] else { panic!("{after:?}") };
    assert_eq!((refund.origin, refund.status), (RefundOrigin::Provider, RefundStatus::Succeeded));
    assert_eq!(after.payments.payments[0].refunded, 40);
    assert_eq!(moved(&after.changes.transfers), [("bank".to_owned(), 40), ("clearing:stripe".to_owned(), -40)]);
    assert!(settle(&after.payments, vec![made("re_1", None, 40, RefundStatus::Succeeded)]).changes.is_empty());
    // It bounces: the provider has the money again.
    let bounced = settle(&after.payments, vec![made("re_1", None, 40, RefundStatus::Failed)]);
    assert_eq!(bounced.payments.payments[0].refunded, 0);
    let both = [after.changes.transfers, bounced.changes.transfers].concat();
    assert_eq!(moved(&both), [("bank".to_owned(), 40), ("customer".to_owned(), -40)], "what was recorded is undone");
}

#[test]
fn another_amount_under_the_reference_of_a_refund_paid_outside_is_a_finding_r87_r89() {
    let before = recorded_outside(&order(100, vec![captured(1, 100)]));
    let said = || vec![made("re_1", None, 30, RefundStatus::Succeeded), made("re_2", None, 5, RefundStatus::Succeeded)];
    let after = settle(&before, said());
    assert_eq!(after.payments.payments[0].finding, Some(Finding::Contradiction));
    assert_eq!((after.payments.refunds[0].origin, after.payments.payments[0].refunded), (RefundOrigin::Outside, 45));
    assert!(settle(&after.payments, said()).changes.is_empty());
}

#[test]
fn a_refund_under_way_that_was_recorded_as_paid_outside_too_counts_once_r87_r89() {
    let asked = refunded(&order(100, vec![captured(1, 100)]), &request(40)).unwrap().payments;
    let operation = Some(asked.operations[0].id);
    let before = recorded_outside(&asked);
    assert_eq!((before.payments[0].refunded, before.payments[0].refund_pending), (40, 40));
    let after = settle(&before, vec![made("re_1", operation, 40, RefundStatus::Succeeded)]);
    let payment = &after.payments.payments[0];
    assert_eq!((payment.refunded, payment.refund_pending, payment.finding), (40, 0, None));
    let refunds: Vec<_> = after.payments.refunds.iter().map(|one| (one.status, one.reference.clone())).collect();
    assert_eq!(refunds, [(RefundStatus::Succeeded, Some(reference("re_1"))), (RefundStatus::Failed, None)]);
    assert_eq!(moved(&after.changes.transfers), [("bank".to_owned(), 40), ("clearing:stripe".to_owned(), -40)]);
    assert!(settle(&after.payments, vec![made("re_1", operation, 40, RefundStatus::Succeeded)]).changes.is_empty());
    // Of another amount it is not the same money: it counts, and somebody has to look.
    let other = refunded(&order(100, vec![captured(1, 100)]), &request(30)).unwrap().payments;
    let operation = Some(other.operations[0].id);
    let after = settle(&recorded_outside(&other), vec![made("re_1", operation, 30, RefundStatus::Succeeded)]);
    let payment = &after.payments.payments[0];
    assert_eq!((payment.refunded, payment.finding), (70, Some(Finding::Contradiction)));
    assert_eq!(after.payments.refunds[0].reference, None);
}

#[test]
fn the_reference_of_another_refund_of_the_payment_is_not_paid_outside_again_r87() {
    let before = recorded_outside(&order(100, vec![captured(1, 50), captured(2, 50)]));
    let again = |payment, name| {
        let payment_id = Some(PaymentId(id(payment)));
        refunded(&before, &RefundRequest { outside: Some(reference(name)), payment_id, ..request(10) })
    };
    assert_eq!(before.refunds[0].payment_id, PaymentId(id(2)));
    assert_eq!(again(2, "re_1"), Err(RefundRefused::ReferenceTaken));
    assert!(again(2, "re_2").is_ok() && again(1, "re_1").is_ok());
}

#[test]
fn a_provider_that_gives_all_or_nothing_back_is_not_asked_for_a_part_r87() {
    let before = order(100, vec![captured(1, 100)]);
    let can = Capabilities { partial_refund: false, ..capabilities() };
    let ask = |amount| {
        let mut result = Err(RefundRefused::NotRefundable(vec![]));
        updated(&before, |update| result = update.refund(&request(amount), |_| Some(can.clone())));
        result
    };
    assert_eq!(ask(99), Err(RefundRefused::OnlyAll { all: 100 }));
    assert!(ask(100).is_ok());
    let dinar = Capabilities { step: 10, ..capabilities() };
    let mut result = Ok(RefundId(id(0)));
    updated(&before, |update| result = update.refund(&request(15), |_| Some(dinar.clone())));
    assert_eq!(result, Err(RefundRefused::NotChargeable { step: 10 }));
}

#[test]
fn disputed_money_cannot_be_refunded_and_a_won_one_can_r96() {
    let before = order(100, vec![captured(1, 100)]);
    let says = |status| {
        let reason = ProviderCode::new("fraudulent");
        let dispute = ProviderDispute { reference: reference("dp_1"), amount: 80, reason, status, due_by: None };
        Snapshot { disputes: vec![dispute], ..snapshot(&before.payments[0], PaymentStatus::Captured) }
    };
    let settle = |before: &OrderPayments, status| {
        updated(before, |update| {
            update.settle(PaymentId(id(1)), &says(status), Version::FIRST);
        })
    };
    let opened = settle(&before, DisputeStatus::Open);
    let dispute = opened.payments.disputes[0].id;
    assert_eq!(opened.events, [PaymentEvent::DisputeOpened(dispute)]);
    assert_eq!((opened.payments.balance.disputed, opened.payments.balance.status), (80, OrderPaymentStatus::Paid));
    assert_eq!(
        refunded(&opened.payments, &request(30)),
        Err(RefundRefused::NotRefundable(vec![(PaymentId(id(1)), 20)]))
    );
    let won = settle(&opened.payments, DisputeStatus::Won);
    assert_eq!((won.payments.balance.disputed, won.events), (0, vec![PaymentEvent::DisputeClosed(dispute)]));
    let lost = settle(&opened.payments, DisputeStatus::Lost);
    assert_eq!(lost.payments.balance.disputed, 80);
    // Seen only when it is over, the end is the same.
    let late = settle(&before, DisputeStatus::Won);
    assert_eq!((late.payments.payments[0].disputed, late.changes.transfers.len()), (0, 2));
}
