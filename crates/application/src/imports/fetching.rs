use std::sync::Arc;

use domain::Uuid;
use domain::media::{MediaId, NotFetched, PictureSource};

use crate::media::Pictures;
use crate::{Error, Runner};

/// Has the pictures that rows name.
#[derive(Clone)]
pub struct Fetching {
    /// Takes them as uploads.
    pub pictures: Pictures,
    /// Downloads pictures from other hosts.
    pub source: Arc<dyn PictureSource>,
    /// What addresses of the shop's own pictures begin with, as an export writes them.
    pub own: Vec<String>,
}

impl Fetching {
    /// What addresses of the shop's own pictures begin with in files.
    pub fn base(&self) -> &str {
        self.own.first().map_or("", String::as_str)
    }

    /// The picture at an address, or why it cannot be had. The same bytes are one picture, however often they are fetched. Nothing
    /// of it happens within a transaction.
    ///
    /// # Errors
    /// If the store or the database does not answer, or too many pictures wait to be encoded: another try may have it.
    pub async fn picture(&self, runner: &Runner, address: &str) -> Result<Result<MediaId, String>, Error> {
        if let Some(id) = self.own(address) {
            let known = self.pictures.queries().get(id).await?;
            return Ok(known
                .map(|picture| picture.id)
                .ok_or_else(|| "it is no picture of this shop any more".to_owned()));
        }
        let bytes = match self.source.fetch(address).await {
            Ok(bytes) => bytes,
            Err(NotFetched(why)) => return Ok(Err(why)),
        };
        match self.pictures.upload(runner, bytes).await {
            Ok(uploaded) => Ok(Ok(uploaded.picture.id)),
            Err(Error::Picture(fault)) => Ok(Err(format!("it {fault}"))),
            Err(Error::NoMediaStore) => Ok(Err("the shop has no place for pictures: `media.store`".to_owned())),
            Err(error) => Err(error),
        }
    }

    /// The picture of the shop that an address is of, whatever its size.
    fn own(&self, address: &str) -> Option<MediaId> {
        let rest = self.own.iter().find_map(|base| address.strip_prefix(base.as_str())?.strip_prefix("/media/"))?;
        Uuid::try_parse(rest.split('/').next()?).ok().map(MediaId)
    }
}

#[cfg(test)]
mod tests {
    use domain::media::{MockMediaQueries, MockMediaStore, MockPictureEncoder, MockPictureSource, PictureFault};

    use super::*;
    use crate::media::testing::{picture, pictures};
    use crate::testing::Prepared;

    fn fetching(source: MockPictureSource, encoder: MockPictureEncoder, queries: MockMediaQueries) -> Fetching {
        let own = vec!["https://shop.example".to_owned(), String::new()];
        Fetching { pictures: pictures(Some(MockMediaStore::new()), encoder, queries), source: Arc::new(source), own }
    }

    #[tokio::test]
    async fn a_picture_of_the_shop_itself_is_not_fetched_r233() {
        let mut queries = MockMediaQueries::new();
        let known = picture(7);
        queries.expect_get().times(3).returning(move |id| Ok((id == known.id).then(|| known.clone())));
        let fetching = fetching(MockPictureSource::new(), MockPictureEncoder::new(), queries);
        let (runner, _) = Prepared::runner([]);
        let id = picture(7).id;
        for base in ["https://shop.example", ""] {
            let had = fetching.picture(&runner, &format!("{base}/media/{id}/640.jpg")).await.unwrap();
            assert_eq!(had, Ok(id));
        }
        let gone = fetching.picture(&runner, &format!("/media/{}/640.jpg", picture(8).id)).await.unwrap();
        assert!(gone.unwrap_err().contains("any more"));
    }

    #[tokio::test]
    async fn a_failed_download_says_why_and_equal_bytes_make_one_picture_r231() {
        let mut source = MockPictureSource::new();
        source
            .expect_fetch()
            .withf(|address| address.ends_with("gone"))
            .returning(|_| Err(NotFetched("it is answered with 404".into())));
        source.expect_fetch().returning(|_| Ok(vec![1, 2, 3]));
        let mut encoder = MockPictureEncoder::new();
        encoder.expect_hash().returning(|_| [1; 32]);
        encoder.expect_encode().once().returning(|_| Err(PictureFault::UnknownType.into()));
        let mut queries = MockMediaQueries::new();
        let mut found = [None, Some(picture(7))].into_iter();
        queries.expect_with_hash().returning(move |_| Ok(found.next().unwrap()));
        let fetching = fetching(source, encoder, queries);
        let (runner, _) = Prepared::runner([]);
        let had = async |address: &str| fetching.picture(&runner, address).await.unwrap();
        assert_eq!(had("https://a.example/gone").await, Err("it is answered with 404".to_owned()));
        assert_eq!(had("https://a.example/page").await, Err(format!("it {}", PictureFault::UnknownType)));
        assert_eq!(had("https://a.example/mug").await, Ok(picture(7).id), "it is there already");
    }
}
