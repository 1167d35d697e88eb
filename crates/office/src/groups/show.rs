use application::Error;
use domain::access::Noun::Products;
use domain::access::Scope::Write;
use domain::groups::{GroupView, ShownMember};
use domain::imports::WholeProduct;
use domain::products::Product;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked, edit};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, key, money, problems};
use crate::products::batch;
use crate::products::grid::grid;
use crate::request::Staff;

/// A group with its products, in a grid for those who may change them.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let products = products(staff, &view).await?;
    let form = batch::filled(staff, Form::filled(view.group.version, &edit::held(&view)), &products);
    let body = contents(staff, &view, &products, &form);
    Ok(page(staff, SECTION, view.group.name.as_str(), &body))
}

/// The products of a group, in order of the places of their terms.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn products(staff: &Staff, view: &GroupView) -> Result<Vec<WholeProduct>, Error> {
    let ids: Vec<_> = view.members.iter().map(|member| member.id).collect();
    batch::products_of(staff, ids.into_iter()).await
}

/// The group in a form with its own fields and the grid of its products.
pub(super) fn contents(staff: &Staff, view: &GroupView, products: &[WholeProduct], form: &Form) -> Markup {
    let may = staff.may(Write(Products));
    let place = |verb: &str| staff.to(&format!("{LIST_PAGE}/{}{verb}", view.group.id));
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Product groups" } }
        div.heading {
            h1 { (view.group.name.as_str()) }
            @if may {
                div.actions {
                    a.button data-opens href=(place("/add")) { "Add a product" }
                    a.button data-opens href=(place("/join")) { "Add an existing product" }
                    a.button data-opens href=(place("/delete")) { "Dissolve group" }
                }
            }
        }
        (problems(form))
        form method="post" action=(place("")) {
            (key(staff, form))
            (memory(view, form))
            section.card {
                h2 { "Products" }
                @if products.is_empty() { p.empty { "No products yet." } }
                @else if may { (grid(staff, form, products, &["Differs by", ""], &|product| besides(staff, view, product))) }
                @else { (listed(staff, view)) }
            }
            section.card {
                h2 { "What they share" }
                div.in.form { fieldset disabled[!may] { (edit::fields(form)) } }
            }
            @if may { div.actions { button.main { "Save all" } } }
        }
    }
}

/// The hidden fields by which the form knows what it was filled from. Those of the products stand in the grid.
fn memory(view: &GroupView, form: &Form) -> Markup {
    html! {
        @if let Some(version) = form.expected() { input type="hidden" name=(Form::VERSION) value=(version.0); }
        @for (name, _) in edit::held(view) {
            @if let Some(was) = form.before(name) { input type="hidden" name=(Form::memory_of(name)) value=(was); }
        }
    }
}

/// The further cells of a product in the grid: its terms, and the links to its own pages.
fn besides(staff: &Staff, view: &GroupView, product: &Product) -> Markup {
    let member = view.members.iter().find(|member| member.id == product.id);
    let page = |page: String| staff.to(&page);
    html! {
        td data-label="Differs by" {
            a href=(page(format!("products/{}", product.id))) {
                @match member.map(|member| terms(view, member)).filter(|terms| !terms.is_empty()) {
                    Some(terms) => (terms),
                    None => "Its page",
                }
            }
        }
        td {
            a data-opens href=(page(format!("{LIST_PAGE}/{}/remove?product={}", view.group.id, product.id)))
                aria-label={ "Take out " (product.name.as_str()) } { "Take out" }
        }
    }
}

/// The names of the terms of a member.
fn terms(view: &GroupView, member: &ShownMember) -> String {
    let name = |id| view.options.iter().flat_map(|option| &option.terms).find(|term| term.id == id);
    let names: Vec<_> = member.terms.iter().filter_map(|id| name(*id)).map(|term| term.name.as_str()).collect();
    names.join(" / ")
}

fn listed(staff: &Staff, view: &GroupView) -> Markup {
    html! {
        table {
            thead { tr { th { "Product" } th { "Differs by" } th.number { "Price" } th { "Status" } } }
            tbody {
                @for member in &view.members {
                    tr {
                        td data-label="Product" { a.name href=(staff.to(&format!("products/{}", member.id))) { (member.name.as_str()) } }
                        td data-label="Differs by" { (terms(view, member)) }
                        td.number data-label="Price" { (money(staff.office.shop.money(member.price))) }
                        td data-label="Status" { (badge(member.status.as_str())) }
                    }
                }
            }
        }
    }
}
