use domain::media::{Alt, Encoding, MediaId, NewPicture, Picture, PictureType, Shown, Size};
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id};
use crate::schema::{Apiv2Schema, ResponseBody};

/// A picture.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Media")]
pub(crate) struct MediaBody {
    id: Id,
    /// In pixels, as it was uploaded, turned upright.
    width: u32,
    /// In pixels.
    height: u32,
    /// The bytes that were uploaded.
    bytes: i64,
    /// What it shows where it stands. Null: nobody has said it yet, or it is not shown here. Empty: it is decorative.
    alt: Option<String>,
    /// Smallest first. The largest is the picture's own size, or 2560 pixels.
    sizes: Vec<SizeBody>,
}

/// A size of a picture.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "MediaSize")]
pub(crate) struct SizeBody {
    /// In pixels.
    width: u32,
    /// In pixels.
    height: u32,
    /// Where it is: below `media.public_base` of the settings, else a path on this server.
    url: String,
}

impl MediaBody {
    pub(in crate::routes) fn location(id: MediaId) -> String {
        format!("/api/v1/media/{id}")
    }

    /// A picture with what it shows, whose URLs begin with `base`.
    pub(in crate::routes) fn of(picture: &Picture, alt: Option<&Alt>, base: &str) -> Self {
        let Picture { id, encoding, width, height, bytes, .. } = *picture;
        let size = |size: Size| SizeBody {
            width: size.width,
            height: size.height,
            url: format!("{base}/media/{id}/{}.{}", size.edge, encoding.as_str()),
        };
        Self {
            id: Id(id.0),
            width,
            height,
            bytes,
            alt: alt.map(ToString::to_string),
            sizes: picture.sizes().into_iter().map(size).collect(),
        }
    }

    pub(in crate::routes) fn shown(Shown { picture, alt }: &Shown, base: &str) -> Self {
        Self::of(picture, alt.as_ref(), base)
    }
}

impl ResponseBody for MediaBody {
    fn example() -> Self {
        let new = NewPicture {
            id: MediaId(example::id()),
            hash: [0; 32],
            kind: PictureType::Jpeg,
            encoding: Encoding::Jpeg,
            bytes: 183_204,
            width: 640,
            height: 480,
        };
        Self::of(&Picture::new(new, example::NOW), Some(&Alt::from_trusted("A blue mug".to_owned())), "")
    }
}

impl Body for MediaBody {
    fn version(&self) -> Option<i64> {
        None
    }
}
