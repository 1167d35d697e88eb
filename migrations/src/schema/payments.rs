//! Payments. What belongs to a payment or an order does not point there: neither is ever deleted, and MySQL would use an
//! index of these tables for that, and not let go of it when the index is taken away.

use crate::column::AddColumn;
use crate::index::CreateIndex;
use crate::table::CreateTable;

// What an order owes. Whoever changes the money of an order locks its row, which orders without payments do not have.
pub const ORDER_BALANCES: CreateTable = CreateTable {
    migration: "m0100_order_balances",
    table: "order_balances",
    clustered: true,
    definition: "
        order_id {id} NOT NULL,
        customer_id {id} NOT NULL,
        terms {text(12)} NOT NULL,
        status {text(20)} NOT NULL,
        pay_by {int} NULL,
        total {int} NOT NULL,
        cancelled {int} NOT NULL,
        authorised {int} NOT NULL,
        captured {int} NOT NULL,
        refunded {int} NOT NULL,
        disputed {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (order_id),
        CONSTRAINT order_balances_total_in_bounds CHECK (total >= 0 AND cancelled >= 0 AND cancelled <= total),
        CONSTRAINT order_balances_sums_in_bounds CHECK (
            authorised >= 0 AND captured >= 0 AND refunded >= 0 AND disputed >= 0
        )
    ",
};

// For lists by status.
pub const ORDER_BALANCES_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0101_order_balances_by_status",
    index: "order_balances_by_status",
    table: "order_balances",
    columns: "status, order_id",
};

// For orders that are not paid in time. `pay_by` is NULL as soon as nothing is awaited.
pub const ORDER_BALANCES_BY_END: CreateIndex = CreateIndex {
    migration: "m0102_order_balances_by_end",
    index: "order_balances_by_end",
    table: "order_balances",
    columns: "pay_by, order_id",
};

// For the orders that a customer has not paid.
pub const ORDER_BALANCES_BY_CUSTOMER: CreateIndex = CreateIndex {
    migration: "m0103_order_balances_by_customer",
    index: "order_balances_by_customer",
    table: "order_balances",
    columns: "customer_id, status",
};

pub const PAYMENTS: CreateTable = CreateTable {
    migration: "m0104_payments",
    table: "payments",
    clustered: false,
    // `open_order_id` is the order while the payment is open and NULL afterwards, so that the unique key lets an order
    // have one open payment and any number of others. What a provider says must always fit in, so that the checks ask
    // for no more than they do.
    definition: "
        id {id} NOT NULL,
        order_id {id} NOT NULL,
        customer_id {id} NOT NULL,
        provider {text(32)} NOT NULL,
        kind {text(16)} NOT NULL,
        provider_reference {text(255)} NULL,
        status {text(16)} NOT NULL,
        open_order_id {id} NULL,
        capture {text(10)} NOT NULL,
        method {text(64)} NULL,
        return_url {text(2000)} NULL,
        method_label {text(100)} NULL,
        currency {text(3)} NOT NULL,
        amount {int} NOT NULL,
        authorised {int} NOT NULL,
        captured {int} NOT NULL,
        refunded {int} NOT NULL,
        capture_pending {int} NOT NULL,
        refund_pending {int} NOT NULL,
        disputed {int} NOT NULL,
        authorised_until {int} NULL,
        last_error_code {text(64)} NULL,
        last_error_text {text(500)} NULL,
        finding {text(32)} NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT payments_reference_unique UNIQUE (provider_reference, provider),
        CONSTRAINT payments_one_open UNIQUE (open_order_id),
        CONSTRAINT payments_amount_in_bounds CHECK (amount > 0),
        CONSTRAINT payments_counters_in_bounds CHECK (
            authorised >= 0 AND captured >= 0 AND refunded >= 0 AND capture_pending >= 0 AND refund_pending >= 0
            AND disputed >= 0 AND captured <= authorised AND refunded <= captured
        )
    ",
};

pub const PAYMENTS_BY_ORDER: CreateIndex = CreateIndex {
    migration: "m0105_payments_by_order",
    index: "payments_by_order",
    table: "payments",
    columns: "order_id, id",
};

