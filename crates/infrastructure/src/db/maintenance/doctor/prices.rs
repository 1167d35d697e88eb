//! What orders cost, and the promotions that they use.

use sea_orm::DbBackend;

use super::Rule;

/// The adjustments of all orders, as a table: those of lists, and the rows of older orders. A list that is no JSON has
/// none.
pub(super) const fn adjustments(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => {
            "(SELECT order_id, no, kind, share, line_no, amount, base, net, included FROM order_adjustments
            UNION ALL
            SELECT s.id, j.key + 1, j.value ->> 'kind', j.value ->> 'share', j.value ->> 'line_no', j.value ->> 'amount',
                j.value ->> 'base', j.value ->> 'net', j.value ->> 'included'
            FROM orders s, json_each(CASE WHEN json_valid(s.adjustment_list) THEN s.adjustment_list END) j)"
        }
        _ => {
            "(SELECT order_id, no, kind, share, line_no, amount, base, net, included FROM order_adjustments
            UNION ALL
            SELECT s.id, j.no, CONVERT(j.kind USING utf8mb4) COLLATE utf8mb4_bin,
                CONVERT(j.share USING utf8mb4) COLLATE utf8mb4_bin, j.line_no, j.amount, j.base, j.net, j.included
            FROM orders s, JSON_TABLE(
                CASE WHEN JSON_VALID(s.adjustment_list) THEN s.adjustment_list ELSE '[]' END, '$[*]' COLUMNS (
                    no FOR ORDINALITY, kind VARCHAR(10) PATH '$.kind', share VARCHAR(8) PATH '$.share',
                    line_no BIGINT PATH '$.line_no', amount BIGINT PATH '$.amount', base BIGINT PATH '$.base',
                    net BIGINT PATH '$.net', included BIGINT PATH '$.included'
                )
            ) j)"
        }
    }
}

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 4] = [
    (
        "the_total_of_an_order_is_the_sum_of_its_lines",
        // And of its adjustments. A tax that prices include is in the lines already.
        "SELECT o.id AS subject,
            CONCAT('total ', o.total, ', lines ', COALESCE(l.total, 0), ', adjustments ', COALESCE(a.total, 0)) AS detail
        FROM orders o
        LEFT JOIN (SELECT order_id, SUM(line_total) AS total FROM order_lines GROUP BY order_id) l
            ON l.order_id = o.id
        LEFT JOIN (
            SELECT order_id, SUM(CASE WHEN kind = 'tax' AND included = 1 THEN 0 ELSE amount END) AS total
            FROM {adjustments} x GROUP BY order_id
        ) a ON a.order_id = o.id
        WHERE o.total <> COALESCE(l.total, 0) + COALESCE(a.total, 0)",
    ),
    (
        "adjustments_explain_lines_and_order",
        // In turn: all are there; each has what it belongs to; those of a line; those of shipping. `kept` is what
        // discounts and exemptions leave, `inside` the taxes in it. Shares of shipping with other rates have other
        // bases, and two may have the same.
        "SELECT o.id AS subject,
            CONCAT('counts ', o.adjustments, ' adjustments, lists ', COALESCE(a.listed, 0), ', the last is ',
                COALESCE(a.last_no, 0), ', taxes are included in ', COALESCE(a.ways, 0), ' ways') AS detail
        FROM orders o
        LEFT JOIN (
            SELECT order_id, COUNT(*) AS listed, MAX(no) AS last_no,
                COUNT(DISTINCT CASE WHEN kind = 'tax' THEN included END) AS ways
            FROM {adjustments} x GROUP BY order_id
        ) a ON a.order_id = o.id
        WHERE o.adjustments <> COALESCE(a.listed, 0) OR a.last_no <> a.listed OR a.ways > 1
        UNION ALL
        SELECT a.order_id, CONCAT('adjustment ', a.no, ': ', a.kind, ' of ', a.share,
            CASE WHEN a.line_no IS NULL THEN '' ELSE CONCAT(' ', a.line_no) END,
            CASE WHEN o.id IS NULL THEN ', and no such order'
                WHEN a.sign < 0 THEN CONCAT(', of the wrong sign: ', a.amount)
                ELSE ', which is nothing of the order' END)
        FROM (
            SELECT order_id, no, kind, share, line_no, amount,
                CASE kind WHEN 'rounding' THEN 0 WHEN 'shipping' THEN amount WHEN 'tax' THEN amount ELSE -amount END AS sign
            FROM {adjustments} x
        ) a
        LEFT JOIN orders o ON o.id = a.order_id
        LEFT JOIN order_lines l ON l.order_id = a.order_id AND l.line_no = a.line_no
        WHERE o.id IS NULL OR a.sign < 0
            OR (a.share = 'line') <> (l.line_no IS NOT NULL)
            OR (a.kind = 'rounding') <> (a.share = 'order')
            OR (a.kind = 'shipping' AND a.share <> 'shipping')
        UNION ALL
        SELECT l.order_id, CONCAT('line ', l.line_no, ': ', l.line_total + a.taken, ' is left of ', l.line_total,
            ', taxes in it ', a.inside, ', their base ', COALESCE(a.least_base, 0), ', net ', COALESCE(a.least_net, 0),
            ', discount ', COALESCE(l.discount, a.discount), ' of ', a.discount)
        FROM order_lines l
        JOIN (
            SELECT order_id, line_no,
                SUM(CASE WHEN kind IN ('discount', 'exemption') THEN amount ELSE 0 END) AS taken,
                SUM(CASE WHEN kind = 'discount' THEN -amount ELSE 0 END) AS discount,
                SUM(CASE WHEN kind = 'tax' AND included = 1 THEN amount ELSE 0 END) AS inside,
                SUM(CASE WHEN kind = 'tax' AND (base IS NULL OR net IS NULL) THEN 1 ELSE 0 END) AS baseless,
                MIN(CASE WHEN kind = 'tax' THEN base END) AS least_base,
                MAX(CASE WHEN kind = 'tax' THEN base END) AS most_base,
                MIN(CASE WHEN kind = 'tax' THEN net END) AS least_net,
                MAX(CASE WHEN kind = 'tax' THEN net END) AS most_net
            FROM {adjustments} x WHERE share = 'line' GROUP BY order_id, line_no
        ) a ON a.order_id = l.order_id AND a.line_no = l.line_no
        WHERE l.line_total + a.taken < a.inside OR l.line_total + a.taken < 0 OR a.baseless > 0
            OR a.least_base <> l.line_total + a.taken OR a.most_base <> a.least_base
            OR a.least_net <> l.line_total + a.taken - a.inside OR a.most_net <> a.least_net
            OR l.discount <> a.discount
        UNION ALL
        SELECT order_id, CONCAT('shipping: ', kept, ' is left of it, taxes in it ', inside, ', their bases ',
            COALESCE(bases, 0), ', of wrong base or net ', baseless)
        FROM (
            SELECT order_id,
                SUM(CASE WHEN kind = 'tax' THEN 0 ELSE amount END) AS kept,
                SUM(CASE WHEN kind = 'tax' AND included = 1 THEN amount ELSE 0 END) AS inside,
                SUM(DISTINCT CASE WHEN kind = 'tax' THEN base END) AS bases,
                SUM(CASE WHEN kind <> 'tax' THEN 0
                    WHEN base IS NULL OR net IS NULL OR net < 0 OR net + included * amount > base
                        OR (included = 0 AND net <> base) THEN 1
                    ELSE 0 END) AS baseless
            FROM {adjustments} x WHERE share = 'shipping' GROUP BY order_id
        ) AS shipping
        WHERE kept < 0 OR inside > kept OR bases > kept OR baseless > 0",
    ),
    (
        "promotion_uses_are_its_redemptions",
        // In turn: of a promotion; of a code, where one that was added again is a new one; of a customer, and that all
        // are counted of a customer.
        r#"SELECT p.id AS subject, CONCAT('used ', p.used, ', redeemed ', COALESCE(r.times, 0)) AS detail
        FROM promotions p
        LEFT JOIN (
            SELECT promotion_id, COUNT(*) AS times FROM promotion_redemptions
            WHERE released_at IS NULL GROUP BY promotion_id
        ) r ON r.promotion_id = p.id
        WHERE p.usage_limit IS NOT NULL AND p.used <> COALESCE(r.times, 0)
        UNION ALL
        SELECT c.promotion_id, CONCAT('code ', c.code, ': used ', c.used, ', redeemed ', COALESCE(r.times, 0))
        FROM coupon_codes c
        LEFT JOIN (
            SELECT d.code_key, COUNT(*) AS times
            FROM coupon_codes d
            JOIN promotion_redemptions e ON e.promotion_id = d.promotion_id AND e.code_key = d.code_key
            WHERE d.usage_limit IS NOT NULL AND e.released_at IS NULL AND e.at >= d.created_at
            GROUP BY d.code_key
        ) r ON r.code_key = c.code_key
        WHERE c.usage_limit IS NOT NULL AND c.used <> COALESCE(r.times, 0)
        UNION ALL
        SELECT u.promotion_id, CONCAT('used ', u.used, ' by a customer, redeemed ', COALESCE(r.times, 0))
        FROM promotion_uses u
        LEFT JOIN (
            SELECT promotion_id, who, COUNT(*) AS times
            FROM (
                SELECT promotion_id, who_customer AS who FROM promotion_redemptions
                WHERE released_at IS NULL AND who_customer IS NOT NULL
                UNION ALL
                SELECT promotion_id, who_email FROM promotion_redemptions
                WHERE released_at IS NULL AND who_email IS NOT NULL
            ) AS held
            GROUP BY promotion_id, who
        ) r ON r.promotion_id = u.promotion_id AND r.who = u.who
        WHERE u.used <> COALESCE(r.times, 0)
        UNION ALL
        SELECT DISTINCT r.promotion_id, 'redeemed by a customer, and not counted'
        FROM promotions p
        JOIN promotion_redemptions r ON r.promotion_id = p.id
        LEFT JOIN promotion_uses u ON u.promotion_id = r.promotion_id AND u.who = r.who_customer
        WHERE (p.per_customer_limit IS NOT NULL OR p.conditions LIKE '%"first_order":true%')
            AND r.released_at IS NULL AND r.who_customer IS NOT NULL AND u.who IS NULL"#,
    ),
    (
        "no_redemption_of_a_cancelled_order_is_held",
        "SELECT DISTINCT r.order_id AS subject, 'cancelled, and still uses a promotion' AS detail
        FROM orders o
        JOIN promotion_redemptions r ON r.order_id = o.id
        WHERE o.status = 'cancelled' AND r.released_at IS NULL",
    ),
];
