use std::collections::BTreeMap;

use super::super::testing::*;
use crate::payments::*;

/// The transfers so far, as debit, credit and amount.
fn moved(transfers: &[Transfer]) -> Vec<(String, String, i64)> {
    transfers.iter().map(|one| (one.debit.to_string(), one.credit.to_string(), one.amount)).collect()
}

#[test]
fn l1_ledger_of_a_capture_a_refund_and_a_lost_dispute() {
    let mut all = Vec::new();
    let mut step = |before: &OrderPayments, change: &dyn Fn(&mut PaymentsUpdate<'_>)| {
        let after = updated(before, change);
        all.extend(after.changes.transfers);
        after.payments
    };
    let settle = |before: &OrderPayments, said: Snapshot| {
        let version = before.payments[0].version;
        move |update: &mut PaymentsUpdate<'_>| {
            update.settle(PaymentId(id(1)), &said, version);
        }
    };
    let placed = order(11_900, vec![payment(1, 11_900)]);
    let captured = step(&placed, &settle(&placed, paid(&placed.payments[0])));
    let refund = ProviderRefund {
        reference: Some(reference("re_1")),
        operation: None,
        amount: 3_000,
        status: RefundStatus::Succeeded,
    };
    let with = |disputes| Snapshot { refunds: vec![refund.clone()], disputes, ..paid(&placed.payments[0]) };
    let dispute = |status| ProviderDispute {
        reference: reference("dp_1"),
        amount: 8_900,
        reason: ProviderCode::new("fraudulent"),
        status,
        due_by: None,
    };
    let refunded = step(&captured, &settle(&captured, with(vec![])));
    let disputed = step(&refunded, &settle(&refunded, with(vec![dispute(DisputeStatus::Open)])));
    step(&disputed, &settle(&disputed, with(vec![dispute(DisputeStatus::Lost)])));
    let row = |debit: &str, credit: &str, amount| (debit.to_owned(), credit.to_owned(), amount);
    let expected = [
        row("clearing:stripe", "customer", 11_900),
        row("customer", "clearing:stripe", 3_000),
        row("disputed:stripe", "clearing:stripe", 8_900),
        row("loss:dispute", "disputed:stripe", 8_900),
    ];
    assert_eq!(moved(&all), expected);
    let mut balances: BTreeMap<String, i64> = BTreeMap::new();
    for one in &all {
        *balances.entry(one.debit.to_string()).or_default() += one.amount;
        *balances.entry(one.credit.to_string()).or_default() -= one.amount;
    }
    // Without the invoice and its credit note, which come with invoices: customer 11900 - 3000 - 8900 + 0.
    let expected = [("clearing:stripe", 0), ("customer", -8_900), ("disputed:stripe", 0), ("loss:dispute", 8_900)];
    assert_eq!(balances, expected.map(|(name, sum)| (name.to_owned(), sum)).into());
}
