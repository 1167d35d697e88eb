use std::path::PathBuf;

use url::Url;

use super::Hidden;
use super::parse::{boolean, number};
use super::reader::{Origin, Reader, Show};

/// `media.*`: where pictures are kept.
#[derive(Debug, Clone)]
pub struct MediaSettings {
    /// Where; `None` for a folder beside the SQLite file, and for nowhere with MySQL and MariaDB.
    pub place: Option<MediaPlace>,
    /// What the URLs of pictures begin with instead of this server, without a slash at the end.
    pub public_base: Option<String>,
    /// How many pictures are encoded at once.
    pub decoders: usize,
}

/// Where pictures are kept.
#[derive(Debug, Clone)]
pub enum MediaPlace {
    /// A folder that all servers share.
    Folder(PathBuf),
    /// A bucket of a service that speaks S3.
    S3(S3Settings),
}

/// `media.s3.*`
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The name of the bucket, which must exist.
    pub bucket: String,
    /// What keys begin with: empty, or with a slash at the end.
    pub prefix: String,
    /// The address of the service.
    pub endpoint: Url,
    /// The region of the bucket, such as `us-east-1`.
    pub region: String,
    /// The id of the access key.
    pub access_key: String,
    /// The secret of the access key, which no output shows.
    pub secret_key: Hidden,
    /// Whether the bucket stands in the path of URLs.
    pub path_style: bool,
}

/// What `media.store` says.
enum Store {
    Folder(PathBuf),
    S3 { bucket: String, prefix: String },
}

/// Reads the settings.
pub(super) fn media(reader: &mut Reader) -> Option<MediaSettings> {
    let store = reader.optional("media.store", Show::Value, store);
    let public_base = reader.optional("media.public_base", Show::Value, base);
    let decoders = reader.setting("media.decoders", "1", number(1..=64));
    let endpoint = reader.optional("media.s3.endpoint", Show::Value, endpoint);
    let region = reader.setting("media.s3.region", "us-east-1", word);
    let access_key = reader.optional("media.s3.access_key", Show::Value, word);
    let secret_key = reader.optional("media.s3.secret_key", Show::Secret, |raw| word(raw).map(Hidden));
    let path_style = reader.setting("media.s3.path_style", "false", boolean);
    let (store, endpoint, region, path_style) = (store?, endpoint?, region?, path_style?);
    let (access_key, secret_key) = (access_key?, secret_key?);
    let place = match store {
        None => None,
        Some(Store::Folder(folder)) => Some(MediaPlace::Folder(folder)),
        Some(Store::S3 { bucket, prefix }) => {
            let missing = [
                ("media.s3.endpoint", endpoint.is_none()),
                ("media.s3.access_key", access_key.is_none()),
                ("media.s3.secret_key", secret_key.is_none()),
            ];
            for (key, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
                reader.refuse(key, "is required with an s3:// URL in media.store", Origin::Default);
            }
            Some(MediaPlace::S3(S3Settings {
                bucket,
                prefix,
                endpoint: endpoint?,
                region,
                access_key: access_key?,
                secret_key: secret_key?,
                path_style,
            }))
        }
    };
    Some(MediaSettings { place, public_base: public_base?, decoders: decoders? })
}

fn store(raw: &str) -> Result<Store, String> {
    let why = "must be file: and a folder, such as file:/var/lib/storekeeper/media, or s3://bucket/prefix";
    if let Some(folder) = raw.strip_prefix("file:").filter(|folder| !folder.is_empty() && !folder.starts_with("//")) {
        return Ok(Store::Folder(PathBuf::from(folder)));
    }
    let rest = raw.strip_prefix("s3://").ok_or(why)?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_bucket = (3..=63).contains(&bucket.len())
        && bucket.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte));
    let prefix = prefix.trim_matches('/');
    let is_plain = prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    let is_prefix = is_plain && !prefix.split('/').any(|part| part == "..");
    if !is_bucket || !is_prefix {
        return Err(why.to_owned());
    }
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    Ok(Store::S3 { bucket: bucket.to_owned(), prefix })
}

/// The beginning of the URLs of pictures, without a slash at the end.
fn base(raw: &str) -> Result<String, String> {
    let why = "must be an http:// or https:// URL without a query, such as https://cdn.example.com";
    let url = Url::parse(raw).map_err(|_| why)?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_web && is_plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(why.to_owned()) }
}

fn endpoint(raw: &str) -> Result<Url, String> {
    let why = "must be the http:// or https:// URL of a service, such as https://s3.eu-central-1.amazonaws.com";
    let url = base(raw).ok().and_then(|_| Url::parse(raw).ok()).filter(|url| url.path() == "/");
    url.ok_or_else(|| why.to_owned())
}

fn word(raw: &str) -> Result<String, String> {
    let good = (1..=200).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_graphic());
    good.then(|| raw.to_owned()).ok_or_else(|| "must have 1 to 200 visible ASCII characters".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_store_is_a_folder_or_a_bucket_r213() {
        let is_folder =
            |raw: &str, folder: &str| matches!(store(raw), Ok(Store::Folder(it)) if it == Path::new(folder));
        assert!(is_folder("file:media", "media") && is_folder("file:/srv/media", "/srv/media"));
        let is_s3 = |raw: &str, parts: (&str, &str)| matches!(store(raw), Ok(Store::S3 { bucket, prefix }) if (bucket.as_str(), prefix.as_str()) == parts);
        assert!(is_s3("s3://shop", ("shop", "")) && is_s3("s3://shop/a/b/", ("shop", "a/b/")));
        for bad in ["", "media", "file:", "file://x", "s3://", "s3://AB/x", "s3://ab", "s3://shop/../x", "ftp://shop"] {
            assert!(store(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_base_of_urls_has_no_slash_at_the_end_r213() {
        assert_eq!(base("https://cdn.example.com/"), Ok("https://cdn.example.com".to_owned()));
        assert_eq!(base("https://cdn.example.com/shop/"), Ok("https://cdn.example.com/shop".to_owned()));
        for bad in ["cdn.example.com", "https://a/?x", "javascript:alert(1)", "https://u@a/"] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }
}
