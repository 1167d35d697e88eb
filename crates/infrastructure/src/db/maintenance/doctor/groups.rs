//! Product groups and their members.

use super::Rule;

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 4] = [
    (
        "a_member_has_a_group",
        "SELECT p.id AS subject, 'no such group' AS detail FROM products p
        WHERE p.group_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM product_groups g WHERE g.id = p.group_id)",
    ),
    (
        "a_member_has_one_term_for_each_option",
        "SELECT DISTINCT p.id AS subject, CONCAT('not one term of ', a.code) AS detail FROM products p
        JOIN group_options o ON o.group_id = p.group_id
        JOIN attributes a ON a.id = o.attribute_id
        WHERE (
            SELECT COUNT(*) FROM product_terms x JOIN terms t ON t.id = x.term_id
            WHERE x.product_id = p.id AND t.attribute_id = o.attribute_id AND x.inherited = 0
        ) <> 1",
    ),
    (
        // The key is unique within the group, and has 32 digits and a dot for each option.
        "the_key_of_a_member_is_that_of_its_terms",
        "SELECT DISTINCT p.id AS subject, 'the key is not that of its terms' AS detail FROM products p
        LEFT JOIN group_options o ON o.group_id = p.group_id
        LEFT JOIN terms t ON t.attribute_id = o.attribute_id
            AND EXISTS (SELECT 1 FROM product_terms x WHERE x.product_id = p.id AND x.term_id = t.id)
        WHERE p.group_id IS NOT NULL AND (
            (o.group_id IS NULL) <> (p.option_key IS NULL)
            OR SUBSTR(p.option_key, 1 + 33 * o.position, 32) <> LOWER(HEX(t.id))
            OR LENGTH(p.option_key) <> 33 * (SELECT COUNT(*) FROM group_options y WHERE y.group_id = p.group_id) - 1
        )",
    ),
    (
        "what_is_inherited_is_what_the_group_has",
        "SELECT p.id AS subject, 'has from its group what that has not' AS detail FROM products p
        LEFT JOIN product_groups g ON g.id = p.group_id
        WHERE p.inherits <> 0 AND COALESCE(p.description, '') <> COALESCE(g.description, '')
            OR p.group_id IS NULL AND p.inherits <> 0
            OR EXISTS (
                SELECT 1 FROM product_terms x
                LEFT JOIN group_terms y ON y.group_id = p.group_id AND y.term_id = x.term_id AND y.position = x.position
                WHERE x.product_id = p.id AND x.inherited <> 0 AND y.term_id IS NULL
            )
            OR EXISTS (
                SELECT 1 FROM product_values x
                LEFT JOIN group_values y ON y.group_id = p.group_id AND y.attribute_id = x.attribute_id
                    AND COALESCE(y.text, '') = COALESCE(x.text, '') AND COALESCE(y.number, 0) = COALESCE(x.number, 0)
                WHERE x.product_id = p.id AND x.inherited <> 0 AND y.attribute_id IS NULL
            )",
    ),
];
