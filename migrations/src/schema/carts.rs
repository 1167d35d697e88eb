use crate::table::CreateTable;

pub const CARTS: CreateTable = CreateTable {
    migration: "m0012_carts",
    table: "carts",
    clustered: true,
    definition: "
        customer_id {id} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (customer_id)
    ",
};

pub const CART_ITEMS: CreateTable = CreateTable {
    migration: "m0013_cart_items",
    table: "cart_items",
    clustered: true,
    definition: "
        customer_id {id} NOT NULL,
        product_id {id} NOT NULL,
        quantity {int} NOT NULL,
        PRIMARY KEY (customer_id, product_id),
        CONSTRAINT cart_items_cart_exists FOREIGN KEY (customer_id) REFERENCES carts (customer_id),
        CONSTRAINT cart_items_quantity_in_bounds CHECK (quantity BETWEEN 1 AND 999)
    ",
};
