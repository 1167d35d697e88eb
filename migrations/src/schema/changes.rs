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
