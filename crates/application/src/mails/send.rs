use async_trait::async_trait;
use domain::mails::{Message, MessageId, MessageStatus, OneTimeToken, SendAnswer, Topic};
use domain::{MailTemplate, Uuid};

use super::{Mails, queue};
use crate::{Command, Ctx, Error, Tx};

/// Takes the lease of a message that is due. The output is `None` if it is not, or if somebody else has it.
#[derive(Debug, Clone, Copy)]
pub struct ClaimMail {
    /// The message that this server wants to send.
    pub id: MessageId,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for ClaimMail {
    type Output = Option<Message>;
    const NAME: &'static str = "mail.claim";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<Message>, Error> {
        let found = tx.mails().lock(self.id).await?.filter(|message| message.is_due(ctx.now));
        let Some(message) = found else { return Ok(None) };
        let message = message.held_by(self.holder, Mails::TIMEOUT, ctx.now);
        tx.mails().save(&message).await?;
        Ok(Some(message))
    }
}

/// Stores the token that is about to go out, by its hash. Previous tokens for the same purpose end.
#[derive(Debug, Clone)]
pub struct IssueToken {
    /// The token, by its hash. The secret is in the mail alone.
    pub token: OneTimeToken,
    /// The message that brings it.
    pub message: MessageId,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for IssueToken {
    /// Whether it may go out: the account is still there, and nothing has ended its links meanwhile.
    type Output = bool;
    const NAME: &'static str = "mail.issue_token";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<bool, Error> {
        // Locked, so that it is not erased meanwhile, and nobody ends its links.
        if tx.accounts().lock(self.token.account_id).await?.is_none() {
            return Ok(false);
        }
        if tx.mails().lock(self.message).await?.is_none_or(|message| !message.is_sent_by(self.holder)) {
            return Ok(false);
        }
        tx.mails().put_token(&self.token).await?;
        Ok(true)
    }
}

/// Writes down what came of a try. A mail that is given up is announced to the shop.
#[derive(Debug, Clone)]
pub struct RecordSend {
    /// The message that was tried.
    pub id: MessageId,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
    /// The response of the mail server, or the failure.
    pub answer: SendAnswer,
}

#[async_trait]
impl Command for RecordSend {
    type Output = Option<MessageStatus>;
    const NAME: &'static str = "mail.record";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<MessageStatus>, Error> {
        let Some(message) = tx.mails().lock(self.id).await? else { return Ok(None) };
        let Some(tried) = message.after_try(self.holder, &self.answer, ctx.now) else { return Ok(None) };
        tx.mails().save(&tried).await?;
        if tried.status == MessageStatus::Dead && !tried.topic.template.is_alert() {
            let (template, subject_id) = (MailTemplate::AlertDeadMail, self.id.0);
            let topic = Topic { template, occasion: Some(subject_id), subject_id, customer_id: None, recipient: None };
            queue(tx, ctx, topic).await?;
        }
        Ok(Some(tried.status))
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::{AccountId, TokenHash};
    use domain::mails::{MailSwitches, Purpose, Reply};

    use super::super::testing::message;
    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, account, ctx, id, run};

    fn locking(message: Message) -> Mocks {
        let mut tx = Mocks::default();
        tx.mails.expect_lock().once().return_once(|_| Ok(Some(message)));
        tx
    }

    #[tokio::test]
    async fn a_message_that_is_due_is_claimed_by_one_server_r151() {
        let claim = ClaimMail { id: message().id, holder: id(9) };
        let mut tx = locking(message());
        tx.mails.expect_save().once().withf(|saved| saved.lease.is_some()).returning(|_| Ok(()));
        let claimed = run(&claim, &mut tx).await.unwrap().unwrap();
        assert_eq!(run(&claim, &mut locking(claimed)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_token_goes_out_only_while_its_message_waits_for_this_server_r154_r155() {
        let held = message().held_by(id(9), Mails::TIMEOUT, NOW);
        let given_up = Message { status: MessageStatus::Unneeded, ..held.clone() };
        let of_another = message().held_by(id(8), Mails::TIMEOUT, NOW);
        for (message, is_issued) in [(held, true), (given_up, false), (of_another, false)] {
            let token = OneTimeToken::new(TokenHash([7; 32]), Purpose::Reset, AccountId(id(4)), None, NOW);
            let mut tx = locking(message.clone());
            tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
            tx.mails.expect_put_token().times(usize::from(is_issued)).returning(|_| Ok(()));
            let issue = IssueToken { token, message: message.id, holder: id(9) };
            assert_eq!(run(&issue, &mut tx).await.unwrap(), is_issued, "{message:?}");
        }
    }

    #[tokio::test]
    async fn the_shop_hears_of_a_dead_mail_and_not_of_a_dead_alert_r151_r157() {
        for (template, announced) in [(MailTemplate::OrderConfirmed, 1), (MailTemplate::AlertDispute, 0)] {
            let topic = Topic { template, ..message().topic };
            let held = Message { topic, ..message() }.held_by(id(9), Mails::TIMEOUT, NOW);
            let mut tx = locking(held);
            tx.mails.expect_save().once().returning(|_| Ok(()));
            let alert = |queued: &[Message]| queued[0].topic.template == MailTemplate::AlertDeadMail;
            tx.mails.expect_queue().times(announced).withf(alert).returning(|_| Ok(()));
            let ids = CountingIds::default();
            let ctx = Ctx { mails: MailSwitches::of(&[], true), ..ctx(&ids) };
            let answer = SendAnswer::Refused(Reply::new("550"));
            let record = RecordSend { id: message().id, holder: id(9), answer };
            assert_eq!(record.run(&mut tx, &ctx).await.unwrap(), Some(MessageStatus::Dead));
        }
    }
}
