use std::io::Cursor;

use domain::media::{Frames, Picture, PictureFault, PictureType};
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder as _, DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};

/// The most bytes of a decoded picture: 25 million pixels of 4 bytes, and some room.
const MOST_MEMORY: u64 = 128_000_000;

/// A picture in memory, as it is looked at.
pub(super) struct Decoded {
    pub kind: PictureType,
    pub image: DynamicImage,
}

/// Decodes a picture. What its header says is checked before anything is unpacked.
///
/// # Errors
/// Why the shop does not take it.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, PictureFault> {
    let (kind, format) = format_of(bytes).ok_or(PictureFault::UnknownType)?;
    let reader = || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits());
        reader
    };
    let (width, height) = reader().into_dimensions().map_err(broken)?;
    Picture::expect_sides(width, height)?;
    Picture::expect_still(frames(bytes, kind)?)?;
    let mut decoder = reader().into_decoder().map_err(broken)?;
    // A picture without a legible orientation stands upright.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    image.apply_orientation(orientation);
    Ok(Decoded { kind, image })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// The type by the first bytes. What a client calls it does not count.
fn format_of(bytes: &[u8]) -> Option<(PictureType, ImageFormat)> {
    match image::guess_format(bytes).ok()? {
        format @ ImageFormat::Jpeg => Some((PictureType::Jpeg, format)),
        format @ ImageFormat::Png => Some((PictureType::Png, format)),
        format @ ImageFormat::WebP => Some((PictureType::Webp, format)),
        format @ ImageFormat::Gif => Some((PictureType::Gif, format)),
        _ => None,
    }
}

fn frames(bytes: &[u8], kind: PictureType) -> Result<Frames, PictureFault> {
    let bytes = Cursor::new(bytes);
    let moves = match kind {
        PictureType::Jpeg => false,
        PictureType::Png => PngDecoder::with_limits(bytes, limits()).and_then(|png| png.is_apng()).map_err(broken)?,
        PictureType::Webp => WebPDecoder::new(bytes).map_err(broken)?.has_animation(),
        PictureType::Gif => {
            let mut gif = GifDecoder::new(bytes).map_err(broken)?;
            gif.set_limits(limits()).map_err(broken)?;
            // Many end without the mark that says so: what cannot be read is no frame.
            gif.into_frames().take(2).flatten().count() > 1
        }
    };
    Ok(if moves { Frames::Several } else { Frames::Single })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn broken(error: ImageError) -> PictureFault {
    PictureFault::Broken(error.to_string())
}
