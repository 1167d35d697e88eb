use domain::accounts::{AccountId, AccountWithCustomer};
use domain::customers::{CustomerId, EmailAddress};
use domain::mails::{Message, MessageId, Purpose, Reply};
use domain::orders::{Order, OrderId, OrderScope, OrderStatus};
use domain::payments::{Finding, PaymentId, RefundId};
use domain::products::{ProductId, Sku};
use domain::webhooks::{EndpointDescription, EndpointId};
use domain::{MailTemplate, Money, Uuid};

use super::{Fields, Item};
use crate::{Error, Queries};

/// Where links in mails lead to.
#[derive(Debug, Clone)]
pub struct Links {
    /// The page where a new password is set.
    pub password_reset: String,
    /// The page that proves an address.
    pub email_verify: String,
    /// The page of an order; `{id}` stands for the id.
    pub order: String,
}

/// What mails say of the shop.
#[derive(Debug, Clone)]
pub struct ShopInMails {
    /// What it is called.
    pub name: String,
    /// Where customers see it.
    pub address: String,
    /// Where links lead to.
    pub links: Links,
    /// What customers have to do who pay by bank transfer, if they can.
    pub instructions: Option<String>,
    /// Who hears of what needs people.
    pub alerts_to: Option<EmailAddress>,
}

impl ShopInMails {
    /// What every mail can show.
    pub fn fields(&self) -> Fields {
        let shop = Fields::from([("name", Item::text(&self.name)), ("address", Item::text(&self.address))]);
        Fields::from([("shop", Item::Fields(shop))])
    }
}

/// Reads what a mail says, as it is now.
#[derive(Clone)]
pub struct Composer {
    /// Reads everything.
    pub queries: Queries,
    /// What mails say of the shop.
    pub shop: ShopInMails,
}

/// A composed message.
pub(super) enum Composed {
    /// Nothing any more, or to nobody.
    Unneeded,
    /// A mail to this address with these fields.
    Ready(EmailAddress, Fields),
    /// The same, with a link that is good once.
    WithToken(EmailAddress, Fields, TokenFor),
}

/// The account, the purpose and the page of a one-time link.
pub(super) struct TokenFor {
    pub(super) account_id: AccountId,
    pub(super) purpose: Purpose,
    /// The address that it proves.
    pub(super) email: Option<EmailAddress>,
    /// The link, without the token.
    pub(super) page: String,
}

