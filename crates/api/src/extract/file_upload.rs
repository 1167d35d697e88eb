use std::fs::File;
use std::io::Write as _;
use std::time::Duration;

use actix_http::HttpMessage as _;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use application::Error;
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::Extract;
use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::{Kind, Problem};

/// The most bytes of a file.
const LIMIT: u64 = 200_000_000;

/// How long nothing may arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a file may be sent as.
const MEDIA_TYPES: [&str; 2] = ["application/octet-stream", "text/csv"];

/// An uploaded file, in a temporary file that ends with this.
pub(crate) struct FileUpload {
    pub(crate) file: File,
    /// Bytes.
    pub(crate) length: u64,
}

impl Extract for FileUpload {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let is_csv = matches!(context.http.mime_type(), Ok(Some(mime)) if MEDIA_TYPES.contains(&mime.essence_str()));
        if context.http.headers().contains_key(CONTENT_ENCODING) || !is_csv {
            let detail = "Send the file alone, with the Content-Type text/csv or application/octet-stream; no form, and not compressed.";
            return Err(Problem::new(Kind::UNSUPPORTED, detail));
        }
        let too_large = || Problem::new(Kind::TOO_LARGE, format!("The file must have at most {LIMIT} bytes."));
        let announced = context.http.headers().get(CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| length > LIMIT) {
            return Err(too_large());
        }
        let failed = |error: std::io::Error| Problem::from(Error::Internal(error.into()));
        let mut payload = context.take_payload();
        let (mut file, mut length) = (tempfile::tempfile().map_err(failed)?, 0);
        loop {
            let late = |_| Problem::new(Kind::BODY_TIMEOUT, "The file must go on arriving.");
            let Some(piece) = timeout(PATIENCE, payload.next()).await.map_err(late)? else { break };
            let malformed = |_| Problem::new(Kind::MALFORMED, "The body could not be received.");
            let piece = piece.map_err(malformed)?;
            length += piece.len() as u64;
            if length > LIMIT {
                return Err(too_large());
            }
            file.write_all(&piece).map_err(failed)?;
        }
        Ok(Self { file, length })
    }

    fn describe(signature: &mut Signature) {
        signature.raw_body = &MEDIA_TYPES;
        signature.problems.extend([Kind::MALFORMED, Kind::BODY_TIMEOUT, Kind::TOO_LARGE, Kind::UNSUPPORTED]);
    }
}
