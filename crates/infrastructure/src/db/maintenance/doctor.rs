//! Checks the invariants of a live database.
//!
//! Each rule is one statement that finds the rows that violate it. One statement sees one consistent state, so that
//! transactions in progress are not reported.

use application::Clock as _;
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::DbBackend;

use crate::db::Database;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor, FromRow, Row};

mod events;
mod groups;
mod media;
mod payments;
mod prices;
mod products;
mod slugs;
mod terms;
mod webhooks;

/// A violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule.
    pub rule: &'static str,
    /// The id of the row, the number of further violations, or `file`.
    pub subject: String,
    /// What is wrong, in words and numbers.
    pub detail: String,
}

/// The most findings of one rule.
const MAX_PER_RULE: usize = 100;

impl Database {
    /// Checks all rules and returns the violations, on SQLite first whether the file itself is sound. It can take long on
    /// large tables, but it blocks no other statement.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn examine(&self) -> Result<Vec<Finding>, StoreError> {
        let damage = self.integrity_check().await?;
        // A violated constraint is no damage: the rules name the row.
        let is_violation = |line: &String| line.starts_with("CHECK constraint") || line.starts_with("NULL value");
        let damage: Vec<_> = damage.into_iter().filter(|line| !is_violation(line)).collect();
        if !damage.is_empty() {
            // No rule means anything in a damaged file.
            let finding = |detail| Finding { rule: "the_file_is_sound", subject: String::from("file"), detail };
            return Ok(damage.into_iter().map(finding).collect());
        }
        let now = self.clock().now();
        let findings = match self.pools.read.backend() {
            DbBackend::Sqlite => examine(&self.pools.read, now).await,
            // This pool has no time limit.
            _ => examine(&self.pools.bulk, now).await,
        };
        Ok(findings?)
    }
}

async fn examine(db: &impl Executor, now: UtcDateTime) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let now = micros(now).to_string();
    let all = RULES
        .into_iter()
        .chain(prices::RULES)
        .chain(products::RULES)
        .chain(payments::RULES)
        .chain(groups::RULES)
        .chain(slugs::RULES)
        .chain(terms::RULES)
        .chain(media::RULES)
        .chain(events::RULES)
        .chain(webhooks::RULES);
    for (rule, query) in all {
        let query = query.replace("{now}", &now).replace("{adjustments}", prices::adjustments(db.backend()));
        let sql =
            format!("SELECT subject, detail, COUNT(*) OVER () AS total FROM ({query}) AS broken LIMIT {MAX_PER_RULE}");
        let broken: Vec<Broken> = db.rows(sql.as_str()).await?;
        let more = broken.first().map_or(0, |first| first.total) - i64::try_from(broken.len()).unwrap_or(i64::MAX);
        let listed = broken.into_iter().map(|one| (one.subject.to_string(), one.detail));
        let rest = (more > 0).then(|| (format!("{more} more"), String::from("not listed one by one")));
        findings.extend(listed.chain(rest).map(|(subject, detail)| Finding { rule, subject, detail }));
    }
    Ok(findings)
}

struct Broken {
    subject: Uuid,
    detail: String,
    total: i64,
}

impl FromRow for Broken {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { subject: row.at(0)?, detail: row.at(1)?, total: row.at(2)? })
    }
}

/// The name of a rule, and the query for its violations: `subject` is an id, `detail` a text.
type Rule = (&'static str, &'static str);

