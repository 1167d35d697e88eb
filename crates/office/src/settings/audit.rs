use std::collections::HashSet;

use application::{AUDITED, AuditEntry, AuditFilter, Error};
use domain::access::Noun::{Accounts, Customers, Orders, Stock};
use domain::access::Scope::{self, Read};
use domain::accounts::Username;
use domain::customers::CustomerId;
use domain::keys::Principal;
use domain::pricing::Calendar;
use domain::products::ProductId;
use domain::{Date, UtcDateTime, Uuid, parse_day};
use maud::{Markup, html};

use super::who::Names;
use super::{SECTION, heading};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, pager, time};
use crate::request::Staff;

const PAGE: &str = "settings/audit";
const LIST: &str = "audit";
const FIELDS: [&str; 4] = ["who", "what", "from", "to"];

/// What staff and keys have changed, newest first.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let typed = FIELDS.into_iter().map(|field| (field, staff.query(field).unwrap_or_default()));
    let mut form = Form::showing(typed);
    let who = who(staff, &mut form).await?;
    let filter = filter(staff, &mut form, who);
    let body = html! {
        (heading(staff, "Audit log", &html! {}))
        (find(staff, &form))
        @match filter {
            Some(filter) => (rows(staff, &filter).await?),
            None => p.empty { "Look at the marked fields." },
        }
    };
    Ok(page(staff, SECTION, "Audit log", &body))
}

/// Whose entries are wanted: an account by its user name or its id, or a key by `key:` and its id. `None` if there is no
/// such account.
async fn who(staff: &Staff, form: &mut Form) -> Result<Option<Option<Principal>>, Error> {
    let Some(typed) = form.text("who").map(|typed| typed.trim().to_owned()) else { return Ok(Some(None)) };
    if let Ok(who) = Principal::parse(&typed) {
        return Ok(Some(Some(who)));
    }
    let may = staff.may(Read(Accounts));
    let account = match Username::parse(&typed) {
        Ok(username) if may => staff.office.queries.accounts.by_username(&username).await?,
        _ => None,
    };
    let unknown = || domain::Invalid::new(domain::Code::NotFound, "must be a user name, an id, or key: and an id");
    Ok(match account {
        Some(account) => Some(Some(Principal::Account(account.id))),
        None => form.refuse("who", unknown()),
    })
}

fn filter(staff: &Staff, form: &mut Form, who: Option<Option<Principal>>) -> Option<AuditFilter> {
    let resource = form.text("what").filter(|what| AUDITED.contains(what)).map(ToOwned::to_owned);
    let days = days(form, staff.office.calendar.as_ref());
    // Reached by a link from a thing itself.
    let resource_id = staff.query("id").and_then(|id| Uuid::try_parse(id).ok());
    let (after, before) = days?;
    Some(AuditFilter { actor: who?, resource, resource_id, after, before })
}

/// The times between which entries are wanted: both days are included.
fn days(form: &mut Form, calendar: &dyn Calendar) -> Option<(Option<UtcDateTime>, Option<UtcDateTime>)> {
    let from = form.optional("from", parse_day);
    let to = form.optional("to", parse_day);
    let after = from?.map(|day| calendar.begin(day));
    let before = to?.and_then(Date::next_day).map(|day| calendar.begin(day));
    Some((after, before))
}

fn find(staff: &Staff, form: &Form) -> Markup {
    let kinds: Vec<_> = AUDITED.iter().map(|kind| (*kind, kind.replace('_', " "))).collect();
    let all = [("", "Everything")].into_iter();
    let kinds: Vec<_> = all.chain(kinds.iter().map(|(kind, shown)| (*kind, shown.as_str()))).collect();
    html! {
        form.find.fields role="search" action=(staff.to(PAGE)) aria-label="Find changes" {
            (Field::text(form, "who", "Who").max(60))
            (Field::choice(form, "what", "What", &kinds))
            (Field::text(form, "from", "From").kind("date"))
            (Field::text(form, "to", "To").kind("date"))
            button { "Find" }
        }
    }
}

async fn rows(staff: &Staff, filter: &AuditFilter) -> Result<Markup, Error> {
    let found = staff.office.queries.audit.list(filter, &staff.list_page(LIST)).await?;
    let names = Names::of(staff, found.items.iter().map(|entry| entry.actor.who)).await?;
    let places = Places::of(staff, &found.items).await?;
    Ok(html! {
        @if found.items.is_empty() { p.empty { "Nothing was changed." } } @else {
            div.card {
                table {
                    thead { tr { th { "When" } th { "Who" } th { "What" } th { "Before and after" } } }
                    tbody { @for entry in &found.items { (row(staff, entry, &names, &places)) } }
                }
            }
        }
        (pager(staff, PAGE, LIST, found.next.as_ref()))
    })
}

fn row(staff: &Staff, entry: &AuditEntry, names: &Names, places: &Places) -> Markup {
    html! {
        tr {
            td data-label="When" { (time(staff, entry.at)) }
            td data-label="Who" { (names.get(entry.actor.who)) }
            td data-label="What" {
                (said(&entry.action))
                @if let Some(to) = places.page(entry) { br; a href=(staff.to(&to)) { (entry.resource.replace('_', " ")) } }
            }
            td.changes { (changes(entry)) }
        }
    }
}

