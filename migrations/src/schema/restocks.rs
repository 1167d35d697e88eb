use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::table::CreateTable;

pub const RESTOCKS: CreateTable = CreateTable {
    migration: "m0026_restocks",
    table: "restocks",
    clustered: true,
    // `open_product_id` is the product while the restock is open and NULL afterwards, so that the unique key lets a
    // product have one open restock and any number of closed ones.
    definition: "
        id {id} NOT NULL,
        product_id {id} NOT NULL,
        quantity {int} NOT NULL,
        status {text(16)} NOT NULL,
        open_product_id {id} NULL,
        opened_at {int} NOT NULL,
        closed_at {int} NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT restocks_one_open UNIQUE (open_product_id),
        CONSTRAINT restocks_quantity_in_bounds CHECK (quantity BETWEEN 1 AND 1000000000)
    ",
};

pub const RESTOCKS_BY_PRODUCT: CreateIndex = CreateIndex {
    migration: "m0027_restocks_by_product",
    index: "restocks_by_product",
    table: "restocks",
    columns: "product_id",
};

pub const RESTOCKS_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0028_restocks_by_status",
    index: "restocks_by_status",
    table: "restocks",
    columns: "status, id",
};

pub const RESTOCKS_BY_AGE: CreateIndex = CreateIndex {
    migration: "m0029_restocks_by_age",
    index: "restocks_by_age",
    table: "restocks",
    columns: "status, opened_at, id",
};

// What was ordered, beside what came. NULL for older ones, whose quantity says both.
pub const RESTOCKS_ORDERED_QUANTITY: AddColumn = AddColumn {
    migration: "m0206_restocks_ordered_quantity",
    table: "restocks",
    column: "ordered_quantity",
    definition: "{int} NULL",
};
