use crate::column::AddColumn;
use crate::sql::{Change, Sql};
use crate::table::CreateTable;

// Roles that the shop has made. The fixed ones stand in the program, so that they never change.
pub const ROLES: CreateTable = CreateTable {
    migration: "m0184_roles",
    table: "roles",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        name {text(32)} NOT NULL,
        scopes {text(1000)} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT roles_name_unique UNIQUE (name)
    ",
};

// Names of roles have up to 32 characters now.
pub const ACCOUNTS_LONG_ROLE: Sql = Sql {
    migration: "m0185_accounts_long_role",
    sqlite: None,
    server: Some(Change {
        up: "ALTER TABLE accounts MODIFY role VARCHAR(32) NOT NULL",
        // There may be longer ones by now.
        down: "DO 0",
    }),
};

// Keys outlive who made them, so that they point at nothing. Those that were deleted stay, for the audit log.
pub const API_KEYS: CreateTable = CreateTable {
    migration: "m0186_api_keys",
    table: "api_keys",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        name {text(100)} NOT NULL,
        prefix {text(8)} NOT NULL,
        hash {hash} NOT NULL,
        next_hash {hash} NULL,
        overlap_until {int} NULL,
        scopes {text(1000)} NOT NULL,
        made_by {text(40)} NOT NULL,
        created_at {int} NOT NULL,
        expires_at {int} NULL,
        last_used_at {int} NULL,
        last_used_network {text(40)} NULL,
        revoked_at {int} NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT api_keys_prefix_unique UNIQUE (prefix)
    ",
};

// Whether `actor_id` is that of a key, and not of an account.
pub const AUDIT_LOG_ACTOR_IS_KEY: AddColumn = AddColumn {
    migration: "m0187_audit_log_actor_is_key",
    table: "audit_log",
    column: "actor_is_key",
    definition: "{bool} NOT NULL DEFAULT 0",
};
