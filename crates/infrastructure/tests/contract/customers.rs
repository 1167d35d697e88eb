use std::time::Duration;

use domain::accounts::{FamilyId, Network};
use domain::customers::{Customer, CustomerChange, CustomerFilter, CustomerName, CustomerSort, EmailAddress};
use domain::orders::OrderStatus;
use domain::roles::Role;
use domain::{SearchText, StoreError};
use sea_orm::ConnectionTrait as _;

use crate::support::{NOW, TestDb, customer, every_page, id, order, product, token};

on_every_database!(
    an_email_address_is_unique_regardless_of_case_r14,
    a_name_that_looks_like_a_constraint_is_stored_as_a_name_r14,
    a_customer_can_be_locked_changed_and_deleted_r12_r13,
    a_changed_email_address_is_unique_regardless_of_case_r12_r14,
    customers_are_listed_oldest_or_newest_first_without_gap_or_repetition_r11_r239,
    two_spellings_of_a_mailbox_are_one_address,
    addresses_of_before_are_compared_in_ascii_and_keep_working,
    the_customers_that_are_found_idle_are_those_of_whom_the_domain_says_so_r275,
);

async fn an_email_address_is_unique_regardless_of_case_r14(db: TestDb) {
    db.add_customer("ann@example.com").await;
    let mut tx = db.begin().await;
    let refused = tx.customers().insert(&customer("ANN@Example.com")).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
    drop(tx);
    db.add_customer("änn@example.com").await;
    db.add_customer("ann@example.com.au").await;
    assert_eq!(db.number("SELECT COUNT(*) FROM customers").await, 3);
}

async fn a_name_that_looks_like_a_constraint_is_stored_as_a_name_r14(db: TestDb) {
    let email = "products_sku_unique@accounts.username";
    db.add_customer(email).await;
    let mut tx = db.begin().await;
    let refused = tx.customers().insert(&customer(email)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
}

async fn a_customer_can_be_locked_changed_and_deleted_r12_r13(db: TestDb) {
    let ann = db.add_customer("ann@example.com").await;
    assert_eq!(db.database.queries().customers.get(ann.id).await.unwrap().as_ref(), Some(&ann));
    let change = CustomerChange { name: CustomerName::parse("Änn").ok(), ..CustomerChange::default() };
    let changed = ann.changed(&change, NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.customers().lock(ann.id).await.unwrap().as_ref(), Some(&ann));
    tx.customers().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().customers.get(ann.id).await.unwrap(), Some(changed));
    db.erase(ann.id, None, NOW).await;
    assert_eq!(db.begin().await.customers().lock(ann.id).await.unwrap(), None);
    assert_eq!(db.database.queries().customers.get(ann.id).await.unwrap(), None);
}

async fn a_changed_email_address_is_unique_regardless_of_case_r12_r14(db: TestDb) {
    let (ann, bob) = (db.add_customer("ann@example.com").await, db.add_customer("bob@example.com").await);
    let to = |email| CustomerChange { email: EmailAddress::parse(email).ok(), ..CustomerChange::default() };
    let mut tx = db.begin().await;
    tx.customers().update(&bob.changed(&to("BOB@example.com"), NOW)).await.unwrap();
    let refused = tx.customers().update(&ann.changed(&to("Bob@Example.com"), NOW)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{refused:?}");
}

async fn customers_are_listed_oldest_or_newest_first_without_gap_or_repetition_r11_r239(db: TestDb) {
    let mut all = Vec::new();
    for index in 0..7 {
        all.push(db.add_customer(&format!("ann{index}@example.com")).await);
    }
    let customers = db.database.queries().customers;
    for limit in [1, 3, 7, 100] {
        for (sort, is_turned) in
            [(None, false), (Some(CustomerSort::Oldest), false), (Some(CustomerSort::Newest), true)]
        {
            for search in [None, SearchText::parse("example").unwrap()] {
                let filter = CustomerFilter { sort, search, ..CustomerFilter::default() };
                let read = async |page| customers.list(&filter, &page).await.unwrap();
                let mut found = every_page(limit, read).await;
                if is_turned {
                    found.reverse();
                }
                assert_eq!(found, all, "{filter:?} in pages of {limit}");
            }
        }
    }
}

async fn two_spellings_of_a_mailbox_are_one_address(db: TestDb) {
    let ann = db.add_customer("ann@bücher.example").await;
    for same in ["ANN@xn--bcher-kva.example", "ann@BU\u{308}CHER.example"] {
        let mut tx = db.begin().await;
        let refused = tx.customers().insert(&customer(same)).await;
        assert!(matches!(refused, Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL))), "{same}: {refused:?}");
    }
    let found = db.database.customers_by_email(&[EmailAddress::parse("ann@XN--bcher-kva.example").unwrap()]).await;
    assert_eq!(found.unwrap(), [ann]);
    db.add_customer("संपर्क@डाटामेल.भारत").await;
    db.add_customer("u@[IPv6:2001:db8::1]").await;
}

