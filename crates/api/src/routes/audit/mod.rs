//! What administrators changed, for administrators.

mod body;

use actix_web::web::Data;
use application::{AUDITED, AuditFilter};
use domain::accounts::AccountId;
use domain::{Code, Invalid, PageRequest};
use paperclip::actix::api_v2_operation;

use self::body::AuditBody;
use crate::answer::Listed;
use crate::extract::{Admin, FromQuery, Params, Query, id_parameter, time_parameter};
use crate::problem::Problem;
use crate::state::State;

/// Which entries are wanted.
pub(crate) struct Wanted {
    filter: AuditFilter,
    page: PageRequest,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let actor = params.optional("actor", id_parameter(AccountId));
        let resource = params.optional("resource", resource);
        let resource_id = params.optional("resource_id", id_parameter(|id| id));
        let after = params.optional("after", time_parameter);
        let before = params.optional("before", time_parameter);
        let page = params.page("audit");
        let filter = AuditFilter {
            actor: actor?,
            resource: resource?,
            resource_id: resource_id?,
            after: after?,
            before: before?,
        };
        Some(Self { filter, page: page? })
    }
}

fn resource(raw: &str) -> Result<String, Invalid> {
    let known = AUDITED.contains(&raw).then(|| raw.to_owned());
    known.ok_or_else(|| Invalid::new(Code::NotAllowed, format!("must be one of: {}", AUDITED.join(", "))))
}

/// List what administrators changed, newest first
#[api_v2_operation(tags(Audit), operation_id = "listAudit")]
pub(crate) async fn list(
    _admin: Admin,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<AuditBody>, Problem> {
    let page = state.audit.list(&wanted.0.filter, &wanted.0.page).await?;
    Ok(Listed::new("audit", page, AuditBody::from))
}
