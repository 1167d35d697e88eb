//! The route table.

mod accounts;
mod attributes;
mod audit;
mod auth;
mod cart;
mod categories;
mod checkout;
mod customers;
mod docs;
mod documents;
mod events;
mod groups;
mod handler;
mod health;
mod ledger;
mod me;
mod media;
mod metrics;
mod orders;
mod payments;
pub(crate) mod products;
mod promotions;
mod refunds;
mod restocks;
mod shipping_methods;
mod stock;
mod table;
mod tax_classes;
mod tax_rates;
mod terms;
mod webhooks;
mod zones;

pub(crate) use events::described as described_events;
use table::at;
pub(crate) use table::{Route, table};

/// Every route. The documents list the tags in the order in which they come here first.
fn routes() -> Vec<Route> {
    let mut routes = of_shop();
    routes.extend(of_catalogue());
    routes.extend(of_prices());
    routes.extend(of_money());
    routes
}

fn of_shop() -> Vec<Route> {
    vec![
        at("/api/v1/auth/login").post(auth::login::LOGIN, auth::login::login),
        at("/api/v1/auth/refresh").post(auth::refresh::REFRESH, auth::refresh::refresh),
        at("/api/v1/auth/logout").post(auth::logout::LOGOUT, auth::logout::logout),
        at("/api/v1/auth/register").post(auth::register::REGISTER, auth::register::register),
        at("/api/v1/auth/password/forgot").post(auth::forgot::FORGOT, auth::forgot::forgot),
        at("/api/v1/auth/password/reset").post(auth::reset::RESET, auth::reset::reset),
        at("/api/v1/auth/email/verify").post(auth::verify::VERIFY, auth::verify::verify),
        at("/api/v1/me")
            .get(me::SHOW, me::show)
            .patch(me::update::UPDATE, me::update::update)
            .delete(me::delete::DELETE, me::delete::delete),
        at("/api/v1/me/export").get(me::export::EXPORT, me::export::export),
        at("/api/v1/me/password").post(me::password::CHANGE, me::password::change),
        at("/api/v1/me/email/verification").post(me::verification::ASK, me::verification::ask),
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
        at("/api/v1/products/{id}/media").put(products::media::PLACE, products::media::place),
        at("/api/v1/products/{id}/attributes").put(products::attributes::ASSIGN, products::attributes::assign),
        at("/api/v1/products/{id}/prices").get(products::prices::LIST, products::prices::list),
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
        at("/api/v1/orders/{id}/events").get(orders::live::EVENTS, orders::live::events),
        at("/api/v1/orders/{id}/stream-tickets").post(orders::live::ticket::CREATE, orders::live::ticket::create),
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
        at("/media/{id}/{file}").get_undocumented(media::file::file),
    ]
}

