//! Media: the pictures of what the shop sells.
//!
//! What was uploaded is never served. It is decoded and encoded anew in several [sizes](Picture::sizes), which are kept
//! in a [`MediaStore`]; the row of a picture is written once they are there.

mod fault;
mod filter;
mod gallery;
mod picture;
mod ports;
mod source;

pub use fault::{Frames, PictureFault};
pub use filter::MediaFilter;
pub use gallery::{Alt, Gallery, GalleryFault, Owner, OwnerKind, Placed, ProductPictures, Shown};
pub use picture::{ContentHash, Encoding, MIN_SIDE, MOST_BYTES, MOST_PIXELS, NewPicture, Picture, PictureType, Size};
pub use ports::*;
pub use source::*;

crate::id::id! {
    /// The id of a picture. Its time is that of the upload, and it is never used again.
    MediaId
}
