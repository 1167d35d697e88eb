//! What was paid for an order, what went back, and what can be done about it.

use application::Error;
use domain::Money;
use domain::access::Noun::Payments;
use domain::access::Scope::Write;
use domain::orders::{Order, OrderScope};
use domain::payments::{OperationStatus, Payment, PaymentOperation, Refund};
use maud::{Markup, html};

use super::list::with_filter;
use crate::form::Form;
use crate::parts::{amount, badge, key, money, time};
use crate::payments::explained;
use crate::refunds::paid::to_pay;
use crate::request::Staff;

/// The payments of an order, with all that belongs to them.
#[derive(Default)]
pub(super) struct MoneyOf {
    /// Newest first.
    pub(super) payments: Vec<Payment>,
    /// Newest first.
    pub(super) refunds: Vec<Refund>,
    /// What providers were asked to do, and of which nobody can tell anything.
    unknown: Vec<PaymentOperation>,
}

impl MoneyOf {
    /// Those of an order; none if nothing was to be paid.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) async fn order(staff: &Staff, order: &Order) -> Result<Self, Error> {
        if order.balance.is_none() {
            return Ok(Self::default());
        }
        let queries = &staff.office.queries;
        let payments = queries.payments.of_order(order.id, OrderScope::All).await?;
        let refunds = queries.payments.refunds(order.id, OrderScope::All).await?;
        let mut unknown = Vec::new();
        for payment in payments.iter().filter(|payment| payment.finding.is_some()) {
            let asked = queries.payments.operations(payment.id).await?;
            unknown.extend(asked.into_iter().filter(|one| one.status == OperationStatus::Unknown));
        }
        Ok(Self { payments, refunds, unknown })
    }

    /// The sums, the payments and the refunds.
    pub(super) fn shown(&self, staff: &Staff, order: &Order) -> Markup {
        html! {
            section.card {
                h2 { "Payment" }
                (sums(order))
                @if !self.payments.is_empty() { (self.payments(staff)) }
                @if !self.refunds.is_empty() { (self.refunds(staff)) }
            }
        }
    }

    fn payments(&self, staff: &Staff) -> Markup {
        html! {
            table {
                thead { tr { th { "Payment" } th { "Status" } th.number { "Amount" } th.number { "Taken" } th {} } }
                tbody {
                    @for payment in &self.payments {
                        tr {
                            td data-label="Payment" {
                                (payment.method_label.as_ref().map_or(payment.provider.as_str(), |label| label.as_str()))
                                br; span.faint { (time(staff, payment.created_at)) }
                            }
                            td data-label="Status" { (badge(payment.status.as_str())) }
                            td.number data-label="Amount" { (money(payment.money(payment.amount))) }
                            td.number data-label="Taken" { (money(payment.money(payment.captured))) }
                            td { (self.actions(staff, payment)) }
                        }
                    }
                }
            }
            @for finding in self.payments.iter().filter_map(|payment| payment.finding) {
                p.in.fault { "Needs attention: " (finding.as_str().replace('_', " ")) ". " (explained(finding)) }
            }
        }
    }

    /// What can be done with a payment.
    fn actions(&self, staff: &Staff, payment: &Payment) -> Markup {
        let place = |verb: &str| staff.to(&with_filter(staff, &format!("payments/{}/{verb}", payment.id)));
        let is_open = payment.is_open();
        let has_provider = payment.kind.is_online() && payment.reference.is_some();
        html! {
            @if staff.may(Write(Payments)) {
                div.actions {
                    @if payment.held() > 0 { a.button data-opens href=(place("capture")) { "Capture" } }
                    @if !payment.kind.is_online() && is_open { a.button data-opens href=(place("receive")) { "Record payment" } }
                    @for one in self.unknown.iter().filter(|one| one.payment_id == payment.id) {
                        a.button data-opens href=(place(&format!("operations/{}/resolve", one.id))) { "Record the outcome" }
                    }
                    @if has_provider && (is_open || payment.finding.is_some()) {
                        form method="post" action=(place("sync")) { (key(staff, &Form::default())) button { "Ask the provider" } }
                    }
                    @if is_open && payment.is_untaken() { a.button data-opens href=(place("void")) { "Void" } }
                }
            }
        }
    }

    fn refunds(&self, staff: &Staff) -> Markup {
        let to_pay: Vec<_> = to_pay(&self.payments, &self.refunds).map(|refund| refund.id).collect();
        let may = staff.may(Write(Payments));
        html! {
            table {
                thead { tr { th { "Refund" } th { "Status" } th.number { "Amount" } @if may { th {} } } }
                tbody {
                    @for refund in &self.refunds {
                        @let is_to_pay = to_pay.contains(&refund.id);
                        tr {
                            td data-label="Refund" {
                                (refund.reason.as_str().replace('_', " "))
                                br; span.faint { (time(staff, refund.created_at)) }
                                @if is_to_pay { br; strong { "You have to pay it back yourself" } }
                            }
                            td data-label="Status" { (badge(refund.status.as_str())) }
                            td.number data-label="Amount" { (amount(Money { amount: refund.amount, currency: refund.currency })) }
                            @if may {
                                td {
                                    @if is_to_pay {
                                        a.button data-opens href=(staff.to(&with_filter(staff, &format!("refunds/{}/paid", refund.id)))) {
                                            "Mark as paid"
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sums(order: &Order) -> Markup {
    let of = |amount: i64| Money { amount, currency: order.total.currency };
    html! {
        @if let Some(balance) = &order.balance {
            dl.totals {
                dt { "Paid" } dd { (money(of(balance.captured))) }
                @if balance.authorised > 0 { dt { "Held" } dd { (money(of(balance.authorised))) } }
                @if balance.refunded > 0 { dt { "Refunded" } dd { (money(of(balance.refunded))) } }
                @if balance.due() > 0 { dt.total { "Due" } dd.total { (money(of(balance.due()))) } }
            }
        }
    }
}
