//! The route table.

mod accounts;
mod audit;
mod auth;
mod cart;
mod customers;
mod docs;
mod documents;
mod find;
mod health;
mod me;
mod metrics;
mod orders;
mod products;
mod restocks;
mod serve;
mod stock;
mod table;

pub(crate) use find::{Finder, Found, find};
pub(crate) use serve::{Handlers, Table};
use table::at;

use crate::openapi::Routes;

/// Every route that there is.
pub(crate) fn routes(app: &mut Routes<'_>) {
    at("/health/live").get(health::live).mount(app);
    at("/health/ready").get(health::ready).mount(app);
    at("/metrics").get(metrics::show).mount(app);
    at("/openapi/swagger.yaml").get(documents::swagger_yaml).mount(app);
    at("/openapi/openapi.yaml").get(documents::openapi_yaml).mount(app);
    at("/openapi/openapi.json").get(documents::openapi_json).mount(app);
    at("/docs").get(docs::page).mount(app);
    at("/docs/").get(docs::folder).mount(app);

    at("/api/v1/auth/login").post(auth::login::login).mount(app);
    at("/api/v1/auth/refresh").post(auth::refresh::refresh).mount(app);
    at("/api/v1/auth/logout").post(auth::logout::logout).mount(app);
    at("/api/v1/auth/register").post(auth::register::register).mount(app);
    at("/api/v1/me").get(me::show).patch(me::update::update).mount(app);
    at("/api/v1/me/password").post(me::password::change).mount(app);
    at("/api/v1/customers").get(customers::list).post(customers::create::create).mount(app);
    at("/api/v1/accounts").get(accounts::list).post(accounts::create::create).mount(app);
    at("/api/v1/products").get(products::list::list).post(products::create::create).mount(app);
    at("/api/v1/stock").get(stock::list).mount(app);
    at("/api/v1/restocks").get(restocks::list).mount(app);
    at("/api/v1/restocks/run").post(restocks::run::run).mount(app);
    at("/api/v1/cart").get(cart::show).delete(cart::clear).mount(app);
    at("/api/v1/cart/items").post(cart::items::add).mount(app);
    at("/api/v1/orders").get(orders::list).post(orders::place::place).mount(app);
    at("/api/v1/audit").get(audit::list).mount(app);

    at("/api/v1/products/{id}")
        .get(products::show)
        .patch(products::update::update)
        .delete(products::delete::delete)
        .mount(app);
    at("/api/v1/products/{id}/stock").get(stock::show).mount(app);
    at("/api/v1/products/{id}/stock/policy").put(stock::policy::set).mount(app);
    at("/api/v1/products/{id}/stock/adjustments").post(stock::adjust::adjust).mount(app);
    at("/api/v1/products/{id}/stock/movements").get(stock::movements::list).mount(app);
    at("/api/v1/products/{id}/stock/movements/{sequence}").get(stock::movements::show).mount(app);
    at("/api/v1/cart/items/{product_id}").patch(cart::items::set).delete(cart::items::remove).mount(app);
    at("/api/v1/orders/{id}").get(orders::show).mount(app);
    at("/api/v1/orders/{id}/tracking").get(orders::tracking::tracking).mount(app);
    at("/api/v1/orders/{id}/cancel").post(orders::cancel::cancel).mount(app);
    at("/api/v1/orders/{id}/status").post(orders::advance::advance).mount(app);
    at("/api/v1/customers/{id}")
        .get(customers::show)
        .patch(customers::update::update)
        .delete(customers::delete::delete)
        .mount(app);
    at("/api/v1/accounts/{id}")
        .get(accounts::show)
        .patch(accounts::update::update)
        .delete(accounts::delete::delete)
        .mount(app);
    at("/api/v1/restocks/{id}").get(restocks::show).mount(app);
    at("/api/v1/restocks/{id}/receive").post(restocks::close::receive).mount(app);
    at("/api/v1/restocks/{id}/cancel").post(restocks::close::cancel).mount(app);

    at("/docs/{file}").get(docs::file).mount(app);
}
