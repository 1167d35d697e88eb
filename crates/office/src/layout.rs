//! What every page has around its contents.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, VARY,
};
use domain::access::Noun::{Customers, Orders, Products, Reports, Stock};
use domain::access::Scope::{self, Read};
use maud::{DOCTYPE, Markup, html};

use crate::assets::named;
use crate::parts::{api_calls, icon};
use crate::request::{Staff, relative};
use crate::waiting::short;

/// Only what comes from this server is run or asked, and no other page may frame it. Pictures may come from any `https`
/// address, because `media.public_base` may be another host, such as a CDN.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// An entry of the navigation.
struct Entry {
    name: &'static str,
    /// Relative to `/office/`.
    page: &'static str,
    icon: &'static str,
    /// `None` for everybody who works here.
    needs: Option<Scope>,
}

impl Entry {
    /// The number of items that wait on the page of the entry, if there are any.
    fn count(&self, staff: &Staff) -> Markup {
        let waiting = staff.waiting.as_ref().and_then(|waiting| match self.page {
            "orders" => Some((waiting.orders_to_ship, "to ship")),
            "stock" => Some((waiting.products_low, "low")),
            _ => None,
        });
        html! {
            @match waiting {
                Some((0, _)) | None => {},
                Some((count, what)) => {
                    span.count title=(what) {
                        (short(count))
                        span.hidden { " " (what) }
                    }
                },
            }
        }
    }
}

const NAVIGATION: &[Entry] = &[
    Entry { name: "Home", page: "", icon: "house", needs: None },
    Entry { name: "Orders", page: "orders", icon: "package", needs: Some(Read(Orders)) },
    Entry { name: "Products", page: "products", icon: "tag", needs: Some(Read(Products)) },
    Entry { name: "Stock", page: "stock", icon: "warehouse", needs: Some(Read(Stock)) },
    Entry { name: "Customers", page: "customers", icon: "users", needs: Some(Read(Customers)) },
    Entry { name: "Reports", page: "reports", icon: "chart-column", needs: Some(Read(Reports)) },
    Entry { name: "Settings", page: "settings", icon: "settings", needs: None },
];

/// 200 with a page.
pub(crate) fn page(staff: &Staff, section: &str, title: &str, body: &Markup) -> HttpResponse {
    page_with(StatusCode::OK, staff, section, title, body)
}

/// A page with another status than 200.
pub(crate) fn page_with(status: StatusCode, staff: &Staff, section: &str, title: &str, body: &Markup) -> HttpResponse {
    respond(status, framed(staff, section, title, body))
}

/// A page with navigation, search and the result of the last action. `section` is its entry of the navigation.
fn framed(staff: &Staff, section: &str, title: &str, body: &Markup) -> Markup {
    let shop = &staff.office.shop_name;
    document(
        &staff.path,
        title,
        shop,
        &html! {
            a.skip href="#main" { "Skip to content" }
            header.top {
                a.shop href=(staff.to("")) { (shop) }
                form.search role="search" action=(staff.to("search")) aria-label="Search the shop" {
                    input #search type="search" name="q" placeholder="Search" aria-label="Orders, customers, products, pages"
                        title="An order number, a name, an email address or a SKU. Press / from anywhere.";
                }
                div.account {
                    a href=(staff.to("settings/sessions")) { (icon("circle-user")) span { "My account" } }
                    form method="post" action=(staff.to("logout")) { button.plain { "Log out" } }
                }
            }
            nav.side aria-label="Main" {
                @for entry in NAVIGATION.iter().filter(|entry| entry.needs.is_none_or(|needs| staff.may(needs))) {
                    a href=(staff.to(entry.page)) aria-current=[(entry.name == section).then_some("page")] {
                        (icon(entry.icon)) span { (entry.name) } " " (entry.count(staff))
                    }
                }
            }
            main #main tabindex="-1" { (body) (api_calls(staff)) }
            dialog #keys aria-labelledby="keys-title" { (keys()) }
        div #toast role="status" {
                @if let Some(done) = staff.query("done").and_then(done) { div.toast { (done) } }
            }
        },
    )
}

