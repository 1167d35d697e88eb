use std::collections::HashMap;

use application::Queries;
use domain::imports::{RowPictures, WholeProduct};
use domain::media::{OwnerKind, Shown};
use domain::{StoreError, Uuid};
use serde_json::Value;

/// The pictures of some products, and of their groups.
#[derive(Default)]
pub(crate) struct ShownPictures {
    of_products: HashMap<Uuid, Vec<Shown>>,
    of_groups: HashMap<Uuid, Vec<Shown>>,
}

impl ShownPictures {
    pub async fn of<'p>(
        queries: &Queries,
        products: impl Iterator<Item = &'p WholeProduct> + Clone,
    ) -> Result<Self, StoreError> {
        let ids: Vec<_> = products.clone().map(|whole| whole.product.id.0).collect();
        let mut groups: Vec<_> = products.filter_map(|whole| Some(whole.member.as_ref()?.group_id.0)).collect();
        groups.sort_unstable();
        groups.dedup();
        let of_products = queries.media.galleries(OwnerKind::Product, &ids).await?;
        Ok(Self { of_products, of_groups: queries.media.galleries(OwnerKind::Group, &groups).await? })
    }

    /// The value of a column of pictures, whose URLs begin with `base`; null if there are none.
    pub fn value(&self, column: &str, whole: &WholeProduct, base: &str) -> Value {
        let group = || self.of_groups.get(&whole.member.as_ref()?.group_id.0);
        let shown = if column.starts_with("group.") { group() } else { self.of_products.get(&whole.product.id.0) };
        let shown = shown.map(Vec::as_slice).unwrap_or_default().iter();
        let [urls, alts] = RowPictures::written(shown.map(|one| (url(one, base), one.alt.as_ref())));
        let text = if column.ends_with("_alt") { alts } else { urls };
        if text.is_empty() { Value::Null } else { text.into() }
    }
}

/// Where the largest size of a picture is.
fn url(Shown { picture, .. }: &Shown, base: &str) -> String {
    let edge = picture.sizes().last().map_or(0, |size| size.edge);
    format!("{base}/media/{}/{edge}.{}", picture.id, picture.encoding.as_str())
}
