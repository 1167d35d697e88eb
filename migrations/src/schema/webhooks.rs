use crate::index::CreateIndex;
use crate::table::CreateTable;

// Where events are sent to. `position` is how far in the feed each has come. The secrets are not here: each follows from
// the id, the generation, and a key of the shop.
pub const WEBHOOK_ENDPOINTS: CreateTable = CreateTable {
    migration: "m0138_webhook_endpoints",
    table: "webhook_endpoints",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        url {text(2000)} NOT NULL,
        types {text(1000)} NOT NULL,
        description {text(200)} NULL,
        status {text(8)} NOT NULL,
        generation {int} NOT NULL,
        rotated_at {int} NULL,
        position {int} NOT NULL,
        replay_after {int} NULL,
        replay_before {int} NULL,
        last_success_at {int} NULL,
        failures {int} NOT NULL,
        failing_since {int} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id)
    ",
};

// Without a foreign key: those of an endpoint that was deleted are deleted later, in batches.
pub const WEBHOOK_DELIVERIES: CreateTable = CreateTable {
    migration: "m0139_webhook_deliveries",
    table: "webhook_deliveries",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        endpoint_id {id} NOT NULL,
        event_id {id} NOT NULL,
        status {text(10)} NOT NULL,
        attempts {int} NOT NULL,
        spent {int} NOT NULL,
        next_at {int} NULL,
        lease_holder {id} NULL,
        lease_until {int} NULL,
        created_at {int} NOT NULL,
        done_at {int} NULL,
        PRIMARY KEY (id),
        CONSTRAINT webhook_deliveries_event_unique UNIQUE (endpoint_id, event_id)
    ",
};

// What is due. Also the list by status.
pub const WEBHOOK_DELIVERIES_BY_TURN: CreateIndex = CreateIndex {
    migration: "m0140_webhook_deliveries_by_turn",
    index: "webhook_deliveries_by_turn",
    table: "webhook_deliveries",
    columns: "endpoint_id, status, next_at",
};

pub const WEBHOOK_DELIVERIES_BY_END: CreateIndex = CreateIndex {
    migration: "m0141_webhook_deliveries_by_end",
    index: "webhook_deliveries_by_end",
    table: "webhook_deliveries",
    columns: "done_at",
};

// Each try of a delivery, with the beginning of what was answered.
pub const WEBHOOK_ATTEMPTS: CreateTable = CreateTable {
    migration: "m0142_webhook_attempts",
    table: "webhook_attempts",
    clustered: false,
    definition: "
        delivery_id {id} NOT NULL,
        no {int} NOT NULL,
        at {int} NOT NULL,
        status {int} NULL,
        duration_ms {int} NOT NULL,
        error {text(200)} NULL,
        answer {text(1024)} NULL,
        PRIMARY KEY (delivery_id, no)
    ",
};
