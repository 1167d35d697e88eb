//! Problems with pictures.

use std::time::Duration;

use application::Error;
use domain::media::PictureFault;

use super::{Kind, Problem};

/// `Retry-After` while the place of the pictures does not answer.
const RETRY: Duration = Duration::from_secs(5);

/// The problem of an error about pictures.
pub(super) fn of_media_error(error: Error) -> Problem {
    match error {
        Error::Picture(fault) => Problem::new(kind(&fault), format!("The picture {fault}.")),
        Error::NoMediaStore => Problem::new(
            Kind::NO_MEDIA_STORE,
            "Pictures need `media.store` in the settings of every server: a folder that all share, or a bucket of S3.",
        ),
        Error::MediaStore(cause) => Problem::new(
            Kind::MEDIA_STORE,
            "The place where pictures are kept does not answer, or has no room. Nothing was changed; try again.",
        )
        .retry_after(RETRY)
        .because(cause),
        other => Problem::new(Kind::INTERNAL, "The failure is logged under the request id.").because(other),
    }
}

const fn kind(fault: &PictureFault) -> Kind {
    match fault {
        PictureFault::UnknownType => Kind::PICTURE_TYPE,
        PictureFault::TooManyBytes => Kind::TOO_LARGE,
        PictureFault::TooManyPixels { .. }
        | PictureFault::TooSmall { .. }
        | PictureFault::Animated
        | PictureFault::Broken(_) => Kind::PICTURE,
    }
}
