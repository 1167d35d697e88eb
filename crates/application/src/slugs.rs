//! The slugs of products, product groups and collections.

use domain::products::Product;
use domain::slugs::{Slug, SlugOwner};

use crate::{Error, Tx};

/// Gives a new resource its slug: `given`, or else `wanted` or the first free one like it.
pub(crate) async fn new_slug(
    tx: &mut dyn Tx,
    owner: SlugOwner,
    given: Option<&Slug>,
    wanted: impl FnOnce() -> Slug,
) -> Result<Slug, Error> {
    let Some(slug) = given else { return Ok(tx.slugs().make(owner, &wanted()).await?) };
    tx.slugs().give(owner, slug, None).await?;
    Ok(slug.clone())
}

/// Writes the slug of a changed product. The old slug still leads to it. A product without one gets one.
pub(crate) async fn with_slug(tx: &mut dyn Tx, before: &Product, product: Product) -> Result<Product, Error> {
    if product.slug.is_some() && product.slug == before.slug {
        return Ok(product);
    }
    let owner = product.id.into();
    let slug = match &product.slug {
        Some(slug) => {
            tx.slugs().give(owner, slug, before.slug.clone()).await?;
            slug.clone()
        }
        None => tx.slugs().make(owner, &product.made_slug()).await?,
    };
    Ok(Product { slug: Some(slug), ..product })
}
