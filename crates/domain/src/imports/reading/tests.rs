use proptest::prelude::*;

use super::*;
use crate::imports::{Column, PlainRow};

const OLD: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,\
    Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,\
    Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,\
    Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,\
    SEO Description,Google Shopping / Google Product Category,Variant Image,Variant Weight Unit,Variant Tax Code,\
    Cost per item,Included / United States,Price / International,Status";
const NEW: &str = "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,\
    Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,Option3 value,\
    Option3 Linked To,Price,Compare-at price,Cost per item,Charge tax,Tax code,Unit price total measure,\
    Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,\
    Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card,\
    SEO title,SEO description,Google Shopping / Google product category,Fabric (product.metafields.custom.fabric)";
const WOO: &str = "ID,Type,SKU,GTIN\\, UPC\\, EAN\\, or ISBN,Name,Published,Is featured?,Visibility in catalog,Short description,\
    Description,Date sale price starts,Date sale price ends,Tax status,Tax class,In stock?,Stock,Low stock amount,\
    Backorders allowed?,Sold individually?,Weight (kg),Length (cm),Width (cm),Height (cm),Allow customer reviews?,\
    Purchase note,Sale price,Regular price,Categories,Tags,Shipping class,Images,Download limit,Download expiry days,Parent,\
    Grouped products,Upsells,Cross-sells,External URL,Button text,Position,Brands,Attribute 1 name,Attribute 1 value(s),\
    Attribute 1 visible,Attribute 1 global,Attribute 1 default,Attribute 2 name,Attribute 2 value(s),Meta: _x";

fn manner() -> Manner {
    Manner {
        format: None,
        mapping: Vec::new(),
        ignore_unknown: false,
        fetch_media: false,
        metafields: true,
        currency: Currency::parse("EUR").unwrap(),
        decimal: None,
    }
}

fn header(line: &str) -> Vec<String> {
    let joined = line.replace("\\,", "\u{1}");
    joined.split(',').map(|name| name.trim().replace('\u{1}', ",")).collect()
}

/// Rows that have these cells and no others.
fn rows(header: &[String], all: &[&[(&str, &str)]]) -> Vec<FileRow> {
    let row = |(place, given): (usize, &&[(&str, &str)])| {
        let cell = |name: &String| given.iter().find(|(one, _)| one == name).map_or("", |(_, text)| *text).to_owned();
        for (name, _) in *given {
            assert!(header.iter().any(|known| known == name), "{name}");
        }
        FileRow { line: place as u64 + 2, cells: header.iter().map(cell).collect() }
    };
    all.iter().enumerate().map(row).collect()
}

fn read(line: &str, all: &[&[(&str, &str)]]) -> (FileFormat, Translated) {
    read_by(&manner(), line, all)
}

fn read_by(manner: &Manner, line: &str, all: &[&[(&str, &str)]]) -> (FileFormat, Translated) {
    let header = header(line);
    let mut reading = Reading::new(&header, manner).unwrap();
    let mut whole = Translated::default();
    let rows = rows(&header, all);
    for row in &rows {
        reading.look(row);
    }
    for row in rows {
        let part = reading.read(row);
        whole.rows.extend(part.rows);
        whole.faults.extend(part.faults);
        whole.notes.extend(part.notes);
    }
    let part = reading.finish();
    whole.rows.extend(part.rows);
    whole.faults.extend(part.faults);
    whole.notes.extend(part.notes);
    (reading.format(), whole)
}

fn cell<'a>(row: &'a PlainRow, name: &str) -> Option<&'a str> {
    let column = Column::parse(name).unwrap();
    let same = |one: &Column| one.name().replace("attr.tag", "tag") == column.name();
    row.cells.iter().find(|(one, _)| same(one)).map(|(_, text)| text.as_str())
}

