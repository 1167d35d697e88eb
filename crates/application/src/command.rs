use async_trait::async_trait;
use domain::mails::MailSwitches;
use domain::payments::Settings;
use domain::pricing::Calendar;
use domain::{Shop, UtcDateTime};

use crate::{Actor, Error, Ids, Tx};

/// The context of one attempt: time, ids, shop settings, who of the staff acts.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// The start of the transaction.
    pub now: UtcDateTime,
    /// The source of new ids.
    pub ids: &'a dyn Ids,
    /// The settings of the shop.
    pub shop: Shop,
    /// Tells the day where the shop is.
    pub calendar: &'a dyn Calendar,
    /// How the shop is paid: what must be paid, until when, and when the money is taken.
    pub payments: &'a Settings,
    /// Which mails the shop sends.
    pub mails: MailSwitches,
    /// Whether only customers who have proved their email address may order.
    pub requires_verified_email: bool,
    /// Whether the shop has a place for pictures.
    pub stores_pictures: bool,
    /// The account of staff or the API key that acts; `None` for customers and for the shop itself.
    pub actor: Option<&'a Actor>,
}

/// A use case that writes.
///
/// It may run several times, each time in a new transaction, so it must have no other effects. An `Err` rolls the
/// transaction back; a refusal whose effects must be committed is an `Output`.
#[async_trait]
pub trait Command: Send + Sync {
    /// The result.
    type Output: Send;

    /// Its name in logs, `noun.verb`.
    const NAME: &'static str;

    /// Runs the command in a transaction.
    ///
    /// # Errors
    /// A refusal or a failure. The transaction is rolled back.
    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error>;
}
