use super::{Shopify, WooCommerce};

crate::word::words! {
    /// Whose columns a file has.
    FileFormat {
        /// The shop's own.
        Plain = "plain",
        /// Those of Shopify.
        Shopify = "shopify",
        /// Those of `WooCommerce`.
        WooCommerce = "woocommerce",
    }
}

/// Whose columns a header has. What nobody else has is plain.
pub fn recognised(header: &[String]) -> FileFormat {
    if Shopify::is_header(header) {
        FileFormat::Shopify
    } else if WooCommerce::is_header(header) {
        FileFormat::WooCommerce
    } else {
        FileFormat::Plain
    }
}
