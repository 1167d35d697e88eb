//! Sums for reports, against the same sums made slowly from whole orders.

use std::collections::{BTreeMap, BTreeSet};

use domain::addresses::{Address, City, CountryCode, Street};
use domain::customers::CustomerId;
use domain::orders::{Order, OrderBalance, OrderId, OrderPaymentStatus, OrderStatus, PaymentTerms, Placement};
use domain::payments::{Payment, PaymentId, PaymentKind, PaymentStatus};
use domain::payments::{Refund, RefundId, RefundReason, RefundStatus};
use domain::pricing::{Adjustment, AdjustmentKind, Share};
use domain::products::{Product, ProductName};
use domain::reports::{CustomerSales, Group, GroupTally, RefundedOrder, Sales, Span, StockTotals, Tally};
use domain::stock::Stock;
use domain::{Currency, Money, Price, UtcDateTime};
use sea_orm::ConnectionTrait as _;
use time::Duration;

use crate::attributes::built_in;
use crate::payments::{add, balance, change, name};
use crate::support::{NOW, TestDb, every_page, id, line, product, shop};
use crate::terms::add_term;

on_every_database!(
    orders_count_when_they_are_placed_unless_they_are_cancelled_r244,
    refunds_count_when_they_succeed_unless_the_order_did_not_owe_them_r244,
    sales_and_refunds_are_summed_up_by_product_category_and_country_r244,
    many_spans_are_summed_up_each_for_itself_r244,
    the_sales_of_a_customer_are_summed_up_by_currency_r243,
    stock_is_worth_its_units_at_the_price_of_now_r244,
);

/// A moment so many minutes after the first one.
fn at(minutes: i64) -> UtcDateTime {
    NOW + Duration::minutes(minutes)
}

fn span(from: i64, to: i64) -> Span {
    Span { from: at(from), to: at(to) }
}

fn discount(share: Share, amount: i64) -> Adjustment {
    Adjustment {
        kind: AdjustmentKind::Discount,
        share,
        code: String::new(),
        label: "Summer".to_owned(),
        amount: -amount,
        base: None,
        net: None,
        rate: None,
        treatment: None,
        is_included: false,
        promotion_id: None,
    }
}

/// An order of products in some quantity, with discounts on its lines, and one on shipping.
fn order_of(lines: &[(&Product, i64)], off: &[i64], country: Option<&str>, placed_at: UtcDateTime) -> Order {
    let address = country.map(|country| Address {
        name: None,
        company: None,
        phone: None,
        line1: Street::parse("Main St 1").unwrap(),
        line2: None,
        city: City::parse("Springfield").unwrap(),
        region: None,
        postal_code: None,
        country: CountryCode::parse(country).unwrap(),
    });
    let placement = Placement { customer_id: CustomerId(id()), shipping_address: address, note: None };
    let lines: Vec<_> = lines.iter().map(|(product, quantity)| line(product, *quantity)).collect();
    let order = Order::place(OrderId(id()), placement, &lines, shop(), placed_at).unwrap();
    let off = (1..).zip(off).filter(|(_, off)| **off > 0).map(|(number, off)| discount(Share::Line(number), *off));
    let adjustments = off.chain([discount(Share::Shipping, 77)]).collect();
    let balance = OrderBalance { terms: PaymentTerms::Prepaid, status: OrderPaymentStatus::Paid, ..balance(&order) };
    Order { adjustments, balance: Some(balance), ..order }
}

fn of_status(order: Order, status: OrderStatus) -> Order {
    Order { status, ..order }
}

