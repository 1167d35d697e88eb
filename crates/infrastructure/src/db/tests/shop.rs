//! A shop that is large enough for a server to prefer an index where there is one.

use std::time::Duration;

use application::Ids as _;
use domain::attributes::AttributeId;
use domain::carts::Line;
use domain::customers::{Customer, CustomerDetails, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use domain::orders::{Order, OrderId, OrderNumber, Placement};
use domain::products::{
    Barcode, Offer, Particulars, Product, ProductDetails, ProductId, ProductName, ProductStatus, Sku, TaxAndShipping,
};
use domain::stock::Stock;
use domain::terms::TermId;
use domain::{Currency, Price, Quantity, UtcDateTime, Uuid};
use sea_orm::Value;
use testkit::{Borrowed, borrow, sqlite_file};
use time::macros::utc_datetime;

use crate::db::engine::{Executor as _, Statement};
use crate::db::{Database, DatabaseConfig, DatabaseUrl};
use crate::system::V7Ids;

const NOW: UtcDateTime = utc_datetime!(2026-11-01 12:00);
const PRODUCTS: i64 = 3_000;
const CUSTOMERS: i64 = 1_000;
const ORDERS: i64 = 3_000;
/// The attribute of tags, which is built in.
const TAG: AttributeId = AttributeId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0003));
/// One product in so many has a tag; the last tag has every other one.
const TAGS: i64 = 100;
/// A group has so many products.
const MEMBERS: i64 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    Sqlite,
    MySql,
    MariaDb,
}

/// A shop, and what there is to ask for.
pub(super) struct Shop {
    pub server: Server,
    pub database: Database,
    pub products: Vec<ProductId>,
    pub tag: AttributeId,
    pub terms: Vec<TermId>,
    /// An attribute of numbers from 0 to 9.
    pub size: AttributeId,
    pub customer: CustomerId,
    pub order: (OrderId, OrderNumber),
    /// When half of everything was made.
    pub middle: UtcDateTime,
    _borrowed: Option<Borrowed>,
    _folder: tempfile::TempDir,
}

async fn connect(url: &str) -> Database {
    let url = DatabaseUrl::parse(url).unwrap();
    Database::connect(&DatabaseConfig { url, max_connections: None, statement_timeout: None }).await.unwrap()
}

async fn migrate(url: &str) {
    let database = connect(url).await;
    database.migrate_up().await.unwrap();
    database.close().await;
}

fn at(n: i64) -> UtcDateTime {
    NOW + Duration::from_secs(n.unsigned_abs())
}

