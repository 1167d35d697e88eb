//! Where the files of pictures are kept: in a folder, or with a service that speaks S3. Fetches those of other shops.

mod fetch;
mod files;
mod s3;

pub use fetch::{FetcherConfig, FetcherError, HttpPictures};
pub use files::FileStore;
pub use s3::{S3Config, S3Store, S3StoreError};

#[cfg(test)]
mod tests;
