use std::time::Duration;

use application::accounts::UpdateAccount;
use application::{Conflict, Error};
use domain::accounts::{
    Account, AccountChange, AccountId, AccountWithCustomer, FamilyId, PasswordHash, RefreshToken, TokenHash, Username,
};
use domain::customers::{CustomerId, EmailAddress};
use domain::roles::Role;
use domain::{StoreError, Version};
use tokio::time::timeout;

use crate::support::{NOW, TestDb, account, at_once, claim, every_page, id, token};

on_every_database!(
    an_account_is_stored_and_read_with_its_customer_r4,
    an_unknown_account_is_none_r2,
    an_account_is_found_by_the_email_address_of_its_customer,
    the_highest_cost_of_a_password_is_known,
    a_login_is_alive_while_it_has_refresh_tokens,
    a_user_name_is_unique_r24,
    a_customer_has_one_account_and_administrators_have_no_customer_r20,
    an_account_of_an_unknown_customer_is_refused_r20,
    a_new_administrator_is_visible_within_its_transaction_r7,
    a_locked_account_makes_others_wait_r23,
    the_smallest_and_the_largest_number_are_stored_unchanged,
    a_refresh_token_is_unique_and_needs_an_account_r3,
    a_changed_account_is_stored_and_its_name_stays_unique_r22,
    deleting_an_account_deletes_its_tokens_and_stored_responses_but_not_the_customer_r23,
    accounts_are_listed_with_their_customers_without_gap_or_repetition_r21,
    staff_are_listed_without_customers_and_customers_without_staff_r22,
    two_administrators_who_demote_each_other_leave_one_administrator_r23,
    only_active_administrators_are_counted_r23,
);

async fn an_account_is_stored_and_read_with_its_customer_r4(db: TestDb) {
    let customer = db.add_customer("ann@example.com").await;
    let account = db.add_account("ann", Some(customer.id)).await;
    let accounts = db.database.queries().accounts;
    assert_eq!(accounts.by_username(&account.username).await.unwrap().as_ref(), Some(&account));
    assert_eq!(
        accounts.access(account.id, None).await.unwrap(),
        Some(account.access(account.role.fixed_scopes().unwrap()))
    );
    let names = accounts.usernames(&[account.id, AccountId(id())]).await.unwrap();
    assert_eq!(names, [(account.id, account.username.clone())]);
    assert!(accounts.usernames(&[]).await.unwrap().is_empty());
    let both = accounts.with_customer(account.id).await.unwrap();
    assert_eq!(both, Some(AccountWithCustomer { account, customer: Some(customer) }));
}

async fn an_unknown_account_is_none_r2(db: TestDb) {
    let (accounts, nobody) = (db.database.queries().accounts, AccountId(id()));
    assert_eq!(accounts.by_username(&Username::parse("nobody").unwrap()).await.unwrap(), None);
    assert_eq!(accounts.access(nobody, None).await.unwrap(), None);
    assert_eq!(accounts.with_customer(nobody).await.unwrap(), None);
    assert_eq!(db.begin().await.accounts().lock(nobody).await.unwrap(), None);
}

async fn a_user_name_is_unique_r24(db: TestDb) {
    db.add_account("root", None).await;
    let mut tx = db.begin().await;
    let refused = tx.accounts().insert(&account("root", None)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Account::UNIQUE_USERNAME))), "{refused:?}");
}

async fn a_customer_has_one_account_and_administrators_have_no_customer_r20(db: TestDb) {
    let customer = db.add_customer("ann@example.com").await;
    db.add_account("ann", Some(customer.id)).await;
    let mut tx = db.begin().await;
    let refused = tx.accounts().insert(&account("ann2", Some(customer.id))).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Account::UNIQUE_CUSTOMER))), "{refused:?}");
    drop(tx);
    db.add_account("root", None).await;
    let other = db.add_account("root2", None).await;
    let found = db.database.queries().accounts.with_customer(other.id).await.unwrap();
    assert_eq!(found, Some(AccountWithCustomer { account: other, customer: None }));
}

async fn an_account_of_an_unknown_customer_is_refused_r20(db: TestDb) {
    let mut tx = db.begin().await;
    let refused = tx.accounts().insert(&account("ann", Some(CustomerId(id())))).await;
    assert!(matches!(refused, Err(StoreError::Internal(_))), "{refused:?}");
}

async fn a_new_administrator_is_visible_within_its_transaction_r7(db: TestDb) {
    let mut tx = db.begin().await;
    assert!(!tx.accounts().any_with_role(Role::Admin).await.unwrap());
    tx.accounts().insert(&account("root", None)).await.unwrap();
    assert!(tx.accounts().any_with_role(Role::Admin).await.unwrap());
    assert!(!tx.accounts().any_with_role(Role::Customer).await.unwrap());
}

