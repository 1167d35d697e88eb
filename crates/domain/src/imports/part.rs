use super::ImportRow;

/// How much of an import is read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartLimit {
    /// The most rows.
    pub rows: u64,
    /// The most bytes of their cells, as they are stored.
    pub bytes: u64,
}

/// Rows of an import that are read together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextRows {
    /// The rows, in order.
    pub rows: Vec<ImportRow>,
    /// Whether no row follows.
    pub are_last: bool,
}

impl PartLimit {
    /// How many of the next rows are read, whose cells have so many bytes each. The first one is, however long it is.
    pub fn fitting(self, bytes: impl IntoIterator<Item = u64>) -> usize {
        let mut total = 0_u64;
        let fits = |(place, bytes): &(usize, u64)| {
            total = total.saturating_add(*bytes);
            *place == 0 || total <= self.bytes
        };
        let rows = usize::try_from(self.rows).unwrap_or(usize::MAX);
        bytes.into_iter().take(rows).enumerate().take_while(fits).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_no_more_rows_and_bytes_than_it_may_but_one_row_in_any_case_r231() {
        let limit = PartLimit { rows: 3, bytes: 10 };
        for (bytes, rows) in [
            (&[][..], 0),
            (&[1, 1], 2),
            (&[1, 1, 1, 1], 3),
            (&[5, 5, 1], 2),
            (&[5, 6, 1], 1),
            (&[11, 1], 1),
            (&[u64::MAX, u64::MAX], 1),
        ] {
            assert_eq!(limit.fitting(bytes.iter().copied()), rows, "{bytes:?}");
        }
    }
}
