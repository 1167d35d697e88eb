//! A customer who goes leaves nothing behind.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use application::accounts::CreateAccount;
use application::carts::AddItem;
use application::customers::{CreateCustomer, DeleteCustomer, UpdateCustomer};
use application::notes::CreateNote;
use application::orders::{CancelOrder, PlaceOrder};
use application::payments::{AnswerOperation, SettlePayment};
use application::{Actor, AuditFilter, StoredResponse};
use domain::accounts::{FamilyId, Network, PasswordHash, ThrottleKey, ThrottlePolicy, TokenHash, Username};
use domain::addresses::{Address, City, Company, CountryCode, PostalCode, Recipient, Region, Street};
use domain::checkout::GivenCodes;
use domain::customers::{CustomerChange, CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use domain::keys::Principal;
use domain::mails::{Message, MessageId, OneTimeToken, Purpose, Topic};
use domain::notes::{NoteOwner, NoteText};
use domain::orders::{Items, Note, Order, OrderFilter, OrderScope, Placement};
use domain::payments::{
    MethodLabel, NextStep, OperationKind, OperationResult, OrderPayments, Payment, PaymentKey, PaymentOperation,
    PaymentStatus, ProviderAnswer, ProviderError, Receipt, Refund, ReturnUrl, Said, Snapshot,
};
use domain::personal_data::{PERSONAL_DATA, Person, PersonalData};
use domain::pricing::{PriceBook, PricingData};
use domain::promotions::{PromotionStatus, Redemption};
use domain::roles::Role;
use domain::sessions::{Agent, Session, SessionId};
use domain::{Lease, MailTemplate, Quantity};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::support::{NOW, TestDb, at_once, claim, first, id, order, product, token};
use crate::{payments, promotions};

on_every_database!(
    a_deleted_customer_leaves_nothing_personal_in_any_table_r13,
    a_payment_of_an_erased_customer_takes_over_money_and_nothing_personal_r13_r89,
    a_notice_during_an_erasure_leaves_no_personal_data_r13_r89,
    every_column_with_text_is_in_the_map_or_known_to_hold_nothing_personal_r276,
);

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

/// An order of these items in a shop whose prices are plain.
fn place(placement: Placement, items: Items) -> PlaceOrder {
    PlaceOrder {
        placement,
        items: Some(items),
        method: None,
        codes: GivenCodes::default(),
        expected_total: None,
        book: Arc::new(PriceBook::new(Arc::default(), PricingData::default())),
    }
}

#[expect(clippy::too_many_lines, reason = "it needs something in every table")]
async fn a_deleted_customer_leaves_nothing_personal_in_any_table_r13(db: TestDb) {
    let root = db.add_account("root", None).await;
    let admin = db.runner().acting(Actor { who: Principal::Account(root.id), request_id: "r-1".into() });
    let details = CustomerDetails {
        name: CustomerName::parse("Zaphodina Beeblebrox").unwrap(),
        email: EmailAddress::parse("Zaphodina@example.net").unwrap(),
        phone: PhoneNumber::parse("+14155559999").unwrap(),
    };
    let customer = admin.run(CreateCustomer(details)).await.unwrap();
    let create = CreateAccount {
        customer_id: Some(customer.id),
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
    let place = place(placement, Items::parse(vec![(product_id, quantity)]).unwrap());
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
    for owner in [NoteOwner::Order(order.id), NoteOwner::Customer(customer.id)] {
        let text = NoteText::parse("Zaphodina Beeblebrox called").unwrap();
        admin.run(CreateNote { owner, text }).await.unwrap();
    }
    let mut tx = db.begin().await;
    tx.refresh_tokens().insert(&token(account.id, FamilyId(id()))).await.unwrap();
    let home = Network::of("192.0.2.1".parse().unwrap());
    tx.known_networks().remember(account.id, home, NOW).await.unwrap();
    let agent = Agent::of("a browser");
    let session = Session::begin(SessionId(id()), &account, TokenHash([9; 32]), agent, home.to_string(), NOW);
    tx.sessions().insert(&session).await.unwrap();
    let topic = Topic {
        template: MailTemplate::EmailVerify,
        occasion: None,
        subject_id: account.id.0,
        customer_id: Some(customer.id),
        recipient: Some(customer.email.clone()),
    };
    tx.mails().queue(&[Message::new(MessageId(id()), topic, NOW)]).await.unwrap();
    let (hash, email) = (TokenHash([7; 32]), Some(customer.email.clone()));
    tx.mails().put_token(&OneTimeToken::new(hash, Purpose::Verify, account.id, email, NOW)).await.unwrap();
    tx.mails().verified(customer.id, &customer.email, NOW).await.unwrap();
    let keys = [ThrottleKey::Account(account.username.clone()), ThrottleKey::Known(account.id, home)];
    let policy = ThrottlePolicy { per_account: 10, per_address: 10, window: Duration::from_mins(1) };
    tx.login_failures().record(&keys, &policy, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let promotion = promotions::add(&db, promotions::details("Summer"), PromotionStatus::Active).await;
    let mut hers = promotions::code(&promotion, "Only-Zaphodina", None);
    hers.coupon.customer_id = Some(customer.id);
    promotions::add_codes(&db, std::slice::from_ref(&hers)).await.unwrap();
    let coupon = Some((&hers.key, &hers.coupon));
    let used = Redemption::of((order.id, customer.id), &(&promotion).into(), coupon, 500, NOW);
    let mut tx = db.begin().await;
    tx.promotions().redeem(&[Redemption { coupon: None, ..used }]).await.unwrap();
    tx.commit().await.unwrap();
    pay(&db, &order).await;
    let person = Person { customer_id: Some(customer.id), account: Some(account.clone()) };
    export_has_all(&db, &person).await;
    let before = traces(&db).await;
    for word in PERSONAL {
        assert!(before.iter().any(|trace| trace.starts_with(word)), "{word} should be somewhere: {before:?}");
    }

    let gone = admin.run(DeleteCustomer { id: customer.id, expected: None }).await.unwrap();

    assert_eq!(gone, Some(account.id));
    assert_eq!(traces(&db).await, BTreeSet::new());
    let nothing = db.database.queries().personal_data.export(&person).await.unwrap();
    let parts = |data: &PersonalData| -> Vec<_> {
        data.iter().filter(|(_, rows)| !rows.is_empty()).map(|(part, _)| *part).collect()
    };
    assert_eq!(
        parts(&nothing),
        [
            "orders",
            "order_lines",
            "order_history",
            "promotions",
            "payments",
            "receipts",
            "refunds",
            "disputes",
            "changes"
        ],
        "what stays tells of nobody"
    );
    for table in ["customers", "customer_words", "carts", "cart_items", "refresh_tokens", "login_failures"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM idempotency_keys").await, 1, "the key of another stays used");
    let again = db.runner().run_once(Some(of_another), place, respond).await;
    assert!(matches!(again, Err(application::Error::NotFound("customer"))), "{again:?}");
    let kept = orders.get(order.id, OrderScope::All).await.unwrap().unwrap();
    assert_eq!((kept.total, kept.lines.len(), kept.shipping_address, kept.note), (order.total, 1, None, None));
    let log = db.database.queries().audit.list(&AuditFilter::default(), &first(20)).await.unwrap().items;
    let actions: Vec<_> = log.iter().rev().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["customers.create", "accounts.create", "customers.update", "notes.create", "notes.create", "customers.delete"]
    );
    assert!(log.iter().all(|entry| entry.actor.who == Principal::Account(root.id) && entry.at > NOW));
}

/// A payment of an order that tells who paid, with all that may belong to one.
async fn pay(db: &TestDb, order: &Order) {
    let said = Some(ProviderError::new("declined", "Zaphodina Beeblebrox has no money"));
    let payment = Payment {
        method_label: MethodLabel::parse("Zaphodina Beeblebrox's card").ok(),
        return_url: ReturnUrl::parse("https://shop.example/thanks?who=zaphodina").ok(),
        last_error: said.clone(),
        ..payments::payment(order, PaymentStatus::Captured, 900)
    };
    let refund = Refund { note: Note::parse("It did not fit").ok(), ..payments::refund(&payment, 5) };
    let operation = PaymentOperation { error: said, ..payments::operation(&payment, OperationKind::Refund) };
    let dispute = payments::dispute(&payment, "dp_1");
    let receipt = Receipt {
        provider: payment.provider.clone(),
        reference: payments::reference("line 7"),
        payment_id: payment.id,
        amount: 900,
        received_on: NOW.date(),
        recorded_at: NOW,
    };
    let mut tx = db.begin().await;
    tx.payments().open(&payments::balance(order)).await.unwrap();
    tx.payments().add_receipt(&receipt).await.unwrap();
    tx.commit().await.unwrap();
    let add = |all: &mut OrderPayments| {
        all.payments.push(payment);
        all.refunds.push(refund);
        all.operations.push(operation);
        all.disputes.push(dispute);
        Some(Vec::new())
    };
    payments::change(db, order.id, add).await.unwrap();
}

/// An order of a customer who is paying for it, with a void that this server carries out.
async fn paying(db: &TestDb, name: &str) -> (Order, Payment, PaymentOperation) {
    let customer = db.add_customer(&format!("{name}@example.com")).await;
    let order = order(customer.id, &[&product("Cup", None)], NOW);
    let order = Order { balance: Some(payments::balance(&order)), ..order };
    payments::add(db, &order).await;
    let payment = Payment {
        reference: Some(payments::reference(&format!("pi_{name}"))),
        ..payments::payment(&order, PaymentStatus::Processing, 0)
    };
    let lease = Some(Lease { holder: id(), until: NOW + Duration::from_hours(24 * 365 * 99) });
    let void = PaymentOperation { lease, ..payments::operation(&payment, OperationKind::Void) };
    let (paid, voids) = (payment.clone(), void.clone());
    let add = |all: &mut OrderPayments| {
        all.payments.push(paid);
        all.operations.push(voids);
        Some(Vec::new())
    };
    payments::change(db, order.id, add).await.unwrap();
    (order, payment, void)
}

/// What a provider says of a payment: by whom it is paid, and why not yet.
fn says(payment: &Payment, status: PaymentStatus) -> Snapshot {
    let captured = if status == PaymentStatus::Captured { payment.amount } else { 0 };
    Snapshot {
        status,
        authorised: captured,
        captured,
        method_label: MethodLabel::parse("Zaphodina Beeblebrox's card").ok(),
        error: Some(ProviderError::new("declined", "Zaphodina Beeblebrox has no money")),
        ..Snapshot::of(payment, payment.reference.clone().unwrap())
    }
}

async fn settle(db: &TestDb, payment: &Payment, status: PaymentStatus) -> Payment {
    let key = PaymentKey::Payment(payment.id);
    let now = db.database.queries().payments.get(payment.id, OrderScope::All).await.unwrap().unwrap();
    let settle = SettlePayment { key, said: says(payment, status), asked_at: Some(now.version) };
    db.runner().run(settle).await.unwrap().payment
}

async fn a_payment_of_an_erased_customer_takes_over_money_and_nothing_personal_r13_r89(db: TestDb) {
    let root = db.add_account("root", None).await;
    let admin = db.runner().acting(Actor { who: Principal::Account(root.id), request_id: "r-1".into() });
    let (order, payment, void) = paying(&db, "ann").await;
    settle(&db, &payment, PaymentStatus::RequiresAction).await;
    let found = traces(&db).await;
    assert!(found.contains("beeblebrox in payments"), "it is written down as long as there is a customer: {found:?}");
    admin.run(DeleteCustomer { id: order.customer_id, expected: None }).await.unwrap();
    assert_eq!(traces(&db).await, BTreeSet::new());

    // A poll, or a notice.
    let open = settle(&db, &payment, PaymentStatus::Processing).await;
    assert_eq!((open.status, &open.method_label), (PaymentStatus::Processing, &None));
    let declined = settle(&db, &payment, PaymentStatus::RequiresAction).await;
    assert_eq!(declined.status, PaymentStatus::RequiresAction);
    assert_eq!(declined.last_error, Some(ProviderError::new("declined", "")));
    // The answer to an operation.
    let error = ProviderError::new("busy", "Zaphodina Beeblebrox is locked");
    let said = Said::Called(ProviderAnswer::Unknown { retry_after: None, is_kept: false, error });
    let result =
        OperationResult { said, has_looked: false, asked_at: declined.version, holder: void.lease.unwrap().holder };
    let answered = db.runner().run(AnswerOperation { order_id: order.id, id: void.id, result }).await.unwrap();
    assert_eq!(answered.step, NextStep::Wait);
    let operation = db.database.queries().payments.operations(payment.id).await.unwrap().remove(0);
    assert_eq!(operation.error, Some(ProviderError::new("busy", "")));
    // Money.
    let paid = settle(&db, &payment, PaymentStatus::Captured).await;
    assert_eq!((paid.captured, paid.method_label, paid.status), (payment.amount, None, PaymentStatus::Captured));
    assert_eq!(traces(&db).await, BTreeSet::new());
}

async fn a_notice_during_an_erasure_leaves_no_personal_data_r13_r89(db: TestDb) {
    let root = db.add_account("root", None).await;
    for n in 0..10 {
        let (order, payment, _) = paying(&db, &format!("ann{n}")).await;
        let at_once = at_once(3, |who| {
            let (db, payment, root, customer) = (db.clone(), payment.clone(), root.id, order.customer_id);
            async move {
                if who == 0 {
                    let admin = db.runner().acting(Actor { who: Principal::Account(root), request_id: "r-1".into() });
                    admin.run(DeleteCustomer { id: customer, expected: None }).await.unwrap();
                } else {
                    settle(&db, &payment, [PaymentStatus::RequiresAction, PaymentStatus::Captured][who - 1]).await;
                }
            }
        });
        at_once.await;
        assert_eq!(traces(&db).await, BTreeSet::new(), "round {n}");
        let paid = db.database.queries().payments.get(payment.id, OrderScope::All).await.unwrap().unwrap();
        assert_eq!(paid.captured, payment.amount);
    }
}

/// The export has each part that the map names, every personal word, and no secret.
async fn export_has_all(db: &TestDb, person: &Person) {
    let data = db.database.queries().personal_data.export(person).await.unwrap();
    let empty: Vec<_> = data.iter().filter(|(_, rows)| rows.is_empty()).map(|(part, _)| *part).collect();
    assert_eq!(empty, [""; 0], "a part of the map that this test has no data for");
    let text = format!("{data:?}").to_lowercase();
    for word in PERSONAL {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains(&"x".repeat(60)), "{text}");
}

/// Columns with text or bytes that hold nothing of a person, by table. Ids are left out.
const NOT_PERSONAL: &[(&str, &[&str])] = &[
    ("attributes", &["code", "name", "type", "unit"]),
    ("audit_log", &["request_id", "action", "resource"]),
    ("changes", &["topic"]),
    ("collections", &["name", "slug", "filter", "sort", "description"]),
    ("leases", &["task", "holder"]),
    ("task_runs", &["task", "failure"]),
    ("imports", &["status", "options", "header", "problem", "actor", "held_by", "selection", "bulk_change"]),
    ("import_rows", &["status", "data", "problem", "before_import", "notes"]),
    ("notes", &["owner_kind"]),
    ("media", &["hash", "type", "encoding"]),
    ("media_uses", &["owner_kind", "alt"]),
    ("order_history", &["status"]),
    ("order_lines", &["sku", "name"]),
    ("order_adjustments", &["kind", "share", "code", "label", "treatment"]),
    ("orders", &["status", "currency", "expected_delivery", "carrier", "tracking_number", "adjustment_list"]),
    ("accounts", &["role"]),
    // Keys are of programs. `made_by` is an id, and the network is that of a server.
    ("api_keys", &["name", "prefix", "hash", "next_hash", "scopes", "made_by", "last_used_network"]),
    ("roles", &["name", "scopes"]),
    ("outbox", &["topic", "subject", "data"]),
    ("events", &["event_type", "stream", "data"]),
    ("event_positions", &["holder"]),
    ("test_payments", &["reference", "currency", "capture", "script", "journal"]),
    ("order_balances", &["terms", "status", "placed_terms"]),
    ("payments", &["kind", "capture", "last_error_code", "finding"]),
    // `requested_by` is an administrator, as in the audit log.
    ("payment_operations", &["kind", "status", "lease_holder", "requested_by", "error_code"]),
    ("refunds", &["origin", "requested_by"]),
    ("payment_receipts", &["provider"]),
    // No notice says whose payment it is about, and none is kept for long.
    ("payment_notices", &["provider", "kind", "reference", "status", "error"]),
    ("ledger_transfers", &["debit", "credit", "currency", "cause"]),
    ("group_values", &["text"]),
    ("page_texts", &["seo_title", "seo_description", "description_html"]),
    ("product_groups", &["name", "words", "slug", "description"]),
    ("product_samples", &["words"]),
    ("product_values", &["text"]),
    ("product_words", &["words"]),
    ("products", &["sku", "name", "name_key", "description", "status", "tax_class", "option_key", "barcode", "slug"]),
    // `who` is a hash of the customer's id, which its orders keep.
    ("promotion_uses", &["who"]),
    ("promotions", &["name", "words", "status", "class", "action", "conditions", "targets", "combines"]),
    ("restocks", &["status"]),
    ("seaql_migrations", &["version"]),
    ("settings", &["name", "value"]),
    ("settings_versions", &["topic"]),
    ("shipping_methods", &["code", "name", "words", "status", "basis", "tax_class"]),
    ("slugs", &["kind", "slug"]),
    ("stock_movements", &["kind", "reference", "reason"]),
    ("tax_classes", &["code", "name"]),
    ("tax_rates", &["tax_class", "code", "name", "starts_on", "ends_on", "treatment"]),
    ("term_slugs", &["slug"]),
    ("terms", &["name", "name_key", "words", "slug", "description", "seo_title", "seo_description"]),
    // Receivers are systems of the shop; what they answer is kept for a month.
    ("webhook_attempts", &["error", "answer"]),
    ("messages", &["lease_holder", "occasion", "reply"]),
    ("feed_readers", &["name"]),
    ("webhook_deliveries", &["status", "lease_holder"]),
    ("webhook_endpoints", &["url", "types", "description", "status"]),
    ("zone_members", &["country", "region", "postal_prefix"]),
    ("zones", &["name", "words", "shipping_tax"]),
];

async fn every_column_with_text_is_in_the_map_or_known_to_hold_nothing_personal_r276(db: TestDb) {
    let columns = if db.is_sqlite() {
        "SELECT t.name, CAST(c.name AS BLOB) FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.type IN ('TEXT', 'BLOB', 'varchar') AND t.sql NOT LIKE '%VIRTUAL TABLE%'"
    } else {
        "SELECT table_name, CAST(column_name AS BINARY) FROM information_schema.columns
        WHERE table_schema = DATABASE() AND data_type IN ('varchar', 'text', 'mediumtext', 'longblob', 'binary')"
    };
    let in_map = |table: &str, column: &str| {
        PERSONAL_DATA.iter().any(|part| part.table == table && part.columns.iter().any(|known| known.name == column))
    };
    let not_personal = |table: &str, column: &str| {
        NOT_PERSONAL.iter().any(|(known, columns)| *known == table && columns.contains(&column))
    };
    let is_id = |column: &str| column == "id" || column.ends_with("_id") || column == "personal_to";
    let all = texts(&db, columns).await;
    assert!(all.len() > 40, "{all:?}");
    let internal = |table: &str| table.starts_with("product_search") || table == "migration_lock";
    let unknown: Vec<_> = all
        .iter()
        .filter(|(table, column)| !internal(table) && !is_id(column))
        .filter(|(table, column)| !in_map(table, column) && !not_personal(table, column))
        .collect();
    assert!(unknown.is_empty(), "personal or not? {unknown:?}");
}
