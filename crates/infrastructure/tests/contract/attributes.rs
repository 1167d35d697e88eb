use std::time::Duration;

use application::attributes::{CreateAttribute, DeleteAttribute};
use domain::StoreError;
use domain::attributes::{
    Attribute, AttributeChange, AttributeCode, AttributeDetails, AttributeId, AttributeName, AttributeType, Position,
    Unit,
};

use crate::support::{NOW, TestDb, at_once, every_page, id};
use crate::terms::add_term;

on_every_database!(
    an_attribute_can_be_locked_changed_and_deleted_with_its_terms_r200,
    the_code_of_an_attribute_is_unique_and_three_are_built_in_r200,
    attributes_are_listed_in_order_of_position_and_internal_ones_if_asked_for_r200,
    a_shop_never_has_more_than_200_attributes_r200,
    the_taxonomy_has_all_attributes_and_all_categories_r202,
);

pub fn code(code: &str) -> AttributeCode {
    AttributeCode::parse(code).unwrap()
}

pub fn details(name: &str, kind: AttributeType) -> AttributeDetails {
    AttributeDetails {
        code: code(name),
        name: AttributeName::parse("Größe 🦊").unwrap(),
        kind,
        is_multiple: false,
        is_filterable: kind != AttributeType::Text,
        is_internal: false,
        unit: None,
        position: Position::parse(10).unwrap(),
    }
}

pub async fn add_attribute(db: &TestDb, details: AttributeDetails) -> Attribute {
    let attribute = Attribute::new(AttributeId(id()), details, NOW);
    let mut tx = db.begin().await;
    tx.attributes().insert(&attribute).await.unwrap();
    tx.commit().await.unwrap();
    attribute
}

/// An attribute that is there from the start.
pub async fn built_in(db: &TestDb, name: &str) -> Attribute {
    db.database.queries().attributes.get(&code(name)).await.unwrap().unwrap()
}

async fn an_attribute_can_be_locked_changed_and_deleted_with_its_terms_r200(db: TestDb) {
    let queries = db.database.queries().attributes;
    let other = add_attribute(&db, details("other", AttributeType::Choice)).await;
    let kept = add_term(&db, &other, "kept", None).await;
    for kind in AttributeType::ALL {
        let unit = kind.is_number().then(|| Unit::parse("µm").unwrap());
        let made = add_attribute(&db, AttributeDetails { unit, ..details(kind.as_str(), *kind) }).await;
        assert_eq!(queries.get(&made.code).await.unwrap().as_ref(), Some(&made));
        if *kind == AttributeType::Choice {
            add_term(&db, &made, "gone", None).await;
        }
        let change = AttributeChange {
            name: AttributeName::parse("Size").ok(),
            is_internal: Some(true),
            unit: Some(None),
            ..AttributeChange::default()
        };
        let changed = made.changed(&change, NOW + Duration::from_secs(1));
        let mut tx = db.begin().await;
        assert_eq!(tx.attributes().lock(&made.code).await.unwrap().as_ref(), Some(&made));
        tx.attributes().update(&changed).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(queries.get(&made.code).await.unwrap().as_ref(), Some(&changed));
        let mut tx = db.begin().await;
        assert_eq!(tx.attributes().find(&made.code).await.unwrap(), Some(changed));
        tx.attributes().delete(made.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(queries.get(&made.code).await.unwrap(), None);
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM terms").await, 1);
    let mut tx = db.begin().await;
    assert_eq!(tx.terms().count(kept.attribute_id).await.unwrap(), 1);
}

async fn the_code_of_an_attribute_is_unique_and_three_are_built_in_r200(db: TestDb) {
    let mut tx = db.begin().await;
    assert_eq!(tx.attributes().count().await.unwrap(), 3);
    let all = tx.attributes().named(&["tag", "brand", "category", "nothing"].map(code)).await.unwrap();
    let mut built_in: Vec<_> =
        all.iter().map(|one| (one.code.as_str(), one.is_multiple, one.is_hierarchical, one.is_filterable)).collect();
    built_in.sort_unstable();
    assert_eq!(built_in, [("brand", false, false, true), ("category", true, true, true), ("tag", true, false, true)]);
    assert!(all.iter().all(|one| one.kind == AttributeType::Choice && !one.is_internal));
    let twin = Attribute::new(AttributeId(id()), details("tag", AttributeType::Choice), NOW);
    let refused = tx.attributes().insert(&twin).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Attribute::UNIQUE_CODE))), "{refused:?}");
}

async fn attributes_are_listed_in_order_of_position_and_internal_ones_if_asked_for_r200(db: TestDb) {
    for (name, position, is_internal) in [("z", 5, false), ("y", 1, true), ("x", 5, false), ("w", 0, false)] {
        let position = Position::parse(position).unwrap();
        let details = AttributeDetails { position, is_internal, ..details(name, AttributeType::Boolean) };
        add_attribute(&db, details).await;
    }
    let queries = db.database.queries().attributes;
    for (internal, expected) in [
        (true, vec!["category", "w", "brand", "y", "tag", "z", "x"]),
        (false, vec!["category", "w", "brand", "tag", "z", "x"]),
    ] {
        for limit in [1, 2, 100] {
            let all = every_page(limit, async |page| queries.list(internal, &page).await.unwrap()).await;
            assert_eq!(all.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), expected, "{limit}");
        }
    }
}

async fn a_shop_never_has_more_than_200_attributes_r200(db: TestDb) {
    let runner = db.runner();
    for number in 3..197 {
        let create = CreateAttribute(details(&format!("a{number}"), AttributeType::Boolean));
        runner.run(create).await.unwrap();
    }
    let made = at_once(6, |number| {
        let (runner, create) = (runner.clone(), CreateAttribute(details(&format!("b{number}"), AttributeType::Date)));
        async move { runner.run(create).await.is_ok() }
    });
    assert_eq!(made.await.into_iter().filter(|made| *made).count(), 3);
    runner.run(DeleteAttribute { code: code("a7"), expected: None }).await.unwrap();
    runner.run(CreateAttribute(details("c", AttributeType::Text))).await.unwrap();
}

async fn the_taxonomy_has_all_attributes_and_all_categories_r202(db: TestDb) {
    let (queries, terms) = (db.database.queries().attributes, db.database.queries().terms);
    assert!(!terms.taxonomy().await.unwrap().is_used());
    let category = built_in(&db, "category").await;
    let top = add_term(&db, &category, "top", None).await;
    let below = add_term(&db, &category, "below", Some(&top)).await;
    add_term(&db, &built_in(&db, "tag").await, "new", None).await;
    let taxonomy = terms.taxonomy().await.unwrap();
    assert!(taxonomy.is_used());
    let all: Vec<_> = taxonomy.categories().all().iter().map(|one| (one.node.id, one.depth)).collect();
    assert_eq!(all, [(top.id, 1), (below.id, 2)]);
    let codes: Vec<_> = taxonomy.filterable(false).map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["category", "brand", "tag"]);
    let mut named = queries.named(&["tag", "brand", "nothing"].map(code)).await.unwrap();
    named.sort_unstable_by(|one, other| one.code.cmp(&other.code));
    assert_eq!(named, [built_in(&db, "brand").await, built_in(&db, "tag").await]);
    assert_eq!(queries.named(&[]).await.unwrap(), []);
}
