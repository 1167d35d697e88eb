use crate::index::CreateIndex;
use crate::sql::{Change, Sql};
use crate::table::CreateTable;

// The feed. Events come here from the outbox, each with its position, which has no gap.
pub const EVENTS: CreateTable = CreateTable {
    migration: "m0133_events",
    table: "events",
    clustered: false,
    definition: "
        position {int} NOT NULL,
        id {id} NOT NULL,
        event_type {text(100)} NOT NULL,
        stream {id} NOT NULL,
        data {text(2000)} NOT NULL,
        at {int} NOT NULL,
        PRIMARY KEY (position),
        CONSTRAINT events_id_unique UNIQUE (id)
    ",
};

pub const EVENTS_BY_STREAM: CreateIndex = CreateIndex {
    migration: "m0134_events_by_stream",
    index: "events_by_stream",
    table: "events",
    columns: "stream, position",
};

// One row. Whoever gives positions raises `next` from what it has read, so that nobody else gives the same ones.
pub const EVENT_POSITIONS: CreateTable = CreateTable {
    migration: "m0135_event_positions",
    table: "event_positions",
    clustered: true,
    definition: "
        id {int} NOT NULL,
        next {int} NOT NULL,
        holder {id} NULL,
        until_at {int} NOT NULL,
        PRIMARY KEY (id)
    ",
};

const FIRST: &str = "INSERT INTO event_positions (id, next, until_at)
    SELECT 1, 1, 0 FROM (SELECT 1) AS one
    WHERE NOT EXISTS (SELECT 1 FROM (SELECT id FROM event_positions) AS known)";

const NONE: &str = "DELETE FROM event_positions";

pub const FIRST_EVENT_POSITION: Sql = Sql {
    migration: "m0136_first_event_position",
    sqlite: Some(Change { up: FIRST, down: NONE }),
    server: Some(Change { up: FIRST, down: NONE }),
};
