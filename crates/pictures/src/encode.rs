use std::error::Error;

use domain::media::{Encoded, Encoding, NotEncoded, Size};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageError, RgbImage, RgbaImage};

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
        sizes.push((size, written(&image, encoding).map_err(failed)?));
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
    let smaller = match image {
        DynamicImage::ImageRgb8(image) => {
            let pixels = convolved::<U8x3>(image, image.dimensions(), size)?;
            RgbImage::from_raw(size.width, size.height, pixels).map(DynamicImage::from)
        }
        other => {
            let image = other.to_rgba8();
            let pixels = convolved::<U8x4>(&image, image.dimensions(), size)?;
            RgbaImage::from_raw(size.width, size.height, pixels).map(DynamicImage::from)
        }
    };
    smaller.ok_or_else(|| failed("a picture has too few pixels"))
}

/// The pixels of a smaller picture. `P` is named, because otherwise the resizer is compiled for all its types of pixels.
fn convolved<P: PixelTrait>(pixels: &[u8], (width, height): (u32, u32), to: Size) -> Result<Vec<u8>, NotEncoded> {
    let larger = TypedImageRef::<P>::from_buffer(width, height, pixels).map_err(failed)?;
    let mut bytes = vec![0; to.width as usize * to.height as usize * P::size()];
    let mut smaller = TypedImage::<P>::from_buffer(to.width, to.height, &mut bytes).map_err(failed)?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize_typed(&larger, &mut smaller, Some(&options)).map_err(failed)?;
    Ok(bytes)
}

fn failed(error: impl Into<Box<dyn Error + Send + Sync>>) -> NotEncoded {
    NotEncoded::Failed(error.into())
}

fn written(image: &DynamicImage, encoding: Encoding) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    match encoding {
        Encoding::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?,
        Encoding::Webp => image.write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?,
    }
    Ok(bytes)
}
