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

// A shop that has sold something says in which currency. The first start writes that of any other one.
pub const CURRENCY_OF_ORDERS: Sql = Sql {
    migration: "m0066_currency_of_orders",
    sqlite: Some(Change { up: FROM_ORDERS, down: FORGET }),
    server: Some(Change { up: FROM_ORDERS, down: FORGET }),
};
