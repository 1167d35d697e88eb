use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::Uuid;
use domain::access::Scopes;
use domain::accounts::MockAccountQueries;
use domain::roles::Role;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::*;

const ANN: AccountId = AccountId(Uuid::from_u128(1));

fn access(token_epoch: i64) -> Access {
    Access {
        account_id: ANN,
        customer_id: None,
        role: Role::Admin,
        scopes: Scopes::EVERYTHING,
        active: true,
        token_epoch,
    }
}

/// A cache before queries of which each counts, takes a moment, and answers with its number as the epoch.
fn counting() -> (Arc<CachedAccounts>, Arc<AtomicUsize>) {
    counting_beside(followed())
}

/// The changes of a server that has just looked, and found nothing.
fn followed() -> Arc<Changes> {
    let changes = Arc::new(Changes::default());
    changes.looked(Instant::now(), |_| false);
    changes
}

fn counting_beside(changes: Arc<Changes>) -> (Arc<CachedAccounts>, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let mut queries = MockAccountQueries::new();
    queries.expect_access().returning(move |_, _| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        Ok(Some(access(i64::try_from(number).unwrap())))
    });
    (Arc::new(CachedAccounts::new(Arc::new(queries), changes)), asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_at_once_wait_for_one_answer_r2() {
    let (cached, asked) = counting();
    let ask = |_| {
        let cached = Arc::clone(&cached);
        tokio::spawn(async move { cached.access(ANN, None).await.unwrap() })
    };
    for task in (0..50).map(ask).collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap(), Some(access(0)));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn while_nobody_looks_for_changes_an_answer_is_less_than_a_second_old_r2() {
    let (cached, _) = counting_beside(Arc::default());
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(0)));
    sleep(Duration::from_millis(900)).await;
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(1)));
}

#[tokio::test]
async fn with_news_of_other_servers_an_answer_is_kept_until_access_changes_r2() {
    let changes = followed();
    let (cached, _) = counting_beside(changes.clone());
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(0)));
    for _ in 0..3 {
        sleep(Duration::from_millis(400)).await;
        changes.looked(Instant::now(), |subject| subject == Subject::Products);
    }
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(0)));
    // By this server, and by another.
    changes.of(Subject::Access).changed();
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(1)));
    changes.looked(Instant::now(), |subject| subject == Subject::Access);
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(2)));
}

/// Queries whose first answer comes only when it is let go.
struct Slow {
    began: Notify,
    go: Notify,
    asked: AtomicUsize,
}

#[async_trait]
impl AccountQueries for Slow {
    async fn by_username(&self, _: &Username) -> Result<Option<Account>, StoreError> {
        Ok(None)
    }

    async fn by_email(&self, _: &EmailAddress) -> Result<Option<Account>, StoreError> {
        Ok(None)
    }

    async fn of_customer(&self, _: CustomerId) -> Result<Option<Account>, StoreError> {
        Ok(None)
    }

    async fn access(&self, _: AccountId, _: Option<FamilyId>) -> Result<Option<Access>, StoreError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        if number == 0 {
            self.began.notify_one();
            self.go.notified().await;
        }
        Ok(Some(access(i64::try_from(number).unwrap())))
    }

    async fn list(&self, _: Option<bool>, _: &PageRequest) -> Result<Page<AccountWithCustomer>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }

    async fn with_customer(&self, _: AccountId) -> Result<Option<AccountWithCustomer>, StoreError> {
        Ok(None)
    }

    async fn usernames(&self, _: &[AccountId]) -> Result<Vec<(AccountId, Username)>, StoreError> {
        Ok(Vec::new())
    }

    async fn knows(&self, _: AccountId, _: Network) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn login_failures(&self, _: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn an_answer_that_was_asked_for_before_the_change_is_not_kept_r2() {
    let slow = Arc::new(Slow { began: Notify::new(), go: Notify::new(), asked: AtomicUsize::new(0) });
    let changes = followed();
    let cached = Arc::new(CachedAccounts::new(slow.clone(), changes.clone()));
    let other = Arc::clone(&cached);
    let before = tokio::spawn(async move { other.access(ANN, None).await.unwrap() });
    slow.began.notified().await;
    changes.of(Subject::Access).changed();
    slow.go.notify_one();
    assert_eq!(before.await.unwrap(), Some(access(0)));
    assert_eq!(cached.access(ANN, None).await.unwrap(), Some(access(1)), "the old answer came after the change");
}

#[tokio::test]
async fn an_error_is_not_kept_and_keeps_its_kind_r2() {
    let mut queries = MockAccountQueries::new();
    queries.expect_access().times(1).returning(|_, _| Err(StoreError::Unavailable("away".into())));
    queries.expect_access().times(1).returning(|_, _| Err(StoreError::Internal("broken".into())));
    queries.expect_access().times(1).returning(|_, _| Ok(None));
    let cached = CachedAccounts::new(Arc::new(queries), followed());
    assert!(matches!(cached.access(ANN, None).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(cached.access(ANN, None).await, Err(StoreError::Internal(_))));
    assert_eq!(cached.access(ANN, None).await.unwrap(), None);
}

#[tokio::test]
async fn the_permissions_of_one_login_are_not_those_of_another() {
    let (one, other) = (FamilyId(Uuid::from_u128(8)), FamilyId(Uuid::from_u128(9)));
    let mut queries = MockAccountQueries::new();
    queries.expect_access().times(2).returning(move |_, login| Ok((login == Some(one)).then(|| access(0))));
    let cached = CachedAccounts::new(Arc::new(queries), followed());
    for _ in 0..2 {
        assert_eq!(cached.access(ANN, Some(one)).await.unwrap(), Some(access(0)));
        assert_eq!(cached.access(ANN, Some(other)).await.unwrap(), None);
    }
}
