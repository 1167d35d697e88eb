use crate::index::CreateIndex;
use crate::table::CreateTable;

// Mails that are queued. `occasion` is the event, or the day, of which a mail tells once. An address is only there until the
// mail is sent.
pub const MESSAGES: CreateTable = CreateTable {
    migration: "m0145_messages",
    table: "messages",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        template {text(32)} NOT NULL,
        occasion {id} NULL,
        subject_id {id} NOT NULL,
        customer_id {id} NULL,
        recipient {text(254)} NULL,
        recipient_key {text(254)} NULL,
        status {text(8)} NOT NULL,
        attempts {int} NOT NULL,
        next_at {int} NULL,
        lease_holder {id} NULL,
        lease_until {int} NULL,
        reply {text(200)} NULL,
        created_at {int} NOT NULL,
        done_at {int} NULL,
        PRIMARY KEY (id),
        CONSTRAINT messages_occasion_unique UNIQUE (occasion, template, subject_id)
    ",
};

pub const MESSAGES_BY_TURN: CreateIndex = CreateIndex {
    migration: "m0146_messages_by_turn",
    index: "messages_by_turn",
    table: "messages",
    columns: "status, next_at",
};

pub const MESSAGES_BY_END: CreateIndex =
    CreateIndex { migration: "m0147_messages_by_end", index: "messages_by_end", table: "messages", columns: "done_at" };

// For erasing a customer.
pub const MESSAGES_BY_CUSTOMER: CreateIndex = CreateIndex {
    migration: "m0148_messages_by_customer",
    index: "messages_by_customer",
    table: "messages",
    columns: "customer_id",
};

pub const MESSAGES_BY_RECIPIENT: CreateIndex = CreateIndex {
    migration: "m0149_messages_by_recipient",
    index: "messages_by_recipient",
    table: "messages",
    columns: "recipient_key",
};

// For the mails of an order, newest first.
pub const MESSAGES_BY_SUBJECT: CreateIndex = CreateIndex {
    migration: "m0208_messages_by_subject",
    index: "messages_by_subject",
    table: "messages",
    columns: "subject_id, id",
};

// Tokens that went out in mails. Only their hashes are kept.
pub const ONE_TIME_TOKENS: CreateTable = CreateTable {
    migration: "m0150_one_time_tokens",
    table: "one_time_tokens",
    clustered: true,
    definition: "
        hash {hash} NOT NULL,
        purpose {text(16)} NOT NULL,
        account_id {id} NOT NULL,
        email {text(254)} NULL,
        created_at {int} NOT NULL,
        expires_at {int} NOT NULL,
        used_at {int} NULL,
        PRIMARY KEY (hash)
    ",
};

pub const ONE_TIME_TOKENS_BY_ACCOUNT: CreateIndex = CreateIndex {
    migration: "m0151_one_time_tokens_by_account",
    index: "one_time_tokens_by_account",
    table: "one_time_tokens",
    columns: "account_id, purpose",
};

pub const ONE_TIME_TOKENS_BY_END: CreateIndex = CreateIndex {
    migration: "m0152_one_time_tokens_by_end",
    index: "one_time_tokens_by_end",
    table: "one_time_tokens",
    columns: "expires_at",
};

// The address that a customer has proved to be its own. If the customer has another one now, that one is not proved.
pub const VERIFIED_EMAILS: CreateTable = CreateTable {
    migration: "m0153_verified_emails",
    table: "verified_emails",
    clustered: true,
    definition: "
        customer_id {id} NOT NULL,
        email_key {text(254)} NOT NULL,
        verified_at {int} NOT NULL,
        PRIMARY KEY (customer_id)
    ",
};

// How far parts of the program have read the feed of events.
pub const FEED_READERS: CreateTable = CreateTable {
    migration: "m0154_feed_readers",
    table: "feed_readers",
    clustered: true,
    definition: "
        name {text(32)} NOT NULL,
        position {int} NOT NULL,
        PRIMARY KEY (name)
    ",
};
