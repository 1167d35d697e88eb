//! Who calls. `middleware::identify` finds it out; the extractors here say who may.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use application::{Actor, Conflict, Error, Runner};
use domain::accounts::{Access, AccountId, Role};
use domain::customers::CustomerId;
use domain::orders::OrderScope;
use domain::products::ProductStatus;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, SecurityScheme};
use paperclip::v2::schema::Apiv2Schema;

use crate::middleware::About;
use crate::openapi::{may_fail, say_who};
use crate::problem::{Kind, Problem};
use crate::state::State;

/// What the token of a request says.
#[derive(Default)]
pub(crate) enum Identity {
    /// There is none.
    #[default]
    Anonymous,
    /// It is good.
    Known(Access),
    /// It is not, or nobody can tell.
    Refused(Problem),
}

/// Whose token it is, if it is good.
pub(crate) fn access(req: &HttpRequest) -> Option<Access> {
    match About::of(req)?.identity {
        Identity::Known(access) => Some(access),
        _ => None,
    }
}

fn known(req: &HttpRequest) -> Result<Access, Problem> {
    if let Some(access) = access(req) {
        return Ok(access);
    }
    match About::of_mut(req).map(|mut about| std::mem::take(&mut about.identity)) {
        Some(Identity::Refused(problem)) => Err(problem),
        _ => Err(Problem::unauthenticated(
            "Send an access token: `Authorization: Bearer …`. POST /api/v1/auth/login gives one.",
            "Bearer realm=\"storekeeper\"",
        )),
    }
}

/// Anybody with an account.
pub(crate) struct Caller {
    pub(crate) access: Access,
    actor: Actor,
}

/// An administrator.
pub(crate) struct Admin(Actor);

/// Somebody who is a customer and has a cart, and the account.
pub(crate) struct Shopper(pub(crate) CustomerId, pub(crate) AccountId);

/// Somebody who may look at products: anybody at all if the catalogue is public.
pub(crate) struct Reader(Option<Access>);

impl Caller {
    /// Whose orders the caller sees.
    pub(crate) fn order_scope(&self) -> OrderScope {
        match (self.access.role, self.access.customer_id) {
            (Role::Admin, _) => OrderScope::All,
            (Role::Customer, Some(customer_id)) => OrderScope::Of(customer_id),
            (Role::Customer, None) => OrderScope::None,
        }
    }
}

impl Caller {
    /// Runs what the caller writes. What an administrator does is kept in the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        match self.access.role {
            Role::Admin => state.runner.acting(self.actor.clone()),
            Role::Customer => state.runner.clone(),
        }
    }
}

impl Admin {
    /// Runs what the administrator writes, and keeps it in the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        state.runner.acting(self.0.clone())
    }
}

impl Reader {
    /// The one status whose products the reader sees; `None` if all of them.
    pub(crate) fn only(&self) -> Option<ProductStatus> {
        match self.0 {
            Some(Access { role: Role::Admin, .. }) => None,
            _ => Some(ProductStatus::Active),
        }
    }
}

/// Anybody, as long as registration is open.
pub(crate) struct OpenRegistration;

impl FromRequest for OpenRegistration {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let closed = || Problem::new(Kind::REGISTRATION_CLOSED, "Accounts are made by an administrator here.");
        ready(State::of(req).self_registration.then_some(Self).ok_or_else(closed))
    }
}

impl Apiv2Schema for OpenRegistration {}

impl OperationModifier for OpenRegistration {
    fn update_parameter(op: &mut DefaultOperationRaw) {
        say_who(op, "Anybody may call it, unless `auth.self_registration` is off.");
        may_fail(op, &[Kind::REGISTRATION_CLOSED]);
    }
}

trait Who: Sized {
    fn who(req: &HttpRequest) -> Result<Self, Problem>;
}

/// Who acts, for the audit log.
fn actor(req: &HttpRequest, access: &Access) -> Actor {
    let request_id = About::of(req).map(|about| about.id().to_owned()).unwrap_or_default();
    Actor { account_id: access.account_id, request_id }
}

impl Who for Caller {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        known(req).map(|access| Self { access, actor: actor(req, &access) })
    }
}

impl Who for Admin {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        let access = known(req)?;
        match access.role {
            Role::Admin => Ok(Self(actor(req, &access))),
            Role::Customer => Err(Error::Forbidden.into()),
        }
    }
}

impl Who for Shopper {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        let Access { account_id, customer_id, .. } = known(req)?;
        customer_id.map(|customer_id| Self(customer_id, account_id)).ok_or_else(|| Conflict::NoCustomer.into())
    }
}

impl Who for Reader {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        let open = State::of(req).catalog_public
            && About::of(req).is_none_or(|about| matches!(about.identity, Identity::Anonymous));
        if open { Ok(Self(None)) } else { known(req).map(|access| Self(Some(access))) }
    }
}

macro_rules! extractors {
    ($($who:ident: $description:literal, $failures:expr;)*) => {$(
        impl FromRequest for $who {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(Self::who(req))
            }
        }

        impl Apiv2Schema for $who {
            fn name() -> Option<String> {
                Some("JWT".to_owned())
            }

            fn security_scheme() -> Option<SecurityScheme> {
                Some(SecurityScheme {
                    type_: "apiKey".to_owned(),
                    name: Some("Authorization".to_owned()),
                    in_: Some("header".to_owned()),
                    description: Some(
                        "`Bearer ` and the `access_token` that `POST /api/v1/auth/login` gives.".to_owned(),
                    ),
                    ..Default::default()
                })
            }
        }

        impl OperationModifier for $who {
            fn update_parameter(op: &mut DefaultOperationRaw) {
                say_who(op, $description);
                may_fail(op, &$failures);
            }
        }
    )*};
}

extractors! {
    Caller: "Everybody who is logged in may call it.", [Kind::UNAUTHENTICATED];
    Admin: "Only administrators may call it.", [Kind::UNAUTHENTICATED, Kind::FORBIDDEN];
    Shopper: "Everybody who is logged in with the account of a customer may call it.",
        [Kind::UNAUTHENTICATED, Kind::NO_CUSTOMER];
    Reader: "Everybody who is logged in may call it, and with `catalog.public` everybody else too.",
        [Kind::UNAUTHENTICATED];
}