/// Money of an order that went back, or did not.
async fn give_back(db: &TestDb, order: &Order, refunds: &[(i64, RefundStatus, Option<i64>, &str)]) {
    let amount = Money { amount: 1_000_000, currency: shop().currency };
    let provider = (name("test"), PaymentKind::Test);
    let new = Payment::new(PaymentId(id()), &balance(order), provider, amount, NOW);
    let payment = Payment { status: PaymentStatus::Captured, authorised: 900_000, captured: 900_000, ..new };
    let refund = |(amount, status, finished, reason): &(i64, RefundStatus, Option<i64>, &str)| Refund {
        status: *status,
        finished_at: finished.map(at),
        ..Refund::new(RefundId(id()), &payment, *amount, RefundReason::parse(reason).unwrap(), NOW)
    };
    let refunds: Vec<_> = refunds.iter().map(refund).collect();
    let all = |all: &mut domain::payments::OrderPayments| {
        all.payments.push(payment.clone());
        all.refunds.extend(refunds.clone());
        Some(Vec::new())
    };
    assert!(change(db, order.id, all).await.unwrap());
}

fn tally(orders: &[&Order]) -> Tally {
    let sum = |sum: Tally, order: &&Order| sum.plus(Tally::of(order).unwrap()).unwrap();
    orders.iter().fold(Tally::default(), sum)
}

/// As the statements of previous versions left them: without the sums, and with rows of adjustments.
async fn forget_sums(db: &TestDb, order: &Order) {
    let which = format!("id = x'{}'", order.id.0.simple());
    for sql in testkit::with_rows_of_adjustments(!db.is_sqlite(), &which) {
        db.raw.execute_unprepared(&sql).await.unwrap();
    }
    let sql = "UPDATE orders SET sold_units = NULL, sold_gross = NULL, sold_discounts = NULL WHERE id = ?";
    assert_eq!(db.execute(sql, order.id.0).await.unwrap(), 1);
}

async fn orders_count_when_they_are_placed_unless_they_are_cancelled_r244(db: TestDb) {
    let (cup, pot) = (product("Cup", None), product("Pot", None));
    let first = order_of(&[(&cup, 2), (&pot, 1)], &[300, 0], Some("DE"), at(0));
    let second = of_status(order_of(&[(&pot, 7)], &[500], None, at(9)), OrderStatus::Delivered);
    let cancelled = of_status(order_of(&[(&cup, 5)], &[], Some("DE"), at(5)), OrderStatus::Cancelled);
    let later = order_of(&[(&cup, 1)], &[], Some("AT"), at(10));
    for order in [&first, &second, &cancelled, &later] {
        add(&db, order).await;
    }
    let reports = db.database.queries().reports;
    let spans = [span(10, 20), span(0, 10), span(20, 30), span(0, 0), span(-5, 100)];
    let nothing = Tally::default();
    let expected = [tally(&[&later]), tally(&[&first, &second]), nothing, nothing, tally(&[&first, &second, &later])];
    assert_eq!(expected[1].discounts, 800, "what is taken off shipping is no part of it");
    assert_eq!(reports.sold(&spans).await.unwrap(), expected);
    for order in [&first, &second] {
        forget_sums(&db, order).await;
    }
    assert_eq!(reports.sold(&spans).await.unwrap(), expected, "the lines of older orders are read");
    let mut tx = db.begin().await;
    let locked = tx.orders().lock(first.id, domain::orders::OrderScope::All).await.unwrap().unwrap();
    let sent = locked.advance(OrderStatus::Processing, None, NOW).unwrap();
    tx.orders().advance(&sent.order, &domain::orders::Parcel::default(), &sent.entry).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reports.sold(&spans).await.unwrap(), expected);
    let unknown = db.number("SELECT COUNT(*) FROM orders WHERE sold_units IS NULL").await;
    assert_eq!(unknown, 1, "an older order gets its sums with its next change");
    assert_eq!(reports.sold(&[]).await.unwrap(), []);
}

