use std::sync::Arc;

use actix_web::HttpResponse;
use application::accounts::{ChangePassword, Login};
use application::checkout::PriceBooks;
use application::customers::ExportPerson;
use application::imports::BulkUpdate;
use application::payments::Payments;
use application::sessions::Sessions;
use application::{Clock, Error, Fingerprint, Queries, Runner};
use domain::catalogue::CatalogueCounts;
use domain::imports::{BulkChange, Import, ImportId};
use domain::personal_data::PersonalData;
use domain::{Code, Cursor, Invalid, Shop};
use futures_util::future::LocalBoxFuture;
use infrastructure::cache::CachedTaxonomies;
use infrastructure::db::Database;
use infrastructure::keys::SystemKeySecrets;
use infrastructure::system::V7Ids;
use office::{About, Arrival, Host, Office, OperationRef, Refusal, Said, SentTable, Setting, SettingValue};
use serde_json::{Map, Value};

use super::{mail, runner};
use crate::config::{Settings, Shown};
use crate::context::{Hooks, Media, PING_DEADLINE, Ping, Seal, Unready};
use crate::cursor;
use crate::extract::FileUpload;
use crate::files::{Format, failed_rows, rows_before};
use crate::problem::Problem;
use crate::receiving::{open, receive};
use crate::respond::{PersonalDataBody, table_of};
use crate::routes::{Table, customers, orders, products, reports, stock, table};

/// What the office shares with the API.
pub(super) struct Shared<'a> {
    pub(super) runner: &'a Runner,
    pub(super) queries: &'a Queries,
    pub(super) counts: &'a Arc<dyn CatalogueCounts>,
    pub(super) taxonomies: &'a Arc<CachedTaxonomies>,
    pub(super) ping: &'a Ping,
    pub(super) database: &'a Database,
    pub(super) login: &'a Login,
    pub(super) hooks: &'a Hooks,
    pub(super) payments: &'a Payments,
    pub(super) books: &'a Arc<dyn PriceBooks>,
    pub(super) export_person: &'a ExportPerson,
    pub(super) media: &'a Media,
}

impl<'a> Shared<'a> {
    pub(super) const fn new(
        runner: &'a Runner,
        queries: &'a Queries,
        (counts, taxonomies): (&'a Arc<dyn CatalogueCounts>, &'a Arc<CachedTaxonomies>),
        (login, hooks): (&'a Login, &'a Hooks),
        (payments, books): (&'a Payments, &'a Arc<dyn PriceBooks>),
        export_person: &'a ExportPerson,
        (media, ping, database): (&'a Media, &'a Ping, &'a Database),
    ) -> Self {
        Self {
            runner,
            queries,
            counts,
            taxonomies,
            ping,
            database,
            login,
            hooks,
            payments,
            books,
            export_person,
            media,
        }
    }
}

/// The office of a shop with these settings.
pub(super) fn office(settings: &Settings, shared: &Shared<'_>, seal: Seal) -> Arc<Office> {
    Arc::new(Office {
        runner: shared.runner.clone(),
        queries: shared.queries.clone(),
        counts: shared.counts.clone(),
        taxonomies: shared.taxonomies.clone(),
        mails: mail::switches(settings),
        login: shared.login.clone(),
        change_password: ChangePassword {
            accounts: shared.login.accounts.clone(),
            hasher: shared.login.hasher.clone(),
            throttle: shared.login.throttle.clone(),
            runner: shared.runner.clone(),
        },
        export_person: shared.export_person.clone(),
        hasher: shared.login.hasher.clone(),
        key_secrets: Arc::new(SystemKeySecrets),
        endpoint_secrets: shared.hooks.secrets.clone(),
        webhook_networks: shared.hooks.networks.clone(),
        sessions: Sessions {
            sessions: shared.queries.sessions.clone(),
            accounts: shared.queries.accounts.clone(),
            secrets: shared.login.issuer.secrets.clone(),
            runner: shared.runner.clone(),
            clock: shared.login.issuer.clock.clone(),
        },
        pictures: shared.media.pictures.clone(),
        payments: shared.payments.clone(),
        books: shared.books.clone(),
        clock: shared.login.issuer.clock.clone(),
        ids: Arc::new(V7Ids),
        calendar: settings.pricing.calendar.clone(),
        shop: runner::shop(settings),
        shop_name: runner::shop_name(settings).unwrap_or_else(|| "Storekeeper".to_owned()),
        media_base: shared.media.base.clone(),
        about: about(settings),
        figures: office::Kept::default(),
        waiting: office::Kept::default(),
        first_start: office::FirstStart::default(),
        last_calls: office::LastCalls::default(),
        host: Arc::new(Server {
            seal,
            clock: shared.login.issuer.clock.clone(),
            queries: shared.queries.clone(),
            runner: shared.runner.clone(),
            shop: runner::shop(settings),
            ping: shared.ping.clone(),
            database: shared.database.clone(),
            pictures_base: settings.own_media_base().unwrap_or_default(),
        }),
    })
}

/// What the server says of itself. No secret is among it.
fn about(settings: &Settings) -> About {
    About {
        version: env!("CARGO_PKG_VERSION"),
        settings: settings.shown.iter().map(setting).collect(),
        has_database_server: settings.database.url.0.starts_with("mysql"),
        most_import_bytes: settings.imports.max_bytes,
    }
}

fn setting(shown: &Shown) -> Setting {
    let value = match &shown.written {
        _ if shown.is_hidden() => SettingValue::Secret,
        Some(value) if !value.is_empty() => SettingValue::Text(value.clone()),
        Some(_) | None => SettingValue::Missing,
    };
    Setting { key: shown.key, value, source: shown.origin.to_string(), meaning: shown.meaning }
}

/// What the server does for the office.
struct Server {
    seal: Seal,
    clock: Arc<dyn Clock>,
    queries: Queries,
    runner: Runner,
    shop: Shop,
    ping: Ping,
    database: Database,
    /// What URLs of pictures begin with in files.
    pictures_base: String,
}

impl Server {
    async fn import(&self, id: ImportId) -> Result<Import, Error> {
        self.queries.imports.get(id).await?.ok_or(Error::NotFound("import"))
    }
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

