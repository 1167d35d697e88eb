use async_trait::async_trait;
use domain::Version;
use domain::shipping_methods::{MethodChange, ShippingMethod, ShippingMethodId};

use crate::audit_trail::audit;
use crate::known::{expect_class, expect_zone};
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes a shipping method.
#[derive(Debug, Clone)]
pub struct UpdateShippingMethod {
    /// The shipping method to change.
    pub id: ShippingMethodId,
    /// The fields to change.
    pub change: MethodChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateShippingMethod {
    type Output = ShippingMethod;
    const NAME: &'static str = "shipping_methods.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ShippingMethod, Error> {
        tx.pricing().raise_version().await?;
        let before = locked_method(tx, self.id, self.expected).await?;
        let changed = before.changed(&self.change, ctx.now);
        let method = changed.map_err(|(field, invalid)| Error::field(field, invalid))?;
        if method == before {
            return Ok(before);
        }
        if method.details.zone_id != before.details.zone_id {
            expect_zone(tx, method.details.zone_id).await?;
        }
        if method.details.tax_class != before.details.tax_class {
            expect_class(tx, "tax_class", method.details.tax_class.as_ref()).await?;
        }
        tx.shipping_methods().update(&method).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&method)).await?;
        Ok(method)
    }
}

/// Locks a shipping method.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_method(
    tx: &mut dyn Tx,
    id: ShippingMethodId,
    expected: Option<Version>,
) -> Result<ShippingMethod, Error> {
    let method = tx.shipping_methods().lock(id).await?.ok_or(Error::NotFound("shipping method"))?;
    expect_version(expected, method.version)?;
    Ok(method)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, NOW, id, run, run_as};
    use crate::zones::tests::{ZONE, germany};
    use domain::accounts::AccountId;
    use domain::keys::Principal;
    use domain::pricing::{Basis, MethodCode, MethodName, Tier, Tiers, ZoneId};
    use domain::shipping_methods::{Days, DeliveryDays, MethodDetails, MethodStatus, Position};
    use domain::tax_classes::TaxClassCode;
    use domain::{Code, Price, Uuid};

    pub const METHOD: ShippingMethodId = ShippingMethodId(Uuid::from_u128(0x40));

    /// Where a tier begins, what it costs, and the length and cost of its steps.
    type TierInput = (i64, Option<i64>, Option<(i64, i64)>);

    fn tiers(tiers: &[TierInput]) -> Tiers {
        let price = |amount| Price::parse(amount).unwrap();
        let tier = |&(from, amount, step): &TierInput| {
            Tier::new(from, amount.map(price), step.map(|step| step.0), step.map(|step| price(step.1))).unwrap()
        };
        Tiers::parse(tiers.iter().map(tier).collect()).unwrap()
    }

    /// A method of Germany, taxed as `food`.
    pub fn dhl() -> ShippingMethod {
        let details = MethodDetails {
            code: MethodCode::parse("dhl").unwrap(),
            name: MethodName::parse("DHL").unwrap(),
            zone_id: ZONE,
            status: MethodStatus::Active,
            position: Position::default(),
            basis: Basis::Weight,
            tiers: tiers(&[(0, Some(490), None)]),
            free_from: None,
            tax_class: TaxClassCode::parse("food").ok(),
            days: DeliveryDays::new(None, Days::parse(3).ok()).unwrap(),
        };
        ShippingMethod::new(METHOD, details, NOW)
    }

    /// A transaction that counts the change and finds the method.
    pub fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.pricing.expect_raise_version().once().returning(|| Ok(2));
        tx.shipping_methods.expect_lock().once().returning(|_| Ok(Some(dhl())));
        tx
    }

    fn update(change: MethodChange) -> UpdateShippingMethod {
        UpdateShippingMethod { id: METHOD, change, expected: Some(Version(1)) }
    }

    #[tokio::test]
    async fn the_audit_log_says_what_a_method_cost_before_and_after_r102() {
        let mut tx = known();
        tx.shipping_methods.expect_update().once().withf(|method| method.version == Version(2)).returning(|_| Ok(()));
        tx.audit.expect_append().once().returning(|entry| {
            let field = |text: &str| vec![("tiers".to_owned(), Some(text.to_owned()))];
            assert_eq!(entry.before, field("0: 490"));
            assert_eq!(entry.after, field("0: 490; 2000: 690 and 100 for each 1000; 31500: not offered"));
            assert_eq!(
                (entry.action.as_str(), entry.resource.as_str()),
                ("shipping_methods.update", "shipping_method")
            );
            Ok(())
        });
        let all = tiers(&[(0, Some(490), None), (2000, Some(690), Some((1000, 100))), (31_500, None, None)]);
        let change = MethodChange { tiers: Some(all), ..MethodChange::default() };
        let actor = Actor { who: Principal::Account(AccountId(id(5))), request_id: "r-1".into() };
        run_as(&update(change), &mut tx, &actor).await.unwrap();
    }

    #[tokio::test]
    async fn a_changed_zone_and_a_changed_class_have_to_exist_r102() {
        let zone = MethodChange { zone_id: Some(ZoneId(id(9))), ..MethodChange::default() };
        let mut tx = known();
        tx.zones.expect_lock().once().returning(|_| Ok(None));
        assert_refused(run(&update(zone.clone()), &mut tx).await, "zone_id");
        let class = MethodChange { tax_class: Some(TaxClassCode::parse("books").ok()), ..zone };
        let mut tx = known();
        tx.zones.expect_lock().once().returning(|_| Ok(Some(germany())));
        tx.tax_classes.expect_has().once().returning(|_| Ok(false));
        assert_refused(run(&update(class), &mut tx).await, "tax_class");
    }

    fn assert_refused(result: Result<ShippingMethod, Error>, field: &str) {
        let Err(Error::Invalid(fields)) = result else { panic!("{result:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), (field, Code::NotFound));
    }

    #[tokio::test]
    async fn nothing_of_a_method_is_written_when_nothing_changes_or_the_days_cross_r102() {
        assert_eq!(run(&update(MethodChange::default()), &mut known()).await.unwrap(), dhl());
        let crossed = MethodChange { min_days: Some(Days::parse(4).ok()), ..MethodChange::default() };
        let refused = run(&update(crossed), &mut known()).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(fields) if fields[0].field == "min_days"));
        let stale = UpdateShippingMethod { expected: Some(Version(2)), ..update(MethodChange::default()) };
        assert!(matches!(run(&stale, &mut known()).await, Err(Error::Stale(Version(1)))));
    }
}
