//! Product groups, their members, and what members have from them.

use application::assignments::AssignAttributes;
use application::attributes::DeleteAttribute;
use application::groups::{
    AddMember, Adding, AssignToGroup, CreateGroup, DeleteGroup, NewMember, NewMembers, NewProduct, OptionInput,
    RemoveMember, UpdateGroup, UpdateMember, Values,
};
use application::products::{DeleteProduct, UpdateProduct};
use application::terms::DeleteTerm;
use application::{Conflict, Error, Runner};
use domain::assignments::Assigned;
use domain::attributes::{Attribute, AttributeInput, AttributeType};
use domain::groups::{GroupChange, GroupFilter, GroupId, GroupName, GroupView, SkuPattern};
use domain::pages::PageTexts;
use domain::products::{Description, ProductChange, ProductFilter, ProductId, ProductSort, ProductStatus};
use domain::terms::TermKey;
use domain::{Price, SearchText, Version};

use crate::attributes::{add_attribute, built_in, code, details};
use crate::support::{NOW, TestDb, at_once, first};
use crate::terms::{add_term, slug};

on_every_database!(
    every_combination_is_made_with_a_name_and_a_sku_r205_r207,
    of_twenty_products_with_the_same_terms_at_once_one_joins_r206,
    terms_are_swapped_and_options_changed_and_no_two_members_are_the_same_r206,
    a_member_has_what_its_group_has_until_it_has_its_own_r204,
    a_group_that_is_taken_apart_leaves_products_with_all_they_had_r205_r206,
    a_term_or_an_attribute_that_a_group_needs_stays_r206,
    what_is_left_without_a_term_or_a_group_is_what_the_domain_says_r201_r204_r206,
    groups_are_listed_and_found_by_their_names_r205,
);

/// The attributes `size`, with the terms s, m and l, and `colour`, with blue and red.
async fn options(db: &TestDb) -> [Attribute; 2] {
    let size = add_attribute(db, details("size", AttributeType::Choice)).await;
    let colour = add_attribute(db, details("colour", AttributeType::Choice)).await;
    for (attribute, names) in [(&size, &["s", "m", "l"][..]), (&colour, &["blue", "red"][..])] {
        for name in names {
            add_term(db, attribute, name, None).await;
        }
    }
    [size, colour]
}

fn wanted(options: &[(&str, &[&str])]) -> Vec<OptionInput> {
    let option = |(code, terms): &(&str, &[&str])| OptionInput {
        attribute: (*code).to_owned(),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
    };
    options.iter().map(option).collect()
}

fn values(values: &[(&str, &str)]) -> Values {
    values.iter().map(|(code, term)| ((*code).to_owned(), (*term).to_owned())).collect()
}

fn price(amount: i64) -> Price {
    Price::parse(amount).unwrap()
}

fn shirts(options: &[(&str, &[&str])], members: NewMembers) -> CreateGroup {
    CreateGroup {
        name: GroupName::parse("T-shirt").ok(),
        slug: None,
        description: Description::parse("Of cotton.").ok(),
        page: PageTexts::default(),
        options: wanted(options),
        members,
        from: None,
    }
}

fn all() -> CreateGroup {
    let sku_pattern = SkuPattern::parse("TEE-{size}-{colour}").ok();
    let every: &[(&str, &[&str])] = &[("size", &["s", "m"]), ("colour", &["blue", "red"])];
    shirts(every, NewMembers::All { price: price(1000), sku_pattern })
}

fn new(given: &[(&str, &str)]) -> Adding {
    let product = NewProduct::at(price(900));
    Adding::New(Box::new(NewMember { values: values(given), product }))
}

fn add(view: &GroupView, member: Adding) -> AddMember {
    AddMember { group_id: view.group.id, member, expected: None }
}

fn update(view: &GroupView, change: GroupChange) -> UpdateGroup {
    UpdateGroup::of(view.group.id, change)
}

/// The slugs of the terms of each member, in order.
fn terms_of(view: &GroupView) -> Vec<String> {
    let slug = |(option, id): (&domain::groups::ShownOption, &domain::terms::TermId)| {
        option.terms.iter().find(|term| term.id == *id).unwrap().slug.to_string()
    };
    let terms = |member: &domain::groups::ShownMember| {
        view.options.iter().zip(&member.terms).map(slug).collect::<Vec<_>>().join(" ")
    };
    view.members.iter().map(terms).collect()
}

