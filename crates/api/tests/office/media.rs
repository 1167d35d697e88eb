//! Pictures: uploaded, described, sorted.

use image::{ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use testkit::{App, TestDatabase, spawn_on};

use super::browser::{Browser, Page};

async fn shop() -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap().to_owned();
    let app = spawn_on(TestDatabase::sqlite(), &[("media.store", &format!("file:{place}"))]).await;
    (app, folder)
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
    let request = browser.request(Method::POST, page).header("sec-fetch-site", "same-origin");
    let head =
        b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let parts: Vec<_> = files.iter().map(|bytes| [head.as_slice(), bytes, b"\r\n"].concat()).collect();
    let body = [parts.concat(), b"--X--\r\n".to_vec()].concat();
    Page::to(request.header("content-type", "multipart/form-data; boundary=X").body(body)).await
}

#[tokio::test]
async fn pictures_are_uploaded_described_and_sorted_without_scripts_r211_r241() {
    let (app, _folder) = shop().await;
    let product = app.product("Blue mug", 1999, 1).await;
    let admin = Browser::admin(&app).await;
    let place = format!("products/{product}/media");
    for red in [10, 200] {
        upload(&admin, &format!("{place}/upload"), &png(red)).await.expect(303);
    }
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.texts("ol.sorted li").len(), 2);
    let ids = page.values("[name=media_id]", "value");
    let mut fields: Vec<_> = page
        .form()
        .into_iter()
        .filter(|(name, _)| name != "file")
        .map(
            |(name, value)| {
                if name == format!("alt-{}", ids[0]) { (name, "A blue mug".to_owned()) } else { (name, value) }
            },
        )
        .collect();
    fields.push((format!("decorative-{}", ids[1]), "true".to_owned()));
    fields.push(("do".to_owned(), format!("up {}", ids[1])));
    admin.send(&place, &fields).await.expect(303);
    let saved = app.office().get(&format!("/products/{product}")).await;
    let media: Vec<_> =
        saved["media"].as_array().unwrap().iter().map(|one| (one["id"].clone(), one["alt"].clone())).collect();
    assert_eq!(media[0], (ids[1].clone().into(), "".into()), "decorative, and first now");
    assert_eq!(media[1], (ids[0].clone().into(), "A blue mug".into()));
    let page = admin.open(&place).await.expect(200);
    let mut fields: Vec<_> = page.form().into_iter().filter(|(name, _)| name != "file").collect();
    fields.push(("do".to_owned(), format!("remove {}", ids[1])));
    admin.send(&place, &fields).await.expect(303);
    let list = admin.open("products").await.expect(200);
    let picture = list.values("img.thumb", "src").remove(0);
    assert!(picture.starts_with("../media/"), "{picture}");
}

#[tokio::test]
async fn several_pictures_are_uploaded_at_once_and_moved_down_r211_r241() {
    let (app, _folder) = shop().await;
    let product = app.product("Blue mug", 1999, 1).await;
    let admin = Browser::admin(&app).await;
    let place = format!("products/{product}/media");
    let refused = upload_all(&admin, &format!("{place}/upload"), &[png(10), b"<svg>".to_vec()]).await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert!(admin.open(&place).await.expect(200).texts("ol.sorted li").is_empty(), "all of them, or none");
    upload_all(&admin, &format!("{place}/upload"), &[png(10), png(90), png(200), png(90)]).await.expect(303);
    let page = admin.open(&place).await.expect(200);
    let ids = page.values("[name=media_id]", "value");
    assert_eq!(ids.len(), 3, "the same picture counts once");
    assert_eq!(page.texts("ol.sorted li button"), ["Down", "Remove", "Up", "Down", "Remove", "Up", "Remove"]);
    let mut fields: Vec<_> = page.form_of("/media");
    fields.push(("do".to_owned(), format!("down {}", ids[0])));
    admin.send(&place, &fields).await.expect(303);
    let moved = admin.open(&place).await.expect(200).values("[name=media_id]", "value");
    assert_eq!(moved, [ids[1].clone(), ids[0].clone(), ids[2].clone()]);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_beside_the_field_r210_r241() {
    let (app, _folder) = shop().await;
    let product = app.product("Blue mug", 1999, 1).await;
    let admin = Browser::admin(&app).await;
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
