//! Every call on a payment in every status.

use super::super::testing::*;
use crate::Currency;
use crate::orders::OrderStatus;
use crate::payments::*;

/// A payment of all of its order, 100.
fn in_status(status: PaymentStatus) -> Payment {
    let (authorised, captured) = match status {
        PaymentStatus::Authorised => (100, 0),
        PaymentStatus::Captured => (100, 100),
        _ => (0, 0),
    };
    let of_provider = payment(1, 100);
    let reference = of_provider.reference.clone().filter(|_| status != PaymentStatus::Pending);
    Payment { reference, status, authorised, captured, ..of_provider }
}

/// What becomes of a call: why it is refused, or what the provider is asked.
fn outcome<T>(
    before: &OrderPayments,
    call: impl FnOnce(&mut PaymentsUpdate<'_>) -> Result<T, String>,
) -> (String, OrderPayments) {
    let mut result = Ok(());
    let after = updated(before, |update| result = call(update).map(drop)).payments;
    let outcome = match result {
        Err(refused) => {
            assert_eq!(after, *before, "what is refused writes nothing");
            refused
        }
        Ok(()) if after == *before => "no change".to_owned(),
        Ok(()) => {
            let asked: Vec<_> = after.operations.iter().map(|one| one.kind.as_str()).collect();
            if asked.is_empty() {
                after.payments[0].status.as_str().to_owned()
            } else {
                format!("asks: {}", asked.join(", "))
            }
        }
    };
    (outcome, after)
}

fn debug(refused: impl std::fmt::Debug) -> String {
    format!("{refused:?}").split([' ', '(']).next().unwrap().to_owned()
}

fn why(refused: BeginRefused) -> String {
    match refused {
        BeginRefused::Unpayable(refused) => debug(refused),
        refused => debug(refused),
    }
}

/// The calls, in the order of the columns below.
const CALLS: [&str; 8] =
    ["capture", "void by its customer", "void", "refund", "receive", "same again", "pay otherwise", "cancel the order"];

fn call(name: &str, before: &OrderPayments) -> String {
    let payment = PaymentId(id(1));
    let holder = Some(id(0xA));
    let again = |amount| PaymentRequest {
        provider: provider("stripe"),
        kind: PaymentKind::Card,
        capabilities: capabilities(),
        method: None,
        return_url: None,
        amount,
        currency: Currency::default(),
        status: OrderStatus::Placed,
        placed_at: NOW,
        holder: id(0xA),
    };
    let back = RefundRequest {
        amount: 40,
        payment_id: Some(payment),
        reason: RefundReason::parse("damaged").unwrap(),
        note: None,
        outside: None,
        holder: id(0xA),
    };
    let (outcome, after) = match name {
        "capture" => outcome(before, |update| update.capture(payment, None, &capabilities(), holder).map_err(debug)),
        "void by its customer" => outcome(before, |update| update.void(payment, false, holder).map_err(debug)),
        "void" => outcome(before, |update| update.void(payment, true, holder).map_err(debug)),
        "refund" => outcome(before, |update| update.refund(&back, |_| Some(capabilities())).map_err(debug)),
        "receive" => outcome(before, |update| update.receive(payment, 100).map_err(debug)),
        "same again" => outcome(before, |update| update.pay(&again(None)).map_err(why)),
        "pay otherwise" => outcome(before, |update| update.pay(&again(Some(60))).map_err(why)),
        "cancel the order" => outcome(before, |update| {
            update.cancel();
            Ok(())
        }),
        other => panic!("{other}"),
    };
    // Whatever is called, the counters fit, and at most one payment is open.
    for one in &after.payments {
        assert!(one.captured + one.capture_pending <= one.authorised.max(one.captured), "{name}: {one:?}");
        assert!(one.refunded + one.refund_pending + one.disputed <= one.captured, "{name}: {one:?}");
    }
    assert!(after.payments.iter().filter(|one| one.is_open()).count() <= 1, "{name}");
    outcome
}

#[test]
fn every_call_on_a_payment_by_card_in_every_status_r82_r85_r86_r87_r134() {
    use PaymentStatus::{Authorised, Captured, Failed, Pending, Processing, RequiresAction, Voided};
    const OPEN: [&str; 8] =
        ["Nothing", "asks: void", "asks: void", "NotRefundable", "Online", "no change", "InProgress", "asks: void"];
    const OVER: [&str; 8] = [
        "Nothing",
        "no change",
        "no change",
        "NotRefundable",
        "Online",
        "asks: begin",
        "asks: begin",
        // The payment stays as it is.
        "failed",
    ];
    let held = ["asks: capture", "Authorised", "asks: void", OPEN[3], OPEN[4], OPEN[5], OPEN[6], OPEN[7]];
    let taken =
        ["Nothing", "Captured", "Captured", "asks: refund", "Online", "NothingDue", "NothingDue", "asks: refund"];
    let mut voided = OVER;
    voided[7] = "voided";
    let table = [
        (Pending, OPEN),
        (RequiresAction, OPEN),
        (Processing, OPEN),
        (Authorised, held),
        (Captured, taken),
        (Voided, voided),
        (Failed, OVER),
    ];
    assert_eq!(table.map(|(status, _)| status), *PaymentStatus::ALL);
    for (status, row) in table {
        let before = order(100, vec![in_status(status)]);
        for (name, expected) in CALLS.iter().zip(row) {
            assert_eq!(call(name, &before), expected, "{name} while {status:?}");
        }
    }
}

#[test]
fn people_receive_the_money_of_a_transfer_in_every_status_once_it_is_begun_r93() {
    for status in PaymentStatus::ALL {
        let transfer = Payment { kind: PaymentKind::BankTransfer, provider: provider("manual"), ..in_status(*status) };
        let expected = if *status == PaymentStatus::Pending { "NotBegun" } else { "captured" };
        assert_eq!(call("receive", &order(100, vec![transfer])), expected, "{status:?}");
    }
}

#[test]
fn a_repeated_snapshot_changes_nothing_in_any_status_r84_r89() {
    for status in PaymentStatus::ALL {
        let before = in_status(*status);
        let said = Snapshot::of(&before, reference("pi_1"));
        let all = order(100, vec![Payment { reference: Some(reference("pi_1")), ..before }]);
        for asked_at in [all.payments[0].version, crate::Version(0)] {
            let (outcome, _) = outcome(&all, |update| {
                let settled = update.settle(PaymentId(id(1)), &said, asked_at);
                if settled == Settled::Applied { Ok(()) } else { Err(debug(settled)) }
            });
            assert_eq!(outcome, "no change", "{status:?}");
        }
    }
}

#[test]
fn while_a_payment_is_given_up_nothing_else_is_begun_with_it_r82_r85_r86() {
    for status in PaymentStatus::ALL.iter().filter(|status| status.is_open()) {
        let before = order(100, vec![in_status(*status)]);
        let voiding = updated(&before, |update| {
            update.void(PaymentId(id(1)), true, None).unwrap();
        });
        let voiding = voiding.payments;
        assert_eq!(voiding.operations.len(), 1);
        let outcomes = CALLS.map(|name| call(name, &voiding));
        let expected =
            ["Nothing", "no change", "no change", "NotRefundable", "Online", "InProgress", "InProgress", "asks: void"];
        let held = *status == PaymentStatus::Authorised;
        let expected = if held {
            [expected[0], "Authorised", expected[2], expected[3], expected[4], expected[5], expected[6], expected[7]]
        } else {
            expected
        };
        assert_eq!(outcomes, expected, "{status:?}");
    }
}
