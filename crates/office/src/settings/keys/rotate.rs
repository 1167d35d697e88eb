use application::access::Attempted;
use application::keys::RotateKey;
use domain::keys::{ApiKey, NewSecret, Overlap};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked, secret};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Rotate API key");

const OVERLAPS: [(&str, &str); 5] = [
    ("24h", "For a day"),
    ("0h", "Not at all: it ends at once"),
    ("1h", "For an hour"),
    ("168h", "For a week"),
    ("720h", "For 30 days"),
];

/// Asks whether a key gets another secret.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let key = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &key, &Form::default())))
}

/// Gives a key another secret, and shows it.
pub(crate) async fn rotate(staff: &Staff) -> Answer {
    let key = asked(staff).await?;
    let mut form = staff.form();
    let Some(overlap) = form.optional("overlap", Overlap::parse) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &key, &form)));
    };
    let NewSecret { secret: another, claim } = staff.office.key_secrets.another(&key.prefix);
    let rotate = RotateKey { id: key.id, hash: claim.hash, overlap: overlap.unwrap_or_default() };
    match secret::give(staff, Attempted::new::<RotateKey, ApiKey>(key.id.0), rotate, another).await {
        Ok(given) => Ok(secret::show(staff, key.name.as_str(), given.as_deref())),
        Err(error) => after(staff, Err(error), LIST_PAGE, form, PAGE, |form| contents(staff, &key, form)),
    }
}

fn contents(staff: &Staff, key: &ApiKey, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Give the key {} another secret", key.name),
        action: format!("{LIST_PAGE}/{}/rotate", key.id),
        back: LIST_PAGE.to_owned(),
        button: "Rotate",
        is_final: false,
    };
    dialog(staff, form, &place, &html! { (Field::choice(form, "overlap", "The secret of now still opens", &OVERLAPS)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_overlap_to_choose_from_is_one_and_the_first_is_the_usual_r258() {
        assert!(OVERLAPS.iter().all(|(overlap, _)| Overlap::parse(overlap).is_ok()));
        assert_eq!(Overlap::parse(OVERLAPS[0].0).unwrap(), Overlap::default());
    }
}