fn member(view: &GroupView, terms: &str) -> ProductId {
    let place = terms_of(view).iter().position(|known| known == terms).unwrap();
    view.members[place].id
}

async fn sound(db: &TestDb) {
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn read(db: &TestDb, id: GroupId) -> GroupView {
    db.database.queries().groups.get(id, None).await.unwrap().unwrap()
}

async fn stored(db: &TestDb, id: ProductId) -> domain::products::Product {
    db.database.queries().products.get(id, None).await.unwrap().unwrap().product
}

async fn described(db: &TestDb, id: ProductId) -> Option<String> {
    stored(db, id).await.description.map(|text| text.to_string())
}

/// What a product has of attributes; what is from its group in brackets.
async fn has(db: &TestDb, id: ProductId) -> Vec<String> {
    let shown = db.begin().await.assignments().shown(id).await.unwrap();
    let value = |shown: &domain::assignments::ShownAttribute| match &shown.value {
        domain::assignments::ShownValue::Terms(terms) => {
            terms.iter().map(|term| term.slug.as_str()).collect::<Vec<_>>().join(" ")
        }
        domain::assignments::ShownValue::Value(value) => value.to_string(),
    };
    let one = |shown: &domain::assignments::ShownAttribute| {
        let text = format!("{}: {}", shown.code, value(shown));
        if shown.is_inherited { format!("({text})") } else { text }
    };
    let mut all: Vec<_> = shown.iter().map(one).collect();
    all.sort();
    all
}

async fn found(db: &TestDb, text: &str) -> usize {
    let filter = ProductFilter { search: SearchText::parse(text).unwrap(), ..ProductFilter::default() };
    let queries = db.database.queries().products;
    queries.list(&filter, ProductSort::CreatedAt, &first(100)).await.unwrap().items.len()
}

async fn every_combination_is_made_with_a_name_and_a_sku_r205_r207(db: TestDb) {
    options(&db).await;
    let made = db.runner().run(all()).await.unwrap();
    assert_eq!(terms_of(&made), ["s blue", "s red", "m blue", "m red"]);
    let first = &made.members[0];
    assert_eq!((first.name.as_str(), first.sku.as_ref().unwrap().as_str()), ("T-shirt, s / blue", "TEE-S-BLUE"));
    assert_eq!(read(&db, made.group.id).await, made);
    assert_eq!(made.group.slug.as_str(), "t-shirt");
    assert_eq!(described(&db, first.id).await.as_deref(), Some("Of cotton."));
    assert_eq!(found(&db, "cotton").await, 4);
    sound(&db).await;
    // Customers see active members only, and no group without any.
    let active = Some(ProductStatus::Active);
    for (place, member) in made.members.iter().enumerate() {
        let seen = db.database.queries().groups.get(made.group.id, active).await.unwrap();
        assert_eq!(seen.map(|view| view.members.len()), Some(4 - place));
        db.archive(member.id).await;
    }
    assert_eq!(db.database.queries().groups.get(made.group.id, active).await.unwrap(), None);
    // A product that was there becomes the first, and the others are made around it.
    let mug = db.add_product("Shirt of before", 0).await;
    let with = CreateGroup { name: None, from: Some((mug.id, values(&[("size", "s"), ("colour", "red")]))), ..all() };
    let with = CreateGroup { members: NewMembers::All { price: price(1), sku_pattern: None }, ..with };
    let around = db.runner().run(with).await.unwrap();
    assert_eq!((around.group.name.as_str(), around.members.len()), ("Shirt of before", 4));
    assert_eq!(member(&around, "s red"), mug.id);
    sound(&db).await;
}

async fn of_twenty_products_with_the_same_terms_at_once_one_joins_r206(db: TestDb) {
    options(&db).await;
    let runner = db.runner();
    let group = runner.run(shirts(&[("size", &[])], NewMembers::Products(Vec::new()))).await.unwrap();
    let single = db.add_product("Single", 0).await.id;
    let done = at_once(20, |number| {
        // Half of them are made; the others are one and the same product.
        let member =
            if number % 2 == 0 { new(&[("size", "m")]) } else { Adding::Known(single, values(&[("size", "m")])) };
        let (runner, add) = (runner.clone(), add(&group, member));
        async move { runner.run(add).await }
    });
    let done = done.await;
    assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
    for refused in done.into_iter().filter_map(Result::err) {
        let conflict = matches!(
            &refused,
            Error::Conflict(Conflict::DuplicateCombination { .. } | Conflict::InUse { what: "product", .. })
        );
        assert!(conflict, "{refused:?}");
    }
    assert_eq!(terms_of(&read(&db, group.group.id).await), ["m"]);
    assert_eq!(db.number("SELECT COUNT(*) FROM products WHERE group_id IS NOT NULL").await, 1);
    sound(&db).await;
}

async fn terms_are_swapped_and_options_changed_and_no_two_members_are_the_same_r206(db: TestDb) {
    options(&db).await;
    let runner = db.runner();
    let group = runner.run(all()).await.unwrap();
    let (a, b) = (member(&group, "s blue"), member(&group, "m red"));
    let given =
        |pairs: Vec<(ProductId, Values)>| UpdateGroup { values: pairs, ..update(&group, GroupChange::default()) };
    let swap = given(vec![
        (a, values(&[("size", "m"), ("colour", "red")])),
        (b, values(&[("size", "s"), ("colour", "blue")])),
    ]);
    let swapped = runner.run(swap).await.unwrap();
    assert_eq!((member(&swapped, "s blue"), member(&swapped, "m red")), (b, a));
    assert_eq!(has(&db, a).await, ["colour: red", "size: m"]);
    assert_eq!((stored(&db, a).await.version, swapped.group.version), (Version(2), Version(2)));
    assert_eq!(stored(&db, member(&swapped, "s red")).await.version, Version(1), "it stays as it is");
    sound(&db).await;
    let taken = runner.run(given(vec![(a, values(&[("size", "s")]))])).await.unwrap_err();
    let other = member(&swapped, "s red").to_string();
    let clash = Conflict::DuplicateCombination { field: format!("values.{a}"), other };
    assert!(matches!(&taken, Error::Conflict(conflict) if *conflict == clash), "{taken:?}");
    // Without the colour two sizes would be there twice.
    let fewer = |values| UpdateGroup { options: Some(vec!["size".to_owned()]), values, ..given(Vec::new()) };
    let taken = runner.run(fewer(Vec::new())).await.unwrap_err();
    assert!(matches!(taken, Error::Conflict(Conflict::DuplicateCombination { .. })), "{taken:?}");
    for name in ["s red", "m red"] {
        let remove = RemoveMember { group_id: group.group.id, product_id: member(&swapped, name), expected: None };
        runner.run(remove).await.unwrap();
    }
    let sized = runner.run(fewer(Vec::new())).await.unwrap();
    assert_eq!(terms_of(&sized), ["s", "m"]);
    sound(&db).await;
    // The colour is still known of each, so that it may come back without values; another option needs them.
    let back = UpdateGroup { options: Some(vec!["colour".to_owned(), "size".to_owned()]), ..given(Vec::new()) };
    assert_eq!(terms_of(&runner.run(back).await.unwrap()), ["blue s", "blue m"]);
    let cut = add_attribute(&db, details("cut", AttributeType::Choice)).await;
    add_term(&db, &cut, "slim", None).await;
    let lacking = UpdateGroup { options: Some(vec!["cut".to_owned(), "size".to_owned()]), ..given(Vec::new()) };
    let Error::Invalid(faults) = runner.run(lacking.clone()).await.unwrap_err() else { panic!("it lacks terms") };
    assert_eq!(faults.len(), 2, "{faults:?}");
    let slim = read(&db, group.group.id).await.members.iter().map(|one| (one.id, values(&[("cut", "slim")]))).collect();
    assert_eq!(terms_of(&runner.run(UpdateGroup { values: slim, ..lacking }).await.unwrap()), ["slim s", "slim m"]);
    let alone =
        UpdateMember { group_id: group.group.id, product_id: b, values: values(&[("size", "l")]), expected: None };
    assert_eq!(terms_of(&runner.run(alone).await.unwrap()), ["slim m", "slim l"]);
    sound(&db).await;
    // Without options any stand together.
    let any = UpdateGroup { options: Some(Vec::new()), ..given(Vec::new()) };
    runner.run(any).await.unwrap();
    for _ in 0..2 {
        runner.run(add(&group, new(&[]))).await.unwrap();
    }
    assert_eq!(read(&db, group.group.id).await.members.len(), 4);
    sound(&db).await;
}

async fn assign_group(runner: &Runner, view: &GroupView, given: &[(&str, AttributeInput)]) -> Version {
    let given = given.iter().map(|(code, given)| ((*code).to_owned(), given.clone())).collect();
    runner.run(AssignToGroup { id: view.group.id, given, expected: None }).await.unwrap().0
}

async fn assign(runner: &Runner, id: ProductId, code: &str, given: AttributeInput) -> Result<(), Error> {
    let given = vec![(code.to_owned(), given)];
    runner.run(AssignAttributes { product_id: id, given, expected: None }).await.map(drop)
}

fn text(text: &str) -> AttributeInput {
    AttributeInput::Text(text.to_owned())
}

async fn describe(runner: &Runner, id: ProductId, description: Option<&str>) {
    let description = Some(description.map(|text| Description::parse(text).unwrap()));
    let change = ProductChange { description, ..ProductChange::default() };
    runner.run(UpdateProduct::of(id, change)).await.unwrap();
}

async fn a_member_has_what_its_group_has_until_it_has_its_own_r204(db: TestDb) {
    options(&db).await;
    let width = add_attribute(&db, details("width", AttributeType::Integer)).await;
    let runner = db.runner();
    let group = runner.run(all()).await.unwrap();
    let (own, other) = (member(&group, "s blue"), member(&group, "m red"));
    describe(&runner, own, Some("Of wool.")).await;
    assert_eq!((found(&db, "cotton").await, found(&db, "wool").await), (3, 1));
    let silk = GroupChange { description: Some(Description::parse("Of silk.").ok()), ..GroupChange::default() };
    runner.run(update(&group, silk)).await.unwrap();
    assert_eq!((found(&db, "cotton").await, found(&db, "wool").await, found(&db, "silk").await), (0, 1, 3));
    assert_eq!((stored(&db, own).await.version, stored(&db, other).await.version), (Version(3), Version(2)));
    // Null and an empty text go back; the version rises even if the text is the same.
    describe(&runner, own, Some("")).await;
    assert_eq!(described(&db, own).await.as_deref(), Some("Of silk."));
    describe(&runner, own, Some("Of silk.")).await;
    assert_eq!(stored(&db, own).await.version, Version(5));
    sound(&db).await;
    let none = GroupChange { description: Some(None), ..GroupChange::default() };
    runner.run(update(&group, none)).await.unwrap();
    assert_eq!((described(&db, own).await.as_deref(), described(&db, other).await), (Some("Of silk."), None));
    // Attributes.
    let before = stored(&db, other).await.version;
    let given = [
        ("tag", AttributeInput::Texts(vec!["New".to_owned(), "Sale".to_owned()])),
        ("width", AttributeInput::Number("40".into())),
    ];
    let version = assign_group(&runner, &group, &given).await;
    assert_eq!(read(&db, group.group.id).await.group.version, version);
    assert_eq!(has(&db, other).await, ["(tag: new sale)", "(width: 40)", "colour: red", "size: m"]);
    assert_eq!(stored(&db, other).await.version, before.next());
    assign(&runner, other, "tag", text("sale")).await.unwrap();
    assign(&runner, other, "width", AttributeInput::Number("41".into())).await.unwrap();
    assert_eq!(has(&db, other).await, ["colour: red", "size: m", "tag: sale", "width: 41"]);
    assign_group(&runner, &group, &[("width", AttributeInput::Number("42".into()))]).await;
    assert_eq!(has(&db, other).await[3], "width: 41");
    assert_eq!(has(&db, own).await, ["(tag: new sale)", "(width: 42)", "colour: blue", "size: s"]);
    sound(&db).await;
    for code in ["tag", "width"] {
        assign(&runner, other, code, AttributeInput::Nothing).await.unwrap();
    }
    assert_eq!(has(&db, other).await, ["(tag: new sale)", "(width: 42)", "colour: red", "size: m"]);
    let refused = assign(&runner, other, "size", text("l")).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(Conflict::IsOption(code)) if code == "size"), "{refused:?}");
    // A new member has it at once.
    let more = runner.run(add(&group, new(&[("size", "l"), ("colour", "red")]))).await.unwrap();
    assert_eq!(has(&db, member(&more, "l red")).await, ["(tag: new sale)", "(width: 42)", "colour: red", "size: l"]);
    assert!(db.begin().await.attributes().is_used(width.id).await.unwrap());
    sound(&db).await;
}

