//! Rows of lists that are chosen: from page to page, and all that match.

use std::time::Duration;

use serde_json::json;
use testkit::{App, spawn};

use super::browser::{Browser, Page, changed};

/// So many products, named by their numbers, with a price of 10.00.
async fn mugs(app: &App, count: usize) {
    for number in 0..count {
        app.product(&format!("Mug {number:02}"), 1000, 3).await;
    }
}

/// The query of the form around the rows, sent by a button with this name and value.
fn query(page: &Page, chosen: &[String], (name, value): (&str, &str)) -> String {
    let hidden = page.values("#list form input[type=hidden]", "name");
    let values = page.values("#list form input[type=hidden]", "value");
    let kept = hidden.into_iter().zip(values);
    let ticked = chosen.iter().map(|id| ("id".to_owned(), id.clone()));
    let pairs: Vec<_> = kept.chain(ticked).chain([(name.to_owned(), value.to_owned())]).collect();
    let mut url = reqwest::Url::parse("http://x").unwrap();
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap().to_owned()
}

fn ticked(page: &Page) -> Vec<String> {
    page.values("#list input[type=checkbox][checked]", "value")
}

#[tokio::test]
async fn chosen_rows_stay_chosen_across_pages_without_scripts_r239() {
    let app = spawn().await;
    mugs(&app, 52).await;
    let admin = Browser::admin(&app).await;
    let first = admin.open("products?status=active").await.expect(200);
    let boxes = first.values("#list input[type=checkbox]", "value");
    let next = first.values("button[name=after]", "value").remove(0);
    let second = admin.open(&format!("products?{}", query(&first, &boxes[..2], ("after", &next)))).await.expect(200);
    assert_eq!(second.texts("tbody tr").len(), 2);
    assert_eq!(second.texts("p.chosen"), ["2 are chosen that this page does not show. Choose none"]);
    assert!(ticked(&second).is_empty());
    // The way to the grid takes those of both pages.
    let others = second.values("#list input[type=checkbox]", "value");
    let grid = admin.open(&format!("products/edit?{}", query(&second, &others[..1], ("x", "y")))).await.expect(200);
    assert_eq!(grid.texts("tbody tr").len(), 3);
    // Back on the first page, they are ticked.
    let back = query(&second, &others[..1], ("after", "first"));
    let back = admin.open(&format!("products?{back}")).await.expect(200);
    assert_eq!(ticked(&back), boxes[..2]);
    assert_eq!(back.texts("p.chosen"), ["1 is chosen that this page does not show. Choose none"]);
    let none = admin.open(&back.values("p.chosen a", "href")[0]).await.expect(200);
    assert!(ticked(&none).is_empty() && none.texts("p.chosen").is_empty());
    assert_eq!(none.texts("tbody tr").len(), 50, "the filter stays");
}

#[tokio::test]
async fn more_rows_than_are_changed_at_once_are_counted_before_anything_is_done_r239() {
    let app = spawn().await;
    mugs(&app, 110).await;
    let admin = Browser::admin(&app).await;
    let ids: Vec<_> =
        app.office().all("/products").await.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let query: Vec<_> = ids.iter().map(|id| format!("id={id}")).collect();
    let place = format!("products/edit?{}", query.join("&"));
    let grid = admin.open(&place).await.expect(200);
    assert!(
        grid.texts("[role=alert]")[0].starts_with("You chose 110 products. At most 100 are edited at once"),
        "{:?}",
        grid.texts("[role=alert]")
    );
    assert_eq!(grid.texts("tbody tr").len(), 100);
    admin.open(&place.replace(&format!("&{}", query[100..].join("&")), "")).await.expect(200).hides("You chose");
    // A form that has more than one page shows is refused, and changes nothing.
    let mut fields = changed(grid.form(), &[(&format!("price-{}", ids[0]), "77")]);
    fields.extend(ids[100..].iter().map(|id| ("id".to_owned(), id.clone())));
    admin.send("products/edit", &fields).await.expect(422).shows("Nothing was changed. You chose 110 products.");
    assert_eq!(app.office().get(&format!("/products/{}", ids[0])).await["price"]["amount"], 1000);
    // The list says so, too, when more are chosen on its other pages than it keeps.
    let list = admin.open(&format!("products?{}&after=first", query.join("&"))).await.expect(200);
    assert!(
        list.texts("p.chosen")[0].contains("60 are chosen that this page does not show"),
        "{:?}",
        list.texts("p.chosen")
    );
}

