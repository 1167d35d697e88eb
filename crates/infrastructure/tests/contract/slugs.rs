//! Names of products and product groups in addresses, and the texts of their pages.

use application::groups::{CreateGroup, DeleteGroup, NewMember, NewMembers, NewProduct, UpdateGroup};
use application::products::{CreateProduct, DeleteProduct, UpdateProduct};
use application::{Conflict, Error, Runner};
use domain::groups::{GroupChange, GroupName, GroupView};
use domain::pages::{DescriptionHtml, PageTexts, PageTextsChange};
use domain::products::{Product, ProductChange, ProductDetails, ProductId, ProductName, ProductStatus};
use domain::slugs::{Addressee, Slug, SlugKind};
use domain::stock::{InitialStock, Stock};
use domain::terms::SeoTitle;
use domain::{Price, Uuid};

use crate::support::{NOW, TestDb, at_once, product};

on_every_database!(
    a_made_slug_is_the_first_that_is_free_r217,
    a_slug_stays_its_owners_when_it_is_given_up_and_is_free_when_the_owner_goes_r217,
    products_and_groups_may_have_the_same_slug_r217,
    of_twenty_products_of_one_name_each_gets_a_slug_of_its_own_r217,
    slugs_are_made_in_bulk_and_later_for_products_of_before_r217,
    the_migration_knows_what_was_there_before_r217,
    a_member_has_the_texts_of_its_group_and_keeps_them_when_it_goes_r204_r218,
);

fn slug(raw: &str) -> Slug {
    Slug::parse(raw).unwrap()
}

fn create(name: &str, given: Option<&str>) -> CreateProduct {
    let details = ProductDetails::new(ProductName::parse(name).unwrap(), Price::parse(100).unwrap());
    let details = ProductDetails { slug: given.map(slug), ..details };
    CreateProduct {
        id: None,
        details,
        initial_stock: InitialStock::default(),
        attributes: Vec::new(),
        page: PageTexts::default(),
    }
}

async fn add(runner: &Runner, name: &str) -> Product {
    runner.run(create(name, None)).await.unwrap().0.product
}

/// What the slug of a product is when it has been changed to this.
async fn change(runner: &Runner, id: ProductId, to: &str) -> Result<Option<Slug>, Error> {
    let change = ProductChange { slug: Some(slug(to)), ..ProductChange::default() };
    runner.run(UpdateProduct::of(id, change)).await.map(|view| view.product.slug)
}

fn is_taken<T: std::fmt::Debug>(result: &Result<T, Error>, kind: SlugKind) -> bool {
    matches!(result, Err(Error::Conflict(Conflict::Duplicate(key))) if *key == kind.unique_key())
}

async fn find(db: &TestDb, kind: SlugKind, raw: &str) -> Option<(Uuid, bool)> {
    let found = db.database.queries().slugs.find(kind, &slug(raw)).await.unwrap();
    found.map(|Addressee { id, is_current }| (id, is_current))
}

async fn sound(db: &TestDb) {
    assert_eq!(db.database.examine().await.unwrap(), []);
}

async fn a_made_slug_is_the_first_that_is_free_r217(db: TestDb) {
    let runner = db.runner();
    runner.run(create("Cup", Some("mug-3"))).await.unwrap();
    let mut made = Vec::new();
    for _ in 0..9 {
        made.push(add(&runner, "Mug!").await);
    }
    let slugs: Vec<_> = made.iter().map(|product| product.slug.as_ref().unwrap().to_string()).collect();
    let last = format!("mug-{}", &made[8].id.0.simple().to_string()[20..]);
    assert_eq!(slugs, ["mug", "mug-2", "mug-4", "mug-5", "mug-6", "mug-7", "mug-8", "mug-9", &last]);
    let nameless = add(&runner, "茶杯").await;
    let expected = format!("p-{}", &nameless.id.0.simple().to_string()[24..]);
    assert_eq!(nameless.slug.unwrap().as_str(), expected);
    assert_eq!(find(&db, SlugKind::Product, "mug-2").await, Some((made[1].id.0, true)));
    let view = db.database.queries().products.get(made[1].id, None).await.unwrap().unwrap();
    assert_eq!(view.product, made[1]);
    sound(&db).await;
}

