use async_trait::async_trait;
use domain::Date;
use domain::pricing::TaxRateId;
use domain::tax_rates::{TaxRate, TaxRateDetails};

use super::clash::{Refused, expect_free};
use crate::audit_trail::audit;
use crate::known::{expect_class, expect_zone};
use crate::{Command, Ctx, Error, Tx};

/// Creates a tax rate. Its zone and its tax class must be known, and its days free.
#[derive(Debug, Clone)]
pub struct CreateTaxRate(pub TaxRateDetails);

#[async_trait]
impl Command for CreateTaxRate {
    type Output = TaxRate;
    const NAME: &'static str = "tax_rates.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<TaxRate, Error> {
        tx.pricing().raise_version().await?;
        let zone = expect_zone(tx, self.0.zone_id).await?;
        expect_class(tx, "tax_class", Some(&self.0.class)).await?;
        let rate = TaxRate::new(TaxRateId(ctx.ids.next()), self.0.clone(), ctx.now);
        expect_free(tx, &zone, &rate.dated, Date::MIN, Refused { days: "starts_on", zone: "zone_id" }).await?;
        tx.tax_rates().insert(&rate).await?;
        audit(tx, ctx, Self::NAME, None, Some(&rate)).await?;
        Ok(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{details, standard};
    use super::*;
    use crate::testing::{Mocks, run};
    use crate::zones::tests::germany;
    use domain::pricing::ZoneId;
    use domain::tax_rates::RatedZone;
    use domain::zones::Zone;
    use domain::{Code, Uuid};

    /// A transaction that counts the change, and knows Germany and every class.
    fn knowing(zones: Vec<RatedZone>) -> Mocks {
        let mut tx = Mocks::default();
        tx.pricing.expect_raise_version().once().returning(|| Ok(2));
        tx.zones.expect_lock().once().returning(|_| Ok(Some(germany())));
        tx.tax_classes.expect_has().once().returning(|_| Ok(true));
        tx.tax_rates.expect_zones().once().returning(move || Ok(zones.clone()));
        tx
    }

    fn field(refused: Error) -> (String, Code) {
        let Error::Invalid(fields) = refused else { panic!("{refused}") };
        (fields[0].field.clone(), fields[0].invalid.code)
    }

    #[tokio::test]
    async fn a_rate_that_no_other_excludes_is_inserted_r103() {
        let mut tx = knowing(Vec::new());
        tx.tax_rates
            .expect_insert()
            .once()
            .withf(|rate| rate.dated.starts_on == standard().dated.starts_on)
            .returning(|_| Ok(()));
        run(&CreateTaxRate(details()), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_rate_with_a_code_of_its_zone_and_day_is_refused_by_its_first_day_r103() {
        let zones = vec![RatedZone { zone: germany(), rates: vec![standard().dated] }];
        let refused = run(&CreateTaxRate(details()), &mut knowing(zones)).await.unwrap_err();
        assert_eq!(field(refused), ("starts_on".to_owned(), Code::Excluded));
    }

    #[tokio::test]
    async fn a_rate_for_a_class_of_a_zone_with_a_common_area_is_refused_by_its_zone_r103() {
        let zone = Zone { id: ZoneId(Uuid::from_u128(7)), ..germany() };
        let zones = vec![RatedZone { zone, rates: vec![standard().dated] }];
        let refused = run(&CreateTaxRate(details()), &mut knowing(zones)).await.unwrap_err();
        assert_eq!(field(refused), ("zone_id".to_owned(), Code::Excluded));
    }

    #[tokio::test]
    async fn an_unknown_zone_and_an_unknown_class_are_refused_r103() {
        for (has_zone, name) in [(false, "zone_id"), (true, "tax_class")] {
            let mut tx = Mocks::default();
            tx.pricing.expect_raise_version().once().returning(|| Ok(2));
            tx.zones.expect_lock().once().returning(move |_| Ok(has_zone.then(germany)));
            tx.tax_classes.expect_has().returning(|_| Ok(false));
            let refused = run(&CreateTaxRate(details()), &mut tx).await.unwrap_err();
            assert_eq!(field(refused), (name.to_owned(), Code::NotFound));
        }
    }
}
