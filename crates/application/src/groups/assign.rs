use async_trait::async_trait;
use domain::Version;
use domain::attributes::AttributeInput;
use domain::events::Event;
use domain::groups::GroupId;

use super::audit::GroupHas;
use super::known::shown_group;
use crate::assignments::{ProductAttributes, Request, Shown, expect_no_option, too_many_terms, with_breadcrumbs};
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::locked_group;
use crate::{Command, Ctx, Error, Tx};

/// Gives a group terms and values, which members without their own have.
#[derive(Debug, Clone)]
pub struct AssignToGroup {
    /// The group that gets values.
    pub id: GroupId,
    /// What is given for each attribute, by its code.
    pub given: Vec<(String, AttributeInput)>,
    /// The version of the group that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for AssignToGroup {
    type Output = (Version, ProductAttributes);
    const NAME: &'static str = "product_groups.assign";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        let before = locked_group(tx, self.id, self.expected).await?;
        let meant = Request { field: "", given: &self.given }.meant(tx, ctx).await?;
        expect_no_option(&meant, &before.options)?;
        let had = tx.groups().assigned(before.id).await?;
        let given = meant.into_iter().map(|(attribute, has)| (attribute.id, has));
        let has = had.with(given).map_err(|refused| too_many_terms("attributes", refused))?;
        let shown_before = shown_group(tx, before.id).await?.attributes;
        if has == had {
            return Ok((before.version, with_breadcrumbs(tx, shown_before).await?));
        }
        tx.groups().assign(before.id, &has).await?;
        let group = before.touched(ctx.now);
        tx.groups().update(&group).await?;
        for (product, _) in tx.groups().lock_members(group.id).await? {
            let product = product.touched(ctx.now);
            let had = tx.assignments().of(product.id).await?;
            let after = had.own().filled(&has).map_err(|refused| too_many_terms("attributes", refused))?;
            tx.assignments().replace(&product, &had, &after).await?;
            append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        }
        let attributes = shown_group(tx, group.id).await?.attributes;
        let old = GroupHas(group.id.0, Shown::text(&shown_before, &attributes));
        let new = GroupHas(group.id.0, Shown::text(&attributes, &shown_before));
        audit(tx, ctx, Self::NAME, Some(&old), Some(&new)).await?;
        Ok((group.version, with_breadcrumbs(tx, attributes).await?))
    }
}
