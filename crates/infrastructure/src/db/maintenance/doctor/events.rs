//! The feed of events.

use super::Rule;

/// The rules, as those of the module above.
pub(super) const RULES: [Rule; 2] = [
    (
        "positions_have_no_gap",
        "SELECT id AS subject, CONCAT('position ', position, ' comes after ', was) AS detail
        FROM (SELECT id, position, LAG(position) OVER (ORDER BY position) AS was FROM events) AS numbered
        WHERE position <> was + 1",
    ),
    (
        "the_next_position_follows_the_last",
        "SELECT e.id AS subject, CONCAT('position ', e.position, ' is the last, and the next is ', p.next) AS detail
        FROM events e CROSS JOIN event_positions p
        WHERE e.position = (SELECT MAX(position) FROM events) AND p.next <> e.position + 1",
    ),
];
