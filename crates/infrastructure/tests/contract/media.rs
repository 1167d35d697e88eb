use std::time::Duration;

use application::collections::{CreateCollection, DeleteCollection};
use application::groups::{AddMember, Adding, CreateGroup, DeleteGroup, NewMembers, UpdateGroup};
use application::media::{AddPicture, DeletePicture, PicturesOf, PlacePictures};
use application::products::DeleteProduct;
use application::terms::DeleteTerm;
use application::{Conflict, Error};
use domain::attributes::{AttributeCode, Position};
use domain::collections::{CollectionDetails, CollectionKey, CollectionName, Pins};
use domain::groups::GroupChange;
use domain::media::{
    Alt, Encoding, Gallery, MediaFilter, MediaId, NewPicture, Owner, OwnerKind, Picture, PictureType, Placed, Shown,
};
use domain::pages::PageTexts;
use domain::products::Product;
use domain::terms::TermKey;
use domain::{StoreError, Version};

use crate::attributes::built_in;
use crate::support::{NOW, TestDb, at_once, every_page, id};
use crate::terms::add_term;

on_every_database!(
    a_picture_is_written_once_for_its_bytes_r210,
    pictures_are_listed_with_those_that_nothing_shows_r210,
    a_product_shows_its_pictures_in_order_r211,
    a_picture_that_is_placed_meanwhile_is_not_deleted_r211,
    pictures_stay_when_the_product_that_shows_them_goes_r211,
    groups_collections_and_terms_have_pictures_and_lose_them_when_they_go_r211,
    a_member_has_the_pictures_of_its_group_until_it_has_its_own_r211_r204,
);

fn picture(number: u8) -> NewPicture {
    NewPicture {
        id: MediaId(id()),
        hash: [number; 32],
        kind: PictureType::Webp,
        encoding: if number.is_multiple_of(2) { Encoding::Jpeg } else { Encoding::Webp },
        bytes: 15_000_000,
        width: 1_562_500,
        height: u32::from(number) + 16,
    }
}

async fn add(db: &TestDb, number: u8) -> Picture {
    db.runner().run(AddPicture(picture(number))).await.unwrap()
}

fn placed(picture: &Picture, alt: Option<&str>) -> Placed {
    Placed { media_id: picture.id, alt: alt.map(|alt| Alt::parse(alt).unwrap()) }
}

async fn place(db: &TestDb, product: &Product, placed: Vec<Placed>) -> Result<(Version, Vec<Shown>), Error> {
    let gallery = Gallery::new(placed).unwrap();
    db.runner().run(PlacePictures { of: PicturesOf::Product(product.id), gallery, expected: None }).await
}

