use domain::attributes::{AttributeCode, AttributeId, AttributeType};
use domain::groups::{GroupName, Member};
use domain::imports::{Choices, Definition};
use domain::products::{Product, ProductChange, ProductName};
use domain::slugs::Slug;
use domain::stock::{InitialStock, Stock};
use domain::terms::{Term, TermKey, TermName};
use domain::{Code, Price, Version};

use super::*;
use crate::attributes::tests::attribute;
use crate::groups::testing::{group, shown};
use crate::imports::{AttributeCell, PlaceInGroup};
use crate::terms::tests::term;
use crate::testing::{Mocks, NOW, id, product, run};

fn item(line: u64, known: Option<u128>) -> Item {
    Item {
        line,
        known: known.map(|n| ProductId(id(n))),
        id: None,
        change: ProductChange::default(),
        page: PageTextsChange::default(),
        stock: None,
        attributes: Vec::new(),
        place: None,
        media: None,
        defines: Vec::new(),
    }
}

fn named(line: u64) -> Item {
    let change = ProductChange {
        name: ProductName::parse("Mug").ok(),
        price: Price::parse(100).ok(),
        ..ProductChange::default()
    };
    Item { change, ..item(line, None) }
}

fn of(items: Vec<Item>) -> ImportItems {
    ImportItems { items, counted: None }
}

fn size(text: &str) -> AttributeCell {
    AttributeCell { code: AttributeCode::parse("size").unwrap(), text: text.to_owned() }
}

/// A transaction in which so many products are made.
fn making(made: usize) -> Mocks {
    let mut tx = Mocks::default();
    tx.slugs.expect_make().returning(|_, slug| Ok(slug.clone()));
    tx.products.expect_insert().times(made).returning(|_| Ok(()));
    tx.stock.expect_insert().times(made).returning(|_| Ok(()));
    tx.outbox.expect_append().returning(|_, _, _| Ok(()));
    tx
}

#[tokio::test]
async fn a_new_product_is_made_with_the_terms_that_its_row_names_r228() {
    let mut tx = making(1);
    tx.stock.expect_record().once().returning(|_| Ok(()));
    let brand = || attribute(8, "brand", AttributeType::Choice);
    tx.attributes.expect_find().once().returning(move |_| Ok(Some(brand())));
    tx.attributes.expect_lock().once().returning(move |_| Ok(Some(brand())));
    tx.attributes.expect_named().returning(move |_| Ok(vec![brand()]));
    // It is not known, and made; the product is given it by its slug.
    tx.terms.expect_called().returning(|_, _| Ok(Vec::new()));
    let mut asked = 0;
    tx.terms.expect_named().returning(move |_, _: &[TermKey]| {
        asked += 1;
        Ok(if asked > 2 { vec![term(21, 8, "acme")] } else { Vec::new() })
    });
    tx.terms.expect_count().returning(|_| Ok(0));
    tx.terms.expect_like().returning(|_, _| Ok(Vec::new()));
    tx.terms.expect_insert().once().withf(|term| term.name.as_str() == "Acme").returning(|_| Ok(()));
    tx.assignments.expect_replace().once().returning(|_, _, _| Ok(()));
    tx.assignments.expect_shown().returning(|_| Ok(Vec::new()));
    let brand = AttributeCell { code: AttributeCode::parse("brand").unwrap(), text: "Acme".to_owned() };
    let item = Item { attributes: vec![brand], stock: InitialStock::parse(3).ok(), ..named(2) };
    let done = run(&of(vec![item]), &mut tx).await.unwrap();
    assert_eq!((done[0].line, done[0].effect), (2, Effect::Created));
}

