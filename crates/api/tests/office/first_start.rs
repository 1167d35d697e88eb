//! What a new shop still needs.

use serde_json::json;
use testkit::{spawn, spawn_with};

use super::browser::Browser;
use super::customers::staff;

#[tokio::test]
async fn a_new_shop_sees_what_is_still_to_be_done_with_a_tick_at_what_is_r238() {
    let app = spawn_with(&[("shop.name", "Mug & Co")]).await;
    let admin = Browser::admin(&app).await;
    let steps = async || admin.open("").await.expect(200).texts(".first-start li");
    let is_done = |steps: &[String]| steps.iter().map(|step| step.contains("Done")).collect::<Vec<_>>();
    assert_eq!(is_done(&steps().await), [true, false, false, false, false], "{:?}", steps().await);
    app.product("Mug", 1999, 1).await;
    assert_eq!(is_done(&steps().await), [true, true, false, false, false]);
    let viewer = staff(&app, "vera", "viewer").await;
    assert!(viewer.open("").await.expect(200).texts(".first-start").is_empty(), "it is for those who can do it");
}

#[tokio::test]
async fn the_first_steps_are_put_away_in_one_browser_r238() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let home = admin.open("").await.expect(200);
    assert_eq!(home.texts(".first-start li").len(), 5);
    let away = admin.send("first-start", &home.hidden()).await.expect(303);
    let cookie = away.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && !cookie.contains("Path"), "it holds in the folder of the office: {cookie}");
    let both = format!("{}; {}", admin.cookie(), cookie.split(';').next().unwrap());
    assert!(admin.with_cookie(Some(&both)).open("").await.expect(200).texts(".first-start").is_empty());
    assert_eq!(admin.open("").await.expect(200).texts(".first-start li").len(), 5, "another browser still has them");
}

#[tokio::test]
async fn a_password_that_was_changed_is_a_step_that_is_done_r238() {
    let app = spawn().await;
    let new = "another-long-passphrase";
    let body = json!({ "current_password": testkit::ADMIN_PASSWORD, "new_password": new });
    app.office().send("POST", "/me/password", &body).await.expect(204);
    let admin = Browser::of(&app, "admin", new).await;
    let steps = admin.open("").await.expect(200).texts(".first-start li");
    assert!(steps[3].contains("Done"), "{steps:?}");
}
