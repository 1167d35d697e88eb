/// What a step of a task has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskStep<P> {
    /// How much was done.
    pub done: u64,
    /// Where the next step begins; `None` if this was the last.
    pub next: Option<P>,
}

impl<P> TaskStep<P> {
    /// The step of a batch that `found` so many of at most `limit`. If it was full, the next one begins after `last`.
    pub(crate) fn of_batch(done: u64, found: usize, limit: u64, last: Option<P>) -> Self {
        let is_full = u64::try_from(found).is_ok_and(|found| found >= limit);
        Self { done, next: last.filter(|_| is_full) }
    }

    /// The step, with the place of the next one as another type.
    pub(crate) fn map<Q>(self, next: impl FnOnce(P) -> Q) -> TaskStep<Q> {
        TaskStep { done: self.done, next: self.next.map(next) }
    }
}
