use std::collections::BTreeSet;
use std::time::Duration;

use domain::addresses::CountryCode;
use domain::customers::CustomerId;
use domain::pricing::{
    Action, BuyGet, Conditions, CouponKey, CouponText, PromotionClass, PromotionId, PromotionName, RatePpm, Targets,
};
use domain::products::ProductId;
use domain::promotions::{
    CodeDetails, Priority, Promotion, PromotionCode, PromotionDetails, PromotionFilter, PromotionStatus, UsageLimit,
};
use domain::{Price, SearchText, StoreError, Version};

use crate::support::{NOW, TestDb, every_page, first, id};

on_every_database!(
    a_promotion_is_kept_with_every_action_and_condition_r104,
    a_locked_promotion_is_written_except_for_its_uses_r104_r106,
    promotions_are_listed_newest_first_by_status_and_by_the_words_of_their_names_r104,
    the_longest_name_and_lists_of_a_promotion_fit_r104,
    active_promotions_that_need_no_code_are_automatic_r104,
    codes_are_listed_in_order_of_key_and_belong_to_one_promotion_r105,
    a_code_that_is_taken_meanwhile_loses_a_race_r105,
    a_thousand_codes_are_added_at_once_r105,
);

pub fn details(name: &str) -> PromotionDetails {
    PromotionDetails {
        name: PromotionName::parse(name).unwrap(),
        class: PromotionClass::Line,
        action: Action::Percent(RatePpm::parse(200_000).unwrap()),
        conditions: Conditions::default(),
        targets: Targets::default(),
        combines: BTreeSet::new(),
        code_needed: true,
        priority: Priority::default(),
        starts_at: None,
        ends_at: None,
        usage_limit: None,
        per_customer_limit: None,
    }
}

/// A stored promotion.
pub async fn add(db: &TestDb, details: PromotionDetails, status: PromotionStatus) -> Promotion {
    let draft = Promotion::new(PromotionId(id()), details, NOW).unwrap();
    let promotion = Promotion { status, ..draft };
    let mut tx = db.begin().await;
    tx.promotions().insert(&promotion).await.unwrap();
    tx.commit().await.unwrap();
    promotion
}

pub fn limit(times: i64) -> Option<UsageLimit> {
    UsageLimit::parse(times).ok()
}

pub fn key(code: &str) -> CouponKey {
    CouponKey::of(&CouponText::parse(code).unwrap()).unwrap()
}

pub fn code(promotion: &Promotion, text: &str, usage_limit: Option<UsageLimit>) -> PromotionCode {
    let details =
        CodeDetails { text: CouponText::parse(text).unwrap(), key: key(text), usage_limit, customer_id: None };
    PromotionCode::new(promotion.id, details, NOW)
}

pub async fn add_codes(db: &TestDb, codes: &[PromotionCode]) -> Result<(), StoreError> {
    let mut tx = db.begin().await;
    tx.promotions().add_codes(codes).await?;
    tx.commit().await
}

fn products(count: usize) -> BTreeSet<ProductId> {
    (0..count).map(|_| ProductId(id())).collect()
}

async fn a_promotion_is_kept_with_every_action_and_condition_r104(db: TestDb) {
    let off = RatePpm::parse(1_000_000).unwrap();
    let price = |amount| Price::parse(amount).unwrap();
    let group = |max_times| Action::BuyGet(BuyGet { buy: 2, get: 1, off, max_times });
    let conditions = Conditions {
        min_subtotal: Some(price(Price::MAX)),
        min_quantity: Some(3),
        products: products(3),
        countries: ["AT", "DE"].map(|code| CountryCode::parse(code).unwrap()).to_vec(),
        first_order: true,
    };
    let rich = PromotionDetails {
        conditions,
        targets: Targets(products(2)),
        combines: PromotionClass::ALL.iter().copied().collect(),
        code_needed: false,
        priority: Priority::parse(-5).unwrap(),
        starts_at: Some(NOW + Duration::from_secs(1)),
        ends_at: Some(NOW + Duration::from_secs(2)),
        usage_limit: limit(1_000_000_000),
        ..details("Ōtani 🦊")
    };
    let queries = db.database.queries().promotions;
    for (class, action) in [
        (PromotionClass::Line, Action::Percent(RatePpm::parse(1).unwrap())),
        (PromotionClass::Order, Action::Amount(price(Price::MAX))),
        (PromotionClass::Shipping, Action::Amount(price(1))),
        (PromotionClass::Line, Action::AmountEach(price(250))),
        (PromotionClass::Order, group(None)),
        (PromotionClass::Line, group(Some(7))),
    ] {
        for details in [details("plain"), rich.clone()] {
            let details = PromotionDetails { class, action, ..details };
            let stored = add(&db, details, PromotionStatus::Draft).await;
            assert_eq!(queries.get(stored.id).await.unwrap(), Some(stored));
        }
    }
    assert_eq!(queries.get(PromotionId(id())).await.unwrap(), None);
}