/// The fields that changed, each before and after. What holds nothing is left out.
fn changes(entry: &AuditEntry) -> Markup {
    let mut fields: Vec<&str> = Vec::new();
    for (field, value) in entry.before.iter().chain(&entry.after) {
        if value.is_some() && !fields.contains(&field.as_str()) {
            fields.push(field);
        }
    }
    let value = |side: &[(String, Option<String>)], field: &str| {
        side.iter().find(|(name, _)| name == field).and_then(|(_, value)| value.clone())
    };
    html! {
        @if !fields.is_empty() {
            dl.changes {
                @for field in fields {
                    dt { (field.replace('_', " ")) }
                    dd {
                        @if let Some(before) = value(&entry.before, field) { del { (before) } " " }
                        @if let Some(after) = value(&entry.after, field) { ins { (after) } }
                    }
                }
            }
        }
    }
}

/// What was done, as people read it: `products.update` is `products: update`.
fn said(action: &str) -> String {
    action.replacen('.', ": ", 1).replace(['_', '.'], " ")
}

/// The folder with the pages of a kind of thing, and the scope that they need; `None` if it has none.
fn folder(resource: &str) -> Option<(&'static str, Scope)> {
    match resource {
        "order" => Some(("orders", Read(Orders))),
        "customer" => Some(("customers", Read(Customers))),
        "stock" => Some(("stock", Read(Stock))),
        _ => None,
    }
}

/// What was changed, as far as it is still there and the caller may open its page.
struct Places(HashSet<Uuid>);

impl Places {
    async fn of(staff: &Staff, entries: &[AuditEntry]) -> Result<Self, Error> {
        let ids = |kind: &str| -> Vec<Uuid> {
            let may = folder(kind).is_some_and(|(_, scope)| staff.may(scope));
            let mut ids: Vec<_> =
                entries.iter().filter(|one| may && one.resource == kind).map(|one| one.resource_id).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let queries = &staff.office.queries;
        // Orders are never deleted.
        let mut known: HashSet<Uuid> = ids("order").into_iter().collect();
        let customers: Vec<_> = ids("customer").into_iter().map(CustomerId).collect();
        known.extend(queries.customers.summaries(&customers).await?.iter().map(|customer| customer.id.0));
        let products: Vec<_> = ids("stock").into_iter().map(ProductId).collect();
        known.extend(queries.products.summaries(&products).await?.iter().map(|product| product.id.0));
        Ok(Self(known))
    }

    /// The page of what was changed.
    fn page(&self, entry: &AuditEntry) -> Option<String> {
        let (folder, _) = folder(&entry.resource)?;
        self.0.contains(&entry.resource_id).then(|| format!("{folder}/{}", entry.resource_id))
    }
}

#[cfg(test)]
mod tests {
    use application::Actor;
    use domain::accounts::AccountId;
    use domain::pricing::Utc;

    use super::*;

    #[test]
    fn before_and_after_stand_side_by_side_r262() {
        let field = |name: &str, value: Option<&str>| (name.to_owned(), value.map(ToOwned::to_owned));
        let entry = AuditEntry {
            id: Uuid::nil(),
            actor: Actor { who: Principal::Account(AccountId(Uuid::nil())), request_id: "r".into() },
            action: "customers.update".into(),
            resource: "customer".into(),
            resource_id: Uuid::nil(),
            before: vec![field("name", Some("Ann")), field("tax_exempt", None), field("replay", None)],
            after: vec![field("name", Some("<Bea>")), field("tax_exempt", Some("export")), field("replay", None)],
            at: UtcDateTime::UNIX_EPOCH,
        };
        let shown = changes(&entry).into_string();
        assert!(shown.contains("<dt>name</dt><dd><del>Ann</del> <ins>&lt;Bea&gt;</ins></dd>"), "{shown}");
        assert!(shown.contains("<dt>tax exempt</dt><dd><ins>export</ins></dd>"), "{shown}");
        assert!(!shown.contains("replay"), "{shown}");
        assert_eq!(said("accounts.update.refused"), "accounts: update refused");
        let places = |known: &[Uuid]| Places(known.iter().copied().collect()).page(&entry);
        assert!(places(&[Uuid::nil()]).unwrap().starts_with("customers/"));
        assert_eq!(places(&[]), None, "it is gone, or not for everybody");
    }

    #[test]
    fn both_days_are_included_r262() {
        let mut form = Form::showing([("from", "2026-01-01"), ("to", "2026-01-31")]);
        let (after, before) = days(&mut form, &Utc).unwrap();
        assert_eq!(after.unwrap().date().to_string(), "2026-01-01");
        assert_eq!(before.unwrap().date().to_string(), "2026-02-01");
        assert_eq!(days(&mut Form::default(), &Utc), Some((None, None)));
        assert_eq!(days(&mut Form::showing([("to", "soon")]), &Utc), None);
    }
}
