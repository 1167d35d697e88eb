use domain::carts::LineProblem;
use domain::orders::{EditRefused, PriceChange};
use domain::pricing::Rate;

use super::{Kind, Problem};

/// What may be wrong with a line, in words.
pub(super) fn codes_of_lines() -> Vec<&'static str> {
    LineProblem::ALL.iter().map(|problem| problem.as_str()).collect()
}

/// The problem of an order that is not edited.
pub(super) fn of_edit(refused: &EditRefused) -> Problem {
    match refused {
        EditRefused::Status(status) => Problem::new(
            Kind::ORDER_FIXED,
            format!("An order is edited until it is shipped or cancelled; this one is {}.", status.as_str()),
        ),
        EditRefused::Erased => {
            let detail = "The customer is erased, and the order holds nothing personal any more: it takes no text.";
            Problem::new(Kind::ORDER_FIXED, detail)
        }
        EditRefused::Price(changes) => {
            let changes: Vec<_> = changes.iter().map(change).collect();
            let detail = format!("The order keeps its price, which depends on where it goes: {}.", changes.join("; "));
            Problem::new(Kind::ADDRESS_CHANGES_PRICE, detail)
        }
    }
}

fn change(change: &PriceChange) -> String {
    match change {
        PriceChange::Shipping(code) => format!("the shipping method {code} does not ship there"),
        PriceChange::Taxes { before, after } => {
            format!("other taxes hold there, {} instead of {}", rates(after), rates(before))
        }
        PriceChange::ShippingTax => "shipping is taxed in another way there".to_owned(),
        PriceChange::Promotion(name) => format!("the promotion {} does not hold there", name.as_str()),
    }
}

/// Such as `Austrian VAT (20 %) and Deposit (10 %)`. Rates of several zones may have one code.
fn rates(rates: &[Rate]) -> String {
    let rate = |rate: &Rate| format!("{} ({} %)", rate.name.as_str(), rate.ppm.in_percent());
    if rates.is_empty() { "none".to_owned() } else { rates.iter().map(rate).collect::<Vec<_>>().join(" and ") }
}

#[cfg(test)]
mod tests {
    use domain::pricing::{PromotionName, RatePpm, TaxCode, TaxName};

    use super::*;

    fn rate(code: &str, ppm: i64) -> Rate {
        let (code, name) = (TaxCode::parse(code).unwrap(), TaxName::parse(code).unwrap());
        Rate::new(code, name, RatePpm::parse(ppm).unwrap(), true, None).unwrap()
    }

    #[test]
    fn a_refused_address_says_what_would_change_r138() {
        let changes = vec![
            PriceChange::Shipping("post".to_owned()),
            PriceChange::Taxes { before: vec![rate("NY", 82_500)], after: vec![] },
            PriceChange::Taxes { before: vec![rate("DE19", 190_000)], after: vec![rate("AT", 200_000), rate("X", 1)] },
            PriceChange::ShippingTax,
            PriceChange::Promotion(PromotionName::parse("Summer").unwrap()),
        ];
        let problem = of_edit(&EditRefused::Price(changes));
        assert_eq!(problem.status(), 409);
        assert_eq!(
            problem.detail(),
            "The order keeps its price, which depends on where it goes: the shipping method post does not ship there; \
             other taxes hold there, none instead of NY (8.25 %); other taxes hold there, AT (20 %) and X (0.0001 %) \
             instead of DE19 (19 %); shipping is taxed in another way there; the promotion Summer does not hold there."
        );
    }
}
