use proptest::prelude::*;

use super::super::testing::*;
use crate::payments::*;

/// What a provider says of a payment over time: each step adds to what was before.
fn history() -> Vec<Snapshot> {
    let begun = payment(1, 1000);
    let refund = |n: u32, status| ProviderRefund {
        reference: Some(reference(&format!("re_{n}"))),
        operation: None,
        amount: 100,
        status,
    };
    let dispute = |status| ProviderDispute {
        reference: reference("dp_1"),
        amount: 300,
        reason: ProviderCode::new("fraudulent"),
        status,
        due_by: None,
    };
    let held = Snapshot { authorised: 1000, ..snapshot(&begun, PaymentStatus::Authorised) };
    let part = Snapshot { captured: 600, status: PaymentStatus::Captured, ..held.clone() };
    let all = Snapshot { captured: 1000, ..part.clone() };
    let one = Snapshot { refunds: vec![refund(1, RefundStatus::Pending)], ..all.clone() };
    let two = vec![refund(1, RefundStatus::Succeeded), refund(2, RefundStatus::Succeeded)];
    let two = Snapshot { refunds: two, ..all.clone() };
    let bounced = vec![refund(1, RefundStatus::Failed), refund(2, RefundStatus::Succeeded)];
    let bounced = Snapshot { refunds: bounced, ..all.clone() };
    let disputed = Snapshot { disputes: vec![dispute(DisputeStatus::Open)], ..bounced.clone() };
    let lost = Snapshot { disputes: vec![dispute(DisputeStatus::Lost)], ..bounced.clone() };
    vec![
        snapshot(&begun, PaymentStatus::RequiresAction),
        snapshot(&begun, PaymentStatus::Processing),
        held,
        part,
        all,
        one,
        two,
        bounced,
        disputed,
        lost,
    ]
}

/// The counters and what they are made of, without ids that differ from run to run.
fn counters(after: &OrderPayments) -> impl PartialEq + std::fmt::Debug + use<> {
    let Payment { status, authorised, captured, refunded, refund_pending, disputed, .. } = after.payments[0];
    let mut refunds: Vec<_> = after.refunds.iter().map(|one| (one.reference.clone(), one.status)).collect();
    refunds.sort();
    let disputes: Vec<_> = after.disputes.iter().map(|one| (one.reference.clone(), one.status)).collect();
    (status, [authorised, captured, refunded, refund_pending, disputed], refunds, disputes, after.balance.status)
}

/// Takes over reports in this order. Returns the end and the transfers.
fn after(reports: &[Snapshot]) -> (OrderPayments, Vec<Transfer>) {
    let (mut now, mut transfers) = (order(1000, vec![payment(1, 1000)]), Vec::new());
    for said in reports {
        let after = updated(&now, |update| {
            update.settle(PaymentId(id(1)), said, now.payments[0].version);
        });
        now = after.payments;
        transfers.extend(after.changes.transfers);
    }
    (now, transfers)
}

/// What an account got, less what it gave.
fn balance(transfers: &[Transfer], account: &LedgerAccount) -> i64 {
    let sum = |of: fn(&Transfer) -> &LedgerAccount| -> i64 {
        transfers.iter().filter(|one| of(one) == account).map(|one| one.amount).sum()
    };
    sum(|one| &one.debit) - sum(|one| &one.credit)
}

proptest! {
    #[test]
    fn reports_in_any_order_and_number_come_to_the_same_end_r89(
        order in Just((0..history().len()).collect::<Vec<_>>()).prop_shuffle(),
        repeated in prop::collection::vec(0..history().len(), 0..20),
    ) {
        let history = history();
        let straight = after(&history);
        let shuffled: Vec<_> = repeated.iter().chain(&order).map(|n| history[*n].clone()).collect();
        let arrived = after(&shuffled);
        prop_assert_eq!(counters(&straight.0), counters(&arrived.0));
        // The ledger agrees with the payment, whatever came first.
        let payment = &arrived.0.payments[0];
        let clearing = LedgerAccount::Clearing(payment.provider.clone());
        prop_assert_eq!(balance(&arrived.1, &clearing), payment.captured - payment.refunded - payment.disputed);
        prop_assert_eq!(balance(&arrived.1, &LedgerAccount::LossOfDisputes), 300);
        // Once all is known, an older report changes nothing.
        for said in &history {
            let again = updated(&arrived.0, |update| {
                update.settle(PaymentId(id(1)), said, payment.version);
            });
            prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        }
    }

    #[test]
    fn the_shop_never_promises_more_than_it_has_r85_r87(
        steps in prop::collection::vec((any::<bool>(), 1_i64..1500), 1..20),
    ) {
        let held = Payment { status: PaymentStatus::Authorised, authorised: 1000, ..payment(1, 1000) };
        let mut now = order(1000, vec![held, captured(2, 400)]);
        for (is_capture, amount) in steps {
            let reason = RefundReason::parse("any").unwrap();
            let request = RefundRequest { amount, payment_id: None, reason, note: None, outside: None, holder: id(1) };
            now = updated(&now, |update| {
                if is_capture {
                    update.capture(PaymentId(id(1)), Some(amount), &capabilities(), None).ok();
                } else {
                    update.refund(&request, |_| Some(capabilities())).ok();
                }
            })
            .payments;
            for payment in &now.payments {
                prop_assert!(payment.captured + payment.capture_pending <= payment.authorised);
                prop_assert!(payment.refunded + payment.refund_pending <= payment.captured);
                let pending: i64 = now.refunds.iter().filter(|one| one.payment_id == payment.id).map(|one| one.amount).sum();
                prop_assert_eq!(payment.refund_pending, pending);
            }
            let capturing: i64 = now.payments.iter().map(|payment| payment.capture_pending).sum();
            prop_assert!(capturing + now.balance.captured <= now.balance.payable());
        }
    }
}
