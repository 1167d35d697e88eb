use super::{Barcode, Sku};
use crate::SearchText;

impl SearchText {
    /// The barcode that is searched for, if it is one.
    pub fn barcode(&self) -> Option<Barcode> {
        Barcode::parse(self.typed()).ok()
    }

    /// The SKU that is searched for, if it is one.
    pub fn sku(&self) -> Option<Sku> {
        Sku::parse(self.typed()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_may_be_a_sku_r223() {
        let sku = |raw| SearchText::parse(raw).unwrap().unwrap().sku();
        assert_eq!(sku(" TEA-1\u{200b} "), Sku::parse("TEA-1").ok());
        assert_eq!(sku(&"x".repeat(65)), None);
    }
}
