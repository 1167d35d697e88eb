use async_trait::async_trait;
use domain::Version;
use domain::pricing::{ShippingTax, ZoneId};
use domain::zones::{Zone, ZoneChange};

use crate::audit_trail::audit;
use crate::known::expect_class;
use crate::tax_rates::{expect_no_rival, today};
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes a zone.
#[derive(Debug, Clone)]
pub struct UpdateZone {
    /// The zone to change.
    pub id: ZoneId,
    /// The fields to change.
    pub change: ZoneChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateZone {
    type Output = Zone;
    const NAME: &'static str = "zones.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Zone, Error> {
        tx.pricing().raise_version().await?;
        let before = locked_zone(tx, self.id, self.expected).await?;
        let zone = before.changed(&self.change, ctx.now);
        if zone == before {
            return Ok(before);
        }
        if zone.shipping_tax != before.shipping_tax {
            expect_shipping_class(tx, zone.shipping_tax.as_ref()).await?;
        }
        if zone.members != before.members {
            expect_no_rival(tx, &zone, today(ctx)).await?;
        }
        tx.zones().update(&zone).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&zone)).await?;
        Ok(zone)
    }
}

/// Locks a zone.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_zone(tx: &mut dyn Tx, id: ZoneId, expected: Option<Version>) -> Result<Zone, Error> {
    let zone = tx.zones().lock(id).await?.ok_or(Error::NotFound("zone"))?;
    expect_version(expected, zone.version)?;
    Ok(zone)
}

/// Checks that the class that shipping is taxed by exists, if it is one.
///
/// # Errors
/// The refusal of `shipping_tax`.
pub(super) async fn expect_shipping_class(tx: &mut dyn Tx, tax: Option<&ShippingTax>) -> Result<(), Error> {
    match tax {
        Some(ShippingTax::Class(class)) => expect_class(tx, "shipping_tax", Some(class)).await,
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Actor;
    use crate::tax_rates::tests::standard;
    use crate::testing::{Mocks, NOW, id, run, run_as};
    use domain::Code;
    use domain::accounts::AccountId;
    use domain::keys::Principal;
    use domain::pricing::{Area, AreaCountry, TaxRateId};
    use domain::tax_classes::TaxClassCode;
    use domain::tax_rates::RatedZone;
    use domain::zones::{Members, ZoneDetails, ZoneName};

    pub const ZONE: ZoneId = ZoneId(domain::Uuid::from_u128(0x20));

    /// A zone of one country.
    pub fn germany() -> Zone {
        let details =
            ZoneDetails { name: ZoneName::parse("Germany").unwrap(), members: countries(&["DE"]), shipping_tax: None };
        Zone::new(ZONE, details, NOW)
    }

    fn countries(codes: &[&str]) -> Members {
        let area = |code: &&str| Area::new(AreaCountry::parse(code).unwrap(), None, None).unwrap();
        Members::parse(codes.iter().map(area).collect()).unwrap()
    }

    fn update(change: ZoneChange, expected: i64) -> UpdateZone {
        UpdateZone { id: ZONE, change, expected: Some(Version(expected)) }
    }

    /// A transaction that counts the change and finds the zone.
    pub fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.pricing.expect_raise_version().once().returning(|| Ok(2));
        tx.zones.expect_lock().once().returning(|_| Ok(Some(germany())));
        tx
    }

    #[tokio::test]
    async fn the_audit_log_has_the_changed_fields_of_a_zone_before_and_after_r101() {
        let mut tx = known();
        tx.tax_rates.expect_zones().once().returning(|| Ok(Vec::new()));
        tx.zones.expect_update().once().withf(|zone| zone.version == Version(2)).returning(|_| Ok(()));
        tx.audit.expect_append().once().returning(|entry| {
            let fields = |members: &str, tax: Option<&str>| {
                vec![
                    ("members".to_owned(), Some(members.to_owned())),
                    ("shipping_tax".to_owned(), tax.map(ToOwned::to_owned)),
                ]
            };
            assert_eq!((&entry.before, &entry.after), (&fields("DE", None), &fields("AT, DE", Some("highest"))));
            assert_eq!((entry.action.as_str(), entry.resource.as_str()), ("zones.update", "zone"));
            Ok(())
        });
        let actor = Actor { who: Principal::Account(AccountId(id(5))), request_id: "r-1".into() };
        let change = ZoneChange {
            members: Some(countries(&["DE", "AT"])),
            shipping_tax: Some(Some(ShippingTax::Highest)),
            name: None,
        };
        run_as(&update(change, 1), &mut tx, &actor).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_of_a_zone_changes_r101() {
        let same = ZoneChange { members: Some(countries(&["DE"])), ..ZoneChange::default() };
        assert_eq!(run(&update(same, 1), &mut known()).await.unwrap(), germany());
    }

    #[tokio::test]
    async fn shipping_is_taxed_by_a_class_that_exists_r101_r103() {
        for exists in [true, false] {
            let mut tx = known();
            tx.tax_classes.expect_has().once().withf(|class| class.as_str() == "food").returning(move |_| Ok(exists));
            tx.zones.expect_update().times(usize::from(exists)).returning(|_| Ok(()));
            let tax = ShippingTax::parse("class:food").unwrap();
            let change = ZoneChange { shipping_tax: Some(Some(tax)), ..ZoneChange::default() };
            match run(&update(change, 1), &mut tx).await {
                Ok(_) => assert!(exists),
                Err(Error::Invalid(fields)) => {
                    assert!(!exists);
                    assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), ("shipping_tax", Code::NotFound));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[tokio::test]
    async fn a_zone_gets_no_area_of_a_zone_with_rates_for_the_same_class_r101_r103() {
        let austria = Zone { id: ZoneId(id(7)), members: countries(&["AT"]), ..germany() };
        let zones = |class: &str| {
            let mut other = standard().dated;
            (other.id, other.class) = (TaxRateId(id(8)), TaxClassCode::parse(class).unwrap());
            let rated = |zone, rate| RatedZone { zone, rates: vec![rate] };
            vec![rated(germany(), standard().dated), rated(austria.clone(), other)]
        };
        for (class, fits) in [("food", true), ("standard", false)] {
            let (mut tx, zones) = (known(), zones(class));
            tx.tax_rates.expect_zones().once().returning(move || Ok(zones.clone()));
            tx.zones.expect_update().times(usize::from(fits)).returning(|_| Ok(()));
            let change = ZoneChange { members: Some(countries(&["DE", "AT"])), ..ZoneChange::default() };
            match run(&update(change, 1), &mut tx).await {
                Ok(_) => assert!(fits),
                Err(Error::Invalid(fields)) => {
                    assert!(!fits);
                    assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), ("members", Code::Excluded));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_caller_saw_an_older_zone_r101() {
        let refused = run(&update(ZoneChange::default(), 2), &mut known()).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))));
    }
}
