//! The slugs of products, product groups, collections and terms, and the texts of their pages.

use super::Rule;

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 8] = [
    (
        "the_slug_of_a_product_is_its_current_one",
        "SELECT p.id AS subject, CONCAT('is ', COALESCE(p.slug, 'none'), ', the current one is ', COALESCE(s.slug, 'none'))
            AS detail
        FROM products p LEFT JOIN slugs s ON s.resource_id = p.id AND s.kind = 'product' AND s.is_current <> 0
        WHERE COALESCE(p.slug, '') <> COALESCE(s.slug, '')",
    ),
    (
        "the_slug_of_a_product_group_is_its_current_one",
        "SELECT g.id AS subject, CONCAT('is ', g.slug, ', the current one is ', COALESCE(s.slug, 'none')) AS detail
        FROM product_groups g LEFT JOIN slugs s ON s.resource_id = g.id AND s.kind = 'group' AND s.is_current <> 0
        WHERE g.slug <> COALESCE(s.slug, '')",
    ),
    (
        "the_slug_of_a_collection_is_its_current_one",
        "SELECT c.id AS subject, CONCAT('is ', c.slug, ', the current one is ', COALESCE(s.slug, 'none')) AS detail
        FROM collections c LEFT JOIN slugs s ON s.resource_id = c.id AND s.kind = 'collection' AND s.is_current <> 0
        WHERE c.slug <> COALESCE(s.slug, '')",
    ),
    (
        "a_pin_has_a_collection",
        "SELECT DISTINCT p.collection_id AS subject, 'no such collection' AS detail FROM collection_pins p
        WHERE NOT EXISTS (SELECT 1 FROM collections c WHERE c.id = p.collection_id)",
    ),
    (
        "a_slug_has_an_owner",
        "SELECT DISTINCT s.resource_id AS subject, CONCAT('of no ', s.kind) AS detail FROM slugs s
        WHERE CASE s.kind
            WHEN 'product' THEN NOT EXISTS (SELECT 1 FROM products p WHERE p.id = s.resource_id)
            WHEN 'collection' THEN NOT EXISTS (SELECT 1 FROM collections c WHERE c.id = s.resource_id)
            WHEN 'group' THEN NOT EXISTS (SELECT 1 FROM product_groups g WHERE g.id = s.resource_id)
            ELSE 0 END",
    ),
    (
        "a_slug_that_a_term_had_leads_to_it",
        "SELECT s.term_id AS subject, CONCAT('no such term of the attribute had the slug ', s.slug) AS detail
        FROM term_slugs s
        WHERE NOT EXISTS (SELECT 1 FROM terms t WHERE t.id = s.term_id AND t.attribute_id = s.attribute_id)",
    ),
    (
        "a_slug_that_a_term_had_is_no_other_term_s",
        "SELECT s.term_id AS subject, CONCAT('another term has the slug ', s.slug) AS detail
        FROM term_slugs s
        JOIN terms t ON t.attribute_id = s.attribute_id AND t.slug = s.slug AND t.id <> s.term_id",
    ),
    (
        "texts_of_a_page_have_an_owner",
        "SELECT x.resource_id AS subject, 'no such product or product group' AS detail FROM page_texts x
        WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = x.resource_id)
            AND NOT EXISTS (SELECT 1 FROM product_groups g WHERE g.id = x.resource_id)",
    ),
];
