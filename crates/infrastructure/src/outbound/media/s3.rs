use std::time::Duration;

use async_trait::async_trait;
use domain::media::{MediaFile, MediaStore, MediaStoreError, StoredFile};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use tokio::time::sleep;
use url::Url;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an answer may take that is read at once. A file is read as fast as a client takes it, so it has no such limit.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How long the service may be silent while somebody waits for it. An upload is part of that silence.
const SILENCE: Duration = Duration::from_mins(1);
/// How long a signature holds. The clock of the service may differ by minutes.
const SIGNED_FOR: Duration = Duration::from_mins(15);
/// How often a request is sent that fails for a reason that may pass.
const TRIES: u32 = 3;
/// How long is waited after the first failure; twice as long after each other one.
const PAUSE: Duration = Duration::from_millis(200);
/// The most keys of a list.
const LISTED: usize = 1000;
/// The most characters of what the service says that an error shows.
const SHOWN: usize = 300;

/// Where files are kept with a service.
#[derive(Debug, Clone)]
pub struct S3Config {
    /// The address of the service.
    pub endpoint: Url,
    /// The region of the bucket, which requests are signed for.
    pub region: String,
    /// The bucket, which must exist.
    pub bucket: String,
    /// What keys begin with: empty, or with a slash at the end.
    pub prefix: String,
    /// Whether the bucket stands in the path of URLs and not in the name of the host.
    pub path_style: bool,
    /// The id of the access key.
    pub access_key: String,
    /// The secret of the access key.
    pub secret_key: String,
}

/// The store cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum S3StoreError {
    /// The address and the name of the bucket make no URL.
    #[error("the bucket {0} has no URL at this endpoint")]
    Bucket(String),
    /// TLS cannot be set up.
    #[error("the client of S3 cannot be built")]
    Client(#[from] reqwest::Error),
}

/// Keeps files in a bucket. Requests are signed as AWS Signature Version 4 says, in their URLs.
pub struct S3Store {
    client: Client,
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    /// How long an answer may take that is read at once.
    timeout: Duration,
}

impl S3Store {
    /// Files in this bucket.
    ///
    /// # Errors
    /// If the settings make no URL, or TLS cannot be set up.
    pub fn new(config: S3Config) -> Result<Self, S3StoreError> {
        Self::within(config, TIMEOUT, SILENCE)
    }

    /// [`Self::new`] with other time limits.
    pub(super) fn within(config: S3Config, timeout: Duration, silence: Duration) -> Result<Self, S3StoreError> {
        let S3Config { endpoint, region, bucket, prefix, path_style, access_key, secret_key } = config;
        let style = if path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let refused = S3StoreError::Bucket(bucket.clone());
        let bucket = Bucket::new(endpoint, style, bucket, region).map_err(|_| refused)?;
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(silence)
            .user_agent(concat!("Storekeeper/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, bucket, credentials: Credentials::new(access_key, secret_key), prefix, timeout })
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Sends a request, and again if it fails for a reason that may pass. All requests may be repeated.
    async fn send(&self, request: impl Fn() -> RequestBuilder) -> Result<Response, MediaStoreError> {
        let (mut tries, mut pause) = (0, PAUSE);
        loop {
            tries += 1;
            let sent = request().send().await;
            let may_pass = match &sent {
                Ok(response) => {
                    response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS
                }
                Err(_) => true,
            };
            if !may_pass || tries == TRIES {
                return sent.map_err(failed);
            }
            sleep(pause).await;
            pause *= 2;
        }
    }
}

/// The error without the URL, which holds a signature.
fn failed(error: reqwest::Error) -> MediaStoreError {
    MediaStoreError(error.without_url().into())
}

/// What the service says instead of a success.
async fn refused(response: Response) -> MediaStoreError {
    let status = response.status();
    let text: String = response.text().await.unwrap_or_default().chars().take(SHOWN).collect();
    MediaStoreError(format!("S3 answers {status}: {text}").into())
}

#[async_trait]
impl MediaStore for S3Store {
    async fn put(&self, file: StoredFile) -> Result<(), MediaStoreError> {
        let StoredFile { key, media_type, bytes } = file;
        let key = self.key(&key);
        let mut action = self.bucket.put_object(Some(&self.credentials), &key);
        action.headers_mut().insert("content-type", media_type);
        let url = action.sign(SIGNED_FOR);
        let put = || {
            let request = self.client.put(url.clone()).header(CONTENT_TYPE, media_type);
            request.timeout(self.timeout).header(CONTENT_LENGTH, bytes.len()).body(bytes.clone())
        };
        let response = self.send(put).await?;
        if response.status().is_success() { Ok(()) } else { Err(refused(response).await) }
    }

    async fn open(&self, key: &str) -> Result<Option<Box<dyn MediaFile>>, MediaStoreError> {
        let key = self.key(key);
        let url = self.bucket.get_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
        let response = self.send(|| self.client.request(Method::GET, url.clone())).await?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => {
                let length = response.content_length();
                let length = length.ok_or_else(|| MediaStoreError("S3 does not say how long a file is".into()))?;
                Ok(Some(Box::new(OpenObject { response, length })))
            }
            _ => Err(refused(response).await),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), MediaStoreError> {
        let key = self.key(key);
        let url = self.bucket.delete_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
        let response = self.send(|| self.client.delete(url.clone()).timeout(self.timeout)).await?;
        if response.status().is_success() || response.status() == StatusCode::NOT_FOUND {
            return Ok(());
        }
        Err(refused(response).await)
    }

    async fn list(&self, after: &str) -> Result<Vec<String>, MediaStoreError> {
        let mut action = self.bucket.list_objects_v2(Some(&self.credentials));
        action.with_prefix(self.prefix.as_str());
        action.with_max_keys(LISTED);
        if !after.is_empty() {
            action.with_start_after(self.key(after));
        }
        let url = action.sign(SIGNED_FOR);
        let response = self.send(|| self.client.get(url.clone()).timeout(self.timeout)).await?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        let text = response.text().await.map_err(failed)?;
        let listed = ListObjectsV2::parse_response(&text).map_err(|error| MediaStoreError(error.to_string().into()))?;
        let key = |found: String| found.strip_prefix(&self.prefix).map(ToOwned::to_owned);
        Ok(listed.contents.into_iter().filter_map(|object| key(object.key)).collect())
    }
}

struct OpenObject {
    response: Response,
    length: u64,
}

#[async_trait]
impl MediaFile for OpenObject {
    fn length(&self) -> u64 {
        self.length
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaStoreError> {
        Ok(self.response.chunk().await.map_err(failed)?.map(Into::into))
    }
}
