//! Media: uploading pictures, giving them to products and other things, deleting them, and removing files that no picture has.

mod add;
mod audit;
mod delete;
mod examine;
mod pictures;
mod place;
mod probe;
mod sweep;
mod upload;

#[cfg(test)]
pub(crate) mod testing;

pub use add::AddPicture;
pub use delete::DeletePicture;
pub use examine::MediaFinding;
pub use pictures::{MediaUse, Pictures, PicturesParts, key};
pub(crate) use place::place_new;
pub use place::{PicturesOf, PlacePictures};
pub use probe::probe;
pub use sweep::ForgetRemoved;
pub use upload::Uploaded;
