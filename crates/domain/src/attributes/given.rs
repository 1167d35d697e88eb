use super::{Attribute, AttributeText, AttributeType, Decimal, Scalar};
use crate::{Code, Invalid};

/// What somebody gives for an attribute, before its type is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeInput {
    /// Nothing: the value is taken away.
    Nothing,
    /// One text: of a choice the slug or id of a term, else a text, a decimal number or a day. An empty one takes the
    /// value away.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A number as it was written.
    Number(String),
    /// True or false.
    Boolean(bool),
}

/// What a product is to have of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    /// Nothing any more.
    Nothing,
    /// Terms, each named by its slug or id.
    Terms(Vec<String>),
    /// The value of an attribute that is no choice, of its type and within its bounds.
    Value(Scalar),
}

/// The most terms of a product.
pub(crate) const MOST_TERMS: usize = 100;

impl Attribute {
    /// The values that an input means.
    ///
    /// # Errors
    /// If it is of another type, or out of bounds.
    pub fn read(&self, given: &AttributeInput) -> Result<NewValue, Invalid> {
        let wrong = |message| Err(Invalid::new(Code::WrongType, message));
        let value = match (self.kind, given) {
            (_, AttributeInput::Nothing) => return Ok(NewValue::Nothing),
            (_, AttributeInput::Text(text)) if text.is_empty() => return Ok(NewValue::Nothing),
            (AttributeType::Choice, given) => return self.read_terms(given),
            (AttributeType::Text, AttributeInput::Text(text)) => Scalar::Text(AttributeText::parse(text)?),
            (AttributeType::Integer, AttributeInput::Number(number)) => Scalar::integer(number)?,
            (AttributeType::Integer, _) => return wrong("must be a whole number"),
            (AttributeType::Decimal, AttributeInput::Number(number) | AttributeInput::Text(number)) => {
                Scalar::Decimal(Decimal::parse(number)?)
            }
            (AttributeType::Decimal, _) => return wrong("must be a number, or one as a string"),
            (AttributeType::Boolean, AttributeInput::Boolean(value)) => Scalar::Boolean(*value),
            (AttributeType::Boolean, _) => return wrong("must be true or false"),
            (AttributeType::Date, AttributeInput::Text(day)) => Scalar::date(day)?,
            (AttributeType::Text | AttributeType::Date, _) => return wrong("must be a string"),
        };
        Ok(NewValue::Value(value))
    }

    fn read_terms(&self, given: &AttributeInput) -> Result<NewValue, Invalid> {
        match given {
            AttributeInput::Text(one) => Ok(NewValue::Terms(vec![one.clone()])),
            AttributeInput::Texts(texts) if self.is_multiple && texts.is_empty() => Ok(NewValue::Nothing),
            AttributeInput::Texts(texts) if self.is_multiple && texts.len() > MOST_TERMS => {
                Err(Invalid::new(Code::TooLong, format!("must have at most {MOST_TERMS} elements")))
            }
            AttributeInput::Texts(texts) if self.is_multiple => Ok(NewValue::Terms(texts.clone())),
            _ if self.is_multiple => Err(Invalid::new(Code::WrongType, "must be a list of terms, by slug or id")),
            _ => Err(Invalid::new(Code::WrongType, "must be a term, by slug or id")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::attribute;
    use super::*;

    fn text(text: &str) -> AttributeInput {
        AttributeInput::Text(text.to_owned())
    }

    fn number(text: &str) -> AttributeInput {
        AttributeInput::Number(text.to_owned())
    }

    #[test]
    fn each_type_takes_its_own_values_and_null_or_an_empty_text_takes_away_r203() {
        let value = |kind, given| {
            attribute("a", kind).read(&given).map(|wanted| match wanted {
                NewValue::Value(value) => value.to_string(),
                other => format!("{other:?}"),
            })
        };
        for kind in AttributeType::ALL {
            assert_eq!(value(*kind, AttributeInput::Nothing).unwrap(), "Nothing", "{kind:?}");
            assert_eq!(value(*kind, text("")).unwrap(), "Nothing", "{kind:?}");
        }
        assert_eq!(value(AttributeType::Text, text(" cotton ")).unwrap(), "cotton");
        assert_eq!(value(AttributeType::Integer, number("-350")).unwrap(), "-350");
        assert_eq!(value(AttributeType::Decimal, number("0.35")).unwrap(), "0.35");
        assert_eq!(value(AttributeType::Decimal, text("0.350")).unwrap(), "0.35");
        assert_eq!(value(AttributeType::Boolean, AttributeInput::Boolean(false)).unwrap(), "false");
        assert_eq!(value(AttributeType::Date, text("2026-11-27")).unwrap(), "2026-11-27");
        for (kind, given, code) in [
            (AttributeType::Text, number("1"), Code::WrongType),
            (AttributeType::Text, text(&"x".repeat(501)), Code::TooLong),
            (AttributeType::Integer, text("1"), Code::WrongType),
            (AttributeType::Integer, number("1.5"), Code::Format),
            (AttributeType::Decimal, AttributeInput::Boolean(true), Code::WrongType),
            (AttributeType::Boolean, text("true"), Code::WrongType),
            (AttributeType::Date, text("27.11.2026"), Code::Format),
            (AttributeType::Date, number("20261127"), Code::WrongType),
        ] {
            assert_eq!(value(kind, given.clone()).unwrap_err().code, code, "{kind:?} {given:?}");
        }
    }

    #[test]
    fn a_choice_takes_one_term_and_a_multiple_one_a_list_too_r203() {
        let one = attribute("colour", AttributeType::Choice);
        let several = Attribute { is_multiple: true, ..one.clone() };
        let list = |count: usize| AttributeInput::Texts((0..count).map(|n| n.to_string()).collect());
        assert_eq!(one.read(&text("blue")).unwrap(), NewValue::Terms(vec!["blue".to_owned()]));
        assert_eq!(several.read(&text("blue")).unwrap(), NewValue::Terms(vec!["blue".to_owned()]));
        assert_eq!(several.read(&list(2)).unwrap(), NewValue::Terms(vec!["0".to_owned(), "1".to_owned()]));
        assert_eq!(several.read(&list(0)).unwrap(), NewValue::Nothing);
        assert_eq!(one.read(&list(1)).unwrap_err().code, Code::WrongType);
        assert_eq!(several.read(&number("1")).unwrap_err().code, Code::WrongType);
        assert!(several.read(&list(100)).is_ok());
        assert_eq!(several.read(&list(101)).unwrap_err().code, Code::TooLong);
    }
}