#[test]
fn rows_with_the_same_handle_are_one_group_whichever_headers_they_have_r228() {
    let first: &[(&str, &str)] = &[
        ("Handle", "tee"),
        ("Title", "Tee"),
        ("Body (HTML)", "<p>Cotton</p>"),
        ("Vendor", "Acme"),
        ("Product Category", "Apparel > Shirts"),
        ("Tags", "new, summer"),
        ("Published", "true"),
        ("Status", "active"),
        ("Option1 Name", "Size"),
        ("Option1 Value", "M"),
        ("Variant SKU", "'TEE-M"),
        ("Variant Price", "19.99"),
        ("Variant Compare At Price", "10"),
        ("Variant Inventory Qty", "-3"),
        ("Variant Grams", "120.4"),
        ("Variant Barcode", "123"),
        ("Cost per item", "4.50"),
        ("Image Src", "https://example.com/a.jpg"),
    ];
    let second: &[(&str, &str)] =
        &[("Handle", "tee"), ("Option1 Value", "L"), ("Variant Price", "21.00"), ("Variant Barcode", "96385074")];
    let picture: &[(&str, &str)] = &[("Handle", "tee"), ("Image Src", "https://example.com/b.jpg")];
    let single: &[(&str, &str)] = &[
        ("Handle", "mug"),
        ("Title", "Mug"),
        ("Option1 Name", "Title"),
        ("Option1 Value", "Default Title"),
        ("Variant Price", "5"),
    ];
    let (format, read_old) = read(OLD, &[first, second, picture, single]);
    assert_eq!((format, read_old.faults.as_slice(), read_old.rows.len()), (FileFormat::Shopify, &[][..], 3));
    let [m, l, mug] = read_old.rows.as_slice() else { panic!() };
    for (name, text) in [
        ("group", "tee"),
        ("group.name", "Tee"),
        ("group.brand", "Acme"),
        ("group.category", "Apparel > Shirts"),
        ("group.tag", "new, summer"),
        ("option.size", "M"),
        ("sku", "TEE-M"),
        ("price", "19.99"),
        ("compare_at_price", ""),
        ("stock", "0"),
        ("weight_grams", "120"),
        ("attr.barcode_text", "123"),
        ("attr.cost", "4.50"),
        ("status", "active"),
    ] {
        assert_eq!(cell(m, name), Some(text), "{name}");
    }
    assert_eq!((cell(l, "barcode"), l.line), (Some("96385074"), 3));
    assert_eq!(
        (cell(l, "group.name"), cell(l, "group.tag")),
        (Some("Tee"), Some("new, summer")),
        "each variant says it"
    );
    assert_eq!((cell(mug, "slug"), cell(mug, "name"), cell(mug, "group")), (Some("mug"), Some("Mug"), None));
    let notes: Vec<_> = read_old.notes.iter().map(|(_, note)| note.0.as_ref()).collect();
    for said in ["pictures", "stock below zero", "no GTIN", "compare-at price", "is not counted there"] {
        assert!(notes.iter().any(|note| note.contains(said)), "{said}: {notes:?}");
    }
    let new: &[(&str, &str)] = &[
        ("URL handle", "tee"),
        ("Title", "Tee"),
        ("Published on online store", "FALSE"),
        ("Status", "Active"),
        ("Option1 name", "Size"),
        ("Option1 value", "M"),
        ("Price", "19.99"),
        ("Compare-at price", "29.99"),
        ("Inventory quantity", "5"),
        ("Requires shipping", "false"),
        ("Fabric (product.metafields.custom.fabric)", "wool"),
    ];
    let (format, read_new) = read(NEW, &[new]);
    assert_eq!((format, read_new.faults.as_slice()), (FileFormat::Shopify, &[][..]));
    let row = &read_new.rows[0];
    for (name, text) in [
        ("status", "draft"),
        ("compare_at_price", "29.99"),
        ("stock", "5"),
        ("shippable", "false"),
        ("group.attr.fabric", "wool"),
    ] {
        assert_eq!(cell(row, name), Some(text), "{name}");
    }
}

