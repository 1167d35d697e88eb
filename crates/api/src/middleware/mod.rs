//! What happens around every request, from the outside in.

mod envelope;
mod identify;
mod limits;
mod span;

pub(crate) use envelope::envelope;
pub(crate) use identify::identify;
pub(crate) use limits::limits;
pub(crate) use span::{RequestId, RequestSpan};
