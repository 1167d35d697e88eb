use super::Rule;

/// The rules of pictures. Whether their files are there is not a question to the database.
pub(super) const RULES: [Rule; 2] = [
    (
        "what_shows_a_picture_exists",
        "SELECT u.owner_id AS subject, CONCAT('shows a picture, and there is no such ', u.owner_kind) AS detail
        FROM media_uses u
        WHERE CASE u.owner_kind
            WHEN 'product' THEN NOT EXISTS (SELECT 1 FROM products p WHERE p.id = u.owner_id)
            WHEN 'group' THEN NOT EXISTS (SELECT 1 FROM product_groups g WHERE g.id = u.owner_id)
            WHEN 'collection' THEN NOT EXISTS (SELECT 1 FROM collections c WHERE c.id = u.owner_id)
            WHEN 'term' THEN NOT EXISTS (SELECT 1 FROM terms t WHERE t.id = u.owner_id)
            ELSE 0 END",
    ),
    (
        "a_gallery_has_a_first_picture",
        "SELECT owner_id AS subject, CONCAT('begins at ', MIN(position)) AS detail
        FROM media_uses GROUP BY owner_kind, owner_id HAVING MIN(position) <> 0",
    ),
];