#[test]
fn variations_are_members_of_their_parent_wherever_it_stands_r229() {
    let m: &[(&str, &str)] = &[
        ("Type", "variation"),
        ("SKU", "TEE-M"),
        ("Parent", "id:10"),
        ("Regular price", "20"),
        ("Sale price", "15"),
        ("Attribute 1 name", "Size"),
        ("Attribute 1 value(s)", "M"),
        ("Stock", "4"),
        ("Weight (kg)", "0.25"),
        ("Published", "1"),
    ];
    let l: &[(&str, &str)] = &[
        ("Type", "variation"),
        ("SKU", "TEE-L"),
        ("Parent", "TEE"),
        ("Regular price", "20"),
        ("Attribute 1 name", "Size"),
        ("Attribute 1 value(s)", "L"),
    ];
    let parent: &[(&str, &str)] = &[
        ("ID", "10"),
        ("Type", "variable"),
        ("SKU", "TEE"),
        ("Name", "Tee"),
        ("Description", "<p>A\\nB</p>"),
        ("Categories", "Men > Shirts, Sale\\, summer"),
        ("Brands", "Acme"),
        ("Attribute 1 name", "Size"),
        ("Attribute 1 value(s)", "M, L"),
        ("Attribute 2 name", "Fabric"),
        ("Attribute 2 value(s)", "Cotton, Wool"),
    ];
    let bad: &[(&str, &str)] = &[("Type", "grouped"), ("SKU", "SET")];
    let lost: &[(&str, &str)] = &[("Type", "variation"), ("Parent", "nobody")];
    let simple: &[(&str, &str)] = &[
        ("Type", "simple, virtual"),
        ("SKU", "PDF"),
        ("Name", "'=Guide"),
        ("Regular price", "5"),
        ("Published", "-1"),
        ("Images", "a.jpg"),
    ];
    let (format, read) = read(WOO, &[m, l, parent, bad, lost, simple]);
    assert_eq!(format, FileFormat::WooCommerce);
    let faults: Vec<_> = read.faults.iter().map(|fault| (fault.line, fault.field.as_str())).collect();
    assert_eq!(faults, [(5, "Type"), (6, "Parent")]);
    let [m, l, pdf] = read.rows.as_slice() else { panic!("{read:?}") };
    for (name, text) in [
        ("group", "tee"),
        ("group.name", "Tee"),
        ("group.description_html", "<p>A\nB</p>"),
        ("group.category", "Men > Shirts, Sale\\, summer"),
        ("group.brand", "Acme"),
        ("group.attr.fabric", "Cotton"),
        ("option.size", "M"),
        ("price", "15"),
        ("compare_at_price", "20"),
        ("weight_grams", "250"),
        ("stock", "4"),
        ("status", "active"),
    ] {
        assert_eq!(cell(m, name), Some(text), "{name}");
    }
    assert_eq!((cell(l, "group"), cell(l, "group.name"), cell(l, "price")), (Some("tee"), Some("Tee"), Some("20")));
    let expected = (Some("=Guide"), Some("false"), Some("draft"));
    assert_eq!((cell(pdf, "name"), cell(pdf, "shippable"), cell(pdf, "status")), expected);
    assert_eq!(read.notes.iter().filter(|(_, note)| note.0.contains("the first is taken")).count(), 1);
}

#[test]
fn unknown_columns_are_refused_mapped_or_left_out_r230() {
    let line = "Artikel,Preis,Farbe";
    let refused = Reading::new(&header(line), &manner()).unwrap_err();
    assert!(refused.contains("3 unknown columns: \"Artikel\", \"Preis\", \"Farbe\""), "{refused}");
    let mapping = vec![("artikel".to_owned(), "sku".to_owned()), ("Preis".to_owned(), "price".to_owned())];
    let mapped = Manner { mapping, ignore_unknown: true, ..manner() };
    let mut reading = Reading::new(&header(line), &mapped).unwrap();
    let fields: Vec<_> = reading.columns().into_iter().map(|(_, field)| field).collect();
    assert_eq!(fields, [Some("sku".to_owned()), Some("price".to_owned()), None]);
    let row = FileRow { line: 2, cells: vec!["a".into(), "5".into(), "blau".into()] };
    assert_eq!(reading.read(row).rows[0].cells.len(), 2);
    let unmapped = Manner { mapping: vec![("Nr".to_owned(), "sku".to_owned())], ..manner() };
    assert!(Reading::new(&header(line), &unmapped).unwrap_err().contains("lacks what is mapped: \"Nr\""));
    let extended = format!("{OLD},Ours");
    assert!(Reading::new(&header(&extended), &manner()).unwrap_err().contains("\"Ours\""));
    let left_out = Manner { ignore_unknown: true, ..manner() };
    let reading = Reading::new(&header(&extended), &left_out).unwrap();
    assert_eq!(reading.format(), FileFormat::Shopify);
}

