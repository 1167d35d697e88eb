use application::Error;
use application::imports::ReviseImport;

use super::show::{Around, TITLE, contents};
use super::{LIST_PAGE, SECTION, options};
use crate::act::{after, mistyped, once, outdated};
use crate::form::HeldAs;
use crate::page::Answer;
use crate::request::Staff;

/// Reads the file of an import in another way. All rows are checked again.
pub(crate) async fn revise(staff: &Staff) -> Answer {
    let around = Around::of(staff).await?;
    let mut form = staff.form();
    let change = options::typed(&mut form);
    let mapping = around.columns.are_mapped.then(|| around.columns.typed(&mut form));
    let (Some(mut change), true) = (change, mapping != Some(None)) else {
        return Ok(mistyped(staff, (SECTION, TITLE), &contents(staff, &around, &form)));
    };
    change.mapping = mapping.flatten();
    let id = around.import.id;
    let revised = once(staff, ReviseImport { id, change, expected: form.expected() }).await;
    if matches!(revised, Err(Error::Stale(_))) {
        let now = Around::of(staff).await?;
        let held = now.held();
        let held = (now.import.version, held.as_slice());
        return Ok(outdated(staff, form, held, (SECTION, TITLE), |form| contents(staff, &now, form)));
    }
    let then = format!("{LIST_PAGE}/{id}?done=rechecked");
    after(staff, revised, &then, form, (SECTION, TITLE), |form| contents(staff, &around, form))
}

impl Around {
    /// What the fields hold.
    pub(super) fn held(&self) -> Vec<HeldAs<'_>> {
        options::held(&self.import.options).into_iter().chain(self.columns.held()).collect()
    }
}
