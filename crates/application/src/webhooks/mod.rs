//! Webhooks: endpoints, and how events get to them.
//!
//! A server looks from time to time, and when the feed has grown, whether endpoints are behind. What an endpoint wants
//! becomes deliveries in one transaction with its new position. Each delivery is tried by the server that holds its lease,
//! with no transaction open, and what came of it is written down in another one.

mod again;
mod audit;
mod create;
mod delete;
mod deliver;
mod dispatch;
mod fan_out;
mod known;
mod pause;
mod purge;
mod replay;
mod resume;
mod rotate;
mod test;
mod update;

#[cfg(test)]
pub(crate) mod testing;

pub use again::*;
pub use create::*;
pub use delete::*;
pub use deliver::{ClaimDelivery, ClaimedDelivery, RecordTry, Recorded};
pub use dispatch::{Webhooks, WebhooksParts};
pub use fan_out::FanOut;
pub use pause::*;
pub use purge::*;
pub use replay::*;
pub use resume::*;
pub use rotate::*;
pub use test::*;
pub use update::*;
