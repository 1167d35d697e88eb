use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::indexed::AddIndexedColumn;
use crate::table::CreateTable;

pub const TERMS: CreateTable = CreateTable {
    migration: "m0127_terms",
    table: "terms",
    clustered: false,
    // `words` are those of the name, with a blank before and after each, by which terms are found.
    definition: "
        id {id} NOT NULL,
        attribute_id {id} NOT NULL,
        parent_id {id} NULL,
        name {text(200)} NOT NULL,
        words {long_text} NOT NULL,
        slug {text(80)} NOT NULL,
        position {int} NOT NULL,
        description {long_text} NULL,
        seo_title {text(70)} NULL,
        seo_description {text(200)} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT terms_slug_unique UNIQUE (attribute_id, slug)
    ",
};

pub const TERMS_BY_PLACE: CreateIndex = CreateIndex {
    migration: "m0128_terms_by_place",
    index: "terms_by_place",
    table: "terms",
    columns: "attribute_id, position, id",
};

pub const TERMS_BY_PARENT: CreateIndex = CreateIndex {
    migration: "m0129_terms_by_parent",
    index: "terms_by_parent",
    table: "terms",
    columns: "parent_id, position, id",
};

// What products have. `inherited` says that it is not of the product itself. A term that a product has cannot go, which
// the key makes sure of even while both change at once. Products are found by term through a unique constraint: a plain
// index that serves the foreign key could not be dropped on MySQL.
pub const PRODUCT_TERMS: CreateTable = CreateTable {
    migration: "m0130_product_terms",
    table: "product_terms",
    clustered: true,
    definition: "
        product_id {id} NOT NULL,
        term_id {id} NOT NULL,
        position {int} NOT NULL,
        inherited {bool} NOT NULL,
        PRIMARY KEY (product_id, term_id),
        CONSTRAINT product_terms_by_term UNIQUE (term_id, product_id),
        CONSTRAINT product_terms_term_exists FOREIGN KEY (term_id) REFERENCES terms (id)
    ",
};

pub const PRODUCT_VALUES: CreateTable = CreateTable {
    migration: "m0131_product_values",
    table: "product_values",
    clustered: false,
    // A text is not compared. A number is: a decimal in millionths, a date as a Julian day, false as 0 and true as 1.
    definition: "
        product_id {id} NOT NULL,
        attribute_id {id} NOT NULL,
        text {text(500)} NULL,
        number {int} NULL,
        inherited {bool} NOT NULL,
        PRIMARY KEY (product_id, attribute_id),
        CONSTRAINT product_values_by_number UNIQUE (attribute_id, number, product_id),
        CONSTRAINT product_values_attribute_exists FOREIGN KEY (attribute_id) REFERENCES attributes (id)
    ",
};

// The slugs that terms had before. They lead to their terms, and no other term of the attribute gets them.
pub const TERM_SLUGS: CreateTable = CreateTable {
    migration: "m0207_term_slugs",
    table: "term_slugs",
    clustered: true,
    definition: "
        attribute_id {id} NOT NULL,
        slug {text(80)} NOT NULL,
        term_id {id} NOT NULL,
        PRIMARY KEY (attribute_id, slug),
        CONSTRAINT term_slugs_by_term UNIQUE (term_id, slug)
    ",
};

// The folded name, by which a term is found. A term that was stored before there were keys has none until it is renewed.
pub const TERMS_NAME_KEY: AddIndexedColumn = AddIndexedColumn {
    column: AddColumn {
        migration: "m0215_terms_name_key",
        table: "terms",
        column: "name_key",
        definition: "{text(200)} NULL",
    },
    index: "terms_by_name_key",
    columns: "name_key, attribute_id",
};
