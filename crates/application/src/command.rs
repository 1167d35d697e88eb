use async_trait::async_trait;
use domain::{Shop, UtcDateTime};

use crate::{Actor, Error, Ids, Tx};

/// The context of one attempt: time, ids, shop settings, acting administrator.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// When the transaction began.
    pub now: UtcDateTime,
    /// New ids.
    pub ids: &'a dyn Ids,
    /// The shop's settings.
    pub shop: Shop,
    /// The administrator who acts, if one does.
    pub actor: Option<&'a Actor>,
}

/// A use case that writes.
///
/// It may be run more than once, each time in a new transaction, so it must have no other effect. An `Err` undoes
/// everything; a refusal that must be remembered is therefore an `Output`.
#[async_trait]
pub trait Command: Send + Sync {
    /// What it answers.
    type Output: Send;

    /// Its name in logs, `noun.verb`.
    const NAME: &'static str;

    /// Runs it once.
    ///
    /// # Errors
    /// Says why it was refused, or what went wrong. Nothing is kept then.
    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error>;
}
