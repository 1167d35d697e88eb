//! The context of a request, and the state that all handlers share.

mod api_keys;
mod credential;
mod documents;
mod feed;
mod files;
mod hooks;
mod identity;
mod lifecycle;
mod live;
mod mailing;
mod media;
mod paying;
mod peer;
mod rendered;
mod seal;
mod state;
mod ticket;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;
use std::sync::Arc;

use actix_http::{HttpMessage as _, Payload, Request};
use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use application::sessions::Visit;
use domain::access::Scopes;
use smallvec::SmallVec;

use crate::problem::Problem;
use crate::rate_limit::RateLimitStatus;

pub use api_keys::ApiKeys;
pub(crate) use credential::Credential;
pub use documents::Documents;
pub use feed::FeedTail;
pub use files::Files;
pub use hooks::Hooks;
pub(crate) use hooks::secret_of;
pub(crate) use identity::{Identity, Known};
pub use lifecycle::Lifecycle;
pub use live::{LiveOrders, NoStream, OpenStream};
pub use mailing::Mailing;
pub use media::Media;
pub(crate) use media::UPLOADS_AT_ONCE;
pub use paying::{CannotAct, CustomerAct, ReturnPages, TestCustomers};
pub(crate) use peer::Peer;
pub use rendered::RenderedResponse;
pub(crate) use seal::Seal;
pub(crate) use state::{NOTICES_AT_ONCE, PING_DEADLINE};
pub use state::{Ping, State, Unready};
pub(crate) use ticket::{StreamTicket, TICKET_LASTS};

/// The names of the variable parts of a path, and where in the path they stand.
pub(crate) type Parameters = SmallVec<[(&'static str, Range<usize>); 2]>;

/// A request, with what the middleware has found out about it.
pub(crate) struct RequestContext {
    pub(crate) http: Request,
    pub(crate) state: Arc<State>,
    /// Whether pages of the office are at the address that it came to.
    pub(crate) has_office: bool,
    /// The request id, as in the header `X-Request-Id` and in the log.
    pub(crate) id: HeaderValue,
    /// The path of the route, such as `/api/v1/products/{id}`; `None` if no route matches.
    pub(crate) route: Option<&'static str>,
    /// The decoded path; `None` if the path has nothing to decode.
    decoded: Option<String>,
    /// Where in the decoded path its variable parts are.
    parameters: Parameters,
    pub(crate) identity: Identity,
    /// The session of the office, if the request has one.
    pub(crate) visit: Option<Visit>,
    /// The scopes that the route needs, or with which a caller sees more; `None` if there are none.
    pub(crate) needed: Option<Scopes>,
    /// What the client may still send; `None` where there is no limit.
    pub(crate) rate_limit: Option<RateLimitStatus>,
}

impl RequestContext {
    /// A request by an anonymous caller.
    pub(crate) fn new(
        http: Request,
        state: Arc<State>,
        has_office: bool,
        id: HeaderValue,
        route: Option<&'static str>,
        decoded: Option<String>,
        parameters: Parameters,
    ) -> Self {
        Self {
            http,
            state,
            has_office,
            id,
            route,
            decoded,
            parameters,
            identity: Identity::Anonymous,
            visit: None,
            needed: None,
            rate_limit: None,
        }
    }

    /// The body; empty if it was taken before.
    pub(crate) fn take_payload(&mut self) -> Payload {
        self.http.take_payload()
    }

    /// The request id as text.
    pub(crate) fn id(&self) -> &str {
        std::str::from_utf8(self.id.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.http.headers()
    }

    /// The access token or API key that the request carries.
    pub(crate) fn bearer(&self) -> Option<&str> {
        // Not `to_str`, which looks at one byte after the other: a token has hundreds.
        let value = std::str::from_utf8(self.headers().get(AUTHORIZATION)?.as_bytes()).ok()?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The variable parts of the path with their names, in order.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let path = self.decoded.as_deref().unwrap_or(self.http.path());
        self.parameters.iter().map(|(name, place)| (*name, path.get(place.clone()).unwrap_or_default()))
    }

    /// Whether a page of the office is asked for, and neither the API nor a file that pages load.
    pub(crate) fn is_of_office(&self) -> bool {
        self.route.is_some_and(|route| route.starts_with(office::ROOT) && route != office::ASSETS_ROUTE)
    }

    /// Whether the browser has asked by https, as far as a trusted proxy says so.
    pub(crate) fn is_https(&self) -> bool {
        self.state.forwarding.is_https(self.peer(), self.headers())
    }

    /// The address of the other end of the connection.
    pub(crate) fn peer(&self) -> IpAddr {
        self.http.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip())
    }

    /// An address as text.
    pub(crate) fn text_of(&self, address: IpAddr) -> Cow<'_, str> {
        match self.http.conn_data::<Peer>() {
            Some(peer) if peer.address == address => Cow::Borrowed(&peer.text),
            _ => Cow::Owned(address.to_string()),
        }
    }

    /// The caller, if its token or key is valid.
    pub(crate) fn known(&self) -> Option<&Known> {
        match &self.identity {
            Identity::Known(known) => Some(known),
            _ => None,
        }
    }

    /// Whether the caller has all scopes that the route names.
    pub(crate) fn has_needed(&self) -> bool {
        match (self.needed, self.known()) {
            (Some(needed), Some(known)) => known.scopes().include(needed),
            _ => false,
        }
    }

    /// The caller.
    ///
    /// # Errors
    /// Why the caller is not known.
    pub(crate) fn logged_in(&mut self) -> Result<Known, Problem> {
        match std::mem::take(&mut self.identity) {
            Identity::Known(known) => {
                self.identity = Identity::Known(known);
                Ok(known)
            }
            Identity::Refused(problem) => Err(problem),
            Identity::Anonymous => Err(Problem::no_token()),
        }
    }
}
