use std::time::Duration;

use super::super::testing::*;
use crate::UtcDateTime;
use crate::orders::OrderStatus;
use crate::payments::*;

const LATER: Duration = Duration::from_mins(31);

fn expire_at(before: &OrderPayments, status: OrderStatus, now: UtcDateTime) -> (Expiry, OrderPayments) {
    let mut expiry = Expiry::Waits;
    let after = updated_at(before, now, &required(), |update| expiry = update.expire(status));
    (expiry, after.payments)
}

#[test]
fn an_unpaid_order_is_cancelled_when_its_time_is_over_r91() {
    let before = order(100, vec![]);
    let pay_by = before.balance.pay_by.unwrap();
    assert_eq!(expire_at(&before, OrderStatus::Placed, pay_by - Duration::from_secs(1)).0, Expiry::Waits);
    assert_eq!(expire_at(&before, OrderStatus::Placed, pay_by).0, Expiry::Cancel);
    let paid = order(100, vec![captured(1, 100)]);
    assert_eq!(expire_at(&paid, OrderStatus::Placed, NOW + LATER).0, Expiry::Waits);
}

#[test]
fn an_open_payment_is_given_up_before_its_order_is_cancelled_r91() {
    let before = order(100, vec![payment(1, 100)]);
    let (expiry, asked) = expire_at(&before, OrderStatus::Placed, NOW + LATER);
    assert_eq!(expiry, Expiry::GivesUp(Some(asked.operations[0].id)));
    assert_eq!(asked.balance.pay_by, before.balance.pay_by, "no new payment can begin meanwhile");
    let (again, same) = expire_at(&asked, OrderStatus::Placed, NOW + LATER);
    assert_eq!((again, same), (expiry, asked.clone()));
    let settle = |said: Snapshot| {
        updated_at(&asked, NOW + LATER, &required(), |update| {
            update.settle(PaymentId(id(1)), &said, asked.payments[0].version);
        })
        .payments
    };
    let voided = settle(snapshot(&asked.payments[0], PaymentStatus::Voided));
    assert_eq!(expire_at(&voided, OrderStatus::Placed, NOW + LATER).0, Expiry::Cancel);
    let won = settle(paid(&asked.payments[0]));
    assert_eq!(expire_at(&won, OrderStatus::Placed, NOW + LATER).0, Expiry::Waits, "the order lives");
}

#[test]
fn a_provider_that_refuses_to_void_is_asked_again_after_five_minutes_r91() {
    let now = NOW + LATER;
    let (_, asked) = expire_at(&order(100, vec![payment(1, 100)]), OrderStatus::Placed, now);
    let mut refused = asked.clone();
    refused.operations[0] =
        PaymentOperation { status: OperationStatus::Refused, finished_at: Some(now), ..asked.operations[0].clone() };
    let again_at = now + Duration::from_mins(5);
    let (expiry, waits) = expire_at(&refused, OrderStatus::Placed, now);
    assert_eq!((expiry, waits.balance.pay_by, waits.operations.len()), (Expiry::Waits, Some(again_at), 1));
    assert_eq!(expire_at(&waits, OrderStatus::Placed, now + Duration::from_mins(4)).0, Expiry::Waits);
    let (expiry, again) = expire_at(&waits, OrderStatus::Placed, again_at);
    assert_eq!((expiry, again.operations.len()), (Expiry::GivesUp(Some(again.operations[1].id)), 2));
}

#[test]
fn a_debit_that_is_under_way_gets_14_days_r91() {
    let fortnight = NOW + Duration::from_hours(14 * 24);
    let processing = Payment { status: PaymentStatus::Processing, ..payment(1, 100) };
    let (expiry, after) = expire_at(&order(100, vec![processing]), OrderStatus::Placed, NOW + LATER);
    assert_eq!((expiry, after.balance.pay_by), (Expiry::Waits, Some(fortnight)));
    assert!(matches!(expire_at(&after, OrderStatus::Placed, fortnight).0, Expiry::GivesUp(Some(_))));
    // A transfer is waited for as long as its provider says.
    let transfer = order(100, vec![transfer(1, 100)]);
    assert!(matches!(expire_at(&transfer, OrderStatus::Placed, NOW + LATER).0, Expiry::GivesUp(Some(_))));
}

#[test]
fn an_order_that_is_being_prepared_is_not_cancelled_r91() {
    let (expiry, after) = expire_at(&order(100, vec![]), OrderStatus::Processing, NOW + LATER);
    assert_eq!(expiry, Expiry::Waits);
    assert!(after.balance.pay_by.unwrap() > NOW + LATER);
}

#[test]
fn a_payment_that_fails_gives_no_more_than_the_usual_time_r91() {
    let mut before = order(100, vec![transfer(1, 100)]);
    let week = NOW + Duration::from_hours(7 * 24);
    before.balance.pay_by = Some(week);
    let fail = |before: &OrderPayments, now| {
        updated_at(before, now, &required(), |update| {
            let said = snapshot(&before.payments[0], PaymentStatus::Failed);
            update.settle(PaymentId(id(1)), &said, before.payments[0].version);
        })
        .payments
        .balance
        .pay_by
    };
    assert_eq!(fail(&before, NOW), Some(NOW + Duration::from_mins(30)));
    before.balance.pay_by = Some(NOW + Duration::from_mins(5));
    assert_eq!(fail(&before, NOW), Some(NOW + Duration::from_mins(5)));
}
