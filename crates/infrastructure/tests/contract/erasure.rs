//! A customer who goes leaves nothing behind.

use std::collections::BTreeSet;

use application::accounts::CreateAccount;
use application::carts::AddItem;
use application::customers::{CreateCustomer, DeleteCustomer, UpdateCustomer};
use application::orders::{CancelOrder, PlaceOrder};
use application::{Actor, AuditFilter, StoredResponse};
use domain::accounts::{FamilyId, PasswordHash, Role, Username};
use domain::carts::Quantity;
use domain::customers::{CustomerChange, CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use domain::orders::{
    Address, City, Company, CountryCode, Items, Note, OrderFilter, OrderScope, Placement, PostalCode, Recipient,
    Region, Street,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::support::{NOW, TestDb, claim, first, id, token};

on_every_database!(a_deleted_customer_leaves_nothing_personal_in_any_table_r13);

const PERSONAL: [&str; 8] = [
    "zaphodina",
    "beeblebrox",
    "zaphodina@example.net",
    "4155559999",
    "hidden street",
    "back door",
    "ring twice",
    "did not fit",
];

/// Rows of a text and of bytes that need not be one.
async fn texts(db: &TestDb, sql: &str) -> Vec<(String, String)> {
    let statement = Statement::from_string(db.raw.get_database_backend(), sql);
    let rows = db.raw.query_all_raw(statement).await.unwrap();
    let text = |row: &QueryResult| -> (String, String) {
        let bytes: Vec<u8> = row.try_get_by_index(1).unwrap();
        (row.try_get_by_index(0).unwrap(), String::from_utf8_lossy(&bytes).into_owned())
    };
    rows.iter().map(text).collect()
}

/// Which of the personal words are in which table, in whatever column and case.
async fn traces(db: &TestDb) -> BTreeSet<String> {
    let (columns, as_text) = if db.is_sqlite() {
        (
            "SELECT t.name, CAST(GROUP_CONCAT(c.name) AS BLOB) FROM sqlite_schema t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' GROUP BY t.name",
            ("CAST(\"", "\" AS TEXT)", "BLOB"),
        )
    } else {
        (
            "SELECT table_name, CAST(GROUP_CONCAT(column_name) AS BINARY) FROM information_schema.columns
            WHERE table_schema = DATABASE() GROUP BY table_name",
            ("CONVERT(`", "` USING utf8mb4)", "BINARY"),
        )
    };
    let mut traces = BTreeSet::new();
    for (table, columns) in texts(db, columns).await {
        let all: Vec<_> = columns.split(',').map(|column| format!("{}{column}{}", as_text.0, as_text.1)).collect();
        let rows =
            format!("SELECT '{table}', CAST(CONCAT_WS(' ', '', {}) AS {}) FROM {table}", all.join(", "), as_text.2);
        for (table, row) in texts(db, &rows).await {
            let row = row.to_lowercase();
            let found = PERSONAL.iter().filter(|word| row.contains(*word));
            traces.extend(found.map(|word| format!("{word} in {table}")));
        }
    }
    traces
}

async fn a_deleted_customer_leaves_nothing_personal_in_any_table_r13(db: TestDb) {
    let root = db.add_account("root", None).await;
    let admin = db.runner().acting(Actor { account_id: root.id, request_id: "r-1".into() });
    let details = CustomerDetails {
        name: CustomerName::parse("Zaphodina Beeblebrox").unwrap(),
        email: EmailAddress::parse("Zaphodina@example.net").unwrap(),
        phone: PhoneNumber::parse("+14155559999").unwrap(),
    };
    let customer = admin.run(CreateCustomer(details)).await.unwrap();
    let create = CreateAccount {
        customer_id: customer.id,
        username: Username::parse("zaphodina").unwrap(),
        password_hash: PasswordHash::new("x".repeat(60)),
        role: Role::Customer,
    };
    let account = admin.run(create).await.unwrap().account;
    let name = CustomerName::parse("Dr. Zaphodina Beeblebrox").ok();
    let change = CustomerChange { name, ..CustomerChange::default() };
    admin.run(UpdateCustomer { id: customer.id, change, expected: None }).await.unwrap();
    let product_id = db.add_product("Teapot", 9).await.id;
    let quantity = Quantity::parse(1).unwrap();
    db.runner().run(AddItem { customer_id: customer.id, product_id, quantity }).await.unwrap();
    let shipping_address = Some(Address {
        name: Recipient::parse("Zaphodina Beeblebrox").ok(),
        company: Company::parse("Beeblebrox Ltd").ok(),
        phone: PhoneNumber::parse("+14155559999").ok(),
        line1: Street::parse("1 Hidden Street").unwrap(),
        line2: Street::parse("Back door").ok(),
        city: City::parse("Nowhere").unwrap(),
        region: Region::parse("NW").ok(),
        postal_code: PostalCode::parse("12345").ok(),
        country: CountryCode::parse("US").unwrap(),
    });
    let placement = Placement { customer_id: customer.id, shipping_address, note: Note::parse("Ring twice").ok() };
    let place = PlaceOrder { placement, items: Some(Items::parse(vec![(product_id, quantity)]).unwrap()) };
    let body = b"{\"name\": \"Zaphodina Beeblebrox\", \"note\": \"Ring twice\"}".to_vec();
    let kept = StoredResponse { content: body, personal_to: Some(customer.id) };
    let respond = move |_: &_| kept.clone();
    db.runner().run_once(Some(claim(Some(account.id), "key", 1)), place.clone(), respond.clone()).await.unwrap();
    let of_another = claim(Some(root.id), "key", 1);
    db.runner().run_once(Some(of_another.clone()), place.clone(), respond.clone()).await.unwrap();
    let scope = OrderScope::Of(customer.id);
    let orders = db.database.queries().orders;
    let order = orders.list(scope, &OrderFilter::default(), &first(1)).await.unwrap().items.remove(0);
    let cancel = CancelOrder { id: order.id, scope, reason: Note::parse("It did not fit").ok() };
    db.runner().run(cancel).await.unwrap();
    let mut tx = db.begin().await;
    tx.refresh_tokens().insert(&token(account.id, FamilyId(id()))).await.unwrap();
    tx.commit().await.unwrap();
    let before = traces(&db).await;
    for word in PERSONAL {
        assert!(before.iter().any(|trace| trace.starts_with(word)), "{word} should be somewhere: {before:?}");
    }

    let gone = admin.run(DeleteCustomer { id: customer.id, expected: None }).await.unwrap();

    assert_eq!(gone, Some(account.id));
    assert_eq!(traces(&db).await, BTreeSet::new());
    for table in ["customers", "customer_words", "carts", "cart_items", "refresh_tokens"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM idempotency_keys").await, 1, "the key of another stays used");
    let again = db.runner().run_once(Some(of_another), place, respond).await;
    assert!(matches!(again, Err(application::Error::NotFound("customer"))), "{again:?}");
    let kept = orders.get(order.id, OrderScope::All).await.unwrap().unwrap();
    assert_eq!((kept.total, kept.lines.len(), kept.shipping_address, kept.note), (order.total, 1, None, None));
    let log = db.database.queries().audit.list(&AuditFilter::default(), &first(20)).await.unwrap().items;
    let actions: Vec<_> = log.iter().rev().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["customers.create", "accounts.create", "customers.update", "customers.delete"]);
    assert!(log.iter().all(|entry| entry.actor.account_id == root.id && entry.at > NOW));
}
