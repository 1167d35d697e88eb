use crate::table::CreateTable;

// What staff note on orders and customers. The unique key is the index of lists, and no owner is pointed to: orders are
// never deleted, and customers with their notes.
pub const NOTES: CreateTable = CreateTable {
    migration: "m0201_notes",
    table: "notes",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        owner_kind {text(16)} NOT NULL,
        owner_id {id} NOT NULL,
        author_id {id} NOT NULL,
        text {text(2000)} NOT NULL,
        created_at {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT notes_by_owner UNIQUE (owner_kind, owner_id, id)
    ",
};
