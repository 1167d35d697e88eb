//! The route table.

mod accounts;
mod attributes;
mod audit;
mod auth;
mod carts;
mod categories;
mod checkout;
mod collections;
pub(crate) mod customers;
mod docs;
mod documents;
mod events;
mod groups;
mod handler;
mod health;
mod imports;
mod keys;
mod ledger;
mod mails;
mod me;
mod media;
mod metrics;
mod notes;
mod office;
pub(crate) mod orders;
mod payments;
pub(crate) mod products;
mod promotions;
mod refunds;
pub(crate) mod reports;
mod restocks;
mod roles;
mod shipping_methods;
mod staff;
pub(crate) mod stock;
mod storefront;
mod table;
mod tax_classes;
mod tax_rates;
mod terms;
mod webhooks;
mod zones;

use domain::access::Noun::{Audit, Customers, Orders, Payments, Products, Stock, Webhooks};
use domain::access::Scope::{Read, Write};
pub(crate) use events::described as described_events;
use table::at;
pub(crate) use table::{Endpoint, Route, Table, table};

use crate::operation::Needs::{Anybody, Catalog, Own, OwnOr};

/// Every route, each with what it needs: a route without it does not compile. The documents list the tags in the order in
/// which they come here first.
fn routes() -> Vec<Route> {
    let mut routes = of_shop();
    routes.extend(staff::of_staff());
    routes.extend(of_server());
    routes.extend(of_catalogue());
    routes.extend(staff::of_prices());
    routes.extend(staff::of_files());
    routes.extend(of_money());
    routes.extend(staff::of_reports());
    routes.extend(staff::of_notes());
    routes.extend(docs::of_docs());
    routes.extend(storefront::of_storefront());
    routes.extend(office::of_office());
    routes
}

