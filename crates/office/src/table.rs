//! The table of pages.

use std::collections::BTreeSet;

use actix_web::http::Method;
use domain::access::Noun::{
    Accounts, Audit, Customers, Keys, Orders, Payments, Products, Promotions, Reports, Settings, Shipping, Stock,
    Webhooks,
};
use domain::access::Scope::{Read, Write};

use crate::origin::is_safe;
use crate::page::{Needs, Sends};
use crate::serve::Served;
use crate::settings::{
    accounts, audit, index, keys, password, roles, shipping, shipping_methods, system, tax_classes, tax_rates, taxes,
    webhooks, zones,
};
use crate::{
    customers, first_start, groups, home, imports, mails, notes, orders, payments, products, promotions, refunds,
    reports, search, session, stock,
};

macro_rules! page {
    ($method:ident $path:literal, $handler:path, $needs:expr, [$($operation:literal),*]) => {
        Served::staff(Method::$method, concat!("/office/", $path), |staff| Box::pin($handler(staff)), $needs.into(), &[$($operation),*])
    };
}

/// Every page, each with who may open it and the operations of the API behind it.
pub fn pages() -> Vec<Served> {
    let all = [of_orders(), of_goods(), of_people(), of_settings(), of_costs(), of_machine()];
    let pages: Vec<_> = all.into_iter().flatten().collect();
    let shown: BTreeSet<_> = pages.iter().filter(|page| is_safe(&page.method)).map(|page| page.path).collect();
    let is_shown = |page: Served| {
        let is_shown = shown.contains(page.path);
        page.shown(is_shown)
    };
    pages.into_iter().map(is_shown).collect()
}

/// Login, home, search, and the pages of orders, payments and mails.
fn of_orders() -> Vec<Served> {
    vec![
        Served::open(Method::GET, "/office/login", |ask| Box::pin(session::login::show(ask))),
        // Without scripts it sends what was typed into any form, a grid as well, when the session had ended.
        Served::open(Method::POST, "/office/login", |ask| Box::pin(session::login::log_in(ask))).sending(Sends::Grid),
        page!(POST "logout", session::logout::log_out, Needs::Staff, []),
        page!(GET "", home::show, Needs::Staff, ["salesReport", "listOrders", "toDoReport"]),
        page!(POST "first-start", first_start::put_away, Needs::Staff, []),
        page!(GET "search", search::find, Needs::Staff, ["listOrders", "listCustomers", "listProducts"]),
        page!(GET "orders", orders::list::list, Read(Orders), ["listOrders"]),
        page!(GET "orders/export.csv", orders::list::export, Read(Orders), ["exportOrders"]),
        page!(GET "orders/ship", orders::ship_many::form, Write(Orders), ["advanceOrder"]),
        page!(POST "orders/ship", orders::ship_many::ship, Write(Orders), ["advanceOrder"]),
        page!(GET "orders/slips", orders::slips::many, Read(Orders), ["packingSlip"]),
        page!(GET "orders/{id}/slip", orders::slips::one, Read(Orders), ["packingSlip"]),
        page!(GET "orders/{id}", orders::show::show, Read(Orders), ["showOrder", "listOrders", "trackOrder", "listPaymentsOfOrder", "listOrderNotes", "listMails", "listAudit"]),
        page!(GET "orders/{id}/ship", orders::advance::ship_form, Write(Orders), ["advanceOrder"]),
        page!(POST "orders/{id}/ship", orders::advance::ship, Write(Orders), ["advanceOrder"]),
        page!(GET "orders/{id}/advance", orders::advance::form, Write(Orders), ["advanceOrder"]),
        page!(POST "orders/{id}/advance", orders::advance::advance, Write(Orders), ["advanceOrder"]),
        page!(GET "orders/{id}/tracking", orders::tracking::form, Write(Orders), ["correctTracking"]),
        page!(POST "orders/{id}/tracking", orders::tracking::correct, Write(Orders), ["correctTracking"]),
        page!(GET "orders/{id}/edit", orders::edit::form, Write(Orders), ["updateOrder"]),
        page!(POST "orders/{id}/edit", orders::edit::edit, Write(Orders), ["updateOrder"]),
        page!(GET "orders/{id}/cancel", orders::cancel::form, Write(Orders), ["cancelOrder"]),
        page!(POST "orders/{id}/cancel", orders::cancel::cancel, Write(Orders), ["cancelOrder"]),
        page!(GET "orders/{id}/refund", orders::refund::form, Write(Payments), ["refundOrder"]),
        page!(POST "orders/{id}/refund", orders::refund::refund, Write(Payments), ["refundOrder"]),
        page!(GET "orders/{id}/notes", notes::order_form, Write(Orders), ["createOrderNote"]),
        page!(POST "orders/{id}/notes", notes::note_order, Write(Orders), ["createOrderNote"]),
        page!(POST "orders/{id}/notes/delete", notes::delete_of_order, Write(Orders), ["deleteOrderNote"]),
        page!(GET "mails", mails::list, Read(Orders), ["listMails"]),
        page!(GET "payments", payments::list::list, Read(Payments), ["listPayments"]),
        page!(GET "payments/{id}/capture", payments::capture::form, Write(Payments), ["capturePayment"]),
        page!(POST "payments/{id}/capture", payments::capture::capture, Write(Payments), ["capturePayment"]),
        page!(POST "payments/{id}/sync", payments::sync::sync, Write(Payments), ["syncPayment"]),
        page!(GET "payments/{id}/void", payments::void::form, Write(Payments), ["voidPayment"]),
        page!(POST "payments/{id}/void", payments::void::void, Write(Payments), ["voidPayment"]),
        page!(GET "payments/{payment}/operations/{id}/resolve", payments::resolve::form, Write(Payments), ["resolveOperation"]),
        page!(POST "payments/{payment}/operations/{id}/resolve", payments::resolve::resolve, Write(Payments), ["resolveOperation"]),
        page!(GET "refunds/{id}/paid", refunds::paid::form, Write(Payments), ["refundPaid"]),
        page!(POST "refunds/{id}/paid", refunds::paid::paid, Write(Payments), ["refundPaid"]),
        page!(GET "payments/{id}/receive", payments::receive::form, Write(Payments), ["receivePayment"]),
        page!(POST "payments/{id}/receive", payments::receive::receive, Write(Payments), ["receivePayment"]),
    ]
}

