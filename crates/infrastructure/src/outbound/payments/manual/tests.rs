use domain::customers::CustomerId;
use domain::orders::OrderId;
use domain::payments::{CaptureMode, MockPaymentQueries, OperationId};
use domain::{StoreError, Version};

use super::*;

const KEY: OperationKey = OperationKey { operation: OperationId(Uuid::from_u128(7)), generation: 1 };

fn payment(captured: i64) -> Payment {
    Payment {
        id: PaymentId(Uuid::from_u128(1)),
        order_id: OrderId(Uuid::from_u128(2)),
        customer_id: CustomerId(Uuid::from_u128(3)),
        provider: ProviderName::from_trusted("manual".to_owned()),
        kind: PaymentKind::BankTransfer,
        reference: None,
        status: PaymentStatus::Processing,
        capture: CaptureMode::Automatic,
        method: None,
        return_url: None,
        method_label: None,
        currency: Currency::default(),
        amount: 1000,
        authorised: captured,
        captured,
        refunded: 0,
        capture_pending: 0,
        refund_pending: 0,
        disputed: 0,
        authorised_until: None,
        expiry_announced: None,
        last_error: None,
        finding: None,
        created_at: UtcDateTime::UNIX_EPOCH,
        updated_at: UtcDateTime::UNIX_EPOCH,
        version: Version(1),
    }
}

fn manual(payment: Result<Option<Payment>, StoreError>) -> Manual {
    let mut queries = MockPaymentQueries::new();
    queries.expect_get().return_once(move |_, _| payment);
    let hold = Duration::from_hours(7 * 24);
    Manual::bank_transfer("Bank transfer".to_owned(), "To DE00.".to_owned(), hold, Arc::new(queries))
}

fn reference() -> Reference {
    Reference::parse(&Uuid::from_u128(1).to_string()).unwrap()
}

fn money(amount: i64) -> Money {
    Money { amount, currency: Currency::default() }
}

#[tokio::test]
async fn a_transfer_begins_with_instructions_that_name_the_order_r93() {
    let new = NewPayment {
        payment_id: PaymentId(Uuid::from_u128(1)),
        order_id: OrderId(Uuid::from_u128(2)),
        order_label: "7F3K-92QX-T".to_owned(),
        amount: money(1000),
        capture: CaptureMode::Automatic,
        method: None,
        return_url: None,
    };
    let ProviderAnswer::Done(begun) = manual(Ok(None)).begin(&KEY, &new).await else { panic!() };
    assert_eq!((begun.status, begun.captured, begun.amount), (PaymentStatus::Processing, 0, 1000));
    let said = NextAction::Instructions { text: "To DE00.".to_owned(), reference: "7F3K-92QX-T".to_owned() };
    assert!(begun.next_action == said && begun.reference == reference());
}

#[tokio::test]
async fn a_transfer_is_void_as_long_as_no_money_came_r93() {
    let ProviderAnswer::Done(voided) = manual(Ok(Some(payment(0)))).void(&KEY, &reference()).await else { panic!() };
    assert_eq!(voided.status, PaymentStatus::Voided);
    let refused = manual(Ok(Some(payment(1)))).void(&KEY, &reference()).await;
    assert!(matches!(refused, ProviderAnswer::Refused { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_refund_waits_until_somebody_has_paid_it_r93() {
    let ProviderAnswer::Done(said) = manual(Ok(Some(payment(1000)))).refund(&KEY, &reference(), money(300)).await
    else {
        panic!()
    };
    let waiting =
        ProviderRefund { reference: None, operation: Some(KEY.operation), amount: 300, status: RefundStatus::Pending };
    assert_eq!((said.refunds, said.captured), (vec![waiting], 1000));
}

#[tokio::test]
async fn a_payment_of_another_provider_is_not_known_and_a_database_that_is_away_says_nothing_r93() {
    let other = Payment { provider: ProviderName::from_trusted("cash".to_owned()), ..payment(0) };
    assert!(matches!(manual(Ok(Some(other))).fetch(&reference()).await, ProviderAnswer::Refused { .. }));
    let away = Err(StoreError::Unavailable("away".into()));
    assert!(matches!(manual(away).fetch(&reference()).await, ProviderAnswer::Unknown { is_kept: false, .. }));
    let capture = manual(Ok(None)).capture(&KEY, &reference(), money(1)).await;
    assert!(matches!(capture, ProviderAnswer::Refused { .. }));
}
