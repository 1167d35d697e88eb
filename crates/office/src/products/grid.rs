use domain::imports::WholeProduct;
use domain::products::{Product, ProductId};
use maud::{Markup, html};

use super::batch::{COLUMNS, FIELDS, STATUS, VERSION, named};
use super::{STATUSES, counts};
use crate::form::Form;
use crate::parts::Field;
use crate::request::Staff;

/// The fields of products in rows, with further columns of these names, whose cells `besides` makes.
pub(crate) fn grid(
    staff: &Staff,
    form: &Form,
    products: &[WholeProduct],
    more: &[&str],
    besides: &dyn Fn(&Product) -> Markup,
) -> Markup {
    let counted = counts::may(staff).then_some((counts::FIELD, "On hand"));
    let columns: Vec<_> = COLUMNS.into_iter().chain(counted).collect();
    html! {
        table.grid {
            thead {
                tr {
                    @for (_, label) in &columns { th { (label) } }
                    th { "Status" }
                    @for label in more { th { (label) } }
                }
            }
            tbody {
                @for WholeProduct { product, .. } in products {
                    @let part = form.ending_with(&product.id.to_string());
                    (row(&part, form.first_fault(), &columns, product, &besides(product)))
                }
            }
        }
    }
}

/// A row with its part of the form.
fn row(
    form: &Form,
    first_fault: Option<&str>,
    columns: &[(&str, &str)],
    product: &Product,
    besides: &Markup,
) -> Markup {
    let of = |field| named(field, product.id);
    let about = |label: &str| format!("{label} of {}", product.name);
    let class = |name: &str| (form.text(name) != form.before(name).filter(|was| !was.is_empty())).then_some("changed");
    let status = of(STATUS);
    html! {
        tr {
            @for (field, label) in columns {
                @let name = of(field);
                @let fault = form.fault(&name);
                td data-label=(label) class=[class(&name)] {
                    @let described = format!("about-{name}");
                    input name=(name) value=(form.text(&name).unwrap_or_default()) aria-label=(about(label))
                        autocomplete="off" aria-describedby=[fault.map(|_| &described)] aria-invalid=[fault.map(|_| "true")]
                        autofocus[first_fault == Some(name.as_str())];
                    @if let Some(fault) = fault { p.fault id=(described) { (label) " " (fault) } }
                    (Field::text(form, &name, label).meanwhile())
                }
            }
            td data-label="Status" class=[class(&status)] {
                input type="hidden" name="id" value=(product.id);
                (memory(form, product.id))
                select name=(status) aria-label=(about("Status")) {
                    @for (value, shown) in STATUSES {
                        @let word = shown.split(':').next().unwrap_or_default();
                        option value=(value) selected[form.text(&status) == Some(value)] { (word) }
                    }
                }
                (Field::choice(form, &status, "Status", &STATUSES).meanwhile())
            }
            (besides)
        }
    }
}

/// The hidden fields by which the grid knows what it was filled from. Those of empty fields are left out.
fn memory(form: &Form, id: ProductId) -> Markup {
    let version = named(VERSION, id);
    html! {
        input type="hidden" name=(version) value=(form.text(&version).unwrap_or_default());
        @for field in FIELDS.into_iter().chain([counts::FIELD]) {
            @let name = named(field, id);
            @if let Some(was) = form.before(&name).filter(|was| !was.is_empty()) {
                input type="hidden" name=(Form::memory_of(&name)) value=(was);
            }
        }
    }
}