/// The pages of products, groups, imports, stock and reports.
fn of_goods() -> Vec<Served> {
    vec![
        page!(GET "products", products::list::list, Read(Products), ["listProducts"]),
        page!(GET "products/export.csv", products::list::export, Read(Products), ["exportProducts"]),
        page!(GET "products/new", products::create::form, Write(Products), ["createProduct"]),
        page!(POST "products/new", products::create::create, Write(Products), ["createProduct"]).sending(Sends::Grid),
        page!(GET "products/edit", products::batch::form, Write(Products), ["batchProducts"]),
        page!(POST "products/edit", products::batch::save, Write(Products), ["batchProducts", "adjustStock"]).sending(Sends::Grid),
        page!(GET "products/change", products::change::form, Write(Products), ["batchProducts"]),
        page!(POST "products/change", products::change::change, Write(Products), ["batchProducts"]),
        page!(GET "products/bulk", products::bulk::form, Write(Products), ["batchProducts"]),
        page!(POST "products/bulk", products::bulk::begin, Write(Products), ["batchProducts"]),
        page!(GET "products/{id}", products::show::show, Read(Products), ["showProduct", "listProductPrices", "listAttributes", "listTerms"]),
        page!(POST "products/{id}", products::show::save, Write(Products), ["batchProducts"]).sending(Sends::Grid),
        page!(GET "products/{id}/media", products::media::show, Write(Products), ["placeProductMedia"]),
        page!(POST "products/{id}/media", products::media::save, Write(Products), ["placeProductMedia"]),
        page!(POST "products/{id}/media/upload", products::media::upload, Write(Products), ["uploadMedia", "placeProductMedia"])
            .sending(Sends::Pictures),
        page!(GET "groups", groups::list::list, Read(Products), ["listProductGroups"]),
        page!(GET "groups/new", groups::new::form, Write(Products), ["createProductGroup"]),
        page!(POST "groups/new", groups::new::create, Write(Products), ["createProductGroup"]),
        page!(GET "groups/{id}", groups::show::show, Read(Products), ["showProductGroup"]),
        page!(POST "groups/{id}", groups::edit::save, Write(Products), ["updateProductGroup", "batchProducts", "adjustStock"]).sending(Sends::Grid),
        page!(GET "groups/{id}/remove", groups::remove::form, Write(Products), ["removeGroupMember"]),
        page!(POST "groups/{id}/remove", groups::remove::remove, Write(Products), ["removeGroupMember"]),
        page!(GET "groups/{id}/add", groups::members::add_form, Write(Products), ["addGroupMember"]),
        page!(POST "groups/{id}/add", groups::members::add, Write(Products), ["addGroupMember"]),
        page!(GET "groups/{id}/join", groups::join::form, Write(Products), ["addGroupMember"]),
        page!(POST "groups/{id}/join", groups::join::join, Write(Products), ["addGroupMember"]),
        page!(GET "groups/{id}/delete", groups::delete::form, Write(Products), ["deleteProductGroup"]),
        page!(POST "groups/{id}/delete", groups::delete::delete, Write(Products), ["deleteProductGroup"]),
        page!(GET "imports", imports::list::list, Read(Products), ["listImports"]),
        page!(GET "imports/new", imports::new::form, Write(Products), ["createImport"]),
        page!(POST "imports/new", imports::new::create, Write(Products), ["createImport"]).sending(Sends::Table),
        page!(GET "imports/{id}", imports::show::show, Read(Products), ["showImport", "listImportRows"]),
        page!(POST "imports/{id}", imports::revise::revise, Write(Products), ["updateImport"]),
        page!(POST "imports/{id}/start", imports::steps::start, Write(Products), ["startImport"]),
        page!(GET "imports/{id}/cancel", imports::steps::cancel_form, Write(Products), ["cancelImport"]),
        page!(POST "imports/{id}/cancel", imports::steps::cancel, Write(Products), ["cancelImport"]),
        page!(GET "imports/{id}/failed.csv", imports::files::failed, Read(Products), ["downloadFailedRows"]),
        page!(GET "imports/{id}/before.csv", imports::files::before, Read(Products), ["downloadRowsBefore"]),
        page!(GET "reports", reports::sales::show, Read(Reports), ["salesReport"]),
        page!(GET "reports/sales.csv", reports::sales::table, Read(Reports), ["salesReport"]),
        page!(GET "reports/stock", reports::stock::show, Read(Reports), ["stockReport"]),
        page!(GET "reports/stock.csv", reports::stock::table, Read(Reports), ["stockReport"]),
        page!(GET "stock", stock::list::list, Read(Stock), ["listStock", "listProducts", "listRestocks"]),
        page!(GET "stock/low.csv", stock::low::table, Read(Stock), ["listStock"]),
        page!(GET "stock/{id}", stock::show::show, Read(Stock), ["showStock", "listMovements", "listRestocks"]),
        page!(GET "stock/{id}/policy", stock::policy::form, Write(Stock), ["setRestockPolicy"]),
        page!(POST "stock/{id}/policy", stock::policy::set, Write(Stock), ["setRestockPolicy"]),
        page!(GET "stock/{id}/adjust", stock::adjust::form, Write(Stock), ["adjustStock"]),
        page!(POST "stock/{id}/adjust", stock::adjust::adjust, Write(Stock), ["adjustStock"]),
        page!(GET "restocks", stock::due::list, Read(Stock), ["listRestocks"]),
        page!(POST "restocks/run", stock::due::run, Write(Stock), ["runRestocks"]),
        page!(GET "restocks/{id}/receive", stock::receive::form, Write(Stock), ["showRestock", "receiveRestock"]),
        page!(POST "restocks/{id}/receive", stock::receive::receive, Write(Stock), ["receiveRestock"]),
        page!(GET "restocks/{id}/cancel", stock::cancel::form, Write(Stock), ["showRestock", "cancelRestock"]),
        page!(POST "restocks/{id}/cancel", stock::cancel::cancel, Write(Stock), ["cancelRestock"]),
    ]
}

