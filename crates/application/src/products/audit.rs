use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use domain::pages::{DescriptionHtml, PageTexts};
use domain::products::Product;
use domain::{Price, Uuid};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Product {
    const RESOURCE: &'static str = "product";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            optional("sku", self.sku.as_ref()),
            field("name", &self.name),
            optional("slug", self.slug.as_ref()),
            optional("description", self.description.as_ref()),
            field("price", &self.price.amount()),
            field("status", self.status.as_str()),
            field("tax_class", self.tax_and_shipping.tax_class.as_str()),
            field("weight_grams", &self.tax_and_shipping.weight.get()),
            field("shippable", &self.tax_and_shipping.is_shippable),
            optional("barcode", self.particulars.barcode.as_ref()),
            optional("available_from", self.particulars.available_from.as_ref()),
            optional("available_until", self.particulars.available_until.as_ref()),
            optional("compare_at_price", self.particulars.compare_at_price.map(Price::amount).as_ref()),
            optional("lowest_price_30d", self.lowest_price_30d.map(Price::amount).as_ref()),
        ]
    }
}

/// A product with the texts of its page, so that the audit log has both as one resource.
pub(super) struct WithPage<'a>(pub &'a Product, pub &'a PageTexts);

impl Audited for WithPage<'_> {
    const RESOURCE: &'static str = Product::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.id.0
    }

    fn fields(&self) -> Vec<Field> {
        self.0.fields().into_iter().chain(of_page(self.1)).collect()
    }
}

/// What the audit log says of a page. Of the HTML it has the beginning.
pub(crate) fn of_page(page: &PageTexts) -> [Field; 3] {
    [
        optional("seo_title", page.seo_title.as_ref()),
        optional("seo_description", page.seo_description.as_ref()),
        optional("description_html", page.html.as_ref().map(excerpt).as_ref()),
    ]
}

/// The most characters of HTML in the audit log, whose entries hold less than HTML may have.
const EXCERPT: usize = 1_000;

/// The beginning of HTML. If it is not all, a number tells it apart from other HTML that begins so.
fn excerpt(html: &DescriptionHtml) -> String {
    let Some((cut, _)) = html.as_str().char_indices().nth(EXCERPT) else { return html.as_str().to_owned() };
    let mut hasher = DefaultHasher::new();
    html.as_str().hash(&mut hasher);
    let (beginning, bytes) = (html.as_str().get(..cut).unwrap_or_default(), html.as_str().len());
    format!("{beginning}… ({bytes} bytes, {:08x})", hasher.finish() & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_html_is_audited_by_its_beginning_and_two_of_one_beginning_differ_r218() {
        let html = |end: &str| DescriptionHtml::parse(&format!("<p>{}{end}</p>", "ä".repeat(20_000))).unwrap();
        let (one, other) = (excerpt(&html("a")), excerpt(&html("b")));
        assert!(one != other && one.len() < 2_100 && one.starts_with("<p>ä"), "{one}");
        let short = DescriptionHtml::parse("<p>x</p>").unwrap();
        assert_eq!(excerpt(&short), "<p>x</p>");
    }
}
