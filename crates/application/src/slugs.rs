//! The slugs of products, product groups and collections.

use domain::products::Product;
use domain::slugs::{Slug, SlugOwner};

use crate::{Error, Tx};

/// Gives something new the given slug, or else the wanted one, or another like it.
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

/// The changed product with its slug written: a new one leads to it, and so does the one before. What had none gets one.
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
