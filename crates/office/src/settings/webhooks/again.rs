use application::Error;
use application::webhooks::Redeliver;
use domain::Uuid;
use domain::webhooks::{DeliveryId, EndpointId};

use super::deliveries::KEPT;
use super::place;
use crate::act::{once, redirect};
use crate::page::Answer;
use crate::parts::address;
use crate::request::Staff;

/// Has a delivery made once more.
pub(crate) async fn send(staff: &Staff) -> Answer {
    let endpoint = Uuid::try_parse(staff.parameter("endpoint")).map_err(|_| Error::NotFound("webhook endpoint"))?;
    once(staff, Redeliver(staff.id::<DeliveryId>("webhook delivery")?)).await?;
    let page = place(EndpointId(endpoint));
    Ok(redirect(staff, &address(&page, staff.queries_and_place(&KEPT).chain([("done", "resent")]))))
}
