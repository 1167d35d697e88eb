use async_trait::async_trait;
use domain::StoreError;
use domain::accounts::{AccountRepository, KnownNetworkRepository, LoginFailureRepository, RefreshTokenRepository};
use domain::carts::CartRepository;
use domain::customers::CustomerRepository;
use domain::orders::OrderRepository;
use domain::products::ProductRepository;
use domain::restocks::RestockRepository;
use domain::stock::StockRepository;

use crate::{AuditRepository, IdempotencyRepository, LeaseRepository, OutboxRepository};

/// The repositories of one transaction. It cannot be committed from here.
pub trait Tx: Send {
    /// Accounts.
    fn accounts(&mut self) -> &mut dyn AccountRepository;
    /// Refresh tokens.
    fn refresh_tokens(&mut self) -> &mut dyn RefreshTokenRepository;
    /// Failed logins.
    fn login_failures(&mut self) -> &mut dyn LoginFailureRepository;
    /// The networks from which accounts were used.
    fn known_networks(&mut self) -> &mut dyn KnownNetworkRepository;
    /// Customers.
    fn customers(&mut self) -> &mut dyn CustomerRepository;
    /// Products.
    fn products(&mut self) -> &mut dyn ProductRepository;
    /// Stock.
    fn stock(&mut self) -> &mut dyn StockRepository;
    /// Restocks.
    fn restocks(&mut self) -> &mut dyn RestockRepository;
    /// Carts.
    fn carts(&mut self) -> &mut dyn CartRepository;
    /// Orders.
    fn orders(&mut self) -> &mut dyn OrderRepository;
    /// Idempotency keys.
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository;
    /// What administrators changed.
    fn audit(&mut self) -> &mut dyn AuditRepository;
    /// Who does a background task.
    fn leases(&mut self) -> &mut dyn LeaseRepository;
    /// Events.
    fn outbox(&mut self) -> &mut dyn OutboxRepository;
}

/// A transaction that can be ended. Dropping it rolls it back. Only the runner holds one.
#[async_trait]
pub trait OpenTx: Tx {
    /// Makes it last. When this answers, the database has written it to disk.
    ///
    /// # Errors
    /// `CommitUnknown` if the answer was lost; any other means that nothing was committed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Undoes it, and has done so when this answers.
    ///
    /// # Errors
    /// `Raced` if it has seen what others wrote and could not keep, so that whatever was concluded from that may be
    /// wrong. Any other error means that the connection broke, in which case the database undoes it by itself.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;

    /// The repositories, without the end.
    fn repositories(&mut self) -> &mut dyn Tx;
}

/// Where transactions come from.
#[async_trait]
pub trait Transactions: Send + Sync {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// `Unavailable` if the database is away, or busy for too long.
    async fn begin(&self) -> Result<Box<dyn OpenTx>, StoreError>;
}
