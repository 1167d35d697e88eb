use domain::media::{Encoded, Encoding, NotEncoded, Size};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageError};

use super::decode::Decoded;

/// The quality of JPEG, of 100.
const QUALITY: u8 = 82;

/// Encodes all sizes of a picture, each made of the next larger one.
pub(super) fn encode(decoded: Decoded) -> Result<Encoded, NotEncoded> {
    let Decoded { kind, image } = decoded;
    let (encoding, mut image) = opaque_or_not(image);
    let (width, height) = (image.width(), image.height());
    let mut sizes = Vec::new();
    for size in Size::of(width, height).into_iter().rev() {
        if (image.width(), image.height()) != (size.width, size.height) {
            image = resized(&image, size)?;
        }
        sizes.push((size, written(&image, encoding).map_err(|error| NotEncoded::Failed(error.into()))?));
    }
    sizes.reverse();
    Ok(Encoded { kind, encoding, width, height, sizes })
}

/// The picture with 8 bits for each colour, and how it is encoded: JPEG has no transparency.
fn opaque_or_not(image: DynamicImage) -> (Encoding, DynamicImage) {
    if !image.color().has_alpha() {
        return (Encoding::Jpeg, image.into_rgb8().into());
    }
    let image = image.into_rgba8();
    if image.pixels().all(|pixel| pixel.0.last() == Some(&u8::MAX)) {
        return (Encoding::Jpeg, DynamicImage::from(image).into_rgb8().into());
    }
    (Encoding::Webp, image.into())
}

fn resized(image: &DynamicImage, size: Size) -> Result<DynamicImage, NotEncoded> {
    let mut smaller = DynamicImage::new(size.width, size.height, image.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    let done = Resizer::new().resize(image, &mut smaller, Some(&options));
    done.map_err(|error| NotEncoded::Failed(error.into()))?;
    Ok(smaller)
}

fn written(image: &DynamicImage, encoding: Encoding) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    match encoding {
        Encoding::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?,
        Encoding::Webp => image.write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?,
    }
    Ok(bytes)
}
