use std::time::Duration;

use application::Error;
use application::tax_classes::CreateTaxClass;
use application::tax_rates::CreateTaxRate;
use domain::pricing::{
    DatedRate, Rate, RatePpm, ShippingTax, TaxCode, TaxName, TaxRateId, TaxZone, Treatment, Zone, ZoneId,
};
use domain::tax_classes::{TaxClassCode, TaxClassDetails, TaxClassName};
use domain::tax_rates::{RatedZone, TaxRate, TaxRateDetails, TaxRateFilter};
use domain::zones::ZoneChange;
use domain::{Date, PageRequest};
use time::macros::date;

use crate::support::{NOW, TestDb, at_once, every_page, id};
use crate::zones::add_zone;

on_every_database!(
    a_tax_rate_can_be_locked_ended_and_deleted_r103,
    tax_rates_are_listed_oldest_first_and_by_zone_class_and_day_r103,
    zones_with_rates_or_a_rule_for_shipping_come_with_all_their_rates_r103_r115,
    of_rates_that_exclude_each_other_one_is_made_however_many_come_at_once_r103,
    the_database_takes_a_first_day_of_a_code_once_and_no_rate_above_all_r103,
);

/// A rate since 1 January 2020 of `ppm` parts per million, or the treatment of 0.
fn rate(zone_id: ZoneId, class: &str, code: &str, ends_on: Option<Date>) -> TaxRate {
    let (code, name) = (TaxCode::parse(code).unwrap(), TaxName::parse("USt. 🦊").unwrap());
    let rate = Rate::new(code, name, RatePpm::parse(1_000_000).unwrap(), true, None).unwrap();
    let class = TaxClassCode::parse(class).unwrap();
    let details = TaxRateDetails { zone_id, class, rate, starts_on: date!(2020 - 01 - 01), ends_on };
    TaxRate::new(TaxRateId(id()), details, NOW)
}

async fn insert(db: &TestDb, rate: TaxRate) -> TaxRate {
    let mut tx = db.begin().await;
    tx.tax_rates().insert(&rate).await.unwrap();
    tx.commit().await.unwrap();
    rate
}