// For lists by status, and for those that are open.
pub const PAYMENTS_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0106_payments_by_status",
    index: "payments_by_status",
    table: "payments",
    columns: "status, id",
};

pub const PAYMENTS_BY_TIME: CreateIndex = CreateIndex {
    migration: "m0107_payments_by_time",
    index: "payments_by_time",
    table: "payments",
    columns: "created_at, id",
};

pub const PAYMENTS_BY_FINDING: CreateIndex = CreateIndex {
    migration: "m0108_payments_by_finding",
    index: "payments_by_finding",
    table: "payments",
    columns: "finding, id",
};

// For a customer who is erased.
pub const PAYMENTS_BY_CUSTOMER: CreateIndex = CreateIndex {
    migration: "m0109_payments_by_customer",
    index: "payments_by_customer",
    table: "payments",
    columns: "customer_id, id",
};

// What providers are asked to do. A row is written before the provider is called, and never deleted.
pub const PAYMENT_OPERATIONS: CreateTable = CreateTable {
    migration: "m0110_payment_operations",
    table: "payment_operations",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        payment_id {id} NOT NULL,
        refund_id {id} NULL,
        kind {text(10)} NOT NULL,
        amount {int} NULL,
        generation {int} NOT NULL,
        key_since {int} NOT NULL,
        status {text(10)} NOT NULL,
        attempts {int} NOT NULL,
        next_at {int} NULL,
        lease_holder {id} NULL,
        lease_until {int} NULL,
        requested_by {id} NULL,
        error_code {text(64)} NULL,
        error_text {text(500)} NULL,
        created_at {int} NOT NULL,
        finished_at {int} NULL,
        PRIMARY KEY (id),
        CONSTRAINT payment_operations_amount_in_bounds CHECK (amount IS NULL OR amount > 0),
        CONSTRAINT payment_operations_generation_in_bounds CHECK (generation BETWEEN 1 AND 9)
    ",
};

pub const PAYMENT_OPERATIONS_BY_PAYMENT: CreateIndex = CreateIndex {
    migration: "m0111_payment_operations_by_payment",
    index: "payment_operations_by_payment",
    table: "payment_operations",
    columns: "payment_id, id",
};

// For those that are due.
pub const PAYMENT_OPERATIONS_BY_TURN: CreateIndex = CreateIndex {
    migration: "m0112_payment_operations_by_turn",
    index: "payment_operations_by_turn",
    table: "payment_operations",
    columns: "status, next_at, id",
};

pub const REFUNDS: CreateTable = CreateTable {
    migration: "m0113_refunds",
    table: "refunds",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        order_id {id} NOT NULL,
        payment_id {id} NOT NULL,
        amount {int} NOT NULL,
        currency {text(3)} NOT NULL,
        reason {text(32)} NOT NULL,
        note {text(500)} NULL,
        status {text(10)} NOT NULL,
        origin {text(8)} NOT NULL,
        provider_reference {text(255)} NULL,
        requested_by {id} NULL,
        created_at {int} NOT NULL,
        finished_at {int} NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT refunds_reference_unique UNIQUE (payment_id, provider_reference),
        CONSTRAINT refunds_amount_in_bounds CHECK (amount > 0)
    ",
};

pub const REFUNDS_BY_ORDER: CreateIndex = CreateIndex {
    migration: "m0114_refunds_by_order",
    index: "refunds_by_order",
    table: "refunds",
    columns: "order_id, id",
};

pub const DISPUTES: CreateTable = CreateTable {
    migration: "m0115_disputes",
    table: "disputes",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        payment_id {id} NOT NULL,
        provider_reference {text(255)} NOT NULL,
        amount {int} NOT NULL,
        reason {text(64)} NOT NULL,
        status {text(16)} NOT NULL,
        due_by {int} NULL,
        opened_at {int} NOT NULL,
        closed_at {int} NULL,
        PRIMARY KEY (id),
        CONSTRAINT disputes_reference_unique UNIQUE (payment_id, provider_reference),
        CONSTRAINT disputes_amount_in_bounds CHECK (amount > 0)
    ",
};

