//! Who calls. `middleware::identify` finds it out; the extractors here say who may.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use application::{Conflict, Error};
use domain::accounts::{Access, Role};
use domain::customers::CustomerId;
use domain::orders::OrderScope;
use domain::products::{ProductFilter, ProductStatus};
use paperclip::actix::OperationModifier;
use paperclip::v2::models::SecurityScheme;
use paperclip::v2::schema::Apiv2Schema;

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
    match req.extensions().get() {
        Some(Identity::Known(access)) => Some(*access),
        _ => None,
    }
}

fn known(req: &HttpRequest) -> Result<Access, Problem> {
    if let Some(access) = access(req) {
        return Ok(access);
    }
    match req.extensions_mut().remove() {
        Some(Identity::Refused(problem)) => Err(problem),
        _ => Err(Problem::unauthenticated(
            "Send an access token: `Authorization: Bearer …`. POST /api/v1/auth/login gives one.",
            "Bearer realm=\"storekeeper\"",
        )),
    }
}

/// Anybody with an account.
pub(crate) struct Caller(pub(crate) Access);

/// An administrator.
pub(crate) struct Admin;

/// Somebody who has a cart.
pub(crate) struct Shopper(pub(crate) CustomerId);

/// Somebody who may look at products: anybody at all if the catalogue is public.
pub(crate) struct Reader(Option<Access>);

impl Caller {
    /// Whose orders the caller sees.
    pub(crate) fn order_scope(&self) -> OrderScope {
        match (self.0.role, self.0.customer_id) {
            (Role::Admin, _) => OrderScope::All,
            (Role::Customer, Some(customer_id)) => OrderScope::Of(customer_id),
            (Role::Customer, None) => OrderScope::None,
        }
    }
}

impl Reader {
    /// Which products the reader sees: an administrator those of the status asked for, others what is sold.
    pub(crate) fn products(&self, asked: Option<ProductStatus>) -> Result<ProductFilter, Error> {
        match (self.0, asked) {
            (Some(Access { role: Role::Admin, .. }), _) => Ok(ProductFilter { status: asked }),
            (_, Some(ProductStatus::Archived)) => Err(Error::Forbidden),
            (_, Some(ProductStatus::Active) | None) => Ok(ProductFilter { status: Some(ProductStatus::Active) }),
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
impl OperationModifier for OpenRegistration {}

trait Who: Sized {
    fn who(req: &HttpRequest) -> Result<Self, Problem>;
}

impl Who for Caller {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        known(req).map(Self)
    }
}

impl Who for Admin {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        match known(req)?.role {
            Role::Admin => Ok(Self),
            Role::Customer => Err(Error::Forbidden.into()),
        }
    }
}

impl Who for Shopper {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        known(req)?.customer_id.map(Self).ok_or_else(|| Conflict::NoCustomer.into())
    }
}

impl Who for Reader {
    fn who(req: &HttpRequest) -> Result<Self, Problem> {
        let open = State::of(req).catalog_public && matches!(req.extensions().get(), None | Some(Identity::Anonymous));
        if open { Ok(Self(None)) } else { known(req).map(|access| Self(Some(access))) }
    }
}

macro_rules! extractors {
    ($($who:ident),*) => {$(
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
                    description: Some("`Bearer ` and an access token".to_owned()),
                    ..Default::default()
                })
            }
        }

        impl OperationModifier for $who {}
    )*};
}

extractors!(Caller, Admin, Shopper, Reader);
