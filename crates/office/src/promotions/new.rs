use application::promotions::CreatePromotion;
use maud::{Markup, html};

use super::fields::{fields, typed};
use super::{LIST_PAGE, SECTION};
use crate::act::{after, made, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New promotion");

/// Asks for a new promotion.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let form = Form::showing([("class", "order"), ("action", "percent"), ("priority", "0")]);
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &form)))
}

/// Makes a promotion. It is a draft, which applies to nothing.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let Some(details) = typed(staff, &mut form).await? else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let made = made(staff, CreatePromotion(details), |promotion| promotion.id.to_string()).await;
    let then = made.as_ref().map(|id| format!("{LIST_PAGE}/{id}?done=created")).unwrap_or_default();
    after(staff, made.map(drop), &then, form, PAGE, |form| contents(staff, form))
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Promotions" } }
        h1 { "New promotion" }
        (problems(form))
        form.card.in.form method="post" action=(staff.to("promotions/new")) {
            (key(staff, form))
            (fields(staff, form))
            p.faint { "It is a draft then, and applies to nothing until it is activated." }
            div.actions { a.button href=(staff.to(LIST_PAGE)) { "Not now" } button.main { "Create" } }
        }
    }
}
