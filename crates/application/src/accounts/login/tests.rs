use domain::accounts::{FailureCount, MockAccountQueries, RefreshToken, ThrottlePolicy, TokenSecret};
use domain::{UtcDateTime, Uuid};

use super::*;
use crate::MockSecrets;
use crate::accounts::{MockPasswordHasher, MockTokenSigner, TokenTtl};
use crate::testing::{Mocks, NOW, Prepared, Still, account};

fn ann() -> Account {
    account(7)
}

fn attempt(username: &str) -> LoginAttempt {
    let password = Password::claimed("correct horse".into());
    LoginAttempt {
        username: username.into(),
        password,
        address: "192.0.2.1".parse().unwrap(),
        request_id: "r-1".into(),
    }
}

/// A store with this account and this many earlier failures.
fn known(account: Option<Account>, failures: i64) -> MockAccountQueries {
    let mut accounts = MockAccountQueries::new();
    accounts.expect_by_username().returning(move |_| Ok(account.clone()));
    accounts.expect_by_email().returning(|email| Ok((email.key() == "ann@example.com").then(ann)));
    accounts.expect_knows().returning(|_, _| Ok(false));
    let count = FailureCount { failures, since: NOW };
    accounts.expect_login_failures().returning(move |keys| Ok(vec![Some(count); keys.len()]));
    accounts
}

fn checks(right: bool) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().once().returning(move |_, _| Ok(right));
    hasher.expect_is_outdated().returning(|_| false);
    hasher
}

fn login(accounts: MockAccountQueries, hasher: MockPasswordHasher, tx: impl IntoIterator<Item = Mocks>) -> Login {
    let mut signer = MockTokenSigner::new();
    signer.expect_sign().returning(|claims, _| Ok(format!("{} {}", claims.account_id, claims.expires_at)));
    let mut secrets = MockSecrets::new();
    secrets.expect_token().returning(|| TokenSecret("refresh".into()));
    secrets.expect_hash().returning(|_| TokenHash([7; 32]));
    let (accounts, runner) = (Arc::new(accounts), Prepared::runner(tx).0);
    let policy = ThrottlePolicy { per_account: 10, per_address: 100, window: Duration::from_mins(15) };
    Login {
        throttle: Throttle {
            accounts: accounts.clone(),
            runner: runner.clone(),
            clock: Arc::new(Still),
            policy,
            gates: Arc::default(),
        },
        accounts,
        hasher: Arc::new(hasher),
        issuer: Issuer {
            signer: Arc::new(signer),
            secrets: Arc::new(secrets),
            clock: Arc::new(Still),
            ttl: TokenTtl { access: Duration::from_mins(15), refresh: Duration::from_hours(24) },
        },
        runner,
    }
}

/// The transaction that counts an attempt under this many keys, after no other failure.
fn counted(keys: usize) -> Mocks {
    counted_as(keys, 1)
}

fn counted_as(keys: usize, failures: i64) -> Mocks {
    let mut tx = Mocks::default();
    let count = Some(FailureCount { failures, since: NOW });
    tx.login_failures
        .expect_record()
        .once()
        .withf(move |all, _, _| all.len() == keys)
        .returning(move |keys, _, _| Ok(vec![count; keys.len()]));
    tx
}

/// The transaction that takes it back.
fn forgiven() -> Mocks {
    let mut tx = Mocks::default();
    tx.login_failures.expect_forgive().once().withf(|keys| keys.len() == 2).returning(|_| Ok(()));
    tx
}

/// The transaction of a login, without its expectations of tokens.
fn session() -> Mocks {
    let mut tx = Mocks::default();
    tx.known_networks.expect_remember().returning(|_, _, _| Ok(()));
    tx.accounts.expect_seen().once().withf(|_, now| *now == NOW).returning(|_, _| Ok(()));
    let address = |keys: &[ThrottleKey]| matches!(keys, [ThrottleKey::Address(_)]);
    tx.login_failures.expect_forgive().once().withf(address).returning(|_| Ok(()));
    tx
}

