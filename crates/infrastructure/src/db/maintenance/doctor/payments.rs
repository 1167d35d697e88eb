//! The money of orders.

use super::Rule;

/// The rules, as those of the module above. `{now}` is the present, in microseconds.
pub(super) const RULES: [Rule; 12] = [
    (
        "payment_counters_are_the_sum_of_their_refunds_and_captures",
        // What was captured is in the ledger, by payment.
        "SELECT p.id AS subject,
            CONCAT('captured ', p.captured, ', in the ledger ', COALESCE(t.total, 0), ', refunded ', p.refunded,
                ', its refunds ', COALESCE(r.total, 0), ', disputed ', p.disputed, ', its disputes ',
                COALESCE(d.total, 0)) AS detail
        FROM payments p
        LEFT JOIN (
            SELECT cause_id, SUM(amount) AS total FROM ledger_transfers WHERE cause = 'payment' GROUP BY cause_id
        ) t ON t.cause_id = p.id
        LEFT JOIN (
            SELECT payment_id, SUM(amount) AS total FROM refunds WHERE status = 'succeeded' GROUP BY payment_id
        ) r ON r.payment_id = p.id
        LEFT JOIN (
            SELECT payment_id, SUM(amount) AS total FROM disputes WHERE status <> 'won' GROUP BY payment_id
        ) d ON d.payment_id = p.id
        WHERE p.captured <> COALESCE(t.total, 0) OR p.refunded <> COALESCE(r.total, 0)
            OR p.disputed <> COALESCE(d.total, 0)",
    ),
    (
        "order_sums_are_the_sums_of_its_payments",
        // In turn: the sums, and what the balance has of its order; balances that the order does not know of.
        "SELECT b.order_id AS subject,
            CONCAT('authorised ', b.authorised, ' of ', COALESCE(p.authorised, 0), ', captured ', b.captured, ' of ',
                COALESCE(p.captured, 0), ', refunded ', b.refunded, ' of ', COALESCE(p.refunded, 0), ', disputed ',
                b.disputed, ' of ', COALESCE(p.disputed, 0), ', total ', b.total, ' of ',
                COALESCE(o.total, 'no order')) AS detail
        FROM order_balances b
        LEFT JOIN orders o ON o.id = b.order_id
        LEFT JOIN (
            SELECT order_id, SUM(CASE WHEN status = 'authorised' THEN authorised - captured ELSE 0 END) AS authorised,
                SUM(captured) AS captured, SUM(refunded) AS refunded, SUM(disputed) AS disputed
            FROM payments GROUP BY order_id
        ) p ON p.order_id = b.order_id
        WHERE o.id IS NULL OR b.total <> o.total OR b.customer_id <> o.customer_id
            OR b.authorised <> COALESCE(p.authorised, 0) OR b.captured <> COALESCE(p.captured, 0)
            OR b.refunded <> COALESCE(p.refunded, 0) OR b.disputed <> COALESCE(p.disputed, 0)
        UNION ALL
        SELECT o.id, CASE WHEN b.order_id IS NULL THEN 'has no balance' ELSE 'does not know of its balance' END
        FROM orders o
        LEFT JOIN order_balances b ON b.order_id = o.id
        WHERE (o.has_balance = 1) <> (b.order_id IS NOT NULL)
        UNION ALL
        SELECT DISTINCT p.order_id, 'has payments, and no balance'
        FROM payments p
        LEFT JOIN order_balances b ON b.order_id = p.order_id
        WHERE b.order_id IS NULL",
    ),
    (
        "payment_status_is_what_the_sums_say",
        "SELECT order_id AS subject, CONCAT('is ', status, ', the sums say ', said) AS detail
        FROM (
            SELECT b.order_id, b.status,
                CASE
                    WHEN b.captured > 0 AND b.refunded >= b.captured THEN 'refunded'
                    WHEN b.captured > 0 AND b.captured < b.total - b.cancelled THEN 'partially_paid'
                    WHEN b.captured > 0 AND b.refunded > 0 THEN 'partially_refunded'
                    WHEN b.captured > 0 THEN 'paid'
                    WHEN b.total > b.cancelled AND COALESCE(p.authorised, 0) >= b.total - b.cancelled THEN 'authorised'
                    WHEN COALESCE(p.open, 0) > 0 THEN 'pending'
                    WHEN b.total = b.cancelled OR b.terms = 'none' THEN 'not_required'
                    ELSE 'unpaid'
                END AS said
            FROM order_balances b
            LEFT JOIN (
                SELECT order_id, SUM(CASE WHEN status = 'authorised' THEN authorised ELSE 0 END) AS authorised,
                    SUM(CASE WHEN status IN ('pending', 'requires_action', 'processing', 'authorised') THEN 1 ELSE 0 END)
                        AS open
                FROM payments GROUP BY order_id
            ) p ON p.order_id = b.order_id
        ) AS derived
        WHERE status <> said",
    ),
    (
        "at_most_one_open_payment_for_an_order",
        "SELECT order_id AS subject, CONCAT(COUNT(*), ' are open') AS detail FROM payments
        WHERE status IN ('pending', 'requires_action', 'processing', 'authorised')
        GROUP BY order_id HAVING COUNT(*) > 1
        UNION ALL
        SELECT id, CONCAT('is ', status, CASE WHEN open_order_id IS NULL THEN ', and keeps no other out'
            ELSE ', and keeps others out' END)
        FROM payments
        WHERE (status IN ('pending', 'requires_action', 'processing', 'authorised'))
            <> (COALESCE(open_order_id = order_id, 0))",
    ),
    (
        "no_operation_waits_for_more_than_a_day",
        "SELECT id AS subject, CONCAT(kind, ' is ', status, ' after ', attempts, ' attempts') AS detail
        FROM payment_operations
        WHERE status = 'unknown' OR (status = 'pending' AND created_at < {now} - 86400000000)",
    ),
    (
        "pending_reservations_are_the_sum_of_pending_operations",
        // In turn: captures and refunds under way; a refund that nobody carries out.
        "SELECT p.id AS subject,
            CONCAT('capture_pending ', p.capture_pending, ' of ', COALESCE(c.total, 0), ', refund_pending ',
                p.refund_pending, ' of ', COALESCE(r.total, 0)) AS detail
        FROM payments p
        LEFT JOIN (
            SELECT payment_id, SUM(amount) AS total FROM payment_operations
            WHERE kind = 'capture' AND status IN ('pending', 'unknown') GROUP BY payment_id
        ) c ON c.payment_id = p.id
        LEFT JOIN (
            SELECT payment_id, SUM(amount) AS total FROM refunds WHERE status = 'pending' GROUP BY payment_id
        ) r ON r.payment_id = p.id
        WHERE p.capture_pending <> COALESCE(c.total, 0) OR p.refund_pending <> COALESCE(r.total, 0)
        UNION ALL
        SELECT r.id, CONCAT('is ', r.status, ', and no operation carries it out')
        FROM refunds r
        WHERE r.origin = 'shop' AND NOT EXISTS (SELECT 1 FROM payment_operations o WHERE o.refund_id = r.id)",
    ),
    (
        "ledger_agrees_with_payments",
        // What each provider holds of an order: captured, less what it gave back, less what is disputed.
        "SELECT order_id AS subject, CONCAT(account, ': ', SUM(held), ' by the payments, ', SUM(booked), ' in the ledger')
            AS detail
        FROM (
            SELECT order_id, CONCAT('clearing:', provider) AS account, captured - disputed AS held, 0 AS booked
            FROM payments
            UNION ALL
            SELECT p.order_id, CONCAT('clearing:', p.provider), -r.amount, 0
            FROM refunds r JOIN payments p ON p.id = r.payment_id
            WHERE r.status = 'succeeded' AND r.origin <> 'outside'
            UNION ALL
            SELECT order_id, debit, 0, amount FROM ledger_transfers WHERE debit LIKE 'clearing:%'
            UNION ALL
            SELECT order_id, credit, 0, -amount FROM ledger_transfers WHERE credit LIKE 'clearing:%'
        ) AS moved
        GROUP BY order_id, account HAVING SUM(held) <> SUM(booked)",
    ),
    (
        "no_unpaid_order_is_past_its_time",
        "SELECT b.order_id AS subject, CONCAT('is ', o.status, ' and ', b.status) AS detail
        FROM order_balances b
        JOIN orders o ON o.id = b.order_id
        WHERE b.pay_by < {now} - 3600000000 AND b.status IN ('unpaid', 'pending')",
    ),
    (
        "cancelled_orders_hold_no_money",
        "SELECT o.id AS subject, CONCAT('holds ', p.held) AS detail
        FROM orders o
        JOIN (
            SELECT order_id, SUM(captured - refunded - refund_pending - disputed) AS held, COUNT(finding) AS findings
            FROM payments GROUP BY order_id
        ) p ON p.order_id = o.id
        WHERE o.status = 'cancelled' AND p.held > 0 AND p.findings = 0",
    ),
    (
        "no_order_keeps_more_than_it_owes",
        // What is disputed may be lost, so that it is not yet too much. Cancelled orders are the rule above.
        "SELECT o.id AS subject, CONCAT('holds ', p.held, ', owes ', b.total - b.cancelled) AS detail
        FROM orders o
        JOIN order_balances b ON b.order_id = o.id
        JOIN (
            SELECT order_id, SUM(captured - refunded - refund_pending - disputed) AS held, COUNT(finding) AS findings
            FROM payments GROUP BY order_id
        ) p ON p.order_id = o.id
        WHERE o.status <> 'cancelled' AND p.held > b.total - b.cancelled AND p.findings = 0",
    ),
    (
        "no_notice_was_given_up",
        // A notice has no id of its own: the subject is its payment, if the shop has it.
        "SELECT COALESCE(p.id, x'00000000000000000000000000000000') AS subject,
            CONCAT('notice ', n.event_id, ' of ', n.provider, ' about ', COALESCE(n.reference, 'nothing'), ': ',
                COALESCE(n.error, 'no reason')) AS detail
        FROM payment_notices n
        LEFT JOIN payments p ON p.provider_reference = n.reference AND p.provider = n.provider
        WHERE n.status = 'failed'",
    ),
    (
        "no_payment_of_another_order",
        // In turn: what settling has found; a payment that is not its order's; what belongs to no payment.
        "SELECT id AS subject, CONCAT('of ', provider, ' is about something else') AS detail FROM payments
        WHERE finding = 'payment_of_another_order'
        UNION ALL
        SELECT p.id, CASE WHEN o.id IS NULL THEN 'no such order' ELSE 'of another customer or currency' END
        FROM payments p
        LEFT JOIN orders o ON o.id = p.order_id
        WHERE o.id IS NULL OR o.customer_id <> p.customer_id OR o.currency <> p.currency
        UNION ALL
        SELECT r.id, 'refund of another order or currency, or of no payment'
        FROM refunds r
        LEFT JOIN payments p ON p.id = r.payment_id
        WHERE p.id IS NULL OR p.order_id <> r.order_id OR p.currency <> r.currency
        UNION ALL
        SELECT o.id, 'operation of no payment' FROM payment_operations o
        WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.id = o.payment_id)
        UNION ALL
        SELECT d.id, 'dispute of no payment' FROM disputes d
        WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.id = d.payment_id)
        UNION ALL
        SELECT r.payment_id, 'no such payment, and money was received for it' FROM payment_receipts r
        WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.id = r.payment_id)",
    ),
];
