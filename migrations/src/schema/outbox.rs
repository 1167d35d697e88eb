use crate::column::AddColumn;
use crate::table::CreateTable;

pub const OUTBOX: CreateTable = CreateTable {
    migration: "m0022_outbox",
    table: "outbox",
    clustered: true,
    definition: "
        id {id} NOT NULL,
        topic {text(100)} NOT NULL,
        subject {id} NOT NULL,
        at {int} NOT NULL,
        PRIMARY KEY (id)
    ",
};

// What is said of the event. NULL for older ones, which say too little for the feed.
pub const OUTBOX_DATA: AddColumn =
    AddColumn { migration: "m0132_outbox_data", table: "outbox", column: "data", definition: "{text(2000)} NULL" };
