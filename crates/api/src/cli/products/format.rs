use std::path::Path;

use clap::ValueEnum;

use crate::cli::error::Failure;

/// The format of a file of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Comma-separated values (RFC 4180), with a header
    Csv,
    /// One JSON object per line
    Ndjson,
}

/// The columns of a file, in the order of an export.
pub(super) const COLUMNS: [&str; 15] = [
    "id",
    "sku",
    "name",
    "description",
    "price",
    "currency",
    "status",
    "stock",
    "tax_class",
    "weight_grams",
    "shippable",
    "barcode",
    "compare_at_price",
    "available_from",
    "available_until",
];

/// The part of `--help` that describes the file.
pub(super) const HELP: &str = "\
The file: CSV with a header and the columns in any order, or one JSON object per line (NDJSON).
  id           UUID of version 7; without it, the product is found by its SKU; a product that is not found is created
  sku          1 to 64 characters, unique; required if there is no id
  name         1 to 200 characters; required
  description  up to 10,000 characters
  price        whole minor units in digits alone, such as 1999 for 19.99 USD; required. Any other form is refused,
               unless --decimal names it
  currency     the currency of the shop, such as USD; required
  status       active, archived, draft or scheduled
  stock        units on hand of a new product, 0 by default; existing products keep their stock
  tax_class    code of a tax class; standard by default
  weight_grams weight of a unit, 0 by default
  shippable    true or false; true by default
  barcode      GTIN of 8, 12, 13 or 14 digits with its check digit, unique
  compare_at_price what it cost before it was reduced, written as the price and above it
  available_from, available_until: when it is for sale, as 2026-01-31T12:00:00Z
An existing product keeps the fields that the file does not have: a missing column or member, or an empty id, status,
stock, tax_class, weight_grams or shippable. An empty cell or null removes the SKU, the description, the
barcode, the compare_at_price or a time; a CSV cell with one space is an empty description.
Texts that a spreadsheet would read as formulas are exported unchanged.
CSV is read as spreadsheets write it: names of columns in any case; cells separated by commas, semicolons or tabs, or by
the sign in a first line such as sep=; UTF-8, UTF-16 or Windows-1252; empty rows and columns are passed over.";

/// Whether the path is `-`: standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Format {
    /// The format of the option, or else of the file extension; CSV for standard input and output.
    ///
    /// # Errors
    /// [`Failure::Usage`] if neither names a format.
    pub fn of(asked: Option<Self>, path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        match (asked, extension.as_deref()) {
            (Some(format), _) => Ok(format),
            (None, Some("csv")) => Ok(Self::Csv),
            (None, Some("ndjson" | "jsonl")) => Ok(Self::Ndjson),
            (None, _) if is_standard(path) => Ok(Self::Csv),
            (None, _) => {
                let why =
                    format!("{} is neither .csv nor .ndjson: add --format csv or --format ndjson", path.display());
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