#[tokio::test]
async fn all_rows_of_a_page_are_chosen_by_one_button_at_the_same_place_r239() {
    let app = spawn().await;
    mugs(&app, 52).await;
    let admin = Browser::admin(&app).await;
    let first = admin.open("products").await.expect(200);
    assert!(first.texts(".bulk a").is_empty(), "all that match are offered once all of a page are chosen");
    let next = first.values("button[name=after]", "value").remove(0);
    let second = admin.open(&format!("products?{}", query(&first, &[], ("after", &next)))).await.expect(200);
    let all = admin.open(&format!("products?{}", query(&second, &[], ("choose", "page")))).await.expect(200);
    assert_eq!((all.texts("tbody tr").len(), ticked(&all).len()), (2, 2), "the second page again");
    assert_eq!(all.texts("p.chosen"), ["All 2 of this page are chosen. Choose none"]);
    assert_eq!(all.texts(".bulk a"), ["Change all 52 that match"]);
    let by_hand = admin.open(&format!("products?{}", query(&second, &ticked(&all), ("after", &next)))).await;
    assert_eq!(by_hand.expect(200).texts(".bulk a"), ["Change all 52 that match"]);
    let account = json!({ "username": "vic", "password": "correct horse battery", "role": "viewer" });
    app.office().send("POST", "/accounts", &account).await.expect(201);
    let viewer = Browser::of(&app, "vic", "correct horse battery").await;
    let page = viewer.open("products?choose=page").await.expect(200);
    assert!(page.values("#list [name=id], #list .bulk", "class").is_empty(), "{}", page.text);
    assert_eq!(page.values("a[rel=next]", "href").len(), 1);
}

