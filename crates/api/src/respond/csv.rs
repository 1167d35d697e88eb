use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LINK, VARY};
use serde::Serialize;
use serde_json::Value;

use super::list::link;
use super::{List, NO_STORE, Respond, fixed, no_store, success, to_json};
use crate::context::RequestContext;
use crate::media::JSON;
use crate::operation::Signature;
use crate::problem::{Kind, Problem};
use crate::schema::ResponseBody;

const CSV: &str = "text/csv";

/// A page of a list, as JSON or, if the client prefers it, as a table.
pub(crate) struct CsvOrList<T>(pub(crate) List<T>);

/// An item that can be a line of a table.
pub(crate) trait WrittenAsCsv {
    /// The names of the columns. An amount of money is two: `amount` and `currency`.
    const HEAD: &'static [&'static str];
}

impl<T: ResponseBody + WrittenAsCsv + Serialize> Respond for CsvOrList<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        if !prefers_csv(accepted(context)) {
            return Ok(varied(self.0.respond(context)?));
        }
        let table = table(T::HEAD, self.0.items());
        let uri = context.http.uri();
        let link = self.0.rendered(uri.path(), uri.query().unwrap_or_default(), &context.state.seal).link;
        sent(table, link)
    }

    fn describe(signature: &mut Signature) {
        List::<T>::describe(signature);
    }
}

/// A body with rows, as JSON or, if the client prefers it, its rows as a table.
pub(crate) struct CsvOr<T>(pub(crate) T);

/// A body with rows that can be lines of a table.
pub(crate) trait Tabular: ResponseBody {
    /// The names of the columns.
    const HEAD: &'static [&'static str];
    /// Headers of the answer beside those of every answer.
    const HEADERS: &'static [&'static str] = &[];

    /// The rows, as objects that have the columns.
    fn lines(&self) -> Vec<Value>;

    /// Where the rows go on, if they are a page.
    fn next_cursor(&self) -> Option<&str> {
        None
    }
}

/// Rows of one currency, which is a column of each.
pub(crate) fn lines<T: Serialize>(rows: &[T], currency: &impl Serialize) -> Vec<Value> {
    let currency = serde_json::to_value(currency).unwrap_or_default();
    let line = |row: &T| {
        let mut line = serde_json::to_value(row).unwrap_or_default();
        if let Value::Object(columns) = &mut line {
            columns.insert("currency".to_owned(), currency.clone());
        }
        line
    };
    rows.iter().map(line).collect()
}

impl<T: Tabular> Respond for CsvOr<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let uri = context.http.uri();
        let next = self.0.next_cursor().map(|cursor| link(uri.path(), uri.query().unwrap_or_default(), cursor));
        let next = next.and_then(|link| HeaderValue::try_from(link).ok());
        if prefers_csv(accepted(context)) {
            return sent(table(T::HEAD, &self.0.lines()), next);
        }
        let mut response = varied(no_store(JSON, to_json(&self.0)));
        if let Some(link) = next {
            response.headers_mut().insert(LINK, link);
        }
        Ok(response)
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, T::HEADERS);
    }
}

fn accepted(context: &RequestContext) -> &str {
    context.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default()
}

const VARIED: &str = "Authorization, Accept";

fn varied(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(VARY, HeaderValue::from_static(VARIED));
    response
}

/// 200 with a table, and the way to the next one.
fn sent(table: Result<Vec<u8>, csv::Error>, link: Option<HeaderValue>) -> Result<HttpResponse, Problem> {
    let table = table.map_err(|error| Problem::new(Kind::INTERNAL, Kind::INTERNAL.title).because(error))?;
    let mut response = HttpResponse::Ok();
    response.insert_header(fixed(CACHE_CONTROL, NO_STORE));
    response.insert_header(fixed(CONTENT_TYPE, "text/csv; charset=utf-8; header=present"));
    response.insert_header(fixed(VARY, VARIED));
    if let Some(link) = link {
        response.insert_header((LINK, link));
    }
    Ok(response.body(table))
}

/// Whether a table is named, and JSON is not named before it.
fn prefers_csv(accept: &str) -> bool {
    let types = accept.split(',').filter_map(|range| range.split(';').next()).map(str::trim);
    let mut known = types.filter(|name| [CSV, "application/json", "*/*"].contains(name));
    known.next() == Some(CSV)
}

fn table<T: Serialize>(head: &[&str], items: &[T]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head)?;
    for item in items {
        let item = serde_json::to_value(item).unwrap_or_default();
        writer.write_record(head.iter().map(|name| cell(&item, name)))?;
    }
    finished(writer)
}

/// A table of texts, none of which is a formula.
pub(crate) fn table_of(head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|text| no_formula(text.into()).into_owned()))?;
    }
    finished(writer)
}

fn finished(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

/// The value of a column, which is no formula. Those of money stand one level below.
fn cell(item: &Value, name: &str) -> String {
    let value = match (name, &item["amount"]) {
        ("amount" | "currency", money @ Value::Object(_)) => &money[name],
        _ => &item[name],
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => no_formula(text.into()).into_owned(),
        other => other.to_string(),
    }
}

/// A text of a table. One that a spreadsheet would read as a formula has an apostrophe before it.
pub(crate) fn no_formula(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_formula = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_quoted = text.strip_prefix('\'').is_some_and(|rest| is_formula(rest) || rest.starts_with('\''));
    if is_formula(&text) || is_quoted { format!("'{text}").into() } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_sent_to_who_prefers_it_r97() {
        for csv in ["text/csv", "text/csv, application/json;q=0.5", "text/html, text/csv;q=0.9"] {
            assert!(prefers_csv(csv), "{csv}");
        }
        for json in ["", "*/*", "application/json", "application/json, text/csv", "text/html"] {
            assert!(!prefers_csv(json), "{json}");
        }
    }

    #[test]
    fn money_is_two_columns_and_nothing_an_empty_cell_r97() {
        let item =
            json!({ "id": "7", "order_id": null, "amount": { "amount": 1999, "currency": "USD" }, "to": "a,\"b\"" });
        let written = table(&["id", "order_id", "amount", "currency", "to"], &[item]).unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "id,order_id,amount,currency,to\n7,,1999,USD,\"a,\"\"b\"\"\"\n"
        );
    }
}
