use crate::sql::{Change, Sql};
use crate::table::CreateTable;

pub const ATTRIBUTES: CreateTable = CreateTable {
    migration: "m0125_attributes",
    table: "attributes",
    clustered: true,
    definition: "
        id {id} NOT NULL,
        code {text(32)} NOT NULL,
        name {text(200)} NOT NULL,
        type {text(16)} NOT NULL,
        multiple {bool} NOT NULL,
        filterable {bool} NOT NULL,
        internal {bool} NOT NULL,
        hierarchical {bool} NOT NULL,
        unit {text(16)} NULL,
        position {int} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT attributes_code_unique UNIQUE (code)
    ",
};

/// Inserts the attributes that are there from the start, at the time that an expression gives in seconds. Their ids are
/// less than any other.
macro_rules! insert_at {
    ($seconds:literal) => {
        concat!(
            "INSERT INTO attributes
                (id, code, name, type, multiple, filterable, internal, hierarchical, unit, position, created_at,
                updated_at, version)
            SELECT built_in.id, built_in.code, built_in.name, 'choice', built_in.multiple, 1, 0, built_in.hierarchical,
                NULL, built_in.position, clock.now, clock.now, 1
            FROM (
                SELECT X'00000000000070008000000000000001' AS id, 'category' AS code, 'Category' AS name, 1 AS multiple,
                    1 AS hierarchical, 0 AS position
                UNION ALL SELECT X'00000000000070008000000000000002', 'brand', 'Brand', 0, 0, 1
                UNION ALL SELECT X'00000000000070008000000000000003', 'tag', 'Tag', 1, 0, 2
            ) AS built_in
            CROSS JOIN (SELECT ",
            $seconds,
            " * 1000000 AS now) AS clock
            WHERE NOT EXISTS (SELECT 1 FROM (SELECT code FROM attributes) AS known WHERE known.code = built_in.code)"
        )
    };
}

const FORGET: &str = "DELETE FROM attributes WHERE code IN ('category', 'brand', 'tag')";

pub const BUILT_IN_ATTRIBUTES: Sql = Sql {
    migration: "m0126_built_in_attributes",
    sqlite: Some(Change { up: insert_at!("unixepoch()"), down: FORGET }),
    server: Some(Change { up: insert_at!("UNIX_TIMESTAMP()"), down: FORGET }),
};
