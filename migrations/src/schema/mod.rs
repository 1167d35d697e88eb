//! Every migration, a file per noun. A migration that was released is never changed; a new one is added at the end.

mod accounts;
mod carts;
mod customers;
mod idempotency;
mod orders;
mod outbox;
mod products;
mod stock;

use sea_orm_migration::MigrationTrait;

/// Every migration, in order.
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
