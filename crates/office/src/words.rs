//! What the office says of refusals whose explanation in the API names requests, fields or minor units.

use application::{AmountRefused, Conflict, Error};
use domain::Money;
use domain::imports::ImportStepRefused;
use domain::orders::OrderStatus;
use domain::payments::CaptureRefused;

use crate::host::Refusal;
use crate::parts::{amount, date};
use crate::request::Staff;

impl Staff {
    /// Explains a refusal. The office has its own sentence where that of the API is meant for programs.
    pub(crate) fn explain(&self, error: Error) -> Refusal {
        let own = of(&error);
        let refusal = self.office.host.explain(error);
        match own {
            Some(own) => Refusal { detail: own.into(), ..refusal },
            None => refusal,
        }
    }
}

/// The office's own sentence for a refusal; `None` if that of the API says the same to everybody.
pub(crate) fn of(error: &Error) -> Option<String> {
    Some(match error {
        Error::Invalid(_) => "Nothing was changed.".to_owned(),
        Error::Stale(_) => "Somebody has changed it meanwhile. Nothing was changed: open it again.".to_owned(),
        Error::Amount(refused) => of_amount(*refused),
        Error::Conflict(conflict) => return of_conflict(conflict),
        _ => return None,
    })
}

fn of_conflict(conflict: &Conflict) -> Option<String> {
    Some(match conflict {
        Conflict::OrderStep { status, allowed } => of_step(*status, allowed),
        Conflict::ImportStep(ImportStepRefused::Failed(rows)) => {
            format!("{rows} rows are refused. Start the import without them, or upload a file that is mended.")
        }
        Conflict::IsOption(code) => {
            format!("{code} tells the products of the group apart. It is changed on the page of the group.")
        }
        Conflict::StillRunning => {
            "This form was sent a moment ago and is not done yet. Send it again in a moment: it acts once.".to_owned()
        }
        Conflict::TaxRateHeld { since } => {
            format!("The rate holds since {}, and explains what was taxed. End it instead.", date(*since))
        }
        Conflict::EndpointStill(status) => format!("The endpoint is {}. Resume it first.", status.as_str()),
        Conflict::PaymentRequired { status, due } => {
            let status = status.as_str().replace('_', " ");
            format!("The order has to be paid first. It is {status}; {} are due.", amount(*due))
        }
        Conflict::NotCapturable { refused, currency } => {
            let money = |sum| amount(Money { amount: sum, currency: *currency });
            match *refused {
                CaptureRefused::Nothing => return None,
                CaptureRefused::AtMost(most) => format!("At most {} are held and due.", money(most)),
                CaptureRefused::OnlyAll(all) => format!("The provider captures all that is held, {}.", money(all)),
                CaptureRefused::NotChargeable { step } => format!("The provider takes multiples of {}.", money(step)),
            }
        }
        Conflict::NotRefundable(each) => match &each[..] {
            [] => "Nothing of its payments can be given back.".to_owned(),
            each => {
                let sums: Vec<_> = each.iter().map(|(_, money)| amount(*money)).collect();
                format!("No payment can give so much back. They can give {}.", sums.join(" and "))
            }
        },
        _ => return None,
    })
}

fn of_amount(refused: AmountRefused) -> String {
    let takes = match refused {
        AmountRefused::BelowMinimum(min) => format!("no less than {}", amount(min)),
        AmountRefused::AboveMaximum(max) => format!("no more than {}", amount(max)),
        AmountRefused::NotMultipleOf(step) => format!("only multiples of {}", amount(step)),
        AmountRefused::NotAll(all) => format!("only the whole amount, {}", amount(all)),
    };
    format!("The provider takes {takes}. Nothing was changed.")
}

fn of_step(status: OrderStatus, allowed: &[OrderStatus]) -> String {
    let next: Vec<_> = allowed
        .iter()
        .map(|to| match to {
            OrderStatus::Processing => "prepared",
            OrderStatus::Shipped => "shipped",
            OrderStatus::Delivered => "marked delivered",
            OrderStatus::Cancelled => "cancelled",
            OrderStatus::Placed => "placed",
        })
        .collect();
    let status = status.as_str();
    match &next[..] {
        [] => format!("The order is {status}, and stays so. Nothing was changed."),
        next => format!("The order is {status}. Nothing was changed; it can be {} now.", next.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;

    fn said(conflict: Conflict) -> String {
        of(&conflict.into()).unwrap().replace('\u{a0}', " ")
    }

    #[test]
    fn refusals_name_no_requests_and_no_minor_units_r240() {
        let step = |status: OrderStatus| said(Conflict::OrderStep { status, allowed: status.next() });
        assert_eq!(
            step(OrderStatus::Processing),
            "The order is processing. Nothing was changed; it can be shipped or cancelled now."
        );
        assert_eq!(step(OrderStatus::Delivered), "The order is delivered, and stays so. Nothing was changed.");
        assert_eq!(
            said(Conflict::ImportStep(ImportStepRefused::Failed(3))),
            "3 rows are refused. Start the import without them, or upload a file that is mended."
        );
        let due = Money { amount: 11_900, currency: Currency::parse("EUR").unwrap() };
        let status = domain::orders::OrderPaymentStatus::PartiallyPaid;
        assert_eq!(
            said(Conflict::PaymentRequired { status, due }),
            "The order has to be paid first. It is partially paid; 119.00 EUR are due."
        );
    }
}
