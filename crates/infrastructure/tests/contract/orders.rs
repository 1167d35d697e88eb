use std::time::Duration;

use domain::addresses::{Address, City, Company, CountryCode, PostalCode, Recipient, Region, Street};
use domain::customers::{CustomerId, PhoneNumber};
use domain::orders::{
    Carrier, EditedPart, HistoryEntry, Note, Order, OrderEdit, OrderFilter, OrderId, OrderScope, OrderSort,
    OrderStatus, Parcel, Placement, Shipment, Tracking, TrackingNumber,
};
use domain::pricing::{Adjustment, AdjustmentKind, PromotionId, RatePpm, Share, Treatment};
use domain::{Money, UtcDateTime};
use sea_orm::ConnectionTrait as _;

use crate::support::{NOW, TestDb, every_page, first, id, line, order, product, shop};

on_every_database!(
    an_order_is_read_as_it_was_stored_r63,
    an_order_without_address_and_note_is_read_as_it_was_stored_r63,
    the_largest_total_is_stored_unchanged_r63,
    adjustments_of_an_order_are_read_as_they_were_stored_r109,
    an_order_of_another_customer_is_not_found_r63,
    a_list_has_the_orders_that_match_scope_and_filter_r62,
    orders_are_listed_newest_first_without_gap_or_repetition_r62,
    an_order_outlives_its_product_r34,
    tracking_shows_the_history_in_order_r64,
    an_order_that_is_not_committed_writes_nothing_r60,
    an_order_is_locked_only_for_callers_who_may_see_it_r65,
    advancing_an_order_keeps_the_known_carrier_and_tracking_number_r66,
    erasing_deletes_the_addresses_and_notes_of_one_customer_r13,
    a_correction_of_the_shipment_is_stored_with_what_it_replaced,
    an_edit_is_stored_with_the_parts_that_it_changed_and_nothing_else_changes_r138,
);

async fn add(db: &TestDb, order: &Order) {
    let mut tx = db.begin().await;
    tx.orders().insert(order).await.unwrap();
    tx.commit().await.unwrap();
}

async fn add_simple(db: &TestDb, customer: CustomerId, placed_at: UtcDateTime) -> Order {
    let order = order(customer, &[&product("Teapot", None)], placed_at);
    add(db, &order).await;
    order
}

fn customer() -> CustomerId {
    CustomerId(id())
}

async fn an_order_is_read_as_it_was_stored_r63(db: TestDb) {
    let lines = [
        line(&product("Teapot 🫖", Some("tea-1")), 999),
        line(&product("Cup", None), 1),
        line(&product("Spoon", None), 2),
    ];
    let address = Address {
        name: Recipient::parse("Łukasz Žák").ok(),
        company: Company::parse("Müsli & Söhne").ok(),
        phone: PhoneNumber::parse("+41 44 123 45 67").ok(),
        line1: Street::parse("1-2 Chōme").unwrap(),
        line2: Some(Street::parse("Apt. 3").unwrap()),
        city: City::parse("Zürich").unwrap(),
        region: Some(Region::parse("ZH").unwrap()),
        postal_code: PostalCode::parse("8001").ok(),
        country: CountryCode::parse("CH").unwrap(),
    };
    let placement = Placement {
        customer_id: customer(),
        shipping_address: Some(address),
        note: Some(Note::parse(&"🦊".repeat(Note::MAX)).unwrap()),
    };
    let order = Order::place(OrderId(id()), placement, &lines, shop(), NOW).unwrap();
    add(&db, &order).await;
    assert_eq!(db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap(), Some(order));
}

async fn an_order_without_address_and_note_is_read_as_it_was_stored_r63(db: TestDb) {
    let order = add_simple(&db, customer(), NOW).await;
    assert_eq!(db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap(), Some(order));
}

async fn the_largest_total_is_stored_unchanged_r63(db: TestDb) {
    let mut order = order(customer(), &[&product("Teapot", None)], NOW);
    let most = Money { amount: i64::MAX, currency: shop().currency };
    order.lines[0].unit_price = most;
    order.lines[0].line_total = most;
    order.total = most;
    add(&db, &order).await;
    assert_eq!(db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap(), Some(order));
}

