use std::sync::Arc;
use std::time::Duration;

use application::Error;
use application::payments::Accepted;
use domain::payments::ProviderName;
use metrics::counter;
use serde::Serialize;

use super::TAG;
use crate::context::State;
use crate::extract::{Path, ProviderSegment, RawBody};
use crate::metrics::PAYMENT_NOTICES;
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;
use crate::schema::{Apiv2Schema, ResponseBody};

/// That a notice is kept.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ReceivedNotice")]
pub(crate) struct ReceivedBody {
    received: bool,
}

impl ResponseBody for ReceivedBody {
    fn example() -> Self {
        Self { received: true }
    }
}

pub(crate) const RECEIVE: Operation = Operation::new(
    TAG,
    "receivePaymentNotice",
    "Take a notice of a payment provider",
    "The webhook of the provider. Its signature is checked on the bytes of the body. The answer is 200 once the notice is \
     committed, also if it came before; what happened is then asked for.",
)
.problems(&[Kind::MALFORMED, Kind::NOT_FOUND, Kind::TOO_LARGE, Kind::BODY_TIMEOUT, Kind::BUSY]);

pub(crate) async fn receive(
    state: Arc<State>,
    provider: Path<ProviderSegment>,
    body: RawBody,
) -> Result<NoStore<ReceivedBody>, Problem> {
    let name: ProviderName = provider.0.0;
    let Ok(permit) = state.notices.clone().try_acquire_owned() else {
        return Err(Error::Busy { retry_after: Duration::from_secs(5) }.into());
    };
    let accepted = state.payments.accept(&name, &body.headers, &body.bytes).await?;
    let outcome = match accepted {
        Accepted::New(_) => "new",
        Accepted::Repeated => "repeated",
        Accepted::Refused(_) => "refused",
    };
    counter!(PAYMENT_NOTICES, "provider" => name.to_string(), "outcome" => outcome).increment(1);
    match accepted {
        Accepted::Refused(why) => {
            tracing::warn!(provider = %name, %why, "a notice was refused");
            return Err(Problem::new(Kind::MALFORMED, "This is no notice that the provider has signed just now."));
        }
        Accepted::Repeated => {}
        Accepted::New(notice) => {
            let payments = state.payments.clone();
            tokio::spawn(async move {
                if let Err(error) = payments.process(notice).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a notice is processed later");
                }
                drop(permit);
            });
        }
    }
    Ok(NoStore(ReceivedBody { received: true }))
}
