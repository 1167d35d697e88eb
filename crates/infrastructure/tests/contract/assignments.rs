use std::time::Duration;

use application::assignments::AssignAttributes;
use application::attributes::DeleteAttribute;
use application::products::DeleteProduct;
use application::terms::DeleteTerm;
use domain::Version;
use domain::assignments::{Assigned, Has, ShownAttribute, ShownValue};
use domain::attributes::{AttributeDetails, AttributeInput, AttributeType, Position, Scalar};
use domain::products::{Product, ProductId};
use domain::terms::TermKey;

use crate::attributes::{add_attribute, built_in, code, details};
use crate::support::{NOW, TestDb, at_once};
use crate::terms::{add_term, slug};

on_every_database!(
    assigning_to_a_product_replaces_values_and_raises_its_version_r203,
    attributes_of_a_product_are_shown_in_order_of_positions_r203,
    a_term_is_taken_from_the_products_that_have_it_r201,
    attributes_are_deleted_with_their_product_r203,
    a_term_that_a_product_gets_meanwhile_is_not_deleted_r201_r203,
    one_tag_is_made_however_many_products_get_it_at_once_r203,
);

async fn assigned(db: &TestDb, id: ProductId) -> Assigned {
    db.begin().await.assignments().of(id).await.unwrap()
}

async fn stored(db: &TestDb, id: ProductId) -> Product {
    db.database.queries().products.get(id, None).await.unwrap().unwrap().product
}

async fn replace(db: &TestDb, product: &Product, before: &Assigned, after: &Assigned) {
    let mut tx = db.begin().await;
    tx.assignments().replace(product, before, after).await.unwrap();
    tx.commit().await.unwrap();
}

