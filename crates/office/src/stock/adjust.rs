use application::stock::AdjustStock;
use domain::stock::{Adjustment, Reason, Stock};
use domain::{Code, Invalid, plain_integer};
use maud::{Markup, html};

use super::{SECTION, action, after_dialog, asked};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Adjust stock");

/// Asks how many units are added or counted, and why.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (stock, name) = asked(staff).await?;
    let form = Form::showing([("shown", stock.on_hand.to_string())]);
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &stock, &name, &form)))
}

/// Adjusts the stock of a product.
pub(crate) async fn adjust(staff: &Staff) -> Answer {
    let (stock, name) = asked(staff).await?;
    let mut form = staff.form();
    let quantity = quantity(&mut form);
    let reason = form.required("reason", Reason::parse);
    let (Some(adjustment), Some(reason)) = (quantity, reason) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &stock, &name, &form)));
    };
    let adjust = AdjustStock { product_id: stock.product_id, adjustment, reason };
    let adjusted = once(staff, adjust).await;
    let then = after_dialog(staff, stock.product_id, Some("adjusted"));
    after(staff, adjusted, &then, form, PAGE, |form| contents(staff, &stock, &name, form))
}

/// What is typed: a change, or what was counted. That is sent as the difference to the number that was shown, so that a
/// sale meanwhile is not lost.
fn quantity(form: &mut Form) -> Option<Adjustment> {
    let change = form.optional("change", |raw| plain_integer(raw.trim_start_matches('+')));
    let counted = form.optional("counted", plain_integer);
    let shown = form.required("shown", plain_integer);
    let (field, quantity) = match (change?, counted?, shown?) {
        (Some(_), Some(_), _) => {
            return form.refuse("counted", Invalid::new(Code::Excluded, "must be empty if a change is given"));
        }
        (Some(change), None, _) => ("change", change),
        (None, Some(counted), shown) => ("counted", counted.saturating_sub(shown)),
        (None, None, _) => {
            return form.refuse("change", Invalid::new(Code::Required, "must be filled in, or what was counted"));
        }
    };
    Adjustment::parse(quantity).or_else(|invalid| form.refuse(field, invalid).ok_or(())).ok()
}

fn contents(staff: &Staff, stock: &Stock, name: &str, form: &Form) -> Markup {
    let id = stock.product_id;
    let place = Dialog {
        title: format!("Adjust stock: {name}"),
        action: action(staff, id, "adjust"),
        back: after_dialog(staff, id, None),
        button: "Adjust",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            @let shown = form.text("shown").unwrap_or("0");
            p {
                (shown) " are on hand."
                @if shown != stock.on_hand.to_string() {
                    " Meanwhile they are " (stock.on_hand) ": what you count stands for the " (shown) " that you saw, so that what came and \
                     went since is not lost."
                }
            }
            input type="hidden" name="shown" value=(shown);
            div.inline {
                (Field::text(form, "change", "Change").hint("Such as 5 or -2.").focused())
                (Field::text(form, "counted", "Or counted").hint("What is really there."))
            }
            (Field::text(form, "reason", "Reason").max(Reason::MAX).required())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(change: &str, counted: &str) -> Result<i64, Option<String>> {
        let mut form = Form::showing([("change", change), ("counted", counted), ("shown", "12")]);
        let quantity = quantity(&mut form).map(Adjustment::get);
        quantity.ok_or_else(|| form.fault("change").or(form.fault("counted")).map(ToOwned::to_owned))
    }

    #[test]
    fn a_stock_count_is_sent_as_the_difference_to_the_number_shown_r242() {
        assert_eq!(typed("", "9"), Ok(-3));
        assert_eq!(typed("", "15"), Ok(3));
        assert_eq!((typed("5", ""), typed("+5", ""), typed("-2", "")), (Ok(5), Ok(5), Ok(-2)));
    }

    #[test]
    fn a_change_or_a_count_is_asked_for_and_not_both_r242() {
        assert!(typed("", "").unwrap_err().unwrap().contains("must be filled in"));
        assert!(typed("1", "13").unwrap_err().unwrap().contains("must be empty"));
        assert!(typed("", "12").is_err(), "nothing would change");
        assert!(typed("1.5", "").is_err() && typed("many", "").is_err());
    }
}