async fn a_slug_stays_its_owners_when_it_is_given_up_and_is_free_when_the_owner_goes_r217(db: TestDb) {
    let runner = db.runner();
    let (mug, cup) = (add(&runner, "Mug").await, add(&runner, "Cup").await);
    assert_eq!(change(&runner, mug.id, "blue-mug").await.unwrap(), Some(slug("blue-mug")));
    assert_eq!(find(&db, SlugKind::Product, "mug").await, Some((mug.id.0, false)));
    assert_eq!(find(&db, SlugKind::Product, "blue-mug").await, Some((mug.id.0, true)));
    for taken in ["mug", "blue-mug"] {
        assert!(is_taken(&change(&runner, cup.id, taken).await, SlugKind::Product), "{taken}");
        assert!(is_taken(&runner.run(create("Pot", Some(taken))).await, SlugKind::Product), "{taken}");
    }
    assert_eq!(find(&db, SlugKind::Product, "cup").await, Some((cup.id.0, true)), "nothing has changed");
    assert_eq!(change(&runner, mug.id, "mug").await.unwrap(), Some(slug("mug")), "it had it before");
    assert_eq!(find(&db, SlugKind::Product, "blue-mug").await, Some((mug.id.0, false)));
    sound(&db).await;
    runner.run(DeleteProduct { id: mug.id, expected: None }).await.unwrap();
    assert_eq!(find(&db, SlugKind::Product, "mug").await, None);
    assert_eq!(change(&runner, cup.id, "mug").await.unwrap(), Some(slug("mug")));
    sound(&db).await;
}

/// A group that is made of a product.
async fn group_of(runner: &Runner, from: ProductId, page: PageTexts) -> GroupView {
    let members = NewMembers::Products(vec![NewMember {
        values: Vec::new(),
        product: NewProduct::at(Price::parse(100).unwrap()),
    }]);
    let from = Some((from, Vec::new()));
    let group = CreateGroup { name: None, slug: None, description: None, page, options: Vec::new(), members, from };
    runner.run(group).await.unwrap()
}

async fn products_and_groups_may_have_the_same_slug_r217(db: TestDb) {
    let runner = db.runner();
    let mug = add(&runner, "Mug").await;
    let group = group_of(&runner, mug.id, PageTexts::default()).await;
    let id = group.group.id;
    assert_eq!((group.group.slug.as_str(), find(&db, SlugKind::Group, "mug").await), ("mug", Some((id.0, true))));
    assert_eq!(find(&db, SlugKind::Product, "mug").await, Some((mug.id.0, true)), "the product keeps its own");
    let slugs: Vec<_> = group.members.iter().map(|member| member.slug.clone()).collect();
    assert_eq!(slugs, [Some(slug("mug")), Some(slug("mug-2"))]);
    let change =
        GroupChange { slug: Some(slug("mugs")), name: GroupName::parse("Cups").ok(), ..GroupChange::default() };
    runner.run(UpdateGroup::of(id, change)).await.unwrap();
    assert_eq!(find(&db, SlugKind::Group, "mug").await, Some((id.0, false)));
    assert_eq!(find(&db, SlugKind::Group, "mugs").await, Some((id.0, true)));
    let other = add(&runner, "Mug").await;
    let other = group_of(&runner, other.id, PageTexts::default()).await.group;
    assert_eq!(other.slug.as_str(), "mug-2", "the old one is taken");
    let change = GroupChange { slug: Some(slug("mug")), ..GroupChange::default() };
    assert!(is_taken(&runner.run(UpdateGroup::of(other.id, change)).await, SlugKind::Group));
    sound(&db).await;
    runner.run(DeleteGroup { id, expected: None }).await.unwrap();
    assert_eq!(find(&db, SlugKind::Group, "mugs").await, None);
    sound(&db).await;
}

