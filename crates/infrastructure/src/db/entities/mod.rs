//! Rows, a file per table, with their conversions from and to the domain.

pub mod accounts;
pub mod api_keys;
pub mod attributes;
pub mod audit_log;
pub mod cart_items;
pub mod carts;
pub mod changes;
pub mod collection_pins;
pub mod collections;
pub mod coupon_codes;
pub mod customer_words;
pub mod customers;
pub mod disputes;
pub mod events;
pub mod feed_readers;
pub mod group_options;
pub mod group_terms;
pub mod group_values;
pub mod idempotency_keys;
pub mod import_rows;
pub mod imports;
pub mod known_networks;
pub mod leases;
pub mod ledger_transfers;
pub mod login_failures;
pub mod media;
pub mod media_uses;
pub mod members;
pub mod messages;
pub mod notes;
pub mod one_time_tokens;
pub mod order_adjustments;
pub mod order_balances;
pub mod order_history;
pub mod order_lines;
pub mod orders;
pub mod outbox;
pub mod page_texts;
pub mod payment_notices;
pub mod payment_operations;
pub mod payment_receipts;
pub mod payments;
pub mod product_groups;
pub mod product_prices;
pub mod product_samples;
pub mod product_terms;
pub mod product_values;
pub mod product_words;
pub mod products;
pub mod promotion_redemptions;
pub mod promotions;
pub mod refresh_tokens;
pub mod refunds;
pub mod removed_media;
pub mod restocks;
pub mod roles;
pub mod sessions;
pub mod shipping_methods;
pub mod shipping_tiers;
pub mod slugs;
pub mod stock;
pub mod stock_movements;
pub mod task_runs;
pub mod tax_classes;
pub mod tax_rates;
pub mod terms;
pub mod test_payments;
pub mod verified_emails;
pub mod webhook_attempts;
pub mod webhook_deliveries;
pub mod webhook_endpoints;
pub mod zone_members;
pub mod zones;

use domain::UniqueKey;

/// A unique constraint whose violation is an error of the caller.
pub struct Unique {
    /// Its name, which MySQL and MariaDB report.
    pub constraint: &'static str,
    /// Its table and column, which SQLite reports.
    pub column: &'static str,
    /// The key in the domain.
    pub key: UniqueKey,
}

/// The unique constraints of all nouns.
pub const UNIQUE: &[Unique] = &[
    customers::UNIQUE_EMAIL,
    accounts::UNIQUE_USERNAME,
    accounts::UNIQUE_CUSTOMER,
    product_groups::UNIQUE_SLUG,
    collections::UNIQUE_SLUG,
    members::UNIQUE_COMBINATION,
    products::UNIQUE_SKU,
    products::UNIQUE_BARCODE,
    roles::UNIQUE_NAME,
    zones::UNIQUE_NAME,
    shipping_methods::UNIQUE_CODE,
    tax_classes::UNIQUE_CODE,
    attributes::UNIQUE_CODE,
    terms::UNIQUE_SLUG,
    media::UNIQUE_HASH,
    payments::UNIQUE_REFERENCE,
];
