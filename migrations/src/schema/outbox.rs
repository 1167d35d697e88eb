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
