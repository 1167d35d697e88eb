use application::shipping_methods::CreateShippingMethod;
use domain::pricing::{Basis, MethodCode, MethodName};
use domain::shipping_methods::{Days, DeliveryDays, MethodDetails, MethodStatus, Position};
use domain::tax_classes::TaxClassCode;
use domain::{Price, plain_integer};
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, tiers};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog, typed_money};
use crate::request::Staff;
use crate::settings::choices::{Choices, zone_id};

const PAGE: (&str, &str) = (SECTION, "New shipping method");

const STATUSES: [(&str, &str); 2] = [("active", "Offered"), ("inactive", "Retired: not offered")];
const BASES: [(&str, &str); 4] = [
    ("flat", "The same for all"),
    ("weight", "The weight, in grams"),
    ("subtotal", "The goods after discounts"),
    ("quantity", "The units"),
];

/// Asks for a shipping method.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let choices = Choices::of(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &choices, &Form::default())))
}

/// Makes a shipping method.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let choices = Choices::of(staff).await?;
    let mut form = staff.form();
    let Some(details) = typed(staff, &mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &choices, &form)));
    };
    let made = once(staff, CreateShippingMethod(details)).await;
    let then = format!("{LIST_PAGE}?done=created");
    after(staff, made, &then, form, PAGE, |form| contents(staff, &choices, form))
}

/// What is typed; `None` if something is refused.
pub(super) fn typed(staff: &Staff, form: &mut Form) -> Option<MethodDetails> {
    let currency = staff.office.shop.currency;
    let days = |raw: &str| Days::parse(plain_integer(raw)?);
    let name = form.required("name", MethodName::parse);
    let code = form.required("code", MethodCode::parse);
    let zone_id = form.required("zone_id", zone_id);
    let status = form.required("status", MethodStatus::parse);
    let basis = form.required("basis", Basis::parse);
    let tiers = basis.and_then(|basis| form.required("tiers", |raw| tiers::typed(raw, basis, currency)));
    let free_from = form.optional("free_from", |raw| Price::parse(typed_money(raw, currency)?));
    let tax_class = form.optional("tax_class", TaxClassCode::parse);
    let position = form.optional("position", |raw| Position::parse(plain_integer(raw)?));
    let (min, max) = (form.optional("min_days", days), form.optional("max_days", days));
    let days = min.zip(max).and_then(|(min, max)| {
        DeliveryDays::new(min, max).map_err(|invalid| form.refuse::<()>("max_days", invalid)).ok()
    });
    Some(MethodDetails {
        code: code?,
        name: name?,
        zone_id: zone_id?,
        status: status?,
        position: position?.unwrap_or_default(),
        basis: basis?,
        tiers: tiers?,
        free_from: free_from?,
        tax_class: tax_class?,
        days: days?,
    })
}

/// The fields of a shipping method.
pub(super) fn fields(staff: &Staff, choices: &Choices, form: &Form) -> Markup {
    let currency = staff.office.shop.currency.code();
    html! {
        (Field::text(form, "name", "Name").max(MethodName::MAX).required().focused())
        (Field::text(form, "code", "Code").max(MethodCode::MAX).required().hint("Letters, digits, dots, dashes and underscores. Orders keep it."))
        (Field::choice(form, "zone_id", "Ships to", &choices.zones()))
        (Field::choice(form, "status", "Status", &STATUSES))
        (Field::choice(form, "basis", "The cost goes by", &BASES))
        (Field::text(form, "tiers", "Cost").lines(4).required()
            .hint("One line for each beginning, the first at 0: 4.90, then for example 2000: 6.90 + 1.00 per 1000, and 31500: not offered."))
        div.pair {
            (Field::text(form, "free_from", "Free from").suffix(currency).hint("Goods after discounts. Empty: never."))
            (Field::choice(form, "tax_class", "Tax", &choices.classes_or("As the zone says")))
        }
        div.pair {
            (Field::text(form, "min_days", "Days, at least"))
            (Field::text(form, "max_days", "Days, at most"))
            (Field::text(form, "position", "Place").hint("The lower stands first."))
        }
    }
}

fn contents(staff: &Staff, choices: &Choices, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{PLACE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    let without_zone = html! { p.note { "Make a zone first: a method ships into one." } };
    let fields = if choices.zones().is_empty() { without_zone } else { fields(staff, choices, form) };
    dialog(staff, form, &place, &fields)
}
