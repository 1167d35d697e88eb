use std::time::Duration;

use super::super::testing::*;
use crate::orders::{OrderBalance, OrderPaymentStatus, OrderStatus, PaymentTerms};
use crate::payments::*;
use crate::{Currency, Lease, UtcDateTime};

fn request() -> PaymentRequest {
    PaymentRequest {
        provider: provider("stripe"),
        kind: PaymentKind::Card,
        capabilities: capabilities(),
        method: None,
        return_url: None,
        amount: None,
        currency: Currency::default(),
        status: OrderStatus::Placed,
        placed_at: NOW,
        holder: id(0xA),
    }
}

fn begin_at(
    before: &OrderPayments,
    request: &PaymentRequest,
    now: UtcDateTime,
) -> (Result<Begun, BeginRefused>, OrderPayments) {
    let mut result = Err(BeginRefused::Unpayable(Unpayable::NothingDue));
    let after = updated_at(before, now, &required(), |update| result = update.pay(request));
    (result, after.payments)
}

fn begin(before: &OrderPayments, request: &PaymentRequest) -> (Result<Begun, BeginRefused>, OrderPayments) {
    begin_at(before, request, NOW)
}

fn minutes(n: u64) -> UtcDateTime {
    NOW + Duration::from_mins(n)
}

#[test]
fn a_payment_is_written_down_with_its_operation_before_the_provider_is_asked_r82_r90() {
    let (begun, after) = begin(&order(5000, vec![]), &request());
    let Ok(Begun::New(payment, operation)) = begun else { panic!("{begun:?}") };
    let [written] = &after.payments[..] else { panic!("one payment") };
    assert_eq!((written.id, written.status, written.amount), (payment, PaymentStatus::Pending, 5000));
    let [asked] = &after.operations[..] else { panic!("one operation") };
    assert_eq!((asked.id, asked.kind, asked.attempts), (operation, OperationKind::Begin, 1));
    assert_eq!(asked.lease, Some(Lease { holder: id(0xA), until: NOW + Duration::from_secs(30) }));
    assert_eq!(after.balance.status, OrderPaymentStatus::Pending);
}

#[test]
fn an_order_that_cannot_be_paid_is_refused_r82_r99() {
    let refused = |before: &OrderPayments, change: fn(&mut PaymentRequest)| {
        let mut changed = request();
        change(&mut changed);
        let (result, after) = begin(before, &changed);
        assert_eq!(after, *before, "nothing is written");
        result.unwrap_err()
    };
    let unpaid = order(5000, vec![]);
    assert_eq!(
        refused(&unpaid, |to| to.status = OrderStatus::Cancelled),
        BeginRefused::Unpayable(Unpayable::Cancelled)
    );
    assert_eq!(refused(&order(5000, vec![captured(1, 5000)]), |_| ()), BeginRefused::Unpayable(Unpayable::NothingDue));
    assert_eq!(refused(&unpaid, |to| to.amount = Some(5001)), BeginRefused::AboveDue { due: 5000 });
    assert_eq!(
        refused(&unpaid, |to| to.amount = Some(49)),
        BeginRefused::Unpayable(Unpayable::BelowMinimum { min: 50 })
    );
    assert_eq!(
        refused(&unpaid, |to| to.capabilities.max = 4999),
        BeginRefused::Unpayable(Unpayable::AboveMaximum { max: 4999 })
    );
    assert_eq!(
        refused(&unpaid, |to| to.capabilities.step = 3),
        BeginRefused::Unpayable(Unpayable::NotChargeable { step: 3 })
    );
    let other = order(5000, vec![payment(1, 5000)]);
    let in_progress = BeginRefused::InProgress(PaymentId(id(1)));
    assert_eq!(refused(&other, |to| to.provider = provider("test")), in_progress);
    assert_eq!(refused(&other, |to| to.amount = Some(100)), in_progress);
    assert_eq!(begin_at(&unpaid, &request(), minutes(30)).0, Err(BeginRefused::Unpayable(Unpayable::Expired)));
    assert!(begin_at(&unpaid, &request(), minutes(29)).0.is_ok());
}

#[test]
fn the_same_open_payment_is_found_again_r82() {
    let before = order(5000, vec![payment(1, 5000)]);
    let (begun, after) = begin(&before, &request());
    assert_eq!((begun, after), (Ok(Begun::Open(PaymentId(id(1)))), before.clone()));
    let voiding = updated(&before, |update| {
        update.void(PaymentId(id(1)), false, None).unwrap();
    });
    assert_eq!(begin(&voiding.payments, &request()).0, Err(BeginRefused::InProgress(PaymentId(id(1)))));
}

