use domain::mails::{Message, MessageId, Topic};

use crate::{Ctx, Error, Tx};

/// Queues a mail together with its cause, if the shop sends it.
pub(crate) async fn queue(tx: &mut dyn Tx, ctx: &Ctx<'_>, topic: Topic) -> Result<(), Error> {
    if !ctx.mails.sends(topic.template) {
        return Ok(());
    }
    Ok(tx.mails().queue(&[Message::new(MessageId(ctx.ids.next()), topic, ctx.now)]).await?)
}
