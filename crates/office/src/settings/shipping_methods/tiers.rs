//! Tiers of a shipping method as people write them: one in each line, such as `2000: 6.90 + 1.00 per 1000`.

use domain::pricing::{Basis, Tier, TierCost, TierStep, Tiers};
use domain::{Code, Currency, Invalid, Money, Price, plain_integer};

use crate::parts::{number, typed_money};

/// What stands for a cost where the method is not offered.
const NOT_OFFERED: &str = "not offered";

/// The tiers, one in each line. A basis of money is written as money.
pub(super) fn lines(tiers: &Tiers, basis: Basis, currency: Currency) -> String {
    let money = |amount: i64| number(Money { amount, currency });
    let value = |value: i64| if basis == Basis::Subtotal { money(value) } else { value.to_string() };
    let line = |Tier { from, cost }: &Tier| {
        let cost = match cost {
            None => NOT_OFFERED.to_owned(),
            Some(TierCost { amount, step: None }) => money(amount.amount()),
            Some(TierCost { amount, step: Some(TierStep { per, amount: each }) }) => {
                format!("{} + {} per {}", money(amount.amount()), money(each.amount()), value(*per))
            }
        };
        format!("{}: {cost}", value(*from))
    };
    tiers.as_slice().iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The tiers that are written.
///
/// # Errors
/// The line that is refused, with the reason.
pub(super) fn typed(raw: &str, basis: Basis, currency: Currency) -> Result<Tiers, Invalid> {
    let written: Vec<_> = raw.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let read = |line: &&str| tier(line, basis, currency).map_err(|why| of_line(line, "", &why));
    let tiers: Result<Vec<_>, _> = written.iter().map(read).collect();
    Tiers::parse(tiers?).map_err(|refused| {
        let Some((path, why)) = refused.into_iter().next() else { return malformed() };
        // Such as `[1].from`.
        let place = path.trim_start_matches('[').split_once("].");
        match place.and_then(|(place, field)| Some((written.get(place.parse::<usize>().ok()?)?, field))) {
            Some((line, field)) => of_line(line, field, &why),
            None => why,
        }
    })
}

/// The reason with the line and the part of it that it is about.
fn of_line(line: &str, part: &str, why: &Invalid) -> Invalid {
    let part = match part {
        "from" => "where it begins ",
        "per" => "the step ",
        _ => "",
    };
    Invalid::new(why.code, format!("{line}: {part}{}", why.message))
}

fn malformed() -> Invalid {
    Invalid::new(Code::Format, "must be as in: 0: 4.90, or 2000: 6.90 + 1.00 per 1000, or 31500: not offered")
}

fn tier(line: &str, basis: Basis, currency: Currency) -> Result<Tier, Invalid> {
    let price = |raw: &str| Price::parse(typed_money(raw, currency)?);
    let value = |raw: &str| if basis == Basis::Subtotal { typed_money(raw, currency) } else { plain_integer(raw) };
    // A price alone is the one tier of a method that costs the same for all.
    let (from, cost) = line.split_once(':').unwrap_or(("0", line));
    let (from, cost) = (value(from)?, cost.trim());
    if cost.eq_ignore_ascii_case(NOT_OFFERED) {
        return Ok(Tier { from, cost: None });
    }
    let (amount, step) = cost.split_once('+').map_or((cost, None), |(amount, step)| (amount, Some(step)));
    let step = match step {
        None => None,
        Some(step) => {
            let (each, per) = step.split_once("per").ok_or_else(malformed)?;
            Some(TierStep { per: value(per)?, amount: price(each)? })
        }
    };
    Ok(Tier { from, cost: Some(TierCost { amount: price(amount)?, step }) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str, basis: Basis) -> Result<String, String> {
        let currency = Currency::default();
        let tiers = typed(raw, basis, currency).map_err(|why| why.message.into_owned())?;
        Ok(lines(&tiers, basis, currency))
    }

    #[test]
    fn tiers_are_written_as_they_are_shown_r245() {
        let by_weight = "0: 4.90\n2000: 6.90 + 1.00 per 1000\n31500: not offered";
        assert_eq!(shown(by_weight, Basis::Weight).as_deref(), Ok(by_weight));
        assert_eq!(
            shown(" 0 : 4,90 \r\n\r\n 2000:6.9+1 per 1000\n31500: Not offered", Basis::Weight).as_deref(),
            Ok(by_weight)
        );
        assert_eq!(shown("5", Basis::Flat).as_deref(), Ok("0: 5.00"));
        let by_goods = "0.00: 4.90\n50.00: 0.00";
        assert_eq!(shown("0: 4.90\n50: 0", Basis::Subtotal).as_deref(), Ok(by_goods));
        let tiers = typed(by_goods, Basis::Subtotal, Currency::default()).unwrap();
        assert_eq!(tiers.as_slice()[1].from, 5000, "goods are written as money");
    }

    #[test]
    fn a_line_that_is_no_tier_is_named_with_the_reason_r245_r249() {
        let refused = |raw: &str| shown(raw, Basis::Weight).unwrap_err();
        assert_eq!(refused("1: 2"), "1: 2: where it begins must be 0 in the first tier");
        assert_eq!(refused("0: 2\n0: 3"), "0: 3: where it begins must be greater than in the tier before");
        assert_eq!(
            refused("0: 2 + 1 per 0"),
            "0: 2 + 1 per 0: the step must be a whole number from 1 to 1000000000000"
        );
        assert!(refused("0: 2 + 1").ends_with("or 31500: not offered"));
        assert!(refused("0: 1,999").contains("could be"), "{}", refused("0: 1,999"));
        assert!(refused("a: 1").starts_with("a: 1: "));
    }
}
