use std::collections::BTreeMap;

use domain::events::Event;
use domain::promotions::Redemption;

use crate::{Ctx, Error, Tx};

/// Appends the event that a promotion is exhausted, for each one whose last use the order takes.
pub(crate) async fn append_exhausted(tx: &mut dyn Tx, ctx: &Ctx<'_>, counted: &[Redemption]) -> Result<(), Error> {
    let limits = counted.iter().filter_map(|one| Some((one.promotion_id, one.limits.promotion?)));
    // An order with two codes of a promotion uses it once.
    for (id, limit) in limits.collect::<BTreeMap<_, _>>() {
        let event = Event::promotion_exhausted(id, limit);
        tx.promotions().append_if_exhausted(id, ctx.ids.next(), event, ctx.now).await?;
    }
    Ok(())
}