async fn a_group_that_is_taken_apart_leaves_products_with_all_they_had_r205_r206(db: TestDb) {
    options(&db).await;
    let runner = db.runner();
    let group = runner.run(all()).await.unwrap();
    assign_group(&runner, &group, &[("tag", text("new"))]).await;
    let ids: Vec<_> = group.members.iter().map(|member| member.id).collect();
    runner.run(DeleteProduct { id: ids[3], expected: None }).await.unwrap();
    let group_id = group.group.id;
    runner.run(RemoveMember { group_id, product_id: ids[0], expected: None }).await.unwrap();
    let again = runner.run(RemoveMember { group_id, product_id: ids[0], expected: None }).await.unwrap_err();
    assert!(matches!(again, Error::NotFound(_)), "{again:?}");
    assert_eq!(has(&db, ids[0]).await, ["colour: blue", "size: s", "tag: new"]);
    sound(&db).await;
    runner.run(DeleteGroup { id: group_id, expected: None }).await.unwrap();
    assert_eq!(db.database.queries().groups.get(group_id, None).await.unwrap(), None);
    for (id, terms) in
        ids.iter().zip([["colour: blue", "size: s"], ["colour: red", "size: s"], ["colour: blue", "size: m"]])
    {
        assert_eq!(has(&db, *id).await, [terms[0], terms[1], "tag: new"]);
        assert_eq!(described(&db, *id).await.as_deref(), Some("Of cotton."));
        assert_eq!(stored(&db, *id).await.version, Version(3));
        assert_eq!(db.database.queries().groups.membership(*id).await.unwrap(), None);
    }
    assert_eq!(found(&db, "cotton").await, 3);
    for table in ["product_groups", "group_options", "group_terms", "group_values"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    sound(&db).await;
}

async fn a_term_or_an_attribute_that_a_group_needs_stays_r206(db: TestDb) {
    options(&db).await;
    let runner = db.runner();
    let group = runner.run(all()).await.unwrap();
    let fit = add_attribute(&db, details("fit", AttributeType::Choice)).await;
    for name in ["slim", "wide"] {
        add_term(&db, &fit, name, None).await;
    }
    assign_group(&runner, &group, &[("fit", text("wide"))]).await;
    let (own, other) = (member(&group, "s blue"), member(&group, "m red"));
    assign(&runner, own, "fit", text("slim")).await.unwrap();
    let delete = |attribute: &str, term: &str, detach| DeleteTerm {
        attribute: code(attribute),
        key: TermKey::Slug(slug(term)),
        detach,
        expected: None,
    };
    for refused in [delete("size", "m", true), delete("fit", "wide", false)] {
        let refused = runner.run(refused).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::InUse { what: "term", .. })), "{refused:?}");
    }
    runner.run(delete("size", "l", false)).await.unwrap();
    for attribute in ["size", "fit"] {
        let refused = runner.run(DeleteAttribute { code: code(attribute), expected: None }).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::InUse { .. })), "{refused:?}");
    }
    // Who loses its own term has that of the group; what the group loses, its members lose.
    runner.run(delete("fit", "slim", true)).await.unwrap();
    assert_eq!(has(&db, own).await, ["(fit: wide)", "colour: blue", "size: s"]);
    sound(&db).await;
    let before = read(&db, group.group.id).await.group.version;
    runner.run(delete("fit", "wide", true)).await.unwrap();
    assert_eq!(has(&db, other).await, ["colour: red", "size: m"]);
    assert_eq!(read(&db, group.group.id).await.group.version, before.next());
    sound(&db).await;
}

