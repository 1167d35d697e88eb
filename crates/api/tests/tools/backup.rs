use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use image::{ImageFormat, RgbImage};
use reqwest::Method;
use testkit::{Client, Server, TestDatabase, damage, number, order_of, storekeeper, well};

/// The newest backup in a folder.
fn newest(folder: &Path) -> PathBuf {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).max().unwrap()
}

fn folder(database: &TestDatabase, name: &str) -> PathBuf {
    database.folder().join(name)
}

fn file(database: &TestDatabase) -> PathBuf {
    database.url.trim_start_matches("sqlite://").split('?').next().unwrap().into()
}

#[tokio::test]
async fn a_backup_of_a_running_shop_has_every_order_of_before_and_can_be_restored_r78() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(1_000).await;
    let buyer = Client::customer(&server, "buyer").await;
    for _ in 0..20 {
        buyer.post("/orders", &order_of(&[&product]), None).await.unwrap();
    }
    let to = folder(&database, "backups");
    let backup = async { well(&database, &["backup", to.to_str().unwrap()]).await };
    let orders = async {
        for _ in 0..50 {
            buyer.post("/orders", &order_of(&[&product]), None).await.unwrap();
        }
    };
    let (said, ()) = tokio::join!(backup, orders);
    let backup = newest(&to);
    assert_eq!(said.trim(), backup.to_str().unwrap());
    let mode = fs::metadata(backup.join("storekeeper.db")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "only the owner can read it");

    let refused = storekeeper(&database, &["restore", backup.to_str().unwrap()]).await;
    assert!(refused.code == 2 && refused.error.contains("--replace"), "{refused:?}");
    let live = storekeeper(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
    assert!(live.code == 1 && live.error.contains("in use"), "{live:?}");
    assert_eq!(admin.on_hand(&product).await, 930, "the running shop goes on");

    server.kill().await;
    let said = well(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
    assert!(said.contains("kept  ") && said.contains("restored  "), "{said}");
    let orders = number(&database, "SELECT COUNT(*) FROM orders").await;
    assert!((20..=70).contains(&orders), "{orders}");
    well(&database, &["doctor"]).await;
    let server = Server::start(&database).await;
    assert_eq!(Client::admin(&server).await.on_hand(&product).await, 1_000 - orders);
}

#[tokio::test]
async fn a_broken_backup_is_refused_and_nothing_is_touched_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "50", "--customers", "5", "--orders", "5"]).await;
    let to = folder(&database, "backups");
    well(&database, &["backup", to.to_str().unwrap()]).await;
    let backup = newest(&to);
    let copy = backup.join("storekeeper.db");
    let sound = fs::read(&copy).unwrap();
    let before = fs::read(file(&database)).unwrap();
    let middle = sound.len() / 2 / 4096 * 4096;
    let mut spoiled = sound.clone();
    spoiled[middle..middle + 16].fill(0xff);
    for broken in [spoiled, sound[..middle].to_vec(), b"not a database".to_vec()] {
        fs::write(&copy, broken).unwrap();
        let refused = storekeeper(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
        assert_eq!(refused.code, 1, "{refused:?}");
        assert_eq!(fs::read(file(&database)).unwrap(), before);
    }
    let empty = storekeeper(&database, &["restore", to.to_str().unwrap()]).await;
    assert!(empty.code == 2 && empty.error.contains("is no backup"), "{empty:?}");
    let names = fs::read_dir(database.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().contains("restoring")), "nothing is left");
}

