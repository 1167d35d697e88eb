//! The adjustments of orders as rows, which older orders have.

/// Selects the adjustments in the lists of orders, with the columns of `order_adjustments`.
pub fn listed_adjustments(is_remote: bool) -> &'static str {
    if is_remote {
        "SELECT s.id AS order_id, j.no, j.kind, j.share, j.line_no, j.code, j.label, j.amount, j.base, j.net, j.rate_ppm,
            j.treatment, j.included, UNHEX(REPLACE(j.promotion_id, '-', '')) AS promotion_id
        FROM orders s, JSON_TABLE(COALESCE(s.adjustment_list, '[]'), '$[*]' COLUMNS (
            no FOR ORDINALITY, kind VARCHAR(10) PATH '$.kind', share VARCHAR(8) PATH '$.share',
            line_no BIGINT PATH '$.line_no', code VARCHAR(64) PATH '$.code', label VARCHAR(200) PATH '$.label',
            amount BIGINT PATH '$.amount', base BIGINT PATH '$.base', net BIGINT PATH '$.net',
            rate_ppm BIGINT PATH '$.rate_ppm', treatment VARCHAR(16) PATH '$.treatment',
            included BIGINT PATH '$.included', promotion_id VARCHAR(36) PATH '$.promotion_id'
        )) j"
    } else {
        "SELECT s.id AS order_id, j.key + 1 AS no, j.value ->> 'kind' AS kind, j.value ->> 'share' AS share,
            j.value ->> 'line_no' AS line_no, j.value ->> 'code' AS code, j.value ->> 'label' AS label,
            j.value ->> 'amount' AS amount, j.value ->> 'base' AS base, j.value ->> 'net' AS net,
            j.value ->> 'rate_ppm' AS rate_ppm, j.value ->> 'treatment' AS treatment,
            j.value ->> 'included' AS included, unhex(replace(j.value ->> 'promotion_id', '-', '')) AS promotion_id
        FROM orders s, json_each(s.adjustment_list) j"
    }
}

/// The statements that make of orders what servers of previous versions wrote: rows of adjustments, and lines that do
/// not say what was taken off them. `which` is a condition of `orders`.
pub fn with_rows_of_adjustments(is_remote: bool, which: &str) -> [String; 3] {
    let ids = format!("(SELECT id FROM orders WHERE {which})");
    [
        format!("INSERT INTO order_adjustments {} WHERE s.id IN {ids}", listed_adjustments(is_remote)),
        format!("UPDATE order_lines SET discount = NULL WHERE order_id IN {ids}"),
        format!("UPDATE orders SET adjustment_list = NULL WHERE {which}"),
    ]
}