async fn a_tax_rate_can_be_locked_ended_and_deleted_r103(db: TestDb) {
    let rates = db.database.queries().tax_rates;
    let made = insert(&db, rate(ZoneId(id()), "food", "DE7", None)).await;
    let mut zero = rate(ZoneId(id()), "food", "DE0", Some(date!(9999 - 12 - 31)));
    let (code, name) = (zero.dated.rate.code.clone(), zero.dated.rate.name.clone());
    zero.dated.rate = Rate::new(code, name, RatePpm::ZERO, false, Some(Treatment::Export)).unwrap();
    let zero = insert(&db, zero).await;
    assert_eq!(rates.get(made.dated.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(rates.get(zero.dated.id).await.unwrap(), Some(zero));
    let (today, last) = (date!(2026 - 11 - 28), date!(2026 - 12 - 31));
    let ended = made.ended(Some(last), today, NOW + Duration::from_secs(1)).unwrap();
    let mut tx = db.begin().await;
    assert_eq!(tx.tax_rates().lock(made.dated.id).await.unwrap().as_ref(), Some(&made));
    tx.tax_rates().update(&ended).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(rates.get(made.dated.id).await.unwrap().as_ref(), Some(&ended));
    let mut tx = db.begin().await;
    tx.tax_rates().delete(made.dated.id).await.unwrap();
    assert_eq!(tx.tax_rates().lock(made.dated.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(rates.get(made.dated.id).await.unwrap(), None);
    assert_eq!(db.number("SELECT COUNT(*) FROM tax_rates").await, 1);
}

async fn tax_rates_are_listed_oldest_first_and_by_zone_class_and_day_r103(db: TestDb) {
    let (de, fr) = (ZoneId(id()), ZoneId(id()));
    let mut all = Vec::new();
    for (zone, class, code, ends_on) in [
        (de, "standard", "DE19", None),
        (de, "food", "DE7", Some(date!(2020 - 06 - 30))),
        (fr, "food", "FR5", Some(date!(2021 - 12 - 31))),
    ] {
        all.push(insert(&db, rate(zone, class, code, ends_on)).await);
    }
    let rates = db.database.queries().tax_rates;
    for limit in [1, 2, 100] {
        let read = async |page| rates.list(&TaxRateFilter::default(), &page).await.unwrap();
        assert_eq!(every_page(limit, read).await, all, "in pages of {limit}");
    }
    for (zone_id, class, on, expected) in [
        (Some(de), None, None, vec!["DE19", "DE7"]),
        (None, Some("food"), None, vec!["DE7", "FR5"]),
        (Some(de), Some("food"), None, vec!["DE7"]),
        (None, None, Some(date!(2019 - 12 - 31)), vec![]),
        (None, None, Some(date!(2020 - 01 - 01)), vec!["DE19", "DE7", "FR5"]),
        (None, None, Some(date!(2020 - 06 - 30)), vec!["DE19", "DE7", "FR5"]),
        (None, None, Some(date!(2020 - 07 - 01)), vec!["DE19", "FR5"]),
        (Some(fr), None, Some(date!(2022 - 01 - 01)), vec![]),
    ] {
        let class = class.map(|class| TaxClassCode::parse(class).unwrap());
        let filter = TaxRateFilter { zone_id, class, on };
        let found = rates.list(&filter, &PageRequest::default()).await.unwrap();
        let codes: Vec<_> = found.items.iter().map(|rate| rate.dated.rate.code.as_str()).collect();
        assert_eq!(codes, expected, "{filter:?}");
    }
}

async fn zones_with_rates_or_a_rule_for_shipping_come_with_all_their_rates_r103_r115(db: TestDb) {
    let de = add_zone(&db, "DE", &[("DE", "", ""), ("AT", "", "6")]).await;
    add_zone(&db, "FR", &[("FR", "", "")]).await;
    let world = add_zone(&db, "World", &[("*", "", "")]).await;
    let change = ZoneChange { shipping_tax: Some(Some(ShippingTax::None)), ..ZoneChange::default() };
    let world = world.changed(&change, NOW);
    let mut tx = db.begin().await;
    tx.zones().update(&world).await.unwrap();
    tx.commit().await.unwrap();
    let past = insert(&db, rate(de.id, "standard", "DE16", Some(date!(2020 - 12 - 31)))).await;
    let open = insert(&db, rate(de.id, "standard", "DE19", None)).await;
    // Of a zone that is gone.
    insert(&db, rate(ZoneId(id()), "standard", "X", None)).await;
    let rates = vec![past.dated, open.dated];
    let mut tx = db.begin().await;
    let zones = tx.tax_rates().zones().await.unwrap();
    let expected =
        [RatedZone { zone: de.clone(), rates: rates.clone() }, RatedZone { zone: world.clone(), rates: Vec::new() }];
    assert_eq!(zones, expected);
    drop(tx);
    let zones = db.database.queries().tax_rates.tax_zones().await.unwrap();
    let none = Some(ShippingTax::None);
    let expected = [
        TaxZone { zone: Zone::from(&de), shipping: None, rates },
        TaxZone { zone: Zone::from(&world), shipping: none, rates: Vec::new() },
    ];
    assert_eq!(zones, expected);
}

async fn the_database_takes_a_first_day_of_a_code_once_and_no_rate_above_all_r103(db: TestDb) {
    let one = insert(&db, rate(ZoneId(id()), "standard", "DE19", None)).await;
    let again = TaxRate { dated: rate(one.zone_id, "standard", "DE19", None).dated, ..one.clone() };
    let mut tx = db.begin().await;
    assert!(tx.tax_rates().insert(&again).await.is_err());
    drop(tx);
    for ppm in [-1, 1_000_001] {
        let sql = format!("UPDATE tax_rates SET rate_ppm = {ppm} WHERE id = ?");
        assert!(db.execute(&sql, one.dated.id.0).await.is_err(), "{ppm}");
    }
}

async fn of_rates_that_exclude_each_other_one_is_made_however_many_come_at_once_r103(db: TestDb) {
    let zones = [add_zone(&db, "DE", &[("DE", "", "")]).await, add_zone(&db, "EU", &[("DE", "", "")]).await];
    let runner = db.runner();
    for round in 0..5 {
        let class = format!("class-{round}");
        let details =
            TaxClassDetails { code: TaxClassCode::parse(&class).unwrap(), name: TaxClassName::parse("Food").unwrap() };
        runner.run(CreateTaxClass(details)).await.unwrap();
        let made = at_once(4, |place| {
            let (runner, rate) = (runner.clone(), rate(zones[place % 2].id, &class, "VAT", None));
            let DatedRate { class, rate, starts_on, ends_on, .. } = rate.dated;
            let details = TaxRateDetails { zone_id: zones[place % 2].id, class, rate, starts_on, ends_on };
            async move { runner.run(CreateTaxRate(details)).await }
        });
        let made = made.await;
        assert_eq!(made.iter().filter(|result| result.is_ok()).count(), 1, "{made:?}");
        let refused = |result: &Result<_, Error>| matches!(result, Err(Error::Invalid(_)));
        assert_eq!(made.iter().filter(|result| refused(result)).count(), 3, "{made:?}");
    }
}
