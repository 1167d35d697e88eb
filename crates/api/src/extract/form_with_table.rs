use std::io;

use actix_http::Payload;
use actix_web::web::Bytes;
use domain::imports::ImportOptions;
use futures_util::future::join;
use futures_util::{Stream, StreamExt as _, stream};
use multer::{Field, Multipart};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use super::Extract;
use super::file_upload::{FileUpload, PATIENCE, broken, late, refuse_announced};
use super::form_with_files::{boundary, malformed};
use crate::context::RequestContext;
use crate::problem::{Kind, Problem};

/// What a form has besides its file, in bytes.
const REST: usize = 256 * 1024;
/// The most parts of a form: each column may be mapped, and there are the file and the other options.
const PARTS: usize = ImportOptions::MOST_MAPPED + 16;
/// Pieces that wait to be read.
const WAITING: usize = 4;

/// The name of the part with the file.
pub(super) const FILE: &str = "file";

/// A form with one file (`multipart/form-data`, RFC 7578) that may be as large as a [`FileUpload`], and is never in memory.
/// Only so many are received at once.
pub(crate) struct FormWithTable {
    /// The other fields, with what was typed.
    pub(crate) fields: Vec<(String, String)>,
    /// The file; `None` if none was chosen.
    pub(crate) file: Option<FileUpload>,
}

impl Extract for FormWithTable {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let boundary = boundary(context)?;
        let limit = context.state.files.max_bytes;
        let _place = context.state.files.place()?;
        refuse_announced(&context.http, limit, REST as u64)?;
        let payload = context.take_payload();
        // The parser wants a stream that may change threads, which a payload may not.
        let (sender, receiver) = channel(WAITING);
        match join(pass_on(payload, sender), parts(pieces(receiver), boundary, limit)).await {
            (Err(problem), _) => Err(problem),
            (Ok(()), form) => form,
        }
    }
}

/// Passes a body on, until nobody wants more of it.
async fn pass_on(mut payload: Payload, sender: Sender<Bytes>) -> Result<(), Problem> {
    while let Some(piece) = timeout(PATIENCE, payload.next()).await.map_err(|_| late())? {
        if sender.send(piece.map_err(|_| broken())?).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn pieces(receiver: Receiver<Bytes>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(receiver, async |mut receiver| Some((Ok(receiver.recv().await?), receiver)))
}

/// Reads the parts of a form.
async fn parts(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    boundary: String,
    limit: u64,
) -> Result<FormWithTable, Problem> {
    let mut parts = Multipart::new(pieces, boundary);
    let mut form = FormWithTable { fields: Vec::new(), file: None };
    let (mut count, mut rest) = (0, 0);
    while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
        count += 1;
        if count > PARTS {
            return Err(Problem::new(Kind::TOO_LARGE, format!("A form has at most {PARTS} parts.")));
        }
        if part.name() == Some(FILE) {
            let file = file(part, limit).await?;
            if file.length > 0 && form.file.replace(file).is_some() {
                return Err(Problem::new(Kind::MALFORMED, "The form must have one part `file`, not several."));
            }
        } else if part.file_name().is_some() {
            let name: String = part.name().unwrap_or_default().chars().take(64).collect();
            let detail = format!("The file of the form must be its part `file`, not {name:?}.");
            return Err(Problem::new(Kind::MALFORMED, detail));
        } else {
            form.fields.push(field(part, &mut rest).await?);
        }
    }
    Ok(form)
}

async fn file(mut part: Field<'_>, limit: u64) -> Result<FileUpload, Problem> {
    let mut upload = FileUpload::begin(limit)?;
    while let Some(piece) = part.chunk().await.map_err(|_| malformed())? {
        upload.take(&piece)?;
    }
    Ok(upload)
}

/// A field that is no file. `rest` counts the bytes of all of them.
async fn field(mut part: Field<'_>, rest: &mut usize) -> Result<(String, String), Problem> {
    let name = part.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|_| malformed())? {
        *rest += piece.len();
        if *rest > REST {
            return Err(Problem::new(Kind::TOO_LARGE, format!("The fields must have at most {REST} bytes together.")));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok((name, String::from_utf8(bytes).map_err(|_| malformed())?))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Seek as _};

    use super::*;

    async fn read(body: &str) -> Result<FormWithTable, Problem> {
        // Byte by byte, as a slow network brings it.
        let pieces: Vec<_> = body.bytes().map(|byte| Ok(Bytes::from(vec![byte]))).collect();
        parts(stream::iter(pieces), "X".to_owned(), 20).await
    }

    const FIELD: &str = "--X\r\nContent-Disposition: form-data; name=\"decimal\"\r\n\r\ncomma\r\n";

    #[actix_web::test]
    async fn a_table_is_read_beside_the_fields_of_its_form_r231_r245() {
        let file = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nsku,price\nA,1\r\n--X--\r\n";
        let form = read(&format!("{FIELD}{file}")).await.unwrap();
        assert_eq!(form.fields, [("decimal".to_owned(), "comma".to_owned())]);
        let FileUpload { mut file, length, .. } = form.file.unwrap();
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), length), ("sku,price\nA,1", 13));
    }

    #[actix_web::test]
    async fn a_form_without_a_file_has_none_r245() {
        let empty = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--X--\r\n";
        assert!(read(empty).await.unwrap().file.is_none());
    }

    #[actix_web::test]
    async fn a_form_that_breaks_off_or_says_too_much_is_refused_r245() {
        assert!(read("--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nbyt").await.is_err());
        assert!(read(&(FIELD.repeat(PARTS + 1) + "--X--\r\n")).await.is_err());
        let long =
            format!("--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{}\r\n--X--\r\n", "a".repeat(REST + 1));
        assert!(read(&long).await.is_err());
    }

    #[actix_web::test]
    async fn the_file_is_one_part_named_so_and_no_larger_than_it_may_be_r231() {
        let part = |name: &str, rest: &str, text: &str| {
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n{text}\r\n")
        };
        let named = "; filename=\"a.csv\"";
        let form = |parts: &[String]| parts.concat() + "--X--\r\n";
        assert!(read(&form(&[part("file", "", "sku\nA")])).await.unwrap().file.is_some(), "a name of a file may lack");
        let refused = |problem: Problem, status: u16, why: &str| {
            assert_eq!(problem.status().as_u16(), status);
            assert!(problem.detail().contains(why), "{}", problem.detail());
        };
        let other = read(&form(&[part("table", named, "sku\nA")])).await;
        refused(other.err().unwrap(), 400, "must be its part `file`, not \"table\"");
        let twice = read(&form(&[part("file", named, "sku\nA"), part("file", named, "sku\nB")])).await;
        refused(twice.err().unwrap(), 400, "one part `file`");
        let long = read(&form(&[part("file", named, &"x".repeat(21))])).await;
        refused(long.err().unwrap(), 413, "at most 20 bytes: `imports.max_bytes`");
    }
}
