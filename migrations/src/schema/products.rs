use crate::column::AddColumn;
use crate::index::{CreateIndex, CreateUniqueIndex};
use crate::sql::{Change, Sql};
use crate::table::CreateTable;

pub const PRODUCTS: CreateTable = CreateTable {
    migration: "m0008_products",
    table: "products",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        sku {text(64)} NULL,
        name {text(200)} NOT NULL,
        description {long_text} NULL,
        price {int} NOT NULL,
        status {text(16)} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT products_sku_unique UNIQUE (sku),
        CONSTRAINT products_price_in_bounds CHECK (price BETWEEN 0 AND 1000000000000)
    ",
};

pub const PRODUCTS_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0009_products_by_status",
    index: "products_by_status",
    table: "products",
    columns: "status, id",
};

// For lists in order of name or price, of one status or of all. The price at the end lets a filter by price pass over a
// product without reading it.
pub const PRODUCTS_BY_NAME: CreateIndex = CreateIndex {
    migration: "m0040_products_by_name",
    index: "products_by_name",
    table: "products",
    columns: "name, id, price",
};

pub const PRODUCTS_BY_STATUS_AND_NAME: CreateIndex = CreateIndex {
    migration: "m0041_products_by_status_and_name",
    index: "products_by_status_and_name",
    table: "products",
    columns: "status, name, id, price",
};

pub const PRODUCTS_BY_PRICE: CreateIndex = CreateIndex {
    migration: "m0042_products_by_price",
    index: "products_by_price",
    table: "products",
    columns: "price, id",
};

pub const PRODUCTS_BY_STATUS_AND_PRICE: CreateIndex = CreateIndex {
    migration: "m0043_products_by_status_and_price",
    index: "products_by_status_and_price",
    table: "products",
    columns: "status, price, id",
};

// The words by which a product is found, with a space before, between and after them.
pub const PRODUCT_WORDS: Sql = Sql {
    migration: "m0044_product_words",
    // The number is what the index of SQLite calls the row.
    sqlite: Some(Change {
        up: "CREATE TABLE IF NOT EXISTS product_words (
            doc INTEGER NOT NULL PRIMARY KEY,
            product_id BLOB NOT NULL UNIQUE,
            words TEXT NOT NULL
        ) STRICT",
        down: "DROP TABLE IF EXISTS product_words",
    }),
    server: Some(Change {
        up: "CREATE TABLE IF NOT EXISTS product_words (
            product_id BINARY(16) NOT NULL,
            words MEDIUMTEXT NOT NULL,
            PRIMARY KEY (product_id),
            FULLTEXT KEY product_words_search (words)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        down: "DROP TABLE IF EXISTS product_words",
    }),
};

// SQLite has its full-text index in a table beside. It knows which words are in which row and nothing else; the words
// of one to three letters, counted without the mark before each, are found by their beginning at once.
pub const PRODUCT_SEARCH: Sql = Sql {
    migration: "m0045_product_search",
    sqlite: Some(Change {
        up: r#"CREATE VIRTUAL TABLE IF NOT EXISTS product_search USING fts5 (
            words,
            content = 'product_words', content_rowid = 'doc',
            tokenize = "ascii tokenchars '_'",
            detail = none, columnsize = 0, prefix = '3 4 5'
        )"#,
        down: "DROP TABLE IF EXISTS product_search",
    }),
    server: None,
};

// The name as lists are sorted by it. A product that was stored before there were keys has none until it is renewed, and
// until then its words are of the old form, too.
pub const PRODUCTS_NAME_KEY: AddColumn = AddColumn {
    migration: "m0057_products_name_key",
    table: "products",
    column: "name_key",
    definition: "{text(200)} NULL",
};

pub const PRODUCTS_BY_NAME_KEY: CreateIndex = CreateIndex {
    migration: "m0058_products_by_name_key",
    index: "products_by_name_key",
    table: "products",
    columns: "name_key, id, price",
};

pub const PRODUCTS_BY_STATUS_AND_NAME_KEY: CreateIndex = CreateIndex {
    migration: "m0059_products_by_status_and_name_key",
    index: "products_by_status_and_name_key",
    table: "products",
    columns: "status, name_key, id, price",
};

// For what was changed after some time, in order of the last change.
pub const PRODUCTS_BY_CHANGE: CreateIndex = CreateIndex {
    migration: "m0062_products_by_change",
    index: "products_by_change",
    table: "products",
    columns: "updated_at, id",
};

// How products are taxed and shipped. Older ones are taxed as most products, shipped, and have no known weight.
pub const PRODUCTS_TAX_CLASS: AddColumn = AddColumn {
    migration: "m0075_products_tax_class",
    table: "products",
    column: "tax_class",
    definition: "{text(32)} NOT NULL DEFAULT 'standard'",
};

pub const PRODUCTS_WEIGHT_GRAMS: AddColumn = AddColumn {
    migration: "m0076_products_weight_grams",
    table: "products",
    column: "weight_grams",
    definition: "{int} NOT NULL DEFAULT 0",
};

