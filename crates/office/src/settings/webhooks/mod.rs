//! Webhooks: where events are sent to, and what became of each.

pub(crate) mod again;
pub(crate) mod delete;
mod deliveries;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod replay;
pub(crate) mod rotate;
mod secret;
pub(crate) mod show;
pub(crate) mod step;

use application::Error;
use domain::webhooks::{Endpoint, EndpointDescription, EndpointId, Target};

use super::SECTION;
use crate::request::Staff;

const LIST_PAGE: &str = "settings/webhooks";

/// The endpoint of the path.
async fn asked(staff: &Staff) -> Result<Endpoint, Error> {
    let id = staff.id::<EndpointId>("webhook endpoint")?;
    staff.office.queries.webhooks.get(id).await?.ok_or(Error::NotFound("webhook endpoint"))
}

/// What an endpoint is called: what it is for, or else its server.
fn name(endpoint: &Endpoint) -> String {
    name_of(endpoint.description.as_ref(), &endpoint.target)
}

fn name_of(description: Option<&EndpointDescription>, target: &Target) -> String {
    description.map_or_else(|| target.origin(), ToString::to_string)
}

/// The page of an endpoint.
fn place(id: EndpointId) -> String {
    format!("{LIST_PAGE}/{id}")
}
