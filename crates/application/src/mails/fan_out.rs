use async_trait::async_trait;
use domain::mails::{Message, MessageId, Occasion};

use crate::{Command, Ctx, Error, Tx};

/// Begins to read the feed, at its present end, when a shop sends mail for the first time.
#[derive(Debug, Clone, Copy)]
pub struct BeginMail;

#[async_trait]
impl Command for BeginMail {
    type Output = ();
    const NAME: &'static str = "mail.begin";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.mails().join().await?)
    }
}

/// Queues the mails that tell of what is new in the feed. The output is whether there may be more.
#[derive(Debug, Clone, Copy)]
pub struct FanOutMails {
    /// The most events.
    pub limit: u64,
}

#[async_trait]
impl Command for FanOutMails {
    type Output = bool;
    const NAME: &'static str = "mail.fan_out";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        let Some(position) = tx.mails().position().await? else { return Ok(false) };
        let passed = tx.mails().passing(position, self.limit).await?;
        let Some(last) = passed.last() else { return Ok(false) };
        let topics = passed.iter().filter(|event| !event.is_stale(ctx.now)).filter_map(Occasion::topic);
        let sent = topics.filter(|topic| ctx.mails.sends(topic.template));
        let messages: Vec<_> = sent.map(|topic| Message::new(MessageId(ctx.ids.next()), topic, ctx.now)).collect();
        tx.mails().queue(&messages).await?;
        tx.mails().advance(last.position).await?;
        Ok(u64::try_from(passed.len()).is_ok_and(|passed| passed >= self.limit))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::MailTemplate;
    use domain::events::EventType;
    use domain::mails::{MailSwitches, STALE_AFTER};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, ctx, id};

    fn event(position: i64, event_type: EventType) -> Occasion {
        let stream = id(position.unsigned_abs().into());
        let (event_type, at) = (Some(event_type), NOW);
        Occasion { position, id: stream, event_type, stream, part: None, payment_status: None, at }
    }

    fn feed(events: Vec<Occasion>) -> Mocks {
        let mut tx = Mocks::default();
        tx.mails.expect_position().once().returning(|| Ok(Some(7)));
        tx.mails
            .expect_passing()
            .once()
            .withf(|after, limit| (*after, *limit) == (7, 3))
            .return_once(|_, _| Ok(events));
        tx
    }

    async fn fan_out(tx: &mut Mocks, off: &[MailTemplate]) -> bool {
        let ids = CountingIds::default();
        let ctx = Ctx { mails: MailSwitches::of(off, false), ..ctx(&ids) };
        FanOutMails { limit: 3 }.run(tx, &ctx).await.unwrap()
    }

    #[tokio::test]
    async fn mails_are_queued_in_the_transaction_that_moves_the_position_r151() {
        let old = Occasion { at: NOW - STALE_AFTER - Duration::from_secs(1), ..event(9, EventType::OrderPaid) };
        let mut tx = feed(vec![event(8, EventType::OrderPaid), old, event(10, EventType::PaymentFinding)]);
        let one = |queued: &[Message]| queued.len() == 1 && queued[0].topic.template == MailTemplate::OrderConfirmed;
        tx.mails.expect_queue().once().withf(one).returning(|_| Ok(()));
        tx.mails.expect_advance().once().withf(|position| *position == 10).returning(|_| Ok(()));
        assert!(fan_out(&mut tx, &[]).await, "there may be more");
    }

    #[tokio::test]
    async fn a_mail_that_is_switched_off_is_not_queued_r153() {
        let mut tx = feed(vec![event(8, EventType::OrderPaid)]);
        tx.mails.expect_queue().once().withf(<[Message]>::is_empty).returning(|_| Ok(()));
        tx.mails.expect_advance().once().returning(|_| Ok(()));
        assert!(!fan_out(&mut tx, &[MailTemplate::OrderConfirmed]).await);
    }

    #[tokio::test]
    async fn nothing_is_written_at_the_end_of_the_feed_r151() {
        assert!(!fan_out(&mut feed(Vec::new()), &[]).await);
    }
}
