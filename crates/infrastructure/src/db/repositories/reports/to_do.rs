//! What waits to be done, in one statement. It has a row for each kind; where a kind is about money, one for each currency.

use domain::orders::{OrderPaymentStatus, OrderStage};
use domain::payments::RefundStatus;
use domain::reports::{Outstanding, ToDo};
use domain::restocks::RestockStatus;
use domain::{Currency, Money, StoreError};
use sea_orm::DbBackend;

use super::sql::by_index;
use crate::db::convert::stored;
use crate::db::engine::{Error, FromRow, Row, Statement};
use crate::db::repositories::orders::at_stage;
use crate::db::repositories::payments::by_hand;

const TO_SHIP: &str = "to_ship";
const UNPAID: &str = "unpaid";
const FINDINGS: &str = "findings";
const TO_PAY: &str = "to_pay";
const LOW: &str = "low";
const OPEN: &str = "open";

/// Counts up to `most` of each kind.
pub(super) fn statement(backend: DbBackend, most: u64) -> Statement {
    let to_ship = Statement::from(backend.build(at_stage(OrderStage::ToShip).limit(most)));
    let some = |sql: String| Statement::new(sql, [most.into()]);
    // What `OrderBalance::due` says of an order of which nothing came in.
    let unpaid = some(format!(
        "SELECT o.currency AS currency, b.total - b.cancelled - b.captured AS amount
         FROM order_balances b JOIN orders o ON o.id = b.order_id WHERE b.status = '{}' LIMIT ?",
        OrderPaymentStatus::Unpaid.as_str()
    ));
    let findings = some("SELECT id FROM payments WHERE finding > '' LIMIT ?".to_owned());
    let by_hand: Vec<_> = by_hand().map(|kind| format!("'{kind}'")).collect();
    // A payment has money that is going back as long as one of its refunds is pending. The index of refunds names those few.
    // In this order, by the primary key: a server that knows of few payments would read all of them.
    let is_sqlite = backend == DbBackend::Sqlite;
    let joined = if is_sqlite { "CROSS JOIN payments p" } else { "STRAIGHT_JOIN payments p FORCE INDEX (PRIMARY)" };
    let to_pay = some(format!(
        "SELECT p.currency AS currency, p.refund_pending AS amount
         FROM (SELECT DISTINCT r.payment_id FROM refunds r {} WHERE r.status = '{}') pending
             {joined} ON p.id = pending.payment_id
         WHERE p.refund_pending > 0 AND p.kind IN ({}) LIMIT ?",
        by_index("refunds_by_end", backend),
        RefundStatus::Pending.as_str(),
        by_hand.join(", ")
    ));
    let low = some("SELECT product_id FROM stock WHERE below_threshold = TRUE LIMIT ?".to_owned());
    let open = some(format!("SELECT id FROM restocks WHERE status = '{}' LIMIT ?", RestockStatus::Open.as_str()));
    let parts = [
        counted(TO_SHIP, to_ship),
        summed(UNPAID, unpaid),
        counted(FINDINGS, findings),
        summed(TO_PAY, to_pay),
        counted(LOW, low),
        counted(OPEN, open),
    ];
    let (parts, values): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.sql, part.values)).unzip();
    Statement::new(parts.join(" UNION ALL "), values.into_iter().flatten())
}

fn counted(kind: &str, of: Statement) -> Statement {
    Statement { sql: format!("SELECT '{kind}', '', COUNT(*), CAST(0 AS SIGNED) FROM ({}) AS counted", of.sql), ..of }
}

fn summed(kind: &str, of: Statement) -> Statement {
    let sums = format!("SELECT '{kind}', currency, COUNT(*), CAST(SUM(amount) AS SIGNED)");
    Statement { sql: format!("{sums} FROM ({}) AS summed GROUP BY currency", of.sql), ..of }
}

pub(super) struct KindRow {
    kind: String,
    currency: String,
    count: i64,
    sum: i64,
}

impl FromRow for KindRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { kind: row.at(0)?, currency: row.at(1)?, count: row.at(2)?, sum: row.at(3)? })
    }
}

pub(super) fn of_rows(rows: Vec<KindRow>) -> Result<ToDo, StoreError> {
    let mut to_do = ToDo::default();
    for row in rows {
        let count = u64::try_from(row.count).unwrap_or_default();
        match row.kind.as_str() {
            TO_SHIP => to_do.orders_to_ship = count,
            UNPAID => add(&mut to_do.orders_unpaid, &row, count)?,
            FINDINGS => to_do.payments_with_finding = count,
            TO_PAY => add(&mut to_do.refunds_to_pay, &row, count)?,
            LOW => to_do.products_low = count,
            OPEN => to_do.restocks_open = count,
            other => return Err(StoreError::corrupt(format!("{other} is no kind of work"))),
        }
    }
    Ok(to_do)
}

fn add(outstanding: &mut Outstanding, row: &KindRow, count: u64) -> Result<(), StoreError> {
    let currency = stored("currency", Currency::parse(&row.currency))?;
    outstanding.count += count;
    outstanding.sums.push(Money { amount: row.sum, currency });
    outstanding.sums.sort_by_key(|sum| sum.currency.code());
    Ok(())
}
