//! The lists that a new noun extends by a line: repositories, queries, and resources in the audit log.

use std::sync::Arc;

use domain::accounts::Account;
use domain::attributes::Attribute;
use domain::collections::Collection;
use domain::customers::Customer;
use domain::groups::Group;
use domain::imports::Import;
use domain::keys::ApiKey;
use domain::media::Picture;
use domain::notes::StaffNote;
use domain::orders::Order;
use domain::payments::{Payment, PaymentOperation, Refund};
use domain::products::Product;
use domain::promotions::Promotion;
use domain::restocks::Restock;
use domain::roles::CustomRole;
use domain::shipping_methods::ShippingMethod;
use domain::stock::Stock;
use domain::tax_classes::TaxClass;
use domain::tax_rates::TaxRate;
use domain::terms::Term;
use domain::webhooks::Endpoint;
use domain::zones::Zone;

use crate::audit_trail::Audited as _;

/// The list of repositories, by name, port and mock. It is passed to the macro `$then`, which generates the trait `Tx`,
/// the mocks of the unit tests, or an adapter.
#[macro_export]
macro_rules! with_repositories {
    ($then:ident) => {
        $then! {
            accounts: domain::accounts::AccountRepository => domain::accounts::MockAccountRepository,
            refresh_tokens: domain::accounts::RefreshTokenRepository => domain::accounts::MockRefreshTokenRepository,
            sessions: domain::sessions::SessionRepository => domain::sessions::MockSessionRepository,
            login_failures: domain::accounts::LoginFailureRepository => domain::accounts::MockLoginFailureRepository,
            known_networks: domain::accounts::KnownNetworkRepository => domain::accounts::MockKnownNetworkRepository,
            roles: domain::roles::RoleRepository => domain::roles::MockRoleRepository,
            keys: domain::keys::KeyRepository => domain::keys::MockKeyRepository,
            customers: domain::customers::CustomerRepository => domain::customers::MockCustomerRepository,
            personal_data: domain::personal_data::PersonalDataRepository => domain::personal_data::MockPersonalDataRepository,
            products: domain::products::ProductRepository => domain::products::MockProductRepository,
            prices: domain::products::PriceRepository => domain::products::MockPriceRepository,
            slugs: domain::slugs::SlugRepository => domain::slugs::MockSlugRepository,
            pages: domain::pages::PageRepository => domain::pages::MockPageRepository,
            stock: domain::stock::StockRepository => domain::stock::MockStockRepository,
            restocks: domain::restocks::RestockRepository => domain::restocks::MockRestockRepository,
            carts: domain::carts::CartRepository => domain::carts::MockCartRepository,
            orders: domain::orders::OrderRepository => domain::orders::MockOrderRepository,
            notes: domain::notes::NoteRepository => domain::notes::MockNoteRepository,
            payments: domain::payments::PaymentRepository => domain::payments::MockPaymentRepository,
            pricing: domain::pricing::PricingRepository => domain::pricing::MockPricingRepository,
            shipping_methods: domain::shipping_methods::ShippingMethodRepository
                => domain::shipping_methods::MockShippingMethodRepository,
            tax_classes: domain::tax_classes::TaxClassRepository => domain::tax_classes::MockTaxClassRepository,
            promotions: domain::promotions::PromotionRepository => domain::promotions::MockPromotionRepository,
            tax_rates: domain::tax_rates::TaxRateRepository => domain::tax_rates::MockTaxRateRepository,
            attributes: domain::attributes::AttributeRepository => domain::attributes::MockAttributeRepository,
            terms: domain::terms::TermRepository => domain::terms::MockTermRepository,
            assignments: domain::assignments::AssignmentRepository
                => domain::assignments::MockAssignmentRepository,
            groups: domain::groups::GroupRepository => domain::groups::MockGroupRepository,
            collections: domain::collections::CollectionRepository => domain::collections::MockCollectionRepository,
            media: domain::media::MediaRepository => domain::media::MockMediaRepository,
            imports: domain::imports::ImportRepository => domain::imports::MockImportRepository,
            zones: domain::zones::ZoneRepository => domain::zones::MockZoneRepository,
            idempotency: $crate::IdempotencyRepository => $crate::MockIdempotencyRepository,
            audit: $crate::AuditRepository => $crate::MockAuditRepository,
            leases: $crate::LeaseRepository => $crate::MockLeaseRepository,
            task_runs: $crate::TaskRunRepository => $crate::MockTaskRunRepository,
            outbox: domain::events::OutboxRepository => domain::events::MockOutboxRepository,
            webhooks: domain::webhooks::WebhookRepository => domain::webhooks::MockWebhookRepository,
            mails: domain::mails::MailRepository => domain::mails::MockMailRepository,
        }
    };
}