async fn a_locked_promotion_is_written_except_for_its_uses_r104_r106(db: TestDb) {
    let limited = PromotionDetails { usage_limit: limit(9), ..details("Summer") };
    let stored = add(&db, limited, PromotionStatus::Draft).await;
    let other = add(&db, details("Other"), PromotionStatus::Active).await;
    db.execute("UPDATE promotions SET used = 4 WHERE id = ?", stored.id.0).await.unwrap();
    let mut tx = db.begin().await;
    let locked = tx.promotions().lock(stored.id).await.unwrap().unwrap();
    assert_eq!(locked, Promotion { used: 4, ..stored.clone() });
    assert_eq!(tx.promotions().lock(PromotionId(id())).await.unwrap(), None);
    let changed = Promotion {
        name: PromotionName::parse("Winter").unwrap(),
        status: PromotionStatus::Active,
        usage_limit: limit(5),
        used: 0,
        updated_at: NOW + Duration::from_secs(1),
        version: Version(2),
        ..locked
    };
    tx.promotions().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let queries = db.database.queries().promotions;
    assert_eq!(queries.get(stored.id).await.unwrap(), Some(Promotion { used: 4, ..changed }));
    assert_eq!(queries.get(other.id).await.unwrap(), Some(other));
    let beyond = db.execute("UPDATE promotions SET used = 6 WHERE id = ?", stored.id.0).await;
    assert!(beyond.is_err(), "the database itself refuses uses beyond the limit");
}

async fn promotions_are_listed_newest_first_by_status_and_by_the_words_of_their_names_r104(db: TestDb) {
    let mut all = Vec::new();
    for (index, name) in
        ["Summer sale", "Österreich 100%", "Late summer", "Winter", "Summerhouse sale"].iter().enumerate()
    {
        let status = PromotionStatus::ALL[index % 2];
        all.push(add(&db, details(name), status).await);
    }
    all.reverse();
    let queries = db.database.queries().promotions;
    for pages in [1, 2, 5, 100] {
        let read = async |page| queries.list(&PromotionFilter::default(), &page).await.unwrap();
        assert_eq!(every_page(pages, read).await, all, "in pages of {pages}");
    }
    for (status, search, expected) in [
        (None, "summer", vec!["Summerhouse sale", "Late summer", "Summer sale"]),
        (None, "summer SAL", vec!["Summer sale"]),
        (None, "österr", vec!["Österreich 100%"]),
        (None, "%", vec![]),
        (Some(PromotionStatus::Draft), "sum", vec!["Summerhouse sale", "Late summer", "Summer sale"]),
        (Some(PromotionStatus::Active), "sum", vec![]),
        (Some(PromotionStatus::Active), "", vec!["Winter", "Österreich 100%"]),
    ] {
        let filter = PromotionFilter { status, search: SearchText::parse(search).unwrap() };
        let found = queries.list(&filter, &first(10)).await.unwrap().items;
        let names: Vec<_> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, expected, "{status:?} {search}");
    }
}

