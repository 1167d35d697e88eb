use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use domain::events::{EventFilter, EventType, FeedPage, PublishedEvent};
use domain::orders::OrderId;
use futures_util::StreamExt as _;
use futures_util::stream::{LocalBoxStream, unfold};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use crate::context::{Credential, OpenStream, State};
use crate::extract::Permit;
use crate::problem::Problem;
use crate::routes::events::{EventBody, read_within};

/// How long a stream lasts.
const LASTS: Duration = Duration::from_mins(15);
/// How long a stream is silent before a comment is sent, so that no proxy closes it as idle.
const SILENCE: Duration = Duration::from_secs(15);
/// How many events are read at once.
const PAGE: u64 = 100;
/// The first line of a stream: how long an `EventSource` waits before it reconnects, in milliseconds.
const BEGINNING: &str = "retry: 3000\n\n";

/// A stream of what happens to an order.
pub(super) struct OrderStream {
    state: Arc<State>,
    filter: EventFilter,
    /// The position up to which the client was informed.
    after: i64,
    /// What is to be sent first.
    ready: String,
    /// Whether there may be something in the database that was not informed.
    is_behind: bool,
    sees_all: bool,
    news: Receiver<Arc<PublishedEvent>>,
    /// What the stream was opened with; `None` for a ticket.
    permit: Option<Permit>,
    until: Instant,
    _open: OpenStream,
}

impl OrderStream {
    pub(super) fn new(state: Arc<State>, order: OrderId, after: i64, sees_all: bool, open: OpenStream) -> Self {
        // Before anything is read: what comes after is news.
        let news = state.live.follow();
        let filter = EventFilter { types: None, stream: Some(order.0) };
        let until = Instant::now() + LASTS;
        let ready = BEGINNING.to_owned();
        Self { state, filter, after, ready, is_behind: true, sees_all, news, permit: None, until, _open: open }
    }

    /// Limits the stream to the life of the token or key that opened it.
    pub(super) fn of(self, permit: Option<Permit>) -> Self {
        let left = match permit.as_ref().map(|permit| &permit.credential) {
            Some(Credential::Token(claims)) => {
                Some(Duration::try_from(claims.expires_at - self.state.clock.now()).unwrap_or_default())
            }
            Some(Credential::Key(_)) | None => None,
        };
        let until = left.map_or(self.until, |left| self.until.min(Instant::now() + left));
        Self { permit, until, ..self }
    }

    /// Adds the events that have happened so far.
    ///
    /// # Errors
    /// 410 if the first of it is not kept any more, or if the feed has not reached the position of the client.
    pub(super) async fn checked(mut self) -> Result<Self, Problem> {
        let page = match self.after {
            // From the beginning is as far back as events are kept.
            0 => self.state.queries.events.read(&self.filter, 0, PAGE).await?,
            after => read_within(&self.state, &self.filter, after, PAGE).await?,
        };
        self.send_page(&page);
        Ok(self)
    }

    pub(super) fn stream(self) -> LocalBoxStream<'static, Bytes> {
        let stream = unfold(self, async |mut stream| {
            let bytes = stream.next().await?;
            Some((Bytes::from(bytes), stream))
        });
        stream.boxed_local()
    }

    /// What is sent next; `None` if the stream ends.
    async fn next(&mut self) -> Option<String> {
        // What happens to other orders is heard here too, and breaks no silence.
        let silent_until = Instant::now() + SILENCE;
        loop {
            if !self.ready.is_empty() {
                return Some(std::mem::take(&mut self.ready));
            }
            if self.is_behind {
                // A client whose stream ends comes again.
                let page = self.state.queries.events.read(&self.filter, self.after, PAGE).await.ok()?;
                self.send_page(&page);
                continue;
            }
            let news = tokio::select! {
                () = self.state.lifecycle.drains() => return None,
                () = sleep_until(self.until) => return None,
                () = sleep_until(silent_until) => return self.is_open_to_caller().await.then(|| ":\n\n".to_owned()),
                news = self.news.recv() => news,
            };
            match news {
                Ok(event) => self.send(&event),
                Err(RecvError::Lagged(_)) => self.is_behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Whether the caller may still follow: the login or key is still valid, and has the scope that the stream needs.
    async fn is_open_to_caller(&self) -> bool {
        let Some(Permit { credential, needed }) = &self.permit else { return true };
        match credential.scopes(&self.state).await {
            Ok(scopes) => scopes.is_some_and(|scopes| needed.is_none_or(|needed| scopes.include(needed))),
            // The database is away, and nothing happens there.
            Err(_) => true,
        }
    }

    fn send_page(&mut self, page: &FeedPage) {
        for event in &page.events {
            self.send(event);
        }
        (self.after, self.is_behind) = (self.after.max(page.next_after), page.has_more);
    }

    fn send(&mut self, event: &PublishedEvent) {
        if event.position <= self.after || self.filter.stream.is_some_and(|order| order != event.stream) {
            return;
        }
        self.after = event.position;
        let is_for_all = EventType::parse(&event.event_type).is_ok_and(EventType::is_for_customers);
        if !self.sees_all && !is_for_all {
            return;
        }
        let Ok(body) = EventBody::try_from(event.clone()) else { return };
        let Ok(data) = serde_json::to_string(&body) else { return };
        let PublishedEvent { position, event_type, .. } = event;
        // Writing to a text cannot fail.
        let _ = write!(self.ready, "id: {position}\nevent: {event_type}\ndata: {data}\n\n");
    }
}
