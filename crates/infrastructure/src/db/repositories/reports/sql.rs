//! The statements of reports. Each takes the bounds of a span; [`STOCK_VALUES`] takes the id that it goes on after, and how
//! many rows.

use domain::attributes::AttributeCode;
use domain::orders::OrderStatus;
use domain::payments::{RefundReason, RefundStatus};
use domain::pricing::AdjustmentKind;
use domain::reports::Group;
use sea_orm::DbBackend;

/// Products with units on hand, in order of id.
pub(super) const STOCK_VALUES: &str = "SELECT p.id, p.sku, p.name, s.on_hand, p.price
    FROM stock s JOIN products p ON p.id = s.product_id
    WHERE s.product_id > ? AND s.on_hand > 0 ORDER BY s.product_id LIMIT ?";

pub(super) const STOCK_TOTALS: &str = "SELECT COUNT(*), COALESCE(CAST(SUM(s.on_hand) AS SIGNED), 0),
    COALESCE(CAST(SUM(s.on_hand * p.price) AS SIGNED), 0)
    FROM stock s JOIN products p ON p.id = s.product_id WHERE s.on_hand > 0";

/// What orders count for. Only of an older order, whose sums are NULL, are the lines read.
pub(super) fn sold(backend: DbBackend) -> String {
    format!("SELECT {} FROM {} WHERE {}", sums_of_orders(), orders(backend), placed())
}

pub(super) fn refunded(backend: DbBackend) -> String {
    format!("SELECT {} FROM {} WHERE {}", whole("r.amount"), refunds(backend), went_back())
}

/// What the orders of a customer count for, by currency.
pub(super) fn sold_to(backend: DbBackend) -> String {
    format!(
        "SELECT o.currency, {} FROM orders o {} WHERE {} GROUP BY o.currency",
        sums_of_orders(),
        by_index("orders_by_customer", backend),
        of_customer()
    )
}

/// What went back to a customer, by currency.
pub(super) fn refunded_to(backend: DbBackend) -> String {
    format!(
        "SELECT r.currency, {} FROM orders o {} JOIN refunds r ON r.order_id = o.id
        WHERE {} AND r.status = '{}' AND r.reason <> '{}' GROUP BY r.currency",
        whole("r.amount"),
        by_index("orders_by_customer", backend),
        of_customer(),
        RefundStatus::Succeeded.as_str(),
        RefundReason::LATE_PAYMENT
    )
}

/// The condition of the orders of a customer that count.
fn of_customer() -> String {
    format!("o.customer_id = ? AND o.status <> '{}'", OrderStatus::Cancelled.as_str())
}

/// Key and name of each group, and what orders count for in it.
pub(super) fn sold_by(group: Group, backend: DbBackend) -> String {
    let (orders, placed) = (orders(backend), placed());
    let lines = format!(
        "COUNT(DISTINCT l.order_id) AS orders, {} AS units, {} AS gross, {} AS discounts",
        whole("l.quantity"),
        whole("l.line_total"),
        whole(&discount_of_line("o.sold_discounts"))
    );
    match group {
        Group::Country => {
            let country = "COALESCE(o.ship_country, '')";
            format!("SELECT {country}, {country}, {} FROM {orders} WHERE {placed} GROUP BY 1, 2", sums_of_orders())
        }
        Group::Product => format!(
            "SELECT s.product_id, COALESCE(p.name, s.name), s.orders, s.units, s.gross, s.discounts
            FROM (
                SELECT l.product_id, MAX(l.name) AS name, {lines}
                FROM {orders} JOIN order_lines l ON l.order_id = o.id WHERE {placed} GROUP BY l.product_id
            ) s LEFT JOIN products p ON p.id = s.product_id"
        ),
        Group::Category => format!(
            "SELECT COALESCE(c.slug, ''), COALESCE(MAX(c.name), ''), {lines}
            FROM {orders} JOIN order_lines l ON l.order_id = o.id
            LEFT JOIN ({}) c ON c.product_id = l.product_id
            WHERE {placed} GROUP BY c.slug",
            main_categories()
        ),
    }
}