async fn an_order_of_another_customer_is_not_found_r63(db: TestDb) {
    let (mine, orders) = (customer(), db.database.queries().orders);
    let id = add_simple(&db, mine, NOW).await.id;
    for (scope, there) in [
        (OrderScope::All, true),
        (OrderScope::Of(mine), true),
        (OrderScope::Of(customer()), false),
        (OrderScope::None, false),
    ] {
        assert_eq!(orders.get(id, scope).await.unwrap().is_some(), there, "{scope:?}");
        assert_eq!(orders.tracking(id, scope).await.unwrap().is_some(), there, "{scope:?}");
        let list = orders.list(scope, &OrderFilter::default(), &first(20)).await.unwrap();
        assert_eq!(list.items.len(), usize::from(there), "{scope:?}");
    }
    assert_eq!(orders.get(OrderId(self::id()), OrderScope::All).await.unwrap(), None);
    assert_eq!(orders.tracking(OrderId(self::id()), OrderScope::All).await.unwrap(), None);
}

async fn a_list_has_the_orders_that_match_scope_and_filter_r62(db: TestDb) {
    let (ann, bob) = (customer(), customer());
    let later = NOW + Duration::from_micros(1);
    let first_of_ann = add_simple(&db, ann, NOW).await.id;
    let second_of_ann = add_simple(&db, ann, later).await.id;
    let of_bob = add_simple(&db, bob, later).await.id;
    db.execute("UPDATE orders SET status = 'shipped' WHERE id = ?", second_of_ann.0).await.unwrap();
    let list = async |scope, filter| {
        let page = db.database.queries().orders.list(scope, &filter, &first(20)).await.unwrap();
        page.items.into_iter().map(|order| order.id).collect::<Vec<_>>()
    };
    let any = OrderFilter::default;
    assert_eq!(list(OrderScope::All, any()).await, [of_bob, second_of_ann, first_of_ann]);
    assert_eq!(list(OrderScope::Of(ann), any()).await, [second_of_ann, first_of_ann]);
    let of = |customer| OrderFilter { customer_id: Some(customer), ..any() };
    assert_eq!(list(OrderScope::All, of(bob)).await, [of_bob]);
    assert_eq!(list(OrderScope::Of(ann), of(bob)).await, []);
    let status = |status| OrderFilter { status: Some(status), ..any() };
    assert_eq!(list(OrderScope::All, status(OrderStatus::Shipped)).await, [second_of_ann]);
    assert_eq!(list(OrderScope::All, status(OrderStatus::Placed)).await, [of_bob, first_of_ann]);
    let after = OrderFilter { placed_after: Some(later), ..any() };
    assert_eq!(list(OrderScope::All, after).await, [of_bob, second_of_ann], "from that time on");
    let before = OrderFilter { placed_before: Some(later), ..any() };
    assert_eq!(list(OrderScope::All, before).await, [first_of_ann], "up to but without that time");
    let never = OrderFilter { placed_after: Some(later), placed_before: Some(later), ..any() };
    assert_eq!(list(OrderScope::All, never).await, []);
}

async fn orders_are_listed_newest_first_without_gap_or_repetition_r62(db: TestDb) {
    let (ann, bob) = (customer(), customer());
    let (cup, pot) = (product("Cup", None), product("Pot", None));
    let mut all = Vec::new();
    for _ in 0..7 {
        let order = order(ann, &[&cup, &pot], NOW);
        add(&db, &order).await;
        all.insert(0, order);
        add_simple(&db, bob, NOW).await;
    }
    let orders = db.database.queries().orders;
    for limit in [1, 3, 7, 100] {
        let read = async |page| orders.list(OrderScope::Of(ann), &OrderFilter::default(), &page).await.unwrap();
        assert_eq!(every_page(limit, read).await, all, "in pages of {limit}");
        let oldest_first = OrderFilter { sort: Some(OrderSort::Oldest), ..OrderFilter::default() };
        let read = async |page| orders.list(OrderScope::Of(ann), &oldest_first, &page).await.unwrap();
        let turned: Vec<_> = all.iter().rev().cloned().collect();
        assert_eq!(every_page(limit, read).await, turned, "the oldest first, in pages of {limit}");
    }
}

