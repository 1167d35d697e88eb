//! What the list of products is narrowed by.

use serde_json::json;
use testkit::shop::make;
use testkit::{App, spawn, usd};

use super::browser::{Browser, Page};

/// Mugs below kitchen and a bowl beside them: two blue ones, of which one is a draft, and a red one.
async fn prepare(app: &App) {
    let office = app.office();
    let kitchen = make(&office, "categories", &json!({ "name": "Kitchen" })).await.id();
    make(&office, "categories", &json!({ "name": "Mugs", "parent_id": kitchen })).await;
    let colour = json!({ "code": "colour", "name": "Colour", "type": "choice", "filterable": true });
    make(&office, "attributes", &colour).await;
    for name in ["Blue", "Red", "Green"] {
        make(&office, "attributes/colour/terms", &json!({ "name": name })).await;
    }
    for (code, kind) in [("width", "decimal"), ("eco", "boolean")] {
        make(&office, "attributes", &json!({ "code": code, "name": code, "type": kind, "filterable": true })).await;
    }
    for (name, price, stock, status, attributes) in [
        ("Mug A", 1000, 1, "active", json!({ "category": "mugs", "colour": "blue", "width": 8.5, "eco": true })),
        ("Mug B", 2000, 0, "draft", json!({ "category": "mugs", "colour": "blue", "width": 9, "eco": false })),
        ("Mug C", 2000, 1, "active", json!({ "category": "mugs", "colour": "red" })),
        ("Bowl", 9000, 1, "active", json!({ "category": "kitchen" })),
    ] {
        let product = json!({
            "name": name, "price": usd(price), "initial_stock": stock, "status": status, "attributes": attributes,
        });
        make(&office, "products", &product).await;
    }
}

/// A choice of the panel: its name, how many products it leaves, and the list with it.
type Choice = (String, String, String);

fn choices(page: &Page) -> Vec<Choice> {
    let (names, counts) = (page.texts(".facets li a"), page.texts(".facets li > .faint"));
    let places = page.values(".facets li a", "href");
    assert!(names.len() == counts.len() && names.len() == places.len());
    names.into_iter().zip(counts).zip(places).map(|((name, count), to)| (name, count, to)).collect()
}

fn choice(page: &Page, name: &str) -> (String, String) {
    let all = choices(page);
    let found = all.iter().find(|(one, ..)| one == name);
    let (_, count, to) = found.unwrap_or_else(|| panic!("{name}: {all:?}"));
    (count.clone(), to.clone())
}

fn names(page: &Page) -> Vec<String> {
    let mut names = page.texts("tbody a.name");
    names.sort();
    names
}

#[tokio::test]
async fn the_list_is_narrowed_step_by_step_and_says_what_each_step_leaves_r221_r239() {
    let app = spawn().await;
    prepare(&app).await;
    let admin = Browser::admin(&app).await;
    let open = async |place: &str| admin.open(place).await.expect(200);
    let closed = open("products").await;
    assert_eq!((closed.texts(".found > span"), closed.texts(".facets")), (vec!["4 products".to_owned()], vec![]));
    let all = open(&closed.values(".found a[aria-expanded=false]", "href")[0]).await;
    assert_eq!(all.texts(".found > span"), ["4 products"], "drafts are in the list, and count");
    assert_eq!(all.values(".found a[aria-expanded=true]", "href"), ["products"]);
    assert_eq!(all.texts(".facets h2"), ["Category", "Colour", "width", "eco", "Price", "In stock"]);
    assert_eq!((choice(&all, "Blue").0, choice(&all, "Kitchen").0), ("2".to_owned(), "4".to_owned()));
    assert!(choices(&all).iter().all(|(name, ..)| name != "Green"), "no product has it");
    assert!(all.texts(".narrowed").is_empty());

    let blue = open(&choice(&all, "Blue").1).await;
    assert_eq!(
        (names(&blue), blue.texts(".found > span")),
        (vec!["Mug A".into(), "Mug B".into()], vec!["2 products".into()])
    );
    assert_eq!(choice(&blue, "Red").0, "1", "a facet is counted without its own filter");
    assert_eq!(blue.texts(".narrowed a"), ["Colour: Blue × (remove)"]);
    // Of several terms a product needs one. Of categories one is chosen, and those below it are shown.
    let both = open(&choice(&blue, "Red").1).await;
    assert_eq!(names(&both), ["Mug A", "Mug B", "Mug C"]);
    let red = open(&choice(&both, "Blue × (chosen)").1).await;
    assert_eq!(names(&red), ["Mug C"]);
    let kitchen = open(&choice(&both, "Kitchen").1).await;
    let mugs = open(&choice(&kitchen, "Mugs").1).await;
    assert_eq!(mugs.texts(".narrowed a"), ["Category: Mugs × (remove)", "Colour: Blue, Red × (remove)"]);
    let without = mugs.values(".narrowed a", "href");
    assert_eq!(without[0], choice(&both, "Blue × (chosen)").1.replace("red", "blue%2Cred"));
    assert_eq!(names(&open(&without[1]).await).len(), 3);
    // What narrows the list stays, whatever else is chosen.
    let drafts = mugs.values("nav.tabs a", "href").into_iter().find(|to| to.contains("status=draft")).unwrap();
    assert_eq!(names(&open(&drafts).await), ["Mug B"]);
    assert_eq!(mugs.values(".find [name='attr.colour']", "value"), ["blue,red"]);

    let eco = open(&choice(&all, "Yes").1).await;
    assert_eq!((names(&eco), eco.texts(".narrowed a")), (vec!["Mug A".into()], vec!["eco: Yes × (remove)".into()]));
}