    fn unready(&self) -> LocalBoxFuture<'_, Option<String>> {
        Box::pin(async move {
            match tokio::time::timeout(PING_DEADLINE, (self.ping)()).await {
                Ok(Ok(())) => None,
                Err(_) | Ok(Err(Unready::Away(_))) => Some("The database does not answer.".to_owned()),
                Ok(Err(Unready::OtherSchema(difference))) => {
                    Some(format!("The schema is not that of this version: {difference}."))
                }
            }
        })
    }

    fn database(&self) -> LocalBoxFuture<'_, Option<String>> {
        Box::pin(async move {
            let product = tokio::time::timeout(PING_DEADLINE, self.database.product()).await;
            product.ok()?.ok().map(|product| format!("{} {}", product.name, product.version))
        })
    }

    fn body(&self, members: &[(String, Said)]) -> String {
        format!("{:#}", body_of(members))
    }

    fn bulk_change(&self, members: &[(String, Said)]) -> Result<(BulkChange, BulkUpdate), Error> {
        let refused = |invalid| Error::field("change", invalid);
        let change = BulkChange::new(body_of(members).to_string()).map_err(refused)?;
        let update = products::kept_bulk_change(&change, self.shop);
        let update = update.map_err(|refusal| refused(Invalid::new(Code::Format, refusal)))?;
        Ok((change, update))
    }

    fn personal_file(&self, data: PersonalData) -> Result<Vec<u8>, Error> {
        let body = PersonalDataBody::new(data, self.clock.now());
        serde_json::to_vec(&body).map_err(|error| Error::Internal(error.into()))
    }

    fn csv(&self, head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Error> {
        table_of(head, rows).map_err(|error| Error::Internal(error.into()))
    }

    fn open_table(&self, SentTable { file, length }: SentTable) -> LocalBoxFuture<'_, Result<Arrival, Error>> {
        Box::pin(async move {
            let rows = open(FileUpload::received(file, length)).await?;
            let (columns, runner) = (rows.header().to_vec(), self.runner.clone());
            Ok(Arrival { columns, receive: Box::new(move |id| receive(runner, id, rows)) })
        })
    }

    fn table(&self, table: office::Table) -> LocalBoxFuture<'_, Result<HttpResponse, Error>> {
        Box::pin(async move {
            let queries = &self.queries;
            let file = match table {
                office::Table::Orders(filter) => orders::export::file(queries, *filter),
                office::Table::Customers(filter) => customers::file::file(queries, filter),
                office::Table::Products(filter, sort) => {
                    let list = Some((*filter, sort));
                    products::export::file("products.csv", Format::Csv, queries, (self.shop, &self.pictures_base), list)
                        .await?
                }
                office::Table::LowStock(filter) => stock::file::file("low-stock.csv", queries, filter),
                office::Table::StockValues => reports::stock_file::file(queries, self.shop.currency),
                office::Table::FailedRows(id) => failed_rows(queries, &self.import(id).await?)?,
                office::Table::RowsBefore(id) => rows_before(queries, &self.import(id).await?).await?,
            };
            Ok(file.into_response())
        })
    }
}

/// The body of a request with these members.
fn body_of(members: &[(String, Said)]) -> Value {
    let mut body = Value::Object(Map::new());
    for (name, said) in members {
        let mut place = &mut body;
        for part in name.split('.') {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[part];
        }
        *place = match said {
            Said::Text(text) => text.as_str().into(),
            Said::Whole(number) => (*number).into(),
            Said::Flag(flag) => (*flag).into(),
            Said::Nothing => Value::Null,
        };
    }
    body
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
    fn a_body_has_members_in_objects_where_their_names_have_dots_r248() {
        let member = |name: &str, said| (name.to_owned(), said);
        let members = [
            member("name", Said::Text("Mug".into())),
            member("price.amount", Said::Whole(5)),
            member("price.currency", Said::Text("USD".into())),
            member("sku", Said::Nothing),
            member("open", Said::Flag(true)),
        ];
        let expected =
            serde_json::json!({"name": "Mug", "price": {"amount": 5, "currency": "USD"}, "sku": null, "open": true});
        assert_eq!(body_of(&members), expected);
    }

    #[test]
    fn every_page_names_operations_that_there_are_r248() {
        for page in office::pages() {
            for id in page.operations {
                assert!(table().operation(id).is_some(), "{} {}: {id}", page.method, page.path);
            }
        }
    }
}