proptest! {
    #[test]
    fn no_file_is_too_strange_to_be_read_or_refused_r228_r229(
        which in 0..3_usize,
        cells in prop::collection::vec(prop::collection::vec("(|tee|M|variable|variation|id:1|1|-2|[0-9.]{1,6}|\\PC{0,9})", 0..50), 0..8),
    ) {
        let header = header([OLD, NEW, WOO][which]);
        let mut reading = Reading::new(&header, &manner()).unwrap();
        let lines = cells.len();
        let fit = |mut cells: Vec<String>| { cells.resize(header.len(), String::new()); cells };
        let rows: Vec<_> = cells.into_iter().enumerate().map(|(n, cells)| FileRow { line: n as u64, cells: fit(cells) }).collect();
        for row in &rows {
        reading.look(row);
    }
        let mut said = 0;
        for row in rows {
            said += reading.read(row).rows.len();
        }
        said += reading.finish().rows.len();
        prop_assert!(said <= lines);
    }
}

/// The cells of a file whose pictures are fetched.
fn with_pictures(line: &str, all: &[&[(&str, &str)]]) -> Translated {
    let (_, read) = read_by(&Manner { fetch_media: true, ..manner() }, line, all);
    assert!(read.faults.is_empty() && !read.notes.iter().any(|(_, note)| note.0.contains("not fetched")), "{read:?}");
    read
}

#[test]
fn pictures_of_shopify_are_those_of_the_group_by_position_and_a_variant_has_its_own_r228() {
    let names = [
        [
            "Image Src",
            "Image Position",
            "Image Alt Text",
            "Variant Image",
            "Handle",
            "Option1 Name",
            "Option1 Value",
            "Variant Price",
        ],
        [
            "Product image URL",
            "Image position",
            "Image alt text",
            "Variant image URL",
            "URL handle",
            "Option1 name",
            "Option1 value",
            "Price",
        ],
    ];
    for (line, [src, position, alt, own, handle, option, value, price]) in [(OLD, names[0]), (NEW, names[1])] {
        let long = "x".repeat(301);
        let read = with_pictures(
            line,
            &[
                &[
                    (handle, "tee"),
                    ("Title", "Tee"),
                    (option, "Size"),
                    (value, "S"),
                    (price, "1"),
                    (src, "https://a/2.png"),
                    (position, "2"),
                ],
                &[
                    (handle, "tee"),
                    (value, "M"),
                    (price, "1"),
                    (src, "https://a/1.png"),
                    (position, "1"),
                    (alt, "A tee,\nblue"),
                    (own, "https://a/m.png"),
                ],
                &[(handle, "tee"), (src, "https://a/3,x.png"), (position, "3"), (alt, long.as_str())],
                &[(handle, "tee"), (src, "https://a/2.png"), (position, "4")],
                &[(handle, "mug"), ("Title", "Mug"), (price, "2"), (src, "https://a/mug.png")],
                &[(handle, "mug"), (src, "https://a/mug2.png")],
                &[(handle, "pot"), ("Title", "Pot"), (price, "2")],
            ],
        );
        let of = |row: usize, name: &str| cell(&read.rows[row], name).map(ToOwned::to_owned);
        assert_eq!(of(0, "group.media").as_deref(), Some("https://a/1.png, https://a/2.png, https://a/3\\,x.png"));
        let alts = format!("A tee\\, blue, , {}", "x".repeat(300));
        assert_eq!((of(0, "group.media_alt"), of(0, "media")), (Some(alts), Some(String::new())));
        assert_eq!((of(1, "media").as_deref(), of(1, "group.media")), (Some("https://a/m.png"), of(0, "group.media")));
        assert_eq!(of(2, "media").as_deref(), Some("https://a/mug.png, https://a/mug2.png"));
        assert_eq!((of(3, "media").as_deref(), of(3, "media_alt").as_deref()), (Some(""), Some("")), "it has none");
        assert!(read.notes.iter().any(|(line, note)| *line == 4 && note.0.contains("300 characters")));
    }
    let without = "Handle,Title,Variant SKU,Variant Price";
    let read = with_pictures(without, &[&[("Handle", "mug"), ("Title", "Mug"), ("Variant Price", "2")]]);
    assert_eq!(cell(&read.rows[0], "media"), None, "nothing is said of pictures");
}