#[test]
fn a_transfer_that_came_in_part_lets_the_rest_be_paid_another_way_r82_r93() {
    let part = Payment { captured: 2000, authorised: 2000, ..transfer(1, 5000) };
    let (begun, after) = begin(&order(5000, vec![part]), &request());
    assert!(matches!(begun, Ok(Begun::New(..))));
    assert_eq!((after.payments[0].status, after.payments[1].amount), (PaymentStatus::Captured, 3000));
}

#[test]
fn online_payments_move_the_time_to_pay_up_to_a_bound_and_transfers_beyond_it_r80() {
    let pay_by = |before: Option<UtcDateTime>, request: &PaymentRequest, now| {
        let mut unpaid = order(5000, vec![]);
        unpaid.balance.pay_by = before;
        begin_at(&unpaid, request, now).1.balance.pay_by
    };
    let card = request();
    assert_eq!(pay_by(Some(minutes(30)), &card, minutes(20)), Some(minutes(50)));
    assert_eq!(pay_by(Some(minutes(115)), &card, minutes(110)), Some(minutes(120)), "two hours after placement");
    let week = Duration::from_hours(7 * 24);
    let capabilities = Capabilities { hold: week, ..capabilities() };
    let transfer = PaymentRequest { kind: PaymentKind::BankTransfer, capabilities, ..request() };
    assert_eq!(pay_by(Some(minutes(30)), &transfer, minutes(20)), Some(minutes(20) + week));
    // Whoever changes from a transfer to a card on the third day still has time.
    let third_day = minutes(3 * 24 * 60);
    assert_eq!(pay_by(Some(NOW + week), &card, third_day), Some(third_day + Duration::from_mins(30)));
}

#[test]
fn cash_is_paid_on_delivery_until_another_way_is_chosen_r93() {
    let cash = PaymentRequest { kind: PaymentKind::Cash, provider: provider("cash"), ..request() };
    let (_, after) = begin(&order(5000, vec![]), &cash);
    assert_eq!((after.balance.terms, after.balance.pay_by), (PaymentTerms::OnDelivery, None));
    assert!(after.balance.may_ship());
    let voided = Payment { status: PaymentStatus::Voided, ..after.payments[0].clone() };
    let before = OrderPayments { payments: vec![voided], ..after };
    let (_, after) = begin(&before, &request());
    assert_eq!(after.balance.terms, PaymentTerms::Prepaid);
    assert!(!after.balance.may_ship() && after.balance.pay_by.is_some());
}

#[test]
fn cash_that_is_given_up_leaves_an_order_that_nothing_waited_for_without_terms_r91_r93() {
    let after_cash = |placed_terms| {
        let cash = Payment { kind: PaymentKind::Cash, ..transfer(1, 5000) };
        let mut before = order(5000, vec![cash]);
        before.balance = OrderBalance { placed_terms, terms: PaymentTerms::OnDelivery, pay_by: None, ..before.balance };
        let after = updated(&before, |update| {
            let voided = snapshot(&before.payments[0], PaymentStatus::Voided);
            update.settle(PaymentId(id(1)), &voided, before.payments[0].version);
        });
        let OrderBalance { terms, status, pay_by, .. } = after.payments.balance;
        (terms, status, pay_by.is_some())
    };
    let (free, owed) = (OrderPaymentStatus::NotRequired, OrderPaymentStatus::Unpaid);
    assert_eq!(after_cash(Some(PaymentTerms::None)), (PaymentTerms::None, free, false));
    assert_eq!(after_cash(Some(PaymentTerms::Prepaid)), (PaymentTerms::Prepaid, owed, true));
    assert_eq!(after_cash(None), (PaymentTerms::Prepaid, owed, true), "it is not known any more");
}

#[test]
fn money_is_held_first_only_where_the_shop_wants_it_and_the_provider_can_r85() {
    let capture = |manual_capture| {
        let capabilities = Capabilities { manual_capture, ..capabilities() };
        let settings = Settings { capture: CaptureMode::Manual, ..required() };
        let request = PaymentRequest { capabilities, ..request() };
        let after = updated_at(&order(5000, vec![]), NOW, &settings, |update| {
            update.pay(&request).unwrap();
        });
        after.payments.payments[0].capture
    };
    assert_eq!((capture(true), capture(false)), (CaptureMode::Manual, CaptureMode::Automatic));
    assert_eq!(begin(&order(5000, vec![]), &request()).1.payments[0].capture, CaptureMode::Automatic);
}
