//! What a new shop still needs (R238). The list goes away when all is done, or when it is put away.

use actix_web::http::header::{HeaderValue, SET_COOKIE};
use application::Error;
use domain::access::Noun::{Products, Settings};
use domain::access::Scope::{Read, Write};
use domain::media::MediaFilter;
use domain::products::{ProductFilter, ProductSort};
use maud::{Markup, html};

use crate::act::redirect;
use crate::form::Form;
use crate::host::SettingValue;
use crate::page::Answer;
use crate::parts::key;
use crate::request::{Staff, first};
use crate::session::cookie;

/// The cookie of a browser in which the list was put away, for a year.
const PUT_AWAY: &str = "storekeeper_first_start";
const YEAR: u32 = 365 * 24 * 60 * 60;

/// Something that a new shop needs.
struct Step {
    is_done: bool,
    what: &'static str,
    page: &'static str,
}

/// The list of steps for a new shop, for those who may do them.
pub(crate) async fn list(staff: &Staff) -> Result<Markup, Error> {
    let first_start = &staff.office.first_start;
    let is_theirs = staff.may(Write(Products)) && staff.may(Read(Settings));
    if !is_theirs || first_start.is_over() || cookie::value(&staff.headers, PUT_AWAY).is_some() {
        return Ok(html! {});
    }
    let steps = steps(staff).await?;
    if steps.iter().all(|step| step.is_done) {
        first_start.end();
        return Ok(html! {});
    }
    Ok(html! {
        section.card.first-start {
            h2 { "First steps" }
            ul.to-do {
                @for Step { is_done, what, page } in &steps {
                    li {
                        @if *is_done { span aria-hidden="true" { "✓ " } span.hidden { "Done: " } (what) }
                        @else { a href=(staff.to(page)) { (what) } }
                    }
                }
            }
            form.in method="post" action=(staff.to("first-start")) {
                (key(staff, &Form::default()))
                button { "Put this list away" }
            }
        }
    })
}

async fn steps(staff: &Staff) -> Result<Vec<Step>, Error> {
    let (queries, about) = (&staff.office.queries, &staff.office.about);
    let has_name = about.settings.iter().any(|one| one.key == "shop.name" && one.value != SettingValue::Missing);
    let products = queries.products.list(&ProductFilter::default(), ProductSort::CreatedAt, &first(1)).await?;
    let pictures = queries.media.list(&MediaFilter::default(), &first(1)).await?;
    // It rises with each change of the password.
    let has_own_password = staff.visit.access.token_epoch > 0;
    Ok(vec![
        Step { is_done: has_name, what: "Set the name and the currency of the shop", page: "settings/system" },
        Step { is_done: !products.items.is_empty(), what: "Create the first product", page: "products/new" },
        Step { is_done: !pictures.items.is_empty(), what: "Upload the first picture", page: "products" },
        Step { is_done: has_own_password, what: "Change your password", page: "settings/password" },
        Step {
            is_done: about.has_database_server,
            what: "Back the database up every day with “storekeeper backup”, or move to a database server",
            page: "settings/system",
        },
    ])
}

/// Puts the list away in this browser.
pub(crate) async fn put_away(staff: &Staff) -> Answer {
    let mut response = redirect(staff, "");
    // Without a path, a browser takes the folder of this page, which is that of the office.
    let kept = format!("{PUT_AWAY}=away; Max-Age={YEAR}; HttpOnly; SameSite=Lax");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().insert(SET_COOKIE, kept);
    }
    Ok(response)
}
