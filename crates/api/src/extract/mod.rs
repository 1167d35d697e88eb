//! Arguments of handlers. A request whose arguments cannot be parsed is refused before the handler runs.

mod body;
mod cache_key;
mod client_address;
mod fields;
mod file_upload;
mod file_with;
mod form_with_files;
mod form_with_table;
mod idempotent_body;
mod identity;
mod if_match;
mod if_none_match;
mod json;
mod last_event_id;
mod path;
mod picture_upload;
mod query;
pub(crate) mod read;
mod request_id;

use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::Problem;

pub(crate) use body::{Body, LongForm, RawBody};
pub(crate) use cache_key::CacheKey;
pub(crate) use client_address::ClientAddress;
pub(crate) use domain::parse_day as day_parameter;
pub(crate) use fields::{Fields, FromFields, Nothing, Report};
pub(crate) use file_upload::FileUpload;
pub(crate) use file_with::{FORM, FileWith};
pub(crate) use form_with_files::FormWithFiles;
pub(crate) use form_with_table::FormWithTable;
pub(crate) use idempotent_body::IdempotentBody;
pub(crate) use identity::{Caller, CatalogReader, Follower, Holder, OpenRegistration, Permit, Shopper, Staff};
pub(crate) use if_match::IfMatch;
pub(crate) use if_none_match::IfNoneMatch;
pub(crate) use json::Strict;
pub(crate) use last_event_id::LastEventId;
pub(crate) use path::{
    AttributeSegment, CodeKey, CollectionSegment, FileName, IdOrSlug, Nested, Path, ProviderSegment, ReferenceSegment,
    Segment, Sequence, SlugSegment, bad_segment,
};
pub(crate) use picture_upload::PictureUpload;
pub(crate) use query::{
    FromQuery, Params, Query, UnreadQuery, bad_query, boolean, id as id_parameter, number as number_parameter,
    read_both, read_kept, time as time_parameter,
};
pub(crate) use request_id::RequestId;

/// An argument of a handler.
pub(crate) trait Extract: Sized {
    /// Takes the argument from a request.
    ///
    /// # Errors
    /// The problem with which the request is refused.
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem>;

    /// Adds parameters, body, callers and problems of the argument to the signature of the endpoint.
    fn describe(_: &mut Signature) {}
}
