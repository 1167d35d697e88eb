//! The queue of mails, what is due of it, and tokens that are good once.

use std::time::Duration;

use domain::accounts::{AccountId, TokenHash};
use domain::customers::{CustomerId, EmailAddress};
use domain::mails::{MailFilter, Message, MessageId, MessageStatus, OneTimeToken, Purpose, Reply, SendAnswer, Topic};
use domain::orders::OrderId;
use domain::{Limit, MailTemplate, PageRequest, Uuid};

use crate::support::{NOW, TestDb, at_once, id};

on_every_database!(
    a_message_is_kept_as_it_is_and_found_while_it_is_due_r151,
    what_somebody_asked_for_is_due_before_what_happened_r151,
    a_mail_is_queued_once_for_each_occasion_r151,
    mail_reads_the_feed_from_its_end_on_r151,
    a_token_is_used_once_by_twenty_at_once_r154,
    a_token_ends_with_the_next_one_and_with_its_time_r154,
    what_ends_links_takes_each_token_of_an_account_and_the_mails_that_would_bring_one_r154_r155,
    an_address_is_verified_until_the_customer_has_another_r155,
    mails_are_listed_by_what_they_are_about_newest_first_r151_r245,
    an_erased_customer_has_no_mail_and_no_token_r13_r151,
);

const HOUR: Duration = Duration::from_hours(1);

fn message(occasion: Option<Uuid>, recipient: Option<&str>) -> Message {
    let recipient = recipient.map(|email| EmailAddress::parse(email).unwrap());
    let (template, subject_id) = (MailTemplate::OrderConfirmed, Uuid::from_u128(30));
    Message::new(MessageId(id()), Topic { template, occasion, subject_id, customer_id: None, recipient }, NOW)
}

async fn queue(db: &TestDb, messages: &[Message]) {
    let mut tx = db.begin().await;
    tx.mails().queue(messages).await.unwrap();
    tx.commit().await.unwrap();
}

async fn what_somebody_asked_for_is_due_before_what_happened_r151(db: TestDb) {
    let mut messages = [message(Some(id()), None), message(Some(id()), None), message(None, None)];
    for (message, seconds) in messages.iter_mut().zip([2, 1, 3]) {
        message.next_at = Some(NOW - Duration::from_secs(10 - seconds));
    }
    queue(&db, &messages).await;
    let [second, first, asked] = messages.map(|message| message.id);
    let mail = db.database.queries().mails;
    assert_eq!(mail.due(NOW, 9).await.unwrap(), [asked, first, second]);
    assert_eq!(mail.due(NOW, 1).await.unwrap(), [asked]);
}

