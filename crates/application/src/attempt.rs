/// The mode of a transaction. The runner chooses it, and only the adapter uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The first attempt. It may assume what is likely, for example that an idempotency key is new. If the assumption
    /// is wrong, the database refuses the commit and the transaction has lost a race.
    Optimistic,
    /// Every later attempt. It makes no assumptions and locks what it reads.
    Careful,
}
