//! The codes of a promotion.

use application::Error;
use application::promotions::{AddCodes, RemoveCode};
use domain::access::Noun::{Customers, Promotions};
use domain::access::Scope::{Read, Write};
use domain::pricing::{CouponKey, CouponText};
use domain::promotions::{
    CodeDetails, MAX_CODES, Promotion, PromotionCode, PromotionStatus, UsageLimit, repeated_codes,
};
use domain::{Code, Invalid, plain_integer};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog, key, pager};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Add codes");
const LIST: &str = "promotion-codes";

/// The codes of a promotion, page by page.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn listed(staff: &Staff, promotion: &Promotion) -> Result<Markup, Error> {
    let found = staff.office.queries.promotions.codes(promotion.id, &staff.list_page(LIST)).await?;
    let found = found.ok_or(Error::NotFound("promotion"))?;
    let place = format!("{LIST_PAGE}/{}", promotion.id);
    let may = staff.may(Write(Promotions));
    Ok(html! {
        section.card {
            h2 { "Codes" }
            @if found.items.is_empty() { p.empty { "It has no code yet, so that nobody gets it." } } @else {
                table {
                    thead { tr { th { "Code" } th.number { "Used" } th { "For" } th {} } }
                    tbody { @for code in &found.items { (row(staff, &place, code, may)) } }
                }
            }
            @if may && promotion.status != PromotionStatus::Archived {
                div.in { a.button data-opens href=(staff.to(&format!("{place}/codes"))) { "Add codes" } }
            }
        }
        (pager(staff, &place, LIST, found.next.as_ref()))
    })
}

fn row(staff: &Staff, place: &str, code: &PromotionCode, may: bool) -> Markup {
    let coupon = &code.coupon;
    html! {
        tr {
            td data-label="Code" { code { (coupon.text.as_str()) } }
            td.number data-label="Used" { (coupon.used) @if let Some(limit) = coupon.usage_limit { " of " (limit) } }
            td data-label="For" {
                @match coupon.customer_id {
                    Some(id) if staff.may(Read(Customers)) => a href=(staff.to(&format!("customers/{id}"))) { "one customer" },
                    Some(_) => "one customer",
                    None => "everybody",
                }
            }
            td {
                @if may {
                    form method="post" action=(staff.to(&format!("{place}/codes/remove"))) {
                        (key(staff, &Form::default()))
                        button name="code" value=(coupon.text.as_str()) aria-label={ "Remove code " (coupon.text.as_str()) } { "Remove" }
                    }
                }
            }
        }
    }
}

/// Asks for codes.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &question(staff, &promotion, &Form::default())))
}

/// Adds codes: all of them, or none.
pub(crate) async fn add(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    let mut form = staff.form();
    let Some(codes) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &question(staff, &promotion, &form)));
    };
    let added = once(staff, AddCodes { id: promotion.id, codes }).await;
    let then = format!("{LIST_PAGE}/{}?done=saved", promotion.id);
    after(staff, added, &then, form, PAGE, |form| question(staff, &promotion, form))
}

/// Removes a code.
pub(crate) async fn remove(staff: &Staff) -> Answer {
    let promotion = asked(staff).await?;
    let form = staff.form();
    let code = form.text("code").and_then(|raw| CouponKey::of(&CouponText::parse(raw).ok()?).ok());
    let key = code.ok_or(Error::NotFound("code"))?;
    let removed = once(staff, RemoveCode { id: promotion.id, key }).await;
    let then = format!("{LIST_PAGE}/{}?done=saved", promotion.id);
    after(staff, removed, &then, form, PAGE, |form| question(staff, &promotion, form))
}

fn typed(form: &mut Form) -> Option<Vec<CodeDetails>> {
    let limit = form.optional("usage_limit", |raw| UsageLimit::parse(plain_integer(raw)?));
    let codes = form.required("codes", codes);
    let (limit, codes) = (limit?, codes?);
    Some(
        codes.into_iter().map(|(text, key)| CodeDetails { text, key, usage_limit: limit, customer_id: None }).collect(),
    )
}

/// The codes of lines, no two of them the same.
fn codes(raw: &str) -> Result<Vec<(CouponText, CouponKey)>, Invalid> {
    let mut all = Vec::new();
    for line in raw.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let text = CouponText::parse(line)?;
        let key = CouponKey::of(&text)?;
        all.push((text, key));
    }
    if all.len() > MAX_CODES {
        return Err(Invalid::new(Code::TooLong, format!("must have at most {MAX_CODES} lines")));
    }
    let bare = |(text, key): &(CouponText, CouponKey)| CodeDetails {
        text: text.clone(),
        key: key.clone(),
        usage_limit: None,
        customer_id: None,
    };
    let repeated = repeated_codes(&all.iter().map(bare).collect::<Vec<_>>());
    match repeated.first().and_then(|place| all.get(*place)) {
        Some((text, _)) => Err(Invalid::new(Code::Repeated, format!("must not have {text} twice, in any case"))),
        None => Ok(all),
    }
}

fn question(staff: &Staff, promotion: &Promotion, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Add codes to {}", promotion.name),
        action: format!("{LIST_PAGE}/{}/codes", promotion.id),
        back: format!("{LIST_PAGE}/{}", promotion.id),
        button: "Add",
        is_final: false,
    };
    let fields = html! {
        (Field::text(form, "codes", "Codes").lines(5).required().focused().hint("One in each line. Case does not count."))
        (Field::text(form, "usage_limit", "Maximum uses").hint("Of each code. Empty: without limit."))
    };
    dialog(staff, form, &place, &fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_typed_in_lines_and_none_twice_r245() {
        let mut form = Form::showing([("codes", "SUMMER\n\n welcome \n"), ("usage_limit", "20")]);
        let codes = typed(&mut form).unwrap();
        let texts: Vec<_> = codes.iter().map(|code| code.text.as_str()).collect();
        assert_eq!((texts, codes[0].usage_limit.map(UsageLimit::get)), (vec!["SUMMER", "welcome"], Some(20)));
        let mut form = Form::showing([("codes", "SUMMER\nsummer")]);
        assert!(typed(&mut form).is_none());
        assert_eq!(form.fault("codes"), Some("must not have summer twice, in any case"));
    }
}
