use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use application::{Claim, Fingerprint, IdempotencyKey};
use domain::Ruled;
use futures_util::future::LocalBoxFuture;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw, Either, Parameter, ParameterIn};
use paperclip::v2::schema::Apiv2Schema;

use super::body::{self, Body};
use super::fields::FromFields;
use super::identity;
use crate::openapi::{may_fail, schema};
use crate::problem::{Fault, Kind, Problem};
use crate::state::State;

const HEADER: &str = "Idempotency-Key";

/// The body of a POST, and the claim to be run once that comes with it.
pub(crate) struct Once<T> {
    pub(crate) body: T,
    /// `None` if the client sent no key.
    pub(crate) claim: Option<Claim>,
}

impl<T: FromFields> FromRequest for Once<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let key = key(&req)?;
            let bytes = body::read(&req, payload).await?;
            let state = State::of(&req);
            let claim = key.map(|key| Claim {
                account_id: identity::access(&req).map(|access| access.account_id),
                key,
                fingerprint: fingerprint(&req, &bytes, state),
            });
            Ok(Self { body: body::parse(&bytes, state)?, claim })
        })
    }
}

fn key(req: &HttpRequest) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = req.headers().get_all(HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|_| values.next().is_none()).map(IdempotencyKey::parse);
    match key {
        Some(Ok(key)) => Ok(Some(key)),
        Some(Err(invalid)) => Err(bad(invalid.message)),
        None => Err(bad("must be sent once, in ASCII".into())),
    }
}

fn bad(message: std::borrow::Cow<'static, str>) -> Problem {
    let detail = format!("{HEADER} {message}.");
    Problem::new(Kind::BAD_HEADER, detail).with_faults([Fault { field: HEADER.to_owned(), code: "format", message }])
}

/// Method and path hold no NUL, so no two requests say the same.
fn fingerprint(req: &HttpRequest, body: &[u8], state: &State) -> Fingerprint {
    Fingerprint(state.seal.hash("request", &[req.method().as_str().as_bytes(), req.path().as_bytes(), body]))
}

impl<T: FromFields> Apiv2Schema for Once<T> {
    fn name() -> Option<String> {
        Body::<T>::name()
    }
}

impl<T: FromFields> OperationModifier for Once<T> {
    fn update_parameter(op: &mut DefaultOperationRaw) {
        op.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Header,
            name: HEADER.to_owned(),
            description: Some("Makes it safe to send the request again: it is done once for each key.".to_owned()),
            schema: Some(schema::carried(schema::of(&IdempotencyKey::rule()))),
            ..Default::default()
        }));
        may_fail(op, &[Kind::BAD_HEADER, Kind::STILL_RUNNING, Kind::KEY_REUSED]);
        Body::<T>::update_parameter(op);
    }

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        Body::<T>::update_definitions(map);
    }
}
