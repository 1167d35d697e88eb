//! Which database a command works on, and what it says if that is of no use.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use testkit::{TestDatabase, command, damage, number, on_every_database, storekeeper};
use tokio::process::Command;

on_every_database!(
    empty:
    only_serve_and_migrate_up_make_a_database,
    every_command_says_which_database_it_works_on,
    a_dry_run_is_refused_where_the_import_is,
    the_database_of_another_program_is_left_alone,
    a_refused_login_is_told_without_the_password,
);

/// Every command that works on a database, but for those that make one.
const COMMANDS: [&[&str]; 7] = [
    &["create-admin", "--username", "boss"],
    &["seed", "--products", "1", "--customers", "0", "--orders", "0"],
    &["import", "products.csv"],
    &["import", "products.csv", "--dry-run"],
    &["export", "all.csv"],
    &["doctor"],
    &["migrate", "down"],
];

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

async fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    (status.code().unwrap(), text(&stdout).to_owned(), text(&stderr).to_owned())
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn write_products(database: &TestDatabase) {
    std::fs::write(database.folder().join("products.csv"), "sku,name,price,currency\nE1,Mug,100,USD\n").unwrap();
}

/// How a line on standard error names the database.
fn shown(database: &TestDatabase) -> String {
    let plain = database.url.split('?').next().unwrap();
    if database.is_remote() { plain.to_owned() } else { format!("sqlite://{}/shop.db", database.folder().display()) }
}

