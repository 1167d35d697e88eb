use domain::{Code, Currency, DecimalMark, Invalid, minor_units, plain_integer};

/// How the prices of a file are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prices {
    pub currency: Currency,
    /// `None` for whole minor units.
    pub decimal: Option<DecimalMark>,
}

impl Prices {
    /// The minor units of a written price.
    ///
    /// # Errors
    /// If it is written in any other way. It is never guessed: 20.00 is not 20 minor units.
    pub fn amount(self, raw: &str) -> Result<i64, Invalid> {
        match self.decimal {
            Some(mark) => minor_units(raw, mark, self.currency),
            None => plain_integer(raw).map_err(|invalid| match invalid.code {
                Code::Format => self.not_whole(),
                _ => invalid,
            }),
        }
    }

    fn not_whole(self) -> Invalid {
        let nines = "9".repeat(self.currency.places().unwrap_or_default());
        let mark = if nines.is_empty() { "" } else { "." };
        let example = format!("19{nines} for 19{mark}{nines} {}", self.currency.code());
        let message =
            format!("must be whole minor units in digits alone ({example}), unless --decimal names another form");
        Invalid::new(Code::Format, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_is_not_whole_says_what_is_allowed_in_the_currency() {
        for (currency, example) in
            [("USD", "1999 for 19.99 USD"), ("JPY", "19 for 19 JPY"), ("KWD", "19999 for 19.999 KWD")]
        {
            let prices = Prices { currency: Currency::parse(currency).unwrap(), decimal: None };
            let why = prices.amount("20.00").unwrap_err().message;
            assert!(why.contains(example), "{why}");
            assert_eq!(prices.amount("20"), Ok(20));
            assert_eq!(prices.amount("99999999999999999999").unwrap_err().code, Code::TooLarge);
        }
    }
}
