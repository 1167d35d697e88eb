use crate::table::CreateTable;

// Pictures whose sizes are in the store. `hash` is that of what was uploaded.
pub const MEDIA: CreateTable = CreateTable {
    migration: "m0143_media",
    table: "media",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        hash {hash} NOT NULL,
        type {text(16)} NOT NULL,
        encoding {text(8)} NOT NULL,
        bytes {int} NOT NULL,
        width {int} NOT NULL,
        height {int} NOT NULL,
        created_at {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT media_hash_unique UNIQUE (hash)
    ",
};

// Pictures that were deleted, until their files are.
pub const REMOVED_MEDIA: CreateTable = CreateTable {
    migration: "m0220_removed_media",
    table: "removed_media",
    clustered: true,
    definition: "
        id {id} NOT NULL,
        removed_at {int} NOT NULL,
        PRIMARY KEY (id)
    ",
};

// What shows which picture. A picture that is shown cannot go, which the key makes sure of even while both change at once.
pub const MEDIA_USES: CreateTable = CreateTable {
    migration: "m0144_media_uses",
    table: "media_uses",
    clustered: true,
    definition: "
        owner_kind {text(16)} NOT NULL,
        owner_id {id} NOT NULL,
        position {int} NOT NULL,
        media_id {id} NOT NULL,
        alt {text(300)} NULL,
        PRIMARY KEY (owner_kind, owner_id, position),
        CONSTRAINT media_uses_by_media UNIQUE (media_id, owner_kind, owner_id),
        CONSTRAINT media_uses_media_exists FOREIGN KEY (media_id) REFERENCES media (id)
    ",
};
