use application::Error;
use application::tax_rates::CreateTaxRate;
use domain::pricing::{DatedRate, Rate, RatePpm, TaxCode, TaxName, TaxRateId, Treatment};
use domain::tax_classes::TaxClassCode;
use domain::tax_rates::{TaxRate, TaxRateDetails};
use domain::{Date, Uuid};
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, day, rate};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog, typed_percent};
use crate::request::Staff;
use crate::settings::choices::{Choices, zone_id};

const PAGE: (&str, &str) = (SECTION, "New tax rate");

const TREATMENTS: [(&str, &str); 4] =
    [("", "As its percentage says"), ("zero", "Taxed at 0 %"), ("exempt", "Exempt from tax"), ("export", "Exported")];
const ON_SHIPPING: [(&str, &str); 2] = [("true", "Yes"), ("false", "No")];

/// Asks for a tax rate. `?from=` names one that ends, and that it follows.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let choices = Choices::of(staff).await?;
    let before = staff.query("from").and_then(|id| Uuid::try_parse(id).ok()).map(TaxRateId);
    let form = match before {
        Some(id) => following(&rate(staff, id).await?),
        None => Form::default(),
    };
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &choices, &form)))
}

/// A form that is filled with a rate, from the day after its last one.
fn following(TaxRate { zone_id, dated, .. }: &TaxRate) -> Form {
    let next = dated.ends_on.and_then(Date::next_day);
    Form::showing([
        ("zone_id", zone_id.to_string()),
        ("tax_class", dated.class.as_str().to_owned()),
        ("code", dated.rate.code.as_str().to_owned()),
        ("name", dated.rate.name.to_string()),
        ("rate_ppm", dated.rate.ppm.in_percent()),
        ("applies_to_shipping", dated.rate.applies_to_shipping.to_string()),
        ("starts_on", next.map(|day| day.to_string()).unwrap_or_default()),
    ])
}

/// Makes a tax rate.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let choices = Choices::of(staff).await?;
    let mut form = staff.form();
    let Some(details) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &choices, &form)));
    };
    let made: Result<(), Error> = once(staff, CreateTaxRate(details)).await;
    let then = format!("{LIST_PAGE}?done=created");
    after(staff, made, &then, form, PAGE, |form| contents(staff, &choices, form))
}

fn typed(form: &mut Form) -> Option<TaxRateDetails> {
    let zone_id = form.required("zone_id", zone_id);
    let class = form.required("tax_class", TaxClassCode::parse);
    let code = form.required("code", TaxCode::parse);
    let name = form.required("name", TaxName::parse);
    let ppm = form.required("rate_ppm", |raw| RatePpm::parse(typed_percent(raw)?));
    let treatment = form.optional("treatment", Treatment::parse);
    let starts_on = form.required("starts_on", day);
    let ends_on = form.optional("ends_on", day);
    let applies_to_shipping = form.text("applies_to_shipping") != Some("false");
    let days = starts_on.zip(ends_on).and_then(|(first, last)| {
        DatedRate::check_days(first, last).map_err(|invalid| form.refuse::<()>("ends_on", invalid)).ok()?;
        Some((first, last))
    });
    let treated = ppm.zip(treatment).and_then(|(ppm, treatment)| {
        let checked = treatment.map_or(Ok(()), |treatment| treatment.check(ppm));
        checked.map_err(|invalid| form.refuse::<()>("treatment", invalid)).ok()?;
        Some((ppm, treatment))
    });
    let ((starts_on, ends_on), (ppm, treatment)) = (days?, treated?);
    let rate = Rate::new(code?, name?, ppm, applies_to_shipping, treatment).ok()?;
    Some(TaxRateDetails { zone_id: zone_id?, class: class?, rate, starts_on, ends_on })
}

fn contents(staff: &Staff, choices: &Choices, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{PLACE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    let (zones, classes) = (choices.zones(), choices.classes());
    let fields = html! {
        @if zones.is_empty() { p.note { "Make a zone first: a rate holds in one." } } @else {
            (Field::choice(form, "zone_id", "Zone", &zones))
            (Field::choice(form, "tax_class", "Class", &classes))
            (Field::text(form, "name", "Name").max(TaxName::MAX).required().focused().hint("As invoices show it."))
            (Field::text(form, "code", "Code").max(TaxCode::MAX).required().hint("Letters, digits, dots, dashes and underscores."))
            (Field::text(form, "rate_ppm", "Rate").suffix("%").required().hint("With up to four decimals, such as 8.25."))
            (Field::choice(form, "treatment", "Why it is 0", &TREATMENTS))
            (Field::choice(form, "applies_to_shipping", "On shipping", &ON_SHIPPING))
            div.pair {
                (Field::text(form, "starts_on", "First day").kind("date").required())
                (Field::text(form, "ends_on", "Last day").kind("date").hint("Empty: until another day is set."))
            }
            p.faint { "Nothing of a rate changes later but its last day, so that what was taxed stays explained." }
        }
    };
    dialog(staff, form, &place, &fields)
}
