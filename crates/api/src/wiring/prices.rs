//! What prices are worked out with.

use std::sync::Arc;

use application::checkout::{PriceBooks, Quotes};
use application::{Clock, Queries};
use infrastructure::cache::CachedPriceBooks;
use infrastructure::db::Database;

use crate::config::Settings;

/// The price book of the shop, kept in memory until it changes.
pub(super) fn books(database: &Database, queries: &Queries, settings: &Settings) -> Arc<dyn PriceBooks> {
    Arc::new(CachedPriceBooks::new(queries.pricing.clone(), settings.pricing.clone(), database.changes()))
}

pub(super) fn quotes(
    queries: &Queries,
    books: &Arc<dyn PriceBooks>,
    clock: &Arc<dyn Clock>,
    settings: &Settings,
) -> Quotes {
    Quotes {
        carts: queries.carts.clone(),
        products: queries.products.clone(),
        customers: queries.customers.clone(),
        orders: queries.orders.clone(),
        promotions: queries.promotions.clone(),
        mails: queries.mails.clone(),
        requires_verified_email: settings.auth.require_verified_email,
        books: books.clone(),
        clock: clock.clone(),
    }
}
