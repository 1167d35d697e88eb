use std::cell::Cell;
use std::net::IpAddr;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, USER_AGENT};
use actix_web::web::{Bytes, Query};
use application::sessions::Visit;
use application::{Actor, Claim, Error, IdempotencyKey, Runner};
use domain::access::Scope;
use domain::keys::Principal;
use domain::reports::ToDo;
use domain::sessions::Agent;
use domain::{Code, Id, Invalid, PageRequest, Uuid};

use crate::ROOT;
use crate::form::Form;
use crate::host::{Office, SentTable};
pub(crate) use crate::lists::{all, first};
use crate::page::Page;

/// A request for a page, as the server has read it.
pub struct Incoming {
    /// The decoded path.
    pub path: String,
    /// The variable parts of the path, with their names.
    pub parameters: Vec<(String, String)>,
    /// The query string, as it came.
    pub query: String,
    /// The headers of HTTP, as they came.
    pub headers: HeaderMap,
    /// Who has opened it, if there is a session.
    pub visit: Option<Visit>,
    /// The address of the client.
    pub address: IpAddr,
    /// Whether the browser has asked by https.
    pub is_https: bool,
    /// The id of the request, which log and API have too.
    pub request_id: String,
}

/// What a request sends.
#[derive(Default)]
pub struct Sent {
    /// The body of a form; empty if there is none.
    pub body: Bytes,
    /// Files of a form, with the names of their fields.
    pub files: Vec<(String, Bytes)>,
    /// The fields of a form with a table.
    pub fields: Vec<(String, String)>,
    /// The table of a form.
    pub table: Option<SentTable>,
}

/// A request for a page.
pub(crate) struct Ask {
    pub(crate) office: Arc<Office>,
    pub(crate) page: &'static Page,
    pub(crate) path: String,
    parameters: Vec<(String, String)>,
    pub(crate) raw_query: String,
    query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    sent: Sent,
    /// The table that was sent, until it is taken.
    table: Cell<Option<SentTable>>,
    /// The bytes of the table that was sent, also after it is taken.
    table_length: u64,
    pub(crate) visit: Option<Visit>,
    pub(crate) address: IpAddr,
    pub(crate) is_https: bool,
    pub(crate) request_id: String,
}

/// A request for a page by staff.
pub(crate) struct Staff {
    ask: Ask,
    pub(crate) visit: Visit,
    /// How much waits to be done, for the navigation; `None` if it is not known.
    pub(crate) waiting: Option<Arc<ToDo>>,
}

impl DerefMut for Staff {
    fn deref_mut(&mut self) -> &mut Ask {
        &mut self.ask
    }
}

impl Deref for Staff {
    type Target = Ask;

    fn deref(&self) -> &Ask {
        &self.ask
    }
}

impl TryFrom<Ask> for Staff {
    type Error = Ask;

    fn try_from(ask: Ask) -> Result<Self, Ask> {
        // A customer who had a role before has no scopes any more.
        match ask.visit.clone().filter(|visit| !visit.access.scopes.is_empty()) {
            Some(visit) => Ok(Self { ask, visit, waiting: None }),
            None => Err(ask),
        }
    }
}

/// The pairs of a query string or of a form.
fn pairs(text: &str) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::from_query(text).map(Query::into_inner).unwrap_or_default()
}

impl Ask {
    pub(crate) fn new(office: Arc<Office>, page: &'static Page, incoming: Incoming) -> Self {
        let Incoming { path, parameters, query, headers, visit, address, is_https, request_id } = incoming;
        Self {
            office,
            page,
            path,
            parameters,
            query: pairs(&query),
            raw_query: query,
            headers,
            sent: Sent::default(),
            table: Cell::default(),
            table_length: 0,
            visit,
            address,
            is_https,
            request_id,
        }
    }

    /// The request with what it sends.
    pub(crate) fn with(self, mut sent: Sent) -> Self {
        let table_length = sent.table.as_ref().map_or(0, |table| table.length);
        let table = Cell::new(sent.table.take());
        Self { sent, table, table_length, ..self }
    }

    /// The address of a page of the office, relative to this one, so that the office works behind any path. `page` is
    /// relative to `/office/`, such as `orders`.
    pub(crate) fn to(&self, page: &str) -> String {
        relative(&self.path, page)
    }