async fn an_order_outlives_its_product_r34(db: TestDb) {
    let product = db.add_product("Teapot", 1).await;
    let order = order(customer(), &[&product], NOW);
    add(&db, &order).await;
    db.execute("DELETE FROM stock WHERE product_id = ?", product.id.0).await.unwrap();
    db.execute("DELETE FROM products WHERE id = ?", product.id.0).await.unwrap();
    assert_eq!(db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap(), Some(order));
}

async fn tracking_shows_the_history_in_order_r64(db: TestDb) {
    let order = add_simple(&db, customer(), NOW).await;
    let entry = "INSERT INTO order_history (order_id, sequence, status, at, note)
        SELECT id, 2, 'processing', placed_at + 1000000, 'soon' FROM orders WHERE id = ?";
    db.execute(entry, order.id.0).await.unwrap();
    let moved =
        "UPDATE orders SET status = 'processing', version = 2, carrier = 'DHL', tracking_number = 'X1' WHERE id = ?";
    db.execute(moved, order.id.0).await.unwrap();
    let tracking = db.database.queries().orders.tracking(order.id, OrderScope::All).await.unwrap().unwrap();
    let placed = HistoryEntry { status: OrderStatus::Placed, at: NOW, note: None, replaced: None, edited: Vec::new() };
    let note = Some(Note::parse("soon").unwrap());
    let processing = HistoryEntry {
        status: OrderStatus::Processing,
        at: NOW + Duration::from_secs(1),
        note,
        replaced: None,
        edited: Vec::new(),
    };
    assert_eq!(tracking.history, [placed, processing]);
    let Tracking { status, placed_at, expected_delivery, carrier, tracking_number, version, .. } = tracking;
    assert_eq!((status, placed_at, version.0), (OrderStatus::Processing, NOW, 2));
    assert_eq!(expected_delivery, order.expected_delivery);
    assert_eq!(carrier.unwrap().as_str(), "DHL");
    assert_eq!(tracking_number.unwrap().as_str(), "X1");
}

async fn an_order_that_is_not_committed_writes_nothing_r60(db: TestDb) {
    let order = order(customer(), &[&product("Teapot", None)], NOW);
    let mut tx = db.begin().await;
    tx.orders().insert(&order).await.unwrap();
    assert_eq!(db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap(), None, "not yet");
    drop(tx);
    let rest = "SELECT (SELECT COUNT(*) FROM orders) + (SELECT COUNT(*) FROM order_lines)
        + (SELECT COUNT(*) FROM order_history)";
    assert_eq!(db.number(rest).await, 0);
}

async fn an_order_is_locked_only_for_callers_who_may_see_it_r65(db: TestDb) {
    let (mine, orders) = (customer(), db.database.queries().orders);
    let order = add_simple(&db, mine, NOW).await;
    let mut tx = db.begin().await;
    for scope in [OrderScope::All, OrderScope::Of(mine)] {
        assert_eq!(tx.orders().lock(order.id, scope).await.unwrap().as_ref(), Some(&order), "{scope:?}");
    }
    for scope in [OrderScope::Of(customer()), OrderScope::None] {
        assert_eq!(tx.orders().lock(order.id, scope).await.unwrap(), None, "{scope:?}");
    }
    drop(tx);
    assert_eq!(orders.get(order.id, OrderScope::All).await.unwrap(), Some(order));
}

async fn advancing_an_order_keeps_the_known_carrier_and_tracking_number_r66(db: TestDb) {
    let mut order = Order { note: Note::parse("ring").ok(), ..order(customer(), &[&product("Cup", None)], NOW) };
    add(&db, &order).await;
    let carrier = Carrier::parse("DHL").ok();
    let steps = [
        (OrderStatus::Processing, Parcel { carrier: carrier.clone(), tracking_number: None }),
        (OrderStatus::Shipped, Parcel { carrier: None, tracking_number: TrackingNumber::parse("X1").ok() }),
        (OrderStatus::Delivered, Parcel::default()),
    ];
    for (status, parcel) in steps {
        let now = order.updated_at + Duration::from_secs(1);
        let advanced = order.advance(status, order.expected_delivery.next_day(), now).unwrap();
        let advanced = advanced.noted(Note::parse(status.as_str()).ok());
        let mut tx = db.begin().await;
        tx.orders().advance(&advanced.order, &parcel, &advanced.entry).await.unwrap();
        tx.commit().await.unwrap();
        order = advanced.order;
    }
    assert_eq!(db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap().as_ref(), Some(&order));
    let tracking = db.database.queries().orders.tracking(order.id, OrderScope::All).await.unwrap().unwrap();
    assert_eq!((tracking.carrier, tracking.tracking_number.unwrap().as_str()), (carrier, "X1"));
    let history: Vec<_> = tracking.history.into_iter().map(|entry| (entry.status, entry.note.is_some())).collect();
    let expected = [
        (OrderStatus::Placed, false),
        (OrderStatus::Processing, true),
        (OrderStatus::Shipped, true),
        (OrderStatus::Delivered, true),
    ];
    assert_eq!(history, expected);
}

