//! The general part of the document: title, conventions, license.

use serde::Serialize;

/// The `info` object.
#[derive(Serialize)]
pub(super) struct Info {
    title: &'static str,
    version: &'static str,
    description: &'static str,
    license: License,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Link>,
}

/// A link to the repository.
#[derive(Serialize)]
pub(super) struct Link {
    url: &'static str,
}

impl Link {
    /// The `repository` of the manifest; `None` if it has none.
    pub(super) const REPOSITORY: Option<Self> = Self::to(env!("CARGO_PKG_REPOSITORY"));

    const fn to(url: &'static str) -> Option<Self> {
        if url.is_empty() { None } else { Some(Self { url }) }
    }
}

#[derive(Serialize)]
struct License {
    name: &'static str,
    /// Only in OpenAPI 3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<&'static str>,
}

const CONVENTIONS: &str = "\
A commerce back end: customers, accounts, products, stock, carts and orders.

**Login.** `POST /api/v1/auth/login` gives an access token, which goes into the header `Authorization: Bearer …`, and a \
refresh token, which gives the next pair. Programs send the secret of an API key in the same header. What staff and keys \
may do is said by scopes such as `orders:write`; who lacks one gets a 403 that names it in `scope`.

**Money** is a whole number in the minor unit of its currency: `{\"amount\": 1999, \"currency\": \"USD\"}` is $19.99. A \
shop has one currency; a request with another one is a 422.

**Texts** are checked first and then trimmed of white space at both ends. Fields that are not in a schema are refused.

**Lists** come in pages: `limit` is the size of a page, `cursor` is the `next_cursor` of the page before, and the header \
`Link` has the URL of the next page. A page of a large list with a filter may hold fewer items than `limit`, even none; \
the list ends where `next_cursor` is null. Unknown parameters are refused.

**Bodies** are `application/json`; a PATCH takes `application/merge-patch+json` (RFC 7396) too. Where no field has to be \
given, no body at all means `{}`.

**Errors** are problem documents (RFC 9457). `type` is for programs; `errors` lists every refused field. A method that a \
path does not have is a 405 with `Allow`. Each GET also answers HEAD, and each path OPTIONS with `Allow` and \
`Accept-Patch`. A path with a slash too many at its end is a 308 to the path without it.

**Versions.** Responses with a resource have an `ETag`. With `If-None-Match` an unchanged resource is not sent again \
(304); with `If-Match` a change is refused if the resource has changed since (412). The weak form `W/\"…\"`, which a \
compressing proxy makes of an `ETag`, counts as the tag itself in both.

**Repeating a POST** is safe with an `Idempotency-Key`: it is done once, and the same key with the same request gets the \
same response again, marked by `Idempotency-Replayed`. Requests are the same if their JSON is, whatever the order of its \
members and its white space (RFC 8785).

**Headers of every response** are described here and nowhere else. `X-Request-Id` is the id of the request, as in the \
log: that of the client if it is valid, else a new one. `RateLimit` and `RateLimit-Policy` stand in every response below \
`/api/`, if there is a limit.

**Limits.** `RateLimit` and `RateLimit-Policy` say how many requests to an endpoint are left; one too many is a 429 with \
`Retry-After`.";

const LICENSE: &str = env!("CARGO_PKG_LICENSE");

impl Info {
    pub(super) const SWAGGER: Self = Self {
        title: "Storekeeper",
        version: env!("CARGO_PKG_VERSION"),
        description: CONVENTIONS,
        license: License { name: LICENSE, identifier: None },
        contact: Link::REPOSITORY,
    };

    pub(super) const OPENAPI: Self =
        Self { license: License { name: LICENSE, identifier: Some(LICENSE) }, ..Self::SWAGGER };
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn the_document_links_to_the_repository_that_the_manifest_names_r75() {
        let of = |repository| to_value(Info { contact: Link::to(repository), ..Info::OPENAPI }).unwrap();
        assert_eq!(of("https://example.com/shop")["contact"], json!({"url": "https://example.com/shop"}));
        assert!(of("").get("contact").is_none());
    }
}