/// The pages of customers.
fn of_people() -> Vec<Served> {
    vec![
        page!(GET "customers", customers::list::list, Read(Customers), ["listCustomers"]),
        page!(GET "customers/export.csv", customers::list::export, Read(Customers), ["exportCustomers"]),
        page!(GET "customers/new", customers::new::form, Write(Customers), ["createCustomer"]),
        page!(POST "customers/new", customers::new::create, Write(Customers), ["createCustomer"]),
        page!(GET "customers/{id}", customers::show::show, Read(Customers), ["showCustomer", "customerSales", "listOrders", "listCustomerNotes"]),
        page!(GET "customers/{id}/data.json", customers::show::data, Read(Customers), ["exportCustomer"]),
        page!(GET "customers/{id}/edit", customers::edit::form, Write(Customers), ["showCustomer", "updateCustomer"]),
        page!(POST "customers/{id}/edit", customers::edit::edit, Write(Customers), ["updateCustomer"]),
        page!(GET "customers/{id}/erase", customers::erase::form, Write(Customers), ["deleteCustomer"]),
        page!(POST "customers/{id}/erase", customers::erase::erase, Write(Customers), ["deleteCustomer"]),
        page!(GET "customers/{id}/notes", notes::customer_form, Write(Customers), ["createCustomerNote"]),
        page!(POST "customers/{id}/notes", notes::note_customer, Write(Customers), ["createCustomerNote"]),
        page!(POST "customers/{id}/notes/delete", notes::delete_of_customer, Write(Customers), ["deleteCustomerNote"]),
    ]
}