fn of_shop() -> Vec<Route> {
    vec![
        at("/api/v1/auth/login").post(auth::login::LOGIN, auth::login::login, Anybody),
        at("/api/v1/auth/refresh").post(auth::refresh::REFRESH, auth::refresh::refresh, Anybody),
        at("/api/v1/auth/logout").post(auth::logout::LOGOUT, auth::logout::logout, Own),
        at("/api/v1/auth/register").post(auth::register::REGISTER, auth::register::register, Anybody),
        at("/api/v1/auth/password/forgot").post(auth::forgot::FORGOT, auth::forgot::forgot, Anybody),
        at("/api/v1/auth/password/reset").post(auth::reset::RESET, auth::reset::reset, Anybody),
        at("/api/v1/auth/email/verify").post(auth::verify::VERIFY, auth::verify::verify, Anybody),
        at("/api/v1/me").get(me::SHOW, me::show, Own).patch(me::update::UPDATE, me::update::update, Own).delete(
            me::delete::DELETE,
            me::delete::delete,
            Own,
        ),
        at("/api/v1/me/export").get(me::export::EXPORT, me::export::export, Own),
        at("/api/v1/me/password").post(me::password::CHANGE, me::password::change, Own),
        at("/api/v1/me/email/verification").post(me::verification::ASK, me::verification::ask, Own),
        at("/api/v1/customers").get(customers::LIST, customers::list, Read(Customers)).post(
            customers::create::CREATE,
            customers::create::create,
            Write(Customers),
        ),
        at("/api/v1/products").get(products::list::LIST, products::list::list, Catalog).post(
            products::create::CREATE,
            products::create::create,
            Write(Products),
        ),
        at("/api/v1/products/batch").post(products::batch::BATCH, products::batch::batch, Write(Products)),
        at("/api/v1/stock").get(stock::LIST, stock::list, Read(Stock)),
        at("/api/v1/restocks").get(restocks::LIST, restocks::list, Read(Stock)),
        at("/api/v1/restocks/run").post(restocks::run::RUN, restocks::run::run, Write(Stock)),
        at("/api/v1/cart").get(carts::SHOW, carts::show, Own).delete(carts::CLEAR, carts::clear, Own),
        at("/api/v1/cart/items").post(carts::items::ADD, carts::items::add, Own),
        at("/api/v1/checkout/quote").post(checkout::quote::QUOTE, checkout::quote::quote, Own),
        at("/api/v1/orders").get(orders::LIST, orders::list, OwnOr(Read(Orders))).post(
            orders::place::PLACE,
            orders::place::place,
            Own,
        ),
        at("/api/v1/audit").get(audit::LIST, audit::list, Read(Audit)),
        at("/api/v1/products/{id}")
            .get(products::SHOW, products::show, Catalog)
            .patch(products::update::UPDATE, products::update::update, Write(Products))
            .delete(products::delete::DELETE, products::delete::delete, Write(Products)),
        at("/api/v1/products/{id}/media").put(products::media::PLACE, products::media::place, Write(Products)),
        at("/api/v1/products/{id}/attributes").put(
            products::attributes::ASSIGN,
            products::attributes::assign,
            Write(Products),
        ),
        at("/api/v1/products/{id}/prices").get(products::prices::LIST, products::prices::list, Read(Products)),
        at("/api/v1/products/{id}/stock").get(stock::SHOW, stock::show, Read(Stock)),
        at("/api/v1/products/{id}/stock/policy").put(stock::policy::SET, stock::policy::set, Write(Stock)),
        at("/api/v1/products/{id}/stock/adjustments").post(stock::adjust::ADJUST, stock::adjust::adjust, Write(Stock)),
        at("/api/v1/products/{id}/stock/movements").get(stock::movements::LIST, stock::movements::list, Read(Stock)),
        at("/api/v1/products/{id}/stock/movements/{sequence}").get(
            stock::movements::SHOW,
            stock::movements::show,
            Read(Stock),
        ),
        at("/api/v1/cart/items/{product_id}").patch(carts::items::SET, carts::items::set, Own).delete(
            carts::items::REMOVE,
            carts::items::remove,
            Own,
        ),
        at("/api/v1/orders/{id}").get(orders::SHOW, orders::show, OwnOr(Read(Orders))).patch(
            orders::edit::EDIT,
            orders::edit::edit,
            OwnOr(Write(Orders)),
        ),
        at("/api/v1/orders/{id}/tracking")
            .get(orders::tracking::TRACKING, orders::tracking::tracking, OwnOr(Read(Orders)))
            .patch(orders::tracking::CORRECT, orders::tracking::correct, Write(Orders)),
        at("/api/v1/orders/{id}/events").get(orders::live::EVENTS, orders::live::events, OwnOr(Read(Orders))),
        at("/api/v1/orders/{id}/stream-tickets").post(
            orders::live::ticket::CREATE,
            orders::live::ticket::create,
            OwnOr(Read(Orders)),
        ),
        at("/api/v1/orders/{id}/cancel").post(orders::cancel::CANCEL, orders::cancel::cancel, OwnOr(Write(Orders))),
        at("/api/v1/orders/{id}/status").post(orders::advance::ADVANCE, orders::advance::advance, Write(Orders)),
        at("/api/v1/customers/{id}")
            .get(customers::SHOW, customers::show, Read(Customers))
            .patch(customers::update::UPDATE, customers::update::update, Write(Customers))
            .delete(customers::delete::DELETE, customers::delete::delete, Write(Customers)),
        at("/api/v1/customers/{id}/export").get(
            customers::export::EXPORT,
            customers::export::export,
            [Read(Customers), Read(Orders), Read(Payments)],
        ),
        at("/api/v1/restocks/{id}").get(restocks::SHOW, restocks::show, Read(Stock)),
        at("/api/v1/restocks/{id}/receive").post(restocks::close::RECEIVE, restocks::close::receive, Write(Stock)),
        at("/api/v1/restocks/{id}/cancel").post(restocks::close::CANCEL, restocks::close::cancel, Write(Stock)),
    ]
}

/// What is outside of the API.
fn of_server() -> Vec<Route> {
    vec![
        at("/health/live").get(health::LIVE, health::live, Anybody),
        at("/health/ready").get(health::READY, health::ready, Anybody),
        at("/metrics").get(metrics::SHOW, metrics::show, Anybody),
        at("/media/{id}/{file}").get_undocumented(media::file::file),
    ]
}

