use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::table::CreateTable;

pub const AUDIT_LOG: CreateTable = CreateTable {
    migration: "m0031_audit_log",
    table: "audit_log",
    clustered: false,
    // It outlives what it tells of, so it points at nothing. The fields are JSON: a list of pairs of name and value.
    definition: "
        id {id} NOT NULL,
        actor_id {id} NOT NULL,
        request_id {text(255)} NOT NULL,
        action {text(64)} NOT NULL,
        resource {text(32)} NOT NULL,
        resource_id {id} NOT NULL,
        fields_before {long_text} NOT NULL,
        fields_after {long_text} NOT NULL,
        at {int} NOT NULL,
        PRIMARY KEY (id)
    ",
};

pub const AUDIT_LOG_BY_ACTOR: CreateIndex = CreateIndex {
    migration: "m0032_audit_log_by_actor",
    index: "audit_log_by_actor",
    table: "audit_log",
    columns: "actor_id, id",
};

pub const AUDIT_LOG_BY_KIND: CreateIndex = CreateIndex {
    migration: "m0033_audit_log_by_kind",
    index: "audit_log_by_kind",
    table: "audit_log",
    columns: "resource, id",
};

pub const AUDIT_LOG_BY_RESOURCE: CreateIndex = CreateIndex {
    migration: "m0034_audit_log_by_resource",
    index: "audit_log_by_resource",
    table: "audit_log",
    columns: "resource_id, id",
};

pub const AUDIT_LOG_BY_TIME: CreateIndex = CreateIndex {
    migration: "m0035_audit_log_by_time",
    index: "audit_log_by_time",
    table: "audit_log",
    columns: "at, id",
};

// Whose account an entry is about that is deleted: nothing else leads from the customer to it then.
pub const AUDIT_LOG_CUSTOMER: AddColumn = AddColumn {
    migration: "m0217_audit_log_customer",
    table: "audit_log",
    column: "customer_id",
    definition: "{id} NULL",
};

// For the file of all that is kept of a customer, and for erasing it.
pub const AUDIT_LOG_BY_CUSTOMER: CreateIndex = CreateIndex {
    migration: "m0218_audit_log_by_customer",
    index: "audit_log_by_customer",
    table: "audit_log",
    columns: "customer_id",
};
