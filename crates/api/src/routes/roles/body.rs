use domain::access::{Noun, Scope, Scopes};
use domain::roles::{CustomRole, Role};
use serde::Serialize;

use crate::respond::{Body, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// What accounts with a role may do.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Role")]
pub(crate) struct RoleBody {
    name: String,
    /// Each once; one to write includes that to read.
    scopes: Vec<Word<Scope>>,
    /// Whether every shop has it and nobody changes it. That of `admin` allows everything, also what comes later.
    fixed: bool,
    /// How many accounts have it; null for `customer`.
    accounts: Option<u64>,
    version: i64,
}

impl RoleBody {
    pub(super) fn fixed(role: Role, accounts: Option<u64>) -> Self {
        let scopes = words(role.fixed_scopes().unwrap_or_default());
        Self { name: role.as_str().to_owned(), scopes, fixed: true, accounts, version: 1 }
    }

    pub(super) fn custom(role: &CustomRole, accounts: Option<u64>) -> Self {
        let scopes = words(role.scopes);
        Self { name: role.name.as_str().to_owned(), scopes, fixed: false, accounts, version: role.version.0 }
    }

    pub(super) fn location(role: &CustomRole) -> String {
        format!("/api/v1/roles/{}", role.name.as_str())
    }
}

/// The scopes one by one.
pub(crate) fn words(scopes: Scopes) -> Vec<Word<Scope>> {
    scopes.iter().map(|scope| scope.as_str().into()).collect()
}

impl ResponseBody for RoleBody {
    fn example() -> Self {
        let scopes = [Scope::Write(Noun::Orders), Scope::Read(Noun::Payments)].into_iter().collect();
        Self { name: "packing".to_owned(), scopes: words(scopes), fixed: false, accounts: Some(3), version: 1 }
    }
}

impl Body for RoleBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