fn message(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated(why) => why,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_right_password_gives_a_pair_of_tokens_and_forgets_the_failures_of_the_account_r1() {
    let mut tx = session();
    tx.accounts.expect_lock().once().returning(|_| Ok(Some(ann())));
    let kept = |t: &RefreshToken| t.hash == TokenHash([7; 32]) && t.expires_at == NOW + Duration::from_hours(24);
    tx.refresh_tokens.expect_insert().once().withf(kept).returning(|_| Ok(()));
    tx.login_failures.expect_forget().once().returning(|_| Ok(()));
    let pair = login(known(Some(ann()), 9), checks(true), [counted_as(2, 10), tx]).run(&attempt("Ann")).await.unwrap();
    let expected = format!("{} {}", Uuid::from_u128(7), UtcDateTime::UNIX_EPOCH + Duration::from_mins(15));
    assert_eq!((pair.access_token, pair.refresh_token.0.as_str()), (expected, "refresh"));
}

#[tokio::test]
async fn a_wrong_user_and_a_wrong_password_give_the_same_error_after_the_same_work_r1() {
    let wrong_password = login(known(Some(ann()), 0), checks(false), [counted(2)]).run(&attempt("ann")).await;
    let wrong_user = login(known(None, 0), checks(false), [counted(2)]).run(&attempt("bob")).await;
    let no_user_name = login(known(None, 0), checks(false), [counted(1)]).run(&attempt("n\0t")).await;
    let inactive = Account { active: false, ..ann() };
    let inactive = login(known(Some(inactive), 0), checks(true), [counted(2)]).run(&attempt("ann")).await;
    let first = wrong_password.unwrap_err();
    for other in [wrong_user, no_user_name, inactive] {
        assert_eq!(message(&other.unwrap_err()), message(&first));
    }
}

#[tokio::test]
async fn nothing_is_checked_or_written_after_too_many_failures_r1() {
    let throttled = login(known(Some(ann()), 10), MockPasswordHasher::new(), []).run(&attempt("ann")).await;
    let Error::TooMany { retry_after } = throttled.unwrap_err() else { panic!("not throttled") };
    assert_eq!(retry_after, Duration::from_mins(15));
}

#[tokio::test]
async fn no_session_begins_when_the_account_changed_while_its_password_was_checked_r1_r2() {
    let changed = [None, Some(Account { active: false, ..ann() }), Some(Account { token_epoch: 1, ..ann() })];
    for now in changed {
        let mut tx = Mocks::default();
        tx.accounts.expect_lock().once().return_once(move |_| Ok(now));
        let refused =
            login(known(Some(ann()), 0), checks(true), [counted(2), tx]).run(&attempt("ann")).await.unwrap_err();
        message(&refused);
    }
}

#[tokio::test]
async fn strangers_who_fail_do_not_lock_the_owner_out_at_a_network_that_the_account_knows_r1() {
    let home = Network::of("192.0.2.1".parse().unwrap());
    let mut accounts = MockAccountQueries::new();
    accounts.expect_by_username().returning(|_| Ok(Some(ann())));
    accounts.expect_knows().returning(move |_, network| Ok(network == home));
    accounts.expect_login_failures().returning(|keys| {
        let failures = |key: &ThrottleKey| if matches!(key, ThrottleKey::Account(_)) { 99 } else { 0 };
        Ok(keys.iter().map(|key| Some(FailureCount { failures: failures(key), since: NOW })).collect())
    });
    let mut tx = session();
    tx.accounts.expect_lock().returning(|_| Ok(Some(ann())));
    tx.refresh_tokens.expect_insert().returning(|_| Ok(()));
    let own = |key: &ThrottleKey| matches!(key, ThrottleKey::Known(..));
    tx.login_failures.expect_forget().once().withf(own).returning(|_| Ok(()));
    let login = login(accounts, checks(true), [counted(2), tx]);
    let abroad = LoginAttempt { address: "198.51.100.7".parse().unwrap(), ..attempt("ann") };
    assert!(matches!(login.run(&abroad).await.unwrap_err(), Error::TooMany { .. }));
    login.run(&attempt("ann")).await.unwrap();
}

#[tokio::test]
async fn a_customer_logs_in_by_email_and_failures_count_for_the_same_account() {
    let mut tx = session();
    tx.accounts.expect_lock().once().returning(|_| Ok(Some(ann())));
    tx.refresh_tokens.expect_insert().once().returning(|_| Ok(()));
    let own = |key: &ThrottleKey| *key == ThrottleKey::Account(ann().username);
    tx.login_failures.expect_forget().once().withf(own).returning(|_| Ok(()));
    login(known(None, 0), checks(true), [counted(2), tx]).run(&attempt("Ann@Example.com")).await.unwrap();

    let unknown = login(known(None, 0), checks(false), [counted(2)]).run(&attempt("bob@example.com")).await;
    let wrong = login(known(None, 0), checks(false), [counted(2)]).run(&attempt("ann@example.com")).await;
    assert_eq!(message(&unknown.unwrap_err()), message(&wrong.unwrap_err()));
}

#[tokio::test]
async fn a_guess_beyond_the_limit_is_not_checked_though_others_are_still_being_checked() {
    let refused =
        login(known(Some(ann()), 9), MockPasswordHasher::new(), [counted_as(2, 11)]).run(&attempt("ann")).await;
    assert!(matches!(refused.unwrap_err(), Error::TooMany { .. }));
}

#[tokio::test]
async fn an_attempt_that_could_not_be_checked_is_no_failure() {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().once().returning(|_, _| Err(Error::Busy { retry_after: Duration::from_secs(5) }));
    let busy = login(known(Some(ann()), 0), hasher, [counted(2), forgiven()]).run(&attempt("ann")).await;
    assert!(matches!(busy.unwrap_err(), Error::Busy { .. }));
}

#[tokio::test]
async fn a_lockout_of_before_the_clock_was_set_back_starts_now() {
    let mut accounts = MockAccountQueries::new();
    accounts.expect_by_username().returning(|_| Ok(Some(ann())));
    accounts.expect_knows().returning(|_, _| Ok(false));
    let count = FailureCount { failures: 10, since: NOW + Duration::from_hours(1) };
    accounts.expect_login_failures().returning(move |keys| Ok(vec![Some(count); keys.len()]));
    let mut tx = Mocks::default();
    tx.login_failures.expect_bring_back().once().withf(|_, now| *now == NOW).returning(|_, _| Ok(()));
    let refused = login(accounts, MockPasswordHasher::new(), [tx]).run(&attempt("ann")).await.unwrap_err();
    let Error::TooMany { retry_after } = refused else { panic!("not throttled") };
    assert_eq!(retry_after, Duration::from_mins(15));
}

#[tokio::test]
async fn a_password_is_hashed_again_when_the_cost_has_changed_and_no_token_ends() {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_verify().once().returning(|_, _| Ok(true));
    hasher.expect_is_outdated().once().withf(|hash| hash.reveal() == "$2b$").returning(|_| true);
    hasher.expect_hash().once().returning(|_| Ok(PasswordHash::new("again".into())));
    let mut tx = session();
    tx.accounts.expect_lock().once().returning(|_| Ok(Some(ann())));
    let again = Account { password_hash: PasswordHash::new("again".into()), ..ann() };
    tx.accounts.expect_update().once().withf(move |account| *account == again).returning(|_| Ok(()));
    tx.refresh_tokens.expect_insert().once().returning(|_| Ok(()));
    tx.login_failures.expect_forget().once().returning(|_| Ok(()));
    login(known(Some(ann()), 0), hasher, [counted(2), tx]).run(&attempt("ann")).await.unwrap();
}
