use std::time::Duration;

use domain::pricing::{self, Basis, MethodCode, MethodName, Tier, Tiers, ZoneId};
use domain::shipping_methods::{
    Days, DeliveryDays, MethodChange, MethodDetails, MethodFilter, MethodStatus, Position, ShippingMethod,
    ShippingMethodId,
};
use domain::tax_classes::TaxClassCode;
use domain::{PageRequest, Price, SearchText, StoreError};

use super::zones::add_zone;
use crate::support::{NOW, TestDb, every_page, id};

on_every_database!(
    a_shipping_method_can_be_locked_changed_and_deleted_with_its_tiers_r102,
    the_code_of_a_shipping_method_is_unique_r102,
    shipping_methods_are_listed_oldest_first_with_all_their_tiers_r102,
    shipping_methods_are_found_by_words_status_and_zone_r102,
    shipping_methods_are_known_by_zone_and_by_class_r102,
    active_shipping_methods_come_with_their_zones_r102_r114,
);

fn price(amount: i64) -> Price {
    Price::parse(amount).unwrap()
}

fn tiers() -> Tiers {
    let steps = Tier::new(2000, Some(price(690)), Some(1000), Some(price(100)));
    let none = Tier::new(31_500, None, None, None);
    Tiers::parse(vec![Tier::new(0, Some(price(0)), None, None).unwrap(), steps.unwrap(), none.unwrap()]).unwrap()
}

fn method(code: &str, zone_id: ZoneId) -> ShippingMethod {
    let details = MethodDetails {
        code: MethodCode::parse(code).unwrap(),
        name: MethodName::parse("Päckchen 🦊").unwrap(),
        zone_id,
        status: MethodStatus::Active,
        position: Position::parse(3).unwrap(),
        basis: Basis::Weight,
        tiers: tiers(),
        free_from: None,
        tax_class: None,
        days: DeliveryDays::default(),
    };
    ShippingMethod::new(ShippingMethodId(id()), details, NOW)
}

async fn insert(db: &TestDb, method: ShippingMethod) -> ShippingMethod {
    let mut tx = db.begin().await;
    tx.shipping_methods().insert(&method).await.unwrap();
    tx.commit().await.unwrap();
    method
}

async fn a_shipping_method_can_be_locked_changed_and_deleted_with_its_tiers_r102(db: TestDb) {
    let methods = db.database.queries().shipping_methods;
    let other = insert(&db, method("other", ZoneId(id()))).await;
    let made = insert(&db, method("dhl", ZoneId(id()))).await;
    assert_eq!(methods.get(made.id).await.unwrap().as_ref(), Some(&made));
    let one = Tier::new(0, Some(price(Price::MAX)), Some(Tiers::MAX_VALUE), Some(price(1))).unwrap();
    let change = MethodChange {
        code: MethodCode::parse("DHL").ok(),
        name: MethodName::parse("Paket").ok(),
        zone_id: Some(ZoneId(id())),
        status: Some(MethodStatus::Inactive),
        position: Position::parse(0).ok(),
        basis: Some(Basis::Subtotal),
        tiers: Tiers::parse(vec![one]).ok(),
        free_from: Some(Some(price(5000))),
        tax_class: Some(TaxClassCode::parse("food").ok()),
        min_days: Some(Days::parse(0).ok()),
        max_days: Some(Days::parse(4).ok()),
    };
    let changed = made.changed(&change, NOW + Duration::from_secs(1)).unwrap();
    let mut tx = db.begin().await;
    assert_eq!(tx.shipping_methods().lock(made.id).await.unwrap().as_ref(), Some(&made));
    tx.shipping_methods().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(methods.get(made.id).await.unwrap().as_ref(), Some(&changed));
    let mut tx = db.begin().await;
    assert_eq!(tx.shipping_methods().lock(made.id).await.unwrap(), Some(changed));
    tx.shipping_methods().delete(made.id).await.unwrap();
    assert_eq!(tx.shipping_methods().lock(made.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(methods.get(made.id).await.unwrap(), None);
    assert_eq!(methods.get(other.id).await.unwrap(), Some(other));
    assert_eq!(db.number("SELECT COUNT(*) FROM shipping_tiers").await, 3);
}

async fn the_code_of_a_shipping_method_is_unique_r102(db: TestDb) {
    let zone = ZoneId(id());
    insert(&db, method("dhl", zone)).await;
    let other = insert(&db, method("ups", zone)).await;
    let mut tx = db.begin().await;
    let refused = tx.shipping_methods().insert(&method("dhl", zone)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(ShippingMethod::UNIQUE_CODE))), "{refused:?}");
    drop(tx);
    let change = MethodChange { code: MethodCode::parse("dhl").ok(), ..MethodChange::default() };
    let mut tx = db.begin().await;
    let refused = tx.shipping_methods().update(&other.changed(&change, NOW).unwrap()).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(ShippingMethod::UNIQUE_CODE))), "{refused:?}");
    drop(tx);
    // Case counts.
    insert(&db, method("DHL", zone)).await;
}

