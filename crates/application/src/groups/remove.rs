use async_trait::async_trait;
use domain::Version;
use domain::events::Event;
use domain::groups::{GroupId, Member};
use domain::products::ProductId;

use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::{locked_group, locked_product};
use crate::{Command, Ctx, Error, Tx};

/// Makes a member a single product, which keeps what it had from its group.
#[derive(Debug, Clone)]
pub struct RemoveMember {
    /// The group that loses the member.
    pub group_id: GroupId,
    /// The product that leaves it.
    pub product_id: ProductId,
    /// The version of the group that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for RemoveMember {
    type Output = ();
    const NAME: &'static str = "product_groups.remove";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let group = locked_group(tx, self.group_id, self.expected).await?;
        let product = locked_product(tx, self.product_id, None).await?;
        let member = tx.groups().membership(product.id).await?;
        let member = member.filter(|member| member.group_id == group.id);
        let member = member.ok_or(Error::NotFound("product in the group"))?;
        tx.groups().leave(&[product.id]).await?;
        let product = product.touched(ctx.now);
        tx.products().update(&product).await?;
        append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        audit(tx, ctx, Self::NAME, Some(&member), None::<&Member>).await?;
        Ok(tx.groups().update(&group.touched(ctx.now)).await?)
    }
}
