//! A line of JSON for each event.
//!
//! The format of `tracing-subscriber` keeps the fields of a span as a JSON object, which it parses and writes anew whenever
//! a field is added and for every event in the span: a fifth of the work for an answer from memory. This one keeps them as
//! the text that goes into the line.

use std::error::Error;
use std::fmt::Debug;
use std::io;

use domain::UtcDateTime;
use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::timestamp::timestamp;
use crate::causes::Causes;

/// Writes events as objects, each with the span that it is in, to where the function says.
pub(super) struct Lines<F>(pub(super) F);

/// Members of an object, each after a comma.
struct Members(Vec<u8>);

/// The bytes that the members of a request take, and its line. A longer text grows.
const SPAN: usize = 256;
const LINE: usize = 768;

impl<S, F, W> Layer<S> for Lines<F>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    F: Fn() -> W + 'static,
    W: io::Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut members = Members(Vec::with_capacity(SPAN));
        attributes.record(&mut members);
        span.extensions_mut().insert(members);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(members) = span.extensions_mut().get_mut::<Members>() {
            values.record(members);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let about = event.metadata();
        let mut line = Vec::with_capacity(LINE);
        line.extend(b"{\"timestamp\":\"");
        #[expect(clippy::disallowed_methods, reason = "a line says when it is written, and the log has no port")]
        line.extend(&timestamp(UtcDateTime::now()));
        for part in ["\",\"level\":\"", about.level().as_str(), "\",\"target\":\"", about.target(), "\""] {
            line.extend(part.as_bytes());
        }
        let mut members = Members(line);
        event.record(&mut members);
        let Members(mut line) = members;
        if let Some(span) = context.lookup_current() {
            for part in [",\"span\":{\"name\":\"", span.name(), "\""] {
                line.extend(part.as_bytes());
            }
            if let Some(Members(members)) = span.extensions().get() {
                line.extend(members);
            }
            line.push(b'}');
        }
        line.extend(b"}\n");
        // A failure is ignored: whoever read the log may have closed it, and requests go on.
        let _ = (self.0)().write_all(&line);
    }
}

impl Members {
    fn name(&mut self, field: &Field) {
        self.0.extend_from_slice(b",\"");
        self.0.extend_from_slice(field.name().as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    fn add(&mut self, field: &Field, value: impl Serialize) {
        self.name(field);
        // Text and numbers can always be written; what is no number in JSON becomes `null`.
        let _ = serde_json::to_writer(&mut self.0, &value);
    }
}

/// Whether JSON escapes anything in a text. `serde_json` looks at one byte after the other, this at many at a time.
fn must_escape(text: &str) -> bool {
    text.bytes().fold(0, |any, b| any | u8::from(b < b' ') | u8::from(b == b'"') | u8::from(b == b'\\')) > 0
}

impl Visit for Members {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format_args!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add(field, format_args!("{}", Causes(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if must_escape(value) {
            return self.add(field, value);
        }
        self.name(field);
        self.0.push(b'"');
        self.0.extend_from_slice(value.as_bytes());
        self.0.push(b'"');
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing::field::Empty;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What `work` logs, a value a line.
    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::registry().with(Lines(move || writer.clone()));
        tracing::subscriber::with_default(subscriber, work);
        let bytes = log.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_carries_the_fields_of_the_event_and_of_its_span_also_those_added_later_r77() {
        let lines = logged(|| {
            let span = tracing::info_span!("request", request_id = %"a-1", account_id = Empty);
            let _inside = span.enter();
            tracing::info!(status = 200_u16, milliseconds = 1.5, ok = true, odd = f64::NAN, "answered");
            span.record("account_id", "me");
            tracing::warn!(delta = -3, "again");
        });
        let first = &lines[0];
        assert_eq!(first["span"], json!({"name": "request", "request_id": "a-1"}));
        assert_eq!((&first["level"], &first["message"]), (&json!("INFO"), &json!("answered")));
        assert_eq!((&first["status"], &first["milliseconds"]), (&json!(200), &json!(1.5)));
        assert_eq!((&first["ok"], &first["odd"]), (&json!(true), &Value::Null));
        assert!(first["timestamp"].as_str().unwrap().ends_with('Z') && first["target"].is_string());
        assert_eq!(lines[1]["span"], json!({"name": "request", "request_id": "a-1", "account_id": "me"}));
        assert_eq!(lines[1]["delta"], -3);
    }

    #[test]
    fn an_error_is_logged_with_its_causes_r77() {
        let behind = domain::StoreError::Unavailable("1045: access denied".into());
        let error = application::Error::Unavailable(behind);
        let lines = logged(|| tracing::warn!(error = &error as &dyn Error, "failed"));
        let logged = lines[0]["error"].as_str().unwrap();
        assert!(logged.starts_with("the database is not available: "), "{logged}");
        assert!(logged.ends_with("1045: access denied"), "{logged}");
    }

    #[test]
    fn no_text_breaks_out_of_its_string_r77() {
        let text = "\"quoted\\\", \u{0}\u{1f}\n\r\t\u{7f} and ä🦊";
        let lines = logged(|| {
            tracing::info!(shown = %text, plain = text, debugged = ?text, "{text}");
            tracing::info!("outside of any span");
        });
        for field in ["shown", "plain", "message"] {
            assert_eq!(lines[0][field], text, "{field}");
        }
        assert_eq!(lines[0]["debugged"], format!("{text:?}"));
        assert_eq!(lines[1].get("span"), None);
    }
}
