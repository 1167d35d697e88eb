use std::time::Duration;

use application::terms::{CreateTerm, DeleteTerm, UpdateTerm};
use application::{Conflict, Error};
use domain::attributes::{Attribute, AttributeId, Position};
use domain::slugs::Slug;
use domain::terms::{
    SeoDescription, SeoTitle, Term, TermChange, TermDescription, TermDetails, TermFilter, TermId, TermKey, TermName,
};
use domain::{SearchText, StoreError};

use crate::attributes::{add_attribute, built_in, code, details};
use crate::support::{NOW, TestDb, at_once, every_page, first, id};

on_every_database!(
    a_term_can_be_locked_changed_and_deleted_r201,
    the_slug_of_a_term_is_unique_within_its_attribute_r201,
    a_slug_that_a_term_had_leads_to_it_and_to_no_other_r201_r217,
    terms_are_listed_in_order_of_position_and_found_by_the_words_of_their_names_r201,
    the_first_terms_of_many_attributes_are_read_at_once_r241,
    terms_are_known_by_ids_and_slugs_of_their_own_attribute_r201_r203,
    terms_are_known_by_their_folded_names_also_those_that_are_stored_without_keys_r201_r203,
    a_chain_leads_to_the_top_and_levels_lead_down_r202,
    two_moves_that_would_make_a_circle_leave_one_r202,
    many_terms_of_one_name_at_once_get_slugs_of_their_own_r201,
    a_category_below_which_another_is_put_meanwhile_stays_r202,
);

pub fn slug(slug: &str) -> Slug {
    Slug::parse(slug).unwrap()
}

fn named(name: &str) -> TermDetails {
    TermDetails::named(TermName::parse(name).unwrap())
}

pub fn term(attribute: &Attribute, name: &str, parent: Option<&Term>) -> Term {
    let details = TermDetails { parent_id: parent.map(|parent| parent.id), ..named(name) };
    Term::new(TermId(id()), attribute.id, details, slug(name), NOW)
}

/// A term whose name is also its slug.
pub async fn add_term(db: &TestDb, attribute: &Attribute, name: &str, parent: Option<&Term>) -> Term {
    let term = term(attribute, name, parent);
    let mut tx = db.begin().await;
    tx.terms().insert(&term).await.unwrap();
    tx.commit().await.unwrap();
    term
}

async fn a_term_can_be_locked_changed_and_deleted_r201(db: TestDb) {
    let (category, brand) = (built_in(&db, "category").await, built_in(&db, "brand").await);
    let top = add_term(&db, &category, "top", None).await;
    let made = add_term(&db, &category, "mugs", None).await;
    let queries = db.database.queries().terms;
    let (by_id, by_slug) = (TermKey::Id(made.id), TermKey::Slug(slug("mugs")));
    for key in [&by_id, &by_slug] {
        assert_eq!(queries.get(category.id, key).await.unwrap().as_ref(), Some(&made));
        assert_eq!(queries.get(brand.id, key).await.unwrap(), None);
    }
    let change = TermChange {
        name: TermName::parse("Cups & Mugs 🦊").ok(),
        slug: Some(slug("cups")),
        parent_id: Some(Some(top.id)),
        position: Position::parse(7).ok(),
        description: Some(TermDescription::parse(&"é\n".repeat(5_000)).ok()),
        seo_title: Some(SeoTitle::parse(&"é".repeat(70)).ok()),
        seo_description: Some(SeoDescription::parse(&"é".repeat(200)).ok()),
    };
    let changed = made.changed(&change, NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.terms().lock(category.id, &by_slug).await.unwrap().as_ref(), Some(&made));
    assert_eq!(tx.terms().lock(brand.id, &by_id).await.unwrap(), None);
    tx.terms().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(queries.get(category.id, &by_id).await.unwrap().as_ref(), Some(&changed));
    assert_eq!(queries.get(category.id, &by_slug).await.unwrap(), None);
    let mut tx = db.begin().await;
    tx.terms().delete(made.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(queries.get(category.id, &by_id).await.unwrap(), None);
    assert_eq!(db.number("SELECT COUNT(*) FROM terms").await, 1);
}

async fn the_slug_of_a_term_is_unique_within_its_attribute_r201(db: TestDb) {
    let (tag, brand) = (built_in(&db, "tag").await, built_in(&db, "brand").await);
    let acme = add_term(&db, &brand, "acme", None).await;
    add_term(&db, &tag, "acme", None).await;
    let mut tx = db.begin().await;
    let refused = tx.terms().insert(&term(&brand, "acme", None)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Term::UNIQUE_SLUG))), "{refused:?}");
    drop(tx);
    let other = add_term(&db, &brand, "other", None).await;
    let mut tx = db.begin().await;
    let change = TermChange { slug: Some(acme.slug.clone()), ..TermChange::default() };
    let refused = tx.terms().update(&other.changed(&change, NOW)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Term::UNIQUE_SLUG))), "{refused:?}");
}

