use application::products::CreateProduct;
use domain::attributes::{AttributeCode, AttributeInput};
use domain::pages::PageTexts;
use domain::products::{
    Barcode, Description, Particulars, ProductDetails, ProductId, ProductName, Sku, TaxAndShipping,
};
use domain::stock::InitialStock;
use domain::tax_classes::TaxClassCode;
use domain::{Grams, Invalid, Price};

use super::past::{Moment, Past};
use super::{Made, taxes, terms};
use crate::cli::error::Failure;

pub(super) const COOKBOOK: &str = "DEMO-COOKBOOK";
pub(super) const COFFEE: &str = "DEMO-COFFEE";
pub(super) const LAMP: &str = "DEMO-LAMP";
pub(super) const WARDROBE: &str = "DEMO-WARDROBE";
pub(super) const COURSE: &str = "DEMO-COURSE";

/// The number of the first product.
const FIRST: u32 = 401;

/// A product before it is parsed.
struct Good {
    sku: &'static str,
    name: &'static str,
    description: &'static str,
    price: i64,
    /// What it cost before it was reduced.
    before: Option<i64>,
    barcode: Option<&'static str>,
    class: Option<&'static str>,
    /// Grams. What has none is not shipped.
    weight: Option<i64>,
    category: &'static str,
    brand: Option<&'static str>,
    /// Watts.
    power: Option<&'static str>,
}

const GOODS: [Good; 5] = [
    Good {
        sku: COOKBOOK,
        name: "Cookbook",
        description: "A book: taxed at the reduced rate in the EU.",
        price: 2490,
        before: None,
        barcode: Some("9780201379624"),
        class: Some(taxes::REDUCED),
        weight: Some(850),
        category: "cooking",
        brand: Some("old-town-press"),
        power: None,
    },
    Good {
        sku: COFFEE,
        name: "Coffee beans, 1 kg",
        description: "Food: taxed at the reduced rate in the EU.",
        price: 1850,
        before: None,
        barcode: Some("4006381333931"),
        class: Some(taxes::REDUCED),
        weight: Some(1050),
        category: "coffee",
        brand: None,
        power: None,
    },
    Good {
        sku: LAMP,
        name: "Desk lamp",
        description: "Taxed at the standard rate.",
        price: 7900,
        before: Some(9900),
        barcode: Some("036000291452"),
        class: None,
        weight: Some(2400),
        category: "lamps",
        brand: Some("northlight"),
        power: Some("9"),
    },
    Good {
        sku: WARDROBE,
        name: "Oak wardrobe",
        description: "Too heavy for parcels.",
        price: 64_900,
        before: None,
        barcode: None,
        class: None,
        weight: Some(74_000),
        category: "wardrobes",
        brand: Some("oak-sons"),
        power: None,
    },
    Good {
        sku: COURSE,
        name: "Cooking course, online",
        description: "Nothing of it is shipped.",
        price: 5900,
        before: Some(6900),
        barcode: None,
        class: None,
        weight: None,
        category: "courses",
        brand: Some("old-town-press"),
        power: None,
    },
];

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let mut made = Made::default();
    for (number, good) in (FIRST..).zip(&GOODS) {
        let is_new = id(past, good.sku).await?.is_none();
        if is_new {
            let (details, initial_stock) = (good.details()?, InitialStock::parse(1000)?);
            let (attributes, page) = (good.attributes(), PageTexts::default());
            let create = CreateProduct { id: None, details, initial_stock, attributes, page };
            past.make(&format!("product {}", good.sku), Moment::opening(number), create).await?;
        }
        made.count(is_new);
    }
    made.say(past.tools, "goods of the shop");
    Ok(())
}

/// The id of the product with this SKU; `None` if it is gone.
pub(super) async fn id(past: &Past<'_>, sku: &str) -> Result<Option<ProductId>, Failure> {
    let found = past.tools.database.products_by_sku(&[Sku::parse(sku)?]).await?;
    Ok(found.first().map(|(product, _)| product.id))
}

impl Good {
    fn attributes(&self) -> Vec<(String, AttributeInput)> {
        let text = |text: &str| AttributeInput::Text(text.to_owned());
        let given = [
            (AttributeCode::CATEGORY, Some(text(self.category))),
            (AttributeCode::BRAND, self.brand.map(text)),
            (terms::POWER, self.power.map(|watts| AttributeInput::Number(watts.to_owned()))),
        ];
        given.into_iter().filter_map(|(code, given)| Some((code.to_owned(), given?))).collect()
    }

    fn details(&self) -> Result<ProductDetails, Invalid> {
        let tax_class = self.class.map(TaxClassCode::parse).transpose()?.unwrap_or_default();
        let weight = self.weight.map(Grams::parse).transpose()?.unwrap_or_default();
        let compare_at_price = self.before.map(Price::parse).transpose()?;
        let barcode = self.barcode.map(Barcode::parse).transpose()?;
        Ok(ProductDetails {
            sku: Some(Sku::parse(self.sku)?),
            description: Some(Description::parse(self.description)?),
            tax_and_shipping: TaxAndShipping { tax_class, weight, is_shippable: self.weight.is_some() },
            particulars: Particulars { barcode, compare_at_price, ..Particulars::default() },
            ..ProductDetails::new(ProductName::parse(self.name)?, Price::parse(self.price)?)
        })
    }
}
