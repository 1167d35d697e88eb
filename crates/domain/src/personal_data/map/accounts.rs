//! Tables with personal data of accounts.

use super::{hidden, shown};
use crate::personal_data::{Erasure, Form, Owner, PersonalTable};

pub(super) const REFRESH_TOKENS: PersonalTable = PersonalTable {
    table: "refresh_tokens",
    owner: Owner::Account("account_id"),
    export: Some("logins"),
    columns: &[
        shown("created_at", Form::Time),
        shown("expires_at", Form::Time),
        shown("spent_at", Form::Time),
        hidden("hash"),
    ],
    erasure: Erasure::Rows,
};

pub(super) const SESSIONS: PersonalTable = PersonalTable {
    table: "sessions",
    owner: Owner::Account("account_id"),
    export: Some("sessions"),
    columns: &[
        shown("created_at", Form::Time),
        shown("seen_at", Form::Time),
        shown("expires_at", Form::Time),
        shown("agent", Form::Text),
        shown("network", Form::Text),
        hidden("hash"),
    ],
    erasure: Erasure::Rows,
};

pub(super) const KNOWN_NETWORKS: PersonalTable = PersonalTable {
    table: "known_networks",
    owner: Owner::Account("account_id"),
    export: Some("networks"),
    columns: &[shown("network", Form::Text), shown("seen_at", Form::Time)],
    erasure: Erasure::Rows,
};

pub(super) const LOGIN_FAILURES: PersonalTable = PersonalTable {
    table: "login_failures",
    owner: Owner::ThrottleKey,
    export: None,
    columns: &[hidden("throttle_key")],
    erasure: Erasure::Rows,
};

pub(super) const IDEMPOTENCY_KEYS: PersonalTable = PersonalTable {
    table: "idempotency_keys",
    owner: Owner::Account("account_id"),
    export: None,
    columns: &[hidden("idempotency_key"), hidden("fingerprint")],
    erasure: Erasure::Rows,
};
