use actix_web::http::StatusCode;

/// A kind of problem: its status, the last part of its `type`, and its title. The `type` is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) status: StatusCode,
    pub(crate) slug: &'static str,
    pub(crate) title: &'static str,
}

impl Kind {
    /// What can be wrong with a body that is a file.
    pub(crate) const OF_UPLOADS: [Self; 5] =
        [Self::MALFORMED, Self::BODY_TIMEOUT, Self::TOO_LARGE, Self::UNSUPPORTED, Self::BUSY];

    /// The `type` of its problem documents.
    pub(crate) fn uri(self) -> String {
        format!("/problems/{}", self.slug)
    }
}

macro_rules! kinds {
    ($($name:ident = $status:ident, $slug:literal, $title:literal;)*) => {
        impl Kind {
            $(pub(crate) const $name: Self = Self { status: StatusCode::$status, slug: $slug, title: $title };)*
            /// Every kind, in this order in the API document.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

kinds! {
    MALFORMED = BAD_REQUEST, "malformed-request", "The request is malformed";
    MALFORMED_JSON = BAD_REQUEST, "malformed-json", "The body is not JSON";
    BAD_QUERY = BAD_REQUEST, "bad-query", "The query string is not valid";
    BAD_HEADER = BAD_REQUEST, "bad-header", "A header is not valid";
    UNAUTHENTICATED = UNAUTHORIZED, "unauthenticated", "Not logged in";
    FORBIDDEN = FORBIDDEN, "forbidden", "Not allowed";
    EMAIL_UNVERIFIED = FORBIDDEN, "email-not-verified", "The email address is not verified";
    REGISTRATION_CLOSED = FORBIDDEN, "registration-closed", "Registration is closed";
    NOT_FOUND = NOT_FOUND, "not-found", "Not found";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed";
    BODY_TIMEOUT = REQUEST_TIMEOUT, "request-timeout", "The request took too long to arrive";
    CONFLICT = CONFLICT, "conflict", "The state does not allow it";
    DUPLICATE = CONFLICT, "duplicate", "Already taken";
    LINES = CONFLICT, "lines-not-orderable", "Some lines cannot be ordered";
    CART_EMPTY = CONFLICT, "cart-empty", "The cart is empty";
    CART_LINE_FULL = CONFLICT, "cart-line-full", "The line is full";
    CART_FULL = CONFLICT, "cart-full", "The cart is full";
    STOCK_BOUNDS = CONFLICT, "insufficient-stock", "Stock would leave its bounds";
    STILL_RUNNING = CONFLICT, "still-running", "The first request still runs";
    ORDER_STEP = CONFLICT, "order-step-not-allowed", "The order does not allow this step";
    NOT_SHIPPED = CONFLICT, "order-not-shipped", "The order is not on its way";
    ORDER_FIXED = CONFLICT, "order-not-editable", "The order does not change any more";
    ADDRESS_CHANGES_PRICE = CONFLICT, "address-changes-price", "The order would cost something else there";
    RESTOCK_CLOSED = CONFLICT, "restock-closed", "The restock is not open any more";
    IN_USE = CONFLICT, "in-use", "Something uses it";
    DUPLICATE_COMBINATION = CONFLICT, "duplicate-combination", "Two products of the group would have the same terms";
    CYCLE = CONFLICT, "cycle", "The tree would have a circle";
    TOO_MANY_THERE = CONFLICT, "too-many", "The limit is reached";
    IMPORT_STEP = CONFLICT, "import-step-not-allowed", "The import does not allow this step";
    PROMOTION_STEP = CONFLICT, "promotion-step-not-allowed", "The promotion does not allow this step";
    PROMOTION_FIXED = CONFLICT, "promotion-not-changeable", "The promotion does not allow this change";
    LIMIT_BELOW_USES = CONFLICT, "limit-below-uses", "The limit is below what was used";
    TAX_RATE_HELD = CONFLICT, "tax-rate-held", "The tax rate is already in force";
    LAST_ADMIN = CONFLICT, "last-administrator", "The shop needs an administrator";
    NO_CUSTOMER = CONFLICT, "no-customer", "The account has no customer";
    SHIPPING_UNAVAILABLE = CONFLICT, "shipping-unavailable", "This shipping method is not available";
    COUPON_EXHAUSTED = CONFLICT, "coupon-exhausted", "No use of a code is left";
    TOTALS_CHANGED = CONFLICT, "totals-changed", "It costs something else now";
    PAYMENT_REQUIRED = CONFLICT, "payment-required", "The order is not paid";
    UNPAID_ORDERS = CONFLICT, "too-many-unpaid-orders", "Too many orders are unpaid";
    ORDER_EXPIRED = CONFLICT, "order-expired", "The time to pay is over";
    NOTHING_DUE = CONFLICT, "nothing-due", "Nothing is due";
    PAYMENT_IN_PROGRESS = CONFLICT, "payment-in-progress", "Another payment is open";
    NOT_CAPTURABLE = CONFLICT, "not-capturable", "It cannot be captured";
    NOT_VOIDABLE = CONFLICT, "not-voidable", "The payment cannot be voided";
    NOT_REFUNDABLE = CONFLICT, "not-refundable", "It cannot be refunded";
    NOT_RECEIVABLE = CONFLICT, "not-receivable", "This payment is not recorded by hand";
    NO_SECRETS_KEY = CONFLICT, "no-secrets-key", "The shop has no key for secrets";
    NO_MAIL = CONFLICT, "no-mail", "The shop sends no mail";
    ENDPOINT_STILL = CONFLICT, "endpoint-not-active", "The endpoint is not active";
    OPERATION_KNOWN = CONFLICT, "operation-known", "The outcome is already recorded";
    IMPORT_ROWS_GONE = GONE, "import-rows-gone", "The rows of this import are not kept any more";
    EVENTS_AHEAD = GONE, "events-ahead", "The feed does not reach as far";
    EVENTS_GONE = GONE, "events-gone", "These events are not kept any more";
    STALE = PRECONDITION_FAILED, "stale-version", "It has changed since you read it";
    TOO_LARGE = PAYLOAD_TOO_LARGE, "body-too-large", "The body is too large";
    URI_TOO_LONG = URI_TOO_LONG, "uri-too-long", "The address is too long";
    PICTURE_TYPE = UNSUPPORTED_MEDIA_TYPE, "no-picture", "The body is no picture";
    UNSUPPORTED = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body is in a form that is not understood";
    PICTURE = UNPROCESSABLE_ENTITY, "picture-refused", "The picture is not taken";
    INVALID = UNPROCESSABLE_ENTITY, "invalid-fields", "Some fields are not valid";
    BATCH_REFUSED = UNPROCESSABLE_ENTITY, "batch-refused", "Some changes are refused, so none is done";
    TOKEN_INVALID = UNPROCESSABLE_ENTITY, "token-invalid", "The token is not valid";
    COUPON_INVALID = UNPROCESSABLE_ENTITY, "coupon-invalid", "A code does not apply";
    NO_TAX_RATE = UNPROCESSABLE_ENTITY, "no-tax-rate", "No tax rate is known";
    AMOUNT_BELOW_MINIMUM = UNPROCESSABLE_ENTITY, "amount-below-minimum", "The amount is too small";
    AMOUNT_NOT_CHARGEABLE = UNPROCESSABLE_ENTITY, "amount-not-chargeable", "The provider cannot charge this amount";
    KEY_REUSED = UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The idempotency key is taken";
    TOO_MANY = TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts";
    RATE_LIMITED = TOO_MANY_REQUESTS, "rate-limited", "Too many requests";
    BUSY = TOO_MANY_REQUESTS, "too-busy", "Too busy";
    HEADERS_TOO_LARGE = REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large", "The headers are too large";
    INTERNAL = INTERNAL_SERVER_ERROR, "internal", "Something went wrong";
    UNAVAILABLE = SERVICE_UNAVAILABLE, "unavailable", "Not available";
    NO_MEDIA_STORE = SERVICE_UNAVAILABLE, "no-media-store", "The shop has no place for pictures";
    MEDIA_STORE = SERVICE_UNAVAILABLE, "media-store-failed", "The place of the pictures does not answer";
    STORAGE_FULL = SERVICE_UNAVAILABLE, "storage-full", "There is no room to store it";
    OUTCOME_UNKNOWN = SERVICE_UNAVAILABLE, "outcome-unknown", "The outcome is not known";
}
