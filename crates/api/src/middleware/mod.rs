//! What happens around every request, from the outside in.

mod cors;
mod envelope;
mod identify;
mod limits;
mod measure;
mod rate_limit;
mod route;
mod trace;

pub(crate) use cors::{cors, preflight};
pub(crate) use envelope::envelope;
pub(crate) use identify::identify;
pub(crate) use limits::limits;
pub(crate) use measure::measure;
pub(crate) use rate_limit::rate_limit;
pub(crate) use route::route;
pub(crate) use trace::{RequestId, trace};
