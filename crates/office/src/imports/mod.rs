//! Imports: files of products.

mod columns;
pub(crate) mod files;
pub(crate) mod list;
pub(crate) mod new;
mod options;
pub(crate) mod revise;
pub(crate) mod show;
pub(crate) mod steps;

use application::Error;
use domain::imports::{Import, ImportId};

use crate::request::Staff;

const SECTION: &str = "Products";
const LIST_PAGE: &str = "imports";

/// The import of the path.
async fn asked(staff: &Staff) -> Result<Import, Error> {
    let id = staff.id::<ImportId>("import")?;
    staff.office.queries.imports.get(id).await?.ok_or(Error::NotFound("import"))
}

/// So many of something, such as `1 row`.
fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