async fn erasing_deletes_the_addresses_and_notes_of_one_customer_r13(db: TestDb) {
    let (mine, yours) = (customer(), customer());
    let address = Address {
        name: Recipient::parse("Zaphodina Beeblebrox").ok(),
        company: Company::parse("Beeblebrox Ltd").ok(),
        phone: PhoneNumber::parse("+14155550199").ok(),
        line1: Street::parse("1 Hidden Street").unwrap(),
        line2: Street::parse("Back door").ok(),
        city: City::parse("Nowhere").unwrap(),
        region: Region::parse("NW").ok(),
        postal_code: PostalCode::parse("12345").ok(),
        country: CountryCode::parse("US").unwrap(),
    };
    let mut all = Vec::new();
    for customer in [mine, mine, yours] {
        let (shipping_address, note) = (Some(address.clone()), Note::parse("ring twice").ok());
        let order = Order { shipping_address, note, ..order(customer, &[&product("Cup", None)], NOW) };
        add(&db, &order).await;
        db.execute("UPDATE order_history SET note = 'call me' WHERE order_id = ?", order.id.0).await.unwrap();
        all.push(order);
    }
    let later = NOW + Duration::from_secs(1);
    db.erase(mine, None, later).await;
    db.erase(customer(), None, later).await;
    for order in all {
        let erased = order.customer_id == mine;
        let orders = db.database.queries().orders;
        let found = orders.get(order.id, OrderScope::All).await.unwrap().unwrap();
        let tracking = orders.tracking(order.id, OrderScope::All).await.unwrap().unwrap();
        assert_eq!(tracking.history[0].note.is_none(), erased);
        let version = order.version.next();
        let without = Order { shipping_address: None, note: None, updated_at: later, version, ..order.clone() };
        assert_eq!(found, if erased { without } else { order });
    }
}

async fn a_correction_of_the_shipment_is_stored_with_what_it_replaced(db: TestDb) {
    let placed = order(customer(), &[&product("Cup", None)], NOW);
    add(&db, &placed).await;
    let mut tx = db.begin().await;
    let nothing = tx.orders().shipment(&placed).await.unwrap();
    let none = Shipment { carrier: None, tracking_number: None, expected_delivery: placed.expected_delivery };
    assert_eq!(nothing, none);
    let day = placed.expected_delivery.next_day().unwrap();
    let known = Shipment {
        carrier: Carrier::parse("Łódź Post").ok(),
        tracking_number: TrackingNumber::parse("PP-7").ok(),
        expected_delivery: day,
    };
    let mut now = Order { status: OrderStatus::Shipped, ..placed };
    for (old, new) in [(&none, &known), (&known, &none)] {
        let corrected = now.corrected(new, old.clone(), NOW + Duration::from_secs(1)).unwrap();
        tx.orders().correct(&corrected.order, new, &corrected.entry).await.unwrap();
        now = corrected.order;
        assert_eq!(tx.orders().shipment(&now).await.unwrap(), *new);
    }
    tx.commit().await.unwrap();
    let tracking = db.database.queries().orders.tracking(now.id, OrderScope::All).await.unwrap().unwrap();
    let replaced: Vec<_> = tracking.history.iter().map(|entry| entry.replaced.clone()).collect();
    assert_eq!(replaced, [None, Some(none), Some(known)]);
    assert_eq!((tracking.carrier, tracking.version), (None, now.version));
}

