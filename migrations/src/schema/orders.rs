use crate::column::AddColumn;
use crate::index::{CreateIndex, CreateSparseIndex, CreateUniqueIndex};
use crate::table::CreateTable;

pub const ORDERS: CreateTable = CreateTable {
    migration: "m0014_orders",
    table: "orders",
    clustered: false,
    // It outlives its customer, so nothing points there. `expected_delivery` is a date, YYYY-MM-DD.
    definition: "
        id {id} NOT NULL,
        customer_id {id} NOT NULL,
        status {text(16)} NOT NULL,
        currency {text(3)} NOT NULL,
        total {int} NOT NULL,
        placed_at {int} NOT NULL,
        expected_delivery {text(10)} NOT NULL,
        carrier {text(100)} NULL,
        tracking_number {text(100)} NULL,
        note {text(500)} NULL,
        ship_line1 {text(200)} NULL,
        ship_line2 {text(200)} NULL,
        ship_city {text(100)} NULL,
        ship_region {text(100)} NULL,
        ship_postal_code {text(20)} NULL,
        ship_country {text(2)} NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT orders_total_in_bounds CHECK (total >= 0)
    ",
};

pub const ORDERS_BY_CUSTOMER: CreateIndex = CreateIndex {
    migration: "m0015_orders_by_customer",
    index: "orders_by_customer",
    table: "orders",
    columns: "customer_id, id",
};

pub const ORDERS_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0016_orders_by_status",
    index: "orders_by_status",
    table: "orders",
    columns: "status, id",
};

pub const ORDERS_BY_TIME: CreateIndex = CreateIndex {
    migration: "m0017_orders_by_time",
    index: "orders_by_time",
    table: "orders",
    columns: "placed_at, id",
};

pub const ORDER_LINES: CreateTable = CreateTable {
    migration: "m0018_order_lines",
    table: "order_lines",
    clustered: true,
    definition: "
        order_id {id} NOT NULL,
        line_no {int} NOT NULL,
        product_id {id} NOT NULL,
        sku {text(64)} NULL,
        name {text(200)} NOT NULL,
        unit_price {int} NOT NULL,
        quantity {int} NOT NULL,
        line_total {int} NOT NULL,
        PRIMARY KEY (order_id, line_no),
        CONSTRAINT order_lines_order_exists FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT order_lines_quantity_in_bounds CHECK (quantity BETWEEN 1 AND 999),
        CONSTRAINT order_lines_total_adds_up CHECK (line_total = unit_price * quantity)
    ",
};

pub const ORDER_HISTORY: CreateTable = CreateTable {
    migration: "m0019_order_history",
    table: "order_history",
    clustered: true,
    definition: "
        order_id {id} NOT NULL,
        sequence {int} NOT NULL,
        status {text(16)} NOT NULL,
        at {int} NOT NULL,
        note {text(500)} NULL,
        PRIMARY KEY (order_id, sequence),
        CONSTRAINT order_history_order_exists FOREIGN KEY (order_id) REFERENCES orders (id)
    ",
};

// For what was changed after some time, in order of the last change.
pub const ORDERS_BY_CHANGE: CreateIndex = CreateIndex {
    migration: "m0063_orders_by_change",
    index: "orders_by_change",
    table: "orders",
    columns: "updated_at, id",
};

pub const ORDERS_SHIP_NAME: AddColumn = AddColumn {
    migration: "m0067_orders_ship_name",
    table: "orders",
    column: "ship_name",
    definition: "{text(200)} NULL",
};

pub const ORDERS_SHIP_COMPANY: AddColumn = AddColumn {
    migration: "m0068_orders_ship_company",
    table: "orders",
    column: "ship_company",
    definition: "{text(200)} NULL",
};

pub const ORDERS_SHIP_PHONE: AddColumn = AddColumn {
    migration: "m0069_orders_ship_phone",
    table: "orders",
    column: "ship_phone",
    definition: "{text(16)} NULL",
};

// What a correction of the tracking replaced. The date is there if the entry is a correction.
pub const ORDER_HISTORY_OLD_CARRIER: AddColumn = AddColumn {
    migration: "m0070_order_history_old_carrier",
    table: "order_history",
    column: "old_carrier",
    definition: "{text(100)} NULL",
};

pub const ORDER_HISTORY_OLD_TRACKING_NUMBER: AddColumn = AddColumn {
    migration: "m0071_order_history_old_tracking_number",
    table: "order_history",
    column: "old_tracking_number",
    definition: "{text(100)} NULL",
};

pub const ORDER_HISTORY_OLD_EXPECTED_DELIVERY: AddColumn = AddColumn {
    migration: "m0072_order_history_old_expected_delivery",
    table: "order_history",
    column: "old_expected_delivery",
    definition: "{text(10)} NULL",
};

