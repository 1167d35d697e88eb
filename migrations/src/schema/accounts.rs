use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::sql::{Change, Sql};
use crate::table::CreateTable;

pub const ACCOUNTS: CreateTable = CreateTable {
    migration: "m0002_accounts",
    table: "accounts",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        customer_id {id} NULL,
        username {text(32)} NOT NULL,
        password_hash {text(60)} NOT NULL,
        role {text(16)} NOT NULL,
        active {bool} NOT NULL,
        token_epoch {int} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT accounts_customer_unique UNIQUE (customer_id),
        CONSTRAINT accounts_username_unique UNIQUE (username),
        CONSTRAINT accounts_customer_exists FOREIGN KEY (customer_id) REFERENCES customers (id)
    ",
};

pub const REFRESH_TOKENS: CreateTable = CreateTable {
    migration: "m0003_refresh_tokens",
    table: "refresh_tokens",
    clustered: true,
    // The account comes first in the key, so that its tokens lie together.
    definition: "
        account_id {id} NOT NULL,
        id {id} NOT NULL,
        family_id {id} NOT NULL,
        hash {hash} NOT NULL,
        created_at {int} NOT NULL,
        expires_at {int} NOT NULL,
        spent_at {int} NULL,
        PRIMARY KEY (account_id, id),
        CONSTRAINT refresh_tokens_hash_unique UNIQUE (hash),
        CONSTRAINT refresh_tokens_account_exists FOREIGN KEY (account_id) REFERENCES accounts (id)
    ",
};

pub const REFRESH_TOKENS_BY_FAMILY: CreateIndex = CreateIndex {
    migration: "m0004_refresh_tokens_by_family",
    index: "refresh_tokens_by_family",
    table: "refresh_tokens",
    columns: "family_id",
};

pub const REFRESH_TOKENS_BY_END: CreateIndex = CreateIndex {
    migration: "m0005_refresh_tokens_by_end",
    index: "refresh_tokens_by_end",
    table: "refresh_tokens",
    columns: "expires_at",
};

pub const LOGIN_FAILURES: CreateTable = CreateTable {
    migration: "m0006_login_failures",
    table: "login_failures",
    clustered: true,
    definition: "
        throttle_key {text(80)} NOT NULL,
        failures {int} NOT NULL,
        since {int} NOT NULL,
        PRIMARY KEY (throttle_key),
        CONSTRAINT login_failures_counted CHECK (failures >= 1)
    ",
};

pub const LOGIN_FAILURES_BY_START: CreateIndex = CreateIndex {
    migration: "m0007_login_failures_by_start",
    index: "login_failures_by_start",
    table: "login_failures",
    columns: "since",
};

// For the administrators, who are locked together: without it every account would be.
pub const ACCOUNTS_BY_ROLE: CreateIndex = CreateIndex {
    migration: "m0023_accounts_by_role",
    index: "accounts_by_role",
    table: "accounts",
    columns: "role, id",
};

pub const KNOWN_NETWORKS: CreateTable = CreateTable {
    migration: "m0046_known_networks",
    table: "known_networks",
    clustered: true,
    definition: "
        account_id {id} NOT NULL,
        network {text(40)} NOT NULL,
        seen_at {int} NOT NULL,
        PRIMARY KEY (account_id, network),
        CONSTRAINT known_networks_account_exists FOREIGN KEY (account_id) REFERENCES accounts (id)
    ",
};

pub const KNOWN_NETWORKS_BY_AGE: CreateIndex = CreateIndex {
    migration: "m0047_known_networks_by_age",
    index: "known_networks_by_age",
    table: "known_networks",
    columns: "seen_at",
};

// When the account was last used, to the day.
pub const ACCOUNTS_SEEN_AT: AddColumn = AddColumn {
    migration: "m0053_accounts_seen_at",
    table: "accounts",
    column: "seen_at",
    definition: "{int} NOT NULL DEFAULT 0",
};

// Nobody knows when older accounts were last used, so they count as used now.
pub const ACCOUNTS_SEEN_NOW: Sql = Sql {
    migration: "m0054_accounts_seen_now",
    sqlite: Some(Change {
        up: "UPDATE accounts SET seen_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER) WHERE seen_at = 0",
        down: "UPDATE accounts SET seen_at = 0",
    }),
    server: Some(Change {
        up: "UPDATE accounts SET seen_at = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) WHERE seen_at = 0",
        down: "UPDATE accounts SET seen_at = 0",
    }),
};