async fn refunds_count_when_they_succeed_unless_the_order_did_not_owe_them_r244(db: TestDb) {
    use RefundStatus::{Failed, Pending, Succeeded};
    let cup = product("Cup", None);
    let order = order_of(&[(&cup, 1)], &[], None, at(-500));
    let cancelled = of_status(order_of(&[(&cup, 1)], &[], None, at(1)), OrderStatus::Cancelled);
    let free = Order { balance: None, ..order_of(&[(&cup, 1)], &[], None, at(1)) };
    for order in [&order, &cancelled, &free] {
        add(&db, order).await;
    }
    let refunds = [
        (100, Succeeded, Some(0), "damaged"),
        (20, Succeeded, Some(9), "other"),
        (3, Succeeded, Some(10), "damaged"),
        (1_000, Failed, Some(5), "damaged"),
        (2_000, Pending, None, "damaged"),
        (4_000, Succeeded, Some(5), RefundReason::LATE_PAYMENT),
    ];
    give_back(&db, &order, &refunds).await;
    give_back(&db, &cancelled, &[(8_000, Succeeded, Some(5), "order_cancelled")]).await;
    let reports = db.database.queries().reports;
    let amounts = reports.refunded(&[span(20, 30), span(0, 10), span(10, 20)]).await.unwrap();
    assert_eq!(amounts, [0, 120, 3]);
}

async fn many_spans_are_summed_up_each_for_itself_r244(db: TestDb) {
    let cup = product("Cup", None);
    let mut orders = Vec::new();
    for minute in (0..400).step_by(7) {
        let order = order_of(&[(&cup, 1 + minute % 5)], &[minute], None, at(minute));
        add(&db, &order).await;
        orders.push((minute, order));
    }
    let spans: Vec<_> = (0..744).map(|minute| span(minute, minute + 1)).collect();
    let sold = db.database.queries().reports.sold(&spans).await.unwrap();
    assert_eq!(sold.len(), spans.len());
    for (minute, sold) in (0..).zip(sold) {
        let own: Vec<_> = orders.iter().filter(|(placed, _)| *placed == minute).map(|(_, order)| order).collect();
        assert_eq!(sold, tally(&own), "minute {minute}");
    }
    assert_eq!(db.database.queries().reports.refunded(&spans).await.unwrap(), vec![0; spans.len()]);
}

async fn the_sales_of_a_customer_are_summed_up_by_currency_r243(db: TestDb) {
    use RefundStatus::{Failed, Succeeded};
    let (ann, cup) = (CustomerId(id()), product("Cup", None));
    let of_ann = |order: Order| Order { customer_id: ann, ..order };
    let first = of_ann(order_of(&[(&cup, 2)], &[300], None, at(0)));
    let second = of_ann(order_of(&[(&cup, 7)], &[], None, at(9)));
    let cancelled = of_ann(of_status(order_of(&[(&cup, 5)], &[], None, at(5)), OrderStatus::Cancelled));
    let others = order_of(&[(&cup, 1)], &[], None, at(1));
    for order in [&first, &second, &cancelled, &others] {
        add(&db, order).await;
    }
    let late = RefundReason::LATE_PAYMENT;
    let refunds = [(100, Succeeded, Some(0), "damaged"), (7, Succeeded, Some(5), late), (9, Failed, Some(5), "other")];
    give_back(&db, &first, &refunds).await;
    give_back(&db, &cancelled, &[(8_000, Succeeded, Some(5), "order_cancelled")]).await;
    let of_shop = |orders: &[&Order], refunds| CustomerSales {
        currency: shop().currency,
        sales: Sales::new(tally(orders), refunds).unwrap(),
    };
    let reports = db.database.queries().reports;
    assert_eq!(reports.of_customer(ann).await.unwrap(), [of_shop(&[&first, &second], 100)]);
    assert_eq!(reports.of_customer(CustomerId(id())).await.unwrap(), []);
    forget_sums(&db, &first).await;
    assert_eq!(reports.of_customer(ann).await.unwrap(), [of_shop(&[&first, &second], 100)], "an older order");
    db.execute("UPDATE orders SET currency = 'EUR' WHERE id = ?", second.id.0).await.unwrap();
    let euro = CustomerSales { currency: Currency::parse("EUR").unwrap(), ..of_shop(&[&second], 0) };
    assert_eq!(reports.of_customer(ann).await.unwrap(), [euro, of_shop(&[&first], 100)]);
}

