use crate::index::CreateIndex;
use crate::table::CreateTable;

pub const PROMOTIONS: CreateTable = CreateTable {
    migration: "m0086_promotions",
    table: "promotions",
    clustered: false,
    // `words` are those of the name, with a blank before and after each. Conditions and targets are JSON; `combines` are
    // the names of classes with commas between them. `used` counts only under a limit.
    definition: "
        id {id} NOT NULL,
        name {text(200)} NOT NULL,
        words {long_text} NOT NULL,
        status {text(10)} NOT NULL,
        class {text(8)} NOT NULL,
        action {text(12)} NOT NULL,
        percent_ppm {int} NULL,
        amount {int} NULL,
        buy_units {int} NULL,
        get_units {int} NULL,
        max_times {int} NULL,
        conditions {long_text} NOT NULL,
        targets {long_text} NOT NULL,
        combines {text(24)} NOT NULL,
        code_needed {bool} NOT NULL,
        priority {int} NOT NULL,
        starts_at {int} NOT NULL,
        ends_at {int} NULL,
        usage_limit {int} NULL,
        per_customer_limit {int} NULL,
        used {int} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT promotions_used_in_bounds CHECK (used >= 0 AND (usage_limit IS NULL OR used <= usage_limit))
    ",
};

pub const PROMOTIONS_BY_STATUS: CreateIndex = CreateIndex {
    migration: "m0087_promotions_by_status",
    index: "promotions_by_status",
    table: "promotions",
    columns: "status, id",
};

// It does not point at promotions, which are never deleted: MySQL would use the index below for that, and not let go of it
// when the index is taken away.
pub const COUPON_CODES: CreateTable = CreateTable {
    migration: "m0088_coupon_codes",
    table: "coupon_codes",
    clustered: true,
    definition: "
        code_key {text(64)} NOT NULL,
        code {text(64)} NOT NULL,
        promotion_id {id} NOT NULL,
        customer_id {id} NULL,
        usage_limit {int} NULL,
        used {int} NOT NULL,
        created_at {int} NOT NULL,
        PRIMARY KEY (code_key),
        CONSTRAINT coupon_codes_used_in_bounds CHECK (used >= 0 AND (usage_limit IS NULL OR used <= usage_limit))
    ",
};

pub const COUPON_CODES_BY_PROMOTION: CreateIndex = CreateIndex {
    migration: "m0089_coupon_codes_by_promotion",
    index: "coupon_codes_by_promotion",
    table: "coupon_codes",
    columns: "promotion_id, code_key",
};

// For a customer who is erased.
pub const COUPON_CODES_BY_CUSTOMER: CreateIndex = CreateIndex {
    migration: "m0090_coupon_codes_by_customer",
    index: "coupon_codes_by_customer",
    table: "coupon_codes",
    columns: "customer_id",
};

// How often each customer uses a promotion that has a limit for it.
pub const PROMOTION_USES: CreateTable = CreateTable {
    migration: "m0091_promotion_uses",
    table: "promotion_uses",
    clustered: true,
    definition: "
        promotion_id {id} NOT NULL,
        who {hash} NOT NULL,
        used {int} NOT NULL,
        PRIMARY KEY (promotion_id, who),
        CONSTRAINT promotion_uses_used_in_bounds CHECK (used >= 0)
    ",
};

// It points neither at orders nor at promotions, so that an order locks no row that others need.
pub const PROMOTION_REDEMPTIONS: CreateTable = CreateTable {
    migration: "m0092_promotion_redemptions",
    table: "promotion_redemptions",
    clustered: true,
    definition: "
        order_id {id} NOT NULL,
        promotion_id {id} NOT NULL,
        code_key {text(64)} NULL,
        amount {int} NOT NULL,
        who_customer {hash} NULL,
        who_email {hash} NULL,
        at {int} NOT NULL,
        released_at {int} NULL,
        PRIMARY KEY (order_id, promotion_id)
    ",
};

// For counting the uses of what has no limit, by promotion and by code.
pub const PROMOTION_REDEMPTIONS_BY_PROMOTION: CreateIndex = CreateIndex {
    migration: "m0093_promotion_redemptions_by_promotion",
    index: "promotion_redemptions_by_promotion",
    table: "promotion_redemptions",
    columns: "promotion_id, code_key, released_at",
};
