use crate::table::CreateTable;

pub const LEASES: CreateTable = CreateTable {
    migration: "m0030_leases",
    table: "leases",
    clustered: true,
    definition: "
        task {text(64)} NOT NULL,
        holder {id} NOT NULL,
        until_at {int} NOT NULL,
        PRIMARY KEY (task)
    ",
};
