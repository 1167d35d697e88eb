//! What forms do: a command runs once, and leads to the page after it, or shows the form again with what is wrong.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use application::access::{Attempted, note_refusal};
use application::{Claim, Command, Error, Response, Storable, StoredResponse};
use domain::Version;
use maud::Markup;

use crate::form::{Form, HeldAs, is_shown};
use crate::layout::page_with;
use crate::page::Answer;
use crate::parts::note_call;
use crate::request::Staff;

/// 303 to a page of the office. After an action, that page also shows the request of the API that does the same.
pub(crate) fn redirect(staff: &Staff, page: &str) -> HttpResponse {
    note_call(staff);
    HttpResponse::SeeOther().insert_header((LOCATION, staff.to(page))).finish()
}

/// The output of a form that has acted. Nothing of it is stored: the browser loads the next page anew.
pub(crate) struct Done;

impl Storable for Done {
    fn to_stored(&self) -> StoredResponse {
        StoredResponse { content: Vec::new(), personal_to: None }
    }
}

/// Runs the command of a form, once for the form's key.
///
/// # Errors
/// What refuses it, or a failure.
pub(crate) async fn once<C>(staff: &Staff, command: C) -> Result<(), Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    once_for(staff, staff.claim(), command).await
}

/// [`once`] for one of several commands of a form, each with a claim of its own.
///
/// # Errors
/// As [`once`].
pub(crate) async fn once_for<C>(staff: &Staff, claim: Option<Claim>, command: C) -> Result<(), Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    match staff.runner().run_once(claim, command, |_| Done).await? {
        Response::First(Done) | Response::Replayed(_) => Ok(()),
    }
}

/// What a form has made, for the page after it. Only its id is kept.
struct Made(String);

impl Storable for Made {
    fn to_stored(&self) -> StoredResponse {
        StoredResponse { content: self.0.clone().into_bytes(), personal_to: None }
    }
}

/// [`once`] for a command that makes something. Returns its id, also to a form that is sent again.
///
/// # Errors
/// As [`once`].
pub(crate) async fn made<C>(
    staff: &Staff,
    command: C,
    id: impl Fn(&C::Output) -> String + Send + Sync + 'static,
) -> Result<String, Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    made_now(staff, command, id).await.map(|(id, _)| id)
}

/// [`made`], with whether it is made now, and not by the form when it was sent before.
///
/// # Errors
/// As [`once`].
pub(crate) async fn made_now<C>(
    staff: &Staff,
    command: C,
    id: impl Fn(&C::Output) -> String + Send + Sync + 'static,
) -> Result<(String, bool), Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    match staff.runner().run_once(staff.claim(), command, move |made| Made(id(made))).await? {
        Response::First(Made(id)) => Ok((id, true)),
        Response::Replayed(stored) => Ok((String::from_utf8_lossy(&stored.content).into_owned(), false)),
    }
}

/// [`once`] for a command that gives, takes or changes rights. Who attempts to give more than they have is recorded.
///
/// # Errors
/// As [`once`].
pub(crate) async fn granting<C>(staff: &Staff, attempted: Attempted, command: C) -> Result<(), Error>
where
    C: Command + 'static,
    C::Output: 'static,
{
    let runner = staff.runner();
    let ran = runner.run_once(staff.claim(), command, |_| Done).await;
    note_refusal(&runner, attempted, ran).await.map(drop)
}

/// The form again, because the resource has changed since the form was filled. `now` is the current version with its
/// values.
pub(crate) fn outdated(
    staff: &Staff,
    mut form: Form,
    now: (Version, &[HeldAs<'_>]),
    (section, title): (&str, &str),
    again: impl FnOnce(&Form) -> Markup,
) -> HttpResponse {
    form.compare(now.0, now.1);
    page_with(StatusCode::PRECONDITION_FAILED, staff, section, title, &again(&form))
}

/// The page after a form that has acted, or the form again with the reason why it has not. `again` makes the contents of
/// the page with the form.
pub(crate) fn after(
    staff: &Staff,
    acted: Result<(), Error>,
    then: &str,
    form: Form,
    (section, title): (&str, &str),
    again: impl FnOnce(&Form) -> Markup,
) -> Answer {
    match form_again(staff, acted, then, form)? {
        Again::Form(status, form) => Ok(page_with(status, staff, section, title, &again(&form))),
        Again::No(redirect) => Ok(redirect),
    }
}

/// What follows a form that was sent.
enum Again {
    /// The page after it.
    No(HttpResponse),
    /// The form again, with this status.
    Form(StatusCode, Form),
}

/// The part of [`after`] that all pages share, so that it is compiled once.
fn form_again(staff: &Staff, acted: Result<(), Error>, then: &str, form: Form) -> Result<Again, Error> {
    match acted {
        Ok(()) => Ok(Again::No(redirect(staff, then))),
        Err(error) => refused(staff, error, form).map(|(status, form)| Again::Form(status, form)),
    }
}

/// The form with the reason why it has not acted, and the status of the response.
///
/// # Errors
/// A failure, or a refusal that is not to be shown beside a form.
pub(crate) fn refused(staff: &Staff, error: Error, form: Form) -> Result<(StatusCode, Form), Error> {
    match error {
        Error::KeyReused => Ok((StatusCode::CONFLICT, form.anew())),
        error if is_shown(&error) => {
            let refusal = staff.explain(error);
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok((status, form.refused(refusal)))
        }
        error => Err(error),
    }
}

/// The form again, with status 422, because a field is refused.
pub(crate) fn mistyped(staff: &Staff, (section, title): (&str, &str), body: &Markup) -> HttpResponse {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, staff, section, title, body)
}
