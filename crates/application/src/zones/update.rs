use async_trait::async_trait;
use domain::Version;
use domain::pricing::ZoneId;
use domain::zones::{Zone, ZoneChange};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes a zone.
#[derive(Debug, Clone)]
pub struct UpdateZone {
    /// The zone.
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
        let before = locked_zone(tx, self.id, self.expected).await?;
        let zone = before.changed(&self.change, ctx.now);
        if zone == before {
            return Ok(before);
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, NOW, id, run, run_as};
    use domain::accounts::AccountId;
    use domain::pricing::{Area, AreaCountry, ShippingTax};
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

    fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.zones.expect_lock().once().returning(|_| Ok(Some(germany())));
        tx
    }

    #[tokio::test]
    async fn the_audit_log_has_the_changed_fields_of_a_zone_before_and_after_r101() {
        let mut tx = known();
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
        let actor = Actor { account_id: AccountId(id(5)), request_id: "r-1".into() };
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
    async fn nothing_is_written_when_the_caller_saw_an_older_zone_r101() {
        let refused = run(&update(ZoneChange::default(), 2), &mut known()).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))));
    }
}