/// The pages of promotions, of settings of accounts, roles and keys, and of the audit log.
fn of_settings() -> Vec<Served> {
    vec![
        page!(GET "settings", index::index, Needs::Staff, []),
        page!(GET "settings/sessions", session::list::list, Needs::Staff, []),
        page!(POST "settings/sessions", session::list::end, Needs::Staff, []),
        page!(GET "settings/password", password::form, Needs::Staff, ["changePassword"]),
        page!(POST "settings/password", password::change, Needs::Staff, ["changePassword"]),
        page!(GET "settings/accounts", accounts::list::list, Read(Accounts), ["listAccounts"]),
        page!(GET "settings/accounts/new", accounts::new::form, Write(Accounts), ["createAccount"]),
        page!(POST "settings/accounts/new", accounts::new::create, Write(Accounts), ["createAccount"]),
        page!(GET "settings/accounts/{id}/edit", accounts::edit::form, Write(Accounts), ["showAccount", "updateAccount"]),
        page!(POST "settings/accounts/{id}/edit", accounts::edit::edit, Write(Accounts), ["updateAccount"]),
        page!(GET "settings/accounts/{id}/password", accounts::password::form, Write(Accounts), ["updateAccount"]),
        page!(POST "settings/accounts/{id}/password", accounts::password::set, Write(Accounts), ["updateAccount"]),
        page!(GET "settings/accounts/{id}/delete", accounts::delete::form, Write(Accounts), ["deleteAccount"]),
        page!(POST "settings/accounts/{id}/delete", accounts::delete::delete, Write(Accounts), ["deleteAccount"]),
        page!(GET "settings/roles", roles::list::list, Read(Accounts), ["listRoles"]),
        page!(GET "settings/roles/new", roles::new::form, Write(Accounts), ["createRole"]),
        page!(POST "settings/roles/new", roles::new::create, Write(Accounts), ["createRole"]),
        page!(GET "settings/roles/{name}/edit", roles::edit::form, Write(Accounts), ["showRole", "updateRole"]),
        page!(POST "settings/roles/{name}/edit", roles::edit::edit, Write(Accounts), ["updateRole"]),
        page!(GET "settings/roles/{name}/delete", roles::delete::form, Write(Accounts), ["deleteRole"]),
        page!(POST "settings/roles/{name}/delete", roles::delete::delete, Write(Accounts), ["deleteRole"]),
        page!(GET "settings/keys", keys::list::list, Read(Keys), ["listKeys"]),
        page!(GET "settings/keys/new", keys::new::form, Write(Keys), ["createKey"]),
        page!(POST "settings/keys/new", keys::new::create, Write(Keys), ["createKey"]),
        page!(GET "settings/keys/{id}/rename", keys::rename::form, Write(Keys), ["showKey", "updateKey"]),
        page!(POST "settings/keys/{id}/rename", keys::rename::rename, Write(Keys), ["updateKey"]),
        page!(GET "settings/keys/{id}/rotate", keys::rotate::form, Write(Keys), ["rotateKey"]),
        page!(POST "settings/keys/{id}/rotate", keys::rotate::rotate, Write(Keys), ["rotateKey"]),
        page!(GET "settings/keys/{id}/delete", keys::delete::form, Write(Keys), ["deleteKey"]),
        page!(POST "settings/keys/{id}/delete", keys::delete::delete, Write(Keys), ["deleteKey"]),
        page!(GET "settings/audit", audit::list, Read(Audit), ["listAudit"]),
        page!(GET "promotions", promotions::list::list, Read(Promotions), ["listPromotions"]),
        page!(GET "promotions/new", promotions::new::form, Write(Promotions), ["createPromotion"]),
        page!(POST "promotions/new", promotions::new::create, Write(Promotions), ["createPromotion"]),
        page!(GET "promotions/{id}", promotions::show::show, Read(Promotions), ["showPromotion", "listPromotionCodes"]),
        page!(POST "promotions/{id}", promotions::show::save, Write(Promotions), ["updatePromotion"]),
        page!(POST "promotions/{id}/activate", promotions::step::activate, Write(Promotions), ["activatePromotion"]),
        page!(POST "promotions/{id}/pause", promotions::step::pause, Write(Promotions), ["pausePromotion"]),
        page!(GET "promotions/{id}/archive", promotions::step::archive_form, Write(Promotions), ["archivePromotion"]),
        page!(POST "promotions/{id}/archive", promotions::step::archive, Write(Promotions), ["archivePromotion"]),
        page!(GET "promotions/{id}/codes", promotions::codes::form, Write(Promotions), ["addPromotionCodes"]),
        page!(POST "promotions/{id}/codes", promotions::codes::add, Write(Promotions), ["addPromotionCodes"]),
        page!(POST "promotions/{id}/codes/remove", promotions::codes::remove, Write(Promotions), ["removePromotionCode"]),
    ]
}

