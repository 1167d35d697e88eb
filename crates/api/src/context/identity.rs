use domain::access::Scopes;
use domain::accounts::Access;
use domain::keys::{KeyAccess, Principal};

use crate::problem::Problem;

/// What the access token or the API key of a request says.
#[derive(Default)]
pub(crate) enum Identity {
    /// There is none.
    #[default]
    Anonymous,
    /// It is valid.
    Known(Known),
    /// It is not valid, or the database that knows is away.
    Refused(Problem),
}

/// A caller with a valid access token or API key, and its scopes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Known {
    /// An account.
    Account(Access),
    /// A program with a key.
    Key(KeyAccess),
}

impl Known {
    /// What the caller may do.
    pub(crate) const fn scopes(&self) -> Scopes {
        match self {
            Self::Account(access) => access.scopes,
            Self::Key(access) => access.scopes,
        }
    }

    /// The account or the key, as the audit log names it.
    pub(crate) const fn who(&self) -> Principal {
        match self {
            Self::Account(access) => Principal::Account(access.account_id),
            Self::Key(access) => Principal::Key(access.id),
        }
    }

    /// The account, if it is one.
    pub(crate) const fn account(&self) -> Option<&Access> {
        match self {
            Self::Account(access) => Some(access),
            Self::Key(_) => None,
        }
    }
}
