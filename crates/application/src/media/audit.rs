use std::marker::PhantomData;

use domain::Uuid;
use domain::media::{Owner, Picture, Shown};

use crate::Field;
use crate::audit_trail::{Audited, field};

impl Audited for Picture {
    const RESOURCE: &'static str = "media";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        let size = format!("{} x {}", self.width, self.height);
        vec![field("type", self.kind.as_str()), field("bytes", &self.bytes), field("size", &size)]
    }
}

/// The pictures of something, for the audit log. The type says what it is.
pub(super) struct PicturesIn<'a, T>(Owner, &'a [Shown], PhantomData<fn(T)>);

impl<'a, T> PicturesIn<'a, T> {
    /// These.
    pub const fn new(owner: Owner, shown: &'a [Shown]) -> Self {
        Self(owner, shown, PhantomData)
    }
}

impl<T: Audited> Audited for PicturesIn<'_, T> {
    const RESOURCE: &'static str = T::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.id
    }

    fn fields(&self) -> Vec<Field> {
        let text = |shown: &Shown| match &shown.alt {
            Some(alt) => format!("{} ({alt})", shown.picture.id),
            None => shown.picture.id.to_string(),
        };
        vec![("media", Some(self.1.iter().map(text).collect::<Vec<_>>().join("; ")))]
    }
}
