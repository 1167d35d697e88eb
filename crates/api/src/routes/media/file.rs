//! The files of pictures. They stand beside the API, public and immutable.

use std::sync::Arc;

use application::Error;
use domain::media::{Encoding, MediaId};
use domain::{Code, Invalid};
use serde_json::{Value, json};

use crate::context::State;
use crate::extract::{IfNoneMatch, Nested, Path, Segment};
use crate::problem::Problem;
use crate::respond::PictureFile;

/// The name of a file: the size and the extension.
pub(crate) struct SizeName {
    edge: u32,
    encoding: Encoding,
}

impl Segment for SizeName {
    fn schema() -> Value {
        json!({ "type": "string" })
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        let parse = || {
            let (edge, extension) = raw.split_once('.')?;
            // One size has one name: no sign and no zero before it.
            let is_plain = edge.len() <= 4 && edge.bytes().all(|byte| byte.is_ascii_digit()) && !edge.starts_with('0');
            let edge = edge.parse().ok().filter(|_| is_plain)?;
            Some(Self { edge, encoding: Encoding::parse(extension).ok()? })
        };
        parse().ok_or_else(|| Invalid::new(Code::Format, "must be a size such as 640.jpg"))
    }
}

pub(crate) async fn file(
    state: Arc<State>,
    path: Path<Nested<MediaId, SizeName>>,
    known: IfNoneMatch,
) -> Result<PictureFile, Problem> {
    let Nested(id, SizeName { edge, encoding }) = path.0;
    let (media_type, tag) = (encoding.media_type(), format!("\"{id}-{edge}\""));
    // What stands under a URL never changes, so who has it needs nothing of the store.
    if known.has(&tag) {
        return Ok(PictureFile { file: None, media_type, tag });
    }
    let file = state.media.pictures.open(id, edge, encoding).await?.ok_or(Error::NotFound("picture"))?;
    Ok(PictureFile { file: Some(file), media_type, tag })
}
