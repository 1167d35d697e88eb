//! Every migration, a file per noun. A migration that was released is never changed; a new one is added at the end.

mod accounts;
mod attributes;
mod audit;
mod balances;
mod carts;
mod changes;
mod collections;
mod customers;
mod events;
mod groups;
mod idempotency;
mod imports;
mod leases;
mod mail;
mod media;
mod notes;
mod orders;
mod outbox;
mod payments;
mod products;
mod promotions;
mod restocks;
mod roles;
mod sessions;
mod settings;
mod shipping_methods;
mod slugs;
mod stock;
mod task_runs;
mod tax_classes;
mod tax_rates;
mod terms;
mod test_payments;
mod webhooks;
mod zones;

use sea_orm_migration::MigrationTrait;

/// Every migration, in order.
#[expect(clippy::too_many_lines, reason = "a list is as long as what it lists")]
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(customers::CUSTOMERS),
        Box::new(accounts::ACCOUNTS),
        Box::new(accounts::REFRESH_TOKENS),
        Box::new(accounts::REFRESH_TOKENS_BY_FAMILY),
        Box::new(accounts::REFRESH_TOKENS_BY_END),
        Box::new(accounts::LOGIN_FAILURES),
        Box::new(accounts::LOGIN_FAILURES_BY_START),
        Box::new(products::PRODUCTS),
        Box::new(products::PRODUCTS_BY_STATUS),
        Box::new(stock::STOCK),
        Box::new(stock::STOCK_MOVEMENTS),
        Box::new(carts::CARTS),
        Box::new(carts::CART_ITEMS),
        Box::new(orders::ORDERS),
        Box::new(orders::ORDERS_BY_CUSTOMER),
        Box::new(orders::ORDERS_BY_STATUS),
        Box::new(orders::ORDERS_BY_TIME),
        Box::new(orders::ORDER_LINES),
        Box::new(orders::ORDER_HISTORY),
        Box::new(idempotency::IDEMPOTENCY_KEYS),
        Box::new(idempotency::IDEMPOTENCY_KEYS_BY_AGE),
        Box::new(outbox::OUTBOX),
        Box::new(accounts::ACCOUNTS_BY_ROLE),
        Box::new(stock::STOCK_BELOW_THRESHOLD),
        Box::new(stock::STOCK_BY_NEED),
        Box::new(restocks::RESTOCKS),
        Box::new(restocks::RESTOCKS_BY_PRODUCT),
        Box::new(restocks::RESTOCKS_BY_STATUS),
        Box::new(restocks::RESTOCKS_BY_AGE),
        Box::new(leases::LEASES),
        Box::new(audit::AUDIT_LOG),
        Box::new(audit::AUDIT_LOG_BY_ACTOR),
        Box::new(audit::AUDIT_LOG_BY_KIND),
        Box::new(audit::AUDIT_LOG_BY_RESOURCE),
        Box::new(audit::AUDIT_LOG_BY_TIME),
        Box::new(carts::CARTS_BY_AGE),
        Box::new(carts::CART_ITEMS_BY_PRODUCT),
        Box::new(customers::CUSTOMER_WORDS),
        Box::new(customers::CUSTOMER_WORDS_BY_WORD),
        Box::new(products::PRODUCTS_BY_NAME),
        Box::new(products::PRODUCTS_BY_STATUS_AND_NAME),
        Box::new(products::PRODUCTS_BY_PRICE),
        Box::new(products::PRODUCTS_BY_STATUS_AND_PRICE),
        Box::new(products::PRODUCT_WORDS),
        Box::new(products::PRODUCT_SEARCH),
        Box::new(accounts::KNOWN_NETWORKS),
        Box::new(accounts::KNOWN_NETWORKS_BY_AGE),
        Box::new(changes::CHANGES),
        Box::new(idempotency::IDEMPOTENCY_KEYS_PERSONAL_TO),
        Box::new(idempotency::IDEMPOTENCY_KEYS_BY_PERSON),
        Box::new(idempotency::IDEMPOTENCY_KEYS_RESPONSE),
        Box::new(customers::EMAIL_KEYS_IN_ASCII),
        Box::new(accounts::ACCOUNTS_SEEN_AT),
        Box::new(accounts::ACCOUNTS_SEEN_NOW),
        Box::new(zones::ZONES),
        Box::new(zones::ZONE_MEMBERS),
        Box::new(products::PRODUCTS_NAME_KEY),
        Box::new(products::PRODUCTS_BY_NAME_KEY),
        Box::new(products::PRODUCTS_BY_STATUS_AND_NAME_KEY),
        Box::new(customers::CUSTOMERS_NAME_KEY),
        Box::new(customers::CUSTOMERS_BY_NAME_KEY),
        Box::new(products::PRODUCTS_BY_CHANGE),
        Box::new(orders::ORDERS_BY_CHANGE),
        Box::new(customers::CUSTOMERS_BY_CHANGE),
        Box::new(settings::SETTINGS),
        Box::new(settings::CURRENCY_OF_ORDERS),
        Box::new(orders::ORDERS_SHIP_NAME),
        Box::new(orders::ORDERS_SHIP_COMPANY),
        Box::new(orders::ORDERS_SHIP_PHONE),
        Box::new(orders::ORDER_HISTORY_OLD_CARRIER),
        Box::new(orders::ORDER_HISTORY_OLD_TRACKING_NUMBER),
        Box::new(orders::ORDER_HISTORY_OLD_EXPECTED_DELIVERY),
        Box::new(settings::SETTINGS_VERSIONS),
        Box::new(settings::VERSION_OF_PRICING),
        Box::new(products::PRODUCTS_TAX_CLASS),
        Box::new(products::PRODUCTS_WEIGHT_GRAMS),
        Box::new(products::PRODUCTS_SHIPPABLE),
        Box::new(customers::CUSTOMERS_TAX_EXEMPT),
        Box::new(orders::ORDERS_ADJUSTMENTS),
        Box::new(orders::ORDER_ADJUSTMENTS),
        Box::new(zones::ZONES_LONG_WORDS),
        Box::new(tax_classes::TAX_CLASSES),
        Box::new(tax_classes::STANDARD_TAX_CLASS),
        Box::new(shipping_methods::SHIPPING_METHODS),
        Box::new(shipping_methods::SHIPPING_TIERS),
        Box::new(promotions::PROMOTIONS),
        Box::new(promotions::PROMOTIONS_BY_STATUS),
        Box::new(promotions::COUPON_CODES),
        Box::new(promotions::COUPON_CODES_BY_PROMOTION),
        Box::new(promotions::COUPON_CODES_BY_CUSTOMER),
        Box::new(promotions::PROMOTION_USES),
        Box::new(promotions::PROMOTION_REDEMPTIONS),
        Box::new(promotions::PROMOTION_REDEMPTIONS_BY_PROMOTION),
        Box::new(tax_rates::TAX_RATES),
        Box::new(products::PRODUCT_SAMPLES),
        Box::new(products::PRODUCT_SAMPLES_OF_BEFORE),
        Box::new(orders::ORDERS_NUMBER),
        Box::new(orders::ORDERS_BY_NUMBER),
        Box::new(orders::ORDERS_HAS_BALANCE),
        Box::new(payments::ORDER_BALANCES),
        Box::new(payments::ORDER_BALANCES_BY_STATUS),
        Box::new(payments::ORDER_BALANCES_BY_END),
        Box::new(payments::ORDER_BALANCES_BY_CUSTOMER),
        Box::new(payments::PAYMENTS),
        Box::new(payments::PAYMENTS_BY_ORDER),
        Box::new(payments::PAYMENTS_BY_STATUS),
        Box::new(payments::PAYMENTS_BY_TIME),
        Box::new(payments::PAYMENTS_BY_FINDING),
        Box::new(payments::PAYMENTS_BY_CUSTOMER),
        Box::new(payments::PAYMENT_OPERATIONS),
        Box::new(payments::PAYMENT_OPERATIONS_BY_PAYMENT),
        Box::new(payments::PAYMENT_OPERATIONS_BY_TURN),
        Box::new(payments::REFUNDS),
        Box::new(payments::REFUNDS_BY_ORDER),
        Box::new(payments::DISPUTES),
        Box::new(payments::PAYMENT_RECEIPTS),
        Box::new(payments::PAYMENT_RECEIPTS_BY_PAYMENT),
        Box::new(payments::PAYMENT_NOTICES),
        Box::new(payments::PAYMENT_NOTICES_BY_TURN),
        Box::new(payments::PAYMENT_NOTICES_BY_AGE),
        Box::new(payments::LEDGER_TRANSFERS),
        Box::new(payments::LEDGER_TRANSFERS_BY_ORDER),
        Box::new(payments::LEDGER_TRANSFERS_BY_TIME),
        Box::new(test_payments::TEST_PAYMENTS),
        Box::new(attributes::ATTRIBUTES),
        Box::new(attributes::BUILT_IN_ATTRIBUTES),
        Box::new(terms::TERMS),
        Box::new(terms::TERMS_BY_PLACE),
        Box::new(terms::TERMS_BY_PARENT),
        Box::new(terms::PRODUCT_TERMS),
        Box::new(terms::PRODUCT_VALUES),
        Box::new(outbox::OUTBOX_DATA),
        Box::new(events::EVENTS),
        Box::new(events::EVENTS_BY_STREAM),
        Box::new(events::EVENT_POSITIONS),
        Box::new(events::FIRST_EVENT_POSITION),
        Box::new(payments::PAYMENTS_EXPIRY_ANNOUNCED),
        Box::new(webhooks::WEBHOOK_ENDPOINTS),
        Box::new(webhooks::WEBHOOK_DELIVERIES),
        Box::new(webhooks::WEBHOOK_DELIVERIES_BY_TURN),
        Box::new(webhooks::WEBHOOK_DELIVERIES_BY_END),
        Box::new(webhooks::WEBHOOK_ATTEMPTS),
        Box::new(media::MEDIA),
        Box::new(media::MEDIA_USES),
        Box::new(mail::MESSAGES),
        Box::new(mail::MESSAGES_BY_TURN),
        Box::new(mail::MESSAGES_BY_END),
        Box::new(mail::MESSAGES_BY_CUSTOMER),
        Box::new(mail::MESSAGES_BY_RECIPIENT),
        Box::new(mail::ONE_TIME_TOKENS),
        Box::new(mail::ONE_TIME_TOKENS_BY_ACCOUNT),
        Box::new(mail::ONE_TIME_TOKENS_BY_END),
        Box::new(mail::VERIFIED_EMAILS),
        Box::new(mail::FEED_READERS),
        Box::new(groups::PRODUCT_GROUPS),
        Box::new(groups::GROUP_OPTIONS),
        Box::new(groups::GROUP_TERMS),
        Box::new(groups::GROUP_VALUES),
        Box::new(groups::PRODUCTS_GROUP),
        Box::new(groups::PRODUCTS_OPTION_KEY),
        Box::new(groups::PRODUCTS_INHERITS),
        Box::new(groups::PRODUCTS_COMBINATION),
        Box::new(groups::PRODUCTS_BY_GROUP),
        Box::new(groups::PRODUCTS_BY_GROUP_AND_PRICE),
        Box::new(groups::PRODUCTS_BY_GROUP_AND_NAME_KEY),
        Box::new(products::PRODUCTS_BARCODE),
        Box::new(products::PRODUCTS_BARCODE_UNIQUE),
        Box::new(products::PRODUCTS_COMPARE_AT_PRICE),
        Box::new(products::PRODUCTS_LOWEST_PRICE),
        Box::new(products::PRODUCTS_BY_REDUCTION),
        Box::new(products::PRODUCT_PRICES),
        Box::new(products::PRODUCT_PRICES_OF_BEFORE),
        Box::new(products::PRODUCTS_AVAILABLE_FROM),
        Box::new(products::PRODUCTS_AVAILABLE_UNTIL),
        Box::new(products::PRODUCTS_BY_BEGINNING),
        Box::new(products::PRODUCTS_BY_END),
        Box::new(changes::CHANGES_PRODUCT_ID),
        Box::new(slugs::SLUGS),
        Box::new(slugs::SLUGS_BY_OWNER),
        Box::new(slugs::PRODUCTS_SLUG),
        Box::new(slugs::SLUGS_OF_GROUPS_OF_BEFORE),
        Box::new(slugs::SLUGS_OF_PRODUCTS_OF_BEFORE),
        Box::new(slugs::PAGE_TEXTS),
        Box::new(roles::ROLES),
        Box::new(roles::ACCOUNTS_LONG_ROLE),
        Box::new(roles::API_KEYS),
        Box::new(roles::AUDIT_LOG_ACTOR_IS_KEY),
        Box::new(collections::COLLECTIONS),
        Box::new(collections::COLLECTIONS_BY_PLACE),
        Box::new(collections::COLLECTION_PINS),
        Box::new(imports::IMPORTS),
        Box::new(imports::IMPORTS_BY_STATUS),
        Box::new(imports::IMPORT_ROWS),
        Box::new(orders::ORDERS_SOLD_UNITS),
        Box::new(orders::ORDERS_SOLD_GROSS),
        Box::new(orders::ORDERS_SOLD_DISCOUNTS),
        Box::new(orders::ORDERS_BY_SALE),
        Box::new(payments::REFUNDS_BY_END),
        Box::new(sessions::SESSIONS),
        Box::new(sessions::SESSIONS_BY_END),
        Box::new(notes::NOTES),
        Box::new(imports::IMPORTS_SELECTION),
        Box::new(imports::IMPORTS_BULK_CHANGE),
        Box::new(orders::ORDERS_BY_TRACKING_NUMBER),
        Box::new(orders::ORDER_LINES_BY_PRODUCT),
        Box::new(restocks::RESTOCKS_ORDERED_QUANTITY),
        Box::new(terms::TERM_SLUGS),
        Box::new(mail::MESSAGES_BY_SUBJECT),
        Box::new(imports::IMPORT_ROWS_NOTES),
        Box::new(imports::IMPORTS_ROWS_REMOVED_AT),
        Box::new(orders::ORDERS_ADJUSTMENT_LIST),
        Box::new(orders::ORDER_LINES_DISCOUNT),
        Box::new(orders::ORDER_HISTORY_EDITED),
        Box::new(balances::ORDER_BALANCES_PLACED_TERMS),
        Box::new(terms::TERMS_NAME_KEY),
        Box::new(imports::IMPORT_ROWS_LONG_TEXTS),
        Box::new(audit::AUDIT_LOG_CUSTOMER),
        Box::new(audit::AUDIT_LOG_BY_CUSTOMER),
        Box::new(task_runs::TASK_RUNS),
        Box::new(media::REMOVED_MEDIA),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_in_order() {
        for (index, migration) in migrations().iter().enumerate() {
            let number = format!("m{:04}_", index + 1);
            assert!(migration.name().starts_with(&number), "{} should be {number}…", migration.name());
        }
    }
}
