use std::sync::Arc;
use std::time::Duration;

use application::accounts::{ChangePassword, Login};
use application::payments::Payments;
use application::sessions::Sessions;
use application::{Error, Fingerprint, Queries, Runner};
use domain::Cursor;
use infrastructure::keys::SystemKeySecrets;
use infrastructure::system::V7Ids;
use office::{About, Host, Office, OperationRef, Refusal};

use super::runner;
use crate::config::Settings;
use crate::context::{Media, Seal};
use crate::cursor;
use crate::problem::Problem;
use crate::respond::table_of;
use crate::routes::{Table, table};

/// What the office shares with the API.
pub(super) struct Shared<'a> {
    pub(super) runner: &'a Runner,
    pub(super) queries: &'a Queries,
    pub(super) login: &'a Login,
    pub(super) payments: &'a Payments,
    pub(super) media: &'a Media,
}

/// The back office of a shop with these settings.
pub(super) fn office(settings: &Settings, shared: &Shared<'_>, seal: Seal) -> Arc<Office> {
    Arc::new(Office {
        runner: shared.runner.clone(),
        queries: shared.queries.clone(),
        login: shared.login.clone(),
        change_password: ChangePassword {
            accounts: shared.login.accounts.clone(),
            hasher: shared.login.hasher.clone(),
            throttle: shared.login.throttle.clone(),
            runner: shared.runner.clone(),
        },
        hasher: shared.login.hasher.clone(),
        key_secrets: Arc::new(SystemKeySecrets),
        sessions: Sessions {
            sessions: shared.queries.sessions.clone(),
            accounts: shared.queries.accounts.clone(),
            secrets: shared.login.issuer.secrets.clone(),
            runner: shared.runner.clone(),
            clock: shared.login.issuer.clock.clone(),
        },
        pictures: shared.media.pictures.clone(),
        payments: shared.payments.clone(),
        clock: shared.login.issuer.clock.clone(),
        ids: Arc::new(V7Ids),
        calendar: settings.pricing.calendar.clone(),
        shop: runner::shop(settings),
        shop_name: runner::shop_name(settings).unwrap_or_else(|| "Storekeeper".to_owned()),
        media_base: shared.media.base.clone(),
        about: about(settings),
        figures: office::Kept::default(),
        host: Arc::new(Server { seal }),
    })
}

/// What people who run the shop ask of its configuration. No secret is among it.
fn about(settings: &Settings) -> About {
    let (auth, pricing) = (&settings.auth, &settings.pricing);
    let asked = [
        ("shop.name", settings.shop_name.clone().unwrap_or_default()),
        ("shop.public_url", settings.public_url.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("shop.currency", settings.shop.currency.code().to_owned()),
        ("shop.time_zone", pricing.calendar.zone().to_owned()),
        ("shop.lead_time_days", settings.shop.lead_time_days.to_string()),
        ("shop.prices_include_tax", pricing.prices_include_tax.to_string()),
        ("tax.shipping", pricing.shipping_tax.to_string()),
        ("catalog.public", settings.catalog_public.to_string()),
        ("auth.self_registration", auth.self_registration.to_string()),
        ("auth.require_verified_email", auth.require_verified_email.to_string()),
        ("stock.auto_receive_after", spoken(settings.auto_receive_after)),
        ("customers.erase_after", spoken(settings.erase_idle_after)),
        ("events.keep_for", spoken(Some(settings.keep_events))),
        ("rate_limit.enabled", settings.rate_limit.enabled.to_string()),
    ];
    About { version: env!("CARGO_PKG_VERSION"), settings: asked.into() }
}

/// A time such as `30days`; empty for never.
fn spoken(time: Option<Duration>) -> String {
    time.map(|time| humantime::format_duration(time).to_string()).unwrap_or_default()
}

/// What the server does for the office.
struct Server {
    seal: Seal,
}

impl Host for Server {
    fn explain(&self, error: Error) -> Refusal {
        Problem::from(error).for_people()
    }

    fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        Fingerprint(self.seal.hash("request", parts))
    }

    fn cursor(&self, list: &str, cursor: &Cursor) -> String {
        cursor::encode(&self.seal, list, cursor)
    }

    fn read_cursor(&self, list: &str, text: &str) -> Option<Cursor> {
        cursor::decode(&self.seal, list, text)
    }

    fn operation(&self, id: &str) -> Option<OperationRef> {
        table().operation(id)
    }

    fn csv(&self, head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Error> {
        table_of(head, rows).map_err(|error| Error::Internal(error.into()))
    }
}

impl Table {
    /// The operation with this id.
    fn operation(&'static self, id: &str) -> Option<OperationRef> {
        self.routes.iter().find_map(|route| {
            let found = route.endpoints.iter().find(|one| one.operation.as_ref().is_some_and(|one| one.id == id))?;
            Some(OperationRef { method: found.method.as_str(), path: route.path })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_names_operations_that_there_are_r248() {
        for page in office::pages() {
            for id in page.operations {
                assert!(table().operation(id).is_some(), "{} {}: {id}", page.method, page.path);
            }
        }
    }
}
