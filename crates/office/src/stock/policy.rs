use application::stock::SetRestockPolicy;
use domain::plain_integer;
use domain::stock::{RestockPolicy, Stock};
use maud::{Markup, html};

use super::{SECTION, action, after_dialog, asked};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Reorder");

/// Asks when a product is reordered, and up to which level.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (stock, name) = asked(staff).await?;
    let form = Form::filled(stock.version, &held(&stock));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &stock, &name, &form)))
}

/// Sets the reorder point and the target of a product.
pub(crate) async fn set(staff: &Staff) -> Answer {
    let (stock, name) = asked(staff).await?;
    let mut form = staff.form();
    let Some(policy) = policy(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &stock, &name, &form)));
    };
    let held = held(&stock);
    // Each sale is a new version of the stock. Only another policy makes the form stale.
    let is_other = |field: &str, now: &str| form.before(field).is_some_and(|before| before != now);
    if held.iter().any(|(field, now)| is_other(field, now) && form.text(field) != Some(now.as_str())) {
        return Ok(outdated(staff, form, (stock.version, &held), PAGE, |form| contents(staff, &stock, &name, form)));
    }
    let set = once(staff, SetRestockPolicy { product_id: stock.product_id, policy, expected: None }).await;
    let then = after_dialog(staff, stock.product_id, Some("policy"));
    after(staff, set, &then, form, PAGE, |form| contents(staff, &stock, &name, form))
}

/// What is typed.
fn policy(form: &mut Form) -> Option<RestockPolicy> {
    let threshold = form.required("restock_threshold", plain_integer);
    let target = form.required("restock_target", plain_integer);
    match RestockPolicy::parse(threshold?, target?) {
        Ok(policy) => Some(policy),
        Err(refused) => refused.into_iter().fold(None, |_, (field, invalid)| form.refuse(field, invalid)),
    }
}

fn held(stock: &Stock) -> Vec<Held> {
    vec![
        ("restock_threshold", stock.restock_threshold.to_string()),
        ("restock_target", stock.restock_target.to_string()),
    ]
}

fn contents(staff: &Staff, stock: &Stock, name: &str, form: &Form) -> Markup {
    let id = stock.product_id;
    let place = Dialog {
        title: format!("Reorder: {name}"),
        action: action(staff, id, "policy"),
        back: after_dialog(staff, id, None),
        button: "Save",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            p {
                (stock.on_hand) " are on hand. Below the reorder point the product is low, and a restock is due that fills it up \
                 to the level."
            }
            div.inline {
                (Field::text(form, "restock_threshold", "Reorder below").required().focused().hint("0 for never."))
                (Field::text(form, "restock_target", "Fill up to").required())
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_below_the_reorder_point_is_refused_beside_its_field_r42_r242() {
        let typed = |threshold, target| {
            let mut form = Form::showing([("restock_threshold", threshold), ("restock_target", target)]);
            let policy = policy(&mut form).map(|policy| (policy.threshold(), policy.target()));
            (policy, form.fault("restock_threshold").is_some(), form.fault("restock_target").is_some())
        };
        assert_eq!(typed("5", "20"), (Some((5, 20)), false, false));
        assert_eq!(typed("5", "4"), (None, false, true));
        assert_eq!(typed("-1", "x"), (None, false, true));
        assert_eq!(typed("-1", "-1"), (None, true, true));
        assert_eq!(typed("", "9"), (None, true, false));
    }
}
