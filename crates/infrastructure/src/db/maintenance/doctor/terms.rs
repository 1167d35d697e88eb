//! Attributes, terms, and what products have of them.

use super::Rule;

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 5] = [
    (
        "a_term_has_an_attribute",
        "SELECT t.id AS subject, 'no such attribute' AS detail FROM terms t
        WHERE NOT EXISTS (SELECT 1 FROM attributes a WHERE a.id = t.attribute_id)",
    ),
    (
        "a_term_is_below_one_of_its_attribute",
        "SELECT t.id AS subject, 'is below nothing, or below a term of another attribute' AS detail FROM terms t
        LEFT JOIN terms p ON p.id = t.parent_id AND p.attribute_id = t.attribute_id
        WHERE t.parent_id IS NOT NULL AND p.id IS NULL",
    ),
    (
        // Who goes up eight steps and is not at the top is too deep, or goes round.
        "a_term_reaches_the_top_in_eight_steps",
        "SELECT a.id AS subject, CONCAT('too deep, or in a circle: ', a.slug) AS detail FROM terms a
        JOIN terms b ON b.id = a.parent_id
        JOIN terms c ON c.id = b.parent_id
        JOIN terms d ON d.id = c.parent_id
        JOIN terms e ON e.id = d.parent_id
        JOIN terms f ON f.id = e.parent_id
        JOIN terms g ON g.id = f.parent_id
        JOIN terms h ON h.id = g.parent_id
        WHERE h.parent_id IS NOT NULL",
    ),
    (
        "a_term_of_a_product_is_there",
        "SELECT DISTINCT x.product_id AS subject,
            CASE WHEN p.id IS NULL THEN 'no such product' ELSE 'no such term' END AS detail
        FROM product_terms x
        LEFT JOIN products p ON p.id = x.product_id
        LEFT JOIN terms t ON t.id = x.term_id
        WHERE p.id IS NULL OR t.id IS NULL",
    ),
    (
        "a_value_of_a_product_is_of_its_type",
        "SELECT DISTINCT x.product_id AS subject,
            CASE WHEN p.id IS NULL THEN 'no such product' WHEN a.id IS NULL THEN 'no such attribute'
                ELSE CONCAT('not of the type of ', a.code) END AS detail
        FROM product_values x
        LEFT JOIN products p ON p.id = x.product_id
        LEFT JOIN attributes a ON a.id = x.attribute_id
        WHERE p.id IS NULL OR a.id IS NULL OR a.type = 'choice'
            OR (a.type = 'text') <> (x.text IS NOT NULL) OR (a.type = 'text') <> (x.number IS NULL)",
    ),
];
