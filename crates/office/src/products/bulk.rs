//! One change of all products that a list finds.

use application::Error;
use application::imports::CreateBulkImport;
use domain::collections::CollectionFilter;
use domain::imports::Bulk;
use domain::products::{PercentChange, ProductFilter, ProductStatus};
use domain::{Code, Invalid};
use maud::{Markup, html};

use super::narrowed::{Narrowed, parameters};
use super::{SECTION, STATUSES};
use crate::act::{after, made, mistyped};
use crate::form::Form;
use crate::host::Said;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Chosen, Field, address, grouped, key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Change all that match");
const PLACE: &str = "products/bulk";

/// What is shown in place of a status that stays.
const AS_IT_IS: (&str, &str) = ("", "As it is");

/// The way to a change of all products that the list finds, with their number.
pub(super) async fn offer(staff: &Staff, chosen: &Chosen<'_>, filter: &ProductFilter) -> Result<Markup, Error> {
    let found = passing(staff, filter).await?;
    Ok(html! { a.button href=(chosen.all(staff, PLACE)) { "Change " (all(found)) " that match" } })
}

/// How many products pass; `None` if they are more than one change is for.
async fn passing(staff: &Staff, filter: &ProductFilter) -> Result<Option<usize>, Error> {
    let found = staff.office.queries.catalogue.passing(filter, Bulk::MOST_PRODUCTS).await?;
    Ok(found.map(|found| found.len()))
}

/// Such as `all 1,234`.
fn all(found: Option<usize>) -> String {
    found.map_or_else(|| "all".to_owned(), |found| format!("all {}", grouped(&found.to_string())))
}

/// Asks what becomes of all products that the list finds.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let narrowed = Narrowed::understood(staff).await?;
    let found = passing(staff, &narrowed.filter).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &narrowed, found, &Form::default())))
}

/// Begins the change: its products are those that are found now. It is checked, and nothing is changed before it is
/// started.
pub(crate) async fn begin(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let narrowed = Narrowed::understood(staff).await?;
    let Some(change) = change(&mut form) else {
        let found = passing(staff, &narrowed.filter).await?;
        return Ok(mistyped(staff, PAGE, &contents(staff, &narrowed, found, &form)));
    };
    let found = staff.office.queries.catalogue.passing(&narrowed.filter, Bulk::MOST_PRODUCTS).await?;
    let count = found.as_ref().map(Vec::len);
    let begun = match command(staff, &narrowed, found, &change) {
        Ok(create) => made(staff, create, |import| import.id.to_string()).await,
        Err(error) => Err(error),
    };
    let (then, begun) = match begun {
        Ok(id) => (format!("imports/{id}?done=bulk"), Ok(())),
        Err(error) => (String::new(), Err(error)),
    };
    after(staff, begun, &then, form, PAGE, |form| contents(staff, &narrowed, count, form))
}

fn command(
    staff: &Staff,
    narrowed: &Narrowed,
    found: Option<Vec<domain::products::ProductId>>,
    change: &[(String, Said)],
) -> Result<CreateBulkImport, Error> {
    let refused = |invalid| Error::field("select", invalid);
    let products = Bulk::products(found, None).map_err(refused)?;
    let select = select(staff, narrowed).map_err(refused)?;
    let (change, update) = staff.office.host.bulk_change(change)?;
    Ok(CreateBulkImport { bulk: Bulk { select, change }, update, products })
}

/// The filter of the list in the words of the API.
fn select(staff: &Staff, Narrowed { filter, by, .. }: &Narrowed) -> Result<CollectionFilter, Invalid> {
    let words = staff.query("q").filter(|_| filter.search.is_some()).map(|words| ("q".to_owned(), words.to_owned()));
    let status = filter.status.map(|status| ("status".to_owned(), status.as_str().to_owned()));
    let by = by.iter().flat_map(|by| by.parameters.iter().cloned());
    let given: Vec<_> = words.into_iter().chain(status).chain(by).collect();
    // A filter has a parameter. This one finds all products.
    let all = given.is_empty().then(|| ("min_price".to_owned(), "0".to_owned()));
    CollectionFilter::new(given.into_iter().chain(all))
}

/// What is typed, as the members of a request; `None` if it is refused.
fn change(form: &mut Form) -> Option<Vec<(String, Said)>> {
    let status = form.optional("status", ProductStatus::parse);
    let percent = form.optional("percent", percentage);
    let (status, percent) = (status?, percent?);
    let mut change = Vec::new();
    change.extend(status.map(|status| ("status".to_owned(), Said::Text(status.as_str().to_owned()))));
    change.extend(percent.map(|percent| ("price.percent".to_owned(), Said::Whole(percent))));
    if change.is_empty() {
        form.message = Some("Nothing would change. Choose a status, or give a percentage of the prices.".to_owned());
        return None;
    }
    Some(change)
}

/// A percentage such as `10` or `-15`.
fn percentage(raw: &str) -> Result<i64, Invalid> {
    let raw = raw.trim().trim_end_matches('%').trim_end();
    let number = raw.replace('\u{2212}', "-").trim_start_matches('+').parse();
    let percent = number.map_err(|_| Invalid::new(Code::Format, "must be a whole number such as 10 or -15"))?;
    PercentChange::parse(percent)?;
    Ok(percent)
}

fn contents(staff: &Staff, narrowed: &Narrowed, found: Option<usize>, form: &Form) -> Markup {
    let names = parameters(staff);
    let query: Vec<_> = staff.queries_of(&names).collect();
    let list = staff.to(&address("products", query.iter().copied()));
    let statuses: Vec<_> = std::iter::once(AS_IT_IS).chain(STATUSES).collect();
    html! {
        p.back { a href=(list) { "Products" } }
        h1 { "Change " (all(found)) " that match" }
        (problems(form))
        form.card.in.form method="post" action=(staff.to(&address(PLACE, query.iter().copied()))) {
            (key(staff, form))
            p {
                "Products " (described(staff, narrowed)) ". What is changed is checked first and shown to you; nothing is written before you \
                 start it."
            }
            @if found.is_none() {
                p.note { "They are more than " (grouped(&Bulk::MOST_PRODUCTS.to_string())) ", the most that one change is for. Search for words, or choose a status, so that the list has fewer." }
            }
            (Field::choice(form, "status", "Status", &statuses))
            (Field::text(form, "percent", "Change prices by").suffix("%")
                .hint("10 adds a tenth, -15 takes 15 percent off: whole numbers from -99 to 900. Empty: as they are."))
            div.actions { a.button href=(list) { "Not now" } button.main { "Check" } }
        }
    }
}

/// Which products the list has, in words.
fn described(staff: &Staff, Narrowed { filter, by, .. }: &Narrowed) -> String {
    let words = staff.query("q").filter(|_| filter.search.is_some()).map(|words| format!("found by “{words}”"));
    let status = filter.status.map(|status| format!("that are {}", status.as_str()));
    let by: Vec<_> = by.iter().map(|by| by.shown.as_str()).collect();
    let by = (!by.is_empty()).then(|| format!("with {}", by.join("; ")));
    let words: Vec<_> = words.into_iter().chain(status).chain(by).collect();
    if words.is_empty() { "of the whole shop".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_of_all_prices_is_whole_and_in_its_bounds_r239() {
        let of = |raw: &str| percentage(raw).ok();
        assert_eq!([of("10"), of("-15 %"), of("+5"), of("\u{2212}99")], [Some(10), Some(-15), Some(5), Some(-99)]);
        assert_eq!([of("-100"), of("901"), of("1.5"), of("x"), of("")], [None; 5]);
    }
}
