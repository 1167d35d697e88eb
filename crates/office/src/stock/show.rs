use application::Error;
use domain::access::Noun;
use domain::access::Scope::{Read, Write};
use domain::products::ProductId;
use domain::stock::Stock;
use maud::{Markup, html};

use super::list::{coming, on_its_way};
use super::{SECTION, products, with_list};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{pager, time};
use crate::request::Staff;

const LIST: &str = "movements";

/// The stock of a product, and every change of it.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let id = staff.id::<ProductId>("product")?;
    let queries = &staff.office.queries;
    let stock = queries.stock.get(id).await?.ok_or(Error::NotFound("product"))?;
    let found = queries.stock.movements(id, &staff.list_page(LIST)).await?.ok_or(Error::NotFound("product"))?;
    let products = products(staff, std::iter::once(id)).await?;
    let name = products.get(&id).map_or("Deleted product", |product| product.name.as_str());
    let coming = coming(staff, vec![id]).await?;
    let place = |verb: &str| staff.to(&with_list(staff, &format!("stock/{id}/{verb}"), []));
    let body = html! {
        p.back { a href=(staff.to(&with_list(staff, "stock", []))) { "Stock" } }
        div.heading {
            h1 { (name) }
            div.actions {
                @if staff.may(Read(Noun::Orders)) {
                    a.button href=(staff.to(&format!("orders?product={id}"))) { "Orders with it" }
                }
                @if staff.may(Write(Noun::Stock)) {
                    a.button data-opens href=(place("policy")) { "Reorder" }
                    a.button.main data-opens href=(place("adjust")) { "Adjust" }
                }
            }
        }
        (figures(&stock))
        @if let Some(restock) = coming.get(&id) { p { a href=(staff.to("restocks")) { "On the way" } ": " (on_its_way(staff, restock)) "." } }
        section.card {
            h2 { "Movements" }
            table {
                thead { tr { th { "When" } th { "What" } th { "Reason" } th.number { "Change" } th.number { "After it" } } }
                tbody {
                    @for movement in &found.items {
                        tr {
                            td data-label="When" { (time(staff, movement.at)) }
                            td data-label="What" { (movement.kind.as_str().replace('_', " ")) }
                            td data-label="Reason" { @if let Some(reason) = &movement.reason { (reason.as_str()) } }
                            td.number data-label="Change" { (format!("{:+}", movement.quantity)) }
                            td.number data-label="After it" { (movement.balance) }
                        }
                    }
                }
            }
        }
        (pager(staff, &format!("stock/{id}"), LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, name, &body))
}

fn figures(stock: &Stock) -> Markup {
    let figures =
        [("On hand", stock.on_hand), ("Reorder below", stock.restock_threshold), ("Fill up to", stock.restock_target)];
    html! {
        dl.figures { @for (label, figure) in figures { div.card { dt { (label) } dd { (figure) } } } }
    }
}
