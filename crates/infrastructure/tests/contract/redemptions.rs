//! Uses of promotions: what customers may use, and that no limit is passed.

use std::time::Duration;

use application::Attempt;
use domain::customers::CustomerId;
use domain::events::Event;
use domain::orders::OrderId;
use domain::pricing::PromotionId;
use domain::promotions::{
    Exhausted, Offered, Promotion, PromotionCode, PromotionDetails, PromotionStatus, Redeemed, Redemption, Uses,
};
use domain::{StoreError, UtcDateTime};

use crate::promotions::{add, add_codes, code, details, key, limit};
use crate::support::{NOW, TestDb, at_once, connect, first, id};

on_every_database!(
    codes_are_offered_with_their_active_promotions_and_the_uses_of_the_customer_r106,
    fifty_buyers_at_two_servers_of_twenty_uses_of_a_promotion_get_exactly_twenty_r106,
    fifty_buyers_of_twenty_uses_of_a_code_get_exactly_twenty_r106,
    two_orders_of_one_customer_at_once_do_not_pass_its_limit_r106,
    a_deferred_use_counts_as_a_careful_one_and_loses_a_race_where_that_is_refused_r106,
    every_exhausted_limit_is_named_and_nothing_is_counted_r106,
    a_promotion_that_is_no_longer_active_loses_the_race_r106,
    a_use_without_limit_waits_for_nobody_and_is_counted_by_its_record_r106,
    orders_with_several_promotions_do_not_wait_for_each_other_in_a_circle_r106,
    the_use_that_is_counted_last_says_that_a_promotion_is_exhausted_r165,
    giving_back_twice_counts_once_r106,
    a_code_that_was_added_again_is_a_new_one_r106,
    uses_are_given_back_as_the_domain_does_it_r106,
);

const ACTIVE: PromotionStatus = PromotionStatus::Active;

fn customer() -> CustomerId {
    CustomerId(id())
}

/// A use of a promotion by a new order.
fn used(promotion: &Promotion, code: Option<&PromotionCode>, by: CustomerId, at: UtcDateTime) -> Redemption {
    let coupon = code.map(|code| (&code.key, &code.coupon));
    Redemption::of((OrderId(id()), by), &promotion.into(), coupon, 500, at)
}

async fn redeem(db: &TestDb, attempt: Attempt, all: &[Redemption]) -> Result<Redeemed, StoreError> {
    let mut tx = db.database.transactions().begin(attempt).await?;
    let redeemed = tx.promotions().redeem(all).await?;
    if matches!(redeemed, Redeemed::Exhausted(_)) {
        tx.rollback().await?;
        return Ok(redeemed);
    }
    tx.commit().await.map(|()| redeemed)
}

