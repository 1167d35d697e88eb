//! The promises of a store, kept by a folder and by a service that speaks S3 and checks signatures.

use std::time::Duration;

use domain::media::{MediaStore, StoredFile};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use super::*;

const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A service with the bucket `shop`, until its folder is dropped. Returns its address.
async fn service(folder: &TempDir) -> Url {
    std::fs::create_dir(folder.path().join("shop")).unwrap();
    let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
    builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Url::parse(&format!("http://{address}")).unwrap()
}

fn bucket(endpoint: Url, secret_key: &str) -> S3Store {
    S3Store::new(config(endpoint, secret_key)).unwrap()
}

fn config(endpoint: Url, secret_key: &str) -> S3Config {
    S3Config {
        endpoint,
        region: "us-east-1".to_owned(),
        bucket: "shop".to_owned(),
        prefix: "pictures/".to_owned(),
        path_style: true,
        access_key: ACCESS_KEY.to_owned(),
        secret_key: secret_key.to_owned(),
    }
}

/// A service that sends a file of three pieces, each after a pause. Returns its address.
async fn slow_service(pause: Duration) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n").await.unwrap();
                for piece in [b"a", b"b", b"c"] {
                    tokio::time::sleep(pause).await;
                    let _ = stream.write_all(piece).await;
                }
            });
        }
    });
    Url::parse(&format!("http://{address}")).unwrap()
}

fn file(key: &str, bytes: &[u8]) -> StoredFile {
    StoredFile { key: key.to_owned(), media_type: "image/jpeg", bytes: bytes.to_vec() }
}

async fn read(store: &dyn MediaStore, key: &str) -> Option<Vec<u8>> {
    let mut file = store.open(key).await.unwrap()?;
    let (mut all, length) = (Vec::new(), file.length());
    while let Some(piece) = file.next().await.unwrap() {
        all.extend(piece);
    }
    assert_eq!(length, all.len() as u64);
    Some(all)
}

async fn files_are_kept_under_their_keys(store: &dyn MediaStore) {
    assert_eq!(store.list("").await.unwrap(), Vec::<String>::new());
    assert_eq!(read(store, "ab/1/160.jpg").await, None);
    let large: Vec<_> = (0..200_001_u32).map(|n| n.to_le_bytes()[0]).collect();
    store.put(file("ab/1/160.jpg", &large)).await.unwrap();
    assert_eq!(read(store, "ab/1/160.jpg").await, Some(large));
    store.delete("ab/1/160.jpg").await.unwrap();
    store.delete("ab/1/160.jpg").await.unwrap();
    assert_eq!(read(store, "ab/1/160.jpg").await, None);

    let keys = ["00/x/160.jpg", "00/x/320.jpg", "0a/y/160.jpg", "0a/z/160.jpg", "ff/a/original"];
    for key in keys {
        store.put(file(key, b"x")).await.unwrap();
    }
    assert_eq!(store.list("").await.unwrap(), keys);
    for (place, key) in keys.iter().enumerate() {
        assert_eq!(store.list(key).await.unwrap(), keys[place + 1..], "{key}");
    }
}

#[tokio::test]
async fn a_folder_keeps_files_r213() {
    let folder = tempfile::tempdir().unwrap();
    files_are_kept_under_their_keys(&FileStore::new(folder.path().join("media"))).await;
    assert!(!folder.path().join("media/ab/1").exists(), "an empty folder goes");
}

#[tokio::test]
async fn a_service_that_checks_signatures_keeps_files_r213() {
    let folder = tempfile::tempdir().unwrap();
    files_are_kept_under_their_keys(&bucket(service(&folder).await, SECRET_KEY)).await;
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_the_error_shows_no_signature_r213() {
    let folder = tempfile::tempdir().unwrap();
    let store = bucket(service(&folder).await, "wrong");
    let error = store.put(file("ab/1/160.jpg", b"x")).await.unwrap_err().to_string();
    assert!(error.contains("403") && !error.contains("Signature="), "{error}");
    assert!(store.list("").await.is_err());
}

#[tokio::test]
async fn a_service_that_is_away_is_an_error_without_the_signed_url_r213() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let store = bucket(Url::parse(&format!("http://{address}")).unwrap(), SECRET_KEY);
    let error = store.put(file("ab/1/160.jpg", b"x")).await.unwrap_err();
    assert!(!format!("{error:?}").contains("Signature"), "{error:?}");
}

#[tokio::test]
async fn a_file_may_take_as_long_as_it_takes_while_the_service_is_not_silent_r213() {
    let (timeout, pause) = (Duration::from_millis(200), Duration::from_millis(150));
    let service = slow_service(pause).await;
    let calm = S3Store::within(config(service.clone(), SECRET_KEY), timeout, Duration::from_secs(5)).unwrap();
    assert_eq!(read(&calm, "ab/1/160.jpg").await.unwrap(), b"abc");
    let hasty = S3Store::within(config(service, SECRET_KEY), timeout, Duration::from_millis(50)).unwrap();
    let mut file = hasty.open("ab/1/160.jpg").await.unwrap().unwrap();
    assert!(file.next().await.is_err(), "the service is silent for longer");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_r213() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("media"), "a file").unwrap();
    let store = FileStore::new(folder.path().join("media"));
    let error = store.put(file("ab/1/160.jpg", b"x")).await.unwrap_err().to_string();
    assert!(error.contains("media"), "{error}");
}
