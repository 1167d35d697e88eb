mod accounts;

use super::{Erased, Erasure, Form, Owner, PersonalColumn, PersonalTable, Touch};

/// A column that is exported, and kept or deleted with its row.
const fn shown(name: &'static str, form: Form) -> PersonalColumn {
    PersonalColumn { name, export: Some(form), erased: Erased::Kept }
}

/// A column that is not exported, because it is made from others or is a secret, and is kept or deleted with its row.
const fn hidden(name: &'static str) -> PersonalColumn {
    PersonalColumn { name, export: None, erased: Erased::Kept }
}

/// A text that is exported, and emptied while its row is kept.
const fn emptied(name: &'static str) -> PersonalColumn {
    PersonalColumn { name, export: Some(Form::Text), erased: Erased::Null }
}

/// Every table with personal data, in the order of an erasure: what points to others comes before them.
pub const PERSONAL_DATA: &[PersonalTable] = &[
    accounts::REFRESH_TOKENS,
    accounts::SESSIONS,
    accounts::KNOWN_NETWORKS,
    accounts::LOGIN_FAILURES,
    accounts::IDEMPOTENCY_KEYS,
    // Responses to others that show the person. Their keys stay used.
    PersonalTable {
        table: "idempotency_keys",
        owner: Owner::Customer("personal_to"),
        export: None,
        columns: &[
            PersonalColumn { name: "location", export: None, erased: Erased::Null },
            PersonalColumn { name: "etag", export: None, erased: Erased::Null },
            PersonalColumn { name: "body", export: None, erased: Erased::Null },
            PersonalColumn { name: "response", export: None, erased: Erased::Null },
        ],
        erasure: Erasure::Columns(&[("status", Touch::Set(0))]),
    },
    // Mails that wait: an address is forgotten when its mail is sent.
    PersonalTable {
        table: "messages",
        owner: Owner::Customer("customer_id"),
        export: Some("mails"),
        columns: &[
            shown("template", Form::Text),
            shown("recipient", Form::Text),
            shown("status", Form::Text),
            shown("created_at", Form::Time),
            shown("done_at", Form::Time),
        ],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "messages",
        owner: Owner::Mailbox("recipient_key"),
        export: None,
        columns: &[hidden("recipient_key")],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "one_time_tokens",
        owner: Owner::Account("account_id"),
        export: Some("one_time_tokens"),
        columns: &[
            shown("purpose", Form::Text),
            shown("email", Form::Text),
            shown("created_at", Form::Time),
            shown("expires_at", Form::Time),
            shown("used_at", Form::Time),
            hidden("hash"),
        ],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "verified_emails",
        owner: Owner::Customer("customer_id"),
        export: Some("verified_emails"),
        columns: &[shown("email_key", Form::Text), shown("verified_at", Form::Time)],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "accounts",
        owner: Owner::Account("id"),
        export: Some("account"),
        columns: &[
            shown("id", Form::Id),
            shown("username", Form::Text),
            shown("role", Form::Text),
            shown("active", Form::Flag),
            shown("seen_at", Form::Time),
            shown("created_at", Form::Time),
            shown("updated_at", Form::Time),
            hidden("password_hash"),
        ],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "cart_items",
        owner: Owner::Customer("customer_id"),
        export: Some("cart"),
        columns: &[shown("product_id", Form::Id), shown("quantity", Form::Number)],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "carts",
        owner: Owner::Customer("customer_id"),
        export: None,
        columns: &[],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "orders",
        owner: Owner::Customer("customer_id"),
        export: Some("orders"),
        columns: &[
            shown("id", Form::Id),
            shown("number", Form::Text),
            shown("status", Form::Text),
            shown("currency", Form::Text),
            shown("total", Form::Number),
            shown("placed_at", Form::Time),
            shown("expected_delivery", Form::Text),
            shown("carrier", Form::Text),
            shown("tracking_number", Form::Text),
            emptied("note"),
            emptied("ship_name"),
            emptied("ship_company"),
            emptied("ship_phone"),
            emptied("ship_line1"),
            emptied("ship_line2"),
            emptied("ship_city"),
            emptied("ship_region"),
            emptied("ship_postal_code"),
            emptied("ship_country"),
        ],
        erasure: Erasure::Columns(&[("version", Touch::OneMore), ("updated_at", Touch::Now)]),
    },
    PersonalTable {
        table: "order_lines",
        owner: Owner::Order("order_id"),
        export: Some("order_lines"),
        columns: &[
            shown("order_id", Form::Id),
            shown("sku", Form::Text),
            shown("name", Form::Text),
            shown("unit_price", Form::Number),
            shown("quantity", Form::Number),
            shown("line_total", Form::Number),
        ],
        erasure: Erasure::Nothing,
    },
    PersonalTable {
        table: "order_history",
        owner: Owner::Order("order_id"),
        export: Some("order_history"),
        columns: &[
            shown("order_id", Form::Id),
            shown("status", Form::Text),
            shown("at", Form::Time),
            shown("old_carrier", Form::Text),
            shown("old_tracking_number", Form::Text),
            shown("old_expected_delivery", Form::Text),
            shown("edited", Form::Text),
            emptied("note"),
        ],
        erasure: Erasure::Columns(&[]),
    },
    // What staff noted. It is about the person, so that the file of a person has it.
    PersonalTable {
        table: "notes",
        owner: Owner::Order("owner_id"),
        export: Some("order_notes"),
        columns: &[shown("owner_id", Form::Id), shown("text", Form::Text), shown("created_at", Form::Time)],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "notes",
        owner: Owner::Customer("owner_id"),
        export: Some("notes"),
        columns: &[shown("text", Form::Text), shown("created_at", Form::Time)],
        erasure: Erasure::Rows,
    },
    // What was taken off. The hashes of the customer's id are as personal as the id, which the order keeps.
    PersonalTable {
        table: "promotion_redemptions",
        owner: Owner::Order("order_id"),
        export: Some("promotions"),
        columns: &[
            shown("order_id", Form::Id),
            shown("promotion_id", Form::Id),
            shown("code_key", Form::Text),
            shown("amount", Form::Number),
            shown("at", Form::Time),
            hidden("who_customer"),
            hidden("who_email"),
        ],
        erasure: Erasure::Nothing,
    },
    // How somebody paid, with the last digits of a card. What providers and banks call the money stays: without it no
    // payment can be found in their books.
    PersonalTable {
        table: "payments",
        owner: Owner::Customer("customer_id"),
        export: Some("payments"),
        columns: &[
            shown("id", Form::Id),
            shown("order_id", Form::Id),
            shown("provider", Form::Text),
            shown("provider_reference", Form::Text),
            shown("status", Form::Text),
            shown("method", Form::Text),
            shown("currency", Form::Text),
            shown("amount", Form::Number),
            shown("captured", Form::Number),
            shown("refunded", Form::Number),
            shown("disputed", Form::Number),
            shown("created_at", Form::Time),
            emptied("method_label"),
            emptied("return_url"),
            emptied("last_error_text"),
        ],
        erasure: Erasure::Columns(&[("version", Touch::OneMore), ("updated_at", Touch::Now)]),
    },
    PersonalTable {
        table: "payment_operations",
        owner: Owner::Payment("payment_id"),
        export: None,
        columns: &[PersonalColumn { name: "error_text", export: None, erased: Erased::Null }],
        erasure: Erasure::Columns(&[]),
    },
    PersonalTable {
        table: "payment_receipts",
        owner: Owner::Payment("payment_id"),
        export: Some("receipts"),
        columns: &[
            shown("payment_id", Form::Id),
            shown("reference", Form::Text),
            shown("amount", Form::Number),
            shown("received_on", Form::Text),
        ],
        erasure: Erasure::Nothing,
    },
    PersonalTable {
        table: "refunds",
        owner: Owner::Order("order_id"),
        export: Some("refunds"),
        columns: &[
            shown("id", Form::Id),
            shown("payment_id", Form::Id),
            shown("amount", Form::Number),
            shown("currency", Form::Text),
            shown("reason", Form::Text),
            shown("status", Form::Text),
            shown("provider_reference", Form::Text),
            shown("created_at", Form::Time),
            shown("finished_at", Form::Time),
            emptied("note"),
        ],
        erasure: Erasure::Columns(&[("version", Touch::OneMore)]),
    },
    PersonalTable {
        table: "disputes",
        owner: Owner::Payment("payment_id"),
        export: Some("disputes"),
        columns: &[
            shown("payment_id", Form::Id),
            shown("provider_reference", Form::Text),
            shown("amount", Form::Number),
            shown("reason", Form::Text),
            shown("status", Form::Text),
            shown("opened_at", Form::Time),
            shown("closed_at", Form::Time),
        ],
        erasure: Erasure::Nothing,
    },
    PersonalTable {
        table: "coupon_codes",
        owner: Owner::Customer("customer_id"),
        export: Some("codes"),
        columns: &[shown("code", Form::Text), shown("created_at", Form::Time), hidden("code_key")],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "audit_log",
        owner: Owner::Either { id: "resource_id", customer: "customer_id" },
        export: Some("changes"),
        columns: &[
            shown("at", Form::Time),
            shown("action", Form::Text),
            shown("resource", Form::Text),
            PersonalColumn { name: "fields_before", export: Some(Form::Json), erased: Erased::Text("[]") },
            PersonalColumn { name: "fields_after", export: Some(Form::Json), erased: Erased::Text("[]") },
        ],
        erasure: Erasure::Columns(&[]),
    },
    PersonalTable {
        table: "customer_words",
        owner: Owner::Customer("customer_id"),
        export: None,
        columns: &[hidden("word")],
        erasure: Erasure::Rows,
    },
    PersonalTable {
        table: "customers",
        owner: Owner::Customer("id"),
        export: Some("customer"),
        columns: &[
            shown("id", Form::Id),
            shown("name", Form::Text),
            shown("email", Form::Text),
            shown("phone", Form::Text),
            shown("tax_exempt", Form::Text),
            shown("created_at", Form::Time),
            shown("updated_at", Form::Time),
            hidden("email_key"),
            hidden("name_key"),
        ],
        erasure: Erasure::Rows,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_stays_has_something_to_erase_and_no_part_is_exported_twice_r276() {
        let mut parts: Vec<_> = PERSONAL_DATA.iter().filter_map(|table| table.export).collect();
        parts.sort_unstable();
        let all = parts.len();
        parts.dedup();
        assert_eq!(parts.len(), all);
        for PersonalTable { table, columns, erasure, export, .. } in PERSONAL_DATA {
            let emptied = columns.iter().any(|column| column.erased != Erased::Kept);
            assert_eq!(emptied, matches!(erasure, Erasure::Columns(_)), "{table}");
            assert!(export.is_none() || columns.iter().any(|column| column.export.is_some()), "{table}");
        }
    }
}
