use domain::Price;
pub(crate) use domain::payments::Amount;
use serde_json::Value;

use crate::extract::read::{integer, shop_currency};
use crate::extract::{Fields, FromFields};

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
