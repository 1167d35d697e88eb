//! Activates, pauses and ends promotions.

use application::promotions::StepPromotion;
use domain::promotions::{Promotion, PromotionStatus};
use maud::{Markup, html};

use super::fields::held;
use super::show::contents;
use super::{LIST_PAGE, SECTION, asked, codes};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog, key};
use crate::request::Staff;

const ARCHIVE: (&str, &str) = (SECTION, "End a promotion");

/// Lets a promotion apply.
pub(crate) async fn activate(staff: &Staff) -> Answer {
    step(staff, PromotionStatus::Active, "activated").await
}

/// Lets a promotion apply to nothing for now.
pub(crate) async fn pause(staff: &Staff) -> Answer {
    step(staff, PromotionStatus::Paused, "paused").await
}

async fn step(staff: &Staff, to: PromotionStatus, done: &str) -> Answer {
    let id = asked(staff).await?.id;
    let stepped = once(staff, StepPromotion { id, to }).await;
    // What is shown of a promotion that stays is how it is now.
    let promotion = asked(staff).await?;
    let codes = codes::listed(staff, &promotion).await?;
    let shown = Form::filled(promotion.version, &held(staff, &promotion).await?);
    let again = |form: &Form| contents(staff, &promotion, &codes, &shown.with_errors_of(form));
    let page = (SECTION, promotion.name.as_str());
    after(staff, stepped, &format!("{LIST_PAGE}/{id}?done={done}"), staff.form(), page, again)
}

/// Asks whether a promotion is over.
pub(crate) async fn archive_form(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    Ok(page(staff, SECTION, ARCHIVE.1, &question(staff, &promotion, &Form::default())))
}

/// Ends a promotion for good.
pub(crate) async fn archive(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    let ended = once(staff, StepPromotion { id: promotion.id, to: PromotionStatus::Archived }).await;
    let (then, form) = (format!("{LIST_PAGE}/{}?done=archived", promotion.id), staff.form());
    after(staff, ended, &then, form, ARCHIVE, |form| question(staff, &promotion, form))
}

fn question(staff: &Staff, promotion: &Promotion, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("End {}", promotion.name),
        action: format!("{LIST_PAGE}/{}/archive", promotion.id),
        back: format!("{LIST_PAGE}/{}", promotion.id),
        button: "End it for good",
        is_final: true,
    };
    let fields = html! {
        p { "It applies to nothing any more, and cannot begin again. Orders that used it keep what it took off." }
    };
    dialog(staff, form, &place, &fields)
}

/// What can become of a promotion.
pub(super) fn buttons(staff: &Staff, promotion: &Promotion) -> Markup {
    let place = |verb: &str| staff.to(&format!("{LIST_PAGE}/{}/{verb}", promotion.id));
    let next = promotion.status.next();
    let direct = |to, verb: &str, label: &str| {
        html! {
            @if next.contains(&to) {
                form method="post" action=(place(verb)) { (key(staff, &Form::default())) button { (label) } }
            }
        }
    };
    html! {
        (direct(PromotionStatus::Active, "activate", "Activate"))
        (direct(PromotionStatus::Paused, "pause", "Pause"))
        @if next.contains(&PromotionStatus::Archived) { a.button data-opens href=(place("archive")) { "End" } }
    }
}
