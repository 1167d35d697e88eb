use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use ::metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use foldhash::fast::RandomState;

use crate::metrics::{self, DURATION, LOGINS, ORDERS_PLACED, REQUESTS};
use crate::respond::REPLAYED;

/// The route of a path that has none.
const NO_ROUTE: &str = "(none)";

/// The counters of one kind of response. Looking them up by labels costs more than counting.
struct Answers {
    count: Counter,
    time: Histogram,
}

/// Method, route, status: there are as many as the route table allows.
type Labels = (&'static str, &'static str, StatusCode);

thread_local! {
    static KNOWN: RefCell<HashMap<Labels, Answers, RandomState>> = RefCell::default();
}

/// A request that is being answered. It is counted once it is.
pub(super) struct Measured {
    method: &'static str,
    route: &'static str,
    _in_flight: InFlight,
}

impl Measured {
    /// Begins with a request for a route, if there is one.
    pub(super) fn begin(method: &'static str, route: Option<&'static str>) -> Self {
        Self { method, route: route.unwrap_or(NO_ROUTE), _in_flight: InFlight::new() }
    }

    /// Counts the request, and how long it took.
    pub(super) fn end(self, response: &HttpResponse, time: Duration) {
        count_events(self.method, self.route, response);
        Answers::add((self.method, self.route, response.status()), time);
    }
}

impl Answers {
    fn add(labels: Labels, time: Duration) {
        KNOWN.with_borrow_mut(|known| {
            let answers = known.entry(labels).or_insert_with(|| Self::new(labels));
            answers.time.record(time.as_secs_f64());
            answers.count.increment(1);
        });
    }

    fn new((method, route, status): Labels) -> Self {
        Self {
            count: counter!(REQUESTS, "method" => method, "route" => route, "status" => status.as_str().to_owned()),
            time: histogram!(DURATION, "method" => method, "route" => route),
        }
    }
}

/// Counts responses that are events of the shop: placed orders and logins.
fn count_events(method: &str, route: &str, response: &HttpResponse) {
    let status = response.status();
    let replayed = || response.headers().contains_key(REPLAYED);
    match (method, route) {
        ("POST", "/api/v1/orders") if status == StatusCode::CREATED && !replayed() => {
            counter!(ORDERS_PLACED).increment(1);
        }
        ("POST", "/api/v1/auth/login" | "/office/login") => counter!(LOGINS, "outcome" => login(status)).increment(1),
        _ => {}
    }
}

fn login(status: StatusCode) -> &'static str {
    match status {
        StatusCode::OK | StatusCode::SEE_OTHER => "accepted",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "refused",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        status if status.is_client_error() => "malformed",
        _ => "failed",
    }
}

/// The standard HTTP methods. A client can send any other name, which must not become a label.
pub(super) fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "(other)",
    }
}

/// A request that is being answered, until this is dropped: also when its client goes away.
struct InFlight;

static IN_FLIGHT: LazyLock<Gauge> = LazyLock::new(|| gauge!(metrics::IN_FLIGHT));

impl InFlight {
    fn new() -> Self {
        IN_FLIGHT.increment(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        IN_FLIGHT.decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_a_login_is_declared_at_the_start() {
        let statuses = (100..600).filter_map(|status| StatusCode::from_u16(status).ok());
        let outcomes: std::collections::BTreeSet<_> = statuses.map(login).collect();
        assert_eq!(outcomes, metrics::LOGIN_OUTCOMES.into_iter().collect());
    }
}