#[tokio::test]
async fn the_list_is_narrowed_to_ranges_of_prices_and_numbers_and_to_what_is_in_stock_r221_r239() {
    let app = spawn().await;
    prepare(&app).await;
    let admin = Browser::admin(&app).await;
    let open = async |place: &str| admin.open(place).await.expect(200);
    let all = open("products?facets=all").await;
    let of = |parameter: &str| {
        let found = choices(&all).into_iter().filter(|(.., to)| to.contains(parameter)).collect::<Vec<_>>();
        assert!(found.len() > 1, "{found:?}");
        found
    };
    // Each range has as many products as it says, and may be left again.
    for parameter in ["min_price=", "attr.width="] {
        let mut sum = 0;
        for (name, count, to) in of(parameter) {
            let list = open(&to).await;
            assert_eq!(names(&list).len().to_string(), count, "{to}");
            sum += names(&list).len();
            assert_eq!(choice(&list, &format!("{name} × (chosen)")), (count, "products?facets=all".to_owned()));
            assert_eq!(list.values(".narrowed a", "href"), ["products?facets=all"]);
        }
        assert_eq!(sum, if parameter == "min_price=" { 4 } else { 2 });
    }
    let sold_out = of("in_stock=").into_iter().find(|(name, ..)| name == "No").unwrap();
    assert_eq!(names(&open(&sold_out.2).await), ["Mug B"]);
}

#[tokio::test]
async fn a_change_and_a_file_of_all_that_match_have_what_the_list_is_narrowed_to_r239() {
    let app = spawn().await;
    prepare(&app).await;
    let admin = Browser::admin(&app).await;
    let query = "attr.colour=blue&in_stock=true&min_price=500&max_price=1500";
    let list = admin.open(&format!("products?{query}&choose=page")).await.expect(200);
    assert_eq!(names(&list), ["Mug A"]);
    let file = list.values(".download a", "href").remove(0);
    let file = admin.open(&file).await.expect(200).text;
    assert!(file.contains("Mug A") && !file.contains("Mug B") && !file.contains("Bowl"), "{file}");
    let bulk = list.values(".bulk a", "href").remove(0);
    let form = admin.open(&bulk).await.expect(200);
    form.shows("Change all 1 that match").shows("with Colour: Blue; In stock: Yes; Price: 5.00");
    let begun = admin.act(&bulk, &[("status", "archived")]).await.expect(303);
    let id = begun.location().split(['/', '?']).find(|part| part.len() == 36).unwrap().to_owned();
    let import = app.office().get(&format!("/imports/{id}")).await;
    let select = json!({ "attr.colour": "blue", "in_stock": "true", "min_price": "500", "max_price": "1500" });
    assert_eq!(import["bulk"]["select"], select, "{import}");
    // What makes no sense filters nothing in the list, and is refused where less would be seen than is changed.
    for bad in ["attr.colour=mauve", "attr.shape=round", "attr.width=wide", "in_stock=maybe", "max_price=x"] {
        assert_eq!(names(&admin.open(&format!("products?{bad}")).await.expect(200)).len(), 4, "{bad}");
        for place in ["products/bulk", "products/export.csv"] {
            admin.open(&format!("{place}?{bad}")).await.expect(422).shows(bad.split('=').next().unwrap());
        }
    }
    let turned = "min_price=9&max_price=1";
    admin.open(&format!("products/bulk?{turned}")).await.expect(422).shows("max_price");
}

#[tokio::test]
async fn a_facet_of_many_terms_shows_the_first_ten_and_the_rest_if_asked_r239() {
    let app = spawn().await;
    let office = app.office();
    for at in 0..12 {
        let product = json!({ "name": "Mug", "price": usd(100), "attributes": { "tag": format!("tag-{at}") } });
        make(&office, "attributes/tag/terms", &json!({ "name": format!("Tag {at}") })).await;
        make(&office, "products", &product).await;
    }
    let admin = Browser::admin(&app).await;
    let tags = |page: &Page| choices(page).iter().filter(|(name, ..)| name.starts_with("Tag ")).count();
    let few = admin.open("products?sort=name&facets=all").await.expect(200);
    assert_eq!(tags(&few), 10);
    let more = few.values(".facets section > a", "href").remove(0);
    let whole = admin.open(&more).await.expect(200);
    assert_eq!(tags(&whole), 12);
    assert!(choice(&whole, "Tag 11").1.contains("sort=name"));
}