async fn assigning_to_a_product_replaces_values_and_raises_its_version_r203(db: TestDb) {
    let (category, tag) = (built_in(&db, "category").await, built_in(&db, "tag").await);
    let mut terms = Vec::new();
    for name in ["a", "b", "c", "d"] {
        terms.push(add_term(&db, &category, name, None).await.id);
    }
    let new = add_term(&db, &tag, "new", None).await.id;
    let mut values = Vec::new();
    for (kind, value) in [
        (AttributeType::Text, Scalar::Text(domain::attributes::AttributeText::parse(&"é".repeat(500)).unwrap())),
        (AttributeType::Integer, Scalar::Integer(-(1 << 53))),
        (AttributeType::Decimal, Scalar::Decimal(domain::attributes::Decimal::parse("-1000000000000").unwrap())),
        (AttributeType::Boolean, Scalar::Boolean(false)),
        (AttributeType::Date, Scalar::date("0001-01-01").unwrap()),
    ] {
        let attribute = add_attribute(&db, details(kind.as_str(), kind)).await;
        values.push((attribute.id, Some(Has::Value(value))));
    }
    let (product, other) = (db.add_product("Mug", 0).await, db.add_product("Cup", 0).await);
    let nothing = Assigned::default();
    assert_eq!(assigned(&db, product.id).await, nothing);
    let has = |these: &[usize]| Some(Has::Terms(these.iter().map(|place| terms[*place]).collect()));
    let first = nothing
        .with(values.iter().cloned().chain([(category.id, has(&[0, 1, 2])), (tag.id, Some(Has::Terms(vec![new])))]))
        .unwrap();
    let others = nothing.with([(category.id, has(&[0])), values[1].clone()]).unwrap();
    replace(&db, &other, &nothing, &others).await;
    let later = Product { version: Version(2), updated_at: NOW + Duration::from_secs(1), ..product.clone() };
    replace(&db, &later, &nothing, &first).await;
    assert_eq!(assigned(&db, product.id).await, first);
    assert_eq!(stored(&db, product.id).await, later);
    // One goes, one comes, one keeps its place and the others change theirs; a value goes and one changes.
    let changed = (values[1].0, Some(Has::Value(Scalar::Integer(7))));
    let second = first.with([(category.id, has(&[3, 1, 0])), changed, (values[4].0, None), (tag.id, None)]).unwrap();
    replace(&db, &later, &first, &second).await;
    assert_eq!(assigned(&db, product.id).await, second);
    replace(&db, &later, &second, &nothing).await;
    assert_eq!(assigned(&db, product.id).await, nothing);
    assert_eq!(assigned(&db, other.id).await, others, "what others have stays");
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn attributes_of_a_product_are_shown_in_order_of_positions_r203(db: TestDb) {
    let (category, brand) = (built_in(&db, "category").await, built_in(&db, "brand").await);
    let top = add_term(&db, &category, "top", None).await;
    let below = add_term(&db, &category, "below", Some(&top)).await;
    let acme = add_term(&db, &brand, "acme", None).await;
    let width = AttributeDetails {
        position: Position::parse(0).unwrap(),
        is_internal: true,
        unit: domain::attributes::Unit::parse("cm").ok(),
        ..details("width", AttributeType::Decimal)
    };
    let width = add_attribute(&db, width).await;
    let (mug, cup, bare) =
        (db.add_product("Mug", 0).await, db.add_product("Cup", 0).await, db.add_product("Bare", 0).await);
    let number = Scalar::Decimal(domain::attributes::Decimal::parse("12.5").unwrap());
    let has = Assigned::default()
        .with([
            (brand.id, Some(Has::Terms(vec![acme.id]))),
            (category.id, Some(Has::Terms(vec![below.id, top.id]))),
            (width.id, Some(Has::Value(number.clone()))),
        ])
        .unwrap();
    replace(&db, &mug, &Assigned::default(), &has).await;
    let only = Assigned::default().with([(brand.id, Some(Has::Terms(vec![acme.id])))]).unwrap();
    replace(&db, &cup, &Assigned::default(), &only).await;
    let told = |all: &[ShownAttribute]| {
        let value = |shown: &ShownAttribute| match &shown.value {
            ShownValue::Terms(terms) => terms.iter().map(|term| term.slug.as_str()).collect::<Vec<_>>().join(" "),
            ShownValue::Value(value) => value.to_string(),
        };
        all.iter().map(|shown| format!("{}: {}", shown.code, value(shown))).collect::<Vec<_>>()
    };
    let queries = db.database.queries().assignments;
    let shown = queries.shown(&[mug.id, cup.id, bare.id]).await.unwrap();
    assert_eq!(shown.len(), 2);
    assert_eq!(told(&shown[&mug.id]), ["category: below top", "width: 12.5", "brand: acme"]);
    assert_eq!(told(&shown[&cup.id]), ["brand: acme"]);
    let width = &shown[&mug.id][1];
    assert_eq!((width.is_internal, width.unit.as_ref().map(domain::attributes::Unit::as_str)), (true, Some("cm")));
    assert_eq!(shown[&mug.id][0].main_category(), Some(below.id));
    assert_eq!(db.begin().await.assignments().shown(mug.id).await.unwrap(), shown[&mug.id]);
    assert!(queries.shown(&[]).await.unwrap().is_empty());
}

fn text(text: &str) -> AttributeInput {
    AttributeInput::Text(text.to_owned())
}

fn assign(id: ProductId, given: &[(&str, AttributeInput)]) -> AssignAttributes {
    let given = given.iter().map(|(code, given)| ((*code).to_owned(), given.clone())).collect();
    AssignAttributes { product_id: id, given, expected: None }
}

async fn a_term_is_taken_from_the_products_that_have_it_r201(db: TestDb) {
    let brand = built_in(&db, "brand").await;
    let acme = add_term(&db, &brand, "acme", None).await;
    add_term(&db, &brand, "other", None).await;
    let runner = db.runner();
    let mut products = Vec::new();
    for number in 0..3 {
        let product = db.add_product("Mug", 0).await;
        runner.run(assign(product.id, &[("brand", text(if number < 2 { "acme" } else { "other" }))])).await.unwrap();
        products.push(product.id);
    }
    let mut tx = db.begin().await;
    assert_eq!(tx.terms().count_products(acme.id).await.unwrap(), 2);
    assert_eq!(tx.assignments().having(acme.id).await.unwrap(), products[..2]);
    assert!(tx.attributes().is_used(brand.id).await.unwrap());
    drop(tx);
    let delete =
        |detach| DeleteTerm { attribute: code("brand"), key: TermKey::Slug(slug("acme")), detach, expected: None };
    let refused = runner.run(delete(false)).await.unwrap_err();
    let in_use = application::Conflict::TermInUse { products: 2 };
    assert!(matches!(&refused, application::Error::Conflict(conflict) if *conflict == in_use), "{refused:?}");
    runner.run(delete(true)).await.unwrap();
    for (id, version) in products.iter().zip([3, 3, 2]) {
        assert_eq!(stored(&db, *id).await.version, Version(version));
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM product_terms").await, 1);
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn attributes_are_deleted_with_their_product_r203(db: TestDb) {
    add_attribute(&db, details("size", AttributeType::Integer)).await;
    let (runner, mug) = (db.runner(), db.add_product("Mug", 0).await);
    let given = [("tag", text("New")), ("size", AttributeInput::Number("7".to_owned()))];
    runner.run(assign(mug.id, &given)).await.unwrap();
    let delete = || DeleteAttribute { code: code("size"), expected: None };
    let refused = runner.run(delete()).await.unwrap_err();
    assert!(matches!(refused, application::Error::Conflict(application::Conflict::InUse { .. })), "{refused:?}");
    runner.run(DeleteProduct { id: mug.id, expected: None }).await.unwrap();
    for table in ["product_terms", "product_values"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    runner.run(delete()).await.unwrap();
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn a_term_that_a_product_gets_meanwhile_is_not_deleted_r201_r203(db: TestDb) {
    let colour = add_attribute(&db, details("colour", AttributeType::Choice)).await;
    let (runner, mug) = (db.runner(), db.add_product("Mug", 0).await);
    for round in 0..8 {
        let name = format!("c{round}");
        let made = add_term(&db, &colour, &name, None).await;
        let (give, delete) = (
            assign(mug.id, &[("colour", text(&name))]),
            DeleteTerm { attribute: code("colour"), key: TermKey::Id(made.id), detach: false, expected: None },
        );
        let done = at_once(2, |number| {
            let (runner, give, delete) = (runner.clone(), give.clone(), delete.clone());
            async move { if number == 0 { runner.run(give).await.map(drop) } else { runner.run(delete).await } }
        });
        let done = done.await;
        assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
        let refused = done.into_iter().find_map(Result::err);
        assert!(
            matches!(refused, Some(application::Error::Conflict(_) | application::Error::Invalid(_))),
            "{refused:?}"
        );
    }
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn one_tag_is_made_however_many_products_get_it_at_once_r203(db: TestDb) {
    let runner = db.runner();
    let mut products = Vec::new();
    for _ in 0..6 {
        products.push(db.add_product("Mug", 0).await.id);
    }
    let done = at_once(6, |number| {
        let (runner, give) = (runner.clone(), assign(products[number], &[("tag", text("Summer Time"))]));
        async move { runner.run(give).await.unwrap() }
    });
    assert_eq!(done.await.len(), 6);
    assert_eq!(db.number("SELECT COUNT(*) FROM terms").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM product_terms").await, 6);
}