#[tokio::test]
async fn members_of_a_new_group_are_made_with_it_at_once_r228() {
    let mut tx = making(2);
    tx.attributes.expect_find().once().returning(|_| Ok(Some(attribute(8, "size", AttributeType::Choice))));
    tx.attributes.expect_named().returning(|_| Ok(vec![attribute(8, "size", AttributeType::Choice)]));
    tx.terms.expect_called().returning(|_, _| Ok(Vec::new()));
    tx.terms.expect_named().returning(|_, keys: &[TermKey]| {
        let all = [term(21, 8, "s"), term(22, 8, "m")];
        Ok(all.into_iter().filter(|term| keys.contains(&TermKey::Slug(term.slug.clone()))).collect())
    });
    tx.slugs.expect_give().once().returning(|_, _, _| Ok(()));
    tx.groups.expect_insert().once().returning(|_| Ok(()));
    tx.assignments.expect_replace().returning(|_, _, _| Ok(()));
    tx.groups.expect_place().once().withf(|members: &[Member]| members.len() == 2).returning(|_| Ok(()));
    tx.groups.expect_view().once().returning(|_| Ok(Some(shown(group(1)))));
    let member = |line, text: &str| {
        let place = PlaceInGroup {
            slug: Slug::parse("tee").unwrap(),
            known: None,
            name: None,
            description: None,
            page: PageTextsChange::default(),
            attributes: Vec::new(),
            media: None,
            options: vec![size(text)],
        };
        Item { id: Some(ProductId(id(u128::from(line)))), place: Some(place), ..named(line) }
    };
    let done = run(&of(vec![member(2, "s"), member(3, "m")]), &mut tx).await.unwrap();
    let lines: Vec<_> = done.iter().map(|one| (one.line, one.id, one.effect)).collect();
    assert_eq!(lines, [2, 3].map(|line| (line, ProductId(id(u128::from(line))), Effect::Created)));
}

#[tokio::test]
async fn the_stock_of_a_known_product_is_adjusted_only_if_the_import_counts_r230() {
    let counted = |reason: Option<&str>| ImportItems {
        items: vec![Item { stock: InitialStock::parse(7).ok(), ..item(2, Some(7)) }],
        counted: reason.map(|text| Reason::parse(text).unwrap()),
    };
    let known = |on_hand| {
        let mut tx = Mocks::default();
        tx.products.expect_lock().returning(|_| Ok(Some(product(7))));
        tx.stock.expect_lock().returning(move |_| Ok(vec![Stock::new(ProductId(id(7)), on_hand, NOW)]));
        tx
    };
    let done = run(&counted(None), &mut known(4)).await.unwrap();
    assert_eq!(done[0].effect, Effect::Unchanged);
    let mut tx = known(4);
    tx.stock.expect_save().once().withf(|changes| changes[0].stock.on_hand == 7).returning(|_| Ok(()));
    run(&counted(Some("stock.csv")), &mut tx).await.unwrap();
    let done = run(&counted(Some("stock.csv")), &mut known(7)).await.unwrap();
    assert_eq!(done[0].effect, Effect::Unchanged);
}

#[tokio::test]
async fn a_known_product_is_changed_where_its_row_says_so_and_counts_as_updated_r230() {
    let mut tx = Mocks::default();
    // It is looked at before the change, for the change, and after it.
    let mut versions = [1, 1, 2].into_iter();
    tx.products
        .expect_lock()
        .times(3)
        .returning(move |_| Ok(versions.next().map(|version| Product { version: Version(version), ..product(7) })));
    tx.products.expect_update().once().withf(|product| product.price.amount() == 250).returning(|_| Ok(()));
    tx.products.expect_offers().returning(|_| Ok(Vec::new()));
    tx.prices.expect_record().once().returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    let change = ProductChange { price: Price::parse(250).ok(), ..ProductChange::default() };
    let done = run(&of(vec![Item { change, ..item(2, Some(7)) }]), &mut tx).await.unwrap();
    assert_eq!(done[0].effect, Effect::Updated);
}

