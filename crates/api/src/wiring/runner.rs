use std::sync::Arc;

use application::{Clock, Queries, Runner, RunnerPolicy};
use domain::Shop;
use infrastructure::db::Database;
use infrastructure::system::V7Ids;

use super::{mail, media};
use crate::config::Settings;

/// What runs the commands of a shop with these settings.
pub(super) fn runner(database: &Database, queries: &Queries, clock: &Arc<dyn Clock>, settings: &Settings) -> Runner {
    let policy = RunnerPolicy { keep_keys: settings.keep_keys, ..RunnerPolicy::default() };
    let (keys, ids) = (queries.idempotency.clone(), Arc::new(V7Ids));
    Runner::new(database.transactions(), keys, clock.clone(), ids, shop(settings), policy)
        .in_days_of(settings.pricing.calendar.clone())
        .paid_by(Arc::new(settings.payments.rules.clone()))
        .mailing(mail::switches(settings))
        .requiring_verified_email(settings.auth.require_verified_email)
        .storing_pictures(media::has_store(settings))
}

pub(super) const fn shop(settings: &Settings) -> Shop {
    Shop { currency: settings.shop.currency, lead_time_days: settings.shop.lead_time_days }
}

/// What the shop is called: as `shop.name` says, or its mails, or the host of its public URL.
pub(super) fn shop_name(settings: &Settings) -> Option<String> {
    let in_mails = || settings.mail.as_ref().and_then(|mail| mail.from.name.clone());
    let host = || settings.public_url.as_ref()?.host_str().map(ToOwned::to_owned);
    settings.shop_name.clone().or_else(in_mails).or_else(host)
}
