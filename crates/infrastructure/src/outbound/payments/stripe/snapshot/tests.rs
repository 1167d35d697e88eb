use serde_json::{Value, json};

use super::*;

const ID: &str = "01890000-0000-7000-8000-000000000001";

fn intent(status: &str, change: impl FnOnce(&mut Value)) -> Intent {
    let mut object = json!({
        "id": "pi_1", "amount": 11_900, "amount_received": 0, "amount_capturable": 0, "currency": "eur",
        "status": status, "client_secret": "pi_1_secret_x", "latest_charge": null, "last_payment_error": null,
        "metadata": { "order_id": ID, "payment_id": ID },
    });
    change(&mut object);
    serde_json::from_value(object).unwrap()
}

fn read(intent: &Intent) -> Snapshot {
    of(intent, &[], &[], "pk_test_1").unwrap()
}

fn refund(status: &str, metadata: &Value) -> Refund {
    serde_json::from_value(json!({ "id": "re_1", "amount": 100, "status": status, "metadata": metadata })).unwrap()
}

fn dispute(status: &str) -> Dispute {
    let dispute = json!({
        "id": "dp_1", "amount": 100, "status": status, "reason": "fraudulent",
        "evidence_details": { "due_by": 1_700_000_000 },
    });
    serde_json::from_value(dispute).unwrap()
}

#[test]
fn every_status_of_stripe_has_one_of_ours_r95() {
    for (theirs, ours) in [
        ("requires_payment_method", PaymentStatus::RequiresAction),
        ("requires_confirmation", PaymentStatus::RequiresAction),
        ("requires_action", PaymentStatus::RequiresAction),
        ("processing", PaymentStatus::Processing),
        ("requires_capture", PaymentStatus::Authorised),
        ("succeeded", PaymentStatus::Captured),
        ("canceled", PaymentStatus::Voided),
    ] {
        let snapshot = read(&intent(theirs, |_| {}));
        assert_eq!(snapshot.status, ours, "{theirs}");
        let acts = matches!(snapshot.next_action, NextAction::ClientSecret { .. });
        assert_eq!(acts, ours == PaymentStatus::RequiresAction, "{theirs}");
    }
}

#[test]
fn an_unknown_answer_of_the_provider_leaves_the_outcome_open_r90() {
    let unknown = |intent: &Intent, refunds: &[Refund], disputes: &[Dispute]| {
        matches!(of(intent, refunds, disputes, "pk"), Err(Failure::Unknown { is_kept: true, .. }))
    };
    assert!(unknown(&intent("in_review", |_| {}), &[], &[]));
    assert!(unknown(&intent("succeeded", |one| one["currency"] = "zzz".into()), &[], &[]));
    assert!(unknown(&intent("succeeded", |one| one["currency"] = "irr".into()), &[], &[]));
    let isk = intent("succeeded", |one| (one["currency"], one["amount"]) = ("isk".into(), 550.into()));
    assert!(unknown(&isk, &[], &[]));
    let paid = intent("succeeded", |_| {});
    assert!(unknown(&paid, &[refund("reversed", &Value::Null)], &[]));
    assert!(unknown(&paid, &[], &[dispute("escalated")]));
}

#[test]
fn amounts_come_in_our_minor_units_r99() {
    let isk = intent("requires_capture", |one| {
        (one["currency"], one["amount"], one["amount_capturable"]) = ("isk".into(), 50_000.into(), 50_000.into());
    });
    let snapshot = read(&isk);
    assert_eq!(
        (snapshot.currency.code(), snapshot.amount, snapshot.authorised, snapshot.captured),
        ("ISK", 500, 500, 0)
    );
    let partly = intent("succeeded", |one| one["amount_received"] = 10_000.into());
    assert_eq!((read(&partly).authorised, read(&partly).captured), (10_000, 10_000));
}

#[test]
fn a_payment_says_how_it_was_paid_and_until_when_money_is_held_r95() {
    let card = json!({ "type": "card", "card": { "brand": "visa", "last4": "4242", "capture_before": 1_700_000_000 } });
    let with = |status, details: &Value| {
        read(&intent(status, |one| one["latest_charge"] = json!({ "id": "ch_1", "payment_method_details": details })))
    };
    let held = with("requires_capture", &card);
    assert_eq!(held.method_label.unwrap().as_str(), "Visa •••• 4242");
    assert_eq!(held.authorised_until.unwrap().unix_timestamp(), 1_700_000_000);
    assert_eq!(with("succeeded", &card).authorised_until, None);
    assert_eq!(with("processing", &json!({ "type": "sepa_debit" })).method_label.unwrap().as_str(), "Sepa debit");
    assert_eq!(read(&intent("succeeded", |one| one["latest_charge"] = "ch_1".into())).method_label, None);
}

#[test]
fn a_decline_has_its_own_code_r95() {
    let declined = intent("requires_payment_method", |one| {
        one["last_payment_error"] =
            json!({ "code": "card_declined", "decline_code": "expired_card", "message": "Expired." });
    });
    let error = read(&declined).error.unwrap();
    assert_eq!((error.code.as_str(), error.text.as_str()), ("expired_card", "Expired."));
}

#[test]
fn a_refund_of_ours_is_known_by_its_operation_r95() {
    let paid = intent("succeeded", |one| one["amount_received"] = 11_900.into());
    for (theirs, ours) in [
        ("pending", RefundStatus::Pending),
        ("requires_action", RefundStatus::Pending),
        ("succeeded", RefundStatus::Succeeded),
        ("failed", RefundStatus::Failed),
        ("canceled", RefundStatus::Failed),
    ] {
        let refunds = [refund(theirs, &json!({ "operation_id": ID })), refund(theirs, &Value::Null)];
        let read = of(&paid, &refunds, &[], "pk").unwrap().refunds;
        assert_eq!((read[0].status, read[0].amount), (ours, 100), "{theirs}");
        assert_eq!(read[0].operation, Some(OperationId(Uuid::try_parse(ID).unwrap())));
        assert_eq!(read[1].operation, None);
    }
}

#[test]
fn only_disputes_that_move_money_count_r96() {
    let paid = intent("succeeded", |_| {});
    for (theirs, ours) in [
        ("needs_response", Some(DisputeStatus::Open)),
        ("under_review", Some(DisputeStatus::Open)),
        ("won", Some(DisputeStatus::Won)),
        ("lost", Some(DisputeStatus::Lost)),
        ("warning_needs_response", None),
        ("warning_closed", None),
        ("prevented", None),
    ] {
        let read = of(&paid, &[], &[dispute(theirs)], "pk").unwrap().disputes;
        assert_eq!(read.first().map(|one| one.status), ours, "{theirs}");
        assert!(read.iter().all(|one| one.due_by.is_some() && one.reason.as_str() == "fraudulent"));
    }
}

#[test]
fn a_payment_that_the_shop_did_not_begin_names_no_order_r89() {
    let foreign = read(&intent("succeeded", |one| one["metadata"] = json!({ "order_id": "17" })));
    assert_eq!((foreign.order_id, foreign.payment_id), (None, None));
    assert_eq!(read(&intent("succeeded", |_| {})).order_id, Some(OrderId(Uuid::try_parse(ID).unwrap())));
}
