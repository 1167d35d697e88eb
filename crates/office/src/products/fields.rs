//! The fields of a product, in forms.

use application::Error;
use domain::access::Noun::Shipping;
use domain::access::Scope::Read;
use domain::pages::{DescriptionHtml, PageTexts, PageTextsChange};
use domain::products::{Barcode, Description, Product, ProductName, ProductStatus, Sku};
use domain::slugs::Slug;
use domain::tax_classes::TaxClassCode;
use domain::terms::{SeoDescription, SeoTitle};
use domain::{Grams, Invalid, Price, UtcDateTime, plain_integer};
use maud::{Markup, html};

use super::{STATUSES, status_word};
use crate::form::{Changed, Form, Held};
use crate::parts::{Field, local, number, typed_moment, typed_money};
use crate::request::Staff;
use crate::settings::choices::classes;

/// The field of the tax class, and that which says whether a product is shipped.
const TAX_CLASS: &str = "tax_class";
const SHIPPABLE: &str = "shippable";

const SHIPPED: [(&str, &str); 2] = [("true", "Yes"), ("false", "No, such as a download")];

/// What is typed of a product.
pub(super) struct Typed {
    pub(super) name: ProductName,
    pub(super) price: Price,
    pub(super) compare_at_price: Option<Price>,
    pub(super) sku: Option<Sku>,
    pub(super) barcode: Option<Barcode>,
    pub(super) description: Option<Description>,
    pub(super) status: ProductStatus,
    pub(super) slug: Option<Slug>,
    pub(super) weight: Option<Grams>,
    pub(super) tax_class: Option<TaxClassCode>,
    pub(super) is_shippable: Option<bool>,
    pub(super) available_from: Option<UtcDateTime>,
    pub(super) available_until: Option<UtcDateTime>,
    pub(super) page: PageTexts,
}

impl Typed {
    /// Takes all fields; `None` if one is refused.
    pub(super) fn take(staff: &Staff, form: &mut Form) -> Option<Self> {
        let price = |raw: &str| Price::parse(typed_money(raw, staff.office.shop.currency)?);
        let name = form.required("name", ProductName::parse);
        let amount = form.required("price", price);
        let compare_at_price = form.optional("compare_at_price", price);
        let sku = form.optional("sku", Sku::parse);
        let barcode = form.optional("barcode", Barcode::parse);
        let description = form.optional("description", Description::parse);
        let status = form.required("status", ProductStatus::parse);
        let slug = form.optional("slug", Slug::parse);
        let weight =
            form.optional("weight_grams", |raw| -> Result<Grams, Invalid> { Grams::parse(plain_integer(raw)?) });
        let tax_class = form.optional(TAX_CLASS, TaxClassCode::parse);
        let is_shippable = form.text(SHIPPABLE).map(|typed| typed != "false");
        let moment = |raw: &str| typed_moment(raw, staff.office.calendar.as_ref());
        let available_from = form.optional("available_from", moment);
        let available_until = form.optional("available_until", moment);
        let seo_title = form.optional("seo_title", SeoTitle::parse);
        let seo_description = form.optional("seo_description", SeoDescription::parse);
        let html = form.optional("description_html", DescriptionHtml::parse);
        let page = PageTexts { seo_title: seo_title?, seo_description: seo_description?, html: html? };
        Some(Self {
            name: name?,
            price: amount?,
            compare_at_price: compare_at_price?,
            sku: sku?,
            barcode: barcode?,
            description: description?,
            status: status?,
            slug: slug?,
            weight: weight?,
            tax_class: tax_class?,
            is_shippable,
            available_from: available_from?,
            available_until: available_until?,
            page,
        })
    }
}

/// The texts of the page that have changed.
pub(super) fn changed_page(changed: &Changed, typed: PageTexts) -> PageTextsChange {
    PageTextsChange {
        seo_title: changed.get("seo_title", typed.seo_title),
        seo_description: changed.get("seo_description", typed.seo_description),
        html: changed.get("description_html", typed.html),
    }
}

/// What the fields of a product hold.
pub(super) fn held(staff: &Staff, product: &Product, page: &PageTexts) -> Vec<Held> {
    let price = |price| number(staff.office.shop.money(price));
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let moment = |at: Option<UtcDateTime>| at.map(|at| local(staff.office.calendar.as_ref(), at)).unwrap_or_default();
    vec![
        ("name", product.name.to_string()),
        ("price", price(product.price)),
        ("compare_at_price", product.particulars.compare_at_price.map(price).unwrap_or_default()),
        ("sku", text(product.sku.as_ref().map(Sku::as_str))),
        ("barcode", product.particulars.barcode.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("description", text(product.description.as_ref().map(Description::as_str))),
        ("status", status_word(product.status).to_owned()),
        ("slug", text(product.slug.as_ref().map(Slug::as_str))),
        ("weight_grams", product.tax_and_shipping.weight.get().to_string()),
        (TAX_CLASS, product.tax_and_shipping.tax_class.as_str().to_owned()),
        (SHIPPABLE, product.tax_and_shipping.is_shippable.to_string()),
        ("available_from", moment(product.particulars.available_from)),
        ("available_until", moment(product.particulars.available_until)),
        ("seo_title", text(page.seo_title.as_ref().map(SeoTitle::as_str))),
        ("seo_description", text(page.seo_description.as_ref().map(SeoDescription::as_str))),
        ("description_html", text(page.html.as_ref().map(DescriptionHtml::as_str))),
    ]
}

/// The tax classes that a product can be given, by code: those that the caller may see. What a product has stays.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn tax_classes(staff: &Staff) -> Result<Vec<(String, String)>, Error> {
    if staff.may(Read(Shipping)) {
        return classes(staff).await;
    }
    let standard = TaxClassCode::default().as_str().to_owned();
    Ok(vec![(standard.clone(), standard)])
}

