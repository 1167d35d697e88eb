//! How long the names of columns are.

use super::{Import, ImportOptions};
use crate::{Code, Invalid};

impl ImportOptions {
    /// Checks that a mapping can be kept.
    ///
    /// # Errors
    /// If its names have too many bytes.
    pub fn expect_mapping(mapping: &[(String, String)]) -> Result<(), Invalid> {
        fit("all its names", mapping.iter().flat_map(|(theirs, ours)| [theirs, ours]))
    }
}

impl Import {
    /// Checks that the names of the columns of a file can be kept.
    ///
    /// # Errors
    /// If they have too many bytes.
    pub fn expect_columns(header: &[String]) -> Result<(), Invalid> {
        fit("its header", header)
    }
}

/// The most bytes of names of columns that are kept together, each with its quotes and a comma.
const MOST_NAMES: usize = 60_000;

/// Checks that names have at most [`MOST_NAMES`] bytes as JSON. A character that JSON escapes counts with its escape.
fn fit<'a>(what: &str, names: impl IntoIterator<Item = &'a String>) -> Result<(), Invalid> {
    let bytes = |c: char| match c {
        '"' | '\\' => 2,
        c if c.is_control() => 6,
        c => c.len_utf8(),
    };
    // Names that are kept in pairs have brackets, too.
    let bytes = names.into_iter().map(|name| name.chars().map(bytes).sum::<usize>() + 5).sum::<usize>();
    if bytes <= MOST_NAMES {
        return Ok(());
    }
    let message = format!("must have at most {MOST_NAMES} bytes in {what}, with 5 more for each name");
    Err(Invalid::new(Code::TooLong, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_fit_into_64_kib_however_they_are_written_r231() {
        for (name, most) in [("x", 10_000), ("\"", 8571), ("\n", 5454), ("ж", 8571)] {
            let names = |count| vec![name.to_owned(); count];
            assert_eq!(Import::expect_columns(&names(most)), Ok(()), "{name:?}");
            assert_eq!(Import::expect_columns(&names(most + 1)).unwrap_err().code, Code::TooLong, "{name:?}");
            let kept = serde_json::to_string(&names(most)).unwrap();
            assert!(kept.len() < 64 * 1024, "{name:?}");
        }
        let mapping = |name: &str| vec![(name.to_owned(), "sku".to_owned()); ImportOptions::MOST_MAPPED];
        assert_eq!(ImportOptions::expect_mapping(&mapping(&"x".repeat(200))), Ok(()));
        assert!(ImportOptions::expect_mapping(&mapping(&"ж".repeat(200))).is_err());
    }
}
