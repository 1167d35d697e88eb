use crate::table::CreateTable;

// What the test provider knows. It is nobody's but the provider's own, as the books of a real one are elsewhere.
pub const TEST_PAYMENTS: CreateTable = CreateTable {
    migration: "m0124_test_payments",
    table: "test_payments",
    clustered: true,
    definition: "
        reference {text(64)} NOT NULL,
        payment_id {id} NOT NULL,
        order_id {id} NOT NULL,
        currency {text(3)} NOT NULL,
        amount {int} NOT NULL,
        capture {text(16)} NOT NULL,
        script {text(32)} NOT NULL,
        journal {long_text} NOT NULL,
        created_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (reference)
    ",
};
