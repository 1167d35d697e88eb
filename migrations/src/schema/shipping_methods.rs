use crate::table::CreateTable;

pub const SHIPPING_METHODS: CreateTable = CreateTable {
    migration: "m0084_shipping_methods",
    table: "shipping_methods",
    clustered: false,
    // `words` are those of name and code, by which methods are found.
    definition: "
        id {id} NOT NULL,
        code {text(32)} NOT NULL,
        name {text(100)} NOT NULL,
        words {long_text} NOT NULL,
        zone_id {id} NOT NULL,
        status {text(16)} NOT NULL,
        position {int} NOT NULL,
        basis {text(8)} NOT NULL,
        free_from {int} NULL,
        tax_class {text(32)} NULL,
        min_days {int} NULL,
        max_days {int} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT shipping_methods_code_unique UNIQUE (code)
    ",
};

pub const SHIPPING_TIERS: CreateTable = CreateTable {
    migration: "m0085_shipping_tiers",
    table: "shipping_tiers",
    clustered: true,
    // Without an amount the method is not offered from there on.
    definition: "
        method_id {id} NOT NULL,
        from_value {int} NOT NULL,
        amount {int} NULL,
        per {int} NULL,
        per_amount {int} NULL,
        PRIMARY KEY (method_id, from_value),
        CONSTRAINT shipping_tiers_method_exists FOREIGN KEY (method_id) REFERENCES shipping_methods (id)
    ",
};
