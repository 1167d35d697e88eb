use crate::sql::{Change, Sql};
use crate::table::CreateTable;

// What the data means, and so must not change under it.
pub const SETTINGS: CreateTable = CreateTable {
    migration: "m0065_settings",
    table: "settings",
    clustered: true,
    definition: "
        name {text(64)} NOT NULL,
        value {text(200)} NOT NULL,
        PRIMARY KEY (name)
    ",
};

const FROM_ORDERS: &str = "INSERT INTO settings (name, value)
    SELECT 'shop.currency', currency FROM orders
    WHERE NOT EXISTS (SELECT 1 FROM (SELECT name FROM settings WHERE name = 'shop.currency') AS known)
    ORDER BY id DESC LIMIT 1";

const FORGET: &str = "DELETE FROM settings WHERE name = 'shop.currency'";

// How often all settings of a topic were changed. The row is locked by the transaction that changes one, so that such
// transactions follow each other.
pub const SETTINGS_VERSIONS: CreateTable = CreateTable {
    migration: "m0073_settings_versions",
    table: "settings_versions",
    clustered: true,
    definition: "
        topic {text(32)} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (topic)
    ",
};

const FIRST_VERSION: &str = "INSERT INTO settings_versions (topic, version)
    SELECT 'pricing', 0 FROM (SELECT 1) AS one
    WHERE NOT EXISTS (SELECT 1 FROM (SELECT topic FROM settings_versions WHERE topic = 'pricing') AS known)";

const NO_VERSION: &str = "DELETE FROM settings_versions WHERE topic = 'pricing'";

pub const VERSION_OF_PRICING: Sql = Sql {
    migration: "m0074_version_of_pricing",
    sqlite: Some(Change { up: FIRST_VERSION, down: NO_VERSION }),
    server: Some(Change { up: FIRST_VERSION, down: NO_VERSION }),
};

// A shop that has sold something says in which currency. The first start writes that of any other one.
pub const CURRENCY_OF_ORDERS: Sql = Sql {
    migration: "m0066_currency_of_orders",
    sqlite: Some(Change { up: FROM_ORDERS, down: FORGET }),
    server: Some(Change { up: FROM_ORDERS, down: FORGET }),
};
