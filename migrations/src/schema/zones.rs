use crate::sql::{Change, Sql};
use crate::table::CreateTable;

pub const ZONES: CreateTable = CreateTable {
    migration: "m0055_zones",
    table: "zones",
    clustered: false,
    // `words` are those of the name in lower case, with a blank before and after each, by which zones are found.
    definition: "
        id {id} NOT NULL,
        name {text(100)} NOT NULL,
        words {text(250)} NOT NULL,
        shipping_tax {text(40)} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT zones_name_unique UNIQUE (name)
    ",
};

pub const ZONE_MEMBERS: CreateTable = CreateTable {
    migration: "m0056_zone_members",
    table: "zone_members",
    clustered: true,
    // The country is `*` for all of them; region and prefix are empty if they do not count.
    definition: "
        zone_id {id} NOT NULL,
        country {text(2)} NOT NULL,
        region {text(100)} NOT NULL,
        postal_prefix {text(20)} NOT NULL,
        PRIMARY KEY (zone_id, country, region, postal_prefix),
        CONSTRAINT zone_members_zone_exists FOREIGN KEY (zone_id) REFERENCES zones (id)
    ",
};

// A hundred characters of a script without spaces have nearly a hundred words of two characters each.
pub const ZONES_LONG_WORDS: Sql = Sql {
    migration: "m0081_zones_long_words",
    sqlite: None,
    server: Some(Change {
        up: "ALTER TABLE zones MODIFY words TEXT NOT NULL",
        // There may be longer ones by now, and the version before writes into this column as well.
        down: "DO 0",
    }),
};