/// What products are found by.
fn of_catalogue() -> Vec<Route> {
    vec![
        at("/api/v1/product-groups").get(groups::LIST, groups::list, Catalog).post(
            groups::create::CREATE,
            groups::create::create,
            Write(Products),
        ),
        at("/api/v1/products/by-slug/{slug}").get(products::by_slug::SHOW, products::by_slug::show, Catalog),
        at("/api/v1/product-groups/by-slug/{slug}").get(groups::by_slug::SHOW, groups::by_slug::show, Catalog),
        at("/api/v1/product-groups/{id}")
            .get(groups::SHOW, groups::show, Catalog)
            .patch(groups::update::UPDATE, groups::update::update, Write(Products))
            .delete(groups::delete::DELETE, groups::delete::delete, Write(Products)),
        at("/api/v1/product-groups/{id}/media").put(groups::media::PLACE, groups::media::place, Write(Products)),
        at("/api/v1/product-groups/{id}/attributes").put(groups::ASSIGN, groups::assign, Write(Products)),
        at("/api/v1/product-groups/{id}/products").post(groups::members::ADD, groups::members::add, Write(Products)),
        at("/api/v1/product-groups/{id}/products/{product_id}")
            .patch(groups::members::UPDATE, groups::members::update, Write(Products))
            .delete(groups::members::REMOVE, groups::members::remove, Write(Products)),
        at("/api/v1/attributes").get(attributes::LIST, attributes::list, Catalog).post(
            attributes::create::CREATE,
            attributes::create::create,
            Write(Products),
        ),
        at("/api/v1/attributes/{code}")
            .get(attributes::SHOW, attributes::show, Catalog)
            .patch(attributes::update::UPDATE, attributes::update::update, Write(Products))
            .delete(attributes::delete::DELETE, attributes::delete::delete, Write(Products)),
        at("/api/v1/attributes/{code}/terms").get(terms::LIST, terms::list, Catalog).post(
            terms::create::CREATE,
            terms::create::create,
            Write(Products),
        ),
        at("/api/v1/attributes/{code}/terms/{term}")
            .get(terms::SHOW, terms::show, Catalog)
            .patch(terms::update::UPDATE, terms::update::update, Write(Products))
            .delete(terms::delete::DELETE, terms::delete::delete, Write(Products)),
        at("/api/v1/attributes/{code}/terms/{term}/media").put(
            terms::media::PLACE,
            terms::media::place,
            Write(Products),
        ),
        at("/api/v1/categories").get(categories::LIST, categories::list, Catalog).post(
            categories::create::CREATE,
            categories::create::create,
            Write(Products),
        ),
        at("/api/v1/categories/{category}").get(categories::SHOW, categories::show, Catalog).patch(
            categories::update::UPDATE,
            categories::update::update,
            Write(Products),
        ),
        at("/api/v1/collections").get(collections::LIST, collections::list, Catalog).post(
            collections::create::CREATE,
            collections::create::create,
            Write(Products),
        ),
        at("/api/v1/collections/{collection}")
            .get(collections::SHOW, collections::show, Catalog)
            .patch(collections::update::UPDATE, collections::update::update, Write(Products))
            .delete(collections::delete::DELETE, collections::delete::delete, Write(Products)),
        at("/api/v1/collections/{collection}/media").put(
            collections::media::PLACE,
            collections::media::place,
            Write(Products),
        ),
        at("/api/v1/media").get(media::LIST, media::list, Read(Products)).post(
            media::upload::UPLOAD,
            media::upload::upload,
            Write(Products),
        ),
        at("/api/v1/media/{id}").get(media::SHOW, media::show, Read(Products)).delete(
            media::delete::DELETE,
            media::delete::delete,
            Write(Products),
        ),
    ]
}

