use std::time::Duration;

use application::{Actor, AuditEntry, AuditFilter};
use domain::Uuid;
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::keys::{KeyId, Principal};

use crate::support::{NOW, TestDb, every_page, first, id};

on_every_database!(
    an_entry_is_read_as_it_was_stored_r22,
    a_filtered_list_has_the_matching_entries_newest_first_r22_r262,
    erasing_deletes_the_values_of_an_entry_and_keeps_the_entry_r13,
);

fn entry(who: Principal, resource: &str, resource_id: Uuid) -> AuditEntry {
    AuditEntry {
        id: id(),
        actor: Actor { who, request_id: "r".repeat(128) },
        action: format!("{resource}s.update"),
        resource: resource.to_owned(),
        resource_id,
        before: vec![("name".into(), Some("O'Hara \"\\ \n 🦊".into())), ("sku".into(), None)],
        after: vec![("name".into(), Some(String::new())), ("sku".into(), Some("x".repeat(64)))],
        at: NOW,
    }
}

async fn append(db: &TestDb, entry: &AuditEntry) {
    let mut tx = db.begin().await;
    tx.audit().append(entry).await.unwrap();
    tx.commit().await.unwrap();
}

async fn an_entry_is_read_as_it_was_stored_r22(db: TestDb) {
    let mut made = entry(Principal::Account(AccountId(id())), "product", id());
    made.before = vec![];
    made.after = vec![("description".into(), Some("\"🫖".repeat(5000)))];
    append(&db, &made).await;
    let page = db.database.queries().audit.list(&AuditFilter::default(), &first(20)).await.unwrap();
    assert_eq!(page.items, [made]);
}

async fn a_filtered_list_has_the_matching_entries_newest_first_r22_r262(db: TestDb) {
    // Whoever acts may be an account or a key.
    let (ann, bob, thing) = (Principal::Account(AccountId(id())), Principal::Key(KeyId(id())), id());
    let mut all = Vec::new();
    for (seconds, actor, resource, resource_id) in
        [(0, ann, "product", thing), (1, bob, "product", id()), (2, ann, "customer", id()), (3, ann, "product", thing)]
    {
        let at = NOW + Duration::from_secs(seconds);
        all.push(AuditEntry { at, ..entry(actor, resource, resource_id) });
        append(&db, all.last().unwrap()).await;
    }
    let any = AuditFilter::default;
    let at = |seconds| Some(NOW + Duration::from_secs(seconds));
    let cases: [(AuditFilter, &[usize]); 9] = [
        (any(), &[3, 2, 1, 0]),
        (AuditFilter { actor: Some(ann), ..any() }, &[3, 2, 0]),
        (AuditFilter { actor: Some(bob), ..any() }, &[1]),
        (AuditFilter { resource: Some("product".into()), ..any() }, &[3, 1, 0]),
        (AuditFilter { resource_id: Some(thing), ..any() }, &[3, 0]),
        (AuditFilter { after: at(1), ..any() }, &[3, 2, 1]),
        (AuditFilter { before: at(1), ..any() }, &[0]),
        (AuditFilter { after: at(1), before: at(3), actor: Some(ann), ..any() }, &[2]),
        (AuditFilter { resource: Some("Product".into()), ..any() }, &[]),
    ];
    let audit = db.database.queries().audit;
    for (filter, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|index| all[*index].clone()).collect();
        for limit in [1, 2, 100] {
            let read = async |page| audit.list(&filter, &page).await.unwrap();
            assert_eq!(every_page(limit, read).await, expected, "{filter:?}");
        }
    }
}

async fn erasing_deletes_the_values_of_an_entry_and_keeps_the_entry_r13(db: TestDb) {
    let (erased, kept) = (
        entry(Principal::Account(AccountId(id())), "customer", id()),
        entry(Principal::Account(AccountId(id())), "customer", id()),
    );
    for entry in [&erased, &kept] {
        append(&db, entry).await;
    }
    db.erase(CustomerId(erased.resource_id), None, NOW).await;
    let page = db.database.queries().audit.list(&AuditFilter::default(), &first(20)).await.unwrap();
    assert_eq!(page.items, [kept, AuditEntry { before: vec![], after: vec![], ..erased }]);
}