/// The list of keyboard shortcuts. A script shows it.
fn keys() -> Markup {
    let all = [
        ("/", "Search"),
        ("g h, g o, g p, g s, g c, g r", "Home, Orders, Products, Stock, Customers, Reports"),
        ("n", "New"),
        ("e", "Edit"),
        ("?", "This list"),
    ];
    html! {
        div.card.dialog {
            h2 #keys-title { "Keys" }
            dl.facts { @for (key, does) in all { dt { kbd { (key) } } dd { (does) } } }
            label.check hidden { input type="checkbox" data-keys; " Use keys in this browser" }
            div.actions { button type="button" data-closes { "Close" } }
        }
    }
}

/// A page without navigation, for whoever is not logged in.
pub(crate) fn bare(path: &str, title: &str, body: &Markup) -> Markup {
    document(path, title, "Storekeeper", &html! { main #main.bare { (body) } })
}

fn document(path: &str, title: &str, shop: &str, body: &Markup) -> Markup {
    let asset = |file: &str| relative(path, &format!("assets/{}", named(file)));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) " · " (shop) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false}"#;
                link rel="stylesheet" href=(asset("office.css"));
                link rel="icon" href="data:,";
                script src=(asset("htmx.js")) defer {}
                script src=(asset("office.js")) defer {}
            }
            body hx-boost:inherited="true" { (body) }
        }
    }
}

/// A part of a page, for htmx.
pub(crate) fn part(markup: &Markup) -> HttpResponse {
    respond(StatusCode::OK, markup.clone())
}

/// A response with HTML. Nobody keeps it: it shows what only its reader may see, and what is so now.
pub(crate) fn respond(status: StatusCode, markup: Markup) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")));
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-store")));
    response.insert_header((CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)));
    response.insert_header((REFERRER_POLICY, HeaderValue::from_static("same-origin")));
    response.insert_header((VARY, HeaderValue::from_static("HX-Request, HX-Boosted")));
    response.body(markup.into_string())
}

/// A file to be kept.
pub(crate) fn download(name: &str, media_type: &'static str, bytes: Vec<u8>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(media_type)));
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-store")));
    response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    response.body(bytes)
}

/// The sentence for a finished action, by the word that the address of the next page has for it.
fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "advanced" => "The order has moved on.",
        "shipped" => "Shipped. The customer sees it now.",
        "edited" => "The order is changed. The customer sees it now.",
        "cancelled" => "Cancelled. What was ordered is back in stock.",
        "owing" => {
            "Cancelled. What was ordered is back in stock. You have to pay the money back yourself, then mark the refund as \
             paid."
        }
        "tracking" => "The tracking is corrected.",
        "refunded" => "The refund is on its way.",
        "owed" => "The refund is noted. You have to pay it back yourself, then mark it as paid.",
        "repaid" => "The refund is marked as paid.",
        "captured" => "The payment is captured.",
        "received" => "The payment is recorded.",
        "synced" => "The provider was asked, and the payment is as it says.",
        "unanswered" => "The provider does not answer. The payment is as it was: ask again later.",
        "unasked" => "The provider was not asked, because it is not configured. The payment is as it was.",
        "voided" => "The payment is voided.",
        "resolved" => "The outcome is recorded.",
        "noted" => "The note is saved.",
        "removed" => "The note is removed.",
        "policy" => "The reorder point is set.",
        "adjusted" => "The stock is changed.",
        "restocked" => "The restock is received. Its units are on hand.",
        "restock-cancelled" => "The restock is cancelled.",
        "restock-run" => "What is low is ordered.",
        "created" => "It is created.",
        "saved" => "Saved.",
        "deleted" => "It is deleted.",
        "erased" => "The customer is erased.",
        "activated" => "The promotion is active from its start to its end.",
        "paused" => "The promotion is paused.",
        "archived" => "The promotion has ended.",
        "ended" => "That session has ended.",
        "password" => "The password is changed. Every other session has ended.",
        "started" => "The import has started.",
        "uploaded" => "The file is here. Its rows are being checked.",
        "bulk" => "All that match are chosen, and are being checked.",
        "rechecked" => "Its rows are being checked again.",
        "tested" => "A test is on its way.",
        "replayed" => "Those events are sent again as soon as the endpoint is active.",
        "resent" => "It is sent again as soon as the endpoint is active.",
        "import-cancelled" => "The import is stopped.",
        _ => return None,
    })
}
