use std::fmt;

use super::{DisputeStatus, Payment, PaymentStatus, Refund, RefundOrigin, RefundStatus, Snapshot};

/// Something that a provider says otherwise than the shop. Amounts are minor units of the payment's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// The provider does not know the payment.
    OnlyHere,
    /// There it is of another order, payment or currency, or the provider calls it otherwise.
    Another,
    /// What is to be paid.
    Amount(Sides<i64>),
    /// What was taken.
    Captured(Sides<i64>),
    /// What went back by the provider.
    Refunded(Sides<i64>),
    /// The disputes that are open or lost.
    Disputed(Sides<i64>),
    /// What became of the payment.
    Status(Sides<PaymentStatus>),
}

/// What the shop says, and what the provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides<T> {
    /// What the shop says.
    pub here: T,
    /// What the provider says.
    pub there: T,
}

impl Difference {
    /// The rule that it breaks, for those who look after the shop.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::OnlyHere => "the_provider_has_the_payment",
            Self::Another => "a_payment_is_the_one_of_its_provider",
            Self::Amount(_) => "a_payment_has_the_amount_of_its_provider",
            Self::Captured(_) => "a_payment_took_what_its_provider_took",
            Self::Refunded(_) => "a_payment_gave_back_what_its_provider_gave_back",
            Self::Disputed(_) => "a_payment_is_disputed_as_at_its_provider",
            Self::Status(_) => "a_payment_has_the_status_of_its_provider",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnlyHere => f.write_str("the provider does not know it"),
            Self::Another => f.write_str("it is of another order, payment or currency there"),
            Self::Amount(Sides { here, there }) => write!(f, "amount {here} here, {there} there"),
            Self::Captured(Sides { here, there }) => write!(f, "captured {here} here, {there} there"),
            Self::Refunded(Sides { here, there }) => write!(f, "refunded {here} here, {there} there"),
            Self::Disputed(Sides { here, there }) => write!(f, "disputed {here} here, {there} there"),
            Self::Status(Sides { here, there }) => write!(f, "{} here, {} there", here.as_str(), there.as_str()),
        }
    }
}

impl Payment {
    /// What a provider says otherwise. `refunds` are all of the payment. Money that was given back by other means is no
    /// matter of the provider.
    pub fn differences(&self, refunds: &[Refund], said: &Snapshot) -> Vec<Difference> {
        let is_it = said.order_id == Some(self.order_id)
            && said.payment_id.is_none_or(|id| id == self.id)
            && said.currency == self.currency
            && self.reference.as_ref() == Some(&said.reference);
        if !is_it {
            return vec![Difference::Another];
        }
        let by_provider = |one: &&Refund| one.origin != RefundOrigin::Outside && one.status == RefundStatus::Succeeded;
        let given_back = said.refunds.iter().filter(|one| one.status == RefundStatus::Succeeded);
        let disputed = said.disputes.iter().filter(|one| one.status != DisputeStatus::Won);
        let refunded = Sides {
            here: refunds.iter().filter(by_provider).map(|one| one.amount).sum(),
            there: given_back.map(|one| one.amount).sum(),
        };
        let disputed = Sides { here: self.disputed, there: disputed.map(|one| one.amount).sum() };
        [
            differing(self.amount, said.amount).map(Difference::Amount),
            differing(self.captured, said.captured).map(Difference::Captured),
            differing(refunded.here, refunded.there).map(Difference::Refunded),
            differing(disputed.here, disputed.there).map(Difference::Disputed),
            differing(self.status, said.status).map(Difference::Status),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn differing<T: PartialEq>(here: T, there: T) -> Option<Sides<T>> {
    (here != there).then_some(Sides { here, there })
}

#[cfg(test)]
mod tests {
    use super::super::update::testing::{captured, id, paid, payment, reference, updated};
    use super::super::{
        PaymentId, ProviderCode, ProviderDispute, ProviderRefund, RefundReason, RefundRequest, Sides as Both,
    };
    use super::*;
    use crate::orders::OrderId;

    fn refund(amount: i64, status: RefundStatus) -> ProviderRefund {
        ProviderRefund { reference: Some(reference("re_1")), operation: None, amount, status }
    }

    #[test]
    fn equal_payments_on_both_sides_are_no_difference_r98() {
        let payment = captured(1, 100);
        assert_eq!(payment.differences(&[], &paid(&payment)), []);
        // A refund on its way, and money that was given back by other means.
        let request = RefundRequest {
            amount: 40,
            payment_id: None,
            reason: RefundReason::parse("damaged").unwrap(),
            note: None,
            outside: Some(reference("cash book")),
            holder: id(1),
        };
        let order = super::super::update::testing::order(100, vec![payment]);
        let after = updated(&order, |update| {
            update.refund(&request, |_| Some(super::super::update::testing::capabilities())).unwrap();
        });
        let payment = &after.payments.payments[0];
        let said = Snapshot { refunds: vec![refund(10, RefundStatus::Pending)], ..paid(payment) };
        assert_eq!(payment.refunded, 40);
        assert_eq!(payment.differences(&after.payments.refunds, &said), []);
    }

    #[test]
    fn each_difference_is_named_with_both_sides_r98() {
        let ours = payment(1, 100);
        let dispute = |status| ProviderDispute {
            reference: reference("dp_1"),
            amount: 70,
            reason: ProviderCode::new("fraudulent"),
            status,
            due_by: None,
        };
        let there = Snapshot {
            amount: 101,
            refunds: vec![refund(30, RefundStatus::Succeeded), refund(5, RefundStatus::Failed)],
            disputes: vec![dispute(DisputeStatus::Open), dispute(DisputeStatus::Won)],
            ..paid(&ours)
        };
        let said: Vec<_> = ours.differences(&[], &there).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "amount 100 here, 101 there",
                "captured 0 here, 100 there",
                "refunded 0 here, 30 there",
                "disputed 0 here, 70 there",
                "requires_action here, captured there",
            ]
        );
    }

    #[test]
    fn a_payment_of_another_order_is_compared_no_further_r98() {
        let ours = captured(1, 100);
        let said = paid(&ours);
        for other in [
            Snapshot { order_id: None, captured: 7, ..said.clone() },
            Snapshot { order_id: Some(OrderId(id(9))), ..said.clone() },
            Snapshot { payment_id: Some(PaymentId(id(9))), ..said.clone() },
            Snapshot { reference: reference("pi_9"), ..said.clone() },
        ] {
            assert_eq!(ours.differences(&[], &other), [Difference::Another]);
        }
        let unnamed = Snapshot { payment_id: None, ..said };
        assert_eq!(ours.differences(&[], &unnamed), []);
    }

    #[test]
    fn every_kind_of_difference_has_a_rule_of_its_own_r98() {
        let both = Both { here: 1, there: 2 };
        let status = Both { here: PaymentStatus::Voided, there: PaymentStatus::Captured };
        let all = [
            Difference::OnlyHere,
            Difference::Another,
            Difference::Amount(both),
            Difference::Captured(both),
            Difference::Refunded(both),
            Difference::Disputed(both),
            Difference::Status(status),
        ];
        let rules: std::collections::BTreeSet<_> = all.iter().map(|one| one.rule()).collect();
        assert_eq!(rules.len(), all.len());
    }
}