/// How orders are paid.
fn of_money() -> Vec<Route> {
    vec![
        at("/api/v1/payment-methods").get(
            payments::methods::METHODS,
            payments::methods::methods,
            OwnOr(Read(Payments)),
        ),
        at("/api/v1/payments").get(payments::LIST, payments::list, Read(Payments)),
        at("/api/v1/payments/{id}").get(payments::SHOW, payments::show, OwnOr(Read(Payments))),
        at("/api/v1/payments/{id}/sync").post(payments::sync::SYNC, payments::sync::sync, OwnOr(Write(Payments))),
        at("/api/v1/payments/{id}/capture").post(
            payments::capture::CAPTURE,
            payments::capture::capture,
            Write(Payments),
        ),
        at("/api/v1/payments/{id}/void").post(payments::void::VOID, payments::void::void, OwnOr(Write(Payments))),
        at("/api/v1/payments/{id}/receive").post(
            payments::receive::RECEIVE,
            payments::receive::receive,
            Write(Payments),
        ),
        at("/api/v1/payments/operations/{id}/resolve").post(
            payments::resolve::RESOLVE,
            payments::resolve::resolve,
            Write(Payments),
        ),
        at("/api/v1/orders/{id}/payments").get(payments::OF_ORDER, payments::of_order, OwnOr(Read(Payments))).post(
            payments::begin::BEGIN,
            payments::begin::begin,
            OwnOr(Write(Payments)),
        ),
        at("/api/v1/webhooks/payments/{provider}").post(
            payments::notices::RECEIVE,
            payments::notices::receive,
            Anybody,
        ),
        at("/api/v1/test-provider/{reference}/act").post(
            payments::test_provider::ACT,
            payments::test_provider::act,
            Own,
        ),
        at("/api/v1/orders/{id}/refunds").get(refunds::OF_ORDER, refunds::of_order, OwnOr(Read(Payments))).post(
            refunds::create::CREATE,
            refunds::create::create,
            Write(Payments),
        ),
        at("/api/v1/refunds/{id}").get(refunds::SHOW, refunds::show, OwnOr(Read(Payments))),
        at("/api/v1/refunds/{id}/paid").post(refunds::paid::PAID, refunds::paid::paid, Write(Payments)),
        at("/api/v1/ledger").get(ledger::LIST, ledger::list, Read(Payments)),
        at("/api/v1/ledger/balances").get(ledger::balances::BALANCES, ledger::balances::balances, Read(Payments)),
        at("/api/v1/orders/{id}/ledger").get(ledger::OF_ORDER, ledger::of_order, Read(Payments)),
        at("/api/v1/events").get(events::LIST, events::list, Read(Webhooks)),
        at("/api/v1/webhook-endpoints").get(webhooks::LIST, webhooks::list, Read(Webhooks)).post(
            webhooks::create::CREATE,
            webhooks::create::create,
            Write(Webhooks),
        ),
        at("/api/v1/webhook-endpoints/{id}")
            .get(webhooks::SHOW, webhooks::show, Read(Webhooks))
            .patch(webhooks::update::UPDATE, webhooks::update::update, Write(Webhooks))
            .delete(webhooks::delete::DELETE, webhooks::delete::delete, Write(Webhooks)),
        at("/api/v1/webhook-endpoints/{id}/pause").post(webhooks::step::PAUSE, webhooks::step::pause, Write(Webhooks)),
        at("/api/v1/webhook-endpoints/{id}/resume").post(
            webhooks::step::RESUME,
            webhooks::step::resume,
            Write(Webhooks),
        ),
        at("/api/v1/webhook-endpoints/{id}/rotate-secret").post(
            webhooks::rotate::ROTATE,
            webhooks::rotate::rotate,
            Write(Webhooks),
        ),
        at("/api/v1/webhook-endpoints/{id}/test").post(webhooks::step::TEST, webhooks::step::test, Write(Webhooks)),
        at("/api/v1/webhook-endpoints/{id}/replay").post(
            webhooks::replay::REPLAY,
            webhooks::replay::replay,
            Write(Webhooks),
        ),
        at("/api/v1/webhook-endpoints/{id}/deliveries").get(
            webhooks::deliveries::LIST,
            webhooks::deliveries::list,
            Read(Webhooks),
        ),
        at("/api/v1/webhook-deliveries/{id}/redeliver").post(
            webhooks::deliveries::REDELIVER,
            webhooks::deliveries::redeliver,
            Write(Webhooks),
        ),
    ]
}
