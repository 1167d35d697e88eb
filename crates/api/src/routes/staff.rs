//! The part of the route table that only staff and API keys use.

use domain::access::Noun::{Accounts, Customers, Keys, Orders, Products, Promotions, Reports, Shipping};
use domain::access::Scope::{Read, Write};

use super::table::{Route, at};
use super::{
    accounts, customers, imports, keys, mails, notes, orders, products, promotions, reports, roles, shipping_methods,
    tax_classes, tax_rates, zones,
};

/// Who may do what.
pub(super) fn of_staff() -> Vec<Route> {
    vec![
        at("/api/v1/accounts").get(accounts::LIST, accounts::list, Read(Accounts)).post(
            accounts::create::CREATE,
            accounts::create::create,
            Write(Accounts),
        ),
        at("/api/v1/roles").get(roles::LIST, roles::list, Read(Accounts)).post(
            roles::create::CREATE,
            roles::create::create,
            Write(Accounts),
        ),
        at("/api/v1/roles/{name}")
            .get(roles::SHOW, roles::show, Read(Accounts))
            .patch(roles::update::UPDATE, roles::update::update, Write(Accounts))
            .delete(roles::delete::DELETE, roles::delete::delete, Write(Accounts)),
        at("/api/v1/keys").get(keys::LIST, keys::list, Read(Keys)).post(
            keys::create::CREATE,
            keys::create::create,
            Write(Keys),
        ),
        at("/api/v1/keys/{id}")
            .get(keys::SHOW, keys::show, Read(Keys))
            .patch(keys::update::UPDATE, keys::update::update, Write(Keys))
            .delete(keys::delete::DELETE, keys::delete::delete, Write(Keys)),
        at("/api/v1/keys/{id}/rotate").post(keys::rotate::ROTATE, keys::rotate::rotate, Write(Keys)),
        at("/api/v1/accounts/{id}")
            .get(accounts::SHOW, accounts::show, Read(Accounts))
            .patch(accounts::update::UPDATE, accounts::update::update, Write(Accounts))
            .delete(accounts::delete::DELETE, accounts::delete::delete, Write(Accounts)),
    ]
}

/// What staff keep of prices.
pub(super) fn of_prices() -> Vec<Route> {
    vec![
        at("/api/v1/zones").get(zones::LIST, zones::list, Read(Shipping)).post(
            zones::create::CREATE,
            zones::create::create,
            Write(Shipping),
        ),
        at("/api/v1/shipping-methods").get(shipping_methods::LIST, shipping_methods::list, Read(Shipping)).post(
            shipping_methods::create::CREATE,
            shipping_methods::create::create,
            Write(Shipping),
        ),
        at("/api/v1/tax-classes").get(tax_classes::LIST, tax_classes::list, Read(Shipping)).post(
            tax_classes::create::CREATE,
            tax_classes::create::create,
            Write(Shipping),
        ),
        at("/api/v1/promotions").get(promotions::LIST, promotions::list, Read(Promotions)).post(
            promotions::create::CREATE,
            promotions::create::create,
            Write(Promotions),
        ),
        at("/api/v1/tax-rates").get(tax_rates::LIST, tax_rates::list, Read(Shipping)).post(
            tax_rates::create::CREATE,
            tax_rates::create::create,
            Write(Shipping),
        ),
        at("/api/v1/zones/{id}")
            .get(zones::SHOW, zones::show, Read(Shipping))
            .patch(zones::update::UPDATE, zones::update::update, Write(Shipping))
            .delete(zones::delete::DELETE, zones::delete::delete, Write(Shipping)),
        at("/api/v1/shipping-methods/{id}")
            .get(shipping_methods::SHOW, shipping_methods::show, Read(Shipping))
            .patch(shipping_methods::update::UPDATE, shipping_methods::update::update, Write(Shipping))
            .delete(shipping_methods::delete::DELETE, shipping_methods::delete::delete, Write(Shipping)),
        at("/api/v1/tax-classes/{id}")
            .get(tax_classes::SHOW, tax_classes::show, Read(Shipping))
            .patch(tax_classes::update::UPDATE, tax_classes::update::update, Write(Shipping))
            .delete(tax_classes::delete::DELETE, tax_classes::delete::delete, Write(Shipping)),
        at("/api/v1/promotions/{id}").get(promotions::SHOW, promotions::show, Read(Promotions)).patch(
            promotions::update::UPDATE,
            promotions::update::update,
            Write(Promotions),
        ),
        at("/api/v1/promotions/{id}/activate").post(
            promotions::step::ACTIVATE,
            promotions::step::activate,
            Write(Promotions),
        ),
        at("/api/v1/promotions/{id}/pause").post(promotions::step::PAUSE, promotions::step::pause, Write(Promotions)),
        at("/api/v1/promotions/{id}/archive").post(
            promotions::step::ARCHIVE,
            promotions::step::archive,
            Write(Promotions),
        ),
        at("/api/v1/promotions/{id}/codes")
            .get(promotions::codes::LIST, promotions::codes::list, Read(Promotions))
            .post(promotions::codes::ADD, promotions::codes::add, Write(Promotions)),
        at("/api/v1/promotions/{id}/codes/{code}").delete(
            promotions::codes::REMOVE,
            promotions::codes::remove,
            Write(Promotions),
        ),
        at("/api/v1/tax-rates/{id}")
            .get(tax_rates::SHOW, tax_rates::show, Read(Shipping))
            .patch(tax_rates::update::UPDATE, tax_rates::update::update, Write(Shipping))
            .delete(tax_rates::delete::DELETE, tax_rates::delete::delete, Write(Shipping)),
    ]
}

