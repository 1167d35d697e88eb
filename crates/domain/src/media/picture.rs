use super::MediaId;
use crate::word::words;
use crate::{UniqueKey, UtcDateTime};

/// The most bytes of an upload.
pub const MOST_BYTES: usize = 15_000_000;
/// The most pixels of a picture: its width times its height.
pub const MOST_PIXELS: u64 = 25_000_000;
/// The fewest pixels of each side.
pub const MIN_SIDE: u32 = 16;

/// The longer edges of the sizes, in pixels.
const EDGES: [u32; 5] = [160, 320, 640, 1280, 2560];
/// The longest edge of a size.
const LONGEST: u32 = 2560;

/// The SHA-256 of the bytes that were uploaded.
pub type ContentHash = [u8; 32];

words! {
    /// What was uploaded, by its first bytes.
    PictureType {
        /// JPEG.
        Jpeg = "jpeg",
        /// PNG.
        Png = "png",
        /// WebP.
        Webp = "webp",
        /// GIF.
        Gif = "gif",
    }
}

words! {
    /// How the sizes of a picture are encoded. The word is the extension of their files.
    Encoding {
        /// JPEG, for what has no transparency.
        Jpeg = "jpg",
        /// Lossless WebP, for pictures with transparency.
        Webp = "webp",
    }
}

impl PictureType {
    /// Such as `image/jpeg`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }
}

impl Encoding {
    /// Such as `image/jpeg`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// A picture whose sizes are in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// A `UUIDv7`: sorts by time of upload.
    pub id: MediaId,
    /// The hash of what was uploaded. No two pictures have the same one.
    pub hash: ContentHash,
    /// What was uploaded.
    pub kind: PictureType,
    /// How its sizes are encoded.
    pub encoding: Encoding,
    /// The number of bytes that were uploaded.
    pub bytes: i64,
    /// The width in pixels, as it is looked at: turned as its EXIF orientation says.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// Time of the upload.
    pub created_at: UtcDateTime,
}

/// What is known of a picture before it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPicture {
    /// The id under which its sizes are stored.
    pub id: MediaId,
    /// The hash of what was uploaded.
    pub hash: ContentHash,
    /// What was uploaded.
    pub kind: PictureType,
    /// How its sizes are encoded.
    pub encoding: Encoding,
    /// The number of bytes that were uploaded.
    pub bytes: i64,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

/// A size in which a picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The longer edge in pixels, by which the size is named.
    pub edge: u32,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

impl Picture {
    /// The same bytes are one picture: the field, and what a refusal says of it.
    pub const UNIQUE_HASH: UniqueKey = UniqueKey { field: "body", taken: "is a picture that stands already" };

    /// A picture that was uploaded now.
    pub fn new(new: NewPicture, now: UtcDateTime) -> Self {
        let NewPicture { id, hash, kind, encoding, bytes, width, height } = new;
        Self { id, hash, kind, encoding, bytes, width, height, created_at: now }
    }

    /// Its sizes, smallest first. The largest is the picture's own, or 2560 pixels.
    pub fn sizes(&self) -> Vec<Size> {
        Size::of(self.width, self.height)
    }
}

impl Size {
    /// The sizes of a picture with these sides, smallest first. None is larger than the picture.
    pub fn of(width: u32, height: u32) -> Vec<Self> {
        let longer = width.max(height);
        let smaller = EDGES.into_iter().filter(|edge| *edge < longer && *edge < LONGEST);
        smaller.chain([longer.min(LONGEST)]).map(|edge| Self::with_edge(edge, width, height)).collect()
    }

    /// The size with this longer edge.
    fn with_edge(edge: u32, width: u32, height: u32) -> Self {
        let longer = u64::from(width.max(height)).max(1);
        let scaled = |side: u32| {
            let rounded = (u64::from(side) * u64::from(edge) + longer / 2) / longer;
            u32::try_from(rounded).unwrap_or(edge).max(1)
        };
        Self { edge, width: scaled(width), height: scaled(height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(width: u32, height: u32) -> Vec<(u32, u32, u32)> {
        Size::of(width, height).into_iter().map(|size| (size.edge, size.width, size.height)).collect()
    }

    #[test]
    fn a_picture_has_the_sizes_below_its_own_and_its_own_up_to_2560_r212() {
        assert_eq!(sizes(640, 480), [(160, 160, 120), (320, 320, 240), (640, 640, 480)]);
        assert_eq!(sizes(300, 900), [(160, 53, 160), (320, 107, 320), (640, 213, 640), (900, 300, 900)]);
        assert_eq!(sizes(16, 16), [(16, 16, 16)]);
        let edges = |width, height| sizes(width, height).into_iter().map(|size| size.0).collect::<Vec<_>>();
        assert_eq!(edges(4000, 3000), [160, 320, 640, 1280, 2560]);
        assert_eq!(edges(2560, 16), [160, 320, 640, 1280, 2560]);
        assert_eq!(edges(2000, 16), [160, 320, 640, 1280, 2000]);
        assert_eq!(sizes(4000, 16)[0], (160, 160, 1), "a side has a pixel at least");
    }

    #[test]
    fn no_size_is_larger_than_its_picture_and_all_keep_its_shape_r212() {
        use proptest::prelude::*;
        proptest!(|(width in 16_u32..8000, height in 16_u32..8000)| {
            let sizes = Size::of(width, height);
            prop_assert!(sizes.windows(2).all(|pair| pair[0].edge < pair[1].edge));
            for Size { edge, width: w, height: h } in sizes {
                prop_assert!(w <= width && h <= height && w.max(h) == edge);
                let exact = f64::from(edge) / f64::from(width.max(height));
                prop_assert!((f64::from(w) - f64::from(width) * exact).abs() <= 1.0);
                prop_assert!((f64::from(h) - f64::from(height) * exact).abs() <= 1.0);
            }
        });
    }
}
