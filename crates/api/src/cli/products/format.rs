use std::path::Path;

use clap::ValueEnum;

use crate::cli::error::Failure;

/// How products are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Comma-separated values (RFC 4180), with a header
    Csv,
    /// A JSON object in each line
    Ndjson,
}

/// What a file says of a product, in the order in which an export says it.
pub(super) const COLUMNS: [&str; 8] = ["id", "sku", "name", "description", "price", "currency", "status", "stock"];

/// Explains the file to people.
pub(super) const HELP: &str = "\
The file: CSV with a header, its columns in any order, or a JSON object in each line (NDJSON). UTF-8.
  id           the product; without it, the one with this SKU; made if there is none
  sku          1 to 64 characters, no two products have the same; needed if there is no id
  name         1 to 200 characters; needed
  description  up to 10,000 characters
  price        whole minor units, such as 1999 for 19.99 USD; needed
  currency     the shop's; needed
  status       active or archived
  stock        units on hand when the product is made
A product that is there already keeps what is not named: no such column or member, or nothing as id, status or stock. An
empty cell, or null, takes SKU or description away; a CSV cell with nothing but a blank is an empty description.
An export may hold texts that a spreadsheet takes for formulas: they are written as they are.";

/// Whether a path stands for standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Format {
    /// The format that is asked for, else that of the file; CSV for standard input and output.
    pub fn of(asked: Option<Self>, path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        match (asked, extension.as_deref()) {
            (Some(format), _) => Ok(format),
            (None, Some("csv")) => Ok(Self::Csv),
            (None, Some("ndjson" | "jsonl")) => Ok(Self::Ndjson),
            (None, _) if is_standard(path) => Ok(Self::Csv),
            (None, _) => {
                let why = format!("{} is neither .csv nor .ndjson: say --format csv or ndjson", path.display());
                Err(Failure::Usage(why))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_that_of_the_option_or_else_of_the_file_extension_r78() {
        let of = |asked, path: &str| Format::of(asked, Path::new(path)).ok();
        for (path, format) in [("a.csv", Format::Csv), ("a.CSV", Format::Csv), ("-", Format::Csv)] {
            assert_eq!(of(None, path), Some(format), "{path}");
        }
        assert_eq!(of(None, "a.ndjson").zip(of(None, "b/a.jsonl")), Some((Format::Ndjson, Format::Ndjson)));
        assert_eq!(of(Some(Format::Ndjson), "a.csv"), Some(Format::Ndjson));
        assert_eq!(of(None, "a.txt").or(of(None, "csv")), None);
        assert_eq!(of(Some(Format::Csv), "a.txt"), Some(Format::Csv));
    }
}