    /// A parameter of the query; `None` if it is not given or empty.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// Those parameters with these names that the query gives.
    pub(crate) fn queries_of<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        names.iter().filter_map(|name| Some((*name, self.query(name)?)))
    }

    /// [`Self::queries_of`], and the place in the list.
    pub(crate) fn queries_and_place<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.queries_of(names).chain(self.place().map(|place| (Self::HERE, place)))
    }

    /// Refuses a query whose filter is not understood in full. A list shows more then than was asked for; a file or a change
    /// must not have more.
    ///
    /// # Errors
    /// Names the first parameter that is given and not `understood`.
    pub(crate) fn expect_understood(&self, understood: &[(&'static str, bool)]) -> Result<(), Error> {
        match understood.iter().find(|(name, is_understood)| !is_understood && self.query(name).is_some()) {
            Some((name, _)) => Err(Self::not_understood(name)),
            None => Ok(()),
        }
    }

    /// The refusal of a parameter whose value names nothing that exists.
    pub(crate) fn not_understood(name: &str) -> Error {
        let rule = "filters by nothing that there is: go back to the list and choose again";
        Error::field(name, Invalid::new(Code::NotAllowed, rule))
    }

    /// All parameters of the query.
    pub(crate) fn queries(&self) -> &[(String, String)] {
        &self.query
    }

    /// The fields of the form that was sent. Browsers end lines with two characters, and forms are filled with one.
    pub(crate) fn form(&self) -> Form {
        let typed = std::str::from_utf8(&self.sent.body).map(pairs).unwrap_or_default();
        let all = typed.into_iter().chain(self.sent.fields.iter().cloned());
        Form::new(all.map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect())
    }

    /// Takes the table of the form that was sent; `None` if none was chosen.
    pub(crate) fn take_table(&self) -> Option<SentTable> {
        self.table.take()
    }

    /// The files of a field of the form that was sent; none if none was chosen.
    pub(crate) fn files(&self, name: &str) -> impl Iterator<Item = &Bytes> {
        self.sent.files.iter().filter(move |(given, bytes)| given == name && !bytes.is_empty()).map(|(_, bytes)| bytes)
    }

    /// A variable part of the path.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// The variable part `{id}` of the path.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is no id.
    pub(crate) fn id<T: Id>(&self, what: &'static str) -> Result<T, Error> {
        Uuid::try_parse(self.parameter("id")).map(T::new).map_err(|_| Error::NotFound(what))
    }

    /// The browser, as its header `User-Agent` names it.
    pub(crate) fn agent(&self) -> Agent {
        let agent = self.headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Agent::of(&agent.unwrap_or_default())
    }

    /// The parameter of a request that a page makes by itself, which is no use of the session.
    pub(crate) const BY_ITSELF: &str = "watch";

    /// Whether a page has made this request by itself.
    pub(crate) fn is_by_itself(&self) -> bool {
        self.page.method == Method::GET && self.query(Self::BY_ITSELF).is_some()
    }

    /// Whether htmx asks for a part of the page, and not for the whole.
    pub(crate) fn wants_part(&self) -> bool {
        let has = |name| self.headers.contains_key(name);
        has("hx-request") && !has("hx-boosted")
    }

    /// The parameter with the place of a list that a form stands at.
    pub(crate) const HERE: &str = "here";
    /// The value of a place that means the beginning of the list.
    pub(crate) const FIRST: &str = "first";

    /// The place of a list that the query asks for; `None` for its beginning.
    pub(crate) fn place(&self) -> Option<&str> {
        self.query("after").or_else(|| self.query(Self::HERE)).filter(|place| *place != Self::FIRST)
    }

    /// The page of a list that the query asks for: so many items, after those before. A place that is not of this list is
    /// its beginning.
    pub(crate) fn list_page(&self, list: &str) -> PageRequest {
        let after = self.place().and_then(|text| self.office.host.read_cursor(list, text));
        PageRequest { after, ..first(ITEMS) }
    }
}

/// The items of a page of a list.
const ITEMS: i64 = 50;

impl Staff {
    /// Whether the caller has a scope.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.visit.access.scopes.include(scope.into())
    }

    /// The runner for commands of the caller, whose changes go into the audit log.
    pub(crate) fn runner(&self) -> Runner {
        let who = Principal::Account(self.visit.access.account_id);
        self.office.runner.acting(Actor { who, request_id: self.request_id.clone() })
    }

    /// The claim of a form, so that one that is sent twice acts once. It is one for all that the form sends, also for its
    /// pictures; of a table only the length counts. `None` if it has no key.
    pub(crate) fn claim(&self) -> Option<Claim> {
        let key = IdempotencyKey::parse(self.form().text(Form::KEY)?).ok()?;
        let Sent { body, fields, files, .. } = &self.ask.sent;
        let length = self.table_length.to_be_bytes();
        // A file may hold whatever stands between parts, so its length comes first.
        let lengths: Vec<_> = files.iter().map(|(_, bytes)| bytes.len().to_be_bytes()).collect();
        let mut parts = vec![self.page.method.as_str().as_bytes(), self.path.as_bytes(), body];
        if !fields.is_empty() {
            parts.extend(fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
            parts.push(&length);
        }
        for ((name, bytes), length) in files.iter().zip(&lengths) {
            parts.extend([name.as_bytes(), length, bytes]);
        }
        let fingerprint = self.office.host.fingerprint(&parts);
        let owner = Some(Principal::Account(self.visit.access.account_id));
        Some(Claim { owner, key, fingerprint, former_fingerprint: None })
    }
}

/// The address of a page, relative to the one at `path`. `page` is relative to `/office/`.
pub(crate) fn relative(path: &str, page: &str) -> String {
    let depth = path.strip_prefix(ROOT).unwrap_or_default().matches('/').count();
    let place = "../".repeat(depth);
    if place.is_empty() && page.is_empty() { "./".to_owned() } else { place + page }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_so_that_the_office_works_behind_any_path_r235() {
        assert_eq!(relative("/office/", "orders"), "orders");
        assert_eq!(relative("/office/orders", "orders?status=placed"), "orders?status=placed");
        assert_eq!(relative("/office/orders/1", "orders"), "../orders");
        assert_eq!(relative("/office/orders/1/ship", "orders/1"), "../../orders/1");
        assert_eq!((relative("/office/orders", "").as_str(), relative("/office/orders/1", "").as_str()), ("./", "../"));
    }
}
