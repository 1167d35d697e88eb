//! What the list of products can be narrowed by, with how many products each choice leaves, and how many it has.

use std::collections::HashMap;

use application::Error;
use application::products::{FacetChoice, FacetValues, ListFacet, MOST_FACETS, filter_name};
use domain::attributes::{AttributeType, NumberRange, Scalar};
use domain::catalogue::{Bucket, Counted, Counts, Question};
use domain::products::ProductFilter;
use domain::{Money, Price};
use maud::{Markup, html};

use super::narrowed::{ALL_FACETS, FACETS, MAX_PRICE, MIN_PRICE, Narrowed, NarrowedBy, link, range_in_words};
use crate::parts::{amount, grouped};
use crate::request::Staff;

/// The parameter with the facet of which all values are shown.
const WHOLE: &str = "facet";

/// The most facets that are shown: those by attributes, price, and in stock.
const MOST: usize = MOST_FACETS + 2;
/// The most values of a facet that are shown, but for those that are chosen, as long as it is not asked for as a whole.
const FIRST: usize = 10;

/// What the list is narrowed by, how long it is, and if it is asked for, what else it can be narrowed by. `shown` products
/// are on this page.
///
/// Counting what a search finds, or product groups, takes longer than all the rest of the page: they are counted only for
/// who narrows the list.
pub(super) async fn panel(staff: &Staff, narrowed: &Narrowed, shown: usize, has_more: bool) -> Result<Markup, Error> {
    let filter = &narrowed.listed();
    let is_asked = staff.query(FACETS) == Some(ALL_FACETS);
    let (total, sections) = if is_asked {
        counted(staff, filter).await?
    } else {
        let is_known = !has_more && staff.place().is_none();
        let is_counted = !is_known && filter.search.is_none() && !filter.is_collapsed;
        (if is_counted { total(staff, filter).await? } else { None }, Vec::new())
    };
    Ok(html! {
        @if !narrowed.by.is_empty() {
            p.narrowed { "Narrowed to " @for by in &narrowed.by { (without(staff, by)) } }
        }
        p.found {
            @if let Some(found) = found(filter.is_collapsed, total, shown, has_more, staff.place().is_some()) {
                span.faint { (found) } " "
            }
            a.screen href=(link(staff, &[FACETS], if is_asked { &[] } else { &[(FACETS, ALL_FACETS)] })) aria-expanded=(is_asked) {
                @if is_asked { "Hide filters" } @else { "Show filters" }
            }
        }
        @if is_asked && sections.is_empty() && has_more {
            p.faint {
                "Too many products are found to count them, or the server is still reading the products. Search for more words, \
                 choose a category, or look again in a minute."
            }
        }
        @if !sections.is_empty() {
            div.card.facets { div.in { @for section in &sections { (section) } } }
        }
    })
}

/// How many products the list has; `None` if they are not counted.
async fn total(staff: &Staff, filter: &ProductFilter) -> Result<Option<u64>, Error> {
    let question = Question { filter: filter.clone(), facets: Vec::new() };
    Ok(staff.office.counts.counts(&question).await?.map(|counts| counts.total))
}

/// How many products the list has, and what else it can be narrowed by; nothing if they are not counted.
async fn counted(staff: &Staff, filter: &ProductFilter) -> Result<(Option<u64>, Vec<Markup>), Error> {
    let taxonomy = staff.office.taxonomies.current().await?;
    let codes = taxonomy.filterable(true).map(|attribute| (attribute.id, filter_name(attribute)));
    let chosen: HashMap<_, Vec<String>> = codes
        .filter_map(|(id, code)| Some((id, staff.query(&code)?.split(',').map(|one| one.trim().to_owned()).collect())))
        .collect();
    let attributes = taxonomy.filterable(true);
    let facets = attributes.map(|one| ListFacet::of(one, &taxonomy, chosen.get(&one.id).map_or(&[], Vec::as_slice)));
    let facets: Vec<_> = facets.chain([ListFacet::price(), ListFacet::in_stock()]).collect();
    let question = Question { filter: filter.clone(), facets: facets.iter().map(|one| one.facet.clone()).collect() };
    let counts = staff.office.counts.counts(&question).await?;
    let total = counts.as_ref().map(|counts| counts.total);
    Ok((total, sections(staff, filter, &facets, counts).await?))
}

