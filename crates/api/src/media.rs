//! The media types of bodies.

use actix_web::http::header::{HeaderName, HeaderValue};

/// The media type of requests and of successful responses.
pub(crate) const JSON: &str = "application/json";
/// The other media type of a PATCH (RFC 7396): what is not named stays, and null takes away. That is what a PATCH in JSON
/// means here too.
pub(crate) const MERGE_PATCH: &str = "application/merge-patch+json";
/// The header with the media types of a PATCH (RFC 5789).
pub(crate) const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
/// The value of [`ACCEPT_PATCH`].
#[allow(clippy::declare_interior_mutable_const, reason = "it is copied where it is used, as those of actix are")]
pub(crate) const PATCH_TYPES: HeaderValue = HeaderValue::from_static("application/merge-patch+json, application/json");