/// What groups an order has, as the oracle knows it: key and name of each of its lines.
type Grouped<'a> = &'a dyn Fn(&Order, usize) -> (String, String);

fn sold_slowly(orders: &[&Order], grouped: Grouped<'_>) -> Vec<GroupTally> {
    let mut groups: BTreeMap<(String, String), (BTreeSet<OrderId>, Tally)> = BTreeMap::new();
    for order in orders {
        for (place, (line, amounts)) in order.line_amounts().enumerate() {
            let (ids, sum) = groups.entry(grouped(order, place)).or_default();
            ids.insert(order.id);
            *sum = sum.plus(Tally::of_line(line, amounts)).unwrap();
        }
    }
    let tally = |((key, name), (ids, sum)): ((String, String), (BTreeSet<OrderId>, Tally))| {
        let orders = i64::try_from(ids.len()).unwrap();
        GroupTally { key, name, tally: Tally { orders, ..sum } }
    };
    groups.into_iter().map(tally).collect()
}

fn sorted(mut groups: Vec<GroupTally>) -> Vec<GroupTally> {
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    groups
}

/// Amount, and key, name and price of each part.
type Parts = (i64, Vec<(String, String, i64)>);

fn parts(orders: Vec<RefundedOrder>) -> Vec<Parts> {
    let part = |order: RefundedOrder| {
        (order.amount, order.parts.into_iter().map(|part| (part.key, part.name, part.paid)).collect())
    };
    let mut all: Vec<Parts> = orders.into_iter().map(part).collect();
    all.sort_unstable();
    all
}

