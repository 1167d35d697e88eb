use domain::events::Event;

use crate::{Ctx, Error, Tx};

/// Commits an event together with its cause.
pub(crate) async fn append_event(tx: &mut dyn Tx, ctx: &Ctx<'_>, event: Event) -> Result<(), Error> {
    Ok(tx.outbox().append(ctx.ids.next(), event, ctx.now).await?)
}
