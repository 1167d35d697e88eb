//! Pictures: uploaded, described, sorted.

use image::{ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::Value;
use testkit::{App, TestDatabase, spawn_on};

use super::browser::{Browser, Page};

/// A shop with a product, and the administrator's browser.
struct Gallery {
    app: App,
    admin: Browser,
    product: String,
    /// The page of the product's pictures.
    place: String,
    /// Where pictures are kept.
    folder: tempfile::TempDir,
}

impl Gallery {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("file:{}", folder.path().to_str().unwrap());
        let app = spawn_on(TestDatabase::sqlite(), &[("media.store", &store)]).await;
        let product = app.product("Blue mug", 1999, 1).await;
        let admin = Browser::admin(&app).await;
        let place = format!("products/{product}/media");
        Self { app, admin, product, place, folder }
    }
}

/// The pictures of a product, as the API shows them.
async fn media_of(app: &App, product: &str) -> Vec<Value> {
    app.office().get(&format!("/products/{product}")).await["media"].as_array().unwrap().clone()
}

/// A picture of one colour.
fn png(red: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(32, 24, Rgb([red, 90, 160])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(browser: &Browser, page: &str, bytes: &[u8]) -> Page {
    upload_all(browser, page, &[bytes.to_vec()]).await
}

async fn upload_all(browser: &Browser, page: &str, files: &[Vec<u8>]) -> Page {
    send_parts(browser, page, &[], files).await
}

/// Sends a form with these fields and files.
async fn send_parts(browser: &Browser, page: &str, fields: &[(String, String)], files: &[Vec<u8>]) -> Page {
    let field = |(name, value): &(String, String)| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
    };
    let head =
        b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let file = |bytes: &Vec<u8>| [head.as_slice(), bytes, b"\r\n"].concat();
    let parts: Vec<u8> = fields.iter().flat_map(field).chain(files.iter().flat_map(file)).collect();
    let request = browser.request(Method::POST, page).header("sec-fetch-site", "same-origin");
    let body = [parts, b"--X--\r\n".to_vec()].concat();
    Page::to(request.header("content-type", "multipart/form-data; boundary=X").body(body)).await
}

/// The form of the page as a button sends it that sends no file.
fn without_file(page: &Page) -> Vec<(String, String)> {
    page.form().into_iter().filter(|(name, _)| name != "file").collect()
}

/// Sends the form of the page with these texts and a file.
async fn upload_with(browser: &Browser, place: &str, fields: &[(String, String)], file: &[u8]) -> Page {
    send_parts(browser, &format!("{place}/upload"), fields, &[file.to_vec()]).await
}

#[tokio::test]
async fn what_was_typed_of_pictures_is_saved_by_an_upload_and_kept_when_it_is_refused_r211_r241_r249() {
    let Gallery { app, admin, product, place, folder: _folder } = Gallery::new().await;
    upload(&admin, &format!("{place}/upload"), &png(10)).await.expect(303);
    let page = admin.open(&place).await.expect(200);
    let alt = format!("alt-{}", page.values("[name=media_id]", "value")[0]);
    let typed = |text: &str| super::browser::changed(without_file(&page), &[(&alt, text)]);
    let refused = upload_with(&admin, &place, &typed("A blue mug"), b"<svg>").await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert_eq!(refused.values(&format!("[name='{alt}']"), "value"), ["A blue mug"], "{}", refused.text);
    let long = upload_with(&admin, &place, &typed(&"x".repeat(2000)), &png(90)).await.expect(422);
    let about = long.values("[aria-invalid]", "aria-describedby");
    assert_eq!(long.texts(&format!("[id='{}']", about[0])).len(), 1, "{}", long.text);
    upload_with(&admin, &place, &typed("A blue mug"), &png(90)).await.expect(303);
    let media = media_of(&app, &product).await;
    assert_eq!((media.len(), media[0]["alt"].as_str()), (2, Some("A blue mug")));
}

#[tokio::test]
async fn an_upload_that_is_sent_twice_is_answered_twice_and_saved_once_r211_r241_r249() {
    let Gallery { app, admin, product, place, folder: _folder } = Gallery::new().await;
    let fields = without_file(&admin.open(&place).await.expect(200));
    for _ in 0..2 {
        upload_with(&admin, &place, &fields, &png(10)).await.expect_to("media?done=saved");
    }
    let media = async || media_of(&app, &product).await.len();
    assert_eq!(media().await, 1);
    let other = upload_with(&admin, &place, &fields, &png(90)).await.expect(409);
    assert!(other.texts("[role=alert]")[0].contains("sent before, with other values"), "{}", other.text);
    assert_eq!(media().await, 1, "the same fields with another file are another form");
}

#[tokio::test]
async fn an_upload_of_a_file_alone_that_is_refused_shows_the_texts_that_there_are_r211_r241_r249() {
    let Gallery { app, admin, product, place, folder: _folder } = Gallery::new().await;
    upload_all(&admin, &format!("{place}/upload"), &[png(10), png(90)]).await.expect(303);
    let page = admin.open(&place).await.expect(200);
    let ids = page.values("[name=media_id]", "value");
    let alt = format!("alt-{}", ids[0]);
    let mut described = super::browser::changed(without_file(&page), &[(&alt, "A blue mug")]);
    described.push((format!("decorative-{}", ids[1]), "true".to_owned()));
    admin.send(&place, &described).await.expect(303);
    let refused = upload(&admin, &format!("{place}/upload"), b"<svg>").await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert_eq!(refused.values(&format!("[name='{alt}']"), "value"), ["A blue mug"], "{}", refused.text);
    admin.send(&place, &without_file(&refused)).await.expect(303);
    let media = media_of(&app, &product).await;
    assert_eq!(media.iter().map(|one| one["alt"].as_str()).collect::<Vec<_>>(), [Some("A blue mug"), Some("")]);
}

#[tokio::test]
async fn what_somebody_else_wrote_of_pictures_is_shown_and_not_overwritten_r241_r249() {
    let Gallery { app, admin, product, place, folder: _folder } = Gallery::new().await;
    upload_all(&admin, &format!("{place}/upload"), &[png(10), png(90)]).await.expect(303);
    let page = admin.open(&place).await.expect(200);
    let alts: Vec<_> = page.values("[name=media_id]", "value").iter().map(|id| format!("alt-{id}")).collect();
    let hers = super::browser::changed(without_file(&page), &[(&alts[0], "Hers"), (&alts[1], "Second")]);
    let mut his = super::browser::changed(without_file(&page), &[(&alts[0], "His"), ("key", "another")]);
    his.push(("do".to_owned(), "save".to_owned()));
    admin.send(&place, &hers).await.expect(303);
    let stale = admin.send(&place, &his).await.expect(412);
    let beside = stale.texts(".meanwhile");
    assert!(beside[0].contains("Somebody has changed it to: Hers"), "{beside:?}");
    assert_eq!(stale.values(&format!("[name='{}']", alts[1]), "value"), ["Second"]);
    let taken =
        |form: Vec<(String, String)>| form.into_iter().chain([(format!("take-{}", alts[0]), "Hers".to_owned())]);
    admin.send(&place, &taken(without_file(&stale)).collect::<Vec<_>>()).await.expect(303);
    let media = media_of(&app, &product).await;
    assert_eq!(media.iter().map(|one| one["alt"].as_str().unwrap()).collect::<Vec<_>>(), ["Hers", "Second"]);
}

#[tokio::test]
async fn pictures_are_uploaded_described_and_sorted_without_scripts_r211_r241() {
    let Gallery { app, admin, product, place, folder: _folder } = Gallery::new().await;
    for red in [10, 200] {
        upload(&admin, &format!("{place}/upload"), &png(red)).await.expect(303);
    }
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.texts("ol.sorted li").len(), 2);
    let ids = page.values("[name=media_id]", "value");
    let alt = format!("alt-{}", ids[0]);
    let mut fields = super::browser::changed(without_file(&page), &[(&alt, "A blue mug")]);
    fields.push((format!("decorative-{}", ids[1]), "true".to_owned()));
    fields.push(("do".to_owned(), format!("up {}", ids[1])));
    admin.send(&place, &fields).await.expect(303);
    let saved = media_of(&app, &product).await;
    let media: Vec<_> = saved.iter().map(|one| (one["id"].clone(), one["alt"].clone())).collect();
    assert_eq!(media[0], (ids[1].clone().into(), "".into()), "decorative, and first now");
    assert_eq!(media[1], (ids[0].clone().into(), "A blue mug".into()));
    let page = admin.open(&place).await.expect(200);
    let mut fields = without_file(&page);
    fields.push(("do".to_owned(), format!("remove {}", ids[1])));
    admin.send(&place, &fields).await.expect(303);
    let list = admin.open("products").await.expect(200);
    let picture = list.values("img.thumb", "src").remove(0);
    assert!(picture.starts_with("../media/"), "{picture}");
}

