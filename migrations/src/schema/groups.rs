use crate::column::AddColumn;
use crate::index::{CreateIndex, CreateUniqueIndex};
use crate::table::CreateTable;

pub const PRODUCT_GROUPS: CreateTable = CreateTable {
    migration: "m0155_product_groups",
    table: "product_groups",
    clustered: false,
    // `words` are those of the name, with a blank before and after each, by which groups are found.
    definition: "
        id {id} NOT NULL,
        name {text(200)} NOT NULL,
        words {long_text} NOT NULL,
        slug {text(80)} NOT NULL,
        description {long_text} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT product_groups_slug_unique UNIQUE (slug)
    ",
};

// An attribute that is an option cannot go, and so with what a group has.
pub const GROUP_OPTIONS: CreateTable = CreateTable {
    migration: "m0156_group_options",
    table: "group_options",
    clustered: true,
    definition: "
        group_id {id} NOT NULL,
        position {int} NOT NULL,
        attribute_id {id} NOT NULL,
        PRIMARY KEY (group_id, position),
        CONSTRAINT group_options_by_attribute UNIQUE (attribute_id, group_id),
        CONSTRAINT group_options_attribute_exists FOREIGN KEY (attribute_id) REFERENCES attributes (id)
    ",
};

pub const GROUP_TERMS: CreateTable = CreateTable {
    migration: "m0157_group_terms",
    table: "group_terms",
    clustered: true,
    definition: "
        group_id {id} NOT NULL,
        term_id {id} NOT NULL,
        position {int} NOT NULL,
        PRIMARY KEY (group_id, term_id),
        CONSTRAINT group_terms_by_term UNIQUE (term_id, group_id),
        CONSTRAINT group_terms_term_exists FOREIGN KEY (term_id) REFERENCES terms (id)
    ",
};

pub const GROUP_VALUES: CreateTable = CreateTable {
    migration: "m0158_group_values",
    table: "group_values",
    clustered: true,
    definition: "
        group_id {id} NOT NULL,
        attribute_id {id} NOT NULL,
        text {text(500)} NULL,
        number {int} NULL,
        PRIMARY KEY (group_id, attribute_id),
        CONSTRAINT group_values_by_attribute UNIQUE (attribute_id, group_id),
        CONSTRAINT group_values_attribute_exists FOREIGN KEY (attribute_id) REFERENCES attributes (id)
    ",
};

pub const PRODUCTS_GROUP: AddColumn =
    AddColumn { migration: "m0159_products_group", table: "products", column: "group_id", definition: "{id} NULL" };

// The ids of the terms of a member, in order of the options, in hexadecimal digits with dots between them.
pub const PRODUCTS_OPTION_KEY: AddColumn = AddColumn {
    migration: "m0160_products_option_key",
    table: "products",
    column: "option_key",
    definition: "{text(120)} NULL",
};

// Which texts of a member are those of its group: a bit for each.
pub const PRODUCTS_INHERITS: AddColumn = AddColumn {
    migration: "m0161_products_inherits",
    table: "products",
    column: "inherits",
    definition: "{int} NOT NULL DEFAULT 0",
};

pub const PRODUCTS_COMBINATION: CreateUniqueIndex = CreateUniqueIndex(CreateIndex {
    migration: "m0162_products_combination",
    index: "products_combination_unique",
    table: "products",
    columns: "group_id, option_key",
});

// For the members of a group in each order of a list.
pub const PRODUCTS_BY_GROUP: CreateIndex = CreateIndex {
    migration: "m0163_products_by_group",
    index: "products_by_group",
    table: "products",
    columns: "group_id, id",
};

pub const PRODUCTS_BY_GROUP_AND_PRICE: CreateIndex = CreateIndex {
    migration: "m0164_products_by_group_and_price",
    index: "products_by_group_and_price",
    table: "products",
    columns: "group_id, price, id",
};

pub const PRODUCTS_BY_GROUP_AND_NAME_KEY: CreateIndex = CreateIndex {
    migration: "m0165_products_by_group_and_name_key",
    index: "products_by_group_and_name_key",
    table: "products",
    columns: "group_id, name_key, id",
};
