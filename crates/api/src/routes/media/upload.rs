use std::sync::Arc;

use super::{MediaBody, TAG};
use crate::context::State;
use crate::extract::{PictureUpload, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::CreatedOrFound;

pub(crate) const UPLOAD: Operation = Operation::new(
    TAG,
    "uploadMedia",
    "Upload a picture",
    "The body is the picture: JPEG, PNG, WebP or GIF, one frame, at most 15,000,000 bytes and 25,000,000 pixels, at least 16 \
     pixels wide and high. What it is follows from its bytes. It is encoded anew in several sizes, without metadata, turned \
     as its EXIF orientation says. The same bytes again are the same picture: 200 instead of 201.",
)
.problems(&[Kind::PICTURE, Kind::PICTURE_TYPE, Kind::NO_MEDIA_STORE, Kind::MEDIA_STORE]);

pub(crate) async fn upload(
    staff: Staff,
    state: Arc<State>,
    upload: PictureUpload,
) -> Result<CreatedOrFound<MediaBody>, Problem> {
    let uploaded = state.media.pictures.upload(&staff.runner(&state), upload.bytes).await?;
    Ok(CreatedOrFound {
        location: MediaBody::location(uploaded.picture.id),
        body: MediaBody::of(&uploaded.picture, None, &state.media.base),
        is_new: uploaded.is_new,
    })
}
