use crate::index::CreateIndex;
use crate::table::CreateTable;

// Logins to the office. `hash` is the SHA-256 of the secret in the cookie.
pub const SESSIONS: CreateTable = CreateTable {
    migration: "m0199_sessions",
    table: "sessions",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        account_id {id} NOT NULL,
        token_epoch {int} NOT NULL,
        hash {hash} NOT NULL,
        created_at {int} NOT NULL,
        seen_at {int} NOT NULL,
        expires_at {int} NOT NULL,
        agent {text(200)} NOT NULL,
        network {text(40)} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT sessions_hash_unique UNIQUE (hash),
        CONSTRAINT sessions_by_account UNIQUE (account_id, id),
        CONSTRAINT sessions_account_exists FOREIGN KEY (account_id) REFERENCES accounts (id)
    ",
};

pub const SESSIONS_BY_END: CreateIndex = CreateIndex {
    migration: "m0200_sessions_by_end",
    index: "sessions_by_end",
    table: "sessions",
    columns: "expires_at, id",
};
