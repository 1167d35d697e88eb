//! Endpoints of webhooks and their deliveries.

use super::Rule;

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 3] = [
    (
        "no_endpoint_is_ahead_of_the_feed",
        "SELECT e.id AS subject, CONCAT('it is at position ', e.position, ', and the next is ', p.next) AS detail
        FROM webhook_endpoints e CROSS JOIN event_positions p WHERE e.position >= p.next",
    ),
    (
        "the_tries_of_a_delivery_are_counted",
        "SELECT d.id AS subject, CONCAT('it was tried ', d.attempts, ' times, and ', COALESCE(t.kept, 0), ' are kept') AS detail
        FROM webhook_deliveries d
        LEFT JOIN (SELECT delivery_id, COUNT(*) AS kept FROM webhook_attempts GROUP BY delivery_id) AS t
            ON t.delivery_id = d.id
        WHERE d.attempts <> COALESCE(t.kept, 0)",
    ),
    (
        "a_delivery_waits_or_is_done",
        "SELECT id AS subject, CONCAT('it is ', status) AS detail FROM webhook_deliveries
        WHERE (status = 'pending') <> (next_at IS NOT NULL) OR (status = 'pending') <> (done_at IS NULL)",
    ),
];
