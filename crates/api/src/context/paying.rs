//! What routes of payments need besides the use cases.

use std::sync::Arc;

use domain::payments::{Reference, ReturnUrl};
use domain::{Code, Invalid, Rule, Ruled, StoreError};
use futures_util::future::BoxFuture;
use url::Url;

use crate::config::AllowedOrigin;

/// What the customer of a test payment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerAct {
    /// Pays.
    Pay,
    /// Is declined by the bank, and may try again.
    Decline,
    /// Gives up.
    Fail,
}

impl CustomerAct {
    const ALL: [Self; 3] = [Self::Pay, Self::Decline, Self::Fail];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Decline => "decline",
            Self::Fail => "fail",
        }
    }

    /// Parses a word.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|act| act.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: pay, decline, fail"))
    }
}

impl Ruled for CustomerAct {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}

/// Why nobody can act as the customer of a test payment.
#[derive(Debug)]
pub enum CannotAct {
    /// There is no such payment.
    Unknown,
    /// It does not wait for its customer.
    NotWaiting,
    /// The database failed.
    Store(StoreError),
}

/// Acts as the customer of a test payment, if the test provider is on.
pub type TestCustomers = Arc<dyn Fn(Reference, CustomerAct) -> BoxFuture<'static, Result<(), CannotAct>> + Send + Sync>;

/// The pages to which browsers may return after paying elsewhere.
#[derive(Debug, Clone, Default)]
pub struct ReturnPages {
    shop: Option<Url>,
    origins: Vec<AllowedOrigin>,
}

impl ReturnPages {
    /// Those below the public URL of the shop, and those of the origins that may call the API by name.
    pub fn new(shop: Option<Url>, origins: &[AllowedOrigin]) -> Self {
        let origins = origins.iter().filter(|origin| **origin != AllowedOrigin::Any).cloned().collect();
        Self { shop, origins }
    }

    /// Checks where a browser is to return to. Anywhere else would lend the shop's name to a page of somebody else.
    ///
    /// # Errors
    /// If it is no page of the shop.
    pub fn check(&self, page: &ReturnUrl) -> Result<(), Invalid> {
        let refused = |why: &'static str| Err(Invalid::new(Code::NotAllowed, why));
        if self.shop.is_none() && self.origins.is_empty() {
            return refused("cannot be used: the settings have neither shop.public_url nor cors.allowed_origins");
        }
        let url = Url::parse(page.as_str()).ok().filter(|url| url.username().is_empty() && url.password().is_none());
        let Some(url) = url else { return refused("must be a URL without a user name") };
        let of_shop = self.shop.as_ref().is_some_and(|shop| is_below(&url, shop));
        let origin = url.origin().ascii_serialization();
        if of_shop || self.origins.iter().any(|allowed| allowed.allows(&origin)) {
            return Ok(());
        }
        refused("must be a page below shop.public_url, or of one of cors.allowed_origins")
    }
}

fn is_below(page: &Url, folder: &Url) -> bool {
    let path = folder.path().trim_end_matches('/');
    let rest = page.path().strip_prefix(path);
    page.origin() == folder.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(shop: Option<&str>, origins: &[&str]) -> ReturnPages {
        let origins: Vec<_> = origins.iter().map(|origin| AllowedOrigin::parse(origin).unwrap()).collect();
        ReturnPages::new(shop.map(|url| url.parse().unwrap()), &origins)
    }

    fn allows(pages: &ReturnPages, page: &str) -> bool {
        pages.check(&ReturnUrl::parse(page).unwrap()).is_ok()
    }

    #[test]
    fn browsers_return_to_pages_of_the_shop_only_r82() {
        let shop = pages(Some("https://shop.example/store"), &["https://*.app.example", "http://localhost:3000"]);
        for good in [
            "https://shop.example/store",
            "https://shop.example/store/thanks?order=7#top",
            "https://a.app.example/",
            "http://localhost:3000/done",
        ] {
            assert!(allows(&shop, good), "{good}");
        }
        for bad in [
            "https://shop.example/",
            "https://shop.example/storefront",
            "https://shop.example/store/../admin",
            "http://shop.example/store",
            "https://shop.example:8443/store",
            "https://shop.example.evil.example/store",
            "https://shop.example@evil.example/store",
            "https://app.example/",
            "javascript:alert(1)",
            "//shop.example/store",
            "/store",
        ] {
            assert!(!allows(&shop, bad), "{bad}");
        }
    }

    #[test]
    fn without_a_page_of_its_own_a_shop_sends_browsers_nowhere_r82() {
        assert!(!allows(&pages(None, &[]), "https://shop.example"));
        assert!(!allows(&pages(None, &["*"]), "https://evil.example"), "any origin may ask, and none is the shop's");
    }
}