// Money that an administrator found, such as a line of a bank statement, which counts once. `received_on` is a date,
// YYYY-MM-DD.
pub const PAYMENT_RECEIPTS: CreateTable = CreateTable {
    migration: "m0116_payment_receipts",
    table: "payment_receipts",
    clustered: true,
    definition: "
        provider {text(32)} NOT NULL,
        reference {text(255)} NOT NULL,
        payment_id {id} NOT NULL,
        amount {int} NOT NULL,
        received_on {text(10)} NOT NULL,
        recorded_at {int} NOT NULL,
        PRIMARY KEY (provider, reference),
        CONSTRAINT payment_receipts_amount_in_bounds CHECK (amount > 0)
    ",
};

pub const PAYMENT_RECEIPTS_BY_PAYMENT: CreateIndex = CreateIndex {
    migration: "m0117_payment_receipts_by_payment",
    index: "payment_receipts_by_payment",
    table: "payment_receipts",
    columns: "payment_id",
};

// Hints of providers that something happened. The provider is asked what, so that no body is kept.
pub const PAYMENT_NOTICES: CreateTable = CreateTable {
    migration: "m0118_payment_notices",
    table: "payment_notices",
    clustered: true,
    definition: "
        provider {text(32)} NOT NULL,
        event_id {text(255)} NOT NULL,
        kind {text(64)} NOT NULL,
        reference {text(255)} NULL,
        received_at {int} NOT NULL,
        status {text(10)} NOT NULL,
        attempts {int} NOT NULL,
        next_at {int} NULL,
        error {text(500)} NULL,
        PRIMARY KEY (provider, event_id)
    ",
};

// For those that are due, and for counting.
pub const PAYMENT_NOTICES_BY_TURN: CreateIndex = CreateIndex {
    migration: "m0119_payment_notices_by_turn",
    index: "payment_notices_by_turn",
    table: "payment_notices",
    columns: "status, next_at",
};

// For those that are old.
pub const PAYMENT_NOTICES_BY_AGE: CreateIndex = CreateIndex {
    migration: "m0120_payment_notices_by_age",
    index: "payment_notices_by_age",
    table: "payment_notices",
    columns: "received_at",
};

// Money that moved, from one account to another in one row, which cannot be out of balance. Rows are only added.
pub const LEDGER_TRANSFERS: CreateTable = CreateTable {
    migration: "m0121_ledger_transfers",
    table: "ledger_transfers",
    clustered: true,
    definition: "
        id {id} NOT NULL,
        at {int} NOT NULL,
        order_id {id} NULL,
        debit {text(40)} NOT NULL,
        credit {text(40)} NOT NULL,
        amount {int} NOT NULL,
        currency {text(3)} NOT NULL,
        cause {text(16)} NOT NULL,
        cause_id {id} NOT NULL,
        part {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT ledger_transfers_cause_unique UNIQUE (cause, cause_id, part),
        CONSTRAINT ledger_transfers_amount_in_bounds CHECK (amount > 0),
        CONSTRAINT ledger_transfers_move CHECK (debit <> credit)
    ",
};

pub const LEDGER_TRANSFERS_BY_ORDER: CreateIndex = CreateIndex {
    migration: "m0122_ledger_transfers_by_order",
    index: "ledger_transfers_by_order",
    table: "ledger_transfers",
    columns: "order_id, id",
};

pub const LEDGER_TRANSFERS_BY_TIME: CreateIndex = CreateIndex {
    migration: "m0123_ledger_transfers_by_time",
    index: "ledger_transfers_by_time",
    table: "ledger_transfers",
    columns: "at, id",
};

// The end of a hold that was announced, so that it is announced once.
pub const PAYMENTS_EXPIRY_ANNOUNCED: AddColumn = AddColumn {
    migration: "m0137_payments_expiry_announced",
    table: "payments",
    column: "expiry_announced",
    definition: "{int} NULL",
};

// For reports: what went back within a time.
pub const REFUNDS_BY_END: CreateIndex = CreateIndex {
    migration: "m0198_refunds_by_end",
    index: "refunds_by_end",
    table: "refunds",
    columns: "status, finished_at, id",
};
