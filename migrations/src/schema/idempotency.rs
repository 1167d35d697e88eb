use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::table::CreateTable;

pub const IDEMPOTENCY_KEYS: CreateTable = CreateTable {
    migration: "m0020_idempotency_keys",
    table: "idempotency_keys",
    clustered: false,
    // The account is all zeroes for a caller without one; status and body are NULL until there is an answer.
    definition: "
        account_id {id} NOT NULL,
        idempotency_key {text(255)} NOT NULL,
        fingerprint {hash} NOT NULL,
        status {int} NULL,
        location {text(500)} NULL,
        etag {text(100)} NULL,
        body {bytes} NULL,
        created_at {int} NOT NULL,
        PRIMARY KEY (account_id, idempotency_key)
    ",
};

pub const IDEMPOTENCY_KEYS_BY_AGE: CreateIndex = CreateIndex {
    migration: "m0021_idempotency_keys_by_age",
    index: "idempotency_keys_by_age",
    table: "idempotency_keys",
    columns: "created_at",
};

// The customer whose personal data is in the body.
pub const IDEMPOTENCY_KEYS_PERSONAL_TO: AddColumn = AddColumn {
    migration: "m0049_idempotency_keys_personal_to",
    table: "idempotency_keys",
    column: "personal_to",
    definition: "{id} NULL",
};

pub const IDEMPOTENCY_KEYS_BY_PERSON: CreateIndex = CreateIndex {
    migration: "m0050_idempotency_keys_by_person",
    index: "idempotency_keys_by_person",
    table: "idempotency_keys",
    columns: "personal_to",
};

// The whole response. Servers before it stored status, location, etag and body in columns of their own.
pub const IDEMPOTENCY_KEYS_RESPONSE: AddColumn = AddColumn {
    migration: "m0051_idempotency_keys_response",
    table: "idempotency_keys",
    column: "response",
    definition: "{bytes} NULL",
};
