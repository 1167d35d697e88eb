//! The texts of pages of products and product groups.

use domain::Uuid;
use domain::pages::{PageTexts, PageTextsChange};

use crate::{Error, Tx};

/// The own texts of a product or a product group before and after a change. For a change of nothing, nothing is read.
pub(crate) async fn changed_page(
    tx: &mut dyn Tx,
    id: Uuid,
    change: &PageTextsChange,
) -> Result<(PageTexts, PageTexts), Error> {
    if *change == PageTextsChange::default() {
        return Ok((PageTexts::default(), PageTexts::default()));
    }
    let had = tx.pages().of(id).await?;
    let has = had.changed(change);
    Ok((had, has))
}
