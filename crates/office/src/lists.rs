//! Pages of lists.

use application::Error;
use domain::{Limit, PageRequest, StoreError};

/// The first so many items of a list, at most [`Limit::MAX`].
pub(crate) fn first(items: i64) -> PageRequest {
    PageRequest { limit: Limit::parse(items).unwrap_or(Limit::DEFAULT), after: None }
}

/// All items of a list, which `read` reads page by page.
///
/// # Errors
/// If the database does not answer.
pub(crate) async fn all<T>(
    read: impl AsyncFn(&PageRequest) -> Result<domain::Page<T>, StoreError>,
) -> Result<Vec<T>, Error> {
    let (mut all, mut page) = (Vec::new(), first(Limit::MAX));
    loop {
        let found = read(&page).await?;
        all.extend(found.items);
        let Some(after) = found.next else { return Ok(all) };
        page.after = Some(after);
    }
}
