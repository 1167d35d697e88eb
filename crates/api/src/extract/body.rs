use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw, Either, Parameter, ParameterIn};
use paperclip::v2::schema::Apiv2Schema;
use tokio::time::timeout;

use super::fields::{FromFields, Report};
use super::json;
use crate::openapi::may_fail;
use crate::openapi::schema::{self, Definitions};
use crate::problem::{Kind, Problem};
use crate::state::State;

/// The largest body, in bytes.
const LIMIT: usize = 256 * 1024;
/// How long a body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(10);

/// How a body can be refused.
const FAILURES: &[Kind] =
    &[Kind::MALFORMED, Kind::MALFORMED_JSON, Kind::BODY_TIMEOUT, Kind::TOO_LARGE, Kind::UNSUPPORTED, Kind::INVALID];

/// A JSON request body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: FromFields> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, payload).await?;
            parse(&bytes, State::of(&req)).map(Self)
        })
    }
}

/// Reads a body in JSON: not too large, not too slow, and not compressed, since unpacking it could fill the memory.
pub(crate) async fn read(req: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    if req.headers().contains_key(CONTENT_ENCODING) {
        return Err(Problem::new(Kind::UNSUPPORTED, "The body must be sent as it is, without Content-Encoding."));
    }
    refuse_other_types(req)?;
    let announced = req.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > LIMIT) {
        return Err(too_large());
    }
    let late =
        |_| Problem::new(Kind::BODY_TIMEOUT, format!("The body must arrive within {} seconds.", DEADLINE.as_secs()));
    let bytes = timeout(DEADLINE, collect(payload)).await.map_err(late)??;
    match (req.headers().contains_key(CONTENT_TYPE), bytes.is_empty()) {
        (true, _) => Ok(bytes),
        // Who sends nothing at all means an empty object.
        (false, true) => Ok(Bytes::from_static(b"{}")),
        (false, false) => Err(other_type()),
    }
}

/// The command in a body.
pub(crate) fn parse<T: FromFields>(bytes: &[u8], state: &State) -> Result<T, Problem> {
    let value = json::parse(bytes)?;
    let mut report = Report::new(state.shop);
    let read = report.object(value, "");
    Ok(report.finish(read)?)
}

fn refuse_other_types(req: &HttpRequest) -> Result<(), Problem> {
    let understood = match req.mime_type() {
        Ok(Some(mime)) => {
            let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
            utf8 && mime.essence_str() == "application/json"
        }
        Ok(None) => true,
        Err(_) => false,
    };
    understood.then_some(()).ok_or_else(other_type)
}

fn other_type() -> Problem {
    Problem::new(Kind::UNSUPPORTED, "The Content-Type must be application/json, in UTF-8.")
}

async fn collect(mut payload: Payload) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::MALFORMED, "The body broke off."))?;
        if body.len() + chunk.len() > LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn too_large() -> Problem {
    Problem::new(Kind::TOO_LARGE, format!("A body has at most {LIMIT} bytes."))
}

impl<T: FromFields> Apiv2Schema for Body<T> {
    fn name() -> Option<String> {
        Some(T::NAME.to_owned())
    }
}

impl<T: FromFields> OperationModifier for Body<T> {
    fn update_parameter(op: &mut DefaultOperationRaw) {
        let mut definitions = Definitions::new();
        T::define(&mut definitions);
        // Who sends nothing at all means an empty object.
        let required = definitions.get(T::NAME).is_some_and(|schema| schema.get("required").is_some());
        op.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Body,
            name: "body".to_owned(),
            required,
            schema: Some(schema::carried(schema::reference(T::NAME))),
            ..Default::default()
        }));
        may_fail(op, FAILURES);
    }

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        let mut definitions = Definitions::new();
        T::define(&mut definitions);
        map.extend(definitions.into_iter().map(|(name, schema)| (name, schema::carried(schema))));
    }
}