/// Waits, 30 seconds at most, until the page of an import says that it is in a status.
async fn becomes(browser: &Browser, place: &str, status: &str) -> Page {
    for _ in 0..300 {
        let page = browser.open(place).await.expect(200);
        if page.values(".badge", "data-is") == [status] {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is never {status}")
}

#[tokio::test]
async fn all_products_that_match_are_changed_by_an_import_that_is_checked_first_r232_r239() {
    let app = spawn().await;
    mugs(&app, 3).await;
    let pot = app.product("Pot", 1000, 1).await;
    let admin = Browser::admin(&app).await;
    let list = admin.open("products?q=mug&status=active&choose=page").await.expect(200);
    let place = list.values(".bulk a", "href").remove(0);
    assert_eq!(
        (list.texts(".bulk a"), place.as_str()),
        (vec!["Change all 3 that match".into()], "products/bulk?q=mug&status=active")
    );
    let form = admin.open(&place).await.expect(200).shows("found by “mug” that are active");
    for (typed, fault) in [
        ("x", "Change prices by must be a whole number such as 10 or -15."),
        ("-100", "Change prices by must be a whole number from -99 to 900."),
    ] {
        let refused = admin.send(&place, &changed(form.form(), &[("percent", typed)])).await.expect(422);
        assert_eq!(refused.texts(".fault"), [fault]);
    }
    admin.send(&place, &form.form()).await.expect(422).shows("Nothing would change.");
    let fields = changed(form.form(), &[("percent", "-10"), ("status", "draft")]);
    let begun = admin.send(&place, &fields).await.expect(303);
    assert!(begun.location().ends_with("?done=bulk"), "{}", begun.location());
    assert_eq!(admin.send(&place, &fields).await.expect(303).location(), begun.location(), "once for its key");
    let import = begun.location().split('?').next().unwrap().trim_start_matches("../").to_owned();
    becomes(&admin, &import, "checked").await.shows("3 rows change products");
    assert!(app.office().all("/products?status=draft").await.is_empty(), "nothing is written before it is started");
    let kept = app.office().get(&format!("/{import}")).await["bulk"].clone();
    let said = json!({ "select": { "q": "mug", "status": "active" }, "change": { "price": { "percent": -10 }, "status": "draft" } });
    assert_eq!(kept, said, "it is what a client of the API would send");
    let start = format!("{import}/start");
    admin.send(&start, &admin.open(&import).await.form_of("start")).await.expect(303);
    becomes(&admin, &import, "done").await;
    let drafts = app.office().all("/products?status=draft").await;
    assert_eq!(drafts.iter().map(|product| product["price"]["amount"].as_i64().unwrap()).collect::<Vec<_>>(), [900; 3]);
    assert_eq!(app.office().get(&format!("/products/{pot}")).await["price"]["amount"], 1000);
}

#[tokio::test]
async fn without_a_filter_all_that_match_are_all_of_the_shop_r239() {
    let app = spawn().await;
    mugs(&app, 2).await;
    let admin = Browser::admin(&app).await;
    let begun = admin.act("products/bulk", &[("status", "archived")]).await.expect(303);
    let import = begun.location().split('?').next().unwrap().trim_start_matches("../").to_owned();
    becomes(&admin, &import, "checked").await.shows("2 rows change products");
}

#[tokio::test]
async fn more_products_than_one_change_is_for_are_told_so_r239() {
    let database = testkit::TestDatabase::sqlite();
    testkit::well(&database, &["seed", "--products", "10001", "--customers", "0", "--orders", "0"]).await;
    let app = testkit::spawn_on(database, &[]).await;
    let admin = Browser::admin(&app).await;
    let form = admin
        .open("products/bulk")
        .await
        .expect(200)
        .shows("They are more than 10,000, the most that one change is for.");
    let fields = changed(form.form(), &[("percent", "1")]);
    admin.send("products/bulk", &fields).await.expect(422).shows("must find at most 10000 products");
}

#[tokio::test]
async fn all_orders_that_match_are_shipped_at_once_up_to_a_hundred_r239() {
    let app = spawn().await;
    let product = app.product("Blue mug", 1999, 500).await;
    let ann = app.customer("ann").await;
    for _ in 0..101 {
        app.put_in_cart(&ann, &product, 1).await;
        app.post("/api/v1/orders").token(&ann.token).send().await.expect(201);
    }
    let admin = Browser::admin(&app).await;
    let all = app.office().all("/orders").await;
    let chosen: Vec<_> = all.iter().map(|order| format!("id={}", order["id"].as_str().unwrap())).collect();
    for (page, done) in [("orders/ship", "shipped"), ("orders/slips", "printed")] {
        let page = admin.open(&format!("{page}?{}", chosen.join("&"))).await.expect(200);
        page.shows(&format!("You chose 101 orders. At most 100 are {done} at once"));
    }
    let list = admin.open("orders?status=placed&choose=page").await.expect(200);
    assert_eq!(list.texts("button[name=all]"), ["Ship the first 100 that match", "Print the first 100 that match"]);
    let list = list.shows("At most 100 are shipped or printed at once");
    let ship = admin.open(&format!("orders/ship?{}", query(&list, &[], ("all", "true")))).await.expect(200);
    let lines = ship.texts("textarea").remove(0);
    assert_eq!(lines.lines().count(), 100);
    admin.send("orders/ship", &ship.form()).await.expect(303);
    let left = admin.open("orders?status=placed&choose=page").await.expect(200);
    assert_eq!(left.texts("button[name=all]"), ["Ship all 1 that match", "Print all 1 that match"]);
    let slips = admin.open("orders/slips?status=placed&all=true").await.expect(200);
    assert_eq!(slips.texts(".sheet").len(), 1);
}

#[tokio::test]
async fn chosen_products_are_archived_or_put_into_a_category_at_once_r239_r241() {
    let app = spawn().await;
    mugs(&app, 3).await;
    let office = app.office();
    for slug in ["kitchen", "gifts"] {
        office.send("POST", "/categories", &json!({ "name": slug.to_uppercase(), "slug": slug })).await.expect(201);
    }
    let ids: Vec<_> = office.all("/products").await.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let admin = Browser::admin(&app).await;
    admin.act(&format!("products/change?id={}", ids[0]), &[("new_category", "kitchen")]).await.expect(303);
    let list = admin.open("products?sort=name").await.expect(200);
    let way = "button[formaction='products/change']";
    assert_eq!(list.texts(way), ["Change their status or category"]);
    let place = format!("products/change?{}", query(&list, &ids[..2], ("x", "y")));
    let form = admin.open(&place).await.expect(200);
    assert_eq!(form.texts("h1"), ["Change 2 products"]);
    let send = async |changes: &[(&str, &str)]| {
        let page = admin.open(&place).await.expect(200);
        admin.send("products/change?sort=name", &changed(page.form(), changes)).await
    };
    send(&[]).await.expect(422).shows("Nothing would change.");
    send(&[("new_category", "gifts")]).await.expect_to("products?sort=name&done=saved");
    let categories = async |id: &str| {
        let shown = office.get(&format!("/products/{id}")).await["attributes"].to_string();
        (shown.contains("kitchen"), shown.contains("gifts"))
    };
    assert_eq!((categories(&ids[0]).await, categories(&ids[1]).await), ((true, true), (false, true)));
    send(&[("new_category", "gifts"), ("new_status", "archived")]).await.expect(303);
    for (id, status) in ids.iter().zip(["archived", "archived", "active"]) {
        assert_eq!(office.get(&format!("/products/{id}")).await["status"], status);
    }
    assert_eq!(categories(&ids[0]).await, (true, true), "it has the category already");
    admin.open("products/change").await.expect(200).shows("Choose products in the list first.");
}
