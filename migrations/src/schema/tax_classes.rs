use crate::sql::{Change, Sql};
use crate::table::CreateTable;

pub const TAX_CLASSES: CreateTable = CreateTable {
    migration: "m0082_tax_classes",
    table: "tax_classes",
    clustered: true,
    definition: "
        id {id} NOT NULL,
        code {text(32)} NOT NULL,
        name {text(100)} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT tax_classes_code_unique UNIQUE (code)
    ",
};

/// Inserts the class at the time that an expression gives in seconds. Its id is less than any other.
macro_rules! insert_at {
    ($seconds:literal) => {
        concat!(
            "INSERT INTO tax_classes (id, code, name, created_at, updated_at, version)
            SELECT X'00000000000070008000000000000001', 'standard', 'Standard', now, now, 1
            FROM (SELECT ",
            $seconds,
            " * 1000000 AS now) AS clock
            WHERE NOT EXISTS (SELECT 1 FROM (SELECT id FROM tax_classes WHERE code = 'standard') AS known)"
        )
    };
}

const FORGET: &str = "DELETE FROM tax_classes WHERE code = 'standard'";

// The class of products that were given none.
pub const STANDARD_TAX_CLASS: Sql = Sql {
    migration: "m0083_standard_tax_class",
    sqlite: Some(Change { up: insert_at!("unixepoch()"), down: FORGET }),
    server: Some(Change { up: insert_at!("UNIX_TIMESTAMP()"), down: FORGET }),
};
