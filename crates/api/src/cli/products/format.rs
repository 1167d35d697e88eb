use std::path::Path;

use clap::ValueEnum;
use domain::DecimalMark;
use domain::imports::FileFormat;

use crate::cli::error::Failure;
use crate::files::Format;

/// The format of a file of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FileKind {
    /// That of the file extension, and the columns of whoever has them
    Auto,
    /// Comma-separated values (RFC 4180), with a header, and the columns of whoever has them
    Csv,
    /// Comma-separated values with the columns of an export
    Plain,
    /// A product file of Shopify, with old or new headers
    Shopify,
    /// A product file of `WooCommerce`
    Woocommerce,
    /// One JSON object per line
    Ndjson,
}

/// The format of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WrittenKind {
    /// Comma-separated values (RFC 4180), with a header
    Csv,
    /// One JSON object per line
    Ndjson,
}

/// The part of `--help` that describes the file.
pub(super) const HELP: &str = "\
The file: CSV with a header and any of the columns in any order, or one JSON object per line (NDJSON).
  id           UUID of version 7; without it, the product is found by its SKU, or else its slug; a product that is not
               found is created
  sku          1 to 64 characters, unique; required if there is no id, slug or group
  name         1 to 200 characters; required for a new product
  description  up to 10,000 characters
  price        whole minor units in digits alone, such as 1999 for 19.99 USD; required for a new product. Any other form
               is refused, unless --decimal names it
  currency     the currency of the shop, such as USD
  status       active, archived, draft or scheduled
  stock        units on hand of a new product, 0 by default; existing products keep their stock, unless --stock is given
               or the file has no other columns but those that name the product
  tax_class    code of a tax class; standard by default
  weight_grams weight of a unit, 0 by default
  shippable    true or false; true by default
  barcode      GTIN of 8, 12, 13 or 14 digits with its check digit, unique
  compare_at_price what it cost before it was reduced, written as the price and above it
  available_from, available_until: when it is for sale, as 2026-01-31T12:00:00Z
  slug         its name in addresses
  description_html, seo_title, seo_description: texts of its page
  media, media_alt: the URLs of its pictures in order, the main one first, and what each shows, in the same order; commas
               separate them, and are written \\, in them. Read with --fetch-media alone; an empty cell takes all away
  category, tag, brand, attr.CODE: what it has of attributes, by name; categories by their path, Men > Shoes. A comma
               separates several, and is written \\, in a name. Missing terms are made; attributes must be there
  group, option.CODE: the slug of its product group, and the terms by which it differs from others of the group. A
               missing group is made
  group.name, group.description, group.description_html, group.seo_title, group.seo_description, group.category, group.tag,
               group.brand, group.attr.CODE, group.media, group.media_alt: what all of its group have
An existing product keeps the fields that the file does not have: a missing column or member, or an empty id, name, price,
status, stock, slug, tax_class, weight_grams or shippable. Any other empty cell, or null, removes the value; a CSV cell
with one space is an empty description.
A text that a spreadsheet would read as a formula is exported with ' before it, which an import takes off.
CSV is read as spreadsheets write it: names of columns in any case; cells separated by commas, semicolons or tabs, or by
the sign in a first line such as sep=; UTF-8, UTF-16 or Windows-1252; empty rows and columns are passed over.
Files of Shopify and WooCommerce are known by their headers. Rows of one product become a product group; attributes that
they need are made; what is left out is said once. A known product keeps its stock, unless --stock is given.
With --fetch-media, pictures are fetched from where their URLs lead, if that is a public address. One that cannot be had is
named, and then nothing that the product has is taken away. The same bytes are one picture.";

/// Whether the path is `-`: standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The format of the option, or else of the file extension; CSV for standard input and output.
fn written(asked: Option<Format>, path: &Path) -> Result<Format, Failure> {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match (asked, extension.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some("csv")) => Ok(Format::Csv),
        (None, Some("ndjson" | "jsonl")) => Ok(Format::Ndjson),
        (None, _) if is_standard(path) => Ok(Format::Csv),
        (None, _) => {
            let why = format!("{} is neither .csv nor .ndjson: add --format csv or --format ndjson", path.display());
            Err(Failure::Usage(why))
        }
    }
}

impl FileKind {
    /// The format, and whose columns it has if that is not found out.
    ///
    /// # Errors
    /// [`Failure::Usage`] if neither the option nor the path names a format.
    pub fn of(self, path: &Path) -> Result<(Format, Option<FileFormat>), Failure> {
        let (format, columns) = match self {
            Self::Auto => (None, None),
            Self::Csv => (Some(Format::Csv), None),
            Self::Plain => (Some(Format::Csv), Some(FileFormat::Plain)),
            Self::Shopify => (Some(Format::Csv), Some(FileFormat::Shopify)),
            Self::Woocommerce => (Some(Format::Csv), Some(FileFormat::WooCommerce)),
            Self::Ndjson => (Some(Format::Ndjson), None),
        };
        Ok((written(format, path)?, columns))
    }
}

impl WrittenKind {
    /// The format.
    ///
    /// # Errors
    /// As [`FileKind::of`].
    pub fn of(asked: Option<Self>, path: &Path) -> Result<Format, Failure> {
        let asked = asked.map(|kind| match kind {
            Self::Csv => Format::Csv,
            Self::Ndjson => Format::Ndjson,
        });
        written(asked, path)
    }
}

/// How a file writes prices with decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Decimal {
    /// 1999.00, with groups or without: 1,999.00
    Point,
    /// 1999,00, with groups or without: 1.999,00
    Comma,
}

impl From<Decimal> for DecimalMark {
    fn from(decimal: Decimal) -> Self {
        match decimal {
            Decimal::Point => Self::Point,
            Decimal::Comma => Self::Comma,
        }
    }
}

/// Parses what a column of the file is to be read as: `Their name=sku`.
pub(super) fn mapped(raw: &str) -> Result<(String, String), String> {
    let pair = raw.rsplit_once('=').filter(|(theirs, ours)| !theirs.trim().is_empty() && !ours.trim().is_empty());
    let (theirs, ours) = pair.ok_or_else(|| "must be as \"Their name=sku\"".to_owned())?;
    Ok((theirs.trim().to_owned(), ours.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_that_of_the_option_or_else_of_the_file_extension_r78() {
        let of = |asked, path: &str| WrittenKind::of(asked, Path::new(path)).ok();
        for (path, format) in [("a.csv", Format::Csv), ("a.CSV", Format::Csv), ("-", Format::Csv)] {
            assert_eq!(of(None, path), Some(format), "{path}");
        }
        assert_eq!(of(None, "a.ndjson").zip(of(None, "b/a.jsonl")), Some((Format::Ndjson, Format::Ndjson)));
        assert_eq!(of(Some(WrittenKind::Ndjson), "a.csv"), Some(Format::Ndjson));
        assert_eq!(of(None, "a.txt").or(of(None, "csv")), None);
        assert_eq!(of(Some(WrittenKind::Csv), "a.txt"), Some(Format::Csv));
        let shopify = FileKind::Shopify.of(Path::new("a.txt")).ok();
        assert_eq!(shopify, Some((Format::Csv, Some(FileFormat::Shopify))));
        assert!(FileKind::Auto.of(Path::new("a.txt")).is_err());
        assert_eq!(mapped("A=b = sku").unwrap(), ("A=b".to_owned(), "sku".to_owned()));
        assert!(mapped("sku").is_err() && mapped("=sku").is_err());
    }
}
