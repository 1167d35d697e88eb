use async_trait::async_trait;
use domain::Version;
use domain::events::Event;
use domain::groups::{Group, GroupId};

use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::locked_group;
use crate::{Command, Ctx, Error, Tx};

/// Takes a group apart. Its members become single products and keep what they had from it.
#[derive(Debug, Clone)]
pub struct DeleteGroup {
    /// The group that ends.
    pub id: GroupId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteGroup {
    type Output = ();
    const NAME: &'static str = "product_groups.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let group = locked_group(tx, self.id, self.expected).await?;
        let members = tx.groups().lock_members(group.id).await?;
        let ids: Vec<_> = members.iter().map(|(product, _)| product.id).collect();
        tx.groups().leave(&ids).await?;
        for (product, _) in members {
            let product = product.touched(ctx.now);
            tx.products().update(&product).await?;
            append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        }
        tx.groups().delete(group.id).await?;
        audit(tx, ctx, Self::NAME, Some(&group), None::<&Group>).await
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::super::testing::{group, member};
    use super::*;
    use crate::testing::{Mocks, id, run};

    #[tokio::test]
    async fn members_leave_before_their_group_goes_and_are_heard_of_in_order_of_id_r205() {
        let (mut tx, mut order) = (Mocks::default(), mockall::Sequence::new());
        tx.groups.expect_lock().once().returning(|_| Ok(Some(group(1))));
        tx.groups.expect_lock_members().once().returning(|_| Ok(vec![member(10, 21), member(11, 22)]));
        let leave = tx.groups.expect_leave().once().in_sequence(&mut order);
        leave.withf(|ids| ids.len() == 2).returning(|_| Ok(()));
        tx.products.expect_update().times(2).in_sequence(&mut order).returning(|_| Ok(()));
        tx.groups.expect_delete().once().in_sequence(&mut order).returning(|_| Ok(()));
        tx.expect_events([EventType::ProductUpdated, EventType::ProductUpdated]);
        run(&DeleteGroup { id: GroupId(id(1)), expected: Some(Version(1)) }, &mut tx).await.unwrap();
    }
}