#[test]
fn pictures_of_woocommerce_are_those_of_the_group_or_of_the_product_r229() {
    let read = with_pictures(
        WOO,
        &[
            &[
                ("Type", "variation"),
                ("SKU", "m"),
                ("Parent", "tee"),
                ("Regular price", "1"),
                ("Attribute 1 name", "Size"),
                ("Attribute 1 value(s)", "M"),
                ("Images", "https://a/m.png"),
            ],
            &[("Type", "variable"), ("SKU", "tee"), ("Name", "Tee"), ("Images", "https://a/1.png, https://a/2.png")],
            &[
                ("Type", "simple"),
                ("SKU", "mug"),
                ("Name", "Mug"),
                ("Regular price", "1"),
                ("Images", "https://a/x\\,y.png"),
            ],
        ],
    );
    let of = |row: usize, name: &str| cell(&read.rows[row], name);
    assert_eq!(
        (of(0, "group.media"), of(0, "media")),
        (Some("https://a/1.png, https://a/2.png"), Some("https://a/m.png"))
    );
    assert_eq!((of(1, "media"), of(1, "group.media")), (Some("https://a/x\\,y.png"), None));
}

#[test]
fn pictures_of_a_plain_file_are_left_out_and_said_unless_they_are_fetched_r230_r233() {
    let line = "sku,media,media_alt,group.media";
    let row: &[&[(&str, &str)]] = &[&[("sku", "a"), ("media", "https://a/1.png")], &[("sku", "b")]];
    let (_, left_out) = read(line, row);
    assert!(left_out.rows.iter().all(|row| row.cells.len() == 1));
    assert_eq!(
        left_out.notes.iter().map(|(line, note)| (*line, note.0.as_ref())).collect::<Vec<_>>(),
        [(2, "pictures are not fetched")]
    );
    let fetched = with_pictures(line, row);
    assert_eq!((cell(&fetched.rows[0], "media"), cell(&fetched.rows[1], "media")), (Some("https://a/1.png"), Some("")));
}

/// What a row says of options, by their codes.
fn options(row: &PlainRow) -> Vec<(&str, &str)> {
    let cells = row.cells.iter().filter_map(|(column, text)| match column {
        Column::Option(code) => Some((code.as_str(), text.as_str())),
        _ => None,
    });
    cells.collect()
}

#[test]
fn options_whose_names_have_no_latin_letters_are_different_attributes_r228_r229() {
    for [size, colour, m, red] in [["Размер", "Цвет", "М", "красный"], ["サイズ", "色", "中", "赤"]]
    {
        let variant: &[(&str, &str)] = &[
            ("Handle", "tee"),
            ("Option1 Name", size),
            ("Option1 Value", m),
            ("Option2 Name", colour),
            ("Option2 Value", red),
            ("Variant Price", "5"),
        ];
        let parent: &[(&str, &str)] = &[("ID", "10"), ("Type", "variable"), ("Name", "Tee")];
        let variation: &[(&str, &str)] = &[
            ("Type", "variation"),
            ("Parent", "id:10"),
            ("Attribute 1 name", size),
            ("Attribute 1 value(s)", m),
            ("Attribute 2 name", colour),
            ("Attribute 2 value(s)", red),
        ];
        let (shopify, woo) = (read(OLD, &[variant]).1, read(WOO, &[parent, variation]).1);
        assert_eq!((shopify.faults.len(), woo.faults.len()), (0, 0));
        let (one, other) = (options(&shopify.rows[0]), options(&woo.rows[0]));
        assert_eq!(one, other, "the same names have the same codes in each file");
        let [(first, value), (second, _)] = one.as_slice() else { panic!("{one:?}") };
        assert!(first != second && *value == m, "{one:?}");
        let names: Vec<_> = shopify.rows[0].defines.iter().map(|one| one.name.as_str()).collect();
        assert!(names.contains(&size) && names.contains(&colour), "{names:?}");
    }
}