/// The pages of shipping, zones and taxes.
fn of_costs() -> Vec<Served> {
    vec![
        page!(GET "settings/shipping", shipping::show, Read(Shipping), ["listShippingMethods", "listZones"]),
        page!(GET "settings/taxes", taxes::show, Read(Shipping), ["listTaxRates", "listTaxClasses", "listZones"]),
        page!(GET "settings/shipping-methods/new", shipping_methods::new::form, Write(Shipping), ["createShippingMethod"]),
        page!(POST "settings/shipping-methods/new", shipping_methods::new::create, Write(Shipping), ["createShippingMethod"]),
        page!(GET "settings/shipping-methods/{id}/edit", shipping_methods::edit::form, Write(Shipping), ["showShippingMethod", "updateShippingMethod"]),
        page!(POST "settings/shipping-methods/{id}/edit", shipping_methods::edit::edit, Write(Shipping), ["updateShippingMethod"]),
        page!(GET "settings/shipping-methods/{id}/delete", shipping_methods::delete::form, Write(Shipping), ["deleteShippingMethod"]),
        page!(POST "settings/shipping-methods/{id}/delete", shipping_methods::delete::delete, Write(Shipping), ["deleteShippingMethod"]),
        page!(GET "settings/zones/new", zones::new::form, Write(Shipping), ["createZone"]),
        page!(POST "settings/zones/new", zones::new::create, Write(Shipping), ["createZone"]),
        page!(GET "settings/zones/{id}/edit", zones::edit::form, Write(Shipping), ["showZone", "updateZone"]),
        page!(POST "settings/zones/{id}/edit", zones::edit::edit, Write(Shipping), ["updateZone"]),
        page!(GET "settings/zones/{id}/delete", zones::delete::form, Write(Shipping), ["deleteZone"]),
        page!(POST "settings/zones/{id}/delete", zones::delete::delete, Write(Shipping), ["deleteZone"]),
        page!(GET "settings/tax-rates/new", tax_rates::new::form, Write(Shipping), ["createTaxRate"]),
        page!(POST "settings/tax-rates/new", tax_rates::new::create, Write(Shipping), ["createTaxRate"]),
        page!(GET "settings/tax-rates/{id}/end", tax_rates::end::form, Write(Shipping), ["showTaxRate", "updateTaxRate"]),
        page!(POST "settings/tax-rates/{id}/end", tax_rates::end::end, Write(Shipping), ["updateTaxRate"]),
        page!(GET "settings/tax-rates/{id}/delete", tax_rates::delete::form, Write(Shipping), ["deleteTaxRate"]),
        page!(POST "settings/tax-rates/{id}/delete", tax_rates::delete::delete, Write(Shipping), ["deleteTaxRate"]),
        page!(GET "settings/tax-classes/new", tax_classes::new::form, Write(Shipping), ["createTaxClass"]),
        page!(POST "settings/tax-classes/new", tax_classes::new::create, Write(Shipping), ["createTaxClass"]),
        page!(GET "settings/tax-classes/{id}/edit", tax_classes::edit::form, Write(Shipping), ["showTaxClass", "updateTaxClass"]),
        page!(POST "settings/tax-classes/{id}/edit", tax_classes::edit::edit, Write(Shipping), ["updateTaxClass"]),
        page!(GET "settings/tax-classes/{id}/delete", tax_classes::delete::form, Write(Shipping), ["deleteTaxClass"]),
        page!(POST "settings/tax-classes/{id}/delete", tax_classes::delete::delete, Write(Shipping), ["deleteTaxClass"]),
    ]
}