async fn an_edit_is_stored_with_the_parts_that_it_changed_and_nothing_else_changes_r138(db: TestDb) {
    let placed = Order { note: Note::parse("Ring twice.").ok(), ..order(customer(), &[&product("Cup", None)], NOW) };
    add(&db, &placed).await;
    let address = Address {
        name: None,
        company: None,
        phone: PhoneNumber::parse("+41 44 123 45 67").ok(),
        line1: Street::parse("1-2 Chōme").unwrap(),
        line2: None,
        city: City::parse("Zürich").unwrap(),
        region: None,
        postal_code: PostalCode::parse("8001").ok(),
        country: CountryCode::parse("CH").unwrap(),
    };
    let moved = OrderEdit { shipping_address: Some(address), note: None };
    let both = OrderEdit { shipping_address: None, note: Some(None) };
    let mut tx = db.begin().await;
    let parcel = Parcel { carrier: Carrier::parse("UPS").ok(), tracking_number: TrackingNumber::parse("1Z").ok() };
    let advanced = placed.advance(OrderStatus::Processing, None, NOW).unwrap();
    tx.orders().advance(&advanced.order, &parcel, &advanced.entry).await.unwrap();
    let mut now = advanced.order;
    for edit in [moved, both] {
        let edited = now.edited(&edit, NOW + Duration::from_secs(1)).unwrap().unwrap();
        tx.orders().edit(&edited.order, &edited.entry).await.unwrap();
        now = edited.order;
    }
    tx.commit().await.unwrap();
    let queries = db.database.queries();
    let read = queries.orders.get(now.id, OrderScope::All).await.unwrap().unwrap();
    assert_eq!(read, now);
    let tracking = queries.orders.tracking(now.id, OrderScope::All).await.unwrap().unwrap();
    let edited: Vec<_> = tracking.history.iter().map(|entry| entry.edited.clone()).collect();
    let nothing = Vec::new;
    assert_eq!(edited, [nothing(), nothing(), vec![EditedPart::ShippingAddress], vec![EditedPart::Note]]);
    assert_eq!((tracking.carrier, tracking.tracking_number), (parcel.carrier, parcel.tracking_number));
}

async fn adjustments_of_an_order_are_read_as_they_were_stored_r109(db: TestDb) {
    let customer = customer();
    let plain = add_simple(&db, customer, NOW).await;
    let of = |kind, share, amount| Adjustment {
        kind,
        share,
        code: "DE19".to_owned(),
        label: "Umsatzsteuer 🧾".to_owned(),
        amount,
        base: None,
        net: None,
        rate: None,
        treatment: None,
        is_included: false,
        promotion_id: None,
    };
    let tax = Adjustment {
        base: Some(1999),
        net: Some(1680),
        rate: RatePpm::parse(190_000).ok(),
        treatment: Some(Treatment::Standard),
        is_included: true,
        ..of(AdjustmentKind::Tax, Share::Line(1), 319)
    };
    let discount = of(AdjustmentKind::Discount, Share::Line(1), -1);
    let discount = Adjustment { promotion_id: Some(PromotionId(id())), ..discount };
    let shipping = of(AdjustmentKind::Shipping, Share::Shipping, 490);
    let exemption = of(AdjustmentKind::Exemption, Share::Shipping, -2);
    let rounding = of(AdjustmentKind::Rounding, Share::Order, -3);
    let order = order(customer, &[&product("Teapot", None)], NOW);
    let total = Money { amount: 2483, ..order.total };
    let order = Order { total, adjustments: vec![discount, shipping, exemption, tax, rounding], ..order };
    add(&db, &order).await;

    let orders = db.database.queries().orders;
    assert_eq!(orders.get(order.id, OrderScope::All).await.unwrap().as_ref(), Some(&order));
    let listed = orders.list(OrderScope::Of(customer), &OrderFilter::default(), &first(9)).await.unwrap().items;
    let expected = [order.clone(), plain];
    assert_eq!(listed, expected);
    assert_eq!(db.begin().await.orders().lock(order.id, OrderScope::All).await.unwrap().as_ref(), Some(&order));
    for sql in testkit::with_rows_of_adjustments(!db.is_sqlite(), "1 = 1") {
        db.raw.execute_unprepared(&sql).await.unwrap();
    }
    let listed = orders.list(OrderScope::Of(customer), &OrderFilter::default(), &first(9)).await.unwrap().items;
    assert_eq!(listed, expected, "an older order");
}
