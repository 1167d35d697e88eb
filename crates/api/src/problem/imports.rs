//! Problems with imports.

use domain::imports::RowsGone;

use super::{Kind, Problem};

impl Problem {
    /// Rows of an import that somebody asks for are not kept any more.
    pub(super) fn import_rows_gone(RowsGone(at): RowsGone) -> Self {
        let (day, hour, minute) = (at.date(), at.hour(), at.minute());
        let detail = format!(
            "The rows of this import went on {day} at {hour:02}:{minute:02} UTC: they are kept for as long after its end as \
             `imports.keep_rows_for` says. What the import has done stays."
        );
        Self::new(Kind::IMPORT_ROWS_GONE, detail)
    }
}
