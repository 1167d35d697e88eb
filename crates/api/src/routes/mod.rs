//! The route table.

mod accounts;
mod audit;
mod auth;
mod cart;
mod checkout;
mod customers;
mod docs;
mod documents;
mod handler;
mod health;
mod me;
mod metrics;
mod orders;
pub(crate) mod products;
mod promotions;
mod restocks;
mod shipping_methods;
mod stock;
mod table;
mod tax_classes;
mod tax_rates;
mod zones;

use table::at;
pub(crate) use table::{Route, table};

/// Every route. The documents list the tags in the order in which they come here first.
fn routes() -> Vec<Route> {
    let mut routes = of_shop();
    routes.extend(of_prices());
    routes
}

fn of_shop() -> Vec<Route> {
    vec![
        at("/api/v1/auth/login").post(auth::login::LOGIN, auth::login::login),
        at("/api/v1/auth/refresh").post(auth::refresh::REFRESH, auth::refresh::refresh),
        at("/api/v1/auth/logout").post(auth::logout::LOGOUT, auth::logout::logout),
        at("/api/v1/auth/register").post(auth::register::REGISTER, auth::register::register),
        at("/api/v1/me")
            .get(me::SHOW, me::show)
            .patch(me::update::UPDATE, me::update::update)
            .delete(me::delete::DELETE, me::delete::delete),
        at("/api/v1/me/export").get(me::export::EXPORT, me::export::export),
        at("/api/v1/me/password").post(me::password::CHANGE, me::password::change),
        at("/api/v1/customers")
            .get(customers::LIST, customers::list)
            .post(customers::create::CREATE, customers::create::create),
        at("/api/v1/accounts")
            .get(accounts::LIST, accounts::list)
            .post(accounts::create::CREATE, accounts::create::create),
        at("/api/v1/products")
            .get(products::list::LIST, products::list::list)
            .post(products::create::CREATE, products::create::create),
        at("/api/v1/stock").get(stock::LIST, stock::list),
        at("/api/v1/restocks").get(restocks::LIST, restocks::list),
        at("/api/v1/restocks/run").post(restocks::run::RUN, restocks::run::run),
        at("/api/v1/cart").get(cart::SHOW, cart::show).delete(cart::CLEAR, cart::clear),
        at("/api/v1/cart/items").post(cart::items::ADD, cart::items::add),
        at("/api/v1/checkout/quote").post(checkout::quote::QUOTE, checkout::quote::quote),
        at("/api/v1/orders").get(orders::LIST, orders::list).post(orders::place::PLACE, orders::place::place),
        at("/api/v1/audit").get(audit::LIST, audit::list),
        at("/api/v1/products/{id}")
            .get(products::SHOW, products::show)
            .patch(products::update::UPDATE, products::update::update)
            .delete(products::delete::DELETE, products::delete::delete),
        at("/api/v1/products/{id}/stock").get(stock::SHOW, stock::show),
        at("/api/v1/products/{id}/stock/policy").put(stock::policy::SET, stock::policy::set),
        at("/api/v1/products/{id}/stock/adjustments").post(stock::adjust::ADJUST, stock::adjust::adjust),
        at("/api/v1/products/{id}/stock/movements").get(stock::movements::LIST, stock::movements::list),
        at("/api/v1/products/{id}/stock/movements/{sequence}").get(stock::movements::SHOW, stock::movements::show),
        at("/api/v1/cart/items/{product_id}")
            .patch(cart::items::SET, cart::items::set)
            .delete(cart::items::REMOVE, cart::items::remove),
        at("/api/v1/orders/{id}").get(orders::SHOW, orders::show),
        at("/api/v1/orders/{id}/tracking")
            .get(orders::tracking::TRACKING, orders::tracking::tracking)
            .patch(orders::tracking::CORRECT, orders::tracking::correct),
        at("/api/v1/orders/{id}/cancel").post(orders::cancel::CANCEL, orders::cancel::cancel),
        at("/api/v1/orders/{id}/status").post(orders::advance::ADVANCE, orders::advance::advance),
        at("/api/v1/customers/{id}")
            .get(customers::SHOW, customers::show)
            .patch(customers::update::UPDATE, customers::update::update)
            .delete(customers::delete::DELETE, customers::delete::delete),
        at("/api/v1/customers/{id}/export").get(customers::export::EXPORT, customers::export::export),
        at("/api/v1/accounts/{id}")
            .get(accounts::SHOW, accounts::show)
            .patch(accounts::update::UPDATE, accounts::update::update)
            .delete(accounts::delete::DELETE, accounts::delete::delete),
        at("/api/v1/restocks/{id}").get(restocks::SHOW, restocks::show),
        at("/api/v1/restocks/{id}/receive").post(restocks::close::RECEIVE, restocks::close::receive),
        at("/api/v1/restocks/{id}/cancel").post(restocks::close::CANCEL, restocks::close::cancel),
        at("/health/live").get(health::LIVE, health::live),
        at("/health/ready").get(health::READY, health::ready),
        at("/metrics").get(metrics::SHOW, metrics::show),
        at("/openapi/swagger.yaml").get_undocumented(documents::swagger_yaml),
        at("/openapi/openapi.yaml").get_undocumented(documents::openapi_yaml),
        at("/openapi/openapi.json").get_undocumented(documents::openapi_json),
        at("/").get_undocumented(docs::root),
        at("/docs").get_undocumented(docs::page),
        at("/docs/").get_undocumented(docs::folder),
        at("/docs/{file}").get_undocumented(docs::file),
    ]
}