/// Files that come in, and files that are downloaded.
pub(super) fn of_files() -> Vec<Route> {
    vec![
        at("/api/v1/imports").get(imports::LIST, imports::list, Read(Products)).post(
            imports::create::CREATE,
            imports::create::create,
            Write(Products),
        ),
        at("/api/v1/imports/{id}").get(imports::SHOW, imports::show, Read(Products)).patch(
            imports::update::UPDATE,
            imports::update::update,
            Write(Products),
        ),
        at("/api/v1/imports/{id}/start").post(imports::steps::START, imports::steps::start, Write(Products)),
        at("/api/v1/imports/{id}/cancel").post(imports::steps::CANCEL, imports::steps::cancel, Write(Products)),
        at("/api/v1/imports/{id}/rows").get(imports::rows::LIST, imports::rows::list, Read(Products)),
        at("/api/v1/imports/{id}/failed.csv").get(imports::files::FAILED, imports::files::failed, Read(Products)),
        at("/api/v1/imports/{id}/before.csv").get(imports::files::BEFORE, imports::files::before, Read(Products)),
        at("/api/v1/products/export.csv").get(products::export::AS_CSV, products::export::as_csv, Read(Products)),
        at("/api/v1/products/export.ndjson").get(
            products::export::AS_NDJSON,
            products::export::as_ndjson,
            Read(Products),
        ),
        at("/api/v1/orders/export.csv").get(orders::export::AS_CSV, orders::export::as_csv, Read(Orders)),
        at("/api/v1/customers/export.csv").get(customers::file::AS_CSV, customers::file::as_csv, Read(Customers)),
    ]
}

/// What staff look at.
pub(super) fn of_reports() -> Vec<Route> {
    vec![
        at("/api/v1/reports/sales").get(reports::sales::SALES, reports::sales::sales, Read(Reports)),
        at("/api/v1/reports/to-do").get(reports::to_do::TO_DO, reports::to_do::to_do, Read(Reports)),
        at("/api/v1/reports/stock").get(reports::stock::STOCK, reports::stock::stock, Read(Reports)),
    ]
}

/// What staff pack by and note, and what customers are written.
pub(super) fn of_notes() -> Vec<Route> {
    vec![
        at("/api/v1/mails").get(mails::LIST, mails::list, Read(Orders)),
        at("/api/v1/mails/{id}").get(mails::SHOW, mails::show, Read(Orders)),
        at("/api/v1/orders/{id}/packing-slip").get(
            orders::packing_slip::SHOW,
            orders::packing_slip::show,
            Read(Orders),
        ),
        at("/api/v1/orders/{id}/notes").get(notes::orders::LIST, notes::orders::list, Read(Orders)).post(
            notes::orders::CREATE,
            notes::orders::create,
            Write(Orders),
        ),
        at("/api/v1/orders/{id}/notes/{note_id}").get(notes::orders::SHOW, notes::orders::show, Read(Orders)).delete(
            notes::orders::DELETE,
            notes::orders::delete,
            Write(Orders),
        ),
        at("/api/v1/customers/{id}/sales").get(
            customers::sales::SALES,
            customers::sales::sales,
            [Read(Customers), Read(Orders)],
        ),
        at("/api/v1/customers/{id}/notes").get(notes::customers::LIST, notes::customers::list, Read(Customers)).post(
            notes::customers::CREATE,
            notes::customers::create,
            Write(Customers),
        ),
        at("/api/v1/customers/{id}/notes/{note_id}")
            .get(notes::customers::SHOW, notes::customers::show, Read(Customers))
            .delete(notes::customers::DELETE, notes::customers::delete, Write(Customers)),
    ]
}
