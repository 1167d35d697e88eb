//! Fixtures of the tests of pictures.

use std::sync::Arc;

use domain::media::{
    Encoded, Encoding, MediaId, MediaStore, MockMediaQueries, MockMediaStore, MockPictureEncoder, NewPicture, Picture,
    PictureType, Size,
};

use super::{Pictures, PicturesParts};
use crate::testing::{CountingIds, NOW, Still, id};

/// A picture with this number as its id.
pub fn picture(n: u128) -> Picture {
    let new = NewPicture {
        id: MediaId(id(n)),
        hash: [1; 32],
        kind: PictureType::Jpeg,
        encoding: Encoding::Jpeg,
        bytes: 4,
        width: 320,
        height: 200,
    };
    Picture::new(new, NOW)
}

/// An upload in two sizes.
pub fn encoded() -> Encoded {
    let sizes = Size::of(320, 200).into_iter().map(|size| (size, vec![1, 2, 3])).collect();
    Encoded { kind: PictureType::Jpeg, encoding: Encoding::Jpeg, width: 320, height: 200, sizes }
}

/// Pictures of these mocks.
pub fn pictures(store: Option<MockMediaStore>, encoder: MockPictureEncoder, queries: MockMediaQueries) -> Pictures {
    Pictures::new(PicturesParts {
        store: store.map(|store| Arc::new(store) as Arc<dyn MediaStore>),
        encoder: Arc::new(encoder),
        queries: Arc::new(queries),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(Still),
    })
}
