//! Which error each refusal of the domain is.

use domain::checkout::{CheckoutProblem, CodeOutcome, TotalRefused};
use domain::pricing::{PriceError, Refusal, Totals};
use domain::{Code, Currency, Invalid};

use crate::{Conflict, Error, FieldError};

/// Converts the error of a purchase whose price cannot be computed.
pub(crate) fn refuse_unpriced(error: PriceError, has_address: bool) -> Error {
    match error {
        PriceError::NoTaxRate(_) if !has_address => {
            Error::field("shipping_address", Invalid::new(Code::Required, "is required, since taxes depend on it"))
        }
        PriceError::Overflow(_) => Error::field("items", Invalid::new(Code::TooLarge, "the total is too large")),
        PriceError::NoTaxRate(class) => Error::NoTaxRate(class),
    }
}

/// The error of a purchase with problems: what is missing, or else what the current state does not allow.
pub(crate) fn refuse_problems(problems: &[CheckoutProblem]) -> Result<(), Error> {
    if problems.contains(&CheckoutProblem::EmailUnverified) {
        return Err(Error::EmailUnverified);
    }
    let lines: Vec<_> = problems
        .iter()
        .filter_map(|problem| match problem {
            CheckoutProblem::Line(refusal) => Some(*refusal),
            _ => None,
        })
        .collect();
    if !lines.is_empty() {
        return Err(Conflict::Lines(lines).into());
    }
    let required = |problem: &CheckoutProblem| {
        let field = match problem {
            CheckoutProblem::AddressMissing => "shipping_address",
            CheckoutProblem::MethodMissing => "shipping_method",
            CheckoutProblem::EmailUnverified | CheckoutProblem::Line(_) | CheckoutProblem::ShippingUnavailable => {
                return None;
            }
        };
        Some(FieldError::new(field, Invalid::new(Code::Required, "is required, since something is shipped")))
    };
    let missing: Vec<_> = problems.iter().filter_map(required).collect();
    match problems {
        [] => Ok(()),
        _ if missing.is_empty() => Err(Conflict::ShippingUnavailable.into()),
        _ => Err(Error::Invalid(missing)),
    }
}

/// The error if the expected total is missing or is not the total of the order.
pub(crate) fn refuse_total(refused: TotalRefused, totals: Totals, currency: Currency) -> Error {
    match refused {
        TotalRefused::Missing => {
            let why = "is required: the total of the quote that the buyer saw";
            Error::field("expected_total", Invalid::new(Code::Required, why))
        }
        TotalRefused::Changed => Conflict::TotalsChanged { totals, currency }.into(),
    }
}

/// The error of codes that do not apply: 409 if all their uses are gone, else each with its reason.
pub(crate) fn refuse_codes(outcomes: &[CodeOutcome]) -> Result<(), Error> {
    let refused: Vec<_> =
        outcomes.iter().enumerate().filter_map(|(place, one)| Some((place, one.result.err()?))).collect();
    match &refused[..] {
        [] => Ok(()),
        all if all.iter().all(|(_, refusal)| *refusal == Refusal::Exhausted) => {
            Err(Conflict::CouponExhausted(all.iter().map(|(place, _)| *place).collect()).into())
        }
        _ => Err(Error::Coupons(refused)),
    }
}
