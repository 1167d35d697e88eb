//! How the file of an import is read, in forms.

use domain::imports::{FileFormat, ImportOptions, ImportOptionsChange};
use domain::{Code, DecimalMark, Invalid};
use maud::{Markup, html};

use crate::form::{Form, Held};
use crate::parts::Field;

const FORMATS: [(&str, &str); 4] = [
    ("", "What its header says"),
    ("plain", "Plain: as Storekeeper exports it"),
    ("shopify", "Shopify"),
    ("woocommerce", "WooCommerce"),
];
const DECIMALS: [(&str, &str); 3] = [
    ("", "1999, without a mark: whole cents"),
    ("point", "1,999.00, with a point"),
    ("comma", "1.999,00, with a comma"),
];
const UNKNOWN: [(&str, &str); 2] = [("", "Refuse the file"), ("true", "Leave them out")];
const STOCK: [(&str, &str); 2] = [("", "Leave it as it is"), ("true", "Set it to what the file says")];
const PICTURES: [(&str, &str); 2] = [("", "Leave them out"), ("true", "Fetch them from where they are")];

/// What the fields hold.
pub(super) fn held(options: &ImportOptions) -> Vec<Held> {
    let flag = |is: bool| if is { "true".to_owned() } else { String::new() };
    let decimal = match options.decimal {
        Some(DecimalMark::Point) => "point",
        Some(DecimalMark::Comma) => "comma",
        None => "",
    };
    vec![
        ("format", options.format.map_or("", FileFormat::as_str).to_owned()),
        ("decimal", decimal.to_owned()),
        ("ignore_unknown", flag(options.ignore_unknown)),
        ("stock", flag(options.stock)),
        ("fetch_media", flag(options.fetch_media)),
    ]
}

/// What is typed; `None` if something is refused. The mapping of columns stays.
pub(super) fn typed(form: &mut Form) -> Option<ImportOptionsChange> {
    let format = form.optional("format", FileFormat::parse);
    let decimal = form.optional("decimal", |raw| match raw {
        "point" => Ok(DecimalMark::Point),
        "comma" => Ok(DecimalMark::Comma),
        _ => Err(Invalid::new(Code::NotAllowed, "must be one of: point, comma")),
    });
    let is_chosen = |name| form.text(name) == Some("true");
    let (ignore_unknown, stock) = (Some(is_chosen("ignore_unknown")), Some(is_chosen("stock")));
    let fetch_media = Some(is_chosen("fetch_media"));
    let (format, decimal) = (Some(format?), Some(decimal?));
    Some(ImportOptionsChange { format, decimal, mapping: None, ignore_unknown, stock, fetch_media })
}

/// The fields.
pub(super) fn fields(form: &Form) -> Markup {
    html! {
        div.pair {
            (Field::choice(form, "format", "Columns are those of", &FORMATS))
            (Field::choice(form, "decimal", "Prices are written as", &DECIMALS))
        }
        div.pair {
            (Field::choice(form, "ignore_unknown", "Unknown columns", &UNKNOWN))
            (Field::choice(form, "stock", "Stock of known products", &STOCK))
        }
        div.pair {
            (Field::choice(form, "fetch_media", "Pictures that it names", &PICTURES))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_typed_as_they_are_shown_r245() {
        let options = ImportOptions {
            format: Some(FileFormat::Shopify),
            decimal: Some(DecimalMark::Comma),
            ignore_unknown: true,
            fetch_media: true,
            ..ImportOptions::default()
        };
        for options in [options, ImportOptions::default()] {
            let mut form = Form::showing(held(&options));
            assert_eq!(ImportOptions::default().changed(typed(&mut form).unwrap()), options);
        }
        let mut form = Form::showing([("decimal", "guess")]);
        assert_eq!(typed(&mut form), None);
        assert_eq!(form.fault("decimal"), Some("must be one of: point, comma"));
    }
}
