//! A line of JSON for each event.
//!
//! The format of `tracing-subscriber` keeps the fields of a span as a JSON object, which it parses and writes anew whenever
//! a field is added and for every event in the span: a fifth of the work for an answer from memory. This one keeps them as
//! the text that goes into the line.

use std::error::Error;
use std::fmt::{self, Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::causes::Causes;

/// Fields as members of an object, each after a comma.
pub(super) struct Members;

/// An event as an object, with the span that it is in.
pub(super) struct Lines;

impl<'w> FormatFields<'w> for Members {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut visitor = Visitor { writer, outcome: Ok(()) };
        fields.record(&mut visitor);
        visitor.outcome
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        self.format_fields(current.as_writer(), fields)
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> FormatEvent<S, Members> for Lines {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, Members>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, "\",\"level\":\"{}\",\"target\":\"{}\"", about.level(), about.target())?;
        context.format_fields(writer.by_ref(), event)?;
        if let Some(span) = context.lookup_current() {
            write!(writer, ",\"span\":{{\"name\":\"{}\"", span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<Members>>() {
                writer.write_str(fields.as_str())?;
            }
            writer.write_char('}')?;
        }
        writer.write_str("}\n")
    }
}

struct Visitor<'w> {
    writer: Writer<'w>,
    outcome: fmt::Result,
}

impl Visitor<'_> {
    fn member(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.outcome.is_ok() {
            self.outcome = self.name(field).and_then(|()| value(&mut self.writer));
        }
    }

    fn name(&mut self, field: &Field) -> fmt::Result {
        self.writer.write_str(",\"")?;
        self.writer.write_str(field.name())?;
        self.writer.write_str("\":")
    }

    fn plain(&mut self, field: &Field, value: impl fmt::Display) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn text(&mut self, field: &Field, text: fmt::Arguments<'_>) {
        self.member(field, |writer| {
            writer.write_char('"')?;
            Escaped(writer).write_fmt(text)?;
            writer.write_char('"')
        });
    }
}

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, format_args!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.text(field, format_args!("{}", Causes(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, |writer| {
            writer.write_char('"')?;
            Escaped(writer).write_str(value)?;
            writer.write_char('"')
        });
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.plain(field, value);
        } else {
            // JSON has no such number.
            self.plain(field, "null");
        }
    }
}

/// Writes text as it stands within a string of JSON.
struct Escaped<'a, 'w>(&'a mut Writer<'w>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(place) = rest.bytes().position(|b| b.is_ascii_control() || matches!(b, b'"' | b'\\')) {
            let (plain, special) = rest.split_at(place);
            self.0.write_str(plain)?;
            let mut after = special.chars();
            match after.next() {
                Some(c @ ('"' | '\\')) => write!(self.0, "\\{c}")?,
                Some(c) => write!(self.0, "\\u{:04x}", u32::from(c))?,
                None => {}
            }
            rest = after.as_str();
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing::field::Empty;

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
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .fmt_fields(Members)
            .event_format(Lines)
            .finish();
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
    fn an_error_is_told_with_what_is_behind_it_r77() {
        let behind = domain::StoreError::Unavailable("1045: access denied".into());
        let error = application::Error::Unavailable(behind);
        let lines = logged(|| tracing::warn!(error = &error as &dyn Error, "failed"));
        let told = lines[0]["error"].as_str().unwrap();
        assert!(told.starts_with("the database is not available: ") && told.ends_with("1045: access denied"), "{told}");
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
