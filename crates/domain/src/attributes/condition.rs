use super::{Attribute, AttributeType, Decimal, Scalar};
use crate::{Code, Invalid};

impl NumberRange {
    /// Whether a number is in the range.
    pub fn contains(&self, number: i64) -> bool {
        self.from.is_none_or(|from| from <= number) && self.to.is_none_or(|to| number <= to)
    }
}

/// A range of numbers, as [`Scalar::number`] has them, with both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// The least one; `None` if there is none.
    pub from: Option<i64>,
    /// The greatest one; `None` if there is none.
    pub to: Option<i64>,
}

/// What a product must have of an attribute to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// One of the terms with these slugs. What is no slug names no term.
    Slugs(Vec<String>),
    /// A number in one of these ranges.
    Numbers(Vec<NumberRange>),
}

/// The most values of one filter.
const MOST: usize = 100;

impl Attribute {
    /// Parses a filter by this attribute: values with commas between them. Those of numbers and dates may be ranges:
    /// `300..500`, `..500`, `300..`.
    ///
    /// # Errors
    /// If there is no value or one of another type, too many, or a range that ends before it begins.
    pub fn sought(&self, raw: &str) -> Result<Sought, Invalid> {
        let values: Vec<_> = raw.split(',').map(str::trim).collect();
        if values.iter().any(|value| value.is_empty()) {
            return Err(Invalid::new(Code::Format, "must be values with commas between them, none of them empty"));
        }
        if values.len() > MOST {
            return Err(Invalid::new(Code::TooLong, format!("must be at most {MOST} values")));
        }
        if self.kind == AttributeType::Choice {
            return Ok(Sought::Slugs(values.into_iter().map(ToOwned::to_owned).collect()));
        }
        values.into_iter().map(|value| self.range(value)).collect::<Result<_, _>>().map(Sought::Numbers)
    }

    fn range(&self, raw: &str) -> Result<NumberRange, Invalid> {
        let end = |raw: &str| if raw.is_empty() { Ok(None) } else { self.number(raw).map(Some) };
        let (from, to) = match raw.split_once("..") {
            Some((from, to)) if self.kind != AttributeType::Boolean && !(from.is_empty() && to.is_empty()) => {
                (end(from)?, end(to)?)
            }
            _ => {
                let number = Some(self.number(raw)?);
                (number, number)
            }
        };
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Invalid::new(Code::TooSmall, "must be a range that does not end before it begins"));
        }
        Ok(NumberRange { from, to })
    }

    fn number(&self, raw: &str) -> Result<i64, Invalid> {
        let value = match self.kind {
            AttributeType::Integer => Scalar::integer(raw)?,
            AttributeType::Decimal => Scalar::Decimal(Decimal::parse(raw)?),
            AttributeType::Date => Scalar::date(raw)?,
            _ => match raw {
                "true" => Scalar::Boolean(true),
                "false" => Scalar::Boolean(false),
                _ => return Err(Invalid::new(Code::NotAllowed, "must be true or false")),
            },
        };
        Ok(value.number().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::attribute;
    use super::*;

    type Ends = (Option<i64>, Option<i64>);

    fn ranges(kind: AttributeType, raw: &str) -> Result<Vec<Ends>, Code> {
        match attribute("a", kind).sought(raw).map_err(|invalid| invalid.code)? {
            Sought::Numbers(ranges) => Ok(ranges.into_iter().map(|range| (range.from, range.to)).collect()),
            Sought::Slugs(slugs) => panic!("{slugs:?}"),
        }
    }

    #[test]
    fn numbers_and_dates_are_sought_by_ranges_with_both_ends_r220() {
        let integer = |raw| ranges(AttributeType::Integer, raw);
        assert_eq!(integer("300..500"), Ok(vec![(Some(300), Some(500))]));
        assert_eq!(integer("..500,-3,800.."), Ok(vec![(None, Some(500)), (Some(-3), Some(-3)), (Some(800), None)]));
        assert_eq!(integer("5..5"), Ok(vec![(Some(5), Some(5))]));
        assert_eq!(ranges(AttributeType::Decimal, "0.5..1.25"), Ok(vec![(Some(500_000), Some(1_250_000))]));
        let year = ranges(AttributeType::Date, "2026-01-01..2026-12-31").unwrap();
        assert_eq!(year[0].1.unwrap() - year[0].0.unwrap(), 364);
        assert_eq!(ranges(AttributeType::Boolean, "true"), Ok(vec![(Some(1), Some(1))]));
        for (raw, code) in [
            ("", Code::Format),
            ("1,", Code::Format),
            ("..", Code::Format),
            ("3..1", Code::TooSmall),
            ("1...5", Code::Format),
            ("a..b", Code::Format),
            ("1.5", Code::Format),
        ] {
            assert_eq!(integer(raw), Err(code), "{raw:?}");
        }
        assert_eq!(ranges(AttributeType::Boolean, "true..false"), Err(Code::NotAllowed));
    }

    #[test]
    fn terms_are_sought_by_their_slugs_r220() {
        let colour = attribute("colour", AttributeType::Choice);
        let slugs = colour.sought("blue, red").unwrap();
        assert_eq!(slugs, Sought::Slugs(vec!["blue".to_owned(), "red".to_owned()]));
        assert_eq!(colour.sought(" ").unwrap_err().code, Code::Format);
        assert!(colour.sought(&vec!["x"; 100].join(",")).is_ok());
        assert_eq!(colour.sought(&vec!["x"; 101].join(",")).unwrap_err().code, Code::TooLong);
    }

    proptest! {
        #[test]
        fn no_filter_is_too_strange_to_be_read_or_refused_r220(
            raw in "[-0-9.,: a-z]{0,12}|\\PC{0,20}|[0-9]{1,30}(\\.\\.[0-9]{0,30})?(,[-0-9.]{0,25}){0,120}",
        ) {
            for kind in [
                AttributeType::Choice,
                AttributeType::Integer,
                AttributeType::Decimal,
                AttributeType::Boolean,
                AttributeType::Date,
            ] {
                match attribute("a", kind).sought(&raw) {
                    Ok(Sought::Slugs(slugs)) => prop_assert!(!slugs.is_empty() && slugs.len() <= MOST),
                    Ok(Sought::Numbers(ranges)) => {
                        prop_assert!(!ranges.is_empty() && ranges.len() <= MOST);
                        let is_range = |range: &NumberRange| match (range.from, range.to) {
                            (Some(from), Some(to)) => from <= to,
                            (from, to) => from.is_some() || to.is_some(),
                        };
                        prop_assert!(ranges.iter().all(is_range), "{:?}", ranges);
                    }
                    Err(invalid) => prop_assert!(!invalid.message.is_empty()),
                }
            }
        }
    }
}
