//! How a page is served: who is let in, and what makes the answer.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use application::Error;
use futures_util::future::LocalBoxFuture;

use crate::host::{Office, Refusal};
use crate::page::{Answer, Needs, Page, Sends};
use crate::refusal::refusal;
use crate::request::{Ask, Incoming, Sent, Staff};
use crate::session::login::instead;
use crate::{bodies, origin};

/// Answers a request. Not generic, so that what all pages do is compiled once.
type Run<A> = for<'a> fn(&'a A) -> LocalBoxFuture<'a, Answer>;

/// What makes a page.
enum Handler {
    /// For everybody.
    Open(Run<Ask>),
    /// For staff.
    Staff(Run<Staff>),
}

/// A page, and what makes it.
pub struct Served {
    page: Page,
    handler: Handler,
}

impl Deref for Served {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl Served {
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
        Self { page: Page { method, path, needs, operations, sends: Sends::Fields, is_shown: false, body }, handler }
    }

    /// A page whose form sends something else than fields.
    pub(crate) fn sending(self, sends: Sends) -> Self {
        Self { page: Page { sends, ..self.page }, ..self }
    }

    /// Says whether the address of the page can be opened with a GET.
    pub(crate) fn shown(self, is_shown: bool) -> Self {
        Self { page: Page { is_shown, ..self.page }, ..self }
    }

    /// Lets a request in, before its body is read: it comes from a page of this server if it changes something, and from
    /// somebody who may open the page. A form of nobody is let in to be answered with the page to log in on.
    ///
    /// # Errors
    /// The page that says why not.
    pub fn admit(&'static self, office: &Arc<Office>, incoming: Incoming) -> Result<Admitted, Box<HttpResponse>> {
        let ask = Ask::new(office.clone(), &self.page, incoming);
        if !origin::is_safe(&self.method) && !origin::is_own(&ask.headers) {
            let detail = "This request does not come from a page of the office. Open the office and try again.";
            return Err(Box::new(refused(&ask, detail)));
        }
        match (self.needs, &ask.visit) {
            (Needs::Anybody, _) => {}
            // What was typed is kept for after the login, so it is read first. Files are not kept.
            (_, None) if !origin::is_safe(&self.method) && !self.sends.has_file() => {}
            (_, None) => return Err(Box::new(instead(&ask))),
            (Needs::Scope(scope), Some(visit)) if !visit.access.scopes.include(scope.into()) => {
                let detail = format!("This needs the scope {}, which your role does not have.", scope.as_str());
                return Err(Box::new(refused(&ask, detail)));
            }
            (Needs::Staff | Needs::Scope(_), Some(_)) => {}
        }
        Ok(Admitted { ask, handler: &self.handler })
    }
}

/// A request that was let in.
pub struct Admitted {
    ask: Ask,
    handler: &'static Handler,
}

impl Admitted {
    /// Answers the request, which has sent this.
    ///
    /// # Errors
    /// A failure, or a refusal that is not the page's own to show.
    pub async fn answer(self, sent: Sent) -> Result<HttpResponse, Error> {
        let ask = self.ask.with(sent);
        if let Some(visit) = ask.visit.as_ref().filter(|_| !ask.is_by_itself()) {
            ask.office.sessions.record_use(&visit.session).await;
        }
        match *self.handler {
            Handler::Open(run) => run(&ask).await,
            Handler::Staff(run) => match Staff::try_from(ask) {
                Ok(staff) => run_counted(run, staff).await,
                Err(ask) => Ok(instead(&ask)),
            },
        }
    }
}

/// Answers a request with the counts of waiting work in the navigation. After an action they are counted anew.
async fn run_counted(run: Run<Staff>, mut staff: Staff) -> Answer {
    let office = staff.office.clone();
    let is_action = !origin::is_safe(&staff.page.method);
    if !staff.wants_part() {
        // A page that can be made without it is shown without it.
        staff.waiting = office.waits().await.ok();
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
