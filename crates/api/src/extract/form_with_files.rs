use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use application::Error;
use domain::media::{Gallery, MOST_BYTES};
use futures_util::stream;

use super::Extract;
use super::body::within;
use crate::context::RequestContext;
use crate::problem::{Kind, Problem};

/// Time limit for receiving a form with files.
const DEADLINE: Duration = Duration::from_mins(1);
/// What a form has besides a picture, in bytes.
const REST: usize = 256 * 1024;
/// The most files of a form.
const FILES: usize = 8;
/// The most other fields of a form: some for each picture of a product.
const FIELDS: usize = 8 * Gallery::MOST;

/// A form with files (`multipart/form-data`, RFC 7578). Only so many are received at once, as uploads of pictures are.
#[derive(Debug, Default)]
pub(crate) struct FormWithFiles {
    /// The fields that are no files, with what was typed.
    pub(crate) fields: Vec<(String, String)>,
    /// The files, with the names of their fields.
    pub(crate) files: Vec<(String, Bytes)>,
}

impl Extract for FormWithFiles {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let boundary = boundary(context)?;
        let place = Arc::clone(&context.state.media.uploads).try_acquire_owned();
        let _place = place.map_err(|_| Error::Busy { retry_after: Duration::from_secs(2) })?;
        let payload = context.take_payload();
        let bytes = within(&context.http, payload, MOST_BYTES + REST, DEADLINE).await?;
        parts(bytes, boundary).await
    }
}

/// The boundary between the parts of a multipart form.
pub(super) fn boundary(context: &RequestContext) -> Result<String, Problem> {
    let media_type = context.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    multer::parse_boundary(media_type)
        .map_err(|_| Problem::new(Kind::UNSUPPORTED, "A form with files is sent as multipart/form-data."))
}

/// The refusal of a malformed multipart form.
pub(super) fn malformed() -> Problem {
    Problem::new(Kind::MALFORMED, "The form is incomplete, or not of the form of multipart/form-data.")
}

async fn parts(bytes: Bytes, boundary: String) -> Result<FormWithFiles, Problem> {
    let broken = |_| malformed();
    let mut parts = multer::Multipart::new(stream::iter([Ok::<_, std::convert::Infallible>(bytes)]), boundary);
    let mut form = FormWithFiles::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken)?;
        if is_file {
            form.files.push((name, bytes));
        } else {
            form.fields.push((name, String::from_utf8(bytes.to_vec()).map_err(|_| malformed())?));
        }
        if form.files.len() > FILES || form.fields.len() > FIELDS {
            let detail = format!("A form has at most {FILES} files and {FIELDS} other fields.");
            return Err(Problem::new(Kind::TOO_LARGE, detail));
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: &'static str) -> Result<FormWithFiles, Problem> {
        parts(Bytes::from_static(body.as_bytes()), "X".to_owned()).await
    }

    #[actix_web::test]
    async fn files_are_read_with_the_names_of_their_fields_r210_r241() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nbytes\r\n\
                    --X\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\nA mug\r\n--X--\r\n";
        let FormWithFiles { fields, files } = read(body).await.unwrap();
        assert_eq!(files, [("file".to_owned(), Bytes::from_static(b"bytes"))]);
        assert_eq!(fields, [("alt".to_owned(), "A mug".to_owned())]);
        let nothing = read("--X--\r\n").await.unwrap();
        assert!(nothing.files.is_empty() && nothing.fields.is_empty());
    }

    #[actix_web::test]
    async fn a_broken_form_and_one_of_many_parts_are_refused_r241() {
        assert!(read("--X\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nbyt").await.is_err());
        let part = "--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n1\r\n";
        let many: &'static str = Box::leak((part.repeat(9) + "--X--\r\n").into_boxed_str());
        assert!(read(many).await.is_err());
    }
}
