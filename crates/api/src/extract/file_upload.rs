use std::fs::File;
use std::io::Write as _;
use std::time::Duration;

use actix_http::HttpMessage as _;
use actix_http::Request;
use actix_web::http::header::CONTENT_LENGTH;
use application::Error;
use futures_util::StreamExt as _;
use tokio::time::timeout;

use crate::context::RequestContext;
use crate::problem::{Kind, Problem};

/// How long an upload may pause before it is refused.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// What a file may be sent as.
const MEDIA_TYPES: [&str; 2] = ["application/octet-stream", "text/csv"];

/// An uploaded file, in a temporary file that ends with this.
pub(crate) struct FileUpload {
    pub(crate) file: File,
    /// Bytes.
    pub(crate) length: u64,
    /// The most bytes.
    limit: u64,
}

impl FileUpload {
    /// A file of which nothing has arrived.
    pub(super) fn begin(limit: u64) -> Result<Self, Problem> {
        Ok(Self { file: tempfile::tempfile().map_err(failed)?, length: 0, limit })
    }

    /// A file that was received.
    pub(crate) const fn received(file: File, length: u64) -> Self {
        Self { file, length, limit: length }
    }

    /// Takes what arrives next.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), Problem> {
        self.length += piece.len() as u64;
        if self.length > self.limit {
            return Err(too_large(self.limit));
        }
        self.file.write_all(piece).map_err(failed)
    }
}

/// Receives a file that is the whole body.
///
/// # Errors
/// If its media type is none of a table, it is too large, or does not arrive.
pub(super) async fn whole_body(context: &mut RequestContext) -> Result<FileUpload, Problem> {
    let is_csv = matches!(context.http.mime_type(), Ok(Some(mime)) if MEDIA_TYPES.contains(&mime.essence_str()));
    if !is_csv {
        let detail = "Send the file alone, with the Content-Type text/csv or application/octet-stream, or as the part \
                      `file` of multipart/form-data.";
        return Err(Problem::new(Kind::UNSUPPORTED, detail));
    }
    let limit = context.state.files.max_bytes;
    refuse_announced(&context.http, limit, 0)?;
    let mut payload = context.take_payload();
    let mut upload = FileUpload::begin(limit)?;
    loop {
        let Some(piece) = timeout(PATIENCE, payload.next()).await.map_err(|_| late())? else { break };
        upload.take(&piece.map_err(|_| broken())?)?;
    }
    Ok(upload)
}

/// Refuses a request whose `Content-Length` is more than `limit` bytes for the file and `around` bytes for the rest of
/// the body.
pub(super) fn refuse_announced(request: &Request, limit: u64, around: u64) -> Result<(), Problem> {
    let announced = request.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit.saturating_add(around)) { Err(too_large(limit)) } else { Ok(()) }
}

fn too_large(limit: u64) -> Problem {
    Problem::new(Kind::TOO_LARGE, format!("The file must have at most {limit} bytes: `imports.max_bytes`."))
}

/// The refusal of a body that stops arriving.
pub(super) fn late() -> Problem {
    Problem::new(Kind::BODY_TIMEOUT, "The file must go on arriving.")
}

/// The refusal of a body that breaks off.
pub(super) fn broken() -> Problem {
    Problem::new(Kind::MALFORMED, "The body could not be received.")
}

fn failed(error: std::io::Error) -> Problem {
    Problem::from(Error::Internal(error.into()))
}