pub const PRODUCTS_SHIPPABLE: AddColumn = AddColumn {
    migration: "m0077_products_shippable",
    table: "products",
    column: "shippable",
    definition: "{int} NOT NULL DEFAULT 1",
};

// One product in 1,024, by which a search estimates how many have a word. The end of an id is random.
pub const PRODUCT_SAMPLES: Sql = Sql {
    migration: "m0095_product_samples",
    sqlite: Some(Change {
        up: "CREATE TABLE IF NOT EXISTS product_samples (
            product_id BLOB NOT NULL PRIMARY KEY,
            words TEXT NOT NULL
        ) STRICT",
        down: "DROP TABLE IF EXISTS product_samples",
    }),
    server: Some(Change {
        up: "CREATE TABLE IF NOT EXISTS product_samples (
            product_id BINARY(16) NOT NULL,
            words MEDIUMTEXT NOT NULL,
            PRIMARY KEY (product_id)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        down: "DROP TABLE IF EXISTS product_samples",
    }),
};

const SAMPLE_OF_PRODUCTS: Change = Change {
    up: "INSERT INTO product_samples (product_id, words)
        SELECT product_id, words FROM product_words
        WHERE SUBSTR(HEX(product_id), 30) IN ('000', '400', '800', 'C00')
            AND product_id NOT IN (SELECT product_id FROM product_samples)",
    down: "DELETE FROM product_samples",
};

pub const PRODUCT_SAMPLES_OF_BEFORE: Sql = Sql {
    migration: "m0096_product_samples_of_before",
    sqlite: Some(SAMPLE_OF_PRODUCTS),
    server: Some(SAMPLE_OF_PRODUCTS),
};

// A GTIN with 14 digits, so that zeros before it make no difference.
pub const PRODUCTS_BARCODE: AddColumn = AddColumn {
    migration: "m0166_products_barcode",
    table: "products",
    column: "barcode",
    definition: "{text(14)} NULL",
};

pub const PRODUCTS_BARCODE_UNIQUE: CreateUniqueIndex = CreateUniqueIndex(CreateIndex {
    migration: "m0167_products_barcode_unique",
    index: "products_barcode_unique",
    table: "products",
    columns: "barcode",
});

pub const PRODUCTS_COMPARE_AT_PRICE: AddColumn = AddColumn {
    migration: "m0168_products_compare_at_price",
    table: "products",
    column: "compare_at_price",
    definition: "{int} NULL",
};

pub const PRODUCTS_LOWEST_PRICE: AddColumn = AddColumn {
    migration: "m0169_products_lowest_price",
    table: "products",
    column: "lowest_price_30d",
    definition: "{int} NULL",
};

// For the products that are reduced, if there are few.
pub const PRODUCTS_BY_REDUCTION: CreateIndex = CreateIndex {
    migration: "m0170_products_by_reduction",
    index: "products_by_reduction",
    table: "products",
    columns: "compare_at_price, id",
};

// Every price that a product has had. `sequence` is the version of the product from which on it held.
pub const PRODUCT_PRICES: CreateTable = CreateTable {
    migration: "m0171_product_prices",
    table: "product_prices",
    clustered: true,
    definition: "
        product_id {id} NOT NULL,
        sequence {int} NOT NULL,
        at {int} NOT NULL,
        price {int} NOT NULL,
        compare_at_price {int} NULL,
        PRIMARY KEY (product_id, sequence)
    ",
};

// A product that was there before has had its price since it was created, as far as anybody knows.
const PRICES_OF_PRODUCTS: Change = Change {
    up: "INSERT INTO product_prices (product_id, sequence, at, price, compare_at_price)
        SELECT id, version, created_at, price, compare_at_price FROM products
        WHERE id NOT IN (SELECT product_id FROM product_prices)",
    down: "DELETE FROM product_prices",
};

pub const PRODUCT_PRICES_OF_BEFORE: Sql = Sql {
    migration: "m0172_product_prices_of_before",
    sqlite: Some(PRICES_OF_PRODUCTS),
    server: Some(PRICES_OF_PRODUCTS),
};

// Between these times a product is for sale.
pub const PRODUCTS_AVAILABLE_FROM: AddColumn = AddColumn {
    migration: "m0173_products_available_from",
    table: "products",
    column: "available_from",
    definition: "{int} NULL",
};

pub const PRODUCTS_AVAILABLE_UNTIL: AddColumn = AddColumn {
    migration: "m0174_products_available_until",
    table: "products",
    column: "available_until",
    definition: "{int} NULL",
};

pub const PRODUCTS_BY_BEGINNING: CreateIndex = CreateIndex {
    migration: "m0175_products_by_beginning",
    index: "products_by_beginning",
    table: "products",
    columns: "status, available_from",
};

pub const PRODUCTS_BY_END: CreateIndex = CreateIndex {
    migration: "m0176_products_by_end",
    index: "products_by_end",
    table: "products",
    columns: "status, available_until",
};
