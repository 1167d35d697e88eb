use application::imports::CreateImport;
use domain::imports::{ImportId, ImportOptions};
use domain::{Code, Invalid, Uuid};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, options};
use crate::act::{after, made_now, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Import a file");

/// Asks for a file.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Takes a file. Its rows are checked, and nothing is written before somebody starts it.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    // So that a refusal of the file stands beside its field.
    form.put("file", String::new());
    let typed = options::typed(&mut form);
    let Some(table) = staff.take_table() else {
        form.refuse::<()>("file", Invalid::new(Code::Required, "must be chosen"));
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let Some(change) = typed else { return Ok(mistyped(staff, PAGE, &contents(staff, &form))) };
    let made = match staff.office.host.open_table(table).await {
        Ok(arrival) => {
            let create = CreateImport { options: ImportOptions::default().changed(change), columns: arrival.columns };
            made_now(staff, create, |import| import.id.to_string()).await.map(|made| (made, arrival.receive))
        }
        Err(error) => Err(error),
    };
    let (then, made) = match made {
        Ok(((id, is_now), receive)) => {
            let then = format!("{LIST_PAGE}/{id}?done=uploaded");
            if let (true, Ok(id)) = (is_now, Uuid::try_parse(&id)) {
                receive(ImportId(id));
            }
            (then, Ok(()))
        }
        Err(error) => (String::new(), Err(error)),
    };
    after(staff, made, &then, form, PAGE, |form| contents(staff, form))
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let fault = form.fault("file");
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Imports" } }
        h1 { "Import a file" }
        (problems(form))
        form.card.in.form method="post" enctype="multipart/form-data" hx-boost="false" data-drops="choose"
            action=(staff.to("imports/new")) {
            (key(staff, form))
            div.field {
                label for="field-file" { "File" span.faint { " (required)" } }
                input #field-file type="file" name="file" accept=".csv,text/csv" required aria-describedby="about-file"
                    data-most=(staff.office.about.most_import_bytes) autofocus[fault.is_some()] aria-invalid=[fault.map(|_| "true")];
                @match fault {
                    Some(fault) => p.fault #about-file { "The file " (fault) "." },
                    None => p.hint #about-file {
                        "CSV with a header, as spreadsheets, Shopify, WooCommerce and Storekeeper write it. It may be dropped anywhere on this page."
                    },
                }
            }
            (options::fields(form))
            p.faint { "All this can be changed later. Nothing is written before you start the import." }
            div.actions { a.button href=(staff.to(LIST_PAGE)) { "Not now" } button.main { "Upload" } }
        }
    }
}
