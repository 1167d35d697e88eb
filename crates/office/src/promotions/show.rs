use application::Error;
use application::promotions::UpdatePromotion;
use domain::access::Noun::Promotions;
use domain::access::Scope::Write;
use domain::promotions::{
    ConditionsChange, Promotion, PromotionChange, PromotionDetails, PromotionStatus, TargetsChange,
};
use maud::{Markup, html};

use super::fields::{fields, held, typed};
use super::{LIST_PAGE, SECTION, asked, codes, list, step};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Changed, Form};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, key, problems};
use crate::request::Staff;

/// A promotion with its codes.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    let form = Form::filled(promotion.version, &held(staff, &promotion).await?);
    let codes = codes::listed(staff, &promotion).await?;
    Ok(page(staff, SECTION, promotion.name.as_str(), &contents(staff, &promotion, &codes, &form)))
}

/// Changes a promotion.
pub(crate) async fn save(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    let codes = codes::listed(staff, &promotion).await?;
    let page = (SECTION, promotion.name.as_str());
    let mut form = staff.form();
    let Some(typed) = typed(staff, &mut form).await? else {
        return Ok(mistyped(staff, page, &contents(staff, &promotion, &codes, &form)));
    };
    let changed = Changed::of(&form, &held(staff, &promotion).await?);
    let change = change(typed, &changed);
    let saved = once(staff, UpdatePromotion { id: promotion.id, change, expected: form.expected() }).await;
    if matches!(saved, Err(Error::Stale(_))) {
        let now = asked(staff).await?;
        let held = held(staff, &now).await?;
        let again = |form: &Form| contents(staff, &now, &codes, form);
        return Ok(outdated(staff, form, (now.version, &held), page, again));
    }
    let then = format!("{LIST_PAGE}/{}?done=saved", promotion.id);
    after(staff, saved, &then, form, page, |form| contents(staff, &promotion, &codes, form))
}

/// The change of what was typed into fields that have changed.
fn change(typed: PromotionDetails, changed: &Changed) -> PromotionChange {
    let any = |names: &[&str]| names.iter().any(|name| changed.get(name, ()).is_some());
    let conditions = typed.conditions;
    PromotionChange {
        name: changed.get("name", typed.name),
        class: changed.get("class", typed.class),
        action: any(&["action", "percent", "amount", "buy", "get", "max_times"]).then_some(typed.action),
        conditions: ConditionsChange {
            min_subtotal: changed.get("min_subtotal", conditions.min_subtotal),
            min_quantity: changed.get("min_quantity", conditions.min_quantity),
            products: None,
            countries: changed.get("countries", conditions.countries),
            first_order: changed.get("first_order", conditions.first_order),
        },
        targets: TargetsChange { products: changed.get("products", typed.targets.0) },
        combines: any(&["combines_line", "combines_order", "combines_shipping"]).then_some(typed.combines),
        code_needed: changed.get("code_needed", typed.code_needed),
        priority: changed.get("priority", typed.priority),
        starts_at: changed.get("starts_at", typed.starts_at).flatten(),
        ends_at: changed.get("ends_at", typed.ends_at),
        usage_limit: changed.get("usage_limit", typed.usage_limit),
        per_customer_limit: changed.get("per_customer_limit", typed.per_customer_limit),
    }
}

pub(super) fn contents(staff: &Staff, promotion: &Promotion, codes: &Markup, form: &Form) -> Markup {
    let is_open = staff.may(Write(Promotions)) && promotion.status != PromotionStatus::Archived;
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Promotions" } }
        div.heading {
            h1 { (promotion.name.as_str()) }
            (badge(promotion.status.as_str()))
            @if is_open { div.actions { (step::buttons(staff, promotion)) } }
        }
        (problems(form))
        p {
            (list::what_it_takes_off(staff.office.shop, promotion.action)) " off. Used by " (promotion.used)
            @if promotion.used == 1 { " order." } @else { " orders." }
        }
        @if promotion.code_needed { (codes) }
        form.card.in.form method="post" action=(staff.to(&format!("{LIST_PAGE}/{}", promotion.id))) {
            (key(staff, form))
            @for (name, value) in form.memory() { input type="hidden" name=(name) value=(value); }
            @if promotion.status != PromotionStatus::Draft {
                p.note { "It was activated: its name, end, priority and limits may change, and nothing else." }
            }
            fieldset disabled[!is_open] { (fields(staff, form)) }
            @if is_open { div.actions { button.main { "Save" } } }
        }
    }
}
