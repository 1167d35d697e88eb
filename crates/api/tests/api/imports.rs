use serde_json::{Value, json};
use testkit::{App, Reply, TestDatabase, spawn, spawn_on, spawn_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

pub(super) async fn send(app: &App, query: &str, file: impl Into<Vec<u8>>) -> Reply {
    let call = app.post(&format!("/api/v1/imports{query}")).token(&app.admin).header("content-type", "text/csv");
    testkit::Call(call.0.body(file.into())).send().await
}

pub(super) async fn get(app: &App, path: &str) -> Reply {
    app.get(path).token(&app.admin).send().await
}

/// A refusal of this kind.
pub(super) fn refused(reply: Reply, status: u16, kind: &str) -> Reply {
    let reply = reply.expect(status);
    assert_eq!(reply.kind(), kind);
    reply
}

pub(super) async fn post(app: &App, path: &str, body: &Value) -> Reply {
    app.post(path).token(&app.admin).json(body).send().await
}

/// Waits, 30 seconds at most, until an import is in a status.
pub(super) async fn becomes(app: &App, id: &str, status: &str) -> Reply {
    for _ in 0..300 {
        let reply = get(app, &format!("/api/v1/imports/{id}")).await.expect(200);
        if reply.at("/status") == status {
            return reply;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is never {status}: {:?}", get(app, &format!("/api/v1/imports/{id}")).await);
}

/// The text of a file.
pub(super) async fn file(app: &App, path: &str) -> String {
    let request = testkit::http().get(app.url(path)).bearer_auth(&app.admin);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_file_is_checked_started_and_can_be_undone_r231() {
    let app = spawn().await;
    let first = "sku,name,price,stock\nr231-a,Mug,100,3\nr231-b,Pot,200,1\n";
    let made = send(&app, "?format=auto", first).await.expect(202);
    let id = made.id();
    assert_eq!(
        (made.at("/format"), made.at("/columns/0")),
        (&json!("plain"), &json!({"header": "sku", "field": "sku"}))
    );
    let checked = becomes(&app, &id, "checked").await;
    let counts = ["rows", "creates", "updates", "unchanged", "failed", "done"];
    let of = |reply: &Reply| counts.map(|name| reply.number(&format!("/{name}")));
    assert_eq!(of(&checked), [2, 2, 0, 0, 0, 0]);
    assert_eq!(
        get(&app, "/api/v1/products?sku=r231-a").await.expect(200).at("/items"),
        &json!([]),
        "nothing is written"
    );
    post(&app, &format!("/api/v1/imports/{id}/start"), &json!({})).await.expect(202);
    assert_eq!(of(&becomes(&app, &id, "done").await), [2, 2, 0, 0, 0, 2]);
    let rows = get(&app, &format!("/api/v1/imports/{id}/rows?limit=1")).await.expect(200);
    assert_eq!(rows.at("/items/0/data"), &json!({"sku": "r231-a", "name": "Mug", "price": "100", "stock": "3"}));
    let product = rows.at("/items/0/resource_id").as_str().unwrap().to_owned();
    let cursor = rows.at("/next_cursor").as_str().unwrap().to_owned();
    let next = get(&app, &format!("/api/v1/imports/{id}/rows?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!((next.number("/items/0/line"), next.at("/next_cursor")), (3, &Value::Null));
    refused(post(&app, &format!("/api/v1/imports/{id}/start"), &json!({})).await, 409, "import-step-not-allowed");

    // A change, and back.
    let id = send(&app, "?decimal=point", "sku;name;price\nr231-a;'=Cup;1.50\nr231-b;Pot;2\n").await.expect(202).id();
    assert_eq!(of(&becomes(&app, &id, "checked").await), [2, 0, 1, 1, 0, 0]);
    post(&app, &format!("/api/v1/imports/{id}/start"), &json!({})).await.expect(202);
    becomes(&app, &id, "done").await;
    let now = get(&app, &format!("/api/v1/products/{product}")).await.expect(200);
    assert_eq!((now.at("/name"), now.number("/price/amount")), (&json!("=Cup"), 150));
    let before = file(&app, &format!("/api/v1/imports/{id}/before.csv")).await;
    assert_eq!(before, format!("id,name,price,sku\n{product},Mug,100,r231-a\n"));
    let id = send(&app, "", before).await.expect(202).id();
    becomes(&app, &id, "checked").await;
    post(&app, &format!("/api/v1/imports/{id}/start"), &json!({})).await.expect(202);
    becomes(&app, &id, "done").await;
    let now = get(&app, &format!("/api/v1/products/{product}")).await.expect(200);
    assert_eq!((now.at("/name"), now.number("/price/amount")), (&json!("Mug"), 100));
    let audit = get(&app, "/api/v1/audit?resource=import").await.expect(200);
    assert!(audit.at("/items").as_array().unwrap().len() >= 6);
}

#[tokio::test]
async fn refused_rows_are_listed_and_left_out_only_when_asked_r231() {
    let app = spawn().await;
    let text = "sku,name,price\nr231-c,Mug,100\nr231-d,,x\nr231-c,Mug,100\n";
    let id = send(&app, "", text).await.expect(202).id();
    let checked = becomes(&app, &id, "checked").await;
    assert_eq!((checked.number("/creates"), checked.number("/failed")), (1, 2));
    let rows = get(&app, &format!("/api/v1/imports/{id}/rows?status=failed")).await.expect(200);
    assert_eq!(
        (rows.at("/items/0/errors/0/field"), rows.at("/items/0/errors/0/code")),
        (&json!("price"), &json!("format"))
    );
    assert_eq!(rows.at("/items/1/errors/0/code"), &json!("repeated"));
    let failed = file(&app, &format!("/api/v1/imports/{id}/failed.csv")).await;
    assert_eq!(failed, "sku,name,price\nr231-d,,x\nr231-c,Mug,100\n");
    let start = format!("/api/v1/imports/{id}/start");
    let told = refused(post(&app, &start, &json!({})).await, 409, "import-step-not-allowed");
    assert_eq!(told.at("/detail"), &json!("2 rows are refused. Send skip_failed: true to leave them out."));
    post(&app, &start, &json!({"skip_failed": true})).await.expect(202);
    let done = becomes(&app, &id, "done").await;
    assert_eq!((done.number("/done"), done.number("/failed")), (1, 2));
}

#[tokio::test]
async fn an_import_is_read_in_another_way_and_can_be_stopped_r231() {
    let app = spawn().await;
    let id = send(&app, "", "Artikel;Preis;Name\nr231-e;1,75;Cup\n").await.expect(202).id();
    let failed = becomes(&app, &id, "failed").await;
    assert!(failed.at("/problem").as_str().unwrap().contains("2 unknown columns"), "{failed:?}");
    let path = format!("/api/v1/imports/{id}");
    let change = json!({"map": ["Artikel=sku", "Preis=price"], "decimal": "comma"});
    let twice = json!({ "map": ["Artikel=sku", "Artikel=name"] });
    let refusal = app.call("PATCH", &path).token(&app.admin).json(&twice).send().await.expect(422);
    assert_eq!(refusal.faults(), [("map[1]", "repeated")]);
    app.call("PATCH", &path).token(&app.admin).json(&change).send().await.expect(200);
    let checked = becomes(&app, &id, "checked").await;
    assert_eq!((checked.number("/creates"), checked.at("/columns/1/field")), (1, &json!("price")));
    post(&app, &format!("{path}/cancel"), &json!({})).await.expect(200);
    refused(post(&app, &format!("{path}/start"), &json!({})).await, 409, "import-step-not-allowed");
    let listed = get(&app, "/api/v1/imports?status=cancelled").await.expect(200);
    assert_eq!(listed.at("/items/0/id"), &json!(id));
}

#[tokio::test]
async fn bad_files_are_refused_and_nothing_is_kept_r231() {
    let app = spawn().await;
    refused(send(&app, "?format=excel", "sku\na\n").await, 400, "bad-query");
    let twice = refused(send(&app, "?map=Artikel%3Dsku&map=Artikel%3Dname", "Artikel\na\n").await, 400, "bad-query");
    assert_eq!(twice.faults(), [("map", "repeated")]);
    refused(send(&app, "?map=x", "sku\na\n").await, 400, "bad-query");
    refused(send(&app, "", "").await, 422, "invalid-fields");
    let json = app.post("/api/v1/imports").token(&app.admin).header("content-type", "application/json");
    refused(testkit::Call(json.0.body("{}")).send().await, 415, "unsupported-media-type");
    let open = send(&app, "", "sku,name\na,\"Mug\n").await.expect(202).id();
    let failed = becomes(&app, &open, "failed").await;
    assert!(failed.at("/problem").as_str().unwrap().contains("a quote is not closed"), "{failed:?}");
    let long = format!("sku,name\na,{}\n", "x".repeat(4_300_000));
    let failed = becomes(&app, &send(&app, "", long).await.expect(202).id(), "failed").await;
    let why = "The file cannot be read: line 2 is longer than 4096 KiB, or a quote is not closed.";
    assert_eq!(failed.at("/problem"), &json!(why));
    let wide = refused(send(&app, "", format!("{}\na\n", "x".repeat(60_000))).await, 422, "invalid-fields");
    assert_eq!(wide.faults(), [("file", "too_long")]);
    refused(get(&app, "/api/v1/imports/01890a5d-ac96-774b-bcce-b302099a8057").await, 404, "not-found");
}

#[tokio::test]
async fn a_row_says_what_is_left_out_of_it_r228_r229_r231() {
    let app = spawn().await;
    let text = "Handle,Title,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty,Variant Tax Code,Image Src\n\
                cup,Cup,r231-g,10.00,9.00,-1,P1,https://example.com/a.png\n\
                mug,Mug,r231-h,10.00,,2,,\n";
    let id = send(&app, "", text).await.expect(202).id();
    becomes(&app, &id, "checked").await;
    let path = format!("/api/v1/imports/{id}/rows");
    let rows = get(&app, &path).await.expect(200);
    let mut notes: Vec<_> =
        rows.at("/items/0/notes").as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    notes.sort_unstable();
    let expected = [
        "a compare-at price that is not above the price is left out",
        "a stock below zero is read as 0",
        "pictures are not fetched",
        "tax codes are left out",
    ];
    assert_eq!((notes.as_slice(), rows.at("/items/1/notes")), (&expected[..], &json!([])));
    post(&app, &format!("/api/v1/imports/{id}/start"), &json!({})).await.expect(202);
    becomes(&app, &id, "done").await;
    let done = get(&app, &path).await.expect(200);
    assert_eq!(done.at("/items/0/notes"), rows.at("/items/0/notes"), "they stay");
    // The stock of a product that is there already.
    let id = send(&app, "", "sku,price,stock\nr231-h,1000,7\n").await.expect(202).id();
    becomes(&app, &id, "checked").await;
    let path = format!("/api/v1/imports/{id}");
    let note = "the product has another stock, and keeps it: an import changes it with stock=true alone";
    let rows = get(&app, &format!("{path}/rows")).await.expect(200);
    assert_eq!(rows.at("/items/0/notes"), &json!([note]));
    app.call("PATCH", &path).token(&app.admin).json(&json!({"stock": true})).send().await.expect(200);
    becomes(&app, &id, "checked").await;
    let rows = get(&app, &format!("{path}/rows")).await.expect(200);
    assert_eq!(rows.at("/items/0/notes"), &json!([]), "it is said anew");
}

/// Sends a form whose parts are texts: name, name of a file if it is one, text.
async fn send_form(app: &App, query: &str, parts: &[(&str, Option<&str>, &str)]) -> Reply {
    let part = |(name, file, text): &(&str, Option<&str>, &str)| {
        let file = file.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--X--\r\n";
    let call = app.post(&format!("/api/v1/imports{query}")).token(&app.admin);
    let call = call.header("content-type", "multipart/form-data; boundary=X");
    testkit::Call(call.0.body(body)).send().await
}

#[tokio::test]
async fn a_file_is_sent_as_a_part_of_a_form_whose_fields_say_how_it_is_read_r231() {
    let app = spawn().await;
    let file = ("file", Some("mugs.csv"), "Artikel;Preis;name;what\nr231-f;1,75;Cup;x\n");
    let fields = [("map", None, "Artikel=sku"), file, ("map", None, "Preis=price"), ("ignore_unknown", None, "true")];
    let id = send_form(&app, "?decimal=comma", &fields).await.expect(202).id();
    let checked = becomes(&app, &id, "checked").await;
    assert_eq!((checked.number("/creates"), checked.at("/columns/0/field")), (1, &json!("sku")));
    let rows = get(&app, &format!("/api/v1/imports/{id}/rows")).await.expect(200);
    assert_eq!(rows.at("/items/0/data/what"), &json!("x"));

    let refusal = refused(send_form(&app, "", &[file, ("decimal", None, "dot")]).await, 422, "invalid-fields");
    assert_eq!(refusal.faults(), [("decimal", "not_allowed")]);
    let refusal = refused(send_form(&app, "", &[file, ("colour", None, "x")]).await, 422, "invalid-fields");
    assert_eq!(refusal.faults(), [("colour", "unknown_field")]);
    let refusal =
        refused(send_form(&app, "?decimal=comma", &[file, ("decimal", None, "point")]).await, 422, "invalid-fields");
    assert_eq!(refusal.faults(), [("decimal", "repeated")]);
    refused(send_form(&app, "?decimal=dot", &[file]).await, 400, "bad-query");
    let refusal = refused(send_form(&app, "", &[("decimal", None, "comma")]).await, 422, "invalid-fields");
    assert_eq!(refusal.faults(), [("file", "required")]);
    let other = refused(send_form(&app, "", &[("table", Some("a.csv"), "sku\na\n")]).await, 400, "malformed-request");
    assert!(other.at("/detail").as_str().unwrap().contains("`file`"), "{other:?}");
    let listed = get(&app, "/api/v1/imports").await.expect(200);
    assert_eq!(listed.at("/items").as_array().unwrap().len(), 1, "what is refused is not kept");
}

#[tokio::test]
async fn a_file_has_as_many_bytes_as_the_settings_say_however_it_is_sent_r231() {
    let app = spawn_with(&[("imports.max_bytes", "1000")]).await;
    let file = |bytes: usize| format!("sku,name\na,{}\n", "x".repeat(bytes - "sku,name\na,\n".len()));
    send(&app, "", file(1000)).await.expect(202);
    send_form(&app, "", &[("file", Some("a.csv"), &file(1000))]).await.expect(202);
    let told = &json!("The file must have at most 1000 bytes: `imports.max_bytes`.");
    let alone = refused(send(&app, "", file(1001)).await, 413, "body-too-large");
    assert_eq!(alone.at("/detail"), told);
    let in_form = refused(send_form(&app, "", &[("file", Some("a.csv"), &file(1001))]).await, 413, "body-too-large");
    assert_eq!(in_form.at("/detail"), told);
}

#[tokio::test]
async fn only_so_many_files_are_received_at_once_r231() {
    let app = spawn_with(&[("imports.uploads", "1")]).await;
    let address = app.url("").trim_start_matches("http://").trim_end_matches('/').to_owned();
    let head = format!(
        "POST /api/v1/imports HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: text/csv\r\n\
         Content-Length: 31\r\nConnection: close\r\n\r\nsku,name,",
        app.admin
    );
    // Whichever of the two arrives first is received: again, until it is the one that stays unfinished.
    let mut tries = 0..100;
    let (mut first, second) = loop {
        assert!(tries.next().is_some(), "two files are received at once");
        let mut first = tokio::net::TcpStream::connect(&address).await.unwrap();
        first.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let second = send(&app, "", "sku\na\n").await;
        if second.status != 202 {
            break (first, second);
        }
    };
    assert_eq!(second.header("retry-after"), Some("5"));
    refused(second, 429, "too-busy");
    let form = send_form(&app, "", &[("file", Some("a.csv"), "sku\na\n")]).await;
    refused(form, 429, "too-busy");
    first.write_all(b"price\na,Mug,100\nb,Pot,").await.unwrap();
    let mut answer = String::new();
    first.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    send(&app, "", "sku\na\n").await.expect(202);
}

#[tokio::test]
async fn pictures_are_fetched_only_where_there_is_a_place_for_them_r213_r231() {
    let Some(database) = TestDatabase::at("TEST_MARIADB_URL").await else { return };
    let message = "needs a place for pictures: `media.store` in the settings of every server";
    let app = spawn_on(database, &[]).await;
    let refusal = refused(send(&app, "?fetch_media=true", "sku\na\n").await, 422, "invalid-fields");
    assert_eq!(
        (refusal.faults(), refusal.at("/errors/0/message")),
        (vec![("fetch_media", "not_allowed")], &json!(message))
    );
}

#[tokio::test]
async fn rows_of_many_bytes_are_written_in_more_parts_than_short_ones_r231() {
    let app = spawn().await;
    let writes = async |note: &str| {
        let row = |n| format!("p{n},Mug,{},{note}\n", note.len());
        let rows = (0..6).map(row).collect::<String>();
        let id = send(&app, "?ignore_unknown=true", format!("sku,name,price,note\n{rows}")).await.expect(202).id();
        let checked = becomes(&app, &id, "checked").await;
        let started = post(&app, &format!("/api/v1/imports/{id}/start"), &json!({})).await.expect(202);
        let done = becomes(&app, &id, "done").await;
        assert_eq!((checked.number("/failed"), done.number("/done")), (0, 6));
        done.number("/version") - started.number("/version")
    };
    assert_eq!(writes("x").await, 1);
    // Two of them have less than 4 MiB, and three have more.
    assert_eq!(writes(&"x".repeat(1_500_000)).await, 3);
}
