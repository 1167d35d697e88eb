use application::imports::{AttributeCell, Item, PlaceInGroup};
use domain::attributes::AttributeCode;
use domain::groups::GroupName;
use domain::imports::{COLUMNS, Column, Definition, RowPictures, joined};
use domain::pages::{DescriptionHtml, PageTextsChange};
use domain::products::{
    Barcode, Description, ParticularsChange, ProductChange, ProductId, ProductName, ProductStatus, Sku,
    TaxAndShippingChange,
};
use domain::slugs::Slug;
use domain::stock::InitialStock;
use domain::tax_classes::TaxClassCode;
use domain::terms::{SeoDescription, SeoTitle};
use domain::{Code, Grams, Invalid, Price, Shop};
use serde_json::{Map, Value};

use super::decimal::Prices;
use super::records::of_line;
use crate::extract::read::{Boolean, integer, moment, parse_id, shop_currency, text};
use crate::extract::{Fields, FromFields, Report};
use crate::problem::Fault;

/// The product in a line, parsed by the rules of the API.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub id: Option<ProductId>,
    pub item: Item,
}

/// The values of the columns with fixed names.
struct Named {
    id: Option<ProductId>,
    change: ProductChange,
    page: PageTextsChange,
    stock: Option<InitialStock>,
    group: Option<Slug>,
    of_group: (Option<GroupName>, Option<Option<Description>>, PageTextsChange),
}

impl FromFields for Named {
    const NAME: &'static str = "Entry";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let shop = fields.shop();
        let id = fields.optional("id", &text(product_id));
        let sku = fields.change_or_clear("sku", &text(Sku::parse));
        let slug = fields.optional("slug", &text(Slug::parse));
        let name = fields.optional("name", &text(ProductName::parse));
        let description = fields.change_or_clear("description", &text(Description::parse));
        let price = fields.optional("price", &integer(Price::parse));
        let currency = fields.optional("currency", &shop_currency(shop));
        let status = fields.optional("status", &text(ProductStatus::parse));
        let tax_class = fields.optional("tax_class", &text(TaxClassCode::parse));
        let weight = fields.optional("weight_grams", &integer(Grams::parse));
        let is_shippable = fields.optional("shippable", &Boolean);
        let barcode = fields.change_or_clear("barcode", &text(Barcode::parse));
        let compare_at_price = fields.change_or_clear("compare_at_price", &integer(Price::parse));
        let available_from = fields.change_or_clear("available_from", &moment());
        let available_until = fields.change_or_clear("available_until", &moment());
        let page = page(fields, ["description_html", "seo_title", "seo_description"]);
        let stock = fields.optional("stock", &integer(InitialStock::parse));
        let group = fields.optional("group", &text(Slug::parse));
        let of_group = of_group(fields);
        if matches!((&id, &sku, &slug, &group), (Some(None), Some(None | Some(None)), Some(None), Some(None))) {
            // Without any of them, a second import would create a second product.
            fields.refuse("sku", Invalid::new(Code::Required, "is required if there is no id, slug or group"));
        }
        currency?;
        Some(Self {
            id: id?,
            change: ProductChange {
                name: name?,
                price: price?,
                sku: sku?,
                slug: slug?,
                description: description?,
                status: status?,
                tax_and_shipping: TaxAndShippingChange {
                    tax_class: tax_class?,
                    weight: weight?,
                    is_shippable: is_shippable?,
                },
                particulars: ParticularsChange {
                    barcode: barcode?,
                    compare_at_price: compare_at_price?,
                    available_from: available_from?,
                    available_until: available_until?,
                },
            },
            page: page?,
            stock: stock?,
            group: group?,
            of_group: of_group?,
        })
    }
}

/// Reads the texts of a group.
fn of_group(fields: &mut Fields<'_>) -> Option<(Option<GroupName>, Option<Option<Description>>, PageTextsChange)> {
    let name = fields.optional("group.name", &text(GroupName::parse));
    let description = fields.change_or_clear("group.description", &text(Description::parse));
    let page = page(fields, ["group.description_html", "group.seo_title", "group.seo_description"]);
    Some((name?, description?, page?))
}

/// Reads texts of a page: the description in HTML, title and description for search engines.
fn page(fields: &mut Fields<'_>, [html, title, description]: [&str; 3]) -> Option<PageTextsChange> {
    let html = fields.change_or_clear(html, &text(DescriptionHtml::parse));
    let seo_title = fields.change_or_clear(title, &text(SeoTitle::parse));
    let seo_description = fields.change_or_clear(description, &text(SeoDescription::parse));
    Some(PageTextsChange { seo_title: seo_title?, seo_description: seo_description?, html: html? })
}

/// The columns with prices.
const PRICES: [&str; 2] = ["price", "compare_at_price"];

fn product_id(raw: &str) -> Result<ProductId, Invalid> {
    let id = parse_id(raw).ok().filter(|id| id.get_version_num() == 7);
    id.map(ProductId).ok_or_else(|| Invalid::new(Code::Format, "must be a UUID of version 7"))
}

/// The cells with attributes of a line: of the product, of its group, and the options.
#[derive(Default)]
struct AttributeCells {
    own: Vec<AttributeCell>,
    of_group: Vec<AttributeCell>,
    options: Vec<AttributeCell>,
}

