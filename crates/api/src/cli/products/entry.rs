use domain::pricing::TaxClass;
use domain::products::{
    Barcode, Description, Particulars, ParticularsChange, Product, ProductChange, ProductDetails, ProductFault,
    ProductId, ProductName, ProductStatus, Sku, TaxAndShipping, TaxAndShippingChange,
};
use domain::stock::{InitialStock, Stock};
use domain::{Code, Invalid, Price, Shop, UtcDateTime};
use serde_json::Value;

use super::decimal::Prices;
use super::format::COLUMNS;
use super::records::of_line;
use crate::extract::read::{integer, moment, parse_id, shop_currency, text};
use crate::extract::{Fields, FromFields, Report};
use crate::problem::Fault;
use crate::routes::products::tax_and_shipping;

/// The product in a line, parsed by the rules of the API.
pub(super) struct Entry {
    pub id: Option<ProductId>,
    sku: Option<Option<Sku>>,
    name: ProductName,
    description: Option<Option<Description>>,
    price: Price,
    status: Option<ProductStatus>,
    tax_and_shipping: TaxAndShippingChange,
    particulars: ParticularsChange,
    pub stock: Option<InitialStock>,
}

impl FromFields for Entry {
    const NAME: &'static str = "Entry";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let shop = fields.shop();
        let id = fields.optional("id", &text(product_id));
        let sku = fields.change_or_clear("sku", &text(Sku::parse));
        let name = fields.required("name", &text(ProductName::parse));
        let description = fields.change_or_clear("description", &text(Description::parse));
        let price = fields.required("price", &integer(Price::parse));
        let currency = fields.required("currency", &shop_currency(shop));
        let status = fields.optional("status", &text(ProductStatus::parse));
        let tax_and_shipping = tax_and_shipping(fields);
        let barcode = fields.change_or_clear("barcode", &text(Barcode::parse));
        let compare_at_price = fields.change_or_clear("compare_at_price", &integer(Price::parse));
        let available_from = fields.change_or_clear("available_from", &moment());
        let available_until = fields.change_or_clear("available_until", &moment());
        let stock = fields.optional("stock", &integer(InitialStock::parse));
        if matches!((&id, &sku), (Some(None), Some(None | Some(None)))) {
            // Without id and SKU, a second import would create a second product.
            fields.refuse("sku", Invalid::new(Code::Required, "is required if there is no id"));
        }
        let price = currency.and(price);
        Some(Self {
            id: id?,
            sku: sku?,
            name: name?,
            description: description?,
            price: price?,
            status: status?,
            tax_and_shipping: tax_and_shipping?,
            particulars: ParticularsChange {
                barcode: barcode?,
                compare_at_price: compare_at_price?,
                available_from: available_from?,
                available_until: available_until?,
            },
            stock: stock?,
        })
    }
}

/// The columns with prices.
const PRICES: [&str; 2] = ["price", "compare_at_price"];

fn product_id(raw: &str) -> Result<ProductId, Invalid> {
    let id = parse_id(raw).ok().filter(|id| id.get_version_num() == 7);
    id.map(ProductId).ok_or_else(|| Invalid::new(Code::Format, "must be a UUID of version 7"))
}

impl Entry {
    /// Parses the members of a line. Prices are the texts in the file.
    ///
    /// # Errors
    /// Every fault of the line, in order of the columns.
    pub fn read(mut members: Value, shop: Shop, prices: Prices) -> Result<Self, Vec<Fault>> {
        let mut report = Report::new(shop);
        for name in PRICES {
            if let Some(price) = members.get_mut(name)
                && let Value::String(written) = price
            {
                // A refused price is replaced by a valid one, so that it is refused once.
                *price = report.keep(name, prices.amount(written)).unwrap_or_default().into();
            }
        }
        let read = report.object(members, "");
        report.finish(read).map_err(|error| match error {
            application::Error::Invalid(fields) => {
                let mut faults: Vec<_> = fields.into_iter().map(fault).collect();
                faults.sort_by_key(|fault| {
                    COLUMNS.iter().position(|column| *column == fault.field).unwrap_or(COLUMNS.len())
                });
                faults
            }
            other => vec![of_line(other.to_string())],
        })
    }

    /// The SKU in the line, if it has one.
    pub fn sku(&self) -> Option<&Sku> {
        self.sku.as_ref()?.as_ref()
    }

    /// The tax class in the line, if it has one.
    pub fn tax_class(&self) -> Option<&TaxClass> {
        self.tax_and_shipping.tax_class.as_ref()
    }

    /// The barcode in the line, if it has one.
    pub fn barcode(&self) -> Option<&Barcode> {
        self.particulars.barcode.as_ref()?.as_ref()
    }

    /// The new product with its stock, for a line whose product does not exist.
    ///
    /// # Errors
    /// If fields of the line do not fit together.
    pub fn made(self, new_id: impl FnOnce() -> ProductId, now: UtcDateTime) -> Result<(Product, Stock), ProductFault> {
        let Self { id, sku, name, description, price, status, tax_and_shipping, particulars, stock } = self;
        let tax_and_shipping = TaxAndShipping::default().changed(tax_and_shipping);
        let (sku, description) = (sku.flatten(), description.flatten());
        let status = status.unwrap_or(ProductStatus::Active);
        let particulars = Particulars::default().changed(particulars);
        let slug = None;
        let details = ProductDetails { name, price, sku, slug, description, status, tax_and_shipping, particulars };
        details.check(now)?;
        let product = Product::new(id.unwrap_or_else(new_id), details, now);
        let stock = Stock::new(product.id, stock.unwrap_or_default().get(), now);
        Ok((product, stock))
    }

    /// The change to the existing product; `None` if the line changes nothing.
    ///
    /// # Errors
    /// If fields of the line do not fit together, or to what the product keeps.
    pub fn change_of(self, there: &Product, now: UtcDateTime) -> Result<Option<ProductChange>, ProductFault> {
        let Self { sku, name, description, price, status, tax_and_shipping, particulars, .. } = self;
        let (name, price) = (Some(name), Some(price));
        let slug = None;
        let change = ProductChange { name, price, sku, slug, description, status, tax_and_shipping, particulars };
        there.check(&change, now)?;
        Ok((there.changed(&change, now) != *there).then_some(change))
    }
}

fn fault(error: application::FieldError) -> Fault {
    let fault = Fault::from(error);
    if fault.field.is_empty() { Fault { field: "line".to_owned(), ..fault } } else { fault }
}
