//! Changes of many products, each on its own.

use async_trait::async_trait;
use domain::Uuid;
use domain::products::ProductId;

use super::{ProductKey, ProductUpdate};
use crate::{Claim, Command, Ctx, Error, Response, Runner, SplitClaim, StoredResponse, Tx};

/// What became of a change that is on its own.
#[derive(Debug)]
pub enum EachOutcome {
    /// It is committed.
    Done(ProductId),
    /// It is refused, or it failed. With the product, if the change names it by its id.
    Refused(Option<ProductId>, Error),
    /// It was not tried, because the database did not answer before.
    NotTried(Option<ProductId>),
}

/// Claims the idempotency key of a request with several separate changes, so that no other request uses it.
#[derive(Debug, Clone, Copy)]
struct BeginUpdates;

#[async_trait]
impl Command for BeginUpdates {
    type Output = ();
    const NAME: &'static str = "products.begin_updates";

    async fn run(&self, _: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Does each change in a transaction of its own, once for its claim. When the database fails, those that are left are
/// not tried.
///
/// # Errors
/// If the key of the request was used for another one, or the first change fails.
pub async fn update_each(
    runner: &Runner,
    claim: Option<SplitClaim>,
    updates: Vec<ProductUpdate>,
) -> Result<Vec<EachOutcome>, Error> {
    let mut claims = Vec::new();
    if let Some(SplitClaim { whole, parts }) = claim {
        let begun = |&(): &()| StoredResponse { content: Vec::new(), personal_to: None };
        runner.run_once(Some(whole), BeginUpdates, begun).await?;
        claims = parts;
    }
    let (mut claims, mut has_failed) = (claims.into_iter(), false);
    let mut outcomes = Vec::with_capacity(updates.len());
    for update in updates {
        let (claim, known) = (claims.next(), update.product.id());
        if has_failed {
            outcomes.push(EachOutcome::NotTried(known));
            continue;
        }
        let outcome = match once(runner, claim, update).await {
            Ok(id) => EachOutcome::Done(id),
            Err(error) if error.is_refusal() => EachOutcome::Refused(known, error),
            Err(failure) if outcomes.is_empty() => return Err(failure),
            Err(failure) => {
                has_failed = true;
                EachOutcome::Refused(known, failure)
            }
        };
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Does a change, or returns what it changed when its claim was used before.
async fn once(runner: &Runner, claim: Option<Claim>, update: ProductUpdate) -> Result<ProductId, Error> {
    let kept = |id: &ProductId| StoredResponse { content: id.0.as_bytes().to_vec(), personal_to: None };
    let (Response::First(stored) | Response::Replayed(stored)) = runner.run_once(claim, update, kept).await?;
    let id = Uuid::from_slice(&stored.content);
    id.map(ProductId).map_err(|_| Error::Internal("the id stored with the key cannot be read".into()))
}

impl ProductKey {
    /// The id, if it names the product by that.
    const fn id(&self) -> Option<ProductId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Sku(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::StoreError;
    use domain::pages::PageTextsChange;
    use domain::products::ProductChange;

    use super::*;
    use crate::testing::{Mocks, Prepared, id, product};
    use crate::{Fingerprint, IdempotencyKey, KeyState};

    fn update(n: u128) -> ProductUpdate {
        ProductUpdate {
            product: ProductKey::Id(ProductId(id(n))),
            expected: None,
            change: ProductChange::default(),
            price: None,
            page: PageTextsChange::default(),
            given: Vec::new(),
        }
    }

    fn locking(found: Result<Option<u128>, StoreError>) -> Mocks {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().return_once(|_| found.map(|n| n.map(product)));
        tx
    }

    fn away() -> Result<Option<u128>, StoreError> {
        Err(StoreError::Unavailable("away".into()))
    }

    #[tokio::test]
    async fn a_refusal_stops_no_other_change_and_a_failure_stops_those_after_it_r232() {
        let (runner, log) = Prepared::runner([Ok(None), Ok(Some(2)), away()].map(locking));
        let done = update_each(&runner, None, (1..=4).map(update).collect()).await.unwrap();
        assert!(matches!(&done[0], EachOutcome::Refused(Some(known), Error::NotFound(_)) if known.0 == id(1)));
        assert!(matches!(&done[1], EachOutcome::Done(done) if done.0 == id(2)));
        assert!(matches!(&done[2], EachOutcome::Refused(_, Error::Unavailable(_))));
        assert!(matches!(&done[3], EachOutcome::NotTried(Some(left)) if left.0 == id(4)));
        assert_eq!(log.lock().unwrap().iter().filter(|call| **call == "begin").count(), 3);
        let (runner, _) = Prepared::runner([locking(away())]);
        assert!(update_each(&runner, None, vec![update(1), update(2)]).await.is_err());
    }

    #[tokio::test]
    async fn the_request_and_each_change_have_a_key_of_their_own_r232() {
        let claiming = |key: &'static str, mut tx: Mocks| {
            let claim = tx.idempotency.expect_claim().once().withf(move |claim, _, _| claim.key.as_str() == key);
            claim.returning(|_, _, _| Ok(KeyState::New));
            tx.idempotency.expect_store().once().returning(|_, _, _| Ok(()));
            tx
        };
        let whole = claiming("k", Mocks::default());
        let parts = [claiming("k#0", locking(Ok(Some(1)))), claiming("k#1", locking(Ok(Some(2))))];
        let (runner, _) = Prepared::runner([whole].into_iter().chain(parts));
        let key = IdempotencyKey::parse("k").unwrap();
        let claim = Claim { owner: None, key, fingerprint: Fingerprint([7; 32]), former_fingerprint: None };
        let done = update_each(&runner, Some(claim.split(2).unwrap()), vec![update(1), update(2)]).await.unwrap();
        assert!(matches!(&done[..], [EachOutcome::Done(_), EachOutcome::Done(_)]), "{done:?}");
    }
}