/// The list of queries (reads outside of any transaction), by name and port. It is passed to the macro `$then`, which
/// generates the struct `Queries`.
#[macro_export]
macro_rules! with_queries {
    ($then:ident) => {
        $then! {
            accounts: domain::accounts::AccountQueries,
            sessions: domain::sessions::SessionQueries,
            roles: domain::roles::RoleQueries,
            keys: domain::keys::KeyQueries,
            customers: domain::customers::CustomerQueries,
            personal_data: domain::personal_data::PersonalDataQueries,
            products: domain::products::ProductQueries,
            prices: domain::products::PriceQueries,
            slugs: domain::slugs::SlugQueries,
            pages: domain::pages::PageQueries,
            stock: domain::stock::StockQueries,
            restocks: domain::restocks::RestockQueries,
            carts: domain::carts::CartQueries,
            orders: domain::orders::OrderQueries,
            notes: domain::notes::NoteQueries,
            payments: domain::payments::PaymentQueries,
            shipping_methods: domain::shipping_methods::ShippingMethodQueries,
            tax_classes: domain::tax_classes::TaxClassQueries,
            promotions: domain::promotions::PromotionQueries,
            reports: domain::reports::ReportQueries,
            tax_rates: domain::tax_rates::TaxRateQueries,
            catalogue: domain::catalogue::CatalogueQueries,
            groups: domain::groups::GroupQueries,
            collections: domain::collections::CollectionQueries,
            attributes: domain::attributes::AttributeQueries,
            terms: domain::terms::TermQueries,
            assignments: domain::assignments::AssignmentQueries,
            media: domain::media::MediaQueries,
            imports: domain::imports::ImportQueries,
            zones: domain::zones::ZoneQueries,
            pricing: domain::pricing::PricingQueries,
            events: domain::events::EventQueries,
            webhooks: domain::webhooks::WebhookQueries,
            mails: domain::mails::MailQueries,
            idempotency: $crate::IdempotencyQueries,
            audit: $crate::AuditQueries,
            task_runs: $crate::TaskRunQueries,
        }
    };
}

macro_rules! define_queries {
    ($($name:ident: $queries:path,)*) => {
        /// All ports that read outside of a transaction.
        #[derive(Clone)]
        pub struct Queries {
            $(
                #[doc = concat!("Reads of ", stringify!($name), ".")]
                pub $name: Arc<dyn $queries>,
            )*
        }

        impl<Q> From<&Arc<Q>> for Queries
        where
            Q: $($queries +)* 'static,
        {
            fn from(all: &Arc<Q>) -> Self {
                Self { $($name: all.clone(),)* }
            }
        }
    };
}

with_queries!(define_queries);

/// The kinds of resources in the audit log.
pub const AUDITED: &[&str] = &[
    Customer::RESOURCE,
    Account::RESOURCE,
    CustomRole::RESOURCE,
    ApiKey::RESOURCE,
    Product::RESOURCE,
    Stock::RESOURCE,
    Restock::RESOURCE,
    Order::RESOURCE,
    StaffNote::RESOURCE,
    Payment::RESOURCE,
    PaymentOperation::RESOURCE,
    Refund::RESOURCE,
    Zone::RESOURCE,
    ShippingMethod::RESOURCE,
    TaxClass::RESOURCE,
    Promotion::RESOURCE,
    TaxRate::RESOURCE,
    Attribute::RESOURCE,
    Term::RESOURCE,
    Group::RESOURCE,
    Collection::RESOURCE,
    Endpoint::RESOURCE,
    Picture::RESOURCE,
    Import::RESOURCE,
];