impl AttributeCells {
    /// Takes them out of the members of a line.
    fn taken_from(members: &mut Map<String, Value>) -> Self {
        let mut cells = Self::default();
        let names: Vec<_> = members.keys().cloned().collect();
        for name in names {
            let built_in = |code: &str| AttributeCode::parse(code).ok().filter(AttributeCode::is_built_in);
            let (to, code) = match Column::parse(&name) {
                Some(Column::Option(code)) => (&mut cells.options, code),
                Some(Column::Attribute { of_group: true, code }) => (&mut cells.of_group, code),
                Some(Column::Attribute { of_group: false, code }) => (&mut cells.own, code),
                Some(Column::Fixed(fixed)) => match built_in(fixed) {
                    Some(code) => (&mut cells.own, code),
                    None => continue,
                },
                None => continue,
            };
            to.push(AttributeCell { code, text: members.remove(&name).map(written).unwrap_or_default() });
        }
        // An option without a term is none.
        cells.options.retain(|cell| !cell.text.is_empty());
        cells
    }
}

/// A value as a cell.
fn written(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(all) => {
            let all: Vec<_> = all.into_iter().map(written).collect();
            joined(all.iter().map(String::as_str))
        }
        other => other.to_string(),
    }
}

/// Takes the pictures out of the members of a line: those of the product, and those of its group.
fn pictures(members: &mut Map<String, Value>, report: &mut Report) -> [Option<RowPictures>; 2] {
    RowPictures::COLUMNS.map(|[media, alt]| {
        let (urls, alts) = (members.remove(media).map(written), members.remove(alt).map(written).unwrap_or_default());
        match urls.map(|urls| RowPictures::read(&urls, &alts)) {
            Some(Ok(row)) => return Some(row),
            Some(Err((is_alt, invalid))) => report.refuse(if is_alt { alt } else { media }, invalid),
            None if alts.is_empty() => {}
            None => {
                let message =
                    format!("says what pictures show: the column {media} with their URLs is required with it");
                report.refuse(alt, Invalid::new(Code::Excluded, message));
            }
        }
        None
    })
}

impl Entry {
    /// Parses a line. Prices are the texts in the file.
    ///
    /// # Errors
    /// Every fault of the line, in order of the columns.
    pub fn read(
        line: u64,
        mut members: Value,
        (defines, columns): (Vec<Definition>, &[String]),
        (shop, prices): (Shop, Prices),
    ) -> Result<Self, Vec<Fault>> {
        let mut report = Report::new(shop);
        for name in PRICES {
            if let Some(price) = members.get_mut(name)
                && let Value::String(written) = price
            {
                // A refused price is replaced by a valid one, so that it is refused once.
                *price = report.keep(name, prices.amount(written)).unwrap_or_default().into();
            }
        }
        let [media, of_group_media] =
            members.as_object_mut().map(|members| pictures(members, &mut report)).unwrap_or_default();
        let cells = members.as_object_mut().map(AttributeCells::taken_from).unwrap_or_default();
        let AttributeCells { mut own, mut of_group, mut options } = cells;
        // JSON has no order, and options have one.
        let place = |cell: &AttributeCell| columns.iter().position(|name| *name == format!("option.{}", cell.code));
        options.sort_by_key(|cell| place(cell).unwrap_or(columns.len()));
        // What a product differs by from others of its group is said once.
        let is_said =
            |cell: &AttributeCell| !cell.text.is_empty() || !options.iter().any(|option| option.code == cell.code);
        own.retain(is_said);
        of_group.retain(is_said);
        let read = report.object::<Named>(members, "");
        let has_pictures = of_group_media.as_ref().is_some_and(|row| !row.named.is_empty());
        let has_group = !options.is_empty() || has_pictures || of_group.iter().any(|cell| !cell.text.is_empty());
        if read.as_ref().is_some_and(|named| named.group.is_none()) && has_group {
            report.refuse(
                "group",
                Invalid::new(Code::Required, "is required with options, or attributes or pictures of a group"),
            );
        }
        let named = report.finish(read).map_err(|error| match error {
            application::Error::Invalid(fields) => {
                let mut faults: Vec<_> = fields.into_iter().map(fault).collect();
                faults.sort_by_key(|fault| {
                    COLUMNS.iter().position(|column| *column == fault.field).unwrap_or(COLUMNS.len())
                });
                faults
            }
            other => vec![of_line(other.to_string())],
        })?;
        let Named { id, change, page, stock, group, of_group: (name, description, group_page) } = named;
        let place = group.map(|slug| PlaceInGroup {
            slug,
            known: None,
            name,
            description,
            page: group_page,
            attributes: of_group,
            media: of_group_media,
            options,
        });
        let item = Item { line, known: None, id, change, page, stock, attributes: own, media, place, defines };
        Ok(Self { id, item })
    }

    /// The SKU in the line, if it has one.
    pub fn sku(&self) -> Option<&Sku> {
        self.item.change.sku.as_ref()?.as_ref()
    }

    /// The name in addresses in the line, if it has one.
    pub fn slug(&self) -> Option<&Slug> {
        self.item.change.slug.as_ref()
    }

    /// The tax class in the line, if it has one.
    pub fn tax_class(&self) -> Option<&TaxClassCode> {
        self.item.change.tax_and_shipping.tax_class.as_ref()
    }

    /// The barcode in the line, if it has one.
    pub fn barcode(&self) -> Option<&Barcode> {
        self.item.change.particulars.barcode.as_ref()?.as_ref()
    }

    /// The group in the line, if it has one.
    pub fn group(&self) -> Option<&Slug> {
        Some(&self.item.place.as_ref()?.slug)
    }
}

fn fault(error: application::FieldError) -> Fault {
    let fault = Fault::from(error);
    if fault.field.is_empty() { Fault { field: "line".to_owned(), ..fault } } else { fault }
}
