use std::time::Duration;

use application::accounts::Logout;
use domain::accounts::{FamilyId, RefreshToken, TokenHash};

use crate::support::{NOW, TestDb, id, token};

on_every_database!(
    a_token_is_found_by_its_hash_and_spent_once_r3,
    a_family_or_all_tokens_of_an_account_are_revoked_r3_r5,
    only_its_own_account_can_end_a_login_r3,
    expired_tokens_are_purged_in_batches_r3,
);

async fn keep(db: &TestDb, tokens: &[RefreshToken]) {
    let mut tx = db.begin().await;
    for token in tokens {
        tx.refresh_tokens().insert(token).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn found(db: &TestDb, token: &RefreshToken) -> Option<RefreshToken> {
    db.begin().await.refresh_tokens().lock(&token.hash).await.unwrap()
}

async fn a_token_is_found_by_its_hash_and_spent_once_r3(db: TestDb) {
    let account = db.add_account("root", None).await;
    let (first, second) = (token(account.id, FamilyId(id())), token(account.id, FamilyId(id())));
    keep(&db, &[first.clone(), second.clone()]).await;
    let now = NOW + Duration::from_secs(1);
    let mut tx = db.begin().await;
    let locked = tx.refresh_tokens().lock(&first.hash).await.unwrap().unwrap();
    tx.refresh_tokens().spend(&locked, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(locked, first);
    assert_eq!(found(&db, &first).await, Some(RefreshToken { spent_at: Some(now), ..first.clone() }));
    assert_eq!(found(&db, &second).await.as_ref(), Some(&second));
    assert_eq!(found(&db, &RefreshToken { hash: TokenHash([0; 32]), ..first }).await, None);
}

async fn a_family_or_all_tokens_of_an_account_are_revoked_r3_r5(db: TestDb) {
    let (ann, bob) = (db.add_account("ann", None).await, db.add_account("bob", None).await);
    let family = FamilyId(id());
    let (first, second) = (token(ann.id, family), token(ann.id, family));
    let (third, other) = (token(ann.id, FamilyId(id())), token(bob.id, FamilyId(id())));
    keep(&db, &[first.clone(), second.clone(), third.clone(), other.clone()]).await;
    let there = async || {
        let mut there = Vec::new();
        for token in [&first, &second, &third, &other] {
            there.push(found(&db, token).await.is_some());
        }
        there
    };
    let mut tx = db.begin().await;
    tx.refresh_tokens().revoke_family(family).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(there().await, [false, false, true, true]);
    let mut tx = db.begin().await;
    tx.refresh_tokens().revoke_all(ann.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(there().await, [false, false, false, true]);
}

async fn only_its_own_account_can_end_a_login_r3(db: TestDb) {
    let (ann, bob) = (db.add_account("ann", None).await, db.add_account("bob", None).await);
    let kept = token(ann.id, FamilyId(id()));
    keep(&db, std::slice::from_ref(&kept)).await;
    for (account_id, there) in [(bob.id, true), (ann.id, false)] {
        db.runner().run(Logout { account_id, token: kept.hash }).await.unwrap();
        assert_eq!(found(&db, &kept).await.is_some(), there);
    }
}

async fn expired_tokens_are_purged_in_batches_r3(db: TestDb) {
    let account = db.add_account("root", None).await;
    let ending = |hours| {
        let token = token(account.id, FamilyId(id()));
        RefreshToken { expires_at: NOW + Duration::from_hours(hours), ..token }
    };
    let tokens: Vec<_> = [3, 0, 2, 1, 4].into_iter().map(ending).collect();
    keep(&db, &tokens).await;
    let mut tx = db.begin().await;
    let now = NOW + Duration::from_hours(3);
    assert_eq!(tx.refresh_tokens().purge(now, 2).await.unwrap(), 2);
    assert_eq!(tx.refresh_tokens().purge(now, 2).await.unwrap(), 1);
    assert_eq!(tx.refresh_tokens().purge(now, 2).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert!(found(&db, &tokens[0]).await.is_some() && found(&db, &tokens[4]).await.is_some());
}