async fn a_locked_account_makes_others_wait_r23(db: TestDb) {
    let account = db.add_account("root", None).await;
    let mut first = db.begin().await;
    assert_eq!(first.accounts().lock(account.id).await.unwrap().as_ref(), Some(&account));
    let other = db.clone();
    let mut second = tokio::spawn(async move { other.begin().await.accounts().lock(account.id).await });
    let early = timeout(Duration::from_millis(300), &mut second).await;
    assert!(early.is_err(), "the second one did not wait: {early:?}");
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap().unwrap().unwrap().username.as_str(), "root");
}

async fn the_smallest_and_the_largest_number_are_stored_unchanged(db: TestDb) {
    for (username, number) in [("small", i64::MIN), ("large", i64::MAX)] {
        let mut account = account(username, None);
        (account.token_epoch, account.version) = (number, Version(number));
        let mut tx = db.begin().await;
        tx.accounts().insert(&account).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.database.queries().accounts.by_username(&account.username).await.unwrap(), Some(account));
    }
}

async fn a_refresh_token_is_unique_and_needs_an_account_r3(db: TestDb) {
    let account = db.add_account("root", None).await;
    let with = |account_id, hash| RefreshToken { hash: TokenHash([hash; 32]), ..token(account_id, FamilyId(id())) };
    let mut tx = db.begin().await;
    tx.refresh_tokens().insert(&with(account.id, 1)).await.unwrap();
    tx.refresh_tokens().insert(&with(account.id, 2)).await.unwrap();
    let again = tx.refresh_tokens().insert(&with(account.id, 1)).await;
    assert!(matches!(again, Err(StoreError::Internal(_))), "{again:?}");
    let nobodys = tx.refresh_tokens().insert(&with(AccountId(id()), 3)).await;
    assert!(matches!(nobodys, Err(StoreError::Internal(_))), "{nobodys:?}");
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM refresh_tokens").await, 2);
}

async fn a_changed_account_is_stored_and_its_name_stays_unique_r22(db: TestDb) {
    let customer = db.add_customer("ann@example.com").await;
    let (ann, root) = (db.add_account("ann", Some(customer.id)).await, db.add_account("root", None).await);
    let to = |name| AccountChange { username: Username::parse(name).ok(), active: Some(false), ..Default::default() };
    let changed = ann.changed(&to("anna"), NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.accounts().lock_of_customer(customer.id).await.unwrap(), Some(ann.clone()));
    assert_eq!(tx.accounts().lock_of_customer(CustomerId(id())).await.unwrap(), None);
    tx.accounts().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().accounts.with_customer(ann.id).await.unwrap().unwrap().account, changed);
    let refused = db.begin().await.accounts().update(&root.changed(&to("anna"), NOW)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Account::UNIQUE_USERNAME))), "{refused:?}");
}

async fn deleting_an_account_deletes_its_tokens_and_stored_responses_but_not_the_customer_r23(db: TestDb) {
    let customer = db.add_customer("ann@example.com").await;
    let (ann, root) = (db.add_account("ann", Some(customer.id)).await, db.add_account("root", None).await);
    let mut tx = db.begin().await;
    for account in [ann.id, root.id] {
        tx.refresh_tokens().insert(&token(account, FamilyId(id()))).await.unwrap();
        tx.idempotency().claim(&claim(Some(account), "key", 1), NOW, NOW).await.unwrap();
    }
    tx.accounts().delete(ann.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.queries().accounts.access(ann.id, None).await.unwrap(), None);
    assert!(db.database.queries().customers.get(customer.id).await.unwrap().is_some());
    for table in ["accounts", "refresh_tokens", "idempotency_keys"] {
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
}

async fn accounts_are_listed_with_their_customers_without_gap_or_repetition_r21(db: TestDb) {
    let mut all = Vec::new();
    for index in 0..7 {
        let customer = if index % 2 == 0 { Some(db.add_customer(&format!("{index}@example.com")).await) } else { None };
        let account = db.add_account(&format!("user{index}"), customer.as_ref().map(|customer| customer.id)).await;
        all.push(AccountWithCustomer { account, customer });
    }
    let accounts = db.database.queries().accounts;
    for limit in [1, 3, 7, 100] {
        let read = async |page| accounts.list(None, &page).await.unwrap();
        assert_eq!(every_page(limit, read).await, all, "in pages of {limit}");
    }
}

async fn staff_are_listed_without_customers_and_customers_without_staff_r22(db: TestDb) {
    let mut all = Vec::new();
    for (index, role) in
        [Role::Customer, Role::Clerk, Role::Admin, Role::Customer, Role::Viewer].into_iter().enumerate()
    {
        let account = db.add_account(&format!("user{index}"), None).await;
        let change = AccountChange { role: Some(role), ..Default::default() };
        let account = account.changed(&change, NOW);
        let mut tx = db.begin().await;
        tx.accounts().update(&account).await.unwrap();
        tx.commit().await.unwrap();
        all.push(account);
    }
    let accounts = db.database.queries().accounts;
    for limit in [1, 2, 100] {
        for staff in [true, false] {
            let read = async |page| accounts.list(Some(staff), &page).await.unwrap();
            let found: Vec<_> = every_page(limit, read).await.into_iter().map(|found| found.account).collect();
            let wanted: Vec<_> = all.iter().filter(|account| staff == account.role.is_staff()).cloned().collect();
            assert_eq!(found, wanted, "staff: {staff}, in pages of {limit}");
        }
    }
}

async fn two_administrators_who_demote_each_other_leave_one_administrator_r23(db: TestDb) {
    let (ann, bob) = (db.add_account("ann", None).await, db.add_account("bob", None).await);
    let outcomes = at_once(2, |index| {
        let (runner, victim) = (db.runner(), if index == 0 { bob.id } else { ann.id });
        let change = AccountChange { role: Some(Role::Customer), ..Default::default() };
        async move { runner.run(UpdateAccount { id: victim, change, expected: None }).await }
    })
    .await;
    let refused = |outcome: &&Result<Account, Error>| matches!(outcome, Err(Error::Conflict(Conflict::LastAdmin)));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(refused).count(), 1, "{outcomes:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM accounts WHERE role = 'admin'").await, 1);
}

