use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::testing::{Log, Mocks, Prepared};
use crate::{Fingerprint, IdempotencyKey};

/// A command that plays a script of outcomes; after its end it succeeds.
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

/// Tells whether it may bet, and loses a race where it may.
struct Gambler;

#[async_trait]
impl Command for Gambler {
    type Output = bool;
    const NAME: &'static str = "test.gambler";

    async fn run(&self, _: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        if ctx.may_bet { Err(Error::raced("the bet was lost")) } else { Ok(ctx.may_bet) }
    }
}

fn script(errors: impl IntoIterator<Item = Error>) -> Script {
    Script(Mutex::new(errors.into_iter().collect()))
}

fn seen(log: &Log) -> Vec<&'static str> {
    log.lock().unwrap().clone()
}

#[tokio::test]
async fn what_succeeds_is_committed_once() {
    let (runner, log) = Prepared::runner([]);
    assert_eq!(runner.run(script([])).await.unwrap(), "done");
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test]
async fn what_is_refused_is_rolled_back_and_not_tried_again() {
    let (runner, log) = Prepared::runner([]);
    let refused = runner.run(script([Error::Forbidden])).await.unwrap_err();
    assert!(matches!(refused, Error::Forbidden));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_is_run_again_in_a_new_transaction() {
    let (runner, log) = Prepared::runner([]);
    runner.run(script([Error::raced("a"), Error::raced("b")])).await.unwrap();
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "rollback", "begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_race_lost_at_the_commit_is_run_again() {
    let raced = Some(StoreError::Raced("1213".into()));
    let (runner, log) = Prepared::runner([Mocks { commit_fails: raced, ..Mocks::default() }]);
    runner.run(script([])).await.unwrap();
    assert_eq!(seen(&log), ["begin", "commit", "begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn only_the_first_attempt_may_bet_r61() {
    let (runner, log) = Prepared::runner([]);
    assert!(!runner.run(Gambler).await.unwrap());
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_rested_on_what_was_never_kept_is_run_again_r61() {
    let raced = Some(StoreError::Raced("not kept".into()));
    let (runner, log) = Prepared::runner([Mocks { rollback_fails: raced, ..Mocks::default() }]);
    assert_eq!(runner.run(script([Error::Forbidden])).await.unwrap(), "done");
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn races_lost_to_the_end_are_the_databases_trouble() {
    let (runner, log) = Prepared::runner([]);
    let gave_up = runner.run(script((0..99).map(|_| Error::raced("again")))).await.unwrap_err();
    assert!(matches!(gave_up, Error::Unavailable(StoreError::Raced(_))));
    assert_eq!(seen(&log).len(), 20, "ten attempts");
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_not_run_again_r61() {
    let lost = Some(StoreError::CommitUnknown("2013".into()));
    let (runner, log) = Prepared::runner([Mocks { commit_fails: lost, ..Mocks::default() }]);
    let unknown = runner.run(script([])).await.unwrap_err();
    assert!(matches!(unknown, Error::Unavailable(StoreError::CommitUnknown(_))));
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_by_its_deadline_is_rolled_back() {
    let (runner, log) = Prepared::runner([]);
    assert!(matches!(runner.run(Stuck).await.unwrap_err(), Error::Unavailable(_)));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

fn claim(fingerprint: u8) -> Claim {
    let key = IdempotencyKey::parse("key").unwrap();
    Claim { account_id: None, key, fingerprint: Fingerprint([fingerprint; 32]) }
}

fn answer(body: &str) -> Answer {
    Answer { status: 201, location: None, etag: None, body: body.into(), personal_to: None }
}

/// A bet that the key is new, won or lost.
fn bet(outcome: Result<(), StoreError>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks.idempotency.expect_keep_new().once().return_once(move |_, _, _| outcome);
    mocks
}

/// A key that is asked for.
fn asked(found: Claimed) -> Mocks {
    let mut mocks = Mocks::default();
    mocks.idempotency.expect_claim().once().return_once(move |_, _, _| Ok(found));
    mocks
}

/// A bet that is lost, and what is found then.
fn claimed(found: Claimed) -> [Mocks; 2] {
    [bet(Err(StoreError::Raced("it is used".into()))), asked(found)]
}

#[tokio::test]
async fn the_key_and_its_answer_are_kept_in_the_transaction_of_the_effect() {
    let mut mocks = Mocks::default();
    let is_done = |_: &Claim, kept: &Answer, _: &domain::UtcDateTime| kept.body == b"done";
    mocks.idempotency.expect_keep_new().once().withf(is_done).returning(|_, _, _| Ok(()));
    let (runner, log) = Prepared::runner([mocks]);
    let first = runner.run_once(Some(claim(1)), script([]), |done| answer(done)).await.unwrap();
    assert_eq!(first, Replayable { answer: answer("done"), replayed: false });
    assert_eq!(seen(&log), ["begin", "commit"]);
}

#[tokio::test]
async fn the_same_request_again_gives_the_first_answer_and_runs_nothing() {
    let (runner, log) = Prepared::runner(claimed(Claimed::Before(claim(1).fingerprint, answer("first"))));
    let again = runner.run_once(Some(claim(1)), script([]), |done| answer(done)).await.unwrap();
    assert_eq!(again, Replayable { answer: answer("first"), replayed: true });
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "commit"]);
}

#[tokio::test]
async fn what_is_refused_the_second_time_gives_the_first_answer_too() {
    let found = Claimed::Before(claim(1).fingerprint, answer("first"));
    let (runner, log) = Prepared::runner([Mocks::default(), asked(found)]);
    let again = runner.run_once(Some(claim(1)), script([Error::Forbidden]), |done| answer(done)).await.unwrap();
    assert_eq!(again, Replayable { answer: answer("first"), replayed: true });
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "commit"]);
}

#[tokio::test]
async fn what_went_wrong_is_not_run_again_to_ask_for_its_key() {
    let (runner, log) = Prepared::runner([]);
    let wrong = || Error::Internal("disk full".into());
    let failed = runner.run_once(Some(claim(1)), script([wrong()]), |done| answer(done)).await;
    assert!(matches!(failed.unwrap_err(), Error::Internal(_)));
    assert_eq!(seen(&log), ["begin", "rollback"]);
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused() {
    let (runner, _) = Prepared::runner(claimed(Claimed::Before(claim(2).fingerprint, answer("first"))));
    let refused = runner.run_once(Some(claim(1)), script([]), |done| answer(done)).await.unwrap_err();
    assert!(matches!(refused, Error::KeyReused));
}

#[tokio::test]
async fn a_request_whose_answer_was_erased_is_not_run_again_r13() {
    let (runner, _) = Prepared::runner(claimed(Claimed::Erased));
    let refused = runner.run_once(Some(claim(1)), script([]), |done| answer(done)).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound("customer")));
}

#[tokio::test]
async fn a_key_whose_first_request_still_runs_is_a_conflict() {
    let (runner, log) = Prepared::runner(claimed(Claimed::Running));
    let refused = runner.run_once(Some(claim(1)), script([]), |done| answer(done)).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(Conflict::StillRunning)));
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "rollback"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_free_again_when_it_is_asked_for_is_claimed() {
    let [lost, mut asked] = claimed(Claimed::New);
    asked.idempotency.expect_answer().once().returning(|_, _| Ok(()));
    let (runner, log) = Prepared::runner([lost, asked]);
    let first = runner.run_once(Some(claim(1)), script([]), |done| answer(done)).await.unwrap();
    assert!(!first.replayed);
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "commit"]);
}

#[tokio::test]
async fn a_refused_request_keeps_no_answer() {
    let (runner, log) = Prepared::runner([Mocks::default(), asked(Claimed::New)]);
    let refusals = script([Error::Forbidden, Error::Forbidden]);
    let refused = runner.run_once(Some(claim(1)), refusals, |done| answer(done)).await;
    assert!(matches!(refused.unwrap_err(), Error::Forbidden));
    assert_eq!(seen(&log), ["begin", "rollback", "begin", "rollback"]);
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
async fn a_caller_who_goes_away_does_not_break_off_what_runs() {
    let (runner, log) = Prepared::runner([]);
    let impatient = tokio::time::timeout(Duration::from_millis(1), runner.run(Slow)).await;
    assert!(impatient.is_err());
    sleep(Duration::from_secs(2)).await;
    assert_eq!(seen(&log), ["begin", "commit"]);
}
