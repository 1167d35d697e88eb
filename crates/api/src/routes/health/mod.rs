//! Whether the server lives, and whether it can work.

use actix_web::web::Data;
use domain::StoreError;
use paperclip::actix::{Apiv2Schema, api_v2_operation};
use serde::Serialize;
use tokio::time::timeout;

use crate::answer::Secret;
use crate::openapi::Example;
use crate::problem::{Kind, Problem};
use crate::state::{PING_DEADLINE, State};

/// How the server is.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct Health {
    status: &'static str,
}

impl Example for Health {
    fn example() -> Self {
        Self { status: "ok" }
    }
}

/// Whether the process lives
///
/// It always does if it answers.
#[api_v2_operation(tags(Health), operation_id = "live")]
pub(crate) async fn live() -> Secret<Health> {
    Secret(Health { status: "ok" })
}

/// Whether the server takes requests
///
/// The database is there, its schema too, and no stop signal came.
#[api_v2_operation(tags(Health), operation_id = "ready")]
pub(crate) async fn ready(state: Data<State>) -> Result<Secret<Health>, Problem> {
    state.lifecycle.check()?;
    let late = |_| StoreError::Unavailable("no answer to a ping".into());
    timeout(PING_DEADLINE, (state.ping)()).await.map_err(late)??;
    Ok(Secret(Health { status: "ready" }))
}

impl crate::lifecycle::Lifecycle {
    fn check(&self) -> Result<(), Problem> {
        let refuse = |why| Err(Problem::new(Kind::UNAVAILABLE, why).retry_after(PING_DEADLINE));
        match (self.is_prepared(), self.is_draining()) {
            (_, true) => refuse("The server is stopping."),
            (false, _) => refuse("The server is still preparing its database."),
            (true, false) => Ok(()),
        }
    }
}