/// What administrators keep of prices.
fn of_prices() -> Vec<Route> {
    vec![
        at("/api/v1/zones").get(zones::LIST, zones::list).post(zones::create::CREATE, zones::create::create),
        at("/api/v1/shipping-methods")
            .get(shipping_methods::LIST, shipping_methods::list)
            .post(shipping_methods::create::CREATE, shipping_methods::create::create),
        at("/api/v1/tax-classes")
            .get(tax_classes::LIST, tax_classes::list)
            .post(tax_classes::create::CREATE, tax_classes::create::create),
        at("/api/v1/promotions")
            .get(promotions::LIST, promotions::list)
            .post(promotions::create::CREATE, promotions::create::create),
        at("/api/v1/tax-rates")
            .get(tax_rates::LIST, tax_rates::list)
            .post(tax_rates::create::CREATE, tax_rates::create::create),
        at("/api/v1/zones/{id}")
            .get(zones::SHOW, zones::show)
            .patch(zones::update::UPDATE, zones::update::update)
            .delete(zones::delete::DELETE, zones::delete::delete),
        at("/api/v1/shipping-methods/{id}")
            .get(shipping_methods::SHOW, shipping_methods::show)
            .patch(shipping_methods::update::UPDATE, shipping_methods::update::update)
            .delete(shipping_methods::delete::DELETE, shipping_methods::delete::delete),
        at("/api/v1/tax-classes/{id}")
            .get(tax_classes::SHOW, tax_classes::show)
            .patch(tax_classes::update::UPDATE, tax_classes::update::update)
            .delete(tax_classes::delete::DELETE, tax_classes::delete::delete),
        at("/api/v1/promotions/{id}")
            .get(promotions::SHOW, promotions::show)
            .patch(promotions::update::UPDATE, promotions::update::update),
        at("/api/v1/promotions/{id}/activate").post(promotions::step::ACTIVATE, promotions::step::activate),
        at("/api/v1/promotions/{id}/pause").post(promotions::step::PAUSE, promotions::step::pause),
        at("/api/v1/promotions/{id}/archive").post(promotions::step::ARCHIVE, promotions::step::archive),
        at("/api/v1/promotions/{id}/codes")
            .get(promotions::codes::LIST, promotions::codes::list)
            .post(promotions::codes::ADD, promotions::codes::add),
        at("/api/v1/promotions/{id}/codes/{code}").delete(promotions::codes::REMOVE, promotions::codes::remove),
        at("/api/v1/tax-rates/{id}")
            .get(tax_rates::SHOW, tax_rates::show)
            .patch(tax_rates::update::UPDATE, tax_rates::update::update)
            .delete(tax_rates::delete::DELETE, tax_rates::delete::delete),
    ]
}
