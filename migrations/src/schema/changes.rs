use crate::column::AddColumn;
use crate::table::CreateTable;

pub const CHANGES: CreateTable = CreateTable {
    migration: "m0048_changes",
    table: "changes",
    clustered: true,
    // Rows are only added, so that no writer waits for another; they go after some minutes.
    definition: "
        id {id} NOT NULL,
        topic {text(32)} NOT NULL,
        PRIMARY KEY (id)
    ",
};

// Of products: the one that changed; all zeros if nothing that is counted did. Servers of previous versions leave it out,
// so that any product may have changed.
pub const CHANGES_PRODUCT_ID: AddColumn = AddColumn {
    migration: "m0177_changes_product_id",
    table: "changes",
    column: "product_id",
    definition: "{id} NULL",
};