/// As the runner does it: optimistically, and carefully for as long as races are lost.
async fn redeem_at_last(db: &TestDb, redemption: &Redemption) -> Redeemed {
    let mut attempt = Attempt::Optimistic;
    for _ in 0..50 {
        match redeem(db, attempt, std::slice::from_ref(redemption)).await {
            Ok(redeemed) => return redeemed,
            Err(StoreError::Raced(_)) => attempt = Attempt::Careful,
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("it has lost 50 races");
}

async fn give_back(db: &TestDb, order_id: OrderId, at: UtcDateTime) {
    let mut tx = db.begin().await;
    tx.promotions().give_back(order_id, at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn stored(db: &TestDb, id: PromotionId) -> Promotion {
    db.database.queries().promotions.get(id).await.unwrap().unwrap()
}

async fn code_uses(db: &TestDb, id: PromotionId) -> Vec<i64> {
    let page = db.database.queries().promotions.codes(id, &first(100)).await.unwrap().unwrap();
    page.items.iter().map(|code| code.coupon.used).collect()
}

/// What is counted of a promotion and of a customer.
async fn uses(db: &TestDb, id: PromotionId, by: CustomerId) -> Uses {
    let uses = db.database.queries().promotions.uses(&[id], by).await.unwrap();
    uses.get(&id).copied().unwrap()
}

async fn held(db: &TestDb) -> i64 {
    db.number("SELECT COUNT(*) FROM promotion_redemptions WHERE released_at IS NULL").await
}

/// Two orders at once may each have read that two uses are left: the second one says that there is none.
async fn the_use_that_is_counted_last_says_that_a_promotion_is_exhausted_r165(db: TestDb) {
    let limits = PromotionDetails { usage_limit: limit(2), ..details("Two") };
    let promotion = add(&db, limits, ACTIVE).await;
    let told = async || db.number("SELECT COUNT(*) FROM outbox WHERE topic = 'promotion.exhausted'").await;
    let with_event = async |attempt, redemption: &Redemption| {
        let mut tx = db.database.transactions().begin(attempt).await.unwrap();
        tx.promotions().redeem(std::slice::from_ref(redemption)).await.unwrap();
        let event = Event::promotion_exhausted(promotion.id, 2);
        tx.promotions().append_if_exhausted(promotion.id, id(), event, NOW).await.unwrap();
        tx.commit().await
    };
    let first_use = used(&promotion, None, customer(), NOW);
    with_event(Attempt::Optimistic, &first_use).await.unwrap();
    assert_eq!(told().await, 0);
    with_event(Attempt::Careful, &used(&promotion, None, customer(), NOW)).await.unwrap();
    assert_eq!(told().await, 1);
    // A use that is not left writes nothing at all.
    with_event(Attempt::Optimistic, &used(&promotion, None, customer(), NOW)).await.unwrap_err();
    assert_eq!((told().await, held(&db).await), (1, 2));
    give_back(&db, first_use.order_id, NOW).await;
    with_event(Attempt::Optimistic, &used(&promotion, None, customer(), NOW)).await.unwrap();
    assert_eq!(told().await, 2);
}

async fn codes_are_offered_with_their_active_promotions_and_the_uses_of_the_customer_r106(db: TestDb) {
    let limits = PromotionDetails { usage_limit: limit(9), per_customer_limit: limit(2), ..details("Limits") };
    let limited = add(&db, limits.clone(), ACTIVE).await;
    let free = add(&db, details("Free"), ACTIVE).await;
    let automatic = add(&db, PromotionDetails { code_needed: false, ..limits }, ACTIVE).await;
    let mut codes = vec![code(&limited, "limited", limit(3)), code(&free, "Free", None), code(&free, "hers", None)];
    let (ann, bob) = (customer(), customer());
    codes[2].coupon.customer_id = Some(ann);
    for status in [PromotionStatus::Draft, PromotionStatus::Paused, PromotionStatus::Archived] {
        codes.push(code(&add(&db, details("Not now"), status).await, status.as_str(), None));
    }
    codes.push(code(&automatic, "useless", None));
    add_codes(&db, &codes).await.unwrap();
    let both = [used(&limited, Some(&codes[0]), ann, NOW), used(&automatic, None, ann, NOW)];
    redeem(&db, Attempt::Optimistic, &both).await.unwrap();

    let keys: Vec<_> = codes.iter().map(|code| code.key.clone()).chain([key("nothing")]).collect();
    let asked = [automatic.id, limited.id];
    for (who, of_customer) in [(ann, 1), (bob, 0)] {
        let mut tx = db.begin_optimistic().await;
        let offered = tx.promotions().offered(&keys, &asked, who).await.unwrap();
        let Offered { coupons, uses } = &offered;
        let found = coupons.iter().map(|one| (one.key.as_str(), one.coupon.used, one.promotion.used, one.uses));
        assert_eq!(found.collect::<Vec<_>>(), [("FREE", 0, 0, 0), ("HERS", 0, 0, 0), ("LIMITED", 1, 1, of_customer)]);
        assert_eq!(coupons[1].coupon.customer_id, Some(ann));
        assert_eq!(coupons[2].promotion.id, limited.id);
        let counted = Uses { of_all: 1, of_customer };
        assert_eq!(Vec::from_iter(uses.clone()).len(), 2);
        assert!(asked.iter().all(|id| uses[id] == counted), "{uses:?}");
        let queries = db.database.queries().promotions;
        assert_eq!(queries.by_codes(&keys, who).await.unwrap(), *coupons);
        assert_eq!(queries.uses(&asked, who).await.unwrap(), *uses);
        assert_eq!(tx.promotions().offered(&[], &asked, who).await.unwrap().uses, *uses);
        assert_eq!(tx.promotions().offered(&keys, &[], who).await.unwrap().coupons, *coupons);
        assert_eq!(tx.promotions().offered(&[], &[], who).await.unwrap(), Offered::default());
    }
}

/// Fifty buyers use something at once; how many succeed.
async fn winners(db: &TestDb, promotion: &Promotion, code: Option<&PromotionCode>) -> usize {
    let servers = [db.clone(), TestDb { database: connect(&db.url).await, ..db.clone() }];
    let bought = at_once(50, |index| {
        let (db, redemption) = (servers[index % 2].clone(), used(promotion, code, customer(), NOW));
        async move { redeem_at_last(&db, &redemption).await }
    })
    .await;
    servers[1].database.close().await;
    let (lost, won): (Vec<_>, Vec<_>) = bought.into_iter().partition(|one| matches!(one, Redeemed::Exhausted(_)));
    assert_eq!(won.len() + lost.len(), 50);
    won.len()
}

async fn fifty_buyers_at_two_servers_of_twenty_uses_of_a_promotion_get_exactly_twenty_r106(db: TestDb) {
    let scarce = add(&db, PromotionDetails { usage_limit: limit(20), ..details("Scarce") }, ACTIVE).await;
    assert_eq!(winners(&db, &scarce, None).await, 20);
    assert_eq!((stored(&db, scarce.id).await.used, held(&db).await), (20, 20));
}

async fn fifty_buyers_of_twenty_uses_of_a_code_get_exactly_twenty_r106(db: TestDb) {
    let summer = add(&db, PromotionDetails { per_customer_limit: limit(1), ..details("Summer") }, ACTIVE).await;
    let codes = [code(&summer, "scarce", limit(20)), code(&summer, "other", limit(20))];
    add_codes(&db, &codes).await.unwrap();
    assert_eq!(winners(&db, &summer, Some(&codes[0])).await, 20);
    assert_eq!((code_uses(&db, summer.id).await, held(&db).await), (vec![0, 20], 20));
    assert_eq!(db.number("SELECT CAST(SUM(used) AS SIGNED) FROM promotion_uses").await, 20);
}

async fn two_orders_of_one_customer_at_once_do_not_pass_its_limit_r106(db: TestDb) {
    for (many, times) in [(2, 1), (6, 3)] {
        let once = PromotionDetails { per_customer_limit: limit(times), ..details("Once") };
        let once = add(&db, once, ACTIVE).await;
        let (ann, bob) = (customer(), customer());
        let done = at_once(many, |_| {
            let (db, redemption) = (db.clone(), used(&once, None, ann, NOW));
            async move { redeem_at_last(&db, &redemption).await }
        })
        .await;
        let refused = Redeemed::Exhausted(vec![Exhausted::Customer(once.id)]);
        let lost = done.iter().filter(|one| **one == refused).count();
        assert_eq!(i64::try_from(many - lost).unwrap(), times, "{done:?}");
        assert_eq!(uses(&db, once.id, ann).await, Uses { of_all: 0, of_customer: times });
        assert_ne!(redeem_at_last(&db, &used(&once, None, bob, NOW)).await, refused);
    }
}

async fn a_deferred_use_counts_as_a_careful_one_and_loses_a_race_where_that_is_refused_r106(db: TestDb) {
    for attempt in [Attempt::Optimistic, Attempt::Careful] {
        let limits = PromotionDetails { usage_limit: limit(3), per_customer_limit: limit(2), ..details("Limits") };
        let limited = add(&db, limits, ACTIVE).await;
        let codes = [code(&limited, "one", limit(1)), code(&limited, "two", limit(9))];
        add_codes(&db, &codes).await.unwrap();
        let (ann, bob) = (customer(), customer());
        let done = if attempt == Attempt::Careful { Redeemed::Applied } else { Redeemed::Deferred };
        let mut counted = Vec::new();
        for (code, by, expected) in [
            (0, ann, None),
            (0, bob, Some(Exhausted::Coupon(key("one")))),
            (1, ann, None),
            (1, ann, Some(Exhausted::Customer(limited.id))),
            (1, bob, None),
            (1, customer(), Some(Exhausted::Promotion(limited.id))),
        ] {
            let redeemed = redeem(&db, attempt, &[used(&limited, Some(&codes[code]), by, NOW)]).await;
            match expected {
                None => assert_eq!(redeemed.unwrap(), done),
                Some(_) if attempt == Attempt::Optimistic => {
                    assert!(matches!(redeemed, Err(StoreError::Raced(_))), "{redeemed:?}");
                }
                Some(limit) => assert_eq!(redeemed.unwrap(), Redeemed::Exhausted(vec![limit])),
            }
            counted.push((stored(&db, limited.id).await.used, code_uses(&db, limited.id).await));
        }
        let expected = [(1, 1, 0), (1, 1, 0), (2, 1, 1), (2, 1, 1), (3, 1, 2), (3, 1, 2)];
        assert_eq!(counted, expected.map(|(all, one, two)| (all, vec![one, two])), "{attempt:?}");
        assert_eq!(uses(&db, limited.id, ann).await, Uses { of_all: 3, of_customer: 2 });
        let mut tx = db.begin().await;
        for code in &codes {
            tx.promotions().remove_code(limited.id, &code.key).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    assert_eq!(held(&db).await, 6);
}

async fn every_exhausted_limit_is_named_and_nothing_is_counted_r106(db: TestDb) {
    let limits = PromotionDetails { usage_limit: limit(1), per_customer_limit: limit(1), ..details("Limits") };
    let spent = add(&db, limits, ACTIVE).await;
    let open = add(&db, PromotionDetails { usage_limit: limit(5), ..details("Open") }, ACTIVE).await;
    let free = add(&db, details("Free"), ACTIVE).await;
    let last = code(&spent, "last", limit(1));
    add_codes(&db, std::slice::from_ref(&last)).await.unwrap();
    let ann = customer();
    redeem(&db, Attempt::Careful, &[used(&spent, Some(&last), ann, NOW)]).await.unwrap();
    let order = OrderId(id());
    let all = [used(&free, None, ann, NOW), used(&spent, Some(&last), ann, NOW), used(&open, None, ann, NOW)];
    let all = all.map(|one| Redemption { order_id: order, ..one });
    let refused = redeem(&db, Attempt::Careful, &all).await.unwrap();
    let limits = vec![Exhausted::Promotion(spent.id), Exhausted::Coupon(key("last")), Exhausted::Customer(spent.id)];
    assert_eq!(refused, Redeemed::Exhausted(limits));
    let raced = redeem(&db, Attempt::Optimistic, &all).await;
    assert!(matches!(raced, Err(StoreError::Raced(_))), "{raced:?}");
    assert_eq!((stored(&db, open.id).await.used, held(&db).await), (0, 1));
    assert_eq!(redeem(&db, Attempt::Careful, &[]).await.unwrap(), Redeemed::Applied);
}

async fn a_promotion_that_is_no_longer_active_loses_the_race_r106(db: TestDb) {
    let limited = PromotionDetails { usage_limit: limit(5), ..details("Limited") };
    let limited = add(&db, limited, ACTIVE).await;
    let gone = code(&limited, "gone", limit(5));
    let paused = PromotionDetails { usage_limit: limit(5), ..details("Paused") };
    let paused = add(&db, paused, PromotionStatus::Paused).await;
    for (attempt, redemption) in [
        (Attempt::Optimistic, used(&paused, None, customer(), NOW)),
        (Attempt::Careful, used(&paused, None, customer(), NOW)),
        (Attempt::Careful, used(&limited, Some(&gone), customer(), NOW)),
    ] {
        let lost = redeem(&db, attempt, &[redemption]).await;
        assert!(matches!(lost, Err(StoreError::Raced(_))), "{lost:?}");
    }
    assert_eq!((stored(&db, limited.id).await.used, stored(&db, paused.id).await.used, held(&db).await), (0, 0, 0));
}

async fn a_use_without_limit_waits_for_nobody_and_is_counted_by_its_record_r106(db: TestDb) {
    let free = add(&db, details("Free"), ACTIVE).await;
    let codes = [code(&free, "a", None), code(&free, "b", None)];
    add_codes(&db, &codes).await.unwrap();
    // Not on SQLite, where one writer locks everything.
    let mut other = None;
    if !db.is_sqlite() {
        let tx = other.insert(db.begin().await);
        tx.promotions().lock(free.id).await.unwrap();
    }
    let (first, second) = (used(&free, Some(&codes[0]), customer(), NOW), used(&free, None, customer(), NOW));
    let third = used(&free, Some(&codes[0]), customer(), NOW);
    for (attempt, one) in [(Attempt::Optimistic, &first), (Attempt::Careful, &second), (Attempt::Optimistic, &third)] {
        redeem(&db, attempt, std::slice::from_ref(one)).await.unwrap();
    }
    drop(other);
    assert_eq!((stored(&db, free.id).await.used, code_uses(&db, free.id).await), (3, vec![2, 0]));
    assert_eq!(db.number("SELECT COUNT(*) FROM promotion_uses").await, 0);
    assert_eq!(db.number("SELECT CAST(SUM(used) AS SIGNED) FROM promotions").await, 0);
    give_back(&db, first.order_id, NOW).await;
    give_back(&db, second.order_id, NOW).await;
    assert_eq!((stored(&db, free.id).await.used, code_uses(&db, free.id).await), (1, vec![1, 0]));
    let mut tx = db.begin().await;
    assert_eq!(tx.promotions().lock(free.id).await.unwrap().unwrap().used, 1);
}

async fn orders_with_several_promotions_do_not_wait_for_each_other_in_a_circle_r106(db: TestDb) {
    let limits = PromotionDetails { usage_limit: limit(99), per_customer_limit: limit(99), ..details("Limits") };
    let both = [add(&db, limits.clone(), ACTIVE).await, add(&db, limits, ACTIVE).await];
    let codes = [code(&both[0], "z", limit(99)), code(&both[1], "a", limit(99))];
    add_codes(&db, &codes).await.unwrap();
    let ann = customer();
    at_once(20, |index| {
        let (db, order_id) = (db.clone(), OrderId(id()));
        let one = |place: usize| Redemption { order_id, ..used(&both[place], Some(&codes[place]), ann, NOW) };
        let all = if index % 2 == 0 { [one(0), one(1)] } else { [one(1), one(0)] };
        async move {
            let attempt = if index % 4 < 2 { Attempt::Optimistic } else { Attempt::Careful };
            redeem(&db, attempt, &all).await.unwrap();
        }
    })
    .await;
    for promotion in &both {
        assert_eq!(uses(&db, promotion.id, ann).await, Uses { of_all: 20, of_customer: 20 });
        assert_eq!(code_uses(&db, promotion.id).await, [20]);
    }
}

async fn giving_back_twice_counts_once_r106(db: TestDb) {
    let limits = PromotionDetails { usage_limit: limit(2), per_customer_limit: limit(2), ..details("Limits") };
    let limited = add(&db, limits, ACTIVE).await;
    let code = code(&limited, "code", limit(2));
    add_codes(&db, std::slice::from_ref(&code)).await.unwrap();
    let ann = customer();
    let (first, second) = (used(&limited, Some(&code), ann, NOW), used(&limited, Some(&code), ann, NOW));
    for one in [&first, &second] {
        redeem(&db, Attempt::Optimistic, std::slice::from_ref(one)).await.unwrap();
    }
    let later = NOW + Duration::from_secs(1);
    for _ in 0..2 {
        give_back(&db, first.order_id, later).await;
        let counted = (stored(&db, limited.id).await.used, code_uses(&db, limited.id).await);
        assert_eq!(counted, (1, vec![1]));
        assert_eq!(uses(&db, limited.id, ann).await, Uses { of_all: 1, of_customer: 1 });
    }
    assert_eq!(held(&db).await, 1);
    // Two at once: the second waits for the first, and finds nothing to give back.
    at_once(2, |_| {
        let (db, order_id) = (db.clone(), second.order_id);
        async move { give_back(&db, order_id, later).await }
    })
    .await;
    give_back(&db, OrderId(id()), later).await;
    assert_eq!((stored(&db, limited.id).await.used, code_uses(&db, limited.id).await), (0, vec![0]));
    assert_eq!(uses(&db, limited.id, ann).await, Uses::default());
    for one in [used(&limited, Some(&code), ann, NOW), used(&limited, Some(&code), ann, NOW)] {
        redeem(&db, Attempt::Careful, &[one]).await.unwrap();
    }
    assert_eq!(uses(&db, limited.id, ann).await, Uses { of_all: 2, of_customer: 2 });
}

async fn a_code_that_was_added_again_is_a_new_one_r106(db: TestDb) {
    for usage_limit in [limit(2), None] {
        let summer = add(&db, details("Summer"), ACTIVE).await;
        let old = code(&summer, "again", usage_limit);
        add_codes(&db, std::slice::from_ref(&old)).await.unwrap();
        let before = used(&summer, Some(&old), customer(), NOW + Duration::from_secs(1));
        redeem(&db, Attempt::Optimistic, std::slice::from_ref(&before)).await.unwrap();
        let mut tx = db.begin().await;
        let removed = tx.promotions().remove_code(summer.id, &old.key).await.unwrap();
        assert_eq!(removed.map(|code| code.key), Some(old.key.clone()));
        let new = PromotionCode { created_at: NOW + Duration::from_secs(2), ..old.clone() };
        tx.promotions().add_codes(std::slice::from_ref(&new)).await.unwrap();
        tx.commit().await.unwrap();
        let after = used(&summer, Some(&new), customer(), NOW + Duration::from_secs(3));
        redeem(&db, Attempt::Optimistic, &[after]).await.unwrap();
        assert_eq!(code_uses(&db, summer.id).await, [1]);
        give_back(&db, before.order_id, NOW + Duration::from_secs(4)).await;
        assert_eq!(code_uses(&db, summer.id).await, [1]);
        // Orders that have read the old one.
        for attempt in [Attempt::Optimistic, Attempt::Careful] {
            let late = used(&summer, Some(&old), customer(), NOW + Duration::from_secs(1));
            redeem(&db, attempt, std::slice::from_ref(&late)).await.unwrap();
            assert_eq!(code_uses(&db, summer.id).await, [1]);
        }
        let mut tx = db.begin().await;
        tx.promotions().remove_code(summer.id, &key("again")).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn codes_of(db: &TestDb, id: PromotionId) -> Vec<PromotionCode> {
    db.database.queries().promotions.codes(id, &first(100)).await.unwrap().unwrap().items
}

async fn uses_are_given_back_as_the_domain_does_it_r106(db: TestDb) {
    let maybe = |is_limited: bool| if is_limited { limit(9) } else { None };
    for case in 0..16 {
        let [of_all, of_code, of_customer, is_added_again] = [1, 2, 4, 8].map(|bit| case & bit != 0);
        let limits =
            PromotionDetails { usage_limit: maybe(of_all), per_customer_limit: maybe(of_customer), ..details("Any") };
        let promotion = add(&db, limits, ACTIVE).await;
        let text = |name: &str| format!("{name}{case}");
        let codes = [code(&promotion, &text("A"), maybe(of_code)), code(&promotion, &text("B"), maybe(of_code))];
        add_codes(&db, &codes).await.unwrap();
        let ann = customer();
        let at = NOW + Duration::from_secs(1);
        let use_of = |code: Option<&PromotionCode>, at| used(&promotion, code, ann, at);
        let all = [use_of(Some(&codes[0]), at), use_of(Some(&codes[1]), at), use_of(None, at)];
        for one in &all {
            redeem(&db, Attempt::Optimistic, std::slice::from_ref(one)).await.unwrap();
        }
        if is_added_again {
            let new = PromotionCode { created_at: at + Duration::from_secs(1), ..codes[0].clone() };
            let mut tx = db.begin().await;
            tx.promotions().remove_code(promotion.id, &new.key).await.unwrap();
            tx.promotions().add_codes(std::slice::from_ref(&new)).await.unwrap();
            tx.commit().await.unwrap();
            let after = use_of(Some(&new), at + Duration::from_secs(2));
            redeem(&db, Attempt::Optimistic, std::slice::from_ref(&after)).await.unwrap();
        }
        for one in &all {
            let expected = one.uses_without(uses(&db, promotion.id, ann).await);
            let codes: Vec<_> = codes_of(&db, promotion.id).await.iter().map(|code| one.code_without(code)).collect();
            give_back(&db, one.order_id, at).await;
            assert_eq!(uses(&db, promotion.id, ann).await, expected, "case {case}");
            assert_eq!(codes_of(&db, promotion.id).await, codes, "case {case}");
        }
    }
    // What is 0 stays so.
    let limits = PromotionDetails { usage_limit: limit(9), per_customer_limit: limit(9), ..details("Zero") };
    let promotion = add(&db, limits, ACTIVE).await;
    let code = code(&promotion, "zero", limit(9));
    add_codes(&db, std::slice::from_ref(&code)).await.unwrap();
    let one = used(&promotion, Some(&code), customer(), NOW);
    redeem(&db, Attempt::Optimistic, std::slice::from_ref(&one)).await.unwrap();
    for table in ["promotions", "coupon_codes", "promotion_uses"] {
        db.raw_run(&format!("UPDATE {table} SET used = 0")).await;
    }
    let expected = one.uses_without(uses(&db, promotion.id, one.customer_id).await);
    assert_eq!(expected, Uses::default());
    give_back(&db, one.order_id, NOW).await;
    assert_eq!(uses(&db, promotion.id, one.customer_id).await, expected);
    assert_eq!(code_uses(&db, promotion.id).await, [0]);
}
