//! Pages by name: those of settings, and others that a search finds (R246).

use domain::access::Noun::{
    Accounts, Audit, Customers, Keys, Orders, Payments, Products, Promotions, Reports, Settings, Shipping, Stock,
    Webhooks,
};
use domain::access::Scope::{self, Read, Write};

use crate::request::Staff;

/// A page, and what it is found by.
pub(crate) struct NamedPage {
    pub(crate) name: &'static str,
    /// Relative to `/office/`.
    pub(crate) page: &'static str,
    /// What it is for, in a line.
    pub(crate) what: &'static str,
    /// Other words for it.
    words: &'static str,
    /// `None` for everybody who works here.
    needs: Option<Scope>,
}

impl NamedPage {
    const fn new(
        name: &'static str,
        page: &'static str,
        what: &'static str,
        words: &'static str,
        needs: Option<Scope>,
    ) -> Self {
        Self { name, page, what, words, needs }
    }

    /// Whether the caller may open it.
    pub(crate) fn is_open_to(&self, staff: &Staff) -> bool {
        self.needs.is_none_or(|needs| staff.may(needs))
    }

    /// Whether each of these words begins a word of its name, or another word for it.
    fn is_named(&self, typed: &str) -> bool {
        let known = format!("{} {}", self.name, self.words).to_lowercase();
        let begins = |word: &str| known.split_whitespace().any(|one| one.starts_with(word));
        let mut typed = typed.split_whitespace().peekable();
        typed.peek().is_some() && typed.all(|word| word.chars().count() >= SHORTEST && begins(word))
    }
}

/// The fewest letters of a word that finds a page.
const SHORTEST: usize = 3;

/// The pages of settings.
pub(crate) static SETTINGS: [NamedPage; 12] = [
    NamedPage::new(
        "Accounts",
        "settings/accounts",
        "Who may log in, and as what",
        "users staff people colleagues",
        Some(Read(Accounts)),
    ),
    NamedPage::new(
        "Roles",
        "settings/roles",
        "What people may do, by name",
        "rights scopes permissions",
        Some(Read(Accounts)),
    ),
    NamedPage::new("API keys", "settings/keys", "How programs call the API", "tokens secrets", Some(Read(Keys))),
    NamedPage::new("Audit log", "settings/audit", "Who has changed what", "changes history", Some(Read(Audit))),
    NamedPage::new(
        "Promotions",
        "promotions",
        "What is taken off, for whom, and by which codes",
        "discounts coupons codes vouchers",
        Some(Read(Promotions)),
    ),
    NamedPage::new(
        "Shipping",
        "settings/shipping",
        "Zones, and what it costs to ship there",
        "zones methods carriers delivery costs",
        Some(Read(Shipping)),
    ),
    NamedPage::new("Taxes", "settings/taxes", "Tax classes and their rates", "vat rates classes", Some(Read(Shipping))),
    NamedPage::new(
        "Mails",
        "mails",
        "What was written to customers, and whether it arrived",
        "emails messages",
        Some(Read(Orders)),
    ),
    NamedPage::new(
        "Webhooks",
        "settings/webhooks",
        "Where events are sent to",
        "events endpoints",
        Some(Read(Webhooks)),
    ),
    NamedPage::new(
        "System",
        "settings/system",
        "Version, and what the configuration decides",
        "version configuration currency health index",
        Some(Read(Settings)),
    ),
    NamedPage::new("My password", "settings/password", "Change the password that I log in with", "", None),
    NamedPage::new("My logins", "settings/sessions", "Where I am logged in", "sessions account", None),
];

/// Pages elsewhere.
static OTHERS: [NamedPage; 15] = [
    NamedPage::new("Orders", "orders", "All orders", "", Some(Read(Orders))),
    NamedPage::new("Orders to ship", "orders?stage=to_ship", "What may be shipped now", "shipping", Some(Read(Orders))),
    NamedPage::new("Payments", "payments", "What was paid", "money", Some(Read(Payments))),
    NamedPage::new("Products", "products", "All products", "catalogue catalog", Some(Read(Products))),
    NamedPage::new("New product", "products/new", "Add a product", "add create", Some(Write(Products))),
    NamedPage::new(
        "Product groups",
        "groups",
        "Products that differ by size or colour",
        "variants sizes",
        Some(Read(Products)),
    ),
    NamedPage::new("Imports", "imports", "Files of products", "upload files csv", Some(Read(Products))),
    NamedPage::new("Stock", "stock", "What is on hand", "inventory", Some(Read(Stock))),
    NamedPage::new("Low stock", "stock?low=true", "What is below its reorder point", "reorder", Some(Read(Stock))),
    NamedPage::new("Due restocks", "restocks", "What is on its way", "restocks", Some(Read(Stock))),
    NamedPage::new("Customers", "customers", "All customers", "buyers people", Some(Read(Customers))),
    NamedPage::new("New customer", "customers/new", "Add a customer", "add create", Some(Write(Customers))),
    NamedPage::new("Sales report", "reports", "What was sold", "reports revenue", Some(Read(Reports))),
    NamedPage::new("Stock report", "reports/stock", "What the stock is worth", "reports value", Some(Read(Reports))),
    NamedPage::new("Settings", "settings", "All settings", "configuration", None),
];

/// The pages that the caller may open and that have these words in their names.
pub(crate) fn found(staff: &Staff, typed: &str) -> Vec<&'static NamedPage> {
    let typed = typed.to_lowercase();
    let all = SETTINGS.iter().chain(&OTHERS);
    all.filter(|page| page.is_open_to(staff) && page.is_named(&typed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(typed: &str) -> Vec<&'static str> {
        let all = SETTINGS.iter().chain(&OTHERS);
        all.filter(|page| page.is_named(typed)).map(|page| page.name).collect()
    }

    #[test]
    fn pages_are_found_by_words_that_begin_like_their_names_r246() {
        assert_eq!(named("taxes"), ["Taxes"]);
        assert_eq!(named("tax"), ["Taxes"]);
        assert_eq!(named("low stock"), ["Low stock"]);
        assert_eq!(named("new prod"), ["New product"]);
        assert_eq!(named("vat"), ["Taxes"], "another word for it");
        for nothing in ["", "  ", "ta", "mug", "axes", "taxes zebra"] {
            assert!(named(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn every_named_page_exists_and_needs_what_the_page_needs_r246() {
        let pages = crate::pages();
        for named in SETTINGS.iter().chain(&OTHERS) {
            let path = format!("{}{}", crate::ROOT, named.page.split('?').next().unwrap());
            let page = pages.iter().find(|page| page.path == path && page.method == "GET").unwrap();
            assert_eq!(page.needs, named.needs.map_or(crate::Needs::Staff, Into::into), "{path}");
        }
    }
}