async fn the_longest_name_and_lists_of_a_promotion_fit_r104(db: TestDb) {
    // Without spaces, so that each two neighbours are a word.
    let name: String = ('\u{4e00}'..).take(PromotionName::MAX).collect();
    let longest = PromotionDetails {
        conditions: Conditions { products: products(500), ..Conditions::default() },
        targets: Targets(products(500)),
        ..details(&name)
    };
    let stored = add(&db, longest, PromotionStatus::Draft).await;
    assert_eq!(db.database.queries().promotions.get(stored.id).await.unwrap(), Some(stored));
}

async fn active_promotions_that_need_no_code_are_automatic_r104(db: TestDb) {
    let mut expected = Vec::new();
    for &status in PromotionStatus::ALL {
        for code_needed in [true, false] {
            let stored = add(&db, PromotionDetails { code_needed, ..details("Any") }, status).await;
            if status == PromotionStatus::Active && !code_needed {
                expected.push(domain::pricing::Promotion::from(&stored));
            }
        }
    }
    assert_eq!(db.database.queries().promotions.automatic().await.unwrap(), expected);
}

async fn codes_are_listed_in_order_of_key_and_belong_to_one_promotion_r105(db: TestDb) {
    let (summer, winter) = (
        add(&db, details("Summer"), PromotionStatus::Active).await,
        add(&db, details("Winter"), PromotionStatus::Draft).await,
    );
    let mut codes: Vec<_> = ["straße", "b", "É-1", "a", "🦊"].map(|text| code(&summer, text, limit(3))).to_vec();
    codes[0].coupon.customer_id = Some(CustomerId(id()));
    add_codes(&db, &codes).await.unwrap();
    codes.sort_by(|a, b| a.key.cmp(&b.key));
    let queries = db.database.queries().promotions;
    for pages in [1, 2, 5, 100] {
        let read = async |page| queries.codes(summer.id, &page).await.unwrap().unwrap();
        assert_eq!(every_page(pages, read).await, codes, "in pages of {pages}");
    }
    assert_eq!(queries.codes(winter.id, &first(5)).await.unwrap().unwrap().items, []);
    assert_eq!(queries.codes(PromotionId(id()), &first(5)).await.unwrap(), None);

    let mut tx = db.begin().await;
    let taken = tx.promotions().taken(&["STRASSE", "x", "a"].map(key)).await.unwrap();
    assert_eq!(BTreeSet::from_iter(taken), BTreeSet::from(["A", "STRASSE"].map(key)));
    assert_eq!(tx.promotions().remove_code(winter.id, &key("a")).await.unwrap(), None);
    assert_eq!(tx.promotions().remove_code(summer.id, &key("A")).await.unwrap().as_ref(), codes.first());
    assert_eq!(tx.promotions().remove_code(summer.id, &key("a")).await.unwrap(), None);
    tx.commit().await.unwrap();
    let left = queries.codes(summer.id, &first(9)).await.unwrap().unwrap().items;
    assert_eq!(left, codes[1..]);
    add_codes(&db, &[code(&winter, "a", None)]).await.unwrap();
}

async fn a_code_that_is_taken_meanwhile_loses_a_race_r105(db: TestDb) {
    let summer = add(&db, details("Summer"), PromotionStatus::Active).await;
    add_codes(&db, &[code(&summer, "A", None)]).await.unwrap();
    let refused = add_codes(&db, &[code(&summer, "B", None), code(&summer, "a", None)]).await;
    assert!(matches!(refused, Err(StoreError::Raced(_))), "{refused:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM coupon_codes").await, 1);
}

async fn a_thousand_codes_are_added_at_once_r105(db: TestDb) {
    let summer = add(&db, details("Summer"), PromotionStatus::Active).await;
    let codes: Vec<_> = (0..1000).map(|n| code(&summer, &format!("{n:0>60}🦊"), limit(5))).collect();
    let keys: Vec<_> = codes.iter().map(|code| code.key.clone()).collect();
    let mut tx = db.begin().await;
    assert_eq!(tx.promotions().taken(&keys).await.unwrap(), []);
    tx.promotions().add_codes(&codes).await.unwrap();
    assert_eq!(tx.promotions().taken(&keys).await.unwrap().len(), 1000);
    tx.commit().await.unwrap();
}