async fn only_active_administrators_are_counted_r23(db: TestDb) {
    let customer = db.add_customer("ann@example.com").await;
    db.add_account("ann", Some(customer.id)).await;
    let (first, second) = (db.add_account("root", None).await, db.add_account("root2", None).await);
    let asleep = db.add_account("root3", None).await;
    let sleep = AccountChange { active: Some(false), ..Default::default() };
    let mut tx = db.begin().await;
    tx.accounts().update(&asleep.changed(&sleep, NOW)).await.unwrap();
    assert_eq!(tx.accounts().lock_active_admins().await.unwrap(), [first.id, second.id]);
}

async fn an_account_is_found_by_the_email_address_of_its_customer(db: TestDb) {
    let customer = db.add_customer("ann@bücher.example").await;
    db.add_customer("bob@example.com").await;
    let account = db.add_account("ann", Some(customer.id)).await;
    let accounts = db.database.queries().accounts;
    let by = async |email| accounts.by_email(&EmailAddress::parse(email).unwrap()).await.unwrap();
    assert_eq!(by("ANN@xn--bcher-kva.example").await, Some(account));
    assert_eq!(by("bob@example.com").await, None, "a customer without an account");
    assert_eq!(by("eve@example.com").await, None);
}

async fn a_login_is_alive_while_it_has_refresh_tokens(db: TestDb) {
    let (ann, bob) = (db.add_account("ann", None).await, db.add_account("bob", None).await);
    let (one, two) = (FamilyId(id()), FamilyId(id()));
    let mut tx = db.begin().await;
    for token in [token(ann.id, one), token(ann.id, one), token(ann.id, two)] {
        tx.refresh_tokens().insert(&token).await.unwrap();
    }
    tx.commit().await.unwrap();
    let accounts = db.database.queries().accounts;
    let alive = async |account: &Account, login| accounts.access(account.id, Some(login)).await.unwrap().is_some();
    assert!(alive(&ann, one).await && alive(&ann, two).await && !alive(&bob, one).await);
    let before = db.number("SELECT COUNT(*) FROM changes").await;
    let mut tx = db.begin().await;
    tx.refresh_tokens().revoke_family(one).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!alive(&ann, one).await && alive(&ann, two).await);
    assert_eq!(accounts.access(ann.id, None).await.unwrap(), Some(ann.access(ann.role.fixed_scopes().unwrap())));
    assert_eq!(db.number("SELECT COUNT(*) FROM changes").await, before + 1, "other servers hear of it");
}

async fn the_highest_cost_of_a_password_is_known(db: TestDb) {
    assert_eq!(db.database.highest_password_cost().await.unwrap(), None);
    let (ann, _) = (db.add_account("ann", None).await, db.add_account("bob", None).await);
    assert_eq!(db.database.highest_password_cost().await.unwrap(), Some(4));
    let mut tx = db.begin().await;
    let costly = PasswordHash::new(format!("$2b$12${}", "x".repeat(53)));
    tx.accounts().update(&ann.rehashed(costly.clone())).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.database.highest_password_cost().await.unwrap(), Some(12));
    let stored = db.database.queries().accounts.by_username(&ann.username).await.unwrap().unwrap();
    assert_eq!(stored, Account { password_hash: costly, ..ann });
}
