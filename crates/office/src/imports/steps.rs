//! What people do with an import that is checked or runs.

use application::imports::{CancelImport, StartImport};
use maud::{Markup, html};

use super::show::{Around, TITLE, contents};
use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

/// Starts an import.
pub(crate) async fn start(staff: &Staff) -> Answer {
    let form = staff.form();
    let id = staff.id("import")?;
    let skip_failed = form.text("skip_failed").is_some();
    let started = once(staff, StartImport { id, skip_failed, expected: form.expected() }).await;
    // What is shown of an import that is not started is how it is now.
    let around = Around::of(staff).await?;
    let again = |form: &Form| contents(staff, &around, &around.form().with_errors_of(form));
    after(staff, started, &format!("{LIST_PAGE}/{id}?done=started"), form, (SECTION, TITLE), again)
}

/// Asks whether an import is stopped.
pub(crate) async fn cancel_form(staff: &Staff) -> Answer {
    let import = asked(staff).await?;
    let body = question(staff, &import.id.to_string(), &Form::default());
    Ok(page(staff, SECTION, "Stop the import", &body))
}

/// Stops an import.
pub(crate) async fn cancel(staff: &Staff) -> Answer {
    let import = asked(staff).await?;
    let stopped = once(staff, CancelImport { id: import.id, expected: None }).await;
    let (then, form) = (format!("{LIST_PAGE}/{}?done=import-cancelled", import.id), staff.form());
    after(staff, stopped, &then, form, (SECTION, "Stop the import"), |form| {
        question(staff, &import.id.to_string(), form)
    })
}

fn question(staff: &Staff, id: &str, form: &Form) -> Markup {
    let place = Dialog {
        title: "Stop the import".to_owned(),
        action: format!("{LIST_PAGE}/{id}/cancel"),
        back: format!("{LIST_PAGE}/{id}"),
        button: "Stop it",
        is_final: true,
    };
    let fields = html! {
        p { "What is written already stays. A file of what it was before can put it back." }
        p { "A stopped import cannot go on: the file must be uploaded again." }
    };
    dialog(staff, form, &place, &fields)
}