#[tokio::test]
async fn several_pictures_are_uploaded_at_once_and_moved_down_r211_r241() {
    let Gallery { admin, place, app: _app, folder: _folder, .. } = Gallery::new().await;
    let refused = upload_all(&admin, &format!("{place}/upload"), &[png(10), b"<svg>".to_vec()]).await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert!(admin.open(&place).await.expect(200).texts("ol.sorted li").is_empty(), "all of them, or none");
    upload_all(&admin, &format!("{place}/upload"), &[png(10), png(90), png(200), png(90)]).await.expect(303);
    let page = admin.open(&place).await.expect(200);
    let ids = page.values("[name=media_id]", "value");
    assert_eq!(ids.len(), 3, "the same picture counts once");
    assert_eq!(page.texts("ol.sorted li button"), ["Down", "Remove", "Up", "Down", "Remove", "Up", "Remove"]);
    let mut fields = without_file(&page);
    fields.push(("do".to_owned(), format!("down {}", ids[0])));
    admin.send(&place, &fields).await.expect(303);
    let moved = admin.open(&place).await.expect(200).values("[name=media_id]", "value");
    assert_eq!(moved, [ids[1].clone(), ids[0].clone(), ids[2].clone()]);
}

#[tokio::test]
async fn an_upload_that_is_no_picture_is_refused_beside_the_field_r210_r241() {
    let Gallery { app, admin, product, folder: _folder, .. } = Gallery::new().await;
    let place = format!("products/{product}/media/upload");
    let refused = upload(&admin, &place, b"<svg onload=alert(1)>").await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert_eq!(refused.texts("[role=alert]").len(), 1, "{}", refused.text);
    let empty = upload(&admin, &place, b"").await.expect(422);
    assert_eq!(empty.texts("#about-file"), ["The file must be a picture: choose one."]);
    let nobody = Browser::new(&app);
    let refused = upload(&nobody, &place, &png(1)).await.expect(401).shows("choose the file again");
    assert_eq!(refused.values("[name=to]", "value"), [format!("products/{product}/media")]);
}