/// The order, what went back of it, and key, name and price of each of its parts, in order.
pub(super) fn refunded_by(group: Group, backend: DbBackend) -> String {
    let refunded = format!(
        "SELECT r.order_id, {} AS amount FROM {} WHERE {} GROUP BY r.order_id",
        whole("r.amount"),
        refunds(backend),
        went_back()
    );
    let (key, name, joined) = match group {
        Group::Country => {
            let country = "COALESCE(o.ship_country, '')";
            return format!(
                "SELECT b.order_id, b.amount, {country}, {country}, 1 FROM ({refunded}) b
                JOIN orders o ON o.id = b.order_id ORDER BY b.order_id"
            );
        }
        Group::Product => {
            ("l.product_id", "COALESCE(p.name, l.name)", "LEFT JOIN products p ON p.id = l.product_id".to_owned())
        }
        Group::Category => {
            let joined = format!("LEFT JOIN ({}) c ON c.product_id = l.product_id", main_categories());
            ("COALESCE(c.slug, '')", "COALESCE(c.name, '')", joined)
        }
    };
    format!(
        "SELECT b.order_id, b.amount, {key}, {name}, CAST(l.line_total - {} AS SIGNED)
        FROM ({refunded}) b JOIN order_lines l ON l.order_id = b.order_id {joined}
        ORDER BY b.order_id, l.line_no",
        discount_of_line("NULL")
    )
}

/// Orders, read through the index that has all columns of the sums.
fn orders(backend: DbBackend) -> String {
    format!("orders o {}", by_index("orders_by_sale", backend))
}

/// The refunds within a time, with their orders.
fn refunds(backend: DbBackend) -> String {
    format!("refunds r {} JOIN orders o ON o.id = r.order_id", by_index("refunds_by_end", backend))
}

/// The hint that makes the database use an index.
pub(super) fn by_index(index: &str, backend: DbBackend) -> String {
    if backend == DbBackend::Sqlite { format!("INDEXED BY {index}") } else { format!("FORCE INDEX ({index})") }
}

/// The condition of orders that count.
fn placed() -> String {
    format!("o.placed_at >= ? AND o.placed_at < ? AND o.status <> '{}'", OrderStatus::Cancelled.as_str())
}

/// The condition of refunds that count.
fn went_back() -> String {
    format!(
        "r.status = '{}' AND r.finished_at >= ? AND r.finished_at < ? AND r.reason <> '{}' AND o.status <> '{}'",
        RefundStatus::Succeeded.as_str(),
        RefundReason::LATE_PAYMENT,
        OrderStatus::Cancelled.as_str()
    )
}

/// A sum as a 64-bit integer, 0 without rows. MySQL and MariaDB return sums as decimals.
fn whole(what: &str) -> String {
    format!("COALESCE(CAST(SUM({what}) AS SIGNED), 0)")
}

fn sums_of_orders() -> String {
    let of_lines = |column| format!("(SELECT SUM(l.{column}) FROM order_lines l WHERE l.order_id = o.id)");
    let discounts = format!(
        "COALESCE({}, (SELECT -SUM(a.amount) FROM order_adjustments a
        WHERE a.order_id = o.id AND a.kind = '{}' AND a.line_no IS NOT NULL))",
        of_lines("discount"),
        AdjustmentKind::Discount.as_str()
    );
    let sum = |stored, read: String| whole(&format!("COALESCE(o.{stored}, {read})"));
    format!(
        "COUNT(*), {}, {}, {}",
        sum("sold_units", of_lines("quantity")),
        sum("sold_gross", of_lines("line_total")),
        sum("sold_discounts", discounts)
    )
}

/// What promotions took off a line, in minor units. An older line does not store it: then the adjustments of the order
/// have it, unless the discounts of the order sum up to 0.
fn discount_of_line(of_order: &str) -> String {
    format!(
        "CASE WHEN {of_order} = 0 THEN 0 ELSE COALESCE(l.discount, (
            SELECT -SUM(a.amount) FROM order_adjustments a
            WHERE a.order_id = l.order_id AND a.kind = '{}' AND a.line_no = l.line_no
        ), 0) END",
        AdjustmentKind::Discount.as_str()
    )
}

/// The main category of each product: the first one.
fn main_categories() -> String {
    format!(
        "SELECT product_id, slug, name FROM (
            SELECT x.product_id, t.slug, t.name,
                ROW_NUMBER() OVER (PARTITION BY x.product_id ORDER BY x.position, x.term_id) AS place
            FROM attributes a JOIN terms t ON t.attribute_id = a.id JOIN product_terms x ON x.term_id = t.id
            WHERE a.code = '{}'
        ) ranked WHERE place = 1",
        AttributeCode::CATEGORY
    )
}