/// The fields, and those of attributes between them.
pub(super) fn fields(staff: &Staff, form: &Form, classes: &[(String, String)], attributes: &Markup) -> Markup {
    let classes: Vec<_> = classes.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
    let currency = staff.office.shop.currency.code();
    let zone = format!("In {}.", staff.office.calendar.zone());
    html! {
        (Field::text(form, "name", "Name").max(ProductName::MAX).required())
        (Field::text(form, "description", "Description").max(Description::MAX).lines(5))
        div.pair {
            (Field::text(form, "price", "Price").suffix(currency).required())
            (Field::text(form, "compare_at_price", "Price before").suffix(currency).hint("Above the price, if it is reduced."))
        }
        div.pair {
            (Field::text(form, "sku", "SKU").max(Sku::MAX))
            (Field::text(form, "barcode", "Barcode").hint("8, 12, 13 or 14 digits."))
        }
        div.pair {
            (Field::choice(form, "status", "Status", &STATUSES))
            (Field::text(form, "weight_grams", "Weight").suffix("g"))
        }
        div.pair {
            (Field::choice(form, TAX_CLASS, "Tax class", &classes))
            (Field::choice(form, SHIPPABLE, "Shipped", &SHIPPED))
        }
        div.pair {
            (Field::text(form, "available_from", "For sale from").kind("datetime-local").hint(&zone))
            (Field::text(form, "available_until", "For sale until").kind("datetime-local").hint(&zone))
        }
        (attributes)
        h2 { "Page in the shop" }
        (Field::text(form, "slug", "Name in addresses").hint("Empty: made of the name. An old one leads to the new one."))
        (Field::text(form, "description_html", "Description in HTML").lines(4)
            .hint("Paragraphs, lists, tables, links and pictures of the shop. All else is taken out."))
        (shown_description(form))
        (Field::text(form, "seo_title", "Title for search engines").max(SeoTitle::MAX).hint("Empty: the name."))
        (Field::text(form, "seo_description", "Text for search engines").max(SeoDescription::MAX).lines(2)
            .hint("Empty: the beginning of the description."))
        (preview(staff, form))
    }
}

/// The preview of the cleaned HTML description, in a sandboxed frame that runs nothing.
fn shown_description(form: &Form) -> Markup {
    let left = form.text("description_html").and_then(|typed| DescriptionHtml::parse(typed).ok());
    html! {
        @if let Some(left) = left {
            details.shown-html {
                summary { "How the shop shows it" }
                iframe sandbox srcdoc=(left.as_str()) title="The description as the shop shows it" {}
            }
        }
    }
}

/// How a search engine shows the product.
fn preview(staff: &Staff, form: &Form) -> Markup {
    let text = |name: &str| form.text(name);
    let title = text("seo_title").or(text("name")).unwrap_or("The name");
    let address = text("slug").unwrap_or("made of the name");
    let about = text("seo_description").or(text("description")).unwrap_or("The beginning of the description");
    html! {
        figure.preview aria-label="How a search engine shows it" {
            p.faint { (staff.office.shop_name) " › " (address) }
            p.title { (title) }
            p { (beginning(about)) }
        }
    }
}

/// As much of a text as search engines show.
fn beginning(text: &str) -> String {
    const MOST: usize = 160;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= MOST {
        return words;
    }
    let cut: String = words.chars().take(MOST).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_shown_as_it_is_cleaned_in_a_frame_without_scripts_r218_r241() {
        let typed = "<p onclick=\"x()\">Of <b>clay</b></p><script>alert(1)</script>";
        let shown = shown_description(&Form::showing([("description_html", typed)])).into_string();
        assert!(shown.contains("<iframe sandbox srcdoc=\"&lt;p&gt;Of "), "{shown}");
        assert!(!shown.contains("onclick") && !shown.contains("alert"), "{shown}");
        assert_eq!(shown_description(&Form::default()).into_string(), "");
    }

    #[test]
    fn a_long_text_is_cut_at_a_word_r241() {
        assert_eq!(beginning("A  mug\nof clay"), "A mug of clay");
        let long = beginning(&"word ".repeat(50));
        assert!(long.ends_with("word…") && long.chars().count() <= 161, "{long}");
    }
}