async fn a_message_is_kept_as_it_is_and_found_while_it_is_due_r151(db: TestDb) {
    let mail = db.database.queries().mails;
    let new = message(None, Some("Zoë@bücher.example"));
    queue(&db, std::slice::from_ref(&new)).await;
    assert_eq!(mail.get(new.id).await.unwrap(), Some(new.clone()));
    assert_eq!(mail.due(NOW, 9).await.unwrap(), [new.id]);
    let held = new.held_by(id(), HOUR, NOW);
    let mut tx = db.begin().await;
    assert_eq!(tx.mails().lock(new.id).await.unwrap(), Some(new.clone()));
    tx.mails().save(&held).await.unwrap();
    tx.commit().await.unwrap();
    assert!(mail.due(NOW + HOUR, 9).await.unwrap().is_empty(), "somebody sends it");
    assert_eq!(mail.due(NOW + HOUR * 2, 9).await.unwrap(), [new.id]);
    let holder = held.lease.unwrap().holder;
    let sent = held.after_try(holder, &SendAnswer::Taken(Reply::new("250 ok")), NOW).unwrap();
    let mut tx = db.begin().await;
    tx.mails().save(&sent).await.unwrap();
    tx.commit().await.unwrap();
    let found = mail.get(new.id).await.unwrap().unwrap();
    assert_eq!((found.status, found.topic.recipient.clone()), (MessageStatus::Sent, None));
    let mut tx = db.begin().await;
    assert_eq!(tx.mails().purge(NOW, 9).await.unwrap(), 0);
    assert_eq!(tx.mails().purge(NOW + HOUR, 9).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn mails_are_listed_by_what_they_are_about_newest_first_r151_r245(db: TestDb) {
    let (order, customer) = (OrderId(Uuid::from_u128(30)), CustomerId(Uuid::from_u128(31)));
    let about = |subject_id: Uuid, customer_id: Option<CustomerId>| {
        let topic = Topic { subject_id, customer_id, ..message(None, None).topic };
        Message::new(MessageId(id()), topic, NOW)
    };
    let (first, other) = (about(order.0, None), about(id(), Some(customer)));
    let sent = Message { status: MessageStatus::Sent, ..about(order.0, None) };
    queue(&db, &[first.clone(), other.clone(), sent.clone()]).await;
    let mail = db.database.queries().mails;
    let list = async |filter: MailFilter, page: &PageRequest| {
        let found = mail.list(&filter, page).await.unwrap();
        (found.items.iter().map(|message| message.id).collect::<Vec<_>>(), found.next)
    };
    let all = PageRequest { limit: Limit::DEFAULT, after: None };
    assert_eq!(list(MailFilter::default(), &all).await.0, [sent.id, other.id, first.id]);
    let of_order = MailFilter { order_id: Some(order), ..MailFilter::default() };
    let one = PageRequest { limit: Limit::parse(1).unwrap(), after: None };
    let (newest, next) = list(of_order, &one).await;
    assert_eq!(newest, [sent.id]);
    assert_eq!(list(of_order, &PageRequest { after: next, ..one.clone() }).await, (vec![first.id], None));
    let of_status = MailFilter { status: Some(MessageStatus::Pending), ..of_order };
    assert_eq!(list(of_status, &all).await.0, [first.id]);
    let of_customer = MailFilter { customer_id: Some(customer), ..MailFilter::default() };
    assert_eq!(list(of_customer, &all).await.0, [other.id]);
    let of_both = MailFilter { customer_id: Some(customer), ..of_order };
    assert!(list(of_both, &all).await.0.is_empty());
}

async fn a_mail_is_queued_once_for_each_occasion_r151(db: TestDb) {
    let occasion = Some(id());
    queue(&db, &[message(occasion, None), message(occasion, None), message(None, None)]).await;
    queue(&db, &[message(occasion, None), message(Some(id()), None), message(None, None)]).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM messages").await, 4);
}

async fn mail_reads_the_feed_from_its_end_on_r151(db: TestDb) {
    assert_eq!(db.database.queries().mails.position().await.unwrap(), None);
    for _ in 0..2 {
        let mut tx = db.begin().await;
        tx.mails().join().await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = db.begin().await;
    assert_eq!(tx.mails().position().await.unwrap(), Some(0));
    tx.mails().advance(7).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().mails.position().await.unwrap(), Some(7));
}

fn token(byte: u8, account: AccountId) -> OneTimeToken {
    let email = EmailAddress::parse("ann@example.com").ok();
    OneTimeToken::new(TokenHash([byte; 32]), Purpose::Reset, account, email, NOW)
}

async fn put(db: &TestDb, token: &OneTimeToken) {
    let mut tx = db.begin().await;
    tx.mails().put_token(token).await.unwrap();
    tx.commit().await.unwrap();
}

async fn is_good(db: &TestDb, byte: u8, purpose: Purpose, at: domain::UtcDateTime) -> bool {
    let mut tx = db.begin().await;
    let used = tx.mails().use_token(&TokenHash([byte; 32]), purpose, at).await.unwrap();
    tx.rollback().await.unwrap();
    used.is_some()
}

async fn a_token_is_used_once_by_twenty_at_once_r154(db: TestDb) {
    put(&db, &token(7, AccountId(id()))).await;
    let database = db.database.clone();
    let used = at_once(20, |_| {
        let database = database.clone();
        async move {
            let mut tx = database.transactions().begin(application::Attempt::Careful).await.unwrap();
            let hash = TokenHash([7; 32]);
            let used = tx.repositories().mails().use_token(&hash, Purpose::Reset, NOW).await.unwrap();
            tx.commit().await.unwrap();
            used.is_some()
        }
    })
    .await;
    assert_eq!(used.iter().filter(|used| **used).count(), 1);
}

async fn a_token_ends_with_the_next_one_and_with_its_time_r154(db: TestDb) {
    let account = AccountId(id());
    put(&db, &token(1, account)).await;
    assert!(is_good(&db, 1, Purpose::Reset, NOW).await);
    assert!(!is_good(&db, 1, Purpose::Verify, NOW).await);
    assert!(!is_good(&db, 1, Purpose::Reset, NOW + HOUR).await);
    put(&db, &token(2, account)).await;
    assert!(!is_good(&db, 1, Purpose::Reset, NOW).await);
    assert!(is_good(&db, 2, Purpose::Reset, NOW).await);
}

async fn what_ends_links_takes_each_token_of_an_account_and_the_mails_that_would_bring_one_r154_r155(db: TestDb) {
    let (ann, bea) = (db.add_customer("Ann@example.com").await, db.add_customer("bea@example.com").await);
    let account = db.add_account("ann", Some(ann.id)).await;
    let other = db.add_account("bea", Some(bea.id)).await;
    let to = |template: MailTemplate, subject: Uuid, recipient: &str| {
        let mut message = message(None, Some(recipient));
        (message.topic.template, message.topic.subject_id) = (template, subject);
        message
    };
    let ended = [
        to(MailTemplate::EmailVerify, account.id.0, "evil@example.com"),
        to(MailTemplate::PasswordReset, id(), "ann@EXAMPLE.com"),
    ];
    let kept = [
        to(MailTemplate::EmailVerify, other.id.0, "bea@example.com"),
        to(MailTemplate::PasswordReset, id(), "bea@example.com"),
        to(MailTemplate::PasswordChanged, account.id.0, "ann@example.com"),
        to(MailTemplate::OrderConfirmed, account.id.0, "ann@example.com"),
    ];
    let held = ended[0].held_by(id(), HOUR, NOW);
    queue(&db, &[&[held, ended[1].clone()][..], &kept[..]].concat()).await;
    for (byte, account, purpose) in
        [(1, &account, Purpose::Reset), (2, &account, Purpose::Verify), (3, &other, Purpose::Reset)]
    {
        put(&db, &OneTimeToken { purpose, ..token(byte, account.id) }).await;
    }
    let mut tx = db.begin().await;
    tx.mails().end_links(&account, NOW + HOUR).await.unwrap();
    tx.commit().await.unwrap();
    for (byte, purpose, good) in [(1, Purpose::Reset, false), (2, Purpose::Verify, false), (3, Purpose::Reset, true)] {
        assert_eq!(is_good(&db, byte, purpose, NOW).await, good, "{byte}");
    }
    let mail = db.database.queries().mails;
    for message in &ended {
        let found = mail.get(message.id).await.unwrap().unwrap();
        assert_eq!((found.status, found.done_at), (MessageStatus::Unneeded, Some(NOW + HOUR)));
        assert_eq!((found.topic.recipient, found.next_at, found.lease), (None, None, None));
    }
    for message in &kept {
        assert_eq!(mail.get(message.id).await.unwrap().as_ref(), Some(message));
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM messages WHERE recipient_key IS NOT NULL").await, 4);
}

async fn an_address_is_verified_until_the_customer_has_another_r155(db: TestDb) {
    let ann = db.add_customer("ann@example.com").await;
    let mail = db.database.queries().mails;
    assert_eq!(mail.verified_at(&ann).await.unwrap(), None);
    assert!(!mail.has_verified(ann.id).await.unwrap());
    let mut tx = db.begin().await;
    assert!(!tx.mails().has_verified(ann.id).await.unwrap());
    tx.mails().verified(ann.id, &ann.email, NOW).await.unwrap();
    tx.mails().verified(ann.id, &ann.email, NOW + HOUR).await.unwrap();
    assert!(tx.mails().has_verified(ann.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(mail.verified_at(&ann).await.unwrap(), Some(NOW + HOUR));
    assert!(mail.has_verified(ann.id).await.unwrap());
    let moved = domain::customers::Customer { email: EmailAddress::parse("bea@example.com").unwrap(), ..ann };
    assert_eq!(mail.verified_at(&moved).await.unwrap(), None);
    let mut tx = db.begin().await;
    tx.customers().update(&moved).await.unwrap();
    assert!(!tx.mails().has_verified(moved.id).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!mail.has_verified(moved.id).await.unwrap());
}

async fn an_erased_customer_has_no_mail_and_no_token_r13_r151(db: TestDb) {
    let ann = db.add_customer("ann@example.com").await;
    let account = db.add_account("ann", Some(ann.id)).await;
    let mut own = message(None, None);
    own.topic.customer_id = Some(ann.id);
    queue(&db, &[own, message(None, Some("Ann@Example.com")), message(None, Some("bea@example.com"))]).await;
    put(&db, &token(1, account.id)).await;
    db.erase(ann.id, Some(account), NOW).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM messages").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM one_time_tokens").await, 0);
}
