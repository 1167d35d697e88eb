use std::time::Duration;

use async_trait::async_trait;

use super::{BATCH, HousekeepingPolicy};
use crate::restocks::ReceiveDueRestocks;
use crate::{Command, Ctx, Error, Tx};

/// How long a network that an account does not use any more stays known to it.
const NETWORKS_KEPT: Duration = Duration::from_hours(90 * 24);

/// Something to be done from time to time, a batch in each transaction.
#[derive(Clone)]
pub(super) enum Chore {
    ReceiveRestocks(ReceiveDueRestocks),
    ForgetKeys(Duration),
    ForgetRefreshTokens,
    ForgetLoginFailures(Duration),
    ForgetEmptyCarts(Duration),
    ForgetNetworks,
}

/// All that is to be done.
pub(super) fn chores(policy: HousekeepingPolicy) -> impl Iterator<Item = Chore> {
    let receive = |after| Chore::ReceiveRestocks(ReceiveDueRestocks { after, limit: BATCH });
    policy.auto_receive_after.map(receive).into_iter().chain([
        Chore::ForgetKeys(policy.keep_keys),
        Chore::ForgetRefreshTokens,
        Chore::ForgetLoginFailures(policy.failure_window),
        Chore::ForgetEmptyCarts(policy.keep_empty_carts),
        Chore::ForgetNetworks,
    ])
}

impl Chore {
    /// Its name in the log and in the table of leases.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::ReceiveRestocks(_) => "receive_restocks",
            Self::ForgetKeys(_) => "forget_idempotency_keys",
            Self::ForgetRefreshTokens => "forget_refresh_tokens",
            Self::ForgetLoginFailures(_) => "forget_login_failures",
            Self::ForgetEmptyCarts(_) => "forget_empty_carts",
            Self::ForgetNetworks => "forget_networks",
        }
    }
}

#[async_trait]
impl Command for Chore {
    /// How much of the batch was there to do.
    type Output = u64;
    const NAME: &'static str = "housekeeping.chore";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        match self {
            Self::ReceiveRestocks(receive) => {
                let received = receive.run(tx, ctx).await?;
                Ok(u64::try_from(received).unwrap_or(u64::MAX))
            }
            Self::ForgetKeys(kept) => Ok(tx.idempotency().purge(ctx.now - *kept, BATCH).await?),
            Self::ForgetRefreshTokens => Ok(tx.refresh_tokens().purge(ctx.now, BATCH).await?),
            Self::ForgetLoginFailures(window) => Ok(tx.login_failures().purge(ctx.now - *window, BATCH).await?),
            Self::ForgetEmptyCarts(kept) => Ok(tx.carts().purge(ctx.now - *kept, BATCH).await?),
            Self::ForgetNetworks => Ok(tx.known_networks().purge(ctx.now - NETWORKS_KEPT, BATCH).await?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Housekeeping;
    use super::*;
    use crate::testing::{Mocks, Prepared, id};

    const POLICY: HousekeepingPolicy = HousekeepingPolicy {
        every: Duration::from_mins(1),
        keep_keys: Duration::from_hours(24),
        failure_window: Duration::from_mins(15),
        keep_empty_carts: Duration::from_hours(24),
        auto_receive_after: None,
    };

    fn lease(free: bool) -> Mocks {
        let mut tx = Mocks::default();
        tx.leases.expect_take().once().returning(move |_, _, _, _| Ok(free));
        tx
    }

    #[tokio::test]
    async fn a_round_goes_on_until_a_batch_is_not_full() {
        let keys = |found| {
            let mut tx = Mocks::default();
            tx.idempotency.expect_purge().once().returning(move |_, _| Ok(found));
            tx
        };
        let others = [lease(false), lease(false), lease(false), lease(false)];
        let (runner, log) = Prepared::runner([lease(true), keys(BATCH), keys(3)].into_iter().chain(others));
        Housekeeping::new(runner, POLICY, id(1)).round().await;
        assert_eq!(log.lock().unwrap().iter().filter(|end| **end == "commit").count(), 7);
    }

    #[tokio::test]
    async fn nothing_is_done_that_another_server_does() {
        let (runner, log) = Prepared::runner((0..6).map(|_| lease(false)));
        let policy = HousekeepingPolicy { auto_receive_after: Some(Duration::ZERO), ..POLICY };
        Housekeeping::new(runner, policy, id(1)).round().await;
        assert_eq!(log.lock().unwrap().len(), 12, "six leases asked for, nothing else");
    }
}