async fn shipping_methods_are_listed_oldest_first_with_all_their_tiers_r102(db: TestDb) {
    let mut all = Vec::new();
    for count in [1, 100, 2] {
        let mut one = method(&format!("m{count}"), ZoneId(id()));
        let tier = |at: i64| Tier::new(at * 10, Some(price(at)), None, None).unwrap();
        one.details.tiers = Tiers::parse((0..count).map(tier).collect()).unwrap();
        all.push(insert(&db, one).await);
    }
    let methods = db.database.queries().shipping_methods;
    for limit in [1, 2, 100] {
        let read = async |page| methods.list(&MethodFilter::default(), &page).await.unwrap();
        assert_eq!(every_page(limit, read).await, all, "in pages of {limit}");
    }
}

async fn shipping_methods_are_found_by_words_status_and_zone_r102(db: TestDb) {
    let zones = [ZoneId(id()), ZoneId(id())];
    for (code, name, zone, status) in [
        ("dhl-std", "Standard parcel", zones[0], MethodStatus::Active),
        ("dhl-exp", "Express parcel", zones[0], MethodStatus::Inactive),
        ("ups", "Parcel, express", zones[1], MethodStatus::Active),
    ] {
        let mut one = method(code, zone);
        (one.details.name, one.details.status) = (MethodName::parse(name).unwrap(), status);
        insert(&db, one).await;
    }
    let methods = db.database.queries().shipping_methods;
    for (search, status, zone_id, expected) in [
        ("express parcel", None, None, vec!["dhl-exp", "ups"]),
        ("DHL", None, None, vec!["dhl-std", "dhl-exp"]),
        ("exp", Some(MethodStatus::Active), None, vec!["ups"]),
        ("", Some(MethodStatus::Active), Some(zones[0]), vec!["dhl-std"]),
        ("", None, Some(zones[0]), vec!["dhl-std", "dhl-exp"]),
        ("", None, Some(ZoneId(id())), vec![]),
    ] {
        let search = if search.is_empty() { None } else { SearchText::parse(search).unwrap() };
        let filter = MethodFilter { search, status, zone_id };
        let found = methods.list(&filter, &PageRequest::default()).await.unwrap();
        let codes: Vec<_> = found.items.iter().map(|method| method.details.code.as_str()).collect();
        assert_eq!(codes, expected, "{filter:?}");
    }
}

async fn shipping_methods_are_known_by_zone_and_by_class_r102(db: TestDb) {
    let zone = ZoneId(id());
    for (code, zone_id, class) in [("b", zone, Some("food")), ("a", zone, None), ("c", ZoneId(id()), Some("food"))] {
        let mut one = method(code, zone_id);
        one.details.tax_class = class.map(|class| TaxClassCode::parse(class).unwrap());
        insert(&db, one).await;
    }
    let mut tx = db.begin().await;
    let code = |code: MethodCode| code.as_str().to_owned();
    let in_zone: Vec<_> = tx.shipping_methods().in_zone(zone).await.unwrap().into_iter().map(code).collect();
    let class = TaxClassCode::parse("food").unwrap();
    let of_class: Vec<_> = tx.shipping_methods().of_class(&class).await.unwrap().into_iter().map(code).collect();
    assert_eq!((in_zone, of_class), (vec!["a".to_owned(), "b".to_owned()], vec!["b".to_owned(), "c".to_owned()]));
}

async fn active_shipping_methods_come_with_their_zones_r102_r114(db: TestDb) {
    let de = add_zone(&db, "DE", &[("DE", "", ""), ("AT", "", "6")]).await;
    let dhl = insert(&db, method("dhl", de.id)).await;
    let ups = insert(&db, method("ups", de.id)).await;
    let mut resting = method("resting", de.id);
    resting.details.status = MethodStatus::Inactive;
    insert(&db, resting).await;
    let expected = [dhl, ups].map(|method| pricing::ShippingMethod::from((method, pricing::Zone::from(&de))));
    assert_eq!(db.database.queries().shipping_methods.active().await.unwrap(), expected);
}