async fn assigned(db: &TestDb, id: ProductId) -> Assigned {
    db.begin().await.assignments().of(id).await.unwrap()
}

async fn what_is_left_without_a_term_or_a_group_is_what_the_domain_says_r201_r204_r206(db: TestDb) {
    options(&db).await;
    let tag = built_in(&db, "tag").await;
    let runner = db.runner();
    let group = runner.run(all()).await.unwrap();
    let texts = |names: &[&str]| AttributeInput::Texts(names.iter().map(|name| (*name).to_owned()).collect());
    assign_group(&runner, &group, &[("tag", texts(&["new", "sale", "old"]))]).await;
    let single = db.add_product("Mug", 0).await.id;
    let ids: Vec<_> = group.members.iter().map(|member| member.id).chain([single]).collect();
    for (id, own) in ids.iter().zip([&["sale"][..], &["sale", "best", "new"], &["best"]]) {
        assign(&runner, *id, "tag", texts(own)).await.unwrap();
    }
    assign(&runner, single, "tag", texts(&["best"])).await.unwrap();
    for (name, later) in ["sale", "best", "new", "old"].iter().zip(1..) {
        let later = NOW + std::time::Duration::from_secs(later);
        let mut tx = db.begin().await;
        let term = tx.terms().lock(tag.id, &TermKey::Slug(slug(name))).await.unwrap().unwrap();
        let with_term = tx.assignments().having(term.id).await.unwrap();
        let of_group = tx.groups().assigned(group.group.id).await.unwrap();
        let stored_group = tx.groups().find(group.group.id).await.unwrap().unwrap();
        let is_of_group = of_group != of_group.without(term.id);
        drop(tx);
        let mut expected = Vec::new();
        for id in &ids {
            let (has, product) = (assigned(&db, *id).await, stored(&db, *id).await);
            let of_its_group = if *id == single { Assigned::default() } else { of_group.clone() };
            let after = has.detached(term.id, &of_its_group);
            assert_eq!(after == has, !with_term.contains(id), "{name}");
            expected.push((after, if with_term.contains(id) { product.touched(later) } else { product }));
        }
        let mut tx = db.begin().await;
        if is_of_group {
            tx.groups().detach(term.id, later).await.unwrap();
        }
        tx.assignments().detach(term.id, &with_term, later).await.unwrap();
        tx.commit().await.unwrap();
        for (id, expected) in ids.iter().zip(expected) {
            assert_eq!((assigned(&db, *id).await, stored(&db, *id).await), expected, "{name}");
        }
        let mut tx = db.begin().await;
        assert_eq!(tx.groups().assigned(group.group.id).await.unwrap(), of_group.without(term.id), "{name}");
        let after = tx.groups().find(group.group.id).await.unwrap().unwrap();
        assert_eq!(after, if is_of_group { stored_group.touched(later) } else { stored_group }, "{name}");
    }
    assign_group(&runner, &group, &[("tag", texts(&["new", "sale"]))]).await;
    assign(&runner, group.members[0].id, "tag", texts(&["best"])).await.unwrap();
    for member in &group.members {
        let before = assigned(&db, member.id).await;
        let mut tx = db.begin().await;
        tx.groups().leave(&[member.id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(assigned(&db, member.id).await, before.kept());
    }
}

async fn groups_are_listed_and_found_by_their_names_r205(db: TestDb) {
    options(&db).await;
    let runner = db.runner();
    let mut ids = Vec::new();
    for name in ["Blue Shirt", "Shirts of wool", "Größe Socken"] {
        let create = CreateGroup { name: GroupName::parse(name).ok(), ..all() };
        let create = CreateGroup { members: NewMembers::All { price: price(500), sku_pattern: None }, ..create };
        ids.push(runner.run(create).await.unwrap());
    }
    let queries = db.database.queries().groups;
    let list = async |text: &str, status, limit| {
        let filter = GroupFilter { search: SearchText::parse(text).unwrap(), status };
        queries.list(&filter, &first(limit)).await.unwrap()
    };
    let page = list("", None, 2).await;
    assert_eq!(page.items.iter().map(|one| one.group.id).collect::<Vec<_>>(), [ids[0].group.id, ids[1].group.id]);
    assert_eq!(page.items[0].group, ids[0].group);
    assert_eq!((page.items[0].card.members, page.items[0].card.prices), (4, Some((price(500), price(500)))));
    assert!(page.next.is_some());
    assert_eq!(list("shirt", None, 10).await.items.len(), 2);
    assert_eq!(list("grosse", None, 10).await.items.len(), 1);
    for member in &ids[1].members {
        db.archive(member.id).await;
    }
    db.archive(ids[0].members[0].id).await;
    let seen = list("", Some(ProductStatus::Active), 10).await;
    assert_eq!(seen.items.iter().map(|one| one.card.members).collect::<Vec<_>>(), [3, 4]);
    let products = [ids[0].members[0].id, ids[1].members[0].id, db.add_product("Single", 0).await.id];
    let cards = queries.cards(&products, Some(ProductStatus::Active)).await.unwrap();
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[&products[0]].members, 3);
}