async fn tables(database: &TestDatabase) -> i64 {
    number(database, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()").await
}

async fn only_serve_and_migrate_up_make_a_database(database: TestDatabase) {
    write_products(&database);
    for arguments in COMMANDS.into_iter().filter(|arguments| **arguments != ["migrate", "down"]) {
        let (code, said, error) = run(&mut command(&database, arguments)).await;
        assert_eq!((code, said.as_str()), (1, ""), "{arguments:?}: {error}");
        assert!(error.contains("storekeeper migrate up"), "{arguments:?}: {error}");
        assert!(error.lines().last().unwrap().contains(&shown(&database)), "{arguments:?}: {error}");
    }
    let (code, said, _) = run(&mut command(&database, &["migrate", "status"])).await;
    assert!(code == 0 && said.lines().count() > 50 && said.lines().all(|line| line.starts_with("pending")), "{said}");
    assert_eq!(files(database.folder()), ["products.csv"], "nothing is left in the folder");
    if database.is_remote() {
        assert_eq!(tables(&database).await, 0);
    }
    let (code, said, error) = run(&mut command(&database, &["migrate", "up"])).await;
    assert!(code == 0 && said.lines().all(|line| line.starts_with("applied")), "{said} {error}");
    for arguments in &COMMANDS[..6] {
        let (code, _, error) = run(&mut command(&database, arguments)).await;
        assert_eq!(code, 0, "{arguments:?}: {error}");
    }
}

async fn every_command_says_which_database_it_works_on(database: TestDatabase) {
    write_products(&database);
    for arguments in [&[&["migrate", "up"][..], &["migrate", "status"]][..], &COMMANDS].concat() {
        let mut command = command(&database, arguments);
        command.env("STOREKEEPER__DATABASE__URL", database.url.replace("root@", "root:@"));
        let (_, said, error) = run(&mut command).await;
        let line = format!("database: {}", shown(&database));
        assert!(error.lines().any(|said| said == line), "{arguments:?}: {error}");
        assert!(!said.contains(&shown(&database)), "{arguments:?}: {said}");
    }
}

async fn a_dry_run_is_refused_where_the_import_is(database: TestDatabase) {
    write_products(&database);
    let both = async || {
        let import = run(&mut command(&database, &["import", "products.csv"])).await;
        let dry = run(&mut command(&database, &["import", "products.csv", "--dry-run"])).await;
        assert_eq!((import.0, &import.2), (dry.0, &dry.2), "the same code and the same words on standard error");
        import.0
    };
    assert_eq!(both().await, 1, "there is no schema");
    assert_eq!(storekeeper(&database, &["migrate", "up"]).await.code, 0);
    assert_eq!(both().await, 0);
    damage(&database, &["DELETE FROM seaql_migrations WHERE version LIKE 'm0051%'"]).await;
    assert_eq!(both().await, 1, "a migration is pending");
}

#[tokio::test]
async fn errors_of_the_file_system_are_reported() {
    let database = TestDatabase::empty_sqlite();
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let refused = async |url: &str, arguments: &[&str]| {
        let mut command = command(&database, arguments);
        command.env("STOREKEEPER__DATABASE__URL", url).env_remove("STOREKEEPER__AUTH__JWT_SECRET");
        if is_root() {
            command.uid(NOBODY);
        }
        let (code, _, error) = run(&mut command).await;
        assert_eq!(code, 1, "{error}");
        error.lines().last().unwrap().to_owned()
    };
    let (folder, file) = (database.folder(), database.folder().join("shop.db"));
    set(folder, 0o555);
    for arguments in [&["serve"][..], &["migrate", "up"]] {
        let told = refused(&database.url, arguments).await;
        let expected = format!("cannot create {}: Permission denied", file.display());
        assert!(told.contains(&expected) && !told.contains("mode=rwc"), "{told}");
    }
    let told = refused("sqlite://none/shop.db?mode=rwc", &["serve"]).await;
    assert!(told.contains("there is no folder none"), "{told}");
    set(folder, 0o755);
    assert_eq!(storekeeper(&database, &["migrate", "up"]).await.code, 0);
    set(folder, 0o555);
    set(&file, 0o444);
    let told = refused(&database.url, &["doctor"]).await;
    assert!(told.contains(&format!("cannot write to {}: Permission denied", file.display())), "{told}");
    set(&file, 0o666);
    let told = refused(&database.url, &["doctor"]).await;
    assert!(told.contains("cannot create files in the folder") && told.contains("Permission denied"), "{told}");
    let told = refused(&database.url.replace("mode=rwc", "mode=ro"), &["doctor"]).await;
    assert!(told.contains("`?mode=ro`"), "{told}");
    std::fs::write(folder.join("text.db"), "this is a text, longer than the head of a database".repeat(20)).unwrap();
    set(&folder.join("text.db"), 0o666);
    set(folder, 0o777);
    let told = refused(&format!("sqlite://{}/text.db", folder.display()), &["doctor"]).await;
    assert!(told.contains("text.db is not a SQLite database"), "{told}");
    // The secret beside the database.
    let secret = folder.join("shop.db.jwt-secret");
    std::fs::write(&secret, "s".repeat(32)).unwrap();
    set(&secret, 0o000);
    let told = refused(&database.url, &["serve"]).await;
    assert!(told.contains(&format!("{}: Permission denied", secret.display())), "{told}");
}

/// A user without rights, because root may write everywhere.
const NOBODY: u32 = 65534;

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

#[tokio::test]
async fn an_unreachable_server_is_told_with_host_port_and_cause() {
    let database = TestDatabase::sqlite();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap().to_string();
    for (place, cause) in [
        ("127.0.0.1:9", "the connection is refused"),
        ("no-such-host.invalid:3306", "the host name is not known"),
        (silent.as_str(), "no answer within 2s"),
    ] {
        let url = format!("mysql://shop:hunter2@{place}/shop");
        for arguments in
            [&["doctor"][..], &["migrate", "up"], &["migrate", "status"], &["create-admin", "--username", "b12"]]
        {
            let (code, said, error) = run(command(&database, arguments).env("STOREKEEPER__DATABASE__URL", &url)).await;
            let told = error.lines().last().unwrap();
            assert_eq!((code, said.as_str()), (1, ""), "{error}");
            assert!(told.contains(&format!("mysql://shop@{place}/shop")) && told.contains(cause), "{error}");
            assert!(!error.contains("hunter2") && !error.contains("pool timed out"), "{error}");
        }
    }
}

async fn a_refused_login_is_told_without_the_password(database: TestDatabase) {
    if !database.is_remote() {
        return; // A file has no password.
    }
    let wrong = database.url.replace("root@", "nobody:hunter2@");
    let missing = format!("{}_missing", database.url);
    let no_tls = format!("{}?ssl-mode=VERIFY_IDENTITY", database.url);
    for (url, cause) in [(wrong, "Access denied"), (missing, "Unknown database"), (no_tls, "TLS failed")] {
        let (code, _, error) = run(command(&database, &["doctor"]).env("STOREKEEPER__DATABASE__URL", &url)).await;
        let told = error.lines().last().unwrap();
        assert!(code == 1 && told.contains("cannot connect to mysql://") && told.contains(cause), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

async fn the_database_of_another_program_is_left_alone(database: TestDatabase) {
    let make = |sql: &'static str| {
        let database = &database;
        async move {
            if !database.is_remote() && !database.folder().join("shop.db").exists() {
                std::fs::write(database.folder().join("shop.db"), "").unwrap();
            }
            damage(database, &[sql]).await;
        }
    };
    for (set_up, names, tidy) in [
        ("CREATE TABLE wp_posts (id INT)", "the table wp_posts", "DROP TABLE wp_posts"),
        ("CREATE TABLE customers (id INT)", "the table customers", "DROP TABLE customers"),
        ("CREATE TABLE seaql_migrations (id INT)", "the table seaql_migrations", "DROP TABLE seaql_migrations"),
        (
            "CREATE TABLE seaql_migrations (version VARCHAR(99) PRIMARY KEY, applied_at BIGINT NOT NULL)",
            "",
            "INSERT INTO seaql_migrations VALUES ('m2022_of_others', 1)",
        ),
        ("CREATE TABLE posts (id INT)", "the migration m2022_of_others", "DROP TABLE posts"),
    ] {
        make(set_up).await;
        for arguments in [&["serve"][..], &["migrate", "up"], &["migrate", "status"], &["doctor"]] {
            if names.is_empty() {
                continue;
            }
            let mut command = command(&database, arguments);
            let (code, said, error) = run(command.env("STOREKEEPER__SERVER__BIND", "127.0.0.1:0")).await;
            let told = error.lines().last().unwrap();
            assert_eq!((code, said.as_str()), (1, ""), "{set_up} {arguments:?}: {error}");
            let expected = format!("this database holds {names}, which is not Storekeeper's");
            assert!(told.contains(&expected), "{arguments:?}: {error}");
        }
        if database.is_remote() && set_up.contains("wp_posts") {
            assert_eq!(tables(&database).await, 1, "nothing is written into it");
        }
        make(tidy).await;
    }
}
