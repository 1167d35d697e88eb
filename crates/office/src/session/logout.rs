use actix_web::HttpResponse;
use actix_web::http::header::{LOCATION, SET_COOKIE};
use application::Error;
use application::sessions::EndSession;

use super::cookie;
use crate::page::Answer;
use crate::request::Staff;

/// Ends the session.
pub(crate) async fn log_out(staff: &Staff) -> Answer {
    let end = EndSession { id: staff.visit.session.id, account_id: staff.visit.access.account_id };
    match staff.runner().run(end).await {
        Ok(()) | Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, staff.to("login")));
    response.insert_header((SET_COOKIE, cookie::gone(staff.is_https)));
    Ok(response.finish())
}
