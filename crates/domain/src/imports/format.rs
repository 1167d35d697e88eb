use super::{Shopify, WooCommerce};

crate::word::words! {
    /// Whose columns a file has.
    FileFormat {
        /// The columns of Storekeeper, as an export has them.
        Plain = "plain",
        /// The columns of a product export of Shopify.
        Shopify = "shopify",
        /// The columns of a product export of `WooCommerce`.
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
