use crate::index::CreateIndex;
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

pub const CARTS_BY_AGE: CreateIndex =
    CreateIndex { migration: "m0036_carts_by_age", index: "carts_by_age", table: "carts", columns: "updated_at" };

// For a product that is deleted and taken out of every cart.
pub const CART_ITEMS_BY_PRODUCT: CreateIndex = CreateIndex {
    migration: "m0037_cart_items_by_product",
    index: "cart_items_by_product",
    table: "cart_items",
    columns: "product_id",
};
