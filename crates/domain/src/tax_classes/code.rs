crate::code::code! {
    /// The code of a tax class. A product has one, which says which rates of a zone its price bears.
    TaxClassCode
}

/// The class of products that were given none.
impl Default for TaxClassCode {
    fn default() -> Self {
        Self::from_trusted("standard".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_code_is_1_to_32_plain_characters_r102_r103() {
        assert_eq!(TaxClassCode::parse("De_19.a-b").unwrap().as_str(), "De_19.a-b");
        assert!(TaxClassCode::parse(&"x".repeat(32)).is_ok());
        let code = |raw: &str| TaxClassCode::parse(raw).unwrap_err().code;
        assert_eq!(code(""), Code::TooShort);
        assert_eq!(code(&"x".repeat(33)), Code::TooLong);
        for bad in [" ", "a b", "ä", "a\n", "a/b"] {
            assert_eq!(code(bad), Code::Format, "{bad:?}");
        }
    }
}
