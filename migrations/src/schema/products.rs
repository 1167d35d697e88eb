use crate::index::CreateIndex;
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