#[test]
fn an_option_is_the_attribute_of_the_shop_that_has_its_name_r228_r229() {
    use crate::attributes::tests::attribute;
    use crate::attributes::{Attribute, AttributeName, AttributeType};
    let name = AttributeName::parse("Размер").unwrap();
    let known = Choices::of(&[Attribute { name, ..attribute("razmer", AttributeType::Choice) }]);
    let header = header(OLD);
    let cells: &[(&str, &str)] = &[("Handle", "tee"), ("Option1 Name", "РАЗМЕР"), ("Option1 Value", "М")];
    let mut reading = Reading::new(&header, &manner()).unwrap();
    reading.know(&known);
    for row in rows(&header, &[cells]) {
        reading.read(row);
    }
    assert_eq!(options(&reading.finish().rows[0]), [("razmer", "М")]);
}

#[test]
fn products_of_other_scripts_have_slugs_of_their_own_wherever_they_stand_r228_r229() {
    let shopify = |handle: &str| {
        let row: &[(&str, &str)] = &[("Handle", handle), ("Title", "Tee"), ("Variant Price", "5")];
        cell(&read(OLD, &[row]).1.rows[0], "slug").unwrap().to_owned()
    };
    assert_eq!(shopify("tee-2"), "tee-2");
    assert_ne!(shopify("футболка"), shopify("платье"));
    assert_ne!(shopify("футболка-2"), shopify("платье-2"));
    let parent: &[(&str, &str)] = &[("ID", "10"), ("Type", "variable"), ("Name", "Футболка")];
    let other: &[(&str, &str)] = &[("ID", "11"), ("Type", "variable"), ("Name", "Платье")];
    let of = |parent: &'static str, sku: &'static str| {
        [
            ("Type", "variation"),
            ("SKU", sku),
            ("Parent", parent),
            ("Attribute 1 name", "Size"),
            ("Attribute 1 value(s)", "M"),
        ]
    };
    let (one, two) = (of("id:10", "a"), of("id:11", "b"));
    let groups = |all: &[&[(&str, &str)]], first: &str| {
        let read = read(WOO, all).1;
        let mut groups: Vec<_> = read
            .rows
            .iter()
            .map(|row| (cell(row, "sku") == Some(first), cell(row, "group").unwrap().to_owned()))
            .collect();
        groups.sort();
        groups
    };
    let there = groups(&[parent, &one, other, &two], "a");
    assert_eq!(there, groups(&[other, &two, &[("Type", "grouped")], parent, &one], "a"), "on whichever line");
    assert_ne!(there[0].1, there[1].1);
    let simple = |id: &str| {
        let row: &[(&str, &str)] = &[("ID", id), ("Type", "simple"), ("Name", "カップ"), ("Regular price", "5")];
        cell(&read(WOO, &[row]).1.rows[0], "slug").unwrap().to_owned()
    };
    assert_ne!(simple("20"), simple("21"));
}

#[test]
fn each_row_without_a_handle_is_refused_r228() {
    let without: &[(&str, &str)] = &[("Title", "Tee"), ("Variant Price", "5")];
    let good: &[(&str, &str)] = &[("Handle", "mug"), ("Title", "Mug"), ("Variant Price", "5")];
    let (_, read) = read(OLD, &[without, without, good, without]);
    let faults: Vec<_> = read.faults.iter().map(|one| (one.line, one.field.as_str(), one.invalid.code)).collect();
    assert_eq!(faults, [2, 3, 5].map(|line| (line, "Handle", Code::Required)));
    assert_eq!(read.rows.len(), 1);
}
