use domain::access::{Noun, Scope};
use domain::accounts::AccountId;
use domain::keys::{ApiKey, KeySecret, Principal};
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id, Timestamp, Word};
use crate::routes::roles::words;
use crate::schema::{Apiv2Schema, ResponseBody};

/// An API key.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ApiKey")]
pub(crate) struct KeyBody {
    id: Id,
    /// What it is for.
    name: String,
    /// What its secrets name it by: they begin with `stk_` and this.
    prefix: String,
    /// Each once; one to write includes that to read.
    scopes: Vec<Word<Scope>>,
    /// The account that made it, or `key:` and the id of a key.
    made_by: String,
    created_at: Timestamp,
    /// When it ends; null for never.
    expires_at: Option<Timestamp>,
    /// When it was used last, to the minute.
    last_used_at: Option<Timestamp>,
    /// What the program sends as `Authorization: Bearer …`. It is shown when the key is made and when it gets another
    /// one, and never again.
    secret: Option<String>,
    version: i64,
}

impl KeyBody {
    pub(super) fn location(key: &ApiKey) -> String {
        format!("/api/v1/keys/{}", key.id)
    }

    /// The same with its secret.
    pub(super) fn with_secret(self, secret: &KeySecret) -> Self {
        Self { secret: Some(secret.expose().to_owned()), ..self }
    }
}

impl From<&ApiKey> for KeyBody {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: Id(key.id.0),
            name: key.name.as_str().to_owned(),
            prefix: key.prefix.as_str().to_owned(),
            scopes: words(key.scopes),
            made_by: key.made_by.to_string(),
            created_at: Timestamp(key.created_at),
            expires_at: key.expires_at.map(Timestamp),
            last_used_at: key.last_used_at.map(Timestamp),
            secret: None,
            version: key.version.0,
        }
    }
}

impl ResponseBody for KeyBody {
    fn example() -> Self {
        Self {
            id: Id(example::id()),
            name: "ERP".to_owned(),
            prefix: "8fK2mQ0z".to_owned(),
            scopes: words([Scope::Read(Noun::Products), Scope::Write(Noun::Stock)].into_iter().collect()),
            made_by: Principal::Account(AccountId(example::id())).to_string(),
            created_at: Timestamp(example::NOW),
            expires_at: Some(Timestamp(example::NOW)),
            last_used_at: Some(Timestamp(example::NOW)),
            secret: None,
            version: 1,
        }
    }
}

impl Body for KeyBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