/// The rules, except those of prices, payments and terms.
const RULES: [Rule; 23] = [
    (
        "stock_is_the_sum_of_its_movements",
        "SELECT s.product_id AS subject, CONCAT(s.on_hand, ' on hand, moved ', COALESCE(m.total, 0)) AS detail
        FROM stock s
        LEFT JOIN (SELECT product_id, SUM(quantity) AS total FROM stock_movements GROUP BY product_id) m
            ON m.product_id = s.product_id
        WHERE s.on_hand <> COALESCE(m.total, 0)",
    ),
    (
        "stock_is_not_negative",
        "SELECT product_id AS subject, CONCAT(on_hand, ' on hand') AS detail FROM stock WHERE on_hand < 0",
    ),
    (
        "stock_is_the_balance_of_its_last_movement",
        "SELECT s.product_id AS subject, CONCAT(s.on_hand, ' on hand, balance ', m.balance) AS detail
        FROM stock s
        JOIN (SELECT product_id, MAX(sequence) AS last FROM stock_movements GROUP BY product_id) l
            ON l.product_id = s.product_id
        JOIN stock_movements m ON m.product_id = l.product_id AND m.sequence = l.last
        WHERE m.balance <> s.on_hand",
    ),
    (
        "a_balance_is_the_one_before_and_what_moved",
        "SELECT product_id AS subject, CONCAT('movement ', sequence, ': ', was, ' and ', quantity, ' is not ', balance)
            AS detail
        FROM (
            SELECT product_id, sequence, quantity, balance,
                COALESCE(LAG(balance) OVER (PARTITION BY product_id ORDER BY sequence), 0) AS was
            FROM stock_movements
        ) AS movements
        WHERE balance <> was + quantity",
    ),
    (
        "an_order_has_a_line",
        "SELECT o.id AS subject, 'no line' AS detail FROM orders o
        WHERE NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)",
    ),
    (
        "the_history_of_an_order_ends_with_its_status",
        "SELECT o.id AS subject, CONCAT('is ', o.status, ', history ends with ', COALESCE(h.status, 'nothing')) AS detail
        FROM orders o
        LEFT JOIN (SELECT order_id, MAX(sequence) AS last FROM order_history GROUP BY order_id) l ON l.order_id = o.id
        LEFT JOIN order_history h ON h.order_id = l.order_id AND h.sequence = l.last
        WHERE h.status IS NULL OR h.status <> o.status",
    ),
    (
        "a_product_has_one_open_restock_at_most",
        "SELECT product_id AS subject, CONCAT(COUNT(*), ' are open') AS detail
        FROM restocks WHERE status = 'open' GROUP BY product_id HAVING COUNT(*) > 1",
    ),
    (
        "an_open_restock_keeps_others_out",
        "SELECT id AS subject, CONCAT('is ', status) AS detail FROM restocks
        WHERE (status = 'open') <> (COALESCE(open_product_id = product_id, 0))",
    ),
    (
        "an_order_of_nobody_holds_nothing_personal",
        "SELECT o.id AS subject, 'its customer is gone' AS detail FROM orders o
        WHERE (o.note IS NOT NULL OR o.ship_line1 IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer_id)",
    ),
    (
        "an_order_is_in_the_currency_of_the_shop",
        "SELECT o.id AS subject, CONCAT('in ', o.currency, ', the shop is in ', s.value) AS detail FROM orders o
        JOIN settings s ON s.name = 'shop.currency'
        WHERE o.currency <> s.value",
    ),
    (
        "a_line_has_an_order",
        "SELECT DISTINCT l.order_id AS subject, 'no such order' AS detail FROM order_lines l
        WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id)",
    ),
    (
        "a_history_has_an_order",
        "SELECT DISTINCT h.order_id AS subject, 'no such order' AS detail FROM order_history h
        WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = h.order_id)",
    ),
    (
        "a_product_has_stock",
        "SELECT p.id AS subject, 'no stock' AS detail FROM products p
        WHERE NOT EXISTS (SELECT 1 FROM stock s WHERE s.product_id = p.id)",
    ),
    (
        "stock_has_a_product",
        "SELECT s.product_id AS subject, 'no such product' AS detail FROM stock s
        WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = s.product_id)",
    ),
    (
        "a_movement_has_a_product",
        "SELECT DISTINCT m.product_id AS subject, 'no such product' AS detail FROM stock_movements m
        WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = m.product_id)",
    ),
    (
        "a_restock_has_a_product",
        "SELECT r.id AS subject, 'no such product' AS detail FROM restocks r
        WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = r.product_id)",
    ),
    (
        "a_product_can_be_found",
        "SELECT p.id AS subject, 'no words' AS detail FROM products p
        WHERE NOT EXISTS (SELECT 1 FROM product_words w WHERE w.product_id = p.id)",
    ),
    (
        "words_have_a_product",
        "SELECT w.product_id AS subject, 'no such product' AS detail FROM product_words w
        WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = w.product_id)",
    ),
    (
        "a_customer_can_be_found",
        "SELECT c.id AS subject, 'no words' AS detail FROM customers c
        WHERE NOT EXISTS (SELECT 1 FROM customer_words w WHERE w.customer_id = c.id)",
    ),
    (
        "words_have_a_customer",
        "SELECT DISTINCT w.customer_id AS subject, 'no such customer' AS detail FROM customer_words w
        WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = w.customer_id)",
    ),
    (
        "an_item_has_a_cart",
        "SELECT DISTINCT i.customer_id AS subject, 'no such cart' AS detail FROM cart_items i
        WHERE NOT EXISTS (SELECT 1 FROM carts c WHERE c.customer_id = i.customer_id)",
    ),
    (
        "the_customer_of_an_account_is_there",
        "SELECT a.id AS subject, 'its customer is gone' AS detail FROM accounts a
        WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = a.customer_id)",
    ),
    (
        "a_refresh_token_has_an_account",
        "SELECT t.id AS subject, 'its account is gone' AS detail FROM refresh_tokens t
        WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = t.account_id)",
    ),
];
