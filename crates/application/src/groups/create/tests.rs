use domain::StoreError;
use domain::attributes::{AttributeCode, AttributeId, AttributeType};
use domain::pages::PageTexts;
use domain::terms::{Term, TermKey};

use super::super::testing::{group, shown};
use super::*;
use crate::Conflict;
use crate::attributes::tests::{attribute, tags};
use crate::terms::tests::term;
use crate::testing::{Mocks, id, product, run};

fn wanted(code: &str, terms: &[&str]) -> OptionInput {
    let terms = terms.iter().map(|term| (*term).to_owned()).collect();
    OptionInput { attribute: code.to_owned(), terms }
}

fn generate(options: Vec<OptionInput>, from: Option<(ProductId, Values)>) -> CreateGroup {
    CreateGroup {
        name: GroupName::parse("T-shirt").ok(),
        slug: None,
        description: None,
        page: PageTexts::default(),
        options,
        members: NewMembers::All { price: Price::parse(100).unwrap(), sku_pattern: SkuPattern::parse("T-{size}").ok() },
        from,
    }
}

fn products(all: &[&str]) -> CreateGroup {
    let new = |size: &&str| NewMember {
        values: vec![("size".to_owned(), (*size).to_owned())],
        product: NewProduct::at(Price::parse(100).unwrap()),
    };
    let members = NewMembers::Products(all.iter().map(new).collect());
    CreateGroup { members, ..generate(vec![wanted("size", &[])], None) }
}

/// A transaction that knows the option `size` with the terms s and m, and what is no option.
fn known() -> Mocks {
    let mut tx = Mocks::default();
    tx.attributes.expect_named().returning(|codes: &[AttributeCode]| {
        let all = [attribute(8, "size", AttributeType::Choice), attribute(9, "width", AttributeType::Decimal), tags()];
        Ok(all.into_iter().filter(|one| codes.contains(&one.code)).collect())
    });
    tx.terms.expect_named().returning(|of: AttributeId, keys: &[TermKey]| {
        let all = [term(21, 8, "s"), term(22, 8, "m")];
        let is = |term: &Term| keys.contains(&TermKey::Slug(term.slug.clone())) && term.attribute_id == of;
        Ok(all.into_iter().filter(is).collect())
    });
    tx
}

/// The same where members are written: so many products are made.
fn writing(made: usize) -> Mocks {
    let mut tx = known();
    tx.slugs.expect_make().times(1 + made).returning(|_, slug| Ok(slug.clone()));
    tx.groups.expect_insert().once().returning(|_| Ok(()));
    tx.products.expect_insert().times(made).returning(|_| Ok(()));
    tx.stock.expect_insert().times(made).returning(|_| Ok(()));
    tx.outbox.expect_append().returning(|_, _, _| Ok(()));
    tx.assignments.expect_replace().returning(|_, _, _| Ok(()));
    tx.groups.expect_view().once().returning(|_| Ok(Some(shown(group(1)))));
    tx
}

async fn faults(create: &CreateGroup) -> Vec<(String, Code)> {
    match run(create, &mut known()).await.unwrap_err() {
        Error::Invalid(fields) => fields.into_iter().map(|fault| (fault.field, fault.invalid.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_product_is_made_for_each_combination_and_each_has_its_place_r205() {
    let mut tx = writing(2);
    tx.groups.expect_place().once().withf(|members| members.len() == 2).returning(|_| Ok(()));
    run(&generate(vec![wanted("size", &["s", "m"])], None), &mut tx).await.unwrap();
}

#[tokio::test]
async fn a_product_that_was_there_is_the_first_and_its_terms_are_not_made_again_r205() {
    let mut tx = writing(1);
    tx.products.expect_lock().once().returning(|_| Ok(Some(product(7))));
    tx.groups.expect_membership().once().returning(|_| Ok(None));
    tx.assignments.expect_of().returning(|_| Ok(Assigned::default()));
    tx.products.expect_update().once().withf(|product| product.version.0 == 2).returning(|_| Ok(()));
    let has_seven = |members: &[Member]| members.len() == 2 && members[0].product_id == ProductId(id(7));
    tx.groups.expect_place().once().withf(has_seven).returning(|_| Ok(()));
    let from = (ProductId(id(7)), vec![("size".to_owned(), "s".to_owned())]);
    run(&generate(vec![wanted("size", &["s", "m"])], Some(from)), &mut tx).await.unwrap();
}

#[tokio::test]
async fn nothing_is_written_when_two_products_would_have_the_same_terms_r206() {
    let refused = run(&products(&["s", "m", "s"]), &mut known()).await.unwrap_err();
    let (field, other) = ("products[2].values".to_owned(), "products[0].values".to_owned());
    let clash = Conflict::DuplicateCombination { field, other };
    assert!(matches!(&refused, Error::Conflict(conflict) if *conflict == clash), "{refused:?}");
}

#[tokio::test]
async fn every_refused_option_and_term_is_named_r205() {
    let field = |field: &str, code| (field.to_owned(), code);
    let options = vec![wanted("width", &[]), wanted("tag", &[]), wanted("nothing", &[]), wanted("Not a code", &[])];
    assert_eq!(
        faults(&generate(options, None)).await,
        [
            field("options[0].attribute", Code::NotAllowed),
            field("options[1].attribute", Code::NotAllowed),
            field("options[2].attribute", Code::NotFound),
            field("options[3].attribute", Code::NotFound),
        ]
    );
    let twice = vec![wanted("size", &["s"]), wanted("size", &["m"])];
    assert_eq!(faults(&generate(twice, None)).await, [field("options[1].attribute", Code::Repeated)]);
    let unknown = vec![wanted("size", &["s", "xl", "s"])];
    let expected = [field("options[0].terms[1]", Code::NotFound), field("options[0].terms[2]", Code::Repeated)];
    assert_eq!(faults(&generate(unknown, None)).await, expected);
    let mut without = products(&["s", "xl"]);
    assert_eq!(faults(&without).await, [field("products[1].values.size", Code::NotFound)]);
    without.options = Vec::new();
    assert_eq!(faults(&without).await.len(), 2, "a group without options takes no values");
    let nameless = CreateGroup { name: None, ..products(&[]) };
    assert_eq!(faults(&nameless).await, [field("name", Code::Required)]);
}

#[tokio::test]
async fn a_taken_slug_is_refused_and_no_product_is_made_r205() {
    let mut tx = known();
    tx.slugs.expect_give().once().returning(|_, _, _| Err(StoreError::Duplicate(Group::UNIQUE_SLUG)));
    let create = CreateGroup { slug: Slug::parse("t-shirt").ok(), ..products(&["s"]) };
    let refused = run(&create, &mut tx).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(Conflict::Duplicate(Group::UNIQUE_SLUG))), "{refused:?}");
}
