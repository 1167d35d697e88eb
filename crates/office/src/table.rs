//! The table of pages.

use actix_web::http::Method;
use domain::access::Noun::{Customers, Orders, Payments, Products, Reports, Stock};
use domain::access::Scope::{Read, Write};

use crate::page::{Needs, Page};
use crate::{customers, home, orders, payments, products, reports, search, session, stock};

macro_rules! page {
    ($method:ident $path:literal, $handler:path, $needs:expr, [$($operation:literal),*]) => {
        Page::staff(Method::$method, concat!("/office/", $path), $handler, $needs.into(), &[$($operation),*])
    };
}

/// Every page, each with who may open it and the operations of the API behind it.
pub fn pages() -> Vec<Page> {
    vec![
        Page::open(Method::GET, "/office/login", session::login::show),
        Page::open(Method::POST, "/office/login", session::login::log_in),
        page!(POST "logout", session::logout::log_out, Needs::Staff, []),
        page!(GET "", home::show, Needs::Staff, ["salesReport", "listOrders", "listStock", "listRestocks"]),
        page!(GET "settings/sessions", session::list::list, Needs::Staff, []),
        page!(POST "settings/sessions", session::list::end, Needs::Staff, []),
        page!(GET "search", search::find, Needs::Staff, []),
        page!(GET "orders", orders::list::list, Read(Orders), ["listOrders"]),
        page!(GET "orders/ship", orders::ship_many::form, Write(Orders), ["advanceOrder"]),
        page!(POST "orders/ship", orders::ship_many::ship, Write(Orders), ["advanceOrder"]),
        page!(GET "orders/slips", orders::slips::many, Read(Orders), ["showOrder"]),
        page!(GET "orders/{id}/slip", orders::slips::one, Read(Orders), ["showOrder"]),
        page!(GET "orders/{id}", orders::show::show, Read(Orders), ["showOrder", "trackOrder", "listPaymentsOfOrder"]),
        page!(GET "orders/{id}/ship", orders::advance::ship_form, Write(Orders), ["advanceOrder"]),
        page!(POST "orders/{id}/ship", orders::advance::ship, Write(Orders), ["advanceOrder"]),
        page!(GET "orders/{id}/advance", orders::advance::form, Write(Orders), ["advanceOrder"]),
        page!(POST "orders/{id}/advance", orders::advance::advance, Write(Orders), ["advanceOrder"]),
        page!(GET "orders/{id}/tracking", orders::tracking::form, Write(Orders), ["correctTracking"]),
        page!(POST "orders/{id}/tracking", orders::tracking::correct, Write(Orders), ["correctTracking"]),
        page!(GET "orders/{id}/cancel", orders::cancel::form, Write(Orders), ["cancelOrder"]),
        page!(POST "orders/{id}/cancel", orders::cancel::cancel, Write(Orders), ["cancelOrder"]),
        page!(GET "orders/{id}/refund", orders::refund::form, Write(Payments), ["refundOrder"]),
        page!(POST "orders/{id}/refund", orders::refund::refund, Write(Payments), ["refundOrder"]),
        page!(GET "payments/{id}/capture", payments::capture::form, Write(Payments), ["capturePayment"]),
        page!(POST "payments/{id}/capture", payments::capture::capture, Write(Payments), ["capturePayment"]),
        page!(GET "payments/{id}/receive", payments::receive::form, Write(Payments), ["receivePayment"]),
        page!(POST "payments/{id}/receive", payments::receive::receive, Write(Payments), ["receivePayment"]),
        page!(GET "products", products::list::list, Read(Products), ["listProducts"]),
        page!(GET "products/new", products::create::form, Write(Products), ["createProduct"]),
        page!(POST "products/new", products::create::create, Write(Products), ["createProduct"]),
        page!(GET "products/edit", products::batch::form, Write(Products), ["batchProducts"]),
        page!(POST "products/edit", products::batch::save, Write(Products), ["batchProducts"]),
        page!(GET "products/{id}", products::show::show, Read(Products), ["showProduct", "listProductPrices"]),
        page!(POST "products/{id}", products::show::save, Write(Products), ["updateProduct"]),
        page!(GET "products/{id}/media", products::media::show, Write(Products), ["placeProductMedia"]),
        page!(POST "products/{id}/media", products::media::save, Write(Products), ["placeProductMedia"]),
        page!(POST "products/{id}/media/upload", products::media::upload, Write(Products), ["uploadMedia", "placeProductMedia"])
            .with_files(),
        page!(GET "reports", reports::sales::show, Read(Reports), ["salesReport"]),
        page!(GET "reports/sales.csv", reports::sales::table, Read(Reports), ["salesReport"]),
        page!(GET "reports/stock", reports::stock::show, Read(Reports), ["stockReport"]),
        page!(GET "stock", stock::list::list, Read(Stock), ["listStock"]),
        page!(GET "stock/{id}", stock::show::show, Read(Stock), ["showStock", "listMovements"]),
        page!(GET "stock/{id}/adjust", stock::adjust::form, Write(Stock), ["adjustStock"]),
        page!(POST "stock/{id}/adjust", stock::adjust::adjust, Write(Stock), ["adjustStock"]),
        page!(GET "restocks", stock::due::list, Read(Stock), ["listRestocks"]),
        page!(POST "restocks/run", stock::due::run, Write(Stock), ["runRestocks"]),
        page!(POST "restocks/{id}/receive", stock::due::receive, Write(Stock), ["receiveRestock"]),
        page!(POST "restocks/{id}/cancel", stock::due::cancel, Write(Stock), ["cancelRestock"]),
        page!(GET "customers", customers::list::list, Read(Customers), ["listCustomers"]),
        page!(GET "customers/new", customers::new::form, Write(Customers), ["createCustomer"]),
        page!(POST "customers/new", customers::new::create, Write(Customers), ["createCustomer"]),
        page!(GET "customers/{id}", customers::show::show, Read(Customers), ["showCustomer", "listOrders"]),
        page!(GET "customers/{id}/edit", customers::edit::form, Write(Customers), ["showCustomer", "updateCustomer"]),
        page!(POST "customers/{id}/edit", customers::edit::edit, Write(Customers), ["updateCustomer"]),
        page!(GET "customers/{id}/erase", customers::erase::form, Write(Customers), ["deleteCustomer"]),
        page!(POST "customers/{id}/erase", customers::erase::erase, Write(Customers), ["deleteCustomer"]),
    ]
}
