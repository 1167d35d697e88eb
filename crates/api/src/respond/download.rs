use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use domain::UtcDateTime;
use domain::personal_data::{Exported, PersonalData};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{JSON, Respond, Timestamp, no_store, success, to_json};
use crate::context::RequestContext;
use crate::example;
use crate::operation::Signature;
use crate::problem::Problem;
use crate::schema::{self, Apiv2Schema, DefaultSchemaRaw, ResponseBody};

/// All that is kept of a person.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PersonalData")]
pub(crate) struct PersonalDataBody {
    exported_at: Timestamp,
    /// The parts by name, each a list of objects.
    data: Parts,
}

/// Parts with the columns that the map of personal data names.
#[derive(Serialize)]
struct Parts(Map<String, Value>);

impl Apiv2Schema for Parts {
    fn raw_schema() -> DefaultSchemaRaw {
        schema::with_schema(json!({
            "type": "object",
            "description": "A part is a list of objects: customer, account, logins, networks, cart, orders, notes, order_notes, \
                order_lines, order_history, promotions, codes, changes. Amounts are in minor units.",
            "additionalProperties": { "type": "array", "items": { "type": "object" } },
        }))
    }
}

impl PersonalDataBody {
    pub(crate) fn new(data: PersonalData, exported_at: UtcDateTime) -> Self {
        let row = |row: Vec<(&'static str, Exported)>| -> Value {
            row.into_iter().map(|(name, value)| (name.to_owned(), value_of(value))).collect::<Map<_, _>>().into()
        };
        let parts = data.into_iter().map(|(part, rows)| (part.to_owned(), rows.into_iter().map(row).collect()));
        Self { exported_at: Timestamp(exported_at), data: Parts(parts.collect()) }
    }
}

fn value_of(value: Exported) -> Value {
    match value {
        Exported::Nothing => Value::Null,
        Exported::Text(text) => text.into(),
        Exported::Number(number) => number.into(),
        Exported::Flag(is) => is.into(),
        Exported::Id(id) => id.as_hyphenated().to_string().into(),
        Exported::Time(time) => serde_json::to_value(Timestamp(time)).unwrap_or_default(),
        Exported::Json(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

impl ResponseBody for PersonalDataBody {
    fn example() -> Self {
        let customer = example::customer();
        let row = vec![
            ("id", Exported::Id(customer.id.0)),
            ("name", Exported::Text(customer.name.to_string())),
            ("email", Exported::Text(customer.email.as_str().to_owned())),
        ];
        Self::new(vec![("customer", vec![row])], customer.created_at)
    }
}

/// 200 with a body that no cache may keep, and that a browser saves as a file.
pub(crate) struct Download<T>(pub(crate) T);

impl<T: ResponseBody> Respond for Download<T> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = no_store(JSON, to_json(&self.0));
        let file = HeaderValue::from_static("attachment; filename=\"personal-data.json\"");
        response.headers_mut().insert(CONTENT_DISPOSITION, file);
        Ok(response)
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, &[]);
    }
}