async fn sales_and_refunds_are_summed_up_by_product_category_and_country_r244(db: TestDb) {
    let mut goods = Vec::new();
    for name in ["Cup", "Pot", "Mug", "Jug"] {
        goods.push(db.add_product(name, 5).await);
    }
    let category = built_in(&db, "category").await;
    let (tea, old) = (add_term(&db, &category, "tea", None).await, add_term(&db, &category, "old", None).await);
    // The first category is the main one, whichever was made first. The jug has none.
    for (product, term, place) in [(0, &tea, 0), (0, &old, 1), (1, &old, 1), (1, &tea, 0), (2, &old, 0)] {
        let hex = |id: domain::Uuid| format!("X'{}'", id.simple());
        let row = format!("({}, {}, {place}, 0)", hex(goods[product].id.0), hex(term.id.0));
        db.raw.execute_unprepared(&format!("INSERT INTO product_terms VALUES {row}")).await.unwrap();
    }
    let gone = product("Gone", None);
    let [cup, pot, mug, jug] = [0, 1, 2, 3].map(|place| goods[place].clone());
    let orders = [
        order_of(&[(&cup, 2), (&pot, 1), (&jug, 3)], &[100, 0, 50], Some("DE"), at(1)),
        order_of(&[(&cup, 1)], &[], Some("DE"), at(2)),
        order_of(&[(&mug, 4), (&gone, 2)], &[0, 33], Some("AT"), at(3)),
        order_of(&[(&pot, 1), (&gone, 1)], &[10, 10], None, at(4)),
    ];
    let out = order_of(&[(&cup, 9)], &[], Some("FR"), at(30));
    let cancelled = of_status(order_of(&[(&cup, 9)], &[9], Some("FR"), at(5)), OrderStatus::Cancelled);
    for order in orders.iter().chain([&out, &cancelled]) {
        add(&db, order).await;
    }
    forget_sums(&db, &orders[2]).await;
    db.execute("UPDATE products SET name = 'New cup' WHERE id = ?", cup.id.0).await.unwrap();
    let succeeded = RefundStatus::Succeeded;
    give_back(&db, &orders[0], &[(700, succeeded, Some(6), "damaged"), (5, succeeded, Some(7), "damaged")]).await;
    give_back(&db, &out, &[(9, succeeded, Some(8), "damaged"), (1, succeeded, Some(80), "damaged")]).await;

    let new_name =
        |product: &Product| if product.id == cup.id { "New cup".to_owned() } else { product.name.to_string() };
    let all = [&cup, &pot, &mug, &jug, &gone];
    let found = |order: &Order, place: usize| {
        let line = &order.lines[place];
        *all.iter().find(|product| product.id == line.product_id).unwrap()
    };
    let by_product = |order: &Order, place: usize| {
        let product = found(order, place);
        (product.id.0.to_string(), new_name(product))
    };
    let by_category = |order: &Order, place: usize| {
        let product = found(order, place).id;
        let slug = match () {
            () if product == cup.id || product == pot.id => "tea",
            () if product == mug.id => "old",
            () => return (String::new(), String::new()),
        };
        let term = if slug == "tea" { &tea } else { &old };
        (slug.to_owned(), term.name.to_string())
    };
    let reports = db.database.queries().reports;
    let counted: Vec<_> = orders.iter().collect();
    let groups: [(Group, Grouped<'_>); 2] = [(Group::Product, &by_product), (Group::Category, &by_category)];
    for (group, grouped) in groups {
        let sold = sorted(reports.sold_by(span(0, 20), group).await.unwrap());
        assert_eq!(sold, sorted(sold_slowly(&counted, grouped)), "{group:?}");
        let refunded = parts(reports.refunded_by(span(0, 20), group).await.unwrap());
        let slowly = |order: &Order, amount| {
            let paid = order.line_amounts().enumerate().map(|(place, (line, amounts))| {
                let (key, name) = grouped(order, place);
                (key, name, line.line_total.amount - amounts.discount)
            });
            (amount, paid.collect::<Vec<_>>())
        };
        let mut expected = vec![slowly(&orders[0], 705), slowly(&out, 9)];
        expected.sort_unstable();
        assert_eq!(refunded, expected, "{group:?}");
    }
    let country =
        |key: &str, orders: &[&Order]| GroupTally { key: key.to_owned(), name: key.to_owned(), tally: tally(orders) };
    let [first, second, third, fourth] = &orders;
    let expected = [country("", &[fourth]), country("AT", &[third]), country("DE", &[first, second])];
    assert_eq!(sorted(reports.sold_by(span(0, 20), Group::Country).await.unwrap()), expected);
    let refunded = parts(reports.refunded_by(span(0, 20), Group::Country).await.unwrap());
    let part = |key: &str| vec![(key.to_owned(), key.to_owned(), 1)];
    assert_eq!(refunded, [(9, part("FR")), (705, part("DE"))]);
}

async fn stock_is_worth_its_units_at_the_price_of_now_r244(db: TestDb) {
    let reports = db.database.queries().reports;
    assert_eq!(reports.stock_totals().await.unwrap(), StockTotals::default());
    let mut expected = Vec::new();
    for (place, on_hand) in (0..).zip([5, 0, 7, 1]) {
        let made = Product {
            price: Price::parse(100 + place).unwrap(),
            name: ProductName::parse(&format!("Cup {place}")).unwrap(),
            ..product("Cup", Some(&format!("cup-{place}")))
        };
        let stock = Stock::new(made.id, on_hand, NOW);
        db.database.bulk_products(&[(made.clone(), stock)]).await.unwrap();
        if on_hand > 0 {
            expected.push((made.id, made.sku, made.name, on_hand, (100 + place) * on_hand));
        }
    }
    expected.sort_by_key(|(id, ..)| id.0);
    let read = async |page| reports.stock_values(&page).await.unwrap();
    for limit in [1, 2, 9] {
        let found = every_page(limit, read).await;
        let found: Vec<_> = found
            .into_iter()
            .map(|value| (value.product_id, value.sku.clone(), value.name.clone(), value.on_hand, value.value()))
            .collect();
        assert_eq!(found, expected, "{limit} a page");
    }
    let totals = StockTotals { products: 3, on_hand: 13, value: 500 + 714 + 103 };
    assert_eq!(reports.stock_totals().await.unwrap(), totals);
}
