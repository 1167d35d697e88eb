use actix_web::http::header::HeaderMap;
use application::{Claim, Fingerprint, IdempotencyKey};
use domain::Ruled;
use serde_json::Value;

use super::body::{self, Body};
use super::fields::FromFields;
use super::{Extract, json};
use crate::context::{Known, RequestContext};
use crate::operation::{Parameter, ParameterLocation, Signature};
use crate::problem::{Fault, Kind, Problem};
use crate::schema;

const HEADER: &str = "Idempotency-Key";

/// The body of a POST with its `Idempotency-Key`, which makes a retry safe.
pub(crate) struct IdempotentBody<T> {
    pub(crate) body: T,
    /// `None` if the client sent no key.
    pub(crate) claim: Option<Claim>,
}

impl<T: FromFields> Extract for IdempotentBody<T> {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let key = key(context.headers())?;
        let bytes = body::read::<T>(context).await?;
        let value = json::parse(&bytes)?;
        let claim = key.map(|key| claim(context, key, &bytes, &value)).transpose()?;
        Ok(Self { body: body::parse(value, &context.state)?, claim })
    }

    fn describe(signature: &mut Signature) {
        signature.parameters.push(Parameter {
            location: ParameterLocation::Header,
            name: HEADER,
            description: "Makes it safe to send the request again: it is done once for each key.",
            schema: schema::of(&IdempotencyKey::rule()),
        });
        signature.problems.extend([Kind::BAD_HEADER, Kind::STILL_RUNNING, Kind::KEY_REUSED]);
        Body::<T>::describe(signature);
    }
}

fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = headers.get_all(HEADER);
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

/// The claim of a request. Two requests are the same if their bodies have the same canonical form (RFC 8785), so that
/// neither the order of members nor white space makes another one of them.
fn claim(context: &RequestContext, key: IdempotencyKey, bytes: &[u8], value: &Value) -> Result<Claim, Problem> {
    let uncanonical = |error| Problem::new(Kind::INTERNAL, Kind::INTERNAL.title).because(error);
    let canonical = serde_json_canonicalizer::to_vec(value).map_err(uncanonical)?;
    Ok(Claim {
        owner: context.known().map(Known::who),
        key,
        fingerprint: fingerprint(context, &canonical),
        // Version 0.1 has stored the hash of the body as it came.
        former_fingerprint: (canonical != bytes).then(|| fingerprint(context, bytes)),
    })
}

/// The keyed hash of method, path and body. They are separated by NUL, which method and path cannot contain.
fn fingerprint(context: &RequestContext, body: &[u8]) -> Fingerprint {
    let parts = [context.http.method().as_str().as_bytes(), context.http.path().as_bytes(), body];
    Fingerprint(context.state.seal.hash("request", &parts))
}
