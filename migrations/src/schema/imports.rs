use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::sql::{Change, Sql};
use crate::table::CreateTable;

// Files that make and change products. `position` is the line up to which the current step is done; `options` and `header`
// are JSON.
pub const IMPORTS: CreateTable = CreateTable {
    migration: "m0191_imports",
    table: "imports",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        status {text(16)} NOT NULL,
        options {long_text} NOT NULL,
        header {long_text} NOT NULL,
        row_count {int} NOT NULL,
        received {bool} NOT NULL,
        creates {int} NOT NULL,
        updates {int} NOT NULL,
        unchanged {int} NOT NULL,
        failed {int} NOT NULL,
        done {int} NOT NULL,
        position {int} NOT NULL,
        skips_failed {bool} NOT NULL,
        problem {long_text} NULL,
        actor {text(64)} NULL,
        held_by {id} NULL,
        held_until {int} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id)
    ",
};

pub const IMPORTS_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0192_imports_by_status",
    index: "imports_by_status",
    table: "imports",
    columns: "status, id",
};

// The rows of a file. `data` has its cells, `problem` what is refused, `before` what changed fields were, all in JSON.
pub const IMPORT_ROWS: CreateTable = CreateTable {
    migration: "m0193_import_rows",
    table: "import_rows",
    clustered: true,
    definition: "
        import_id {id} NOT NULL,
        line {int} NOT NULL,
        status {text(8)} NOT NULL,
        data {long_text} NOT NULL,
        problem {long_text} NULL,
        before_import {long_text} NULL,
        resource_id {id} NULL,
        PRIMARY KEY (import_id, line),
        CONSTRAINT import_rows_by_status UNIQUE (import_id, status, line)
    ",
};

// What is said of a row that is no refusal: a list of texts in JSON.
pub const IMPORT_ROWS_NOTES: AddColumn = AddColumn {
    migration: "m0209_import_rows_notes",
    table: "import_rows",
    column: "notes",
    definition: "{long_text} NULL",
};

// When the rows of an import went.
pub const IMPORTS_ROWS_REMOVED_AT: AddColumn = AddColumn {
    migration: "m0210_imports_rows_removed_at",
    table: "imports",
    column: "rows_removed_at",
    definition: "{int} NULL",
};

// One change of many products: the parameters by which they were chosen, and what changes of each, both in JSON.
pub const IMPORTS_SELECTION: AddColumn = AddColumn {
    migration: "m0202_imports_selection",
    table: "imports",
    column: "selection",
    definition: "{long_text} NULL",
};

pub const IMPORTS_BULK_CHANGE: AddColumn = AddColumn {
    migration: "m0203_imports_bulk_change",
    table: "imports",
    column: "bulk_change",
    definition: "{long_text} NULL",
};

// A row has as many bytes as the longest product needs, and so has what is said of it.
pub const IMPORT_ROWS_LONG_TEXTS: Sql = Sql {
    migration: "m0216_import_rows_long_texts",
    sqlite: None,
    server: Some(Change {
        up: "ALTER TABLE import_rows MODIFY data LONGTEXT NOT NULL, MODIFY problem LONGTEXT NULL,
            MODIFY before_import LONGTEXT NULL, MODIFY notes LONGTEXT NULL",
        // There may be longer ones by now.
        down: "DO 0",
    }),
};
