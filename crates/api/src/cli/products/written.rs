use std::io::{self, BufWriter, Write};

use ::csv::WriterBuilder;
use domain::products::{Description, Product, Sku};
use domain::{Price, Shop};
use serde::Serialize;

use super::format::{COLUMNS, Format};
use crate::respond::Timestamp;

/// A product in a file. The fields are the columns, in order.
#[derive(Serialize)]
struct Written<'a> {
    id: String,
    sku: Option<&'a str>,
    name: &'a str,
    description: Option<&'a str>,
    price: i64,
    currency: &'static str,
    status: &'static str,
    stock: i64,
    tax_class: &'a str,
    weight_grams: i64,
    shippable: bool,
    barcode: Option<String>,
    compare_at_price: Option<i64>,
    available_from: Option<Timestamp>,
    available_until: Option<Timestamp>,
}

/// Writes products in a format.
pub(super) struct Writer<W: Write> {
    out: Out<W>,
    shop: Shop,
}

enum Out<W: Write> {
    Csv(Box<::csv::Writer<W>>),
    Ndjson(BufWriter<W>),
}

impl<W: Write> Writer<W> {
    /// Starts the file: writes the CSV header.
    pub fn new(format: Format, to: W, shop: Shop) -> io::Result<Self> {
        let out = match format {
            Format::Csv => {
                let mut csv = WriterBuilder::new().has_headers(false).from_writer(to);
                csv.write_record(COLUMNS)?;
                Out::Csv(Box::new(csv))
            }
            Format::Ndjson => Out::Ndjson(BufWriter::new(to)),
        };
        Ok(Self { out, shop })
    }

    /// Writes a product; `stock` is its units on hand.
    pub fn write(&mut self, product: &Product, stock: i64) -> io::Result<()> {
        let written = Written {
            id: product.id.to_string(),
            sku: product.sku.as_ref().map(Sku::as_str),
            name: product.name.as_str(),
            description: product.description.as_ref().map(Description::as_str),
            price: product.price.amount(),
            currency: self.shop.currency.code(),
            status: product.status.as_str(),
            stock,
            tax_class: product.tax_and_shipping.tax_class.as_str(),
            weight_grams: product.tax_and_shipping.weight.get(),
            shippable: product.tax_and_shipping.is_shippable,
            barcode: product.particulars.barcode.as_ref().map(ToString::to_string),
            compare_at_price: product.particulars.compare_at_price.map(Price::amount),
            available_from: product.particulars.available_from.map(Timestamp),
            available_until: product.particulars.available_until.map(Timestamp),
        };
        match &mut self.out {
            Out::Csv(csv) => csv.serialize(with_visible_description(written)).map_err(io::Error::from),
            Out::Ndjson(out) => {
                serde_json::to_writer(&mut *out, &written)?;
                out.write_all(b"\n")
            }
        }
    }

    /// Flushes the buffer.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Csv(csv) => csv.flush(),
            Out::Ndjson(out) => out.flush(),
        }
    }
}

/// An empty CSV cell means no description, so an empty description is written as one space, which an import trims.
fn with_visible_description(written: Written<'_>) -> Written<'_> {
    let description = written.description.map(|text| if text.is_empty() { " " } else { text });
    Written { description, ..written }
}
