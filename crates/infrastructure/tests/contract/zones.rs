use std::time::Duration;

use domain::addresses::{CountryCode, PostalCode, Region};
use domain::pricing::{Area, AreaCountry, AreaRegion, Place, PostalPrefix, ShippingTax, ZoneId};
use domain::tax_classes::TaxClassCode;
use domain::zones::{Members, Zone, ZoneChange, ZoneDetails, ZoneFilter, ZoneName};
use domain::{Limit, PageRequest, SearchText, StoreError};

use crate::support::{NOW, TestDb, every_page, id};

on_every_database!(
    a_zone_can_be_locked_changed_and_deleted_with_its_areas_r101,
    the_name_of_a_zone_is_unique_r101,
    zones_are_listed_oldest_first_with_all_their_areas_r101,
    zones_are_found_by_the_words_of_their_names_r101,
    a_zone_may_have_the_longest_name_in_any_script_r101,
    stored_zones_cover_what_they_covered_before_r101,
    zones_are_known_by_the_class_that_shipping_is_taxed_by_r101_r103,
);

/// An area; what is empty is not given.
fn area((country, region, prefix): &(&str, &str, &str)) -> Area {
    let region = (!region.is_empty()).then(|| AreaRegion::parse(region).unwrap());
    let prefix = (!prefix.is_empty()).then(|| PostalPrefix::parse(prefix).unwrap());
    Area::new(AreaCountry::parse(country).unwrap(), region, prefix).unwrap()
}

fn members(areas: &[(&str, &str, &str)]) -> Members {
    Members::parse(areas.iter().map(area).collect()).unwrap()
}

fn zone(name: &str, areas: &[(&str, &str, &str)]) -> Zone {
    let details = ZoneDetails { name: ZoneName::parse(name).unwrap(), members: members(areas), shipping_tax: None };
    Zone::new(ZoneId(id()), details, NOW)
}

pub async fn add_zone(db: &TestDb, name: &str, areas: &[(&str, &str, &str)]) -> Zone {
    let zone = zone(name, areas);
    let mut tx = db.begin().await;
    tx.zones().insert(&zone).await.unwrap();
    tx.commit().await.unwrap();
    zone
}

async fn a_zone_can_be_locked_changed_and_deleted_with_its_areas_r101(db: TestDb) {
    let zones = db.database.queries().zones;
    let other = add_zone(&db, "Österreich", &[("AT", "", "")]).await;
    let west =
        add_zone(&db, "West", &[("US", "or", ""), ("US", "CA", "90 2"), ("*", "", ""), ("FR", "Île-de-France", "")]);
    let west = west.await;
    assert_eq!(zones.get(west.id).await.unwrap().as_ref(), Some(&west));
    let change = ZoneChange {
        name: ZoneName::parse("Wést 🦊").ok(),
        members: Some(members(&[("US", "CA", "902"), ("US", "ca", ""), ("DE", "", "")])),
        shipping_tax: Some(Some(ShippingTax::Largest)),
    };
    let changed = west.changed(&change, NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.zones().lock(west.id).await.unwrap().as_ref(), Some(&west));
    tx.zones().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(zones.get(west.id).await.unwrap().as_ref(), Some(&changed));
    let mut tx = db.begin().await;
    assert_eq!(tx.zones().lock(west.id).await.unwrap(), Some(changed));
    tx.zones().delete(west.id).await.unwrap();
    assert_eq!(tx.zones().lock(west.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(zones.get(west.id).await.unwrap(), None);
    assert_eq!(zones.get(other.id).await.unwrap(), Some(other));
    assert_eq!(db.number("SELECT COUNT(*) FROM zone_members").await, 1);
}

async fn the_name_of_a_zone_is_unique_r101(db: TestDb) {
    let (de, at) = (add_zone(&db, "DE", &[("DE", "", "")]).await, add_zone(&db, "AT", &[("AT", "", "")]).await);
    let mut tx = db.begin().await;
    let refused = tx.zones().insert(&zone("DE", &[("CH", "", "")])).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Zone::UNIQUE_NAME))), "{refused:?}");
    drop(tx);
    let rename = ZoneChange { name: Some(de.name.clone()), ..ZoneChange::default() };
    let mut tx = db.begin().await;
    let refused = tx.zones().update(&at.changed(&rename, NOW)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(Zone::UNIQUE_NAME))), "{refused:?}");
    drop(tx);
    // Case counts, and a name is no duplicate of itself.
    add_zone(&db, "de", &[("DE", "", "")]).await;
    let mut tx = db.begin().await;
    tx.zones().update(&de).await.unwrap();
    tx.commit().await.unwrap();
}

