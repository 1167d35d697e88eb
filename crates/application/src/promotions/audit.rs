use std::fmt::Display;

use domain::addresses::CountryCode;
use domain::pricing::{Action, Conditions, PromotionClass};
use domain::promotions::{Promotion, PromotionCode, UsageLimit};
use domain::{Price, UtcDateTime, Uuid};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

/// The most codes that one entry of the audit log names.
const NAMED: usize = 20;

impl Audited for Promotion {
    const RESOURCE: &'static str = "promotion";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let Conditions { min_subtotal, min_quantity, products, countries, first_order } = &self.conditions;
        let countries = countries.iter().map(CountryCode::as_str);
        let combines = self.combines.iter().copied().map(PromotionClass::as_str);
        vec![
            field("name", &self.name),
            field("status", self.status.as_str()),
            field("class", self.class.as_str()),
            field("action", &action(self.action)),
            optional("conditions.min_subtotal", min_subtotal.map(Price::amount).as_ref()),
            optional("conditions.min_quantity", min_quantity.as_ref()),
            optional("conditions.products", list(products.iter()).as_ref()),
            optional("conditions.countries", list(countries).as_ref()),
            field("conditions.first_order", first_order),
            optional("targets.products", list(self.targets.0.iter()).as_ref()),
            optional("combines", list(combines).as_ref()),
            field("code_needed", &self.code_needed),
            field("priority", &self.priority.get()),
            field("starts_at", &time(self.starts_at)),
            optional("ends_at", self.ends_at.map(time).as_ref()),
            optional("usage_limit", self.usage_limit.map(UsageLimit::get).as_ref()),
            optional("per_customer_limit", self.per_customer_limit.map(UsageLimit::get).as_ref()),
        ]
    }
}

/// Codes of one promotion, so that the audit log has them as a change of it.
pub(super) struct Codes<'a> {
    pub(super) promotion_id: Uuid,
    pub(super) codes: &'a [PromotionCode],
}

impl Audited for Codes<'_> {
    const RESOURCE: &'static str = Promotion::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.promotion_id
    }

    fn fields(&self) -> Vec<Field> {
        let named = self.codes.iter().take(NAMED).map(|code| code.coupon.text.to_string());
        let others = self.codes.len().saturating_sub(NAMED);
        let more = (others > 0).then(|| format!("and {others} more"));
        vec![optional("codes", list(named.chain(more)).as_ref())]
    }
}

fn action(action: Action) -> String {
    match action {
        Action::Percent(off) => format!("{} ppm", off.get()),
        Action::Amount(off) => off.amount().to_string(),
        Action::AmountEach(off) => format!("{} each", off.amount()),
        Action::BuyGet(group) => {
            let most = group.max_times.map(|times| format!(", at most {times} times")).unwrap_or_default();
            format!("buy {}, get {} at {} ppm off{most}", group.buy, group.get, group.off.get())
        }
    }
}

/// The elements with commas between them; `None` if there are none.
fn list(elements: impl Iterator<Item = impl Display>) -> Option<String> {
    let elements: Vec<_> = elements.map(|element| element.to_string()).collect();
    (!elements.is_empty()).then(|| elements.join(", "))
}

fn time(at: UtcDateTime) -> String {
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{PROMOTION, summer};
    use super::*;
    use crate::testing::NOW;
    use domain::pricing::{BuyGet, CouponKey, CouponText, RatePpm};
    use domain::promotions::CodeDetails;

    #[test]
    fn each_action_has_a_text_of_its_own_in_the_audit_log_r104() {
        let off = RatePpm::parse(500_000).unwrap();
        let amount = Price::parse(500).unwrap();
        let group = |max_times| Action::BuyGet(BuyGet { buy: 2, get: 1, off, max_times });
        for (given, text) in [
            (Action::Percent(off), "500000 ppm"),
            (Action::Amount(amount), "500"),
            (Action::AmountEach(amount), "500 each"),
            (group(None), "buy 2, get 1 at 500000 ppm off"),
            (group(Some(3)), "buy 2, get 1 at 500000 ppm off, at most 3 times"),
        ] {
            let fields = Promotion { action: given, ..summer() }.fields();
            assert!(fields.contains(&("action", Some(text.to_owned()))), "{fields:?}");
        }
    }

    #[test]
    fn an_entry_of_the_audit_log_names_at_most_20_codes_r105() {
        let code = |n: usize| {
            let text = CouponText::parse(&format!("C{n}")).unwrap();
            let key = CouponKey::of(&text).unwrap();
            PromotionCode::new(PROMOTION, CodeDetails { text, key, usage_limit: None, customer_id: None }, NOW)
        };
        let codes: Vec<_> = (0..25).map(code).collect();
        let named = |codes| Codes { promotion_id: PROMOTION.0, codes }.fields().remove(0).1.unwrap();
        assert_eq!(named(&codes[..2]), "C0, C1");
        assert!(named(&codes).ends_with("C19, and 5 more"));
    }
}
