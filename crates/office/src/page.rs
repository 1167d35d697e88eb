use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use application::Error;
use domain::access::Scope;
use futures_util::future::LocalBoxFuture;

use crate::host::{Office, Refusal};
use crate::parts::Member;
use crate::refusal::refusal;
use crate::request::{Ask, Incoming, Sent, Staff};
use crate::waiting::Waiting;
use crate::{bodies, origin, session};

/// A response, or why there is none.
pub(crate) type Answer = Result<HttpResponse, Error>;

/// Answers a request. Not generic, so that what all pages do is compiled once.
type Run<A> = for<'a> fn(&'a A) -> LocalBoxFuture<'a, Answer>;

/// What makes a page.
enum Handler {
    /// For everybody.
    Open(Run<Ask>),
    /// For staff.
    Staff(Run<Staff>),
}

/// Who may open a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody.
    Anybody,
    /// Everybody who works here.
    Staff,
    /// Staff with this scope.
    Scope(Scope),
}

impl From<Scope> for Needs {
    fn from(scope: Scope) -> Self {
        Self::Scope(scope)
    }
}

/// What the form of a page sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// Fields.
    Fields,
    /// The fields of many things, or long texts, of which the form has what they were, too.
    Grid,
    /// Pictures.
    Pictures,
    /// A table, and fields.
    Table,
}

impl Sends {
    /// Whether a file is sent, which is not kept for after a login.
    pub(crate) const fn has_file(self) -> bool {
        matches!(self, Self::Pictures | Self::Table)
    }
}

/// A method of an address of the office.
pub struct Page {
    /// Its method.
    pub method: Method,
    /// Its path, such as `/office/orders/{id}`.
    pub path: &'static str,
    /// Who may open it.
    pub needs: Needs,
    /// The ids of the operations of the API that do the same.
    pub operations: &'static [&'static str],
    /// What its form sends, so that its body may be as large as that.
    pub sends: Sends,
    /// The members of the body that the API would be sent, if its form has them one to one.
    pub(crate) body: Option<&'static [Member]>,
    handler: Handler,
}

impl Page {
    /// A page for everybody.
    pub(crate) fn open(method: Method, path: &'static str, run: Run<Ask>) -> Self {
        Self::new(method, path, Needs::Anybody, &[], Handler::Open(run))
    }

    /// A page for staff.
    pub(crate) fn staff(
        method: Method,
        path: &'static str,
        run: Run<Staff>,
        needs: Needs,
        operations: &'static [&'static str],
    ) -> Self {
        Self::new(method, path, needs, operations, Handler::Staff(run))
    }

    fn new(
        method: Method,
        path: &'static str,
        needs: Needs,
        operations: &'static [&'static str],
        handler: Handler,
    ) -> Self {
        let is_action = needs != Needs::Anybody && method == Method::POST;
        let body = bodies::of(path).filter(|_| is_action);
        Self { method, path, needs, operations, sends: Sends::Fields, body, handler }
    }

    /// A page whose form sends something else than fields.
    pub(crate) fn sending(self, sends: Sends) -> Self {
        Self { sends, ..self }
    }

    /// Lets a request in, before its body is read: it comes from a page of this server if it changes something, and from
    /// somebody who may open the page. A form of nobody is let in to be answered with the page to log in on.
    ///
    /// # Errors
    /// The page that says why not.
    pub fn admit(&'static self, office: &Arc<Office>, incoming: Incoming) -> Result<Admitted, Box<HttpResponse>> {
        let ask = Ask::new(office.clone(), self, incoming);
        if !origin::is_safe(&self.method) && !origin::is_own(&ask.headers) {
            let detail = "This request does not come from a page of the office. Open the office and try again.";
            return Err(Box::new(refused(&ask, detail)));
        }
        match (self.needs, &ask.visit) {
            (Needs::Anybody, _) => {}
            // What was typed is kept for after the login, so it is read first. Files are not kept.
            (_, None) if !origin::is_safe(&self.method) && !self.sends.has_file() => {}
            (_, None) => return Err(Box::new(session::login::instead(&ask))),
            (Needs::Scope(scope), Some(visit)) if !visit.access.scopes.include(scope.into()) => {
                let detail = format!("This needs the scope {}, which your role does not have.", scope.as_str());
                return Err(Box::new(refused(&ask, detail)));
            }
            (Needs::Staff | Needs::Scope(_), Some(_)) => {}
        }
        Ok(Admitted(ask))
    }
}

/// A request that was let in.
pub struct Admitted(Ask);

impl Admitted {
    /// Answers the request, which has sent this.
    ///
    /// # Errors
    /// A failure, or a refusal that is not the page's own to show.
    pub async fn answer(self, sent: Sent) -> Result<HttpResponse, Error> {
        let ask = self.0.with(sent);
        if let Some(visit) = ask.visit.as_ref().filter(|_| !ask.is_by_itself()) {
            ask.office.sessions.record_use(&visit.session).await;
        }
        match ask.page.handler {
            Handler::Open(run) => run(&ask).await,
            Handler::Staff(run) => match Staff::try_from(ask) {
                Ok(staff) => run_counted(run, staff).await,
                Err(ask) => Ok(session::login::instead(&ask)),
            },
        }
    }
}

/// Makes a page that shows how much waits. What waits is counted anew after an action.
async fn run_counted(run: Run<Staff>, mut staff: Staff) -> Answer {
    let office = staff.office.clone();
    let is_action = !origin::is_safe(&staff.page.method);
    if !staff.wants_part() {
        // A page that can be made without it is shown without it.
        staff.waiting = Waiting::of(&office).await.ok();
    }
    let answer = run(&staff).await;
    if is_action {
        office.waiting.forget();
    }
    answer
}

fn refused(ask: &Ask, detail: impl Into<std::borrow::Cow<'static, str>>) -> HttpResponse {
    let title = "Not allowed".into();
    let refused = Refusal { status: StatusCode::FORBIDDEN.as_u16(), title, detail: detail.into(), fields: Vec::new() };
    refusal(&ask.path, None, &refused, &ask.request_id)
}