#[tokio::test]
async fn nothing_is_written_for_a_new_product_without_a_price_or_an_attribute_nobody_knows_r230() {
    let refused = run(&of(vec![item(2, None)]), &mut Mocks::default()).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults[0].field == "price"), "{refused:?}");
    let mut tx = Mocks::default();
    tx.attributes.expect_find().once().returning(|_| Ok(None));
    let refused = run(&of(vec![Item { attributes: vec![size("m")], ..named(2) }]), &mut tx).await.unwrap_err();
    let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
    assert_eq!((faults[0].field.as_str(), faults[0].invalid.code), ("attr.size", Code::UnknownField));
    // A file of another shop defines what it needs.
    let mut tx = Mocks::default();
    tx.attributes.expect_find().once().returning(|_| Ok(None));
    tx.attributes.expect_lock().returning(|_| Ok(None));
    tx.attributes.expect_count().once().returning(|| Ok(domain::attributes::Attribute::MOST));
    let defines = vec![Definition::choice("Size", &Choices::default())];
    let item = Item { attributes: vec![size("m")], defines, ..named(2) };
    assert!(matches!(run(&of(vec![item]), &mut tx).await.unwrap_err(), Error::Conflict(_)));
}

#[tokio::test]
async fn a_term_is_known_by_its_name_in_any_script_and_not_made_again_r228() {
    let mut tx = making(1);
    let brand = || attribute(8, "brand", AttributeType::Choice);
    tx.attributes.expect_find().once().returning(move |_| Ok(Some(brand())));
    tx.attributes.expect_named().returning(move |_| Ok(vec![brand()]));
    let known = || Term { name: TermName::parse("Чашка").unwrap(), ..term(21, 8, "t-099a8057") };
    let asks = |_: &AttributeId, names: &[String]| names == ["чашка"];
    tx.terms.expect_called().once().withf(asks).returning(move |_, _| Ok(vec![known()]));
    tx.terms.expect_named().once().returning(move |_, _| Ok(vec![known()]));
    tx.assignments.expect_replace().once().returning(|_, _, _| Ok(()));
    tx.assignments.expect_shown().returning(|_| Ok(Vec::new()));
    let brand = AttributeCell { code: AttributeCode::parse("brand").unwrap(), text: "ЧАШКА".to_owned() };
    let done = run(&of(vec![Item { attributes: vec![brand], ..named(2) }]), &mut tx).await.unwrap();
    assert_eq!(done[0].effect, Effect::Created);
}

#[test]
fn what_rows_have_in_common_is_said_once_until_another_says_something_else_r228_r229() {
    let place = |slug: &str, name: &str, term: &str| PlaceInGroup {
        slug: Slug::parse(slug).unwrap(),
        known: None,
        name: GroupName::parse(name).ok(),
        description: None,
        page: PageTextsChange::default(),
        attributes: vec![size("x")],
        media: None,
        options: vec![size(term)],
    };
    let of = |line, place: Option<PlaceInGroup>| Item { place, ..named(line) };
    let items = [
        of(2, Some(place("tee", "Tee", "s"))),
        of(3, Some(place("tee", "Tee", "m"))),
        of(4, Some(place("tee", "Shirt", "l"))),
        of(5, Some(place("cap", "Shirt", "l"))),
        of(6, None),
        of(7, Some(place("cap", "Shirt", "l"))),
    ];
    let said = said_once(&items);
    let borrowed: Vec<_> = said.iter().map(|item| matches!(item, std::borrow::Cow::Borrowed(_))).collect();
    assert_eq!(borrowed, [true, false, true, true, true, true], "only what says less is another item");
    let names: Vec<_> = said.iter().map(|item| item.place.as_ref().and_then(|one| one.name.as_ref())).collect();
    let names: Vec<_> = names.iter().map(|name| name.map(GroupName::as_str)).collect();
    assert_eq!(names, [Some("Tee"), None, Some("Shirt"), Some("Shirt"), None, Some("Shirt")]);
    let second = said[1].place.as_ref().unwrap();
    assert_eq!((second.attributes.len(), second.options.as_slice()), (0, &[size("m")][..]));
}