impl Composer {
    /// Composes a message from the current data.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) async fn compose(&self, message: &Message) -> Result<Composed, Error> {
        let topic = &message.topic;
        if topic.template.is_alert() {
            return self.alert(topic.template, topic.subject_id).await;
        }
        match topic.template {
            MailTemplate::OrderReceived | MailTemplate::OrderConfirmed | MailTemplate::OrderCancelled => {
                self.order(topic.template, OrderId(topic.subject_id)).await
            }
            MailTemplate::RefundMade => self.refund(RefundId(topic.subject_id)).await,
            MailTemplate::PasswordReset => self.password_reset(topic.recipient.as_ref()).await,
            MailTemplate::PasswordChanged => self.password_changed(AccountId(topic.subject_id)).await,
            MailTemplate::EmailVerify => self.email_verify(AccountId(topic.subject_id), topic.recipient.as_ref()).await,
            MailTemplate::EmailChanged => self.email_changed(topic.customer_id, topic.recipient.as_ref()).await,
            _ => Ok(Composed::Unneeded),
        }
    }

    async fn order(&self, template: MailTemplate, id: OrderId) -> Result<Composed, Error> {
        let Some(order) = self.queries.orders.get(id, OrderScope::All).await? else { return Ok(Composed::Unneeded) };
        let is_cancelled = order.status == OrderStatus::Cancelled;
        let due = order.asked_for();
        let says_nothing = match template {
            MailTemplate::OrderReceived => is_cancelled || due == 0,
            MailTemplate::OrderConfirmed => is_cancelled,
            _ => false,
        };
        if says_nothing {
            return Ok(Composed::Unneeded);
        }
        let mut fields = self.shop.fields();
        fields.insert("order", Item::Fields(self.order_fields(&order)));
        fields.insert("due", Item::text(Money { amount: due, currency: order.total.currency }));
        fields.insert("instructions", Item::optional(self.shop.instructions.as_ref()));
        self.to_customer(order.customer_id, fields).await
    }

    fn order_fields(&self, order: &Order) -> Fields {
        let line = |line: &domain::orders::OrderLine| {
            Fields::from([
                ("name", Item::text(line.name.as_str())),
                ("sku", Item::optional(line.sku.as_ref().map(Sku::as_str))),
                ("quantity", Item::text(line.quantity.get())),
                ("unit_price", Item::text(line.unit_price)),
                ("total", Item::text(line.line_total)),
            ])
        };
        Fields::from([
            ("number", Item::text(name_of(order))),
            ("address", Item::text(self.shop.links.order.replace("{id}", &order.id.to_string()))),
            ("total", Item::text(order.total)),
            ("placed_on", Item::text(order.placed_at.date())),
            ("expected_delivery", Item::text(order.expected_delivery)),
            ("lines", Item::List(order.lines.iter().map(line).collect())),
        ])
    }

    async fn refund(&self, id: RefundId) -> Result<Composed, Error> {
        let Some(refund) = self.queries.payments.refund(id, OrderScope::All).await? else {
            return Ok(Composed::Unneeded);
        };
        let Some(order) = self.queries.orders.get(refund.order_id, OrderScope::All).await? else {
            return Ok(Composed::Unneeded);
        };
        let mut fields = self.shop.fields();
        fields.insert("amount", Item::text(Money { amount: refund.amount, currency: refund.currency }));
        fields.insert("order", Item::Fields(self.order_fields(&order)));
        self.to_customer(order.customer_id, fields).await
    }

    async fn password_reset(&self, typed: Option<&EmailAddress>) -> Result<Composed, Error> {
        let Some(typed) = typed else { return Ok(Composed::Unneeded) };
        let found = self.queries.accounts.by_email(typed).await?.filter(|account| account.active);
        let Some(account) = found else { return Ok(Composed::Unneeded) };
        let Some((customer_id, account_id)) = account.customer_id.map(|id| (id, account.id)) else {
            return Ok(Composed::Unneeded);
        };
        let mut fields = self.shop.fields();
        fields.insert("username", Item::text(account.username.as_str()));
        let Composed::Ready(to, fields) = self.to_customer(customer_id, fields).await? else {
            return Ok(Composed::Unneeded);
        };
        let page = self.shop.links.password_reset.clone();
        let token = TokenFor { account_id, purpose: Purpose::Reset, email: None, page };
        Ok(Composed::WithToken(to, fields, token))
    }

    async fn password_changed(&self, id: AccountId) -> Result<Composed, Error> {
        let Some((found, customer)) = self.account(id).await? else { return Ok(Composed::Unneeded) };
        let mut fields = self.shop.fields();
        fields.insert("username", Item::text(found.account.username.as_str()));
        self.to_customer(customer, fields).await
    }

    async fn email_verify(&self, id: AccountId, to: Option<&EmailAddress>) -> Result<Composed, Error> {
        let found = self.account(id).await?.filter(|(found, _)| found.account.active);
        let (Some((found, _)), Some(to)) = (found, to) else { return Ok(Composed::Unneeded) };
        let mut fields = self.shop.fields();
        let name = found.customer.as_ref().map(|customer| customer.name.as_str().to_owned());
        fields.insert("customer", customer_fields(&name.unwrap_or_default()));
        fields.insert("email", Item::text(to.as_str()));
        let (purpose, page) = (Purpose::Verify, self.shop.links.email_verify.clone());
        let token = TokenFor { account_id: id, purpose, email: Some(to.clone()), page };
        Ok(Composed::WithToken(to.clone(), fields, token))
    }

    async fn email_changed(&self, id: Option<CustomerId>, to: Option<&EmailAddress>) -> Result<Composed, Error> {
        let (Some(id), Some(to)) = (id, to) else { return Ok(Composed::Unneeded) };
        match self.to_customer(id, self.shop.fields()).await? {
            Composed::Ready(_, fields) => Ok(Composed::Ready(to.clone(), fields)),
            other => Ok(other),
        }
    }

    async fn account(&self, id: AccountId) -> Result<Option<(AccountWithCustomer, CustomerId)>, Error> {
        let found = self.queries.accounts.with_customer(id).await?;
        Ok(found.and_then(|found| found.account.customer_id.map(|customer| (found, customer))))
    }

    async fn to_customer(&self, id: CustomerId, mut fields: Fields) -> Result<Composed, Error> {
        let Some(customer) = self.queries.customers.get(id).await? else { return Ok(Composed::Unneeded) };
        fields.insert("customer", customer_fields(customer.name.as_str()));
        Ok(Composed::Ready(customer.email, fields))
    }

    async fn alert(&self, template: MailTemplate, subject: Uuid) -> Result<Composed, Error> {
        let Some(to) = self.shop.alerts_to.clone() else { return Ok(Composed::Unneeded) };
        let found = match template {
            MailTemplate::AlertLowStock => self.low_stock(ProductId(subject)).await?,
            MailTemplate::AlertWebhookOff | MailTemplate::AlertWebhookBehind => {
                self.endpoint(EndpointId(subject)).await?
            }
            MailTemplate::AlertPaymentFinding | MailTemplate::AlertDispute => self.payment(PaymentId(subject)).await?,
            _ => self.dead_mail(MessageId(subject)).await?,
        };
        let Some((name, about)) = found else { return Ok(Composed::Unneeded) };
        let mut fields = self.shop.fields();
        fields.insert(name, Item::Fields(about));
        Ok(Composed::Ready(to, fields))
    }

    async fn low_stock(&self, id: ProductId) -> Result<Option<(&'static str, Fields)>, Error> {
        let offer = self.queries.products.offers(&[id]).await?.pop();
        Ok(offer.map(|offer| {
            let product = Fields::from([
                ("name", Item::text(offer.name.as_str())),
                ("sku", Item::optional(offer.sku.as_ref().map(Sku::as_str))),
                ("on_hand", Item::text(offer.on_hand)),
                ("threshold", Item::text(offer.restock_threshold)),
                ("id", Item::text(id)),
            ]);
            ("product", product)
        }))
    }

    async fn endpoint(&self, id: EndpointId) -> Result<Option<(&'static str, Fields)>, Error> {
        let found = self.queries.webhooks.get(id).await?;
        Ok(found.map(|endpoint| {
            let description = endpoint.description.as_ref().map(EndpointDescription::as_str);
            let fields = Fields::from([
                ("id", Item::text(id)),
                ("description", Item::optional(description)),
                ("failing_since", Item::optional(endpoint.failing_since)),
            ]);
            ("endpoint", fields)
        }))
    }

    async fn payment(&self, id: PaymentId) -> Result<Option<(&'static str, Fields)>, Error> {
        let Some(payment) = self.queries.payments.get(id, OrderScope::All).await? else { return Ok(None) };
        let order = self.queries.orders.get(payment.order_id, OrderScope::All).await?;
        let disputed = Money { amount: payment.disputed, currency: payment.currency };
        let fields = Fields::from([
            ("id", Item::text(id)),
            ("order", Item::optional(order.as_ref().map(name_of))),
            ("provider", Item::text(&payment.provider)),
            ("finding", Item::optional(payment.finding.map(Finding::as_str))),
            ("amount", Item::text(Money { amount: payment.amount, currency: payment.currency })),
            ("disputed", Item::text(disputed)),
        ]);
        Ok(Some(("payment", fields)))
    }

    async fn dead_mail(&self, id: MessageId) -> Result<Option<(&'static str, Fields)>, Error> {
        let found = self.queries.mails.get(id).await?;
        Ok(found.map(|message| {
            let fields = Fields::from([
                ("id", Item::text(id)),
                ("template", Item::text(message.topic.template.as_str())),
                ("reply", Item::optional(message.reply.as_ref().map(Reply::as_str))),
                ("attempts", Item::text(message.attempts)),
            ]);
            ("mail", fields)
        }))
    }
}

fn customer_fields(name: &str) -> Item {
    Item::Fields(Fields::from([("name", Item::text(name))]))
}

/// The number of an order, or its id if it has none.
fn name_of(order: &Order) -> String {
    order.number.as_ref().map_or_else(|| order.id.to_string(), ToString::to_string)
}
