use crate::table::CreateTable;

pub const CUSTOMERS: CreateTable = CreateTable {
    migration: "m0001_customers",
    table: "customers",
    clustered: false,
    // `email_key` is the address in lower case.
    definition: "
        id {id} NOT NULL,
        name {text(200)} NOT NULL,
        email {text(254)} NOT NULL,
        email_key {text(254)} NOT NULL,
        phone {text(16)} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT customers_email_unique UNIQUE (email_key)
    ",
};