// What an edit changed, by the names of the parts. It is there if the entry is an edit.
pub const ORDER_HISTORY_EDITED: AddColumn = AddColumn {
    migration: "m0213_order_history_edited",
    table: "order_history",
    column: "edited",
    definition: "{text(64)} NULL",
};

// How many adjustments an order has, so that they are looked for only where there are any.
pub const ORDERS_ADJUSTMENTS: AddColumn = AddColumn {
    migration: "m0079_orders_adjustments",
    table: "orders",
    column: "adjustments",
    definition: "{int} NOT NULL DEFAULT 0",
};

// What was added to the lines of an older order and taken off them. Written with the order, and never changed. Later
// orders have them in `adjustment_list`.
pub const ORDER_ADJUSTMENTS: CreateTable = CreateTable {
    migration: "m0080_order_adjustments",
    table: "order_adjustments",
    clustered: true,
    // `included` is 1 if the price of what it belongs to includes it already.
    definition: "
        order_id {id} NOT NULL,
        no {int} NOT NULL,
        kind {text(10)} NOT NULL,
        share {text(8)} NOT NULL,
        line_no {int} NULL,
        code {text(64)} NOT NULL,
        label {text(200)} NOT NULL,
        amount {int} NOT NULL,
        base {int} NULL,
        net {int} NULL,
        rate_ppm {int} NULL,
        treatment {text(16)} NULL,
        included {int} NOT NULL,
        promotion_id {id} NULL,
        PRIMARY KEY (order_id, no),
        CONSTRAINT order_adjustments_order_exists FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT order_adjustments_have_their_sign CHECK (
            kind = 'rounding' OR (kind IN ('discount', 'exemption') AND amount <= 0)
            OR (kind IN ('shipping', 'tax') AND amount >= 0)
        )
    ",
};

// The number by which people name an order. NULL for older ones, until the server has given them theirs.
pub const ORDERS_NUMBER: AddColumn =
    AddColumn { migration: "m0097_orders_number", table: "orders", column: "number", definition: "{text(16)} NULL" };

// SQLite adds no column that is unique, but an index may be.
pub const ORDERS_BY_NUMBER: CreateUniqueIndex = CreateUniqueIndex(CreateIndex {
    migration: "m0098_orders_by_number",
    index: "orders_by_number",
    table: "orders",
    columns: "number",
});

// Whether the order has a row in `order_balances`, so that it is looked for only where there is one.
pub const ORDERS_HAS_BALANCE: AddColumn = AddColumn {
    migration: "m0099_orders_has_balance",
    table: "orders",
    column: "has_balance",
    definition: "{bool} NOT NULL DEFAULT 0",
};

// What an order counts for in reports, so that they need not read its lines. NULL for older ones, whose lines are read.
pub const ORDERS_SOLD_UNITS: AddColumn =
    AddColumn { migration: "m0194_orders_sold_units", table: "orders", column: "sold_units", definition: "{int} NULL" };

pub const ORDERS_SOLD_GROSS: AddColumn =
    AddColumn { migration: "m0195_orders_sold_gross", table: "orders", column: "sold_gross", definition: "{int} NULL" };

pub const ORDERS_SOLD_DISCOUNTS: AddColumn = AddColumn {
    migration: "m0196_orders_sold_discounts",
    table: "orders",
    column: "sold_discounts",
    definition: "{int} NULL",
};

// Has all columns of reports of sales, so that they read no order.
pub const ORDERS_BY_SALE: CreateIndex = CreateIndex {
    migration: "m0197_orders_by_sale",
    index: "orders_by_sale",
    table: "orders",
    columns: "placed_at, status, ship_country, sold_units, sold_gross, sold_discounts, id",
};

// For the order of a parcel that comes back, or is asked for. Carriers give a number again after some time.
pub const ORDERS_BY_TRACKING_NUMBER: CreateSparseIndex = CreateSparseIndex {
    index: CreateIndex {
        migration: "m0204_orders_by_tracking_number",
        index: "orders_by_tracking_number",
        table: "orders",
        columns: "tracking_number, id",
    },
    column: "tracking_number",
};

pub const ORDER_LINES_BY_PRODUCT: CreateIndex = CreateIndex {
    migration: "m0205_order_lines_by_product",
    index: "order_lines_by_product",
    table: "order_lines",
    columns: "product_id, order_id",
};

// The adjustments of an order as a list in JSON, in the order in which they were worked out. NULL for an order without any,
// and for older ones, which have rows in `order_adjustments`.
pub const ORDERS_ADJUSTMENT_LIST: AddColumn = AddColumn {
    migration: "m0211_orders_adjustment_list",
    table: "orders",
    column: "adjustment_list",
    definition: "{longest_text} NULL",
};

// What promotions take off a line, so that reports read no adjustment. NULL for an older line.
pub const ORDER_LINES_DISCOUNT: AddColumn = AddColumn {
    migration: "m0212_order_lines_discount",
    table: "order_lines",
    column: "discount",
    definition: "{int} NULL",
};
