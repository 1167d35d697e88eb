//! Where the files of pictures are kept: in a folder, or with a service that speaks S3.

mod files;
mod s3;

pub use files::FileStore;
pub use s3::{S3Config, S3Store, S3StoreError};

#[cfg(test)]
mod tests;