/// What products are found by.
fn of_catalogue() -> Vec<Route> {
    vec![
        at("/api/v1/product-groups")
            .get(groups::LIST, groups::list)
            .post(groups::create::CREATE, groups::create::create),
        at("/api/v1/products/by-slug/{slug}").get(products::by_slug::SHOW, products::by_slug::show),
        at("/api/v1/product-groups/by-slug/{slug}").get(groups::by_slug::SHOW, groups::by_slug::show),
        at("/api/v1/product-groups/{id}")
            .get(groups::SHOW, groups::show)
            .patch(groups::update::UPDATE, groups::update::update)
            .delete(groups::delete::DELETE, groups::delete::delete),
        at("/api/v1/product-groups/{id}/attributes").put(groups::ASSIGN, groups::assign),
        at("/api/v1/product-groups/{id}/products").post(groups::members::ADD, groups::members::add),
        at("/api/v1/product-groups/{id}/products/{product_id}")
            .patch(groups::members::UPDATE, groups::members::update)
            .delete(groups::members::REMOVE, groups::members::remove),
        at("/api/v1/attributes")
            .get(attributes::LIST, attributes::list)
            .post(attributes::create::CREATE, attributes::create::create),
        at("/api/v1/attributes/{code}")
            .get(attributes::SHOW, attributes::show)
            .patch(attributes::update::UPDATE, attributes::update::update)
            .delete(attributes::delete::DELETE, attributes::delete::delete),
        at("/api/v1/attributes/{code}/terms")
            .get(terms::LIST, terms::list)
            .post(terms::create::CREATE, terms::create::create),
        at("/api/v1/attributes/{code}/terms/{term}")
            .get(terms::SHOW, terms::show)
            .patch(terms::update::UPDATE, terms::update::update)
            .delete(terms::delete::DELETE, terms::delete::delete),
        at("/api/v1/categories")
            .get(categories::LIST, categories::list)
            .post(categories::create::CREATE, categories::create::create),
        at("/api/v1/categories/{category}")
            .get(categories::SHOW, categories::show)
            .patch(categories::update::UPDATE, categories::update::update),
        at("/api/v1/media").get(media::LIST, media::list).post(media::upload::UPLOAD, media::upload::upload),
        at("/api/v1/media/{id}").get(media::SHOW, media::show).delete(media::delete::DELETE, media::delete::delete),
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

/// How orders are paid.
fn of_money() -> Vec<Route> {
    vec![
        at("/api/v1/payment-methods").get(payments::methods::METHODS, payments::methods::methods),
        at("/api/v1/payments").get(payments::LIST, payments::list),
        at("/api/v1/payments/{id}").get(payments::SHOW, payments::show),
        at("/api/v1/payments/{id}/sync").post(payments::sync::SYNC, payments::sync::sync),
        at("/api/v1/payments/{id}/capture").post(payments::capture::CAPTURE, payments::capture::capture),
        at("/api/v1/payments/{id}/void").post(payments::void::VOID, payments::void::void),
        at("/api/v1/payments/{id}/receive").post(payments::receive::RECEIVE, payments::receive::receive),
        at("/api/v1/payments/operations/{id}/resolve").post(payments::resolve::RESOLVE, payments::resolve::resolve),
        at("/api/v1/orders/{id}/payments")
            .get(payments::OF_ORDER, payments::of_order)
            .post(payments::begin::BEGIN, payments::begin::begin),
        at("/api/v1/webhooks/payments/{provider}").post(payments::notices::RECEIVE, payments::notices::receive),
        at("/api/v1/test-provider/{reference}/act").post(payments::test_provider::ACT, payments::test_provider::act),
        at("/api/v1/orders/{id}/refunds")
            .get(refunds::OF_ORDER, refunds::of_order)
            .post(refunds::create::CREATE, refunds::create::create),
        at("/api/v1/refunds/{id}").get(refunds::SHOW, refunds::show),
        at("/api/v1/refunds/{id}/paid").post(refunds::paid::PAID, refunds::paid::paid),
        at("/api/v1/ledger").get(ledger::LIST, ledger::list),
        at("/api/v1/ledger/balances").get(ledger::balances::BALANCES, ledger::balances::balances),
        at("/api/v1/orders/{id}/ledger").get(ledger::OF_ORDER, ledger::of_order),
        at("/api/v1/events").get(events::LIST, events::list),
        at("/api/v1/webhook-endpoints")
            .get(webhooks::LIST, webhooks::list)
            .post(webhooks::create::CREATE, webhooks::create::create),
        at("/api/v1/webhook-endpoints/{id}")
            .get(webhooks::SHOW, webhooks::show)
            .patch(webhooks::update::UPDATE, webhooks::update::update)
            .delete(webhooks::delete::DELETE, webhooks::delete::delete),
        at("/api/v1/webhook-endpoints/{id}/pause").post(webhooks::step::PAUSE, webhooks::step::pause),
        at("/api/v1/webhook-endpoints/{id}/resume").post(webhooks::step::RESUME, webhooks::step::resume),
        at("/api/v1/webhook-endpoints/{id}/rotate-secret").post(webhooks::rotate::ROTATE, webhooks::rotate::rotate),
        at("/api/v1/webhook-endpoints/{id}/test").post(webhooks::step::TEST, webhooks::step::test),
        at("/api/v1/webhook-endpoints/{id}/replay").post(webhooks::replay::REPLAY, webhooks::replay::replay),
        at("/api/v1/webhook-endpoints/{id}/deliveries").get(webhooks::deliveries::LIST, webhooks::deliveries::list),
        at("/api/v1/webhook-deliveries/{id}/redeliver")
            .post(webhooks::deliveries::REDELIVER, webhooks::deliveries::redeliver),
    ]
}