async fn a_picture_is_written_once_for_its_bytes_r210(db: TestDb) {
    let queries = db.database.queries().media;
    let first = add(&db, 1).await;
    assert_eq!(queries.get(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(queries.with_hash(&[1; 32]).await.unwrap(), Some(first.clone()));
    assert_eq!(queries.with_hash(&[2; 32]).await.unwrap(), None);
    let results = at_once(8, |number| {
        let runner = db.runner();
        async move {
            let again = if number < 4 { 1 } else { 7 };
            runner.run(AddPicture(picture(again))).await
        }
    })
    .await;
    let is_taken = |result: &Result<Picture, Error>| {
        matches!(result, Err(Error::Conflict(Conflict::Duplicate(Picture::UNIQUE_HASH))))
    };
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(|result| is_taken(result)).count(), 7, "{results:?}");
    let mut tx = db.begin().await;
    let twice = tx.media().insert(&Picture::new(picture(1), NOW)).await;
    assert!(matches!(twice, Err(StoreError::Duplicate(Picture::UNIQUE_HASH))));
}

async fn pictures_are_listed_with_those_that_nothing_shows_r210(db: TestDb) {
    let mut all = Vec::new();
    for number in 0..5 {
        all.push(add(&db, number).await);
    }
    let (mug, cup) = (db.add_product("Mug", 0).await, db.add_product("Cup", 0).await);
    let queries = db.database.queries().media;
    assert!(!queries.is_used().await.unwrap());
    for product in [&mug, &cup] {
        place(&db, product, vec![placed(&all[1], None), placed(&all[4], None)]).await.unwrap();
    }
    assert!(queries.is_used().await.unwrap());
    let listed = async |is_unused| {
        let filter = MediaFilter { is_unused };
        every_page(2, async |page| queries.list(&filter, &page).await.unwrap()).await
    };
    assert_eq!(listed(false).await, all);
    assert_eq!(listed(true).await, [&all[0], &all[2], &all[3]].map(Clone::clone));
    let wanted: Vec<_> = all.iter().map(|picture| picture.id).chain([MediaId(id())]).collect();
    let existing = async |since| {
        let mut existing = queries.existing_since(&wanted, since).await.unwrap();
        existing.sort_unstable();
        existing
    };
    assert_eq!(existing(NOW).await, wanted[..5]);
    assert!(queries.existing_since(&[], NOW).await.unwrap().is_empty());
    let mut tx = db.begin().await;
    tx.media().delete(wanted[0], NOW).await.unwrap();
    tx.commit().await.unwrap();
    let later = NOW + Duration::from_micros(1);
    assert_eq!((existing(NOW).await, existing(later).await), (wanted[..5].to_vec(), wanted[1..5].to_vec()));
    let mut tx = db.begin().await;
    tx.media().forget_removed(NOW).await.unwrap();
    tx.media().forget_removed(later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(existing(NOW).await, wanted[1..5]);
}

async fn a_product_shows_its_pictures_in_order_r211(db: TestDb) {
    let (one, two, three) = (add(&db, 1).await, add(&db, 2).await, add(&db, 3).await);
    let (mug, cup) = (db.add_product("Mug", 0).await, db.add_product("Cup", 0).await);
    let alt = "ä".repeat(300);
    let first = vec![placed(&three, Some(&alt)), placed(&one, None), placed(&two, Some(""))];
    let (version, shown) = place(&db, &mug, first.clone()).await.unwrap();
    assert_eq!(version, Version(2));
    let ids = |shown: &[Shown]| shown.iter().map(|one| one.picture.id).collect::<Vec<_>>();
    assert_eq!(ids(&shown), [three.id, one.id, two.id]);
    let alts: Vec<_> = shown.iter().map(|one| one.alt.as_ref().map(Alt::as_str)).collect();
    assert_eq!(alts, [Some(alt.as_str()), None, Some("")], "an empty text is another than none");
    let mut tx = db.begin().await;
    assert_eq!(tx.media().gallery(Owner::from(mug.id)).await.unwrap().placed(), first);
    drop(tx);
    place(&db, &cup, vec![placed(&one, None)]).await.unwrap();
    let queries = db.database.queries().media;
    let bare = db.add_product("Bare", 0).await;
    let all = [mug.id.0, cup.id.0, bare.id.0];
    let galleries = queries.galleries(OwnerKind::Product, &all).await.unwrap();
    assert_eq!((galleries.len(), &galleries[&mug.id.0]), (2, &shown));
    let first = queries.first(OwnerKind::Product, &all).await.unwrap();
    assert_eq!((first.len(), first[&mug.id.0].picture.id, first[&cup.id.0].picture.id), (2, three.id, one.id));
    // Turned round, with one less; then none.
    let (_, shown) = place(&db, &mug, vec![placed(&one, None), placed(&three, None)]).await.unwrap();
    assert_eq!(ids(&shown), [one.id, three.id]);
    let (version, shown) = place(&db, &mug, Vec::new()).await.unwrap();
    assert_eq!((version, shown.len()), (Version(4), 0));
    assert_eq!(place(&db, &mug, Vec::new()).await.unwrap().0, Version(4), "nothing changes");
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn a_picture_that_is_placed_meanwhile_is_not_deleted_r211(db: TestDb) {
    for round in 0..10 {
        let picture = add(&db, round).await;
        let mug = db.add_product("Mug", 0).await;
        let results =
            at_once(2, |number| {
                let (runner, id) = (db.runner(), picture.id);
                let gallery = Gallery::new(vec![placed(&picture, None)]).unwrap();
                let place = PlacePictures { of: PicturesOf::Product(mug.id), gallery, expected: None };
                async move {
                    if number == 0 { runner.run(place).await.map(drop) } else { runner.run(DeletePicture(id)).await }
                }
            })
            .await;
        let shown = db.database.queries().media.galleries(OwnerKind::Product, &[mug.id.0]).await.unwrap();
        let stands = db.database.queries().media.get(picture.id).await.unwrap().is_some();
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        assert_eq!((stands, !shown.is_empty()), (results[0].is_ok(), results[0].is_ok()), "{results:?}");
    }
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn pictures_stay_when_the_product_that_shows_them_goes_r211(db: TestDb) {
    let picture = add(&db, 1).await;
    let mug = db.add_product("Mug", 0).await;
    place(&db, &mug, vec![placed(&picture, None)]).await.unwrap();
    let runner = db.runner();
    let refused = runner.run(DeletePicture(picture.id)).await;
    let Err(Error::Conflict(Conflict::InUse { by, .. })) = refused else { panic!("{refused:?}") };
    assert_eq!(by[0].names, ["Mug"]);
    runner.run(DeleteProduct { id: mug.id, expected: None }).await.unwrap();
    assert!(db.database.queries().media.get(picture.id).await.unwrap().is_some());
    assert_eq!(db.number("SELECT COUNT(*) FROM media_uses").await, 0);
    runner.run(DeletePicture(picture.id)).await.unwrap();
    assert!(matches!(runner.run(DeletePicture(picture.id)).await, Err(Error::NotFound("picture"))));
}

async fn groups_collections_and_terms_have_pictures_and_lose_them_when_they_go_r211(db: TestDb) {
    let (one, two) = (add(&db, 1).await, add(&db, 2).await);
    let runner = db.runner();
    let attribute = built_in(&db, "category").await;
    let term = add_term(&db, &attribute, "mugs", None).await;
    let made = CollectionDetails {
        name: CollectionName::parse("Sale").unwrap(),
        slug: None,
        filter: None,
        pins: Pins::default(),
        sort: None,
        description: None,
        position: Position::default(),
    };
    let collection = runner.run(CreateCollection { details: made, refused: Vec::new() }).await.unwrap();
    let key = CollectionKey::Id(collection.id);
    let code = AttributeCode::category();
    for (of, owner) in [
        (PicturesOf::Collection(key.clone()), Owner::from(collection.id)),
        (PicturesOf::Term(code.clone(), TermKey::Id(term.id)), Owner::from(term.id)),
    ] {
        let gallery = Gallery::new(vec![placed(&two, None), placed(&one, Some("A"))]).unwrap();
        let (version, shown) = runner.run(PlacePictures { of, gallery, expected: Some(Version(1)) }).await.unwrap();
        assert_eq!((version, shown.len()), (Version(2), 2));
        let all = db.database.queries().media.galleries(owner.kind, &[owner.id]).await.unwrap();
        assert_eq!(all[&owner.id], shown);
    }
    let refused = runner.run(DeletePicture(one.id)).await;
    let Err(Error::Conflict(Conflict::InUse { by, .. })) = refused else { panic!("{refused:?}") };
    let users: Vec<_> = by.iter().map(|users| (users.kind, users.names.join(", "))).collect();
    assert_eq!(users, [("collections", "Sale".to_owned()), ("terms", "mugs".to_owned())]);
    assert_eq!(db.database.examine().await.unwrap(), []);
    runner.run(DeleteCollection { key, expected: None }).await.unwrap();
    let delete = DeleteTerm { attribute: code, key: TermKey::Id(term.id), detach: false, expected: None };
    runner.run(delete).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM media_uses").await, 0);
    runner.run(DeletePicture(one.id)).await.unwrap();
}

async fn a_member_has_the_pictures_of_its_group_until_it_has_its_own_r211_r204(db: TestDb) {
    let (one, two, runner) = (add(&db, 1).await, add(&db, 2).await, db.runner());
    let members = NewMembers::Products(Vec::new());
    let (mug, cup, single) =
        (db.add_product("Mug", 0).await, db.add_product("Cup", 0).await, db.add_product("Single", 0).await);
    let from = Some((mug.id, Vec::new()));
    let (description, page) = (None, PageTexts::default());
    let create = CreateGroup { name: None, slug: None, description, page, options: Vec::new(), members, from };
    let group = runner.run(create).await.unwrap().group;
    let adding = Adding::Known(cup.id, Vec::new());
    runner.run(AddMember { group_id: group.id, member: adding, expected: None }).await.unwrap();
    let gallery = Gallery::new(vec![placed(&one, Some("A")), placed(&two, None)]).unwrap();
    runner.run(PlacePictures { of: PicturesOf::Group(group.id), gallery, expected: None }).await.unwrap();
    place(&db, &cup, vec![placed(&two, None)]).await.unwrap();
    let queries = db.database.queries().media;
    let ids = [mug.id, cup.id, single.id];
    let seen = async || {
        let all = queries.of_products(&ids).await.unwrap();
        let first = queries.first_of_products(&ids).await.unwrap();
        ids.map(|id| {
            let pictures = all.get(&id)?;
            assert_eq!(first[&id], pictures.shown[0]);
            Some((pictures.shown.iter().map(|shown| shown.picture.id).collect::<Vec<_>>(), pictures.are_own))
        })
    };
    assert_eq!(seen().await, [Some((vec![one.id, two.id], false)), Some((vec![two.id], true)), None]);
    let view = runner.run(UpdateGroup::of(group.id, GroupChange::default())).await.unwrap();
    assert_eq!((view.pictures.shown.len(), view.pictures.of_members.len()), (2, 2));
    runner.run(DeleteGroup { id: group.id, expected: None }).await.unwrap();
    assert_eq!(seen().await, [Some((vec![one.id, two.id], true)), Some((vec![two.id], true)), None]);
    assert_eq!(db.number("SELECT COUNT(*) FROM media_uses WHERE owner_kind <> 'product'").await, 0);
    assert_eq!(db.database.examine().await.unwrap(), []);
}
