//! How Stripe counts money. Its minor units are not always those of ISO 4217, and not every amount can be charged.

use domain::Currency;

/// Currencies with two decimals, at Stripe and in ISO 4217.
const ALIKE: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND", "BOB",
    "BRL", "BSD", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP", "CRC", "CVE", "CZK", "DKK", "DOP", "DZD",
    "EGP", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR",
    "ILS", "INR", "JMD", "KES", "KGS", "KHR", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MKD",
    "MMK", "MNT", "MOP", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB",
    "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SEK", "SGD", "SHP", "SLE",
    "SOS", "SRD", "SZL", "THB", "TJS", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "WST", "XCD",
    "YER", "ZAR", "ZMW",
];

/// Currencies without decimals, at Stripe and in ISO 4217.
const WHOLE: &[&str] =
    &["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];

/// Currencies with three decimals, at Stripe and in ISO 4217. Stripe wants the last digit to be 0.
const THOUSANDTHS: &[&str] = &["BHD", "JOD", "KWD", "OMR", "TND"];

/// Currencies without decimals in ISO 4217. Stripe still takes amounts with two decimals, which must be 00.
const WHOLE_IN_HUNDREDTHS: &[&str] = &["ISK", "UGX"];

/// Currencies with two decimals in ISO 4217, of which Stripe charges whole units only.
const HUNDREDTHS_IN_WHOLE: &[&str] = &["MGA"];

/// The least that Stripe charges, in our minor units. Of a currency that is not here, it is one step.
const MINIMA: &[(&str, i64)] = &[
    ("AED", 200),
    ("ARS", 50),
    ("AUD", 50),
    ("BRL", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("COP", 50),
    ("CZK", 1500),
    ("DKK", 250),
    ("EUR", 50),
    ("GBP", 30),
    ("HKD", 400),
    ("HUF", 17_500),
    ("IDR", 50),
    ("ILS", 50),
    ("INR", 50),
    ("JPY", 50),
    ("KRW", 50),
    ("MXN", 1000),
    ("MYR", 200),
    ("NOK", 300),
    ("NZD", 50),
    ("PHP", 50),
    ("PLN", 200),
    ("RON", 200),
    ("RUB", 50),
    ("SEK", 300),
    ("SGD", 50),
    ("THB", 1000),
    ("USD", 50),
    ("ZAR", 50),
];

/// The most that Stripe charges, in its units: 12 digits.
const MOST: i64 = 999_999_999_999;

/// How amounts of one currency are written for Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counting {
    /// What one of our minor units is for Stripe, as a fraction.
    times: i64,
    over: i64,
    /// The smallest step, in our minor units.
    pub step: i64,
    /// The smallest amount, in our minor units.
    pub min: i64,
    /// The largest amount, in our minor units.
    pub max: i64,
}

impl Counting {
    /// How Stripe counts this currency; `None` if it does not charge it.
    pub fn of(currency: Currency) -> Option<Self> {
        let code = currency.code();
        let is_in = |codes: &[&str]| codes.contains(&code);
        let (times, over, step) = match () {
            () if is_in(ALIKE) || is_in(WHOLE) => (1, 1, 1),
            () if is_in(THOUSANDTHS) => (1, 1, 10),
            () if is_in(WHOLE_IN_HUNDREDTHS) => (100, 1, 1),
            () if is_in(HUNDREDTHS_IN_WHOLE) => (1, 100, 100),
            () => return None,
        };
        let min = MINIMA.iter().find(|(known, _)| *known == code).map_or(step, |(_, min)| *min);
        let max = MOST / times * over;
        Some(Self { times, over, step, min, max: max - max % step })
    }

    /// An amount in Stripe's units; `None` if it is no multiple of the step, or above the largest amount.
    pub fn to_stripe(self, amount: i64) -> Option<i64> {
        let fits = (0..=self.max).contains(&amount) && amount % self.step == 0;
        fits.then(|| amount * self.times / self.over)
    }

    /// An amount of Stripe's in our minor units; `None` if it has no whole number of them.
    pub fn in_minor_units(self, amount: i64) -> Option<i64> {
        let amount = amount.checked_mul(self.over)?;
        (amount % self.times == 0).then(|| amount / self.times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Option<Counting> {
        Counting::of(Currency::parse(code).unwrap())
    }

    /// Every code of ISO 4217 that the domain knows.
    fn every_currency() -> Vec<Currency> {
        let letters = || (b'A'..=b'Z').map(char::from);
        let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
        codes.filter_map(|code| Currency::parse(&code).ok()).collect()
    }

    #[test]
    fn every_currency_of_iso_4217_is_counted_right_or_not_charged_r99() {
        let all = every_currency();
        assert!(all.len() > 160, "{}", all.len());
        for currency in all {
            let Some(counting) = Counting::of(currency) else { continue };
            let expected = match (currency.code(), currency.places()) {
                ("ISK" | "UGX", Some(0)) => (100, 1, 1),
                ("MGA", Some(2)) => (1, 100, 100),
                (_, Some(0 | 2)) => (1, 1, 1),
                (_, Some(3)) => (1, 1, 10),
                other => panic!("{other:?}"),
            };
            assert_eq!((counting.times, counting.over, counting.step), expected, "{}", currency.code());
            assert!(counting.min >= counting.step && counting.min % counting.step == 0, "{}", currency.code());
            assert!(counting.to_stripe(counting.max).is_some_and(|most| most <= MOST), "{}", currency.code());
            for amount in [counting.min, counting.min + counting.step, 1_000_000] {
                let theirs = counting.to_stripe(amount).unwrap();
                assert_eq!(counting.in_minor_units(theirs), Some(amount), "{}", currency.code());
            }
        }
    }

    #[test]
    fn the_table_names_each_currency_once_and_only_such_of_iso_4217_r99() {
        let groups = [ALIKE, WHOLE, THOUSANDTHS, WHOLE_IN_HUNDREDTHS, HUNDREDTHS_IN_WHOLE];
        let mut named: Vec<_> = groups.into_iter().flatten().copied().collect();
        assert!(named.iter().all(|code| of(code).is_some()));
        let places = |code: &str| Currency::parse(code).unwrap().places();
        assert!(ALIKE.iter().all(|code| places(code) == Some(2)));
        assert!(WHOLE.iter().all(|code| places(code) == Some(0)));
        assert!(MINIMA.iter().all(|(code, _)| named.contains(code)));
        let count = named.len();
        named.sort_unstable();
        named.dedup();
        assert_eq!(named.len(), count);
    }

    #[test]
    fn amounts_are_what_stripe_wants_r99() {
        for (code, ours, theirs) in [
            ("USD", 1099, Some(1099)),
            ("JPY", 500, Some(500)),
            ("KWD", 11_700, Some(11_700)),
            ("KWD", 11_699, None),
            ("ISK", 5, Some(500)),
            ("UGX", 5, Some(500)),
            ("MGA", 500, Some(5)),
            ("MGA", 550, None),
            ("USD", MOST, Some(MOST)),
            ("USD", MOST + 1, None),
            ("ISK", MOST, None),
            ("USD", -1, None),
        ] {
            assert_eq!(of(code).unwrap().to_stripe(ours), theirs, "{code} {ours}");
        }
        assert_eq!(of("ISK").unwrap().in_minor_units(550), None);
        assert_eq!(of("MGA").unwrap().in_minor_units(5), Some(500));
    }

    #[test]
    fn a_currency_that_stripe_does_not_charge_has_no_counting_r99() {
        for code in ["XAU", "XTS", "CLF", "IRR", "KPW", "LYD", "IQD"] {
            assert_eq!(of(code), None, "{code}");
        }
        assert_eq!((of("JPY").unwrap().min, of("USD").unwrap().min, of("VND").unwrap().min), (50, 50, 1));
    }
}
