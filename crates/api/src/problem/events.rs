use super::{Kind, Problem};

impl Problem {
    /// Events that somebody asks for are not kept any more.
    pub(crate) fn events_gone(oldest: i64) -> Self {
        let detail = format!("Events are kept from position {oldest} on. What was before is in the API itself.");
        let mut problem = Self::new(Kind::EVENTS_GONE, detail);
        problem.0.oldest = Some(oldest);
        problem
    }

    /// Somebody asks for what comes after a position that the feed has not reached, as after the restore of a backup.
    pub(crate) fn events_ahead(after: i64, oldest: i64, last: i64) -> Self {
        let detail = format!(
            "The feed ends at position {last}, before {after}: a backup was restored. Read everything again, and go on \
             after {last}."
        );
        let mut problem = Self::new(Kind::EVENTS_AHEAD, detail);
        (problem.0.oldest, problem.0.last) = (Some(oldest), Some(last));
        problem
    }
}
