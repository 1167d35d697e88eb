//! What staff and API keys changed, for staff.

mod body;

use std::sync::Arc;

use application::{AUDITED, AuditFilter};
use domain::keys::Principal;
use domain::{Code, Invalid, PageRequest, Rule, Ruled};

use self::body::AuditBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Query, Staff, id_parameter, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::List;

pub(super) const TAG: &Tag = &Tag { name: "Audit", description: "What staff and API keys changed, for staff." };

/// Which entries are wanted.
pub(crate) struct ListQuery {
    filter: AuditFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let actor =
            params.optional("actor", "Only what this account did, or this key: `key:` and its id.", Principal::parse);
        let resource = params.optional("resource", "Only what was done to this kind of thing.", Resource::parse);
        let resource_id = params.optional("resource_id", "Only what was done to this thing.", id_parameter(|id| id));
        let after = params.optional("after", "Only what was done at this time or later.", time_parameter);
        let before = params.optional("before", "Only what was done before this time.", time_parameter);
        let page = params.page("audit");
        let filter = AuditFilter {
            actor: actor?,
            resource: resource?.map(|Resource(name)| name),
            resource_id: resource_id?,
            after: after?,
            before: before?,
        };
        Some(Self { filter, page: page? })
    }
}

/// A kind of thing of which the audit log tells.
struct Resource(String);

impl Resource {
    fn parse(raw: &str) -> Result<Self, Invalid> {
        let known = AUDITED.contains(&raw).then(|| Self(raw.to_owned()));
        known.ok_or_else(|| Invalid::new(Code::NotAllowed, format!("must be one of: {}", AUDITED.join(", "))))
    }
}

impl Ruled for Resource {
    fn rule() -> Rule {
        Rule::OneOf(AUDITED.to_vec())
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listAudit",
    "List what staff and API keys changed, newest first",
    "Page by page, with logins of staff and refused attempts to grant something. It holds neither passwords nor the personal data of customers who were deleted.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<AuditBody>, Problem> {
    let page = state.queries.audit.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("audit", page, AuditBody::from))
}