#[tokio::test]
async fn a_backup_brings_its_key_and_one_without_a_key_leaves_the_old_one_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "1", "--customers", "1", "--orders", "0"]).await;
    let to = folder(&database, "backups");
    well(&database, &["backup", to.to_str().unwrap()]).await;
    let backup = newest(&to);
    let key = PathBuf::from(format!("{}.jwt-secret", file(&database).display()));
    fs::write(&key, "the key of the running shop, long enough").unwrap();
    well(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
    assert_eq!(fs::read_to_string(&key).unwrap(), "the key of the running shop, long enough");
    fs::write(backup.join("storekeeper.db.jwt-secret"), "the key of the backup, which is long enough").unwrap();
    let said = well(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
    assert_eq!(fs::read_to_string(&key).unwrap(), "the key of the backup, which is long enough");
    let kept = said.lines().find_map(|line| line.strip_prefix("kept  ").filter(|name| name.contains("jwt-secret")));
    assert_eq!(fs::read_to_string(kept.unwrap()).unwrap(), "the key of the running shop, long enough");
}

#[tokio::test]
async fn a_backup_brings_the_key_of_webhook_secrets_r78_r168() {
    let database = TestDatabase::sqlite();
    Server::start(&database).await.kill().await;
    let key = PathBuf::from(format!("{}.secrets-key", file(&database).display()));
    let made = fs::read_to_string(&key).unwrap();
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let to = folder(&database, "backups");
    well(&database, &["backup", to.to_str().unwrap()]).await;
    fs::write(&key, "another key, which is long enough too").unwrap();
    let said = well(&database, &["restore", newest(&to).to_str().unwrap(), "--replace"]).await;
    assert_eq!(fs::read_to_string(&key).unwrap(), made);
    assert!(said.contains("secrets-key.replaced-"), "{said}");
}

/// Uploads a picture.
async fn upload(admin: &Client, width: u32) {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::new(width, 32).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let request = admin.request(Method::POST, "/media").header("content-type", "image/png").body(bytes.into_inner());
    assert_eq!(request.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_backup_brings_the_pictures_beside_the_database_r78_r213() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    upload(&admin, 200).await;
    let to = folder(&database, "backups");
    well(&database, &["backup", to.to_str().unwrap()]).await;
    let backup = newest(&to);
    upload(&admin, 300).await;
    server.kill().await;
    let media = folder(&database, "media");
    let pictures = || fs::read_dir(&media).unwrap().count();
    assert_eq!(pictures(), 2);

    let said = well(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
    let kept = said.lines().find_map(|line| line.strip_prefix("kept  ").filter(|name| name.contains("media")));
    assert_eq!(fs::read_dir(kept.unwrap()).unwrap().count(), 2, "the previous pictures are kept: {said}");
    assert_eq!(pictures(), 1);
    well(&database, &["doctor", "--media"]).await;

    fs::remove_dir_all(&media).unwrap();
    fs::remove_file(file(&database)).unwrap();
    well(&database, &["restore", backup.to_str().unwrap()]).await;
    well(&database, &["doctor", "--media"]).await;
}

#[tokio::test]
async fn a_backup_without_pictures_leaves_them_and_says_when_they_are_elsewhere_r78_r213() {
    let database = TestDatabase::sqlite();
    well(&database, &["migrate", "up"]).await;
    let (to, media) = (folder(&database, "backups"), folder(&database, "media"));
    fs::create_dir_all(media.join("one")).unwrap();
    let with_a_store = async |arguments: &[&str]| {
        let mut command = testkit::command(&database, arguments);
        let store = format!("file:{}", media.display());
        let output = command.env("STOREKEEPER__MEDIA__STORE", store).output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let said = with_a_store(&["backup", to.to_str().unwrap()]).await;
    assert!(said.contains("pictures are not in the backup") && said.contains("media.store"), "{said}");
    let backup = newest(&to);
    assert!(!backup.join("media").exists());
    well(&database, &["restore", backup.to_str().unwrap(), "--replace"]).await;
    assert!(media.join("one").is_dir(), "the pictures of the shop go on");

    fs::create_dir(backup.join("media")).unwrap();
    let said = with_a_store(&["restore", backup.to_str().unwrap(), "--replace"]).await;
    assert!(said.contains("pictures are not restored") && media.join("one").is_dir(), "{said}");
}

#[tokio::test]
async fn a_backup_that_breaks_a_rule_gets_no_name_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "5", "--customers", "1", "--orders", "1"]).await;
    damage(&database, &["UPDATE stock SET on_hand = on_hand + 1"]).await;
    let to = folder(&database, "backups");
    let refused = storekeeper(&database, &["backup", to.to_str().unwrap()]).await;
    assert!(refused.code == 1 && refused.error.contains("stock_is_the_sum_of_its_movements"), "{refused:?}");
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0, "no unfinished backup is left");
}

#[tokio::test]
async fn only_as_many_backups_are_kept_as_asked_for_r78() {
    let database = TestDatabase::sqlite();
    well(&database, &["seed", "--products", "1", "--customers", "1", "--orders", "0"]).await;
    let to = folder(&database, "backups");
    for old in ["20200101T000000Z", "20210101T000000Z", "20220101T000000Z"] {
        fs::create_dir_all(to.join(old)).unwrap();
        fs::copy(file(&database), to.join(old).join("storekeeper.db")).unwrap();
    }
    fs::create_dir(to.join("mine")).unwrap();
    well(&database, &["backup", to.to_str().unwrap(), "--keep", "2"]).await;
    let mut left: Vec<_> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!((left[0].to_str(), left[2].to_str()), (Some("20220101T000000Z"), Some("mine")));
}

#[tokio::test]
async fn on_a_server_the_command_says_how_to_back_up_there_r78() {
    let database = TestDatabase::sqlite();
    let mut command = testkit::command(&database, &["backup", "somewhere"]);
    let output = command.env("STOREKEEPER__DATABASE__URL", "mysql://shop@db.example/shop").output().await.unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("mysqldump --single-transaction") && error.contains("mariadb-dump"), "{error}");
}
