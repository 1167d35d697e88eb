use domain::{Code, Invalid, Price, Rule, Ruled};
use serde_json::Value;

use crate::extract::read::{integer, shop_currency};
use crate::extract::{Fields, FromFields};

/// An amount that moves: 1 to [`Price::MAX`] minor units.
pub(crate) struct Amount(i64);

impl Amount {
    fn parse(amount: i64) -> Result<Self, Invalid> {
        if amount < 1 {
            return Err(Invalid::new(Code::TooSmall, format!("must be a whole number from 1 to {}", Price::MAX)));
        }
        Price::parse(amount).map(|price| Self(price.amount()))
    }

    /// Minor units.
    pub(crate) const fn get(&self) -> i64 {
        self.0
    }
}

impl Ruled for Amount {
    fn rule() -> Rule {
        Rule::integer(1, Price::MAX)
    }
}

/// `{"amount": 1999, "currency": "USD"}`, in the shop's currency.
impl FromFields for Amount {
    const NAME: &'static str = "Amount";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let currency = shop_currency(fields.shop());
        let amount = fields.required("amount", &integer(Self::parse));
        fields.required("currency", &currency).and(amount)
    }

    fn example() -> Value {
        Price::example()
    }
}