async fn zones_are_listed_oldest_first_with_all_their_areas_r101(db: TestDb) {
    let mut all = Vec::new();
    for index in 0..5 {
        let prefixes: Vec<_> = (0..=index * 60).map(|n| n.to_string()).collect();
        let areas: Vec<_> = prefixes.iter().map(|prefix| ("US", "CA", prefix.as_str())).collect();
        all.push(add_zone(&db, &format!("zone {index}"), &areas).await);
    }
    let zones = db.database.queries().zones;
    for limit in [1, 2, 5, 100] {
        let read = async |page| zones.list(&ZoneFilter::default(), &page).await.unwrap();
        assert_eq!(every_page(limit, read).await, all, "in pages of {limit}");
    }
}

async fn zones_are_found_by_the_words_of_their_names_r101(db: TestDb) {
    for name in ["North-West (USA)", "West Indies", "Österreich", "100%_off", "westend north"] {
        add_zone(&db, name, &[("*", "", "")]).await;
    }
    let zones = db.database.queries().zones;
    for (search, expected) in [
        ("west", vec!["North-West (USA)", "West Indies", "westend north"]),
        ("WEST north", vec!["North-West (USA)"]),
        ("north west", vec!["North-West (USA)", "westend north"]),
        ("usa", vec!["North-West (USA)"]),
        ("ÖSTERR", vec!["Österreich"]),
        ("osterreich", vec!["Österreich"]),
        ("%", vec![]),
        ("off", vec!["100%_off"]),
        ("ndies", vec![]),
    ] {
        let filter = ZoneFilter { search: SearchText::parse(search).unwrap() };
        let page = PageRequest { limit: Limit::parse(10).unwrap(), after: None };
        let found = zones.list(&filter, &page).await.unwrap();
        let names: Vec<_> = found.items.iter().map(|zone| zone.name.as_str()).collect();
        assert_eq!(names, expected, "{search}");
    }
}

async fn a_zone_may_have_the_longest_name_in_any_script_r101(db: TestDb) {
    let name: String = ('一'..).take(100).collect();
    let zone = add_zone(&db, &name, &[("CN", "", "")]).await;
    let filter = ZoneFilter { search: SearchText::parse("丁丂").unwrap() };
    let found = db.database.queries().zones.list(&filter, &PageRequest::default()).await.unwrap();
    assert_eq!(found.items, [zone]);
}

async fn stored_zones_cover_what_they_covered_before_r101(db: TestDb) {
    add_zone(&db, "world", &[("*", "", "")]).await;
    add_zone(&db, "germany", &[("DE", "", "")]).await;
    add_zone(&db, "helgoland", &[("DE", "", "27 498")]).await;
    add_zone(&db, "west", &[("US", "ca", "")]).await;
    let all = db.database.queries().zones.list(&ZoneFilter::default(), &PageRequest::default()).await.unwrap().items;
    for (country, region, code, expected) in [
        ("DE", None, Some("27498"), "helgoland"),
        ("DE", None, Some("27499"), "germany"),
        ("US", Some("Ca"), None, "west"),
        ("US", None, None, "world"),
    ] {
        let (region, code) = (region.map(Region::parse), code.map(PostalCode::parse));
        let (region, code) = (region.transpose().unwrap(), code.transpose().unwrap());
        let place = Place::new(CountryCode::parse(country).unwrap(), region.as_ref(), code.as_ref());
        let specificity = |zone: &&Zone| domain::pricing::Zone::from(*zone).specificity(&place);
        let found = all.iter().filter(|zone| specificity(zone).is_some()).max_by_key(specificity);
        assert_eq!(found.map(|zone| zone.name.as_str()), Some(expected), "{place:?}");
    }
}

async fn zones_are_known_by_the_class_that_shipping_is_taxed_by_r101_r103(db: TestDb) {
    let mut tx = db.begin().await;
    for (name, tax) in [("b", "class:food"), ("a", "class:food"), ("c", "class:foods"), ("d", "none")] {
        let shipping_tax = ShippingTax::parse(tax).ok();
        tx.zones().insert(&Zone { shipping_tax, ..zone(name, &[("*", "", "")]) }).await.unwrap();
    }
    let class = TaxClassCode::parse("food").unwrap();
    let names = tx.zones().with_shipping_class(&class).await.unwrap();
    assert_eq!(names.iter().map(ZoneName::as_str).collect::<Vec<_>>(), ["a", "b"]);
}
