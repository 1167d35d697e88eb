use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::table::CreateTable;

pub const STOCK: CreateTable = CreateTable {
    migration: "m0010_stock",
    table: "stock",
    clustered: true,
    definition: "
        product_id {id} NOT NULL,
        on_hand {int} NOT NULL,
        restock_threshold {int} NOT NULL,
        restock_target {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (product_id),
        CONSTRAINT stock_product_exists FOREIGN KEY (product_id) REFERENCES products (id),
        CONSTRAINT stock_on_hand_in_bounds CHECK (on_hand BETWEEN 0 AND 1000000000),
        CONSTRAINT stock_restock_threshold_in_bounds CHECK (restock_threshold >= 0),
        CONSTRAINT stock_restock_target_in_bounds CHECK (restock_target >= 0)
    ",
};

pub const STOCK_MOVEMENTS: CreateTable = CreateTable {
    migration: "m0011_stock_movements",
    table: "stock_movements",
    clustered: true,
    // They may be many, so nothing points from them to their product, and adding one locks nothing else.
    definition: "
        product_id {id} NOT NULL,
        sequence {int} NOT NULL,
        kind {text(16)} NOT NULL,
        quantity {int} NOT NULL,
        balance {int} NOT NULL,
        reference {id} NULL,
        reason {text(500)} NULL,
        at {int} NOT NULL,
        PRIMARY KEY (product_id, sequence),
        CONSTRAINT stock_movements_balance_in_bounds CHECK (balance BETWEEN 0 AND 1000000000)
    ",
};

// Kept by the database itself, so that what is due is found, and locked, without a look at all other stock.
pub const STOCK_BELOW_THRESHOLD: AddColumn = AddColumn {
    migration: "m0024_stock_below_threshold",
    table: "stock",
    column: "below_threshold",
    definition: "{bool} AS (on_hand < restock_threshold) {computed}",
};

pub const STOCK_BY_NEED: CreateIndex = CreateIndex {
    migration: "m0025_stock_by_need",
    index: "stock_by_need",
    table: "stock",
    columns: "below_threshold, product_id",
};