async fn of_twenty_products_of_one_name_each_gets_a_slug_of_its_own_r217(db: TestDb) {
    let runner = db.runner();
    let made = at_once(20, |_| {
        let runner = runner.clone();
        async move { add(&runner, "Mug").await.slug.unwrap().to_string() }
    })
    .await;
    let mut slugs = made;
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 20, "{slugs:?}");
    sound(&db).await;
}

/// Products with stock, as they are before they are loaded.
fn goods(names: &[&str]) -> Vec<(Product, Stock)> {
    let with_stock = |name: &&str| {
        let product = product(name, None);
        let stock = Stock::new(product.id, 0, NOW);
        (product, stock)
    };
    names.iter().map(with_stock).collect()
}

async fn slug_of(db: &TestDb, id: ProductId) -> Option<String> {
    let view = db.database.queries().products.get(id, None).await.unwrap().unwrap();
    view.product.slug.map(|slug| slug.to_string())
}

async fn slugs_of(db: &TestDb, goods: &[(Product, Stock)]) -> Vec<Option<String>> {
    let mut slugs = Vec::new();
    for (product, _) in goods {
        slugs.push(slug_of(db, product.id).await);
    }
    slugs
}

async fn fill(db: &TestDb, limit: u64) -> u64 {
    let mut tx = db.begin().await;
    let done = tx.slugs().fill(limit).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn slugs_are_made_in_bulk_and_later_for_products_of_before_r217(db: TestDb) {
    let runner = db.runner();
    add(&runner, "Mug").await;
    let loaded = goods(&["Mug", "Cup", "Mug", "Mug 2", "Cup"]);
    db.database.bulk_products(&loaded).await.unwrap();
    let some = |slug: &str| Some(slug.to_owned());
    // The third looks at what the first two got, and the fourth finds its own name taken.
    assert_eq!(
        slugs_of(&db, &loaded).await,
        [some("mug-2"), some("cup"), some("mug-3"), some("mug-2-2"), some("cup-2")]
    );
    let many = goods(&["Plate"; 12]);
    db.database.bulk_products(&many).await.unwrap();
    let last = format!("plate-{}", &many[11].0.id.0.simple().to_string()[20..]);
    assert_eq!(slug_of(&db, many[11].0.id).await, Some(last));
    sound(&db).await;

    // As an older version has left them.
    let old = goods(&["Pot", "Pan", "Pot"]);
    for (product, stock) in &old {
        let mut tx = db.begin().await;
        tx.products().insert(product).await.unwrap();
        tx.stock().insert(stock).await.unwrap();
        tx.commit().await.unwrap();
        let sql = "INSERT INTO slugs (kind, slug, resource_id, is_current) SELECT 'unmade', LOWER(HEX(id)), id, 0
            FROM products WHERE id = ?";
        assert_eq!(db.execute(sql, product.id.0).await.unwrap(), 1);
    }
    assert_eq!(find(&db, SlugKind::Product, "pot").await, None);
    sound(&db).await;
    // A change makes one, too.
    let archived = ProductChange { status: Some(ProductStatus::Archived), ..ProductChange::default() };
    let changed = runner.run(UpdateProduct::of(old[2].0.id, archived)).await.unwrap().product;
    assert_eq!(changed.slug, Some(slug("pot")));
    assert_eq!((fill(&db, 2).await, fill(&db, 2).await, fill(&db, 2).await), (2, 1, 0));
    assert_eq!(slugs_of(&db, &old).await, [some("pot-2"), some("pan"), some("pot")]);
    let pan = db.database.queries().products.get(old[1].0.id, None).await.unwrap().unwrap().product;
    assert_eq!((pan.version, pan.updated_at), (old[1].0.version, old[1].0.updated_at), "it is no change");
    sound(&db).await;
}

async fn the_migration_knows_what_was_there_before_r217(db: TestDb) {
    let runner = db.runner();
    let mug = add(&runner, "Mug").await;
    let group = group_of(&runner, mug.id, PageTexts::default()).await.group;
    let migrations = db.database.migration_status().await.unwrap();
    let first = migrations.iter().position(|migration| migration.name.ends_with("_slugs")).unwrap();
    db.database.migrate_down(u32::try_from(migrations.len() - first).unwrap()).await.unwrap();
    db.database.migrate_up().await.unwrap();
    assert_eq!(find(&db, SlugKind::Group, "mug").await, Some((group.id.0, true)));
    assert_eq!((slug_of(&db, mug.id).await, find(&db, SlugKind::Product, "mug").await), (None, None));
    assert_eq!((fill(&db, 100).await, fill(&db, 100).await), (2, 0));
    assert_eq!(find(&db, SlugKind::Product, "mug").await, Some((mug.id.0, true)));
    sound(&db).await;
}

fn texts(title: Option<&str>, html: Option<&str>) -> PageTexts {
    PageTexts {
        seo_title: title.map(|title| SeoTitle::parse(title).unwrap()),
        seo_description: None,
        html: html.map(|html| DescriptionHtml::parse(html).unwrap()),
    }
}

async fn shown(db: &TestDb, id: ProductId) -> PageTexts {
    let (view, page) = db.database.queries().pages.product(id, None).await.unwrap().unwrap();
    assert_eq!(db.database.queries().products.get(id, None).await.unwrap(), Some(view));
    page.shown
}

async fn a_member_has_the_texts_of_its_group_and_keeps_them_when_it_goes_r204_r218(db: TestDb) {
    let runner = db.runner();
    let mug = add(&runner, "Mug").await;
    // The longest HTML that there may be, with characters of three bytes.
    let long = format!("<p>{}</p>", "杯".repeat(16_664));
    let of_group = texts(Some("Mugs"), Some(&long));
    let group = group_of(&runner, mug.id, of_group.clone()).await;
    assert_eq!(group.page, of_group);
    let other = group.members.iter().map(|member| member.id).find(|id| *id != mug.id).unwrap();
    assert_eq!((shown(&db, mug.id).await, shown(&db, other).await), (of_group.clone(), of_group.clone()));

    let page = PageTextsChange { seo_title: Some(SeoTitle::parse("The mug").ok()), ..PageTextsChange::default() };
    let update = UpdateProduct { page, ..UpdateProduct::of(mug.id, ProductChange::default()) };
    let version = runner.run(update).await.unwrap().product.version;
    assert_eq!(version.0, 3, "it joined, and was changed");
    assert_eq!(shown(&db, mug.id).await, texts(Some("The mug"), Some(&long)));
    let pages = db.database.queries().pages;
    assert_eq!(pages.product(mug.id, None).await.unwrap().unwrap().1.own, texts(Some("The mug"), None));
    assert_eq!(pages.product(mug.id, Some(ProductStatus::Draft)).await.unwrap(), None);

    let page =
        PageTextsChange { html: Some(DescriptionHtml::parse("<p>Of clay</p>").ok()), ..PageTextsChange::default() };
    let changed = runner.run(UpdateGroup { page, ..UpdateGroup::of(group.group.id, GroupChange::default()) }).await;
    assert_eq!(changed.unwrap().page, texts(Some("Mugs"), Some("<p>Of clay</p>")));
    let risen = db.database.queries().products.get(mug.id, None).await.unwrap().unwrap().product.version;
    assert_eq!(risen.0, 4, "what it has from its group has changed");
    runner.run(DeleteGroup { id: group.group.id, expected: None }).await.unwrap();
    assert_eq!(shown(&db, mug.id).await, texts(Some("The mug"), Some("<p>Of clay</p>")));
    assert_eq!(shown(&db, other).await, texts(Some("Mugs"), Some("<p>Of clay</p>")));
    sound(&db).await;
    runner.run(DeleteProduct { id: mug.id, expected: None }).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM page_texts").await, 1);
    sound(&db).await;
}
