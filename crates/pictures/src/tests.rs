use std::io::Cursor;

use domain::media::{Encoding, PictureType};
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// A picture whose left half is red and whose right half is blue.
fn halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) };
    RgbImage::from_fn(width, height, colour).into()
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG whose EXIF data has this orientation, and a position in Berlin.
fn with_exif(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let jpeg = written(image, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 52.5200 N 13.4050 E");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let (start, rest) = jpeg.split_at(2);
    [start, &[0xff, 0xe1], &length, &exif, rest].concat()
}

async fn encode(bytes: Vec<u8>) -> Result<Encoded, PictureFault> {
    match Encoder::new(1).encode(bytes).await {
        Ok(encoded) => Ok(encoded),
        Err(NotEncoded::Refused(fault)) => Err(fault),
        Err(other) => panic!("{other:?}"),
    }
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

#[tokio::test]
async fn each_type_is_encoded_anew_in_its_sizes_r210_r212() {
    for (format, kind) in [
        (ImageFormat::Jpeg, PictureType::Jpeg),
        (ImageFormat::Png, PictureType::Png),
        (ImageFormat::WebP, PictureType::Webp),
        (ImageFormat::Gif, PictureType::Gif),
    ] {
        let encoded = encode(written(&halves(400, 200), format)).await.unwrap();
        assert_eq!((encoded.kind, encoded.encoding), (kind, Encoding::Jpeg));
        let sides: Vec<_> =
            encoded.sizes.iter().map(|(_, bytes)| decoded(bytes)).map(|it| (it.width(), it.height())).collect();
        assert_eq!(sides, [(160, 80), (320, 160), (400, 200)]);
        for (_, bytes) in &encoded.sizes {
            assert_eq!(image::guess_format(bytes).unwrap(), ImageFormat::Jpeg);
            let image = decoded(bytes).into_rgb8();
            let (left, right) = (image.get_pixel(5, 5), image.get_pixel(image.width() - 5, 5));
            assert!(left.0[0] > 150 && right.0[2] > 150, "{left:?} {right:?}");
        }
    }
}

#[tokio::test]
async fn transparency_is_kept_without_loss_and_only_where_there_is_some_r212() {
    let glass: DynamicImage = RgbaImage::from_pixel(200, 100, Rgba([10, 20, 30, 128])).into();
    let encoded = encode(written(&glass, ImageFormat::Png)).await.unwrap();
    assert_eq!(encoded.encoding, Encoding::Webp);
    let (_, largest) = encoded.sizes.last().unwrap();
    assert_eq!(decoded(largest).into_rgba8().get_pixel(9, 9), &Rgba([10, 20, 30, 128]));
    let solid: DynamicImage = RgbaImage::from_pixel(200, 100, Rgba([10, 20, 30, 255])).into();
    assert_eq!(encode(written(&solid, ImageFormat::Png)).await.unwrap().encoding, Encoding::Jpeg);
}

#[tokio::test]
async fn pictures_are_turned_as_exif_says_and_lose_all_metadata_r212() {
    for orientation in 1..=8 {
        let bytes = with_exif(&halves(200, 100), orientation);
        let encoded = encode(bytes).await.unwrap();
        let turned = orientation > 4;
        assert_eq!((encoded.width, encoded.height), if turned { (100, 200) } else { (200, 100) }, "{orientation}");
        let (_, largest) = encoded.sizes.last().unwrap();
        let image = decoded(largest).into_rgb8();
        let is_red = |x: u32, y: u32| image.get_pixel(x, y).0[0] > 150;
        // Where the left half of what was taken is seen.
        let red_first = match orientation {
            1 | 4 => is_red(5, 5) && !is_red(190, 90),
            2 | 3 => !is_red(5, 5) && is_red(190, 90),
            5 | 6 => is_red(5, 5) && !is_red(90, 190),
            _ => !is_red(5, 5) && is_red(90, 190),
        };
        assert!(red_first, "{orientation}");
        for (_, bytes) in &encoded.sizes {
            assert!(!bytes.windows(4).any(|four| four == b"Exif" || four == b"GPS "));
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_by_its_bytes_r210() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    for other in [svg, b"<html><body>hi</body></html>".to_vec(), b"BM\0\0\0\0".to_vec(), Vec::new(), vec![0; 1000]] {
        assert_eq!(encode(other).await.unwrap_err(), PictureFault::UnknownType);
    }
}

/// A PNG whose header says that it has these sides, and that has next to no data.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(&halves(16, 16), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = flate_crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// The CRC-32 of a chunk of PNG (ISO 3309).
fn flate_crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[tokio::test]
async fn a_header_that_announces_too_much_or_too_little_is_enough_to_be_refused_r210() {
    let bomb = encode(png_of(60_000, 60_000)).await.unwrap_err();
    assert_eq!(bomb, PictureFault::TooManyPixels { width: 60_000, height: 60_000 });
    let line = encode(png_of(1, 100_000)).await.unwrap_err();
    assert_eq!(line, PictureFault::TooSmall { width: 1, height: 100_000 });
    assert!(matches!(encode(written(&halves(15, 40), ImageFormat::Png)).await, Err(PictureFault::TooSmall { .. })));
}

#[tokio::test]
async fn broken_pictures_are_refused_r210() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = written(&halves(200, 100), format);
        let half = whole[..whole.len() / 2].to_vec();
        assert!(matches!(encode(half).await, Err(PictureFault::Broken(_))), "{format:?}");
    }
    let jpeg = written(&halves(200, 100), ImageFormat::Jpeg);
    let headless = jpeg[..60].to_vec();
    assert!(matches!(encode(headless).await, Err(PictureFault::Broken(_))));
    // The first segment says that it is longer than the file, or shorter than its own length.
    for length in [[0xff, 0xff], [0, 1]] {
        let mut wrong = jpeg.clone();
        wrong[4..6].copy_from_slice(&length);
        assert!(matches!(encode(wrong).await, Err(PictureFault::Broken(_))), "{length:?}");
    }
}

#[tokio::test]
async fn animations_are_refused_r210() {
    let mut gif = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut gif);
        for _ in 0..500 {
            encoder.encode_frame(Frame::new(halves(40, 40).into_rgba8())).unwrap();
        }
    }
    assert_eq!(encode(gif).await.unwrap_err(), PictureFault::Animated);
    let mut still = written(&halves(40, 40), ImageFormat::Gif);
    assert!(encode(still.clone()).await.is_ok());
    still.pop();
    assert!(encode(still).await.is_ok(), "many programs leave out the mark of the end");
}

#[tokio::test]
async fn no_mutilated_picture_does_harm_r210() {
    use proptest::prelude::*;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 200, ..ProptestConfig::default() });
    let whole: Vec<_> = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif]
        .map(|format| written(&halves(64, 32), format))
        .into();
    let strategy = (0..whole.len(), proptest::collection::vec((any::<u16>(), any::<u8>()), 1..8));
    runner
        .run(&strategy, |(which, changes)| {
            let mut bytes = whole[which].clone();
            for (place, byte) in changes {
                let place = usize::from(place) % bytes.len();
                bytes[place] = byte;
            }
            // Whether it is taken or refused, it ends.
            let _ = decode::decode(&bytes).map(encode::encode);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn more_than_eight_that_wait_are_refused_r210() {
    let encoder = Encoder::new(1);
    let picture = written(&halves(64, 64), ImageFormat::Png);
    let all = (0..10).map(|_| encoder.encode(picture.clone()));
    let results = futures_util::future::join_all(all).await;
    let busy = results.iter().filter(|result| matches!(result, Err(NotEncoded::Busy))).count();
    assert_eq!(busy, 1);
}
