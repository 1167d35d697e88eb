/// How a transaction goes about its work. The runner decides; only the adapter acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The first attempt. It may assume what is likely, such as that an idempotency key is new, and leave it to the
    /// database to refuse the commit if it is not so. Then the transaction has lost a race.
    Optimistic,
    /// Every later attempt. It assumes nothing: it locks what it reads.
    Careful,
}
