use crate::table::CreateTable;

pub const TAX_RATES: CreateTable = CreateTable {
    migration: "m0094_tax_rates",
    table: "tax_rates",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        zone_id {id} NOT NULL,
        tax_class {text(32)} NOT NULL,
        code {text(32)} NOT NULL,
        name {text(100)} NOT NULL,
        rate_ppm {int} NOT NULL,
        starts_on {text(10)} NOT NULL,
        ends_on {text(10)} NULL,
        applies_to_shipping {bool} NOT NULL,
        treatment {text(16)} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT tax_rates_one_start UNIQUE (zone_id, tax_class, code, starts_on),
        CONSTRAINT tax_rates_ppm_in_bounds CHECK (rate_ppm BETWEEN 0 AND 1000000)
    ",
};