#[tokio::test]
async fn what_is_not_counted_is_not_shown_and_the_list_says_more_r239() {
    let database = testkit::TestDatabase::sqlite();
    // So many products that they are not counted one by one.
    testkit::well(&database, &["seed", "--products", "5001", "--customers", "0", "--orders", "0"]).await;
    let app = testkit::spawn_on(database, &[("catalog.index_megabytes", "0")]).await;
    let admin = Browser::admin(&app).await;
    for query in ["min_price=0", "min_price=0&facets=all"] {
        let page = admin.open(&format!("products?{query}")).await.expect(200);
        assert_eq!(
            (page.texts(".found > span"), page.texts(".facets")),
            (vec!["More than 50 products".to_owned()], vec![])
        );
        assert_eq!(page.text.contains("Too many products are found to count them"), query.contains("facets"));
    }
    let page = admin.open("products?min_price=0").await.expect(200);
    assert_eq!(page.values(".narrowed a", "href"), ["products"], "a filter is left all the same");
}

#[tokio::test]
async fn product_groups_are_one_row_each_and_fold_out_r206_r239() {
    let app = spawn().await;
    let office = app.office();
    let group = make(&office, "product-groups", &json!({ "name": "Mugs", "options": [] })).await.id();
    for (at, status) in [(1, "active"), (2, "draft"), (3, "active")] {
        let product =
            json!({ "name": format!("Mug {at}"), "price": usd(at * 100), "initial_stock": at, "status": status });
        let id = make(&office, "products", &product).await.id();
        let member = json!({ "product_id": id, "values": {} });
        make(&office, &format!("product-groups/{group}/products"), &member).await;
    }
    app.product("Bowl", 900, 9).await;
    let admin = Browser::admin(&app).await;
    let open = async |place: &str| admin.open(place).await.expect(200);
    let every = open("products").await;
    assert_eq!((names(&every).len(), every.texts(".found > span")), (4, vec!["4 products".into()]));
    assert!(every.texts("tbody button").is_empty());

    let query = "collapse=group&sort=price";
    let folded = open(&format!("products?{query}")).await;
    assert_eq!(folded.texts("tbody a.name"), ["Mug 1", "Bowl"]);
    assert_eq!(folded.texts(".found > span"), ["2 product groups and single products"]);
    assert_eq!(folded.texts("tbody button[aria-expanded=false]"), ["All 3 of Mugs"]);
    assert_eq!(folded.values("tbody button", "value"), [group.as_str()]);
    // The form of the list keeps its order and what is chosen.
    let bowl = folded.values("[type=checkbox][name=id]", "value").remove(1);
    let unfolded = open(&format!("products?{query}&id={bowl}&open={group}")).await;
    assert_eq!(folded.values("#list form [name=sort]", "value"), ["price"]);
    assert_eq!(unfolded.texts("tbody a.name"), ["Mug 1", "Mug 2", "Mug 3", "Bowl"]);
    assert_eq!(unfolded.texts("tr.member td[data-label='On hand']"), ["2", "3"]);
    assert_eq!(unfolded.texts("tbody button[aria-expanded=true]"), ["Close Mugs"]);
    assert_eq!(unfolded.values("[type=checkbox][name=id][checked]", "value"), [bowl.as_str()]);
    // A group that is open stays so while its members are chosen.
    assert_eq!(unfolded.values("#list form [name=stays_open]", "value"), [group.as_str()]);
    let members = open(&format!("products?{query}&stays_open={group}&choose=page")).await;
    assert_eq!(members.values("[type=checkbox][name=id][checked]", "value").len(), 4);
    let closed = open(&format!("products?{query}&stays_open={group}&open=none")).await;
    assert_eq!(names(&closed).len(), 2);
    // What all that match are is no matter of the rows.
    let chosen = open(&format!("products?{query}&choose=page")).await;
    assert_eq!(chosen.texts(".bulk a"), ["Change all 4 that match"]);
    // Members have the status of the list.
    let active = open(&format!("products?{query}&status=active&open={group}")).await;
    assert_eq!(
        (active.texts("tr.member a.name"), active.texts("tbody button")),
        (vec!["Mug 3".into()], vec!["Close Mugs".into()])
    );
    for nothing in ["x", &bowl] {
        let page = open(&format!("products?{query}&open={nothing}")).await;
        assert_eq!(names(&page).len(), 2);
    }
    let viewer = super::customers::staff(&app, "vera", "viewer").await;
    let seen = viewer.open(&format!("products?{query}&open={group}")).await.expect(200);
    assert_eq!((names(&seen).len(), seen.values("#list form [name=sort]", "value")), (4, vec!["price".into()]));
}
