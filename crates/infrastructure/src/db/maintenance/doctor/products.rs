//! The prices of products.

use super::Rule;

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 2] = [
    (
        "the_history_of_prices_ends_with_the_price",
        "SELECT p.id AS subject, CONCAT('costs ', p.price, ', the history ends with ', COALESCE(h.price, 'nothing')) AS detail
        FROM products p
        LEFT JOIN (SELECT product_id, MAX(sequence) AS last FROM product_prices GROUP BY product_id) l
            ON l.product_id = p.id
        LEFT JOIN product_prices h ON h.product_id = l.product_id AND h.sequence = l.last
        WHERE h.price IS NULL OR h.price <> p.price
            OR COALESCE(h.compare_at_price, -1) <> COALESCE(p.compare_at_price, -1)",
    ),
    (
        "a_price_has_a_product",
        "SELECT DISTINCT h.product_id AS subject, 'no such product' AS detail FROM product_prices h
        WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = h.product_id)",
    ),
];