async fn terms_are_listed_in_order_of_position_and_found_by_the_words_of_their_names_r201(db: TestDb) {
    let (colour, brand) = (
        add_attribute(&db, details("colour", domain::attributes::AttributeType::Choice)).await,
        built_in(&db, "brand").await,
    );
    add_term(&db, &brand, "blue", None).await;
    let mut tx = db.begin().await;
    for (name, position) in [("Sky blue", 5), ("Blue", 1), ("Größte Blüte", 5), ("Navy-blue", 0)] {
        let details = TermDetails { position: Position::parse(position).unwrap(), ..named(name) };
        let slug = Slug::of_name(name, id());
        tx.terms().insert(&Term::new(TermId(id()), colour.id, details, slug, NOW)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let queries = db.database.queries().terms;
    let names = async |search: &str, limit| {
        let filter = TermFilter { search: SearchText::parse(search).unwrap() };
        let all = every_page(limit, async |page| queries.list(colour.id, &filter, &page).await.unwrap()).await;
        all.into_iter().map(|term| term.name.to_string()).collect::<Vec<_>>()
    };
    for limit in [1, 3, 100] {
        assert_eq!(names("", limit).await, ["Navy-blue", "Blue", "Sky blue", "Größte Blüte"], "{limit}");
        assert_eq!(names("blu", limit).await, ["Navy-blue", "Blue", "Sky blue", "Größte Blüte"], "{limit}");
    }
    assert_eq!(names("BLUE sky", 9).await, ["Sky blue"]);
    assert_eq!(names("grosste", 9).await, ["Größte Blüte"]);
    assert_eq!(names("lue", 9).await, [""; 0]);
    assert_eq!(names("???", 9).await, [""; 0]);
}

async fn the_first_terms_of_many_attributes_are_read_at_once_r241(db: TestDb) {
    let (tag, brand) = (built_in(&db, "tag").await, built_in(&db, "brand").await);
    let category = built_in(&db, "category").await;
    let top = add_term(&db, &category, "top", None).await;
    let below = add_term(&db, &category, "below", Some(&top)).await;
    let mut tx = db.begin().await;
    for (name, position) in [("last", 9), ("first", 1), ("second", 5)] {
        let details = TermDetails { position: Position::parse(position).unwrap(), ..named(name) };
        tx.terms().insert(&Term::new(TermId(id()), brand.id, details, slug(name), NOW)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let queries = db.database.queries().terms;
    let found = queries.first_of_each(&[brand.id, tag.id, category.id], 2).await.unwrap();
    let shown: Vec<_> = found.iter().map(|one| (one.attribute_id, one.name.as_str(), one.slug.as_str())).collect();
    let expected = [(brand.id, "first"), (brand.id, "second"), (category.id, "top"), (category.id, "below")];
    assert_eq!(shown, expected.map(|(attribute, name)| (attribute, name, name)));
    assert_eq!((found[2].parent_id, found[3].parent_id, found[3].id), (None, Some(top.id), below.id));
    // More than one statement reads, and attributes that are not there.
    let mut many: Vec<_> = (0..150).map(|_| AttributeId(id())).collect();
    many.push(brand.id);
    assert_eq!(queries.first_of_each(&many, 1000).await.unwrap().len(), 3);
    assert!(queries.first_of_each(&[], 5).await.unwrap().is_empty());
}

async fn terms_are_known_by_ids_and_slugs_of_their_own_attribute_r201_r203(db: TestDb) {
    let (tag, brand) = (built_in(&db, "tag").await, built_in(&db, "brand").await);
    let (new, sale) = (add_term(&db, &tag, "new", None).await, add_term(&db, &tag, "sale", None).await);
    let acme = add_term(&db, &brand, "acme", None).await;
    let keys = [TermKey::Id(new.id), TermKey::Slug(slug("sale")), TermKey::Id(acme.id), TermKey::Slug(slug("acme"))];
    let mut tx = db.begin().await;
    let mut found = tx.terms().named(tag.id, &keys).await.unwrap();
    found.sort_unstable_by_key(|term| term.id);
    assert_eq!(found, [new.clone(), sale.clone()]);
    assert_eq!(tx.terms().named(tag.id, &[]).await.unwrap(), []);
    assert_eq!(tx.terms().count(tag.id).await.unwrap(), 2);
    for name in ["new-2", "new-x", "newer"] {
        tx.terms().insert(&term(&tag, name, None)).await.unwrap();
    }
    let mut like = tx.terms().like(tag.id, &slug("new")).await.unwrap();
    like.sort_unstable();
    assert_eq!(like.iter().map(Slug::as_str).collect::<Vec<_>>(), ["new", "new-2", "new-x"]);
    tx.commit().await.unwrap();
    let queries = db.database.queries().terms;
    let mut ids = queries.ids(tag.id, &["sale", "new", "acme", "nothing"].map(slug)).await.unwrap();
    ids.sort_unstable();
    assert_eq!(ids, [new.id, sale.id]);
    assert_eq!(queries.ids(tag.id, &[]).await.unwrap(), []);
}

async fn terms_are_known_by_their_folded_names_also_those_that_are_stored_without_keys_r201_r203(db: TestDb) {
    let (tag, brand) = (built_in(&db, "tag").await, built_in(&db, "brand").await);
    let mut made = Vec::new();
    let mut tx = db.begin().await;
    for (attribute, name, slug) in [
        (&tag, "Größe", "a"),
        (&tag, "Лето 2025", "b"),
        (&tag, "サイズ", "c"),
        (&brand, "Größe", "d"),
        (&tag, "GROSSE", "e"),
    ] {
        let term = Term { name: TermName::parse(name).unwrap(), ..term(attribute, slug, None) };
        tx.terms().insert(&term).await.unwrap();
        made.push(term);
    }
    tx.commit().await.unwrap();
    let names = ["grosse", "лето 2025", "サイズ", "nothing"].map(str::to_owned);
    let called = async || db.begin().await.terms().called(tag.id, &names).await.unwrap();
    let expected = [&made[0], &made[1], &made[2], &made[4]].map(Clone::clone);
    assert_eq!(called().await, expected);
    assert_eq!(db.begin().await.terms().called(tag.id, &[]).await.unwrap(), []);
    // As if an older version had stored it.
    db.execute("UPDATE terms SET name_key = NULL WHERE id = ?", made[1].id.0).await.unwrap();
    let mut found = called().await;
    found.sort_unstable_by_key(|term| term.id);
    assert_eq!(found, expected);
    let renewed = async || {
        let mut tx = db.begin().await;
        let renewed = tx.terms().renew(9).await.unwrap();
        tx.commit().await.unwrap();
        renewed
    };
    assert_eq!((renewed().await, renewed().await), (1, 0));
    assert_eq!(called().await, expected, "it is no change of the term");
    assert_eq!(db.number("SELECT COUNT(*) FROM terms WHERE name_key IS NULL").await, 0);
}

async fn a_chain_leads_to_the_top_and_levels_lead_down_r202(db: TestDb) {
    let category = built_in(&db, "category").await;
    let mut chain = vec![add_term(&db, &category, "c1", None).await];
    for level in 2..=8 {
        let below = add_term(&db, &category, &format!("c{level}"), chain.last()).await;
        chain.push(below);
    }
    let beside = add_term(&db, &category, "beside", Some(&chain[6])).await;
    let mut tx = db.begin().await;
    let up = tx.terms().chain(category.id, chain[7].id).await.unwrap();
    assert_eq!(
        up.iter().map(|node| node.id).collect::<Vec<_>>(),
        chain.iter().rev().map(|term| term.id).collect::<Vec<_>>()
    );
    let other = built_in(&db, "tag").await;
    assert_eq!(tx.terms().chain(other.id, chain[7].id).await.unwrap(), []);
    let down = tx.terms().below(&[chain[6].id, chain[0].id]).await.unwrap();
    let down: Vec<_> = down.into_iter().map(|node| node.id).collect();
    assert_eq!(down, [chain[1].id, chain[7].id, beside.id]);
    assert_eq!(tx.terms().below(&[]).await.unwrap(), []);
    drop(tx);
    // Whoever has broken it by hand waits for no end.
    db.execute("UPDATE terms SET parent_id = id WHERE id = ?", chain[0].id.0).await.unwrap();
    assert_eq!(db.begin().await.terms().chain(category.id, chain[0].id).await.unwrap().len(), 9);
}

/// Moves a category below another.
fn below(moved: &Term, parent: &Term) -> UpdateTerm {
    UpdateTerm {
        attribute: code("category"),
        key: TermKey::Id(moved.id),
        change: TermChange { parent_id: Some(Some(parent.id)), ..TermChange::default() },
        expected: None,
    }
}

async fn two_moves_that_would_make_a_circle_leave_one_r202(db: TestDb) {
    let category = built_in(&db, "category").await;
    let runner = db.runner();
    for round in 0..12 {
        let a = add_term(&db, &category, &format!("a{round}"), None).await;
        let b = add_term(&db, &category, &format!("b{round}"), None).await;
        let c = add_term(&db, &category, &format!("c{round}"), Some(&b)).await;
        // A below what is below B, and B below A.
        let moves = [below(&a, &c), below(&b, &a)];
        let done = at_once(2, |number| {
            let (runner, one) = (runner.clone(), moves[number].clone());
            async move { runner.run(one).await }
        });
        let done = done.await;
        assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
        let refused = done.into_iter().find_map(Result::err);
        assert!(matches!(refused, Some(application::Error::Conflict(Conflict::Cycle))), "{refused:?}");
    }
    let tree = db.database.queries().terms.taxonomy().await.unwrap();
    assert_eq!(tree.categories().all().len(), 36, "all are still in the tree");
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn many_terms_of_one_name_at_once_get_slugs_of_their_own_r201(db: TestDb) {
    let runner = db.runner();
    let made = at_once(8, |_| {
        let (runner, create) = (runner.clone(), CreateTerm { attribute: code("brand"), details: named("Acme") });
        async move { runner.run(create).await.unwrap().slug.as_str().to_owned() }
    });
    let mut slugs = made.await;
    slugs.sort_unstable();
    assert_eq!(slugs, ["acme", "acme-2", "acme-3", "acme-4", "acme-5", "acme-6", "acme-7", "acme-8"]);
}

async fn a_category_below_which_another_is_put_meanwhile_stays_r202(db: TestDb) {
    let category = built_in(&db, "category").await;
    let runner = db.runner();
    for round in 0..8 {
        let top = add_term(&db, &category, &format!("top{round}"), None).await;
        let details = TermDetails { parent_id: Some(top.id), ..named(&format!("below{round}")) };
        let create = CreateTerm { attribute: code("category"), details };
        let delete =
            DeleteTerm { attribute: code("category"), key: TermKey::Id(top.id), detach: false, expected: None };
        let done = at_once(2, |number| {
            let (runner, create, delete) = (runner.clone(), create.clone(), delete.clone());
            async move { if number == 0 { runner.run(create).await.is_ok() } else { runner.run(delete).await.is_ok() } }
        });
        assert_eq!(done.await.into_iter().filter(|done| *done).count(), 1);
    }
    assert_eq!(db.database.examine().await.unwrap(), []);
    let page = db.database.queries().terms.list(category.id, &TermFilter::default(), &first(100)).await.unwrap();
    assert!(page.items.len() <= 16);
}

/// Renames a term, as a use case does.
async fn rename(db: &TestDb, attribute: &Attribute, term: &Term, to: &str) -> Result<(), Error> {
    let change = TermChange { slug: Some(slug(to)), ..TermChange::default() };
    let attribute = attribute.code.clone();
    let update = UpdateTerm { attribute, key: TermKey::Id(term.id), change, expected: None };
    db.runner().run(update).await.map(drop)
}

async fn a_slug_that_a_term_had_leads_to_it_and_to_no_other_r201_r217(db: TestDb) {
    let (category, brand) = (built_in(&db, "category").await, built_in(&db, "brand").await);
    let mugs = add_term(&db, &category, "mugs", None).await;
    let pots = add_term(&db, &category, "pots", None).await;
    let queries = db.database.queries().terms;
    let asked = ["mugs", "cups", "pots", "beakers"].map(slug);
    assert_eq!(queries.had(category.id, &asked).await.unwrap(), []);
    rename(&db, &category, &mugs, "cups").await.unwrap();
    rename(&db, &category, &mugs, "beakers").await.unwrap();
    let mut had = queries.had(category.id, &asked).await.unwrap();
    had.sort();
    assert_eq!(had, [(slug("cups"), mugs.id), (slug("mugs"), mugs.id)]);
    assert_eq!(queries.had(brand.id, &asked).await.unwrap(), [], "of another attribute");
    assert_eq!(queries.had(category.id, &[]).await.unwrap(), []);

    let taken = rename(&db, &category, &pots, "mugs").await.unwrap_err();
    assert!(matches!(taken, Error::Conflict(Conflict::Duplicate(_))), "{taken:?}");
    let mut tx = db.begin().await;
    let taken = tx.terms().insert(&term(&category, "cups", None)).await.unwrap_err();
    assert!(matches!(taken, StoreError::Duplicate(key) if key == Term::UNIQUE_SLUG), "{taken:?}");
    let like: Vec<_> = tx.terms().like(category.id, &slug("mugs")).await.unwrap();
    assert_eq!(like, [slug("mugs")], "a slug that is made is another one");
    drop(tx);
    add_term(&db, &brand, "mugs", None).await;

    rename(&db, &category, &mugs, "mugs").await.unwrap();
    let mut had = queries.had(category.id, &asked).await.unwrap();
    had.sort();
    assert_eq!(had, [(slug("beakers"), mugs.id), (slug("cups"), mugs.id)], "it may have its own again");
    let delete =
        DeleteTerm { attribute: category.code.clone(), key: TermKey::Id(mugs.id), detach: false, expected: None };
    db.runner().run(delete).await.unwrap();
    assert_eq!(queries.had(category.id, &asked).await.unwrap(), []);
    add_term(&db, &category, "cups", None).await;
}
