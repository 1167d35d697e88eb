use crate::column::AddColumn;
use crate::emails::EmailKeysInAscii;
use crate::index::CreateIndex;
use crate::table::CreateTable;

pub const CUSTOMERS: CreateTable = CreateTable {
    migration: "m0001_customers",
    table: "customers",
    clustered: false,
    // `email_key` is the form in which addresses are compared.
    definition: "
        id {id} NOT NULL,
        name {text(200)} NOT NULL,
        email {text(254)} NOT NULL,
        email_key {text(254)} NOT NULL,
        phone {text(16)} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT customers_email_unique UNIQUE (email_key)
    ",
};

// The words of name and address, by which customers are found.
pub const CUSTOMER_WORDS: CreateTable = CreateTable {
    migration: "m0038_customer_words",
    table: "customer_words",
    clustered: true,
    definition: "
        customer_id {id} NOT NULL,
        word {text(64)} NOT NULL,
        PRIMARY KEY (customer_id, word)
    ",
};

pub const CUSTOMER_WORDS_BY_WORD: CreateIndex = CreateIndex {
    migration: "m0039_customer_words_by_word",
    index: "customer_words_by_word",
    table: "customer_words",
    columns: "word, customer_id",
};

pub const EMAIL_KEYS_IN_ASCII: EmailKeysInAscii = EmailKeysInAscii { migration: "m0052_email_keys_in_ascii" };

// As that of products.
pub const CUSTOMERS_NAME_KEY: AddColumn = AddColumn {
    migration: "m0060_customers_name_key",
    table: "customers",
    column: "name_key",
    definition: "{text(200)} NULL",
};

pub const CUSTOMERS_BY_NAME_KEY: CreateIndex = CreateIndex {
    migration: "m0061_customers_by_name_key",
    index: "customers_by_name_key",
    table: "customers",
    columns: "name_key, id",
};

// For what was changed after some time, in order of the last change.
pub const CUSTOMERS_BY_CHANGE: CreateIndex = CreateIndex {
    migration: "m0064_customers_by_change",
    index: "customers_by_change",
    table: "customers",
    columns: "updated_at, id",
};

// Why the customer owes no tax.
pub const CUSTOMERS_TAX_EXEMPT: AddColumn = AddColumn {
    migration: "m0078_customers_tax_exempt",
    table: "customers",
    column: "tax_exempt",
    definition: "{text(16)} NULL",
};
