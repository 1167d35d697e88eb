use std::sync::Arc;
use std::time::Duration;

use application::keys::{CreateKey, KeySecrets as _, RecordKeyUse, RotateKey};
use application::{Actor, Error};
use domain::access::{Noun, Scope, Scopes};
use domain::accounts::{AccountId, Network};
use domain::keys::{ApiKey, KeyDetails, KeyId, KeyName, NewSecret, Overlap, Principal};
use infrastructure::keys::SystemKeySecrets;

use crate::support::{NOW, TestDb, every_page, id};

on_every_database!(
    a_key_is_read_as_it_was_stored_r258,
    a_key_that_was_deleted_is_not_found_r258,
    live_keys_are_counted_without_those_that_ended_r258,
    a_use_is_recorded_once_a_minute_and_survives_changes_r258,
    a_key_makes_keys_only_within_its_scopes_r261,
);

fn details(name: &str, scopes: &[Scope]) -> KeyDetails {
    KeyDetails { name: KeyName::parse(name).unwrap(), scopes: scopes.iter().copied().collect(), expires_at: None }
}

fn key(name: &str) -> ApiKey {
    let NewSecret { claim, .. } = SystemKeySecrets.fresh();
    let details = details(name, &[Scope::Write(Noun::Keys), Scope::Read(Noun::Orders)]);
    ApiKey::new(id(), details, claim, Principal::Key(KeyId(id())), NOW).unwrap()
}

async fn add(db: &TestDb, key: &ApiKey) {
    let mut tx = db.begin().await;
    tx.keys().insert(key).await.unwrap();
    tx.commit().await.unwrap();
}

async fn save(db: &TestDb, key: &ApiKey) {
    let mut tx = db.begin().await;
    assert!(tx.keys().lock(key.id).await.unwrap().is_some());
    tx.keys().update(key).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_key_is_read_as_it_was_stored_r258(db: TestDb) {
    let keys = db.database.queries().keys;
    assert!(keys.names(&[]).await.unwrap().is_empty());
    let all: Scopes = Scope::all().collect();
    let longest = "🗝".repeat(100);
    let made_by = Principal::Account(AccountId(id()));
    let first = ApiKey { scopes: all, expires_at: None, made_by, ..key(&longest) };
    let second = key("ERP").rotated(SystemKeySecrets.fresh().claim.hash, Overlap::default(), NOW);
    for key in [&first, &second] {
        add(&db, key).await;
        assert_eq!(keys.get(key.id).await.unwrap().as_ref(), Some(key));
        assert_eq!(keys.by_prefix(&key.prefix).await.unwrap(), Some(Arc::new(key.clone())));
    }
    let mut names = keys.names(&[second.id, KeyId(id()), first.id]).await.unwrap();
    names.sort_by_key(|(id, _)| *id);
    assert_eq!(names, [(first.id, first.name.clone()), (second.id, second.name.clone())]);
    assert_eq!(every_page(1, async |page| keys.list(&page).await.unwrap()).await, [first, second]);
}

async fn a_key_that_was_deleted_is_not_found_r258(db: TestDb) {
    let keys = db.database.queries().keys;
    let key = key("ERP");
    add(&db, &key).await;
    save(&db, &key.revoked(NOW)).await;
    assert_eq!(keys.get(key.id).await.unwrap(), None);
    assert_eq!(keys.by_prefix(&key.prefix).await.unwrap(), None);
    assert!(every_page(1, async |page| keys.list(&page).await.unwrap()).await.is_empty());
    let mut tx = db.begin().await;
    assert_eq!(tx.keys().lock(key.id).await.unwrap(), None);
}

async fn live_keys_are_counted_without_those_that_ended_r258(db: TestDb) {
    let hour = Duration::from_hours(1);
    let keys = [
        key("live"),
        ApiKey { expires_at: None, ..key("for ever") },
        ApiKey { expires_at: Some(NOW + hour), ..key("short") },
        key("deleted").revoked(NOW),
    ];
    for key in &keys {
        add(&db, key).await;
    }
    let mut tx = db.begin().await;
    assert_eq!(tx.keys().count_live(NOW).await.unwrap(), 3);
    assert_eq!(tx.keys().count_live(NOW + hour).await.unwrap(), 2);
}

async fn a_use_is_recorded_once_a_minute_and_survives_changes_r258(db: TestDb) {
    let key = key("ERP");
    add(&db, &key).await;
    let (one, other) = (Network::of("192.0.2.1".parse().unwrap()), Network::of("2001:db8::1".parse().unwrap()));
    for (seconds, from) in [(0, one), (59, other), (60, other)] {
        let mut tx = db.begin().await;
        tx.keys().used(key.id, from, NOW + Duration::from_secs(seconds)).await.unwrap();
        tx.commit().await.unwrap();
        let seconds = if seconds == 59 { 0 } else { seconds };
        let found = db.database.queries().keys.get(key.id).await.unwrap().unwrap();
        assert_eq!(found.last_used_at, Some(NOW + Duration::from_secs(seconds)));
        assert_eq!(found.version, key.version, "a use is no change");
    }
    // Of a key as it was read before.
    save(&db, &key.named(KeyName::parse("ERP 2").unwrap())).await;
    let found = db.database.queries().keys.get(key.id).await.unwrap().unwrap();
    assert_eq!(found.last_used_at, Some(NOW + Duration::from_mins(1)));
    assert_eq!(db.number("SELECT COUNT(*) FROM api_keys WHERE last_used_network = '20010db800000000/64'").await, 1);
    db.runner().run(RecordKeyUse { id: key.id, from: one }).await.unwrap();
    let found = db.database.queries().keys.get(key.id).await.unwrap().unwrap();
    assert!(found.last_used_at > Some(NOW + Duration::from_mins(1)));
}

async fn a_key_makes_keys_only_within_its_scopes_r261(db: TestDb) {
    let key = key("maker");
    add(&db, &key).await;
    let runner = db.runner().acting(Actor { who: Principal::Key(key.id), request_id: "r-1".into() });
    let create = |scope| CreateKey { details: details("made", &[scope]), claim: SystemKeySecrets.fresh().claim };
    let made = runner.run(create(Scope::Read(Noun::Orders))).await.unwrap();
    assert_eq!(made.made_by, Principal::Key(key.id));
    let refused = runner.run(create(Scope::Write(Noun::Orders))).await.unwrap_err();
    assert!(matches!(refused, Error::Beyond(beyond) if beyond.missing.to_string() == "orders:write"));
    let wider = ApiKey { scopes: Scopes::of(Scope::Read(Noun::Stock)), ..self::key("wider") };
    add(&db, &wider).await;
    let hash = SystemKeySecrets.fresh().claim.hash;
    let rotated = runner.run(RotateKey { id: wider.id, hash, overlap: Overlap::default() }).await.unwrap_err();
    assert!(matches!(rotated, Error::Beyond(_)), "{rotated:?}");
    // It was ended in between: it makes nothing any more.
    save(&db, &key.revoked(NOW)).await;
    let late = runner.run(create(Scope::Read(Noun::Orders))).await.unwrap_err();
    assert!(matches!(late, Error::Beyond(_)), "{late:?}");
}
