use super::{Import, ImportStatus, ImportStep};
use crate::UtcDateTime;

/// The rows of an import are not kept any more. Has when they went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsGone(pub UtcDateTime);

impl Import {
    /// In these nothing happens to it by itself: it has ended, or waits for somebody to start it.
    pub const AT_REST: [ImportStatus; 4] =
        [ImportStatus::Checked, ImportStatus::Done, ImportStatus::Cancelled, ImportStatus::Failed];

    /// Checks that its rows are kept.
    ///
    /// # Errors
    /// When they went.
    pub fn expect_rows(&self) -> Result<(), RowsGone> {
        self.rows_removed_at.map_or(Ok(()), |at| Err(RowsGone(at)))
    }

    /// The import whose rows go at `now`. What it has done stays, and what is counted of it. One that nobody has started is
    /// cancelled, since nothing is left to start.
    #[must_use]
    pub fn without_rows(self, now: UtcDateTime) -> Self {
        let ended = if self.status == ImportStatus::Checked {
            self.after(ImportStep::Cancel, now).unwrap_or(self)
        } else {
            self
        };
        Self { rows_removed_at: ended.rows_removed_at.or(Some(now)), ..ended }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Uuid;
    use crate::imports::{ImportId, ImportOptions};

    #[test]
    fn rows_that_went_say_when_they_did_r231() {
        let now = UtcDateTime::UNIX_EPOCH;
        let import = Import::new(ImportId(Uuid::nil()), ImportOptions::default(), Vec::new(), None, now);
        assert_eq!(import.expect_rows(), Ok(()));
        let gone = import.without_rows(now);
        assert_eq!(gone.expect_rows(), Err(RowsGone(now)));
        assert_eq!(gone.without_rows(now + Duration::from_secs(1)).expect_rows(), Err(RowsGone(now)), "they went once");
    }

    #[test]
    fn an_import_that_nobody_starts_is_cancelled_when_its_rows_go_r231() {
        let now = UtcDateTime::UNIX_EPOCH;
        let new = Import::new(ImportId(Uuid::nil()), ImportOptions::default(), Vec::new(), None, now);
        for (before, after) in [
            (ImportStatus::Checked, ImportStatus::Cancelled),
            (ImportStatus::Done, ImportStatus::Done),
            (ImportStatus::Failed, ImportStatus::Failed),
        ] {
            let gone = Import { status: before, ..new.clone() }.without_rows(now);
            assert_eq!((gone.status, gone.rows_removed_at), (after, Some(now)));
        }
    }
}
