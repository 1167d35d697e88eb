use async_trait::async_trait;
use domain::pricing::TaxRateId;
use domain::tax_rates::TaxRate;
use domain::{Date, Version};

use super::clash::{Refused, expect_free};
use super::today::today;
use crate::audit_trail::audit;
use crate::known::expect_zone;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Gives a tax rate another last day, in the future.
#[derive(Debug, Clone)]
pub struct UpdateTaxRate {
    /// The tax rate to change.
    pub id: TaxRateId,
    /// The last day; `None` keeps it.
    pub ends_on: Option<Date>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateTaxRate {
    type Output = TaxRate;
    const NAME: &'static str = "tax_rates.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<TaxRate, Error> {
        tx.pricing().raise_version().await?;
        let before = locked_rate(tx, self.id, self.expected).await?;
        let ended = before.ended(self.ends_on, today(ctx), ctx.now);
        let rate = ended.map_err(|invalid| Error::field("ends_on", invalid))?;
        if rate == before {
            return Ok(before);
        }
        let zone = expect_zone(tx, rate.zone_id).await?;
        expect_free(tx, &zone, &rate.dated, today(ctx), Refused { days: "ends_on", zone: "ends_on" }).await?;
        tx.tax_rates().update(&rate).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&rate)).await?;
        Ok(rate)
    }
}

/// Locks a tax rate.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_rate(tx: &mut dyn Tx, id: TaxRateId, expected: Option<Version>) -> Result<TaxRate, Error> {
    let rate = tx.tax_rates().lock(id).await?.ok_or(Error::NotFound("tax rate"))?;
    expect_version(expected, rate.version)?;
    Ok(rate)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::testing::{Mocks, NOW, run};
    use crate::zones::tests::{ZONE, germany};
    use domain::pricing::{Rate, RatePpm, TaxCode, TaxName};
    use domain::tax_classes::TaxClassCode;
    use domain::tax_rates::{RatedZone, TaxRateDetails};
    use domain::{Code, Uuid};

    pub const RATE: TaxRateId = TaxRateId(Uuid::from_u128(0x50));

    /// A rate of Germany since 1 January 1968. It is 1 January 1970.
    pub fn details() -> TaxRateDetails {
        let (code, name) = (TaxCode::parse("DE10").unwrap(), TaxName::parse("USt. 10 %").unwrap());
        let rate = Rate::new(code, name, RatePpm::parse(100_000).unwrap(), true, None).unwrap();
        let starts_on = Date::from_ordinal_date(1968, 1).unwrap();
        TaxRateDetails { zone_id: ZONE, class: TaxClassCode::default(), rate, starts_on, ends_on: None }
    }

    pub fn standard() -> TaxRate {
        TaxRate::new(RATE, details(), NOW)
    }

    /// A transaction that counts the change and finds the rate.
    pub fn known(rate: TaxRate) -> Mocks {
        let mut tx = Mocks::default();
        tx.pricing.expect_raise_version().once().returning(|| Ok(2));
        tx.tax_rates.expect_lock().once().returning(move |_| Ok(Some(rate.clone())));
        tx
    }

    fn day(ordinal: u16) -> Date {
        Date::from_ordinal_date(1970, ordinal).unwrap()
    }

    fn end(ordinal: u16) -> UpdateTaxRate {
        UpdateTaxRate { id: RATE, ends_on: Some(day(ordinal)), expected: Some(Version(1)) }
    }

    /// [`known`], with these rates of Germany.
    fn beside(rates: Vec<TaxRate>) -> Mocks {
        let mut tx = known(standard());
        tx.zones.expect_lock().once().returning(|_| Ok(Some(germany())));
        let rates: Vec<_> = rates.into_iter().map(|rate| rate.dated).collect();
        tx.tax_rates
            .expect_zones()
            .once()
            .returning(move || Ok(vec![RatedZone { zone: germany(), rates: rates.clone() }]));
        tx
    }

    #[tokio::test]
    async fn a_rate_ends_on_a_day_in_the_future_r103() {
        let mut tx = beside(vec![standard()]);
        tx.tax_rates.expect_update().once().returning(|_| Ok(()));
        assert_eq!(run(&end(2), &mut tx).await.unwrap().dated.ends_on, Some(day(2)));
        let refused = run(&end(1), &mut known(standard())).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(fields) if fields[0].field == "ends_on"));
    }

    #[tokio::test]
    async fn a_rate_does_not_last_into_the_next_one_with_its_code_r103() {
        let mut next = standard();
        (next.dated.id, next.dated.starts_on) = (TaxRateId(Uuid::from_u128(1)), day(10));
        for (last, fits) in [(9, true), (10, false)] {
            let mut tx = beside(vec![next.clone()]);
            tx.tax_rates.expect_update().times(usize::from(fits)).returning(|_| Ok(()));
            match run(&end(last), &mut tx).await {
                Ok(_) => assert!(fits),
                Err(Error::Invalid(fields)) => {
                    assert!(!fits);
                    assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), ("ends_on", Code::Excluded));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[tokio::test]
    async fn nothing_of_a_rate_is_written_when_its_last_day_stays_or_the_caller_saw_an_older_one_r103() {
        let keep = UpdateTaxRate { ends_on: None, ..end(2) };
        assert_eq!(run(&keep, &mut known(standard())).await.unwrap(), standard());
        let stale = UpdateTaxRate { expected: Some(Version(2)), ..end(2) };
        assert!(matches!(run(&stale, &mut known(standard())).await, Err(Error::Stale(Version(1)))));
    }
}