/// A customer as a version before this one stored it: its address is compared in lower case alone.
async fn customer_of_before(db: &TestDb, email: &str) -> Customer {
    let customer = db.add_customer(email).await;
    let old = format!("UPDATE customers SET email_key = '{}' WHERE id = ?", email.to_lowercase());
    assert_eq!(db.execute(&old, customer.id.0).await.unwrap(), 1);
    customer
}

async fn addresses_of_before_are_compared_in_ascii_and_keep_working(db: TestDb) {
    let (ann, bob) =
        (customer_of_before(&db, "ann@bücher.example").await, customer_of_before(&db, "bob@bücher.example").await);
    let ascii = db.add_customer("bob@XN--bcher-kva.example").await;
    // As after an update of the program.
    db.raw.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE '%email_keys_in_ascii'").await.unwrap();
    db.database.migrate_up().await.unwrap();

    let key = |email: &str| EmailAddress::parse(email).unwrap();
    let wanted = [key("ann@xn--bcher-kva.example"), key("bob@bücher.example")];
    let mut found = db.database.customers_by_email(&wanted).await.unwrap();
    found.sort_by_key(|customer| customer.id.0);
    assert_eq!(found, [ann.clone(), ascii]);
    // Bob is one of two with one mailbox. He can still be changed.
    let change = CustomerChange { name: CustomerName::parse("Robert").ok(), ..CustomerChange::default() };
    for customer in [ann, bob] {
        let changed = customer.changed(&change, NOW + Duration::from_secs(1));
        let mut tx = db.begin().await;
        tx.customers().update(&changed).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.database.queries().customers.get(changed.id).await.unwrap(), Some(changed));
    }
}

/// A customer with an account, logged in from a network, a cart and a delivered order, all of them of `NOW`.
async fn add_active(db: &TestDb) -> Customer {
    let ann = db.add_customer("ann@example.com").await;
    let account = db.add_account("ann", Some(ann.id)).await;
    let mut tx = db.begin().await;
    tx.refresh_tokens().insert(&token(account.id, FamilyId(id()))).await.unwrap();
    tx.known_networks().remember(account.id, Network::of("192.0.2.1".parse().unwrap()), NOW).await.unwrap();
    tx.carts().lock_and_bump(ann.id, NOW).await.unwrap();
    tx.orders().insert(&order(ann.id, &[&product("Mug", None)], NOW)).await.unwrap();
    tx.commit().await.unwrap();
    db.execute("UPDATE orders SET status = 'delivered' WHERE customer_id = ?", ann.id.0).await.unwrap();
    ann
}

async fn the_customers_that_are_found_idle_are_those_of_whom_the_domain_says_so_r275(db: TestDb) {
    let (ann, bob) = (add_active(&db).await, db.add_customer("bob@example.com").await);
    let before = NOW + Duration::from_secs(1);
    let micros = |at: domain::UtcDateTime| i64::try_from(at.unix_timestamp_nanos() / 1000).unwrap();
    let is_idle = async |customer: &Customer| {
        let found = db.database.queries().customers.idle(before, None, 100).await.unwrap();
        let found = found.into_iter().find_map(|(id, is_idle)| (id == customer.id).then_some(is_idle));
        let said = db.begin().await.customers().last_activity(customer.id).await.unwrap().is_idle(before);
        assert_eq!(found, Some(said));
        said
    };
    let of_account = "WHERE account_id = (SELECT id FROM accounts WHERE customer_id = ?)";
    let parts = [
        ("customers SET updated_at", "WHERE id = ?"),
        ("accounts SET updated_at", "WHERE customer_id = ?"),
        ("accounts SET seen_at", "WHERE customer_id = ?"),
        ("refresh_tokens SET created_at", of_account),
        ("known_networks SET seen_at", of_account),
        ("carts SET updated_at", "WHERE customer_id = ?"),
        ("orders SET updated_at", "WHERE customer_id = ?"),
    ];
    let set = async |part: (&str, &str), value: String| {
        let sql = format!("UPDATE {} = {value} {}", part.0, part.1);
        assert_eq!(db.execute(&sql, ann.id.0).await.unwrap(), 1, "{sql}");
    };
    set(parts[2], (micros(NOW) + 1).to_string()).await;
    assert!(is_idle(&ann).await && is_idle(&bob).await);
    for part in parts {
        set(part, micros(before).to_string()).await;
        assert!(!is_idle(&ann).await, "{part:?}");
        set(part, (micros(before) - 1).to_string()).await;
        assert!(is_idle(&ann).await, "{part:?}");
    }
    for status in OrderStatus::ALL {
        set(("orders SET status", "WHERE customer_id = ?"), format!("'{}'", status.as_str())).await;
        assert_eq!(is_idle(&ann).await, status.is_final(), "{status:?}");
    }
    set(("orders SET status", "WHERE customer_id = ?"), "'delivered'".to_owned()).await;
    for role in Role::FIXED {
        set(("accounts SET role", "WHERE customer_id = ?"), format!("'{}'", role.as_str())).await;
        assert_eq!(is_idle(&ann).await, role == Role::Customer, "{role:?}");
    }
}