impl Shop {
    /// A shop on this server; `None` if the environment names none.
    pub async fn filled(server: Server) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let base = |variable: &str| {
            let url = std::env::var(variable).ok();
            assert!(url.is_some() || std::env::var_os("CI").is_none(), "{variable} must be set in CI");
            url
        };
        let borrowed = match server {
            Server::Sqlite => None,
            Server::MySql => Some(borrow(&base("TEST_MYSQL_URL")?, migrate).await),
            Server::MariaDb => Some(borrow(&base("TEST_MARIADB_URL")?, migrate).await),
        };
        let url = if let Some(borrowed) = &borrowed {
            borrowed.url.clone()
        } else {
            let file = folder.path().join("shop.db");
            std::fs::write(&file, sqlite_file(migrate).await).unwrap();
            format!("sqlite://{}?mode=rwc", file.display())
        };
        let database = connect(&url).await;
        let products: Vec<_> = (0..PRODUCTS).map(product).collect();
        for some in products.chunks(1000) {
            let stocked: Vec<_> =
                some.iter().map(|one| (one.clone(), Stock::new(one.id, 10_000, one.created_at))).collect();
            database.bulk_products(&stocked).await.unwrap();
        }
        let customers: Vec<_> = (0..CUSTOMERS).map(|n| (customer(n), None)).collect();
        database.bulk_customers(&customers).await.unwrap();
        let orders: Vec<_> = (0..ORDERS).map(|n| order(n, &customers, &products)).collect();
        for some in orders.chunks(1000) {
            database.bulk_orders(some).await.unwrap();
        }
        let size = AttributeId(V7Ids.next());
        let shop = Self {
            server,
            terms: (0..TAGS).map(|_| TermId(V7Ids.next())).collect(),
            products: products.iter().map(|product| product.id).collect(),
            tag: TAG,
            size,
            customer: customers[7].0.id,
            order: (orders[7].id, OrderNumber::of(orders[7].id)),
            middle: at(PRODUCTS / 2),
            database,
            _borrowed: borrowed,
            _folder: folder,
        };
        shop.add_accounts().await;
        shop.add_attributes().await;
        shop.add_groups().await;
        shop.add_payments().await;
        if server != Server::Sqlite {
            shop.count_rows().await;
        }
        Some(shop)
    }

    async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.database.pools.write.run(Statement::new(sql, values)).await.unwrap();
    }

    /// Lets a server count the rows of every table. It does so by itself, but only some seconds later.
    async fn count_rows(&self) {
        let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()";
        let tables = self.database.pools.write.run(Statement::new(tables, [])).await.unwrap().rows;
        let tables: Vec<String> = tables.iter().map(|row| row.at(0).unwrap()).collect();
        self.run(&format!("ANALYZE TABLE {}", tables.join(", ")), []).await;
    }

    /// Gives each customer an account, with a login and the network that it came from.
    async fn add_accounts(&self) {
        let accounts =
            "INSERT INTO accounts (id, customer_id, username, password_hash, role, active, token_epoch, created_at,
            updated_at, version, seen_at)
            SELECT id, id, LOWER(REPLACE(name, ' ', '.')), 'x', 'customer', 1, 0, created_at, updated_at, 1, created_at
            FROM customers";
        self.run(accounts, []).await;
        let logins = "INSERT INTO refresh_tokens (account_id, id, family_id, hash, created_at, expires_at, spent_at)
            SELECT id, id, id, id, created_at, created_at + 1, NULL FROM accounts";
        self.run(logins, []).await;
        let networks = "INSERT INTO known_networks (account_id, network, seen_at) SELECT id, '192.0.2.0/24', created_at
            FROM accounts";
        self.run(networks, []).await;
    }

    async fn add_attributes(&self) {
        let attribute = "INSERT INTO attributes (id, code, name, type, multiple, filterable, internal, hierarchical, unit,
            position, created_at, updated_at, version) VALUES (?, 'size', 'Size', 'integer', 0, 1, 0, 0, NULL, 9, 0, 0, 1)";
        self.run(attribute, [self.size.0.into()]).await;
        let values = "INSERT INTO product_values (product_id, attribute_id, text, number, inherited)
            SELECT id, ?, NULL, price % 10, 0 FROM products";
        self.run(values, [self.size.0.into()]).await;
        for (n, term) in (0..).zip(&self.terms) {
            let insert =
                "INSERT INTO terms (id, attribute_id, parent_id, name, words, slug, position, created_at, updated_at,
                version) VALUES (?, ?, NULL, 'Tag', ' tag ', ?, 0, 0, 0, 1)";
            self.run(insert, [term.0.into(), TAG.0.into(), format!("tag-{n}").into()]).await;
            let has = "INSERT INTO product_terms (product_id, term_id, position, inherited)
                SELECT id, ?, 0, 0 FROM products WHERE price % ? = ?";
            let (of, rest) = if n + 1 == TAGS { (2, 0) } else { (TAGS, n) };
            self.run(has, [term.0.into(), of.into(), rest.into()]).await;
        }
    }

    async fn add_groups(&self) {
        for (n, members) in (0..).zip(self.products.chunks(usize::try_from(MEMBERS).unwrap())).take(50) {
            let id = V7Ids.next();
            let insert =
                "INSERT INTO product_groups (id, name, words, slug, description, created_at, updated_at, version)
                VALUES (?, 'Mugs', ' qxmugs ', ?, NULL, 0, 0, 1)";
            self.run(insert, [id.into(), format!("mugs-{n}").into()]).await;
            let marks = vec!["?"; members.len()].join(", ");
            let values = std::iter::once(id.into()).chain(members.iter().map(|member| member.0.into()));
            self.run(&format!("UPDATE products SET group_id = ? WHERE id IN ({marks})"), values).await;
        }
    }

    async fn add_payments(&self) {
        let balances = "INSERT INTO order_balances (order_id, customer_id, terms, status, pay_by, total, cancelled, authorised,
            captured, refunded, disputed, updated_at, version)
            SELECT id, customer_id, 'prepaid', CASE WHEN total % 5 = 0 THEN 'paid' ELSE 'unpaid' END, NULL, total, 0, 0, 0, 0, 0,
                updated_at, 1 FROM orders WHERE total % 3 = 0";
        self.run(balances, []).await;
        self.run("UPDATE orders SET has_balance = 1 WHERE total % 3 = 0", []).await;
        self.run("UPDATE orders SET tracking_number = CONCAT('T', total) WHERE total % 4 = 0", []).await;
    }
}

fn product(n: i64) -> Product {
    let particulars = Particulars {
        barcode: (n == 7).then(|| Barcode::parse("4006381333931").unwrap()),
        compare_at_price: (n % 10 == 0).then(|| Price::parse(9_000).unwrap()),
        ..Particulars::default()
    };
    let details = ProductDetails {
        sku: Some(Sku::parse(&format!("PLAN-{n}")).unwrap()),
        status: if n % 5 == 0 { ProductStatus::Archived } else { ProductStatus::Active },
        particulars,
        ..ProductDetails::new(ProductName::parse(&format!("Mug {n}")).unwrap(), Price::parse(1_000 + n).unwrap())
    };
    Product::new(ProductId(V7Ids.next()), details, at(n))
}

fn customer(n: i64) -> Customer {
    let details = CustomerDetails {
        name: CustomerName::parse(&format!("Ann{n} Buyer")).unwrap(),
        email: EmailAddress::parse(&format!("ann{n}@example.com")).unwrap(),
        phone: PhoneNumber::parse("+14155550100").unwrap(),
    };
    Customer::new(CustomerId(V7Ids.next()), details, at(n * 3))
}

fn order<T>(n: i64, customers: &[(Customer, T)], products: &[Product]) -> Order {
    let of = |length: usize| usize::try_from(n).unwrap() % length;
    let product = &products[of(products.len())];
    let offer = Offer {
        product_id: product.id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        price: product.price,
        status: ProductStatus::Active,
        on_hand: 10_000,
        restock_threshold: 0,
        tax_and_shipping: TaxAndShipping::default(),
    };
    let line = Line { product_id: product.id, quantity: Quantity::parse(1).unwrap(), offer: Some(offer) };
    let placement = Placement { customer_id: customers[of(customers.len())].0.id, shipping_address: None, note: None };
    let shop = domain::Shop { currency: Currency::parse("USD").unwrap(), lead_time_days: 5 };
    Order::place(OrderId(V7Ids.next()), placement, &[line], shop, at(n)).unwrap()
}
