//! Whether the server lives, and whether it can work.

use std::sync::Arc;

use domain::StoreError;
use serde::Serialize;
use tokio::time::timeout;

use crate::context::{Lifecycle, PING_DEADLINE, State, Unready};
use crate::operation::{Operation, Tag};
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;
use crate::schema::{Apiv2Schema, ResponseBody};

pub(super) const TAG: &Tag =
    &Tag { name: "Health", description: "Whether the server lives and works, and what it counts." };

/// How the server is.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct Health {
    status: &'static str,
}

impl ResponseBody for Health {
    fn example() -> Self {
        Self { status: "ok" }
    }
}

pub(crate) const LIVE: Operation =
    Operation::new(TAG, "live", "Report that the process is alive", "It always does if it answers.");

pub(crate) async fn live() -> NoStore<Health> {
    NoStore(Health { status: "ok" })
}

pub(crate) const READY: Operation = Operation::new(
    TAG,
    "ready",
    "Report whether the server takes requests",
    "The database is there with the schema of this version, it has room, and no stop signal came.",
)
.problems(&[Kind::UNAVAILABLE, Kind::STORAGE_FULL]);

pub(crate) async fn ready(state: Arc<State>) -> Result<NoStore<Health>, Problem> {
    check(&state.lifecycle)?;
    let late = |_| Unready::Away(StoreError::Unavailable("no answer to a ping".into()));
    timeout(PING_DEADLINE, (state.ping)()).await.unwrap_or_else(|elapsed| Err(late(elapsed))).map_err(refusal)?;
    Ok(NoStore(Health { status: "ready" }))
}

fn refusal(why: Unready) -> Problem {
    match why {
        Unready::Away(error) => error.into(),
        Unready::OtherSchema(difference) => {
            Problem::new(Kind::UNAVAILABLE, "The schema of the database is not that of this version of the server.")
                .retry_after(PING_DEADLINE)
                .because(difference)
        }
    }
}

/// Refuses while the server does not take requests.
fn check(lifecycle: &Lifecycle) -> Result<(), Problem> {
    let refuse = |why| Err(Problem::new(Kind::UNAVAILABLE, why).retry_after(PING_DEADLINE));
    match (lifecycle.is_prepared(), lifecycle.is_draining()) {
        (_, true) => refuse("The server is stopping."),
        (false, _) => refuse("The server is still preparing its database."),
        (true, false) => Ok(()),
    }
}
