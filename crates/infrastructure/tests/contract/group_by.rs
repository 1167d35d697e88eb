//! Counts of facets against `GROUP BY`, on a random shop after random changes, on the server that made them and on another.

use std::time::{Duration, Instant};

use application::assignments::AssignAttributes;
use application::groups::{AddMember, Adding, CreateGroup, NewMembers};
use application::products::{DeleteProduct, UpdateProduct};
use domain::attributes::{AttributeId, AttributeInput};
use domain::catalogue::{CatalogueCounts, CountedFacet, Facet, Question};
use domain::groups::{GroupId, GroupName};
use domain::pages::PageTexts;
use domain::products::{Product, ProductChange, ProductFilter, ProductStatus};
use domain::stock::Stock;
use domain::terms::TermId;
use infrastructure::catalogue_index::CatalogueIndex;
use infrastructure::db::Database;

use crate::attributes::built_in;
use crate::collapsed_lists::Random;
use crate::support::{NOW, TestDb, connect, product, runner_on};
use crate::terms::add_term;

on_every_database!(counts_are_those_of_group_by_after_random_changes_on_two_servers_r221_r222);

const NAMES: [&str; 3] = ["new", "sale", "gift"];

/// What `GROUP BY` says: how many products or groups there are, how many have each tag, and how many are in stock.
async fn grouped(db: &TestDb, terms: &[TermId], is_collapsed: bool) -> (u64, Vec<u64>, u64) {
    let what = if is_collapsed { "COALESCE(p.group_id, p.id)" } else { "p.id" };
    let count = async |rest: &str| {
        let sql = format!("SELECT COUNT(DISTINCT {what}) FROM products p {rest} p.status = 'active'");
        db.number(&sql).await.unsigned_abs()
    };
    let mut of_terms = Vec::new();
    for term in terms {
        // One row of `GROUP BY x.term_id`; a term without products has none.
        let id = term.0.simple();
        let having = format!("JOIN product_terms x ON x.product_id = p.id AND x.term_id = X'{id}' WHERE");
        of_terms.push(count(&having).await);
    }
    let in_stock = count("JOIN stock s ON s.product_id = p.id AND s.on_hand > 0 WHERE").await;
    (count("WHERE").await, of_terms, in_stock)
}

/// What an index says; `None` while it is not there.
async fn counted(
    index: &CatalogueIndex,
    tag: AttributeId,
    terms: &[TermId],
    is_collapsed: bool,
) -> Option<(u64, Vec<u64>, u64)> {
    let filter = ProductFilter { status: Some(ProductStatus::Active), is_collapsed, ..ProductFilter::default() };
    let counts = index.counts(&Question { filter, facets: vec![Facet::Terms(tag), Facet::InStock] }).await.unwrap()?;
    let [CountedFacet::Terms(of_terms), CountedFacet::Flag { yes, .. }] = &counts.facets[..] else { return None };
    let of = |term: &TermId| of_terms.iter().find(|(id, _)| id == term).map_or(0, |(_, count)| *count);
    Some((counts.total, terms.iter().map(of).collect(), *yes))
}

async fn change(db: &Database, random: &mut Random, products: &mut Vec<Product>, groups: &[GroupId]) {
    let place = usize::try_from(random.below(products.len() as u64)).unwrap();
    let id = products[place].id;
    let runner = runner_on(db);
    match random.below(8) {
        0 | 1 => {
            let statuses = [ProductStatus::Active, ProductStatus::Archived, ProductStatus::Draft];
            let status = Some(statuses[usize::try_from(random.below(3)).unwrap()]);
            runner.run(UpdateProduct::of(id, ProductChange { status, ..ProductChange::default() })).await.unwrap();
        }
        2 => {
            // It may be in a group already.
            let group_id = groups[usize::try_from(random.below(groups.len() as u64)).unwrap()];
            let add = AddMember { group_id, member: Adding::Known(id, Vec::new()), expected: None };
            drop(runner.run(add).await);
        }
        3 if products.len() > 10 => {
            runner.run(DeleteProduct { id, expected: None }).await.unwrap();
            products.remove(place);
        }
        _ => {
            let tags: Vec<_> = NAMES.iter().filter(|_| random.below(2) == 0).map(|name| (*name).to_owned()).collect();
            let given = vec![("tag".to_owned(), AttributeInput::Texts(tags))];
            runner.run(AssignAttributes { product_id: id, given, expected: None }).await.unwrap();
        }
    }
}

async fn counts_are_those_of_group_by_after_random_changes_on_two_servers_r221_r222(db: TestDb) {
    let other = connect(&db.url).await;
    let (here, there) = (tokio::spawn(db.database.follow_changes()), tokio::spawn(other.follow_changes()));
    let index = |database: &Database| CatalogueIndex::new(database.queries().catalogue, database.changes(), 1 << 20);
    let indexes = [index(&db.database), index(&other)];
    let tag = built_in(&db, "tag").await;
    let mut terms = Vec::new();
    for name in NAMES {
        terms.push(add_term(&db, &tag, name, None).await.id);
    }
    let mut products: Vec<_> = (0..40).map(|n| product(&format!("Mug {n}"), None)).collect();
    let stocked = (0..).zip(&products).map(|(n, one)| (one.clone(), Stock::new(one.id, n % 2, NOW)));
    db.database.bulk_products(&stocked.collect::<Vec<_>>()).await.unwrap();
    let mut groups = Vec::new();
    for name in ["Cups", "Bowls", "Pots"] {
        let create = CreateGroup {
            name: GroupName::parse(name).ok(),
            slug: None,
            description: None,
            page: PageTexts::default(),
            options: Vec::new(),
            members: NewMembers::Products(Vec::new()),
            from: None,
        };
        groups.push(db.runner().run(create).await.unwrap().group.id);
    }
    let mut random = Random(if db.is_sqlite() { 3 } else { 4 });
    let rounds = if db.is_sqlite() { 40 } else { 15 };
    for round in 0..rounds {
        for _ in 0..random.below(6) {
            let server = if random.below(2) == 0 { &db.database } else { &other };
            change(server, &mut random, &mut products, &groups).await;
        }
        for is_collapsed in [false, true] {
            let expected = grouped(&db, &terms, is_collapsed).await;
            for index in &indexes {
                let began = Instant::now();
                loop {
                    // Another server is followed by a second, and at first nothing is known.
                    let found = counted(index, tag.id, &terms, is_collapsed).await;
                    if found.as_ref() == Some(&expected) {
                        break;
                    }
                    assert!(began.elapsed() < Duration::from_secs(20), "round {round}: {found:?} is not {expected:?}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
    here.abort();
    there.abort();
}
