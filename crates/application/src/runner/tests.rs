use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::testing::{Log, Mocks, Prepared};
use crate::{Fingerprint, IdempotencyKey, MockIdempotencyQueries};

/// A command with a list of outcomes. After the list it succeeds.
#[derive(Default)]
struct Script(Mutex<VecDeque<Error>>);

#[async_trait]
impl Command for Script {
    type Output = &'static str;
    const NAME: &'static str = "test.script";

    async fn run(&self, _: &mut dyn Tx, _: &Ctx<'_>) -> Result<&'static str, Error> {
        self.0.lock().unwrap().pop_front().map_or(Ok("done"), Err)
    }
}

struct Stuck;

#[async_trait]
impl Command for Stuck {
    type Output = ();
    const NAME: &'static str = "test.stuck";

    async fn run(&self, _: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        std::future::pending().await
    }
}

fn script(errors: impl IntoIterator<Item = Error>) -> Script {
    Script(Mutex::new(errors.into_iter().collect()))
}

fn seen(log: &Log) -> Vec<&'static str> {
    log.lock().unwrap().clone()
}

#[tokio::test]
async fn a_successful_command_commits_once() {
    let (runner, log) = Prepared::runner([]);
    assert_eq!(runner.run(script([])).await.unwrap(), "done");
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test]
async fn a_refused_command_rolls_back_and_is_not_retried() {
    let (runner, log) = Prepared::runner([]);
    let refused = runner.run(script([Error::Forbidden])).await.unwrap_err();
    assert!(matches!(refused, Error::Forbidden));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_is_retried_carefully_in_a_new_transaction_r61() {
    let (runner, log) = Prepared::runner([]);
    runner.run(script([Error::raced("a"), Error::raced("b")])).await.unwrap();
    assert_eq!(seen(&log), ["begin", "rollback", "begin carefully", "rollback", "begin carefully", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_race_lost_at_the_commit_is_retried() {
    let raced = Some(StoreError::Raced("1213".into()));
    let (runner, log) = Prepared::runner([Mocks { commit_fails: raced, ..Mocks::default() }]);
    runner.run(script([])).await.unwrap();
    assert_eq!(seen(&log), ["begin", "commit", "begin carefully", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_based_on_an_uncommitted_write_is_retried_r61() {
    let raced = Some(StoreError::Raced("not kept".into()));
    let (runner, log) = Prepared::runner([Mocks { rollback_fails: raced, ..Mocks::default() }]);
    assert_eq!(runner.run(script([Error::Forbidden])).await.unwrap(), "done");
    assert_eq!(seen(&log), ["begin", "rollback", "begin carefully", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_race_lost_on_every_attempt_is_reported_as_unavailable() {
    let (runner, log) = Prepared::runner([]);
    let gave_up = runner.run(script((0..99).map(|_| Error::raced("again")))).await.unwrap_err();
    assert!(matches!(gave_up, Error::Unavailable(StoreError::Raced(_))));
    assert_eq!(seen(&log).len(), 20, "ten attempts");
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_not_retried_r61() {
    let lost = Some(StoreError::CommitUnknown("2013".into()));
    let (runner, log) = Prepared::runner([Mocks { commit_fails: lost, ..Mocks::default() }]);
    let unknown = runner.run(script([])).await.unwrap_err();
    assert!(matches!(unknown, Error::Unavailable(StoreError::CommitUnknown(_))));
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_misses_its_deadline_is_rolled_back() {
    let (runner, log) = Prepared::runner([]);
    assert!(matches!(runner.run(Stuck).await.unwrap_err(), Error::Unavailable(_)));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_may_be_given_another_deadline_r231() {
    let (runner, _) = Prepared::runner([]);
    let (minute, began) = (Duration::from_mins(1), Instant::now());
    assert!(matches!(runner.with_deadline(minute).run(Stuck).await.unwrap_err(), Error::Unavailable(_)));
    assert_eq!(began.elapsed(), minute);
}

fn claim(fingerprint: u8) -> Claim {
    let key = IdempotencyKey::parse("key").unwrap();
    Claim { owner: None, key, fingerprint: Fingerprint([fingerprint; 32]), former_fingerprint: None }
}

fn stored(content: &str) -> StoredResponse {
    StoredResponse { content: content.into(), personal_to: None }
}

impl Storable for &'static str {
    fn to_stored(&self) -> StoredResponse {
        stored(self)
    }
}

/// A transaction whose claim answers `state`.
fn claiming(state: KeyState) -> Mocks {
    let mut mocks = Mocks::default();
    mocks.idempotency.expect_claim().once().return_once(move |_, _, _| Ok(state));
    mocks
}

/// A transaction that claims a new key and stores a response.
fn storing(outcome: Result<(), StoreError>) -> Mocks {
    let mut mocks = claiming(KeyState::New);
    let is_done = |_: &Claim, response: &StoredResponse, _: &_| response.content == b"done";
    mocks.idempotency.expect_store().once().withf(is_done).return_once(move |_, _, _| outcome);
    mocks
}

/// Reads of keys that find `state`.
fn finding(state: KeyState) -> MockIdempotencyQueries {
    let mut keys = MockIdempotencyQueries::new();
    keys.expect_find().once().return_once(move |_, _| Ok(state));
    keys
}

fn used(fingerprint: u8) -> KeyState {
    KeyState::Used(claim(fingerprint).fingerprint, stored("first"))
}

#[tokio::test]
async fn key_response_and_effect_are_committed_together_r60() {
    let (runner, log) = Prepared::runner([storing(Ok(()))]);
    let first = runner.run_once(Some(claim(1)), script([]), |done| *done).await.unwrap();
    assert_eq!(first, Response::First("done"));
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test]
async fn without_a_key_nothing_is_stored() {
    let (runner, log) = Prepared::runner([]);
    let first = runner.run_once(None, script([]), |done| *done).await.unwrap();
    assert_eq!(first, Response::First("done"));
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_wrongly_assumed_to_be_new_gives_the_first_response_again_r60() {
    let raced = || StoreError::Raced("it is used".into());
    let at_the_commit = Mocks { commit_fails: Some(raced()), ..storing(Ok(())) };
    for assumed in [storing(Err(raced())), at_the_commit] {
        let (runner, _) = Prepared::runner([assumed, claiming(used(1))]);
        let again = runner.run_once(Some(claim(1)), script([]), |done| *done).await.unwrap();
        assert_eq!(again, Response::Replayed(stored("first")));
    }
}

#[tokio::test]
async fn a_repeated_request_refused_because_of_its_own_first_effect_gives_the_first_response_again_r60() {
    let (runner, log) = Prepared::runner_with_keys([claiming(KeyState::New)], finding(used(1)));
    let again = runner.run_once(Some(claim(1)), script([Error::Forbidden]), |done| *done).await.unwrap();
    assert_eq!(again, Response::Replayed(stored("first")));
    assert_eq!(seen(&log), ["begin", "rollback"], "the command runs once");
}

#[tokio::test]
async fn a_refused_request_with_a_new_key_runs_once_and_stores_nothing() {
    let (runner, log) = Prepared::runner_with_keys([claiming(KeyState::New)], finding(KeyState::New));
    let refused = runner.run_once(Some(claim(1)), script([Error::Forbidden]), |done| *done).await;
    assert!(matches!(refused.unwrap_err(), Error::Forbidden));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

#[tokio::test]
async fn an_internal_error_does_not_look_up_its_key() {
    let (runner, log) = Prepared::runner([claiming(KeyState::New)]);
    let wrong = script([Error::Internal("disk full".into())]);
    let failed = runner.run_once(Some(claim(1)), wrong, |done| *done).await;
    assert!(matches!(failed.unwrap_err(), Error::Internal(_)));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

/// The errors of a request whose key is in `state`: at the claim, and at the lookup after a refusal.
async fn outcomes(state: KeyState) -> [Error; 2] {
    let (runner, _) = Prepared::runner_with_keys([claiming(state.clone())], finding(KeyState::New));
    let claimed = runner.run_once(Some(claim(1)), script([]), |done| *done).await.unwrap_err();
    let (runner, _) = Prepared::runner_with_keys([claiming(KeyState::New)], finding(state));
    let found = runner.run_once(Some(claim(1)), script([Error::Forbidden]), |done| *done).await.unwrap_err();
    [claimed, found]
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused_r60() {
    assert!(outcomes(used(2)).await.iter().all(|error| matches!(error, Error::KeyReused)));
}

#[tokio::test]
async fn a_request_whose_response_was_erased_is_not_run_again_r13() {
    assert!(outcomes(KeyState::Erased).await.iter().all(|error| matches!(error, Error::NotFound("customer"))));
}

#[tokio::test]
async fn a_key_whose_first_request_still_runs_is_a_conflict_r60() {
    let still_running = |error: &Error| matches!(error, Error::Conflict(Conflict::StillRunning));
    assert!(outcomes(KeyState::Running).await.iter().all(still_running));
}

/// Succeeds after a moment.
struct Slow;

#[async_trait]
impl Command for Slow {
    type Output = ();
    const NAME: &'static str = "test.slow";

    async fn run(&self, _: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        sleep(Duration::from_secs(1)).await;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_disconnected_client_does_not_cancel_its_command() {
    let (runner, log) = Prepared::runner([]);
    let impatient = tokio::time::timeout(Duration::from_millis(1), runner.run(Slow)).await;
    assert!(impatient.is_err());
    sleep(Duration::from_secs(2)).await;
    assert_eq!(seen(&log), ["begin", "commit"]);
}
