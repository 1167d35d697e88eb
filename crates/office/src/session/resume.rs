//! A form that was sent when the session had ended. What was typed stays in the page to log in on, and is sent after the
//! login, when its author says so. Scripts do the same in a dialog, and keep passwords and files as well.

use maud::{Markup, html};

use super::login::is_page;
use crate::form::Form;
use crate::layout::bare;
use crate::parts::address;
use crate::request::Ask;

/// What the names of kept fields begin with in the page to log in on.
const KEPT: &str = "kept-";

/// The field that says that a form was sent, which may have no fields of its own.
const IS_KEPT: &str = "kept";

/// The form of the login, with the fields that were sent and where they were sent to. Of a form with a file, only the
/// address of its page is kept.
pub(super) fn kept(ask: &Ask) -> Form {
    let path = ask.path.strip_prefix(crate::ROOT).unwrap_or_default();
    let query = ask.queries().iter().map(|(name, value)| (name.as_str(), value.as_str()));
    if ask.page.sends.has_file() {
        return Form::showing([("to", page_of(path, ask.page.is_shown))]);
    }
    let to = address(path, query);
    if !is_page(&to) {
        return Form::default();
    }
    let sent = ask.form();
    let fields = sent.all_values().filter(|(name, _)| !is_secret(name));
    let fields = fields.map(|(name, value)| (format!("{KEPT}{name}"), value.to_owned()));
    let own = [("to".to_owned(), to), (IS_KEPT.to_owned(), "true".to_owned())];
    Form::new(own.into_iter().chain(fields).collect())
}

/// The page of a form that is sent to `path`: it has the same address, if that can be opened, or the one above.
fn page_of(path: &str, is_shown: bool) -> &str {
    if is_shown { path } else { path.rsplit_once('/').map_or("", |(above, _)| above) }
}

/// Whether a field is never sent back.
fn is_secret(name: &str) -> bool {
    name.contains("password") || name.contains("secret")
}

/// The message above the login form.
pub(super) fn message(ask: &Ask) -> &'static str {
    if ask.page.sends.has_file() {
        return "Your session has ended, and nothing was changed. Log in, then choose the file again: files are not kept.";
    }
    if ask.form().all_values().any(|(name, _)| is_secret(name)) {
        return "Your session has ended, and nothing was changed. Log in, then type the passwords again: they are not \
                kept. Everything else is.";
    }
    "Your session has ended, and nothing was changed. What you typed is kept: log in, then send it."
}

/// The fields of a login form that keep the sent form.
pub(super) fn fields(form: &Form) -> impl Iterator<Item = (&str, &str)> {
    form.all_values().filter(|(name, _)| *name == IS_KEPT || name.starts_with(KEPT))
}

/// After the login, asks whether what was typed is sent; `None` if nothing was. It is not sent by itself, since somebody
/// else may have logged in.
pub(super) fn question(ask: &Ask, to: &str, form: &Form) -> Option<Markup> {
    form.text(IS_KEPT).filter(|_| !to.is_empty())?;
    let sent = fields(form).filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?, value)));
    let body = html! {
        section.card.login {
            h1 { "You are logged in" }
            p { "What you typed before is kept, and not sent yet." }
            form method="post" action=(ask.to(to)) hx-boost="false" {
                @for (name, value) in sent { input type="hidden" name=(name) value=(value); }
                div.actions {
                    a.button href=(ask.to("")) { "Do not send it" }
                    button.main autofocus { "Send it" }
                }
            }
        }
    };
    Some(bare(&ask.path, "Send what you typed", &body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_kept_for_after_the_login_r236() {
        for secret in ["password", "new_password", "current_password", "client_secret"] {
            assert!(is_secret(secret), "{secret}");
        }
        assert!(!is_secret("name") && !is_secret("key"));
    }

    #[test]
    fn the_page_of_a_form_with_a_file_is_shown_after_the_login_r236() {
        let page_of = |route: &str, path| {
            let pages = crate::pages();
            page_of(path, pages.iter().find(|page| page.path == route).unwrap().is_shown)
        };
        assert_eq!(page_of("/office/imports/new", "imports/new"), "imports/new");
        assert_eq!(page_of("/office/products/{id}/media/upload", "products/1/media/upload"), "products/1/media");
    }

    #[test]
    fn only_what_was_kept_is_sent_after_the_login_r236() {
        let form = Form::showing([
            ("username", "ann"),
            ("kept-name", "Mug"),
            ("kept-key", "k"),
            ("kept", "true"),
            ("to", "products/new"),
        ]);
        assert_eq!(fields(&form).collect::<Vec<_>>(), [("kept-name", "Mug"), ("kept-key", "k"), ("kept", "true")]);
    }
}
