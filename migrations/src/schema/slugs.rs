use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::sql::{Change, Sql};
use crate::table::CreateTable;

// Whose a name in addresses is, or was. The primary key makes it nobody else's.
pub const SLUGS: CreateTable = CreateTable {
    migration: "m0178_slugs",
    table: "slugs",
    clustered: true,
    definition: "
        kind {text(40)} NOT NULL,
        slug {text(80)} NOT NULL,
        resource_id {id} NOT NULL,
        is_current {bool} NOT NULL,
        PRIMARY KEY (kind, slug)
    ",
};

pub const SLUGS_BY_OWNER: CreateIndex =
    CreateIndex { migration: "m0179_slugs_by_owner", index: "slugs_by_owner", table: "slugs", columns: "resource_id" };

// The current slug, so that lists need no join. An older product has none until one is made.
pub const PRODUCTS_SLUG: AddColumn =
    AddColumn { migration: "m0180_products_slug", table: "products", column: "slug", definition: "{text(80)} NULL" };

const SLUGS_OF_GROUPS: Change = Change {
    up: "INSERT INTO slugs (kind, slug, resource_id, is_current)
        SELECT 'group', slug, id, 1 FROM product_groups WHERE id NOT IN (SELECT resource_id FROM slugs)",
    down: "DELETE FROM slugs",
};

pub const SLUGS_OF_GROUPS_OF_BEFORE: Sql =
    Sql { migration: "m0181_slugs_of_groups_of_before", sqlite: Some(SLUGS_OF_GROUPS), server: Some(SLUGS_OF_GROUPS) };

// No database folds names as the program does. These rows name the products whose slugs it has still to make, so that no
// index of products has to find them.
const SLUGS_TO_MAKE: Change = Change {
    up: "INSERT INTO slugs (kind, slug, resource_id, is_current)
        SELECT 'unmade', LOWER(HEX(id)), id, 0 FROM products
        WHERE slug IS NULL AND id NOT IN (SELECT resource_id FROM slugs)",
    down: "DELETE FROM slugs",
};

pub const SLUGS_OF_PRODUCTS_OF_BEFORE: Sql =
    Sql { migration: "m0182_slugs_of_products_of_before", sqlite: Some(SLUGS_TO_MAKE), server: Some(SLUGS_TO_MAKE) };

// What pages of products and product groups say besides. Few have it, and only they are read for it.
pub const PAGE_TEXTS: CreateTable = CreateTable {
    migration: "m0183_page_texts",
    table: "page_texts",
    clustered: false,
    definition: "
        resource_id {id} NOT NULL,
        seo_title {text(70)} NULL,
        seo_description {text(200)} NULL,
        description_html {long_text} NULL,
        PRIMARY KEY (resource_id)
    ",
};