/// What the list is narrowed by, as a way to the list without it.
fn without(staff: &Staff, NarrowedBy { parameters, shown }: &NarrowedBy) -> Markup {
    let names: Vec<_> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    html! { a.button href=(link(staff, &names, &[])) { (shown) " ×" span.hidden { " (remove)" } } " " }
}

/// How long the list is, in words; `None` if nothing is known of it. Of a list with one row for each product group, groups
/// are counted.
fn found(is_collapsed: bool, total: Option<u64>, shown: usize, has_more: bool, is_later: bool) -> Option<String> {
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    let (number, begin) = match total {
        Some(total) => (total, ""),
        None if has_more => (shown, "More than "),
        None if is_later => return None,
        None => (shown, ""),
    };
    let noun = match (is_collapsed, number) {
        (false, 1) => "product",
        (false, _) => "products",
        (true, 1) => "product group or single product",
        (true, _) => "product groups and single products",
    };
    (number > 0).then(|| format!("{begin}{} {noun}", grouped(&number.to_string())))
}

/// The facets of which a product has something, or something is chosen; none if they are not counted.
async fn sections(
    staff: &Staff,
    filter: &ProductFilter,
    facets: &[ListFacet<'_>],
    counts: Option<Counts>,
) -> Result<Vec<Markup>, Error> {
    let mut sections = Vec::new();
    for (facet, counted) in facets.iter().zip(counts.into_iter().flat_map(|counts| counts.facets)) {
        if sections.len() == MOST {
            break;
        }
        let choices = match facet.choice(staff.office.taxonomies.as_ref(), counted, filter).await? {
            choice if choice.is_empty() => continue,
            FacetChoice::Values(values) => of_values(staff, facet, values),
            FacetChoice::Numbers(numbers) => Choices { all: of_numbers(staff, facet, numbers), has_more: false },
        };
        sections.push(section(staff, facet, choices));
    }
    Ok(sections)
}

/// What there is to choose of a facet.
struct Choices {
    all: Vec<Choice>,
    has_more: bool,
}

struct Choice {
    name: String,
    count: u64,
    is_chosen: bool,
    /// The list with it, or without it if it is chosen.
    to: String,
}

fn of_values(staff: &Staff, facet: &ListFacet<'_>, FacetValues { shown, has_more }: FacetValues) -> Choices {
    let code = facet.code.as_str();
    // Of several terms a product needs one. Of categories, and of yes and no, one is chosen at a time.
    let is_one_of = facet.attribute.is_some_and(|one| one.kind == AttributeType::Choice && !one.is_hierarchical);
    // By the slugs that terms have now: the query may have those that they had before.
    let chosen: Vec<_> = shown.iter().filter(|one| one.is_chosen).map(|one| one.value.clone()).collect();
    let of = |value: &str, is_chosen: bool| {
        let others = chosen.iter().map(String::as_str).filter(|other| is_one_of && *other != value);
        let wanted: Vec<_> = others.chain((!is_chosen).then_some(value)).collect();
        if wanted.is_empty() { link(staff, &[code], &[]) } else { link(staff, &[code], &[(code, &wanted.join(","))]) }
    };
    let all = shown.into_iter().map(|one| Choice {
        to: of(&one.value, one.is_chosen),
        name: one.name,
        count: one.count,
        is_chosen: one.is_chosen,
    });
    Choices { all: all.collect(), has_more }
}

fn of_numbers(staff: &Staff, facet: &ListFacet<'_>, numbers: Option<Counted>) -> Vec<Choice> {
    let buckets = numbers.into_iter().flat_map(|numbers| numbers.buckets).filter(|bucket| bucket.count > 0);
    let of = |bucket: Bucket| match facet.attribute {
        Some(attribute) => of_range(staff, facet, attribute.kind, &bucket),
        None => Some(of_prices(staff, &bucket)),
    };
    buckets.filter_map(of).collect()
}

/// A range of numbers of an attribute of this type.
fn of_range(staff: &Staff, facet: &ListFacet<'_>, kind: AttributeType, bucket: &Bucket) -> Option<Choice> {
    let of = |number| Scalar::from_trusted(kind, None, Some(number)).map(|scalar| scalar.to_string());
    let value = format!("{}..{}", of(bucket.from)?, of(last(bucket))?);
    let name = range_in_words(kind, NumberRange { from: Some(bucket.from), to: Some(last(bucket)) });
    let code = facet.code.as_str();
    let is_chosen = staff.query(code) == Some(&value);
    let range = [(code, value.as_str())];
    let to = link(staff, &[code], if is_chosen { &[] } else { &range });
    Some(Choice { name, count: bucket.count, is_chosen, to })
}

fn of_prices(staff: &Staff, bucket: &Bucket) -> Choice {
    let last = last(bucket).min(Price::MAX);
    let (from, to) = (bucket.from.to_string(), last.to_string());
    let is_chosen = staff.query(MIN_PRICE) == Some(&from) && staff.query(MAX_PRICE) == Some(&to);
    let range = [(MIN_PRICE, from.as_str()), (MAX_PRICE, to.as_str())];
    let to = link(staff, &[MIN_PRICE, MAX_PRICE], if is_chosen { &[] } else { &range });
    let shown = |value| amount(Money { amount: value, currency: staff.office.shop.currency });
    let name = if bucket.from == last { shown(last) } else { format!("{} to {}", shown(bucket.from), shown(last)) };
    Choice { name, count: bucket.count, is_chosen, to }
}

/// The greatest number that is in a range.
fn last(bucket: &Bucket) -> i64 {
    bucket.to.saturating_sub(1).max(bucket.from)
}

fn section(staff: &Staff, facet: &ListFacet<'_>, Choices { all, has_more }: Choices) -> Markup {
    let is_whole = staff.query(WHOLE) == Some(&facet.code);
    let rest = all.len().saturating_sub(FIRST);
    let is_shown = |place: usize, choice: &Choice| is_whole || place < FIRST || choice.is_chosen;
    html! {
        section {
            h2 { (facet.name) }
            ul {
                @for (place, choice) in all.iter().enumerate() {
                    @if is_shown(place, choice) {
                        li {
                            a href=(choice.to) aria-current=[choice.is_chosen.then_some("true")] {
                                (choice.name)
                                @if choice.is_chosen { " ×" span.hidden { " (chosen)" } }
                            }
                            " " span.faint { (grouped(&choice.count.to_string())) }
                        }
                    }
                }
            }
            @if !is_whole && rest > 0 { a href=(link(staff, &[], &[(WHOLE, &facet.code)])) { "More of " (facet.name) } }
            @else if has_more { p.faint { "The most frequent ones." } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_how_long_it_is_as_far_as_that_is_known_r239() {
        let of = |total, has_more, is_later| found(false, total, 50, has_more, is_later);
        assert_eq!(of(Some(1234), true, false).as_deref(), Some("1,234 products"));
        assert_eq!(of(None, true, true).as_deref(), Some("More than 50 products"));
        assert_eq!((of(None, false, false).as_deref(), of(None, false, true)), (Some("50 products"), None));
        assert_eq!(found(false, None, 0, false, false), None);
        let groups = found(true, Some(2), 2, false, false);
        assert_eq!(groups.as_deref(), Some("2 product groups and single products"));
    }

    #[test]
    fn a_range_ends_before_the_next_one_begins_r239() {
        assert_eq!(last(&Bucket { from: 1000, to: 2000, count: 1 }), 1999);
        assert_eq!(last(&Bucket { from: 7, to: 8, count: 1 }), 7);
    }
}