/// The pages of webhooks and of the system.
fn of_machine() -> Vec<Served> {
    vec![
        page!(GET "settings/webhooks", webhooks::list::list, Read(Webhooks), ["listWebhookEndpoints"]),
        page!(GET "settings/webhooks/new", webhooks::new::form, Write(Webhooks), ["createWebhookEndpoint"]),
        page!(POST "settings/webhooks/new", webhooks::new::create, Write(Webhooks), ["createWebhookEndpoint"]),
        page!(GET "settings/webhooks/{id}", webhooks::show::show, Read(Webhooks), ["showWebhookEndpoint", "listWebhookDeliveries"]),
        page!(GET "settings/webhooks/{id}/edit", webhooks::edit::form, Write(Webhooks), ["showWebhookEndpoint", "updateWebhookEndpoint"]),
        page!(POST "settings/webhooks/{id}/edit", webhooks::edit::edit, Write(Webhooks), ["updateWebhookEndpoint"]),
        page!(GET "settings/webhooks/{id}/rotate", webhooks::rotate::form, Write(Webhooks), ["rotateWebhookSecret"]),
        page!(POST "settings/webhooks/{id}/rotate", webhooks::rotate::rotate, Write(Webhooks), ["rotateWebhookSecret"]),
        page!(GET "settings/webhooks/{id}/replay", webhooks::replay::form, Write(Webhooks), ["showWebhookEndpoint", "replayWebhooks"]),
        page!(POST "settings/webhooks/{id}/replay", webhooks::replay::replay, Write(Webhooks), ["replayWebhooks"]),
        page!(GET "settings/webhooks/{id}/delete", webhooks::delete::form, Write(Webhooks), ["deleteWebhookEndpoint"]),
        page!(POST "settings/webhooks/{id}/delete", webhooks::delete::delete, Write(Webhooks), ["deleteWebhookEndpoint"]),
        page!(POST "settings/webhooks/{id}/pause", webhooks::step::pause, Write(Webhooks), ["pauseWebhookEndpoint"]),
        page!(POST "settings/webhooks/{id}/resume", webhooks::step::resume, Write(Webhooks), ["resumeWebhookEndpoint"]),
        page!(POST "settings/webhooks/{id}/test", webhooks::step::test, Write(Webhooks), ["testWebhookEndpoint"]),
        page!(POST "settings/webhooks/{endpoint}/deliveries/{id}/again", webhooks::again::send, Write(Webhooks), ["redeliverWebhook"]),
        page!(GET "settings/system", system::show, Read(Settings), []),
    ]
}
