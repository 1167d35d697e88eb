use actix_http::HttpMessage as _;
use actix_web::http::header::CONTENT_ENCODING;
use application::{Error, FieldError};
use domain::{Code, Invalid};

use super::file_upload::whole_body;
use super::form_with_table::FILE;
use super::{Extract, FileUpload, FormWithTable, FromQuery, Query, UnreadQuery, bad_query, read_both};
use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::{Kind, Problem};

/// What a form with a file is sent as.
pub(crate) const FORM: &str = "multipart/form-data";

/// What a file may be sent as, alone or in a form.
const MEDIA_TYPES: [&str; 3] = ["application/octet-stream", FORM, "text/csv"];

/// A file, with what is said of it: in the query string, or in fields of its form. Only so many are received at once.
pub(crate) struct FileWith<T> {
    pub(crate) upload: FileUpload,
    pub(crate) said: T,
}

impl<T: FromQuery> Extract for FileWith<T> {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        if context.http.headers().contains_key(CONTENT_ENCODING) {
            return Err(Problem::new(Kind::UNSUPPORTED, "Send the file as it is, and not compressed."));
        }
        let query = context.http.uri().query().unwrap_or_default().to_owned();
        // What is wrong with it is said before the file is received.
        let said: T = UnreadQuery::read(&query, &context.state)?;
        if !matches!(context.http.mime_type(), Ok(Some(mime)) if mime.essence_str() == FORM) {
            let _place = context.state.files.place()?;
            return Ok(Self { upload: whole_body(context).await?, said });
        }
        let FormWithTable { fields, file } = FormWithTable::extract(context).await?;
        let required =
            || Error::field(FILE, Invalid::new(Code::Required, "is required: the part of the form with the file"));
        let upload = file.ok_or_else(required)?;
        if fields.is_empty() {
            return Ok(Self { upload, said });
        }
        let in_form: Vec<_> = fields.iter().map(|(name, _)| name.clone()).collect();
        let is_of_form = |fault: &FieldError| in_form.contains(&fault.field);
        match read_both(&query, fields, &context.state)? {
            Ok(said) => Ok(Self { upload, said }),
            Err(faults) if faults.iter().any(is_of_form) => Err(Error::Invalid(faults).into()),
            Err(faults) => Err(bad_query(faults)),
        }
    }

    fn describe(signature: &mut Signature) {
        Query::<T>::describe(signature);
        signature.raw_body = &MEDIA_TYPES;
        signature.problems.extend(Kind::OF_UPLOADS);
    }
}
