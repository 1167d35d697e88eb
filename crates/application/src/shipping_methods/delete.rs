use async_trait::async_trait;
use domain::Version;
use domain::shipping_methods::{ShippingMethod, ShippingMethodId};

use super::update::locked_method;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a shipping method. Orders keep what they copied of it.
#[derive(Debug, Clone)]
pub struct DeleteShippingMethod {
    /// The shipping method, which nobody can choose any more.
    pub id: ShippingMethodId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteShippingMethod {
    type Output = ();
    const NAME: &'static str = "shipping_methods.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        tx.pricing().raise_version().await?;
        let method = locked_method(tx, self.id, self.expected).await?;
        tx.shipping_methods().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&method), None::<&ShippingMethod>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{METHOD, known};
    use super::*;
    use crate::testing::run;

    #[tokio::test]
    async fn a_method_is_deleted_only_at_the_version_that_the_caller_saw_r102() {
        for (expected, deleted) in [(1, true), (2, false)] {
            let mut tx = known();
            tx.shipping_methods.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let delete = DeleteShippingMethod { id: METHOD, expected: Some(Version(expected)) };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }
}
