use async_trait::async_trait;
use domain::Version;
use domain::pricing::TaxRateId;
use domain::tax_rates::TaxRate;

use super::today::today;
use super::update::locked_rate;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Deletes a tax rate before its first day.
#[derive(Debug, Clone)]
pub struct DeleteTaxRate {
    /// The tax rate. It must not hold yet.
    pub id: TaxRateId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteTaxRate {
    type Output = ();
    const NAME: &'static str = "tax_rates.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        tx.pricing().raise_version().await?;
        let rate = locked_rate(tx, self.id, self.expected).await?;
        if !rate.dated.is_deletable(today(ctx)) {
            return Err(Conflict::TaxRateHeld { since: rate.dated.starts_on }.into());
        }
        tx.tax_rates().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&rate), None::<&TaxRate>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{RATE, known, standard};
    use super::*;
    use crate::testing::run;
    use domain::Date;

    #[tokio::test]
    async fn a_rate_is_deleted_only_before_its_first_day_and_at_the_version_that_the_caller_saw_r103() {
        for (first, expected, deleted) in [(1, 1, false), (2, 1, true), (2, 2, false)] {
            let mut rate = standard();
            rate.dated.starts_on = Date::from_ordinal_date(1970, first).unwrap();
            let mut tx = known(rate);
            tx.tax_rates.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let delete = DeleteTaxRate { id: RATE, expected: Some(Version(expected)) };
            let result = run(&delete, &mut tx).await;
            assert_eq!(result.is_ok(), deleted);
            assert_eq!(matches!(result, Err(Error::Conflict(Conflict::TaxRateHeld { .. }))), first == 1);
        }
    }
}
