use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use application::Error;
use domain::access::Scope;
use futures_util::future::{LocalBoxFuture, ready};

use crate::host::{Office, Refusal};
use crate::refusal::refusal;
use crate::request::{Ask, Incoming, Sent, Staff};
use crate::{origin, session};

/// A response, or why there is none.
pub(crate) type Answer = Result<HttpResponse, Error>;

type Run = dyn Fn(Ask) -> LocalBoxFuture<'static, Answer> + Send + Sync;

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
    /// Whether its form has files, so that its body may be as large as they are.
    pub has_files: bool,
    run: Box<Run>,
}

impl Page {
    /// A page for everybody.
    pub(crate) fn open<F, Fut>(method: Method, path: &'static str, handler: F) -> Self
    where
        F: Fn(Ask) -> Fut + Copy + Send + Sync + 'static,
        Fut: Future<Output = Answer> + 'static,
    {
        let run: Box<Run> = Box::new(move |ask| Box::pin(handler(ask)));
        Self { method, path, needs: Needs::Anybody, operations: &[], has_files: false, run }
    }

    /// A page for staff.
    pub(crate) fn staff<F, Fut>(
        method: Method,
        path: &'static str,
        handler: F,
        needs: Needs,
        operations: &'static [&'static str],
    ) -> Self
    where
        F: Fn(Staff) -> Fut + Copy + Send + Sync + 'static,
        Fut: Future<Output = Answer> + 'static,
    {
        let run: Box<Run> = Box::new(move |ask| match Staff::try_from(ask) {
            Ok(staff) => Box::pin(handler(staff)),
            Err(ask) => Box::pin(ready(Ok(session::login::instead(&ask)))),
        });
        Self { method, path, needs, operations, has_files: false, run }
    }

    /// A page whose form has files.
    pub(crate) fn with_files(self) -> Self {
        Self { has_files: true, ..self }
    }

    /// Lets a request in, before its body is read: it comes from a page of this server if it changes something, and from
    /// somebody who may open the page.
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
        if let Some(visit) = &ask.visit {
            ask.office.sessions.record_use(&visit.session).await;
        }
        (ask.page.run)(ask).await
    }
}

fn refused(ask: &Ask, detail: impl Into<std::borrow::Cow<'static, str>>) -> HttpResponse {
    let title = "Not allowed".into();
    let refused = Refusal { status: StatusCode::FORBIDDEN.as_u16(), title, detail: detail.into(), fields: Vec::new() };
    refusal(&ask.path, &refused, &ask.request_id)
}
