//! Authorisation. The middleware has identified the caller; these extractors refuse callers that may not use a handler.

use std::sync::Arc;

use application::{Actor, Conflict, Error, Runner};
use domain::accounts::{Access, AccountId, Role};
use domain::customers::CustomerId;
use domain::orders::OrderScope;
use domain::products::ProductStatus;

use super::Extract;
use crate::context::{Identity, RequestContext, State};
use crate::operation::{Access as Callers, Signature};
use crate::problem::{Kind, Problem};

/// A caller with an account.
pub(crate) struct Caller {
    pub(crate) access: Access,
    actor: Actor,
}

/// A caller with an account, or one that shows something else instead of it.
pub(crate) struct Follower(Result<Caller, Problem>);

/// A caller who is an administrator.
pub(crate) struct Admin(Actor);

/// A caller whose account has a customer, and so a cart.
pub(crate) struct Shopper(pub(crate) CustomerId, pub(crate) AccountId);

/// A caller who may read products: anybody if `catalog.public` is set, else anybody with an account.
pub(crate) struct CatalogReader(Option<Access>);

/// Anybody, if `auth.self_registration` is set.
pub(crate) struct OpenRegistration;

impl Caller {
    /// The orders that the caller may see.
    pub(crate) fn order_scope(&self) -> OrderScope {
        match (self.access.role, self.access.customer_id) {
            (Role::Admin, _) => OrderScope::All,
            (Role::Customer, Some(customer_id)) => OrderScope::Of(customer_id),
            (Role::Customer, None) => OrderScope::None,
        }
    }

    /// Whether the caller is an administrator, who sees all.
    pub(crate) fn sees_all(&self) -> bool {
        self.access.role == Role::Admin
    }

    /// The runner for commands of the caller. Changes by an administrator go into the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        match self.access.role {
            Role::Admin => state.runner.acting(self.actor.clone()),
            Role::Customer => state.runner.clone(),
        }
    }
}

impl Follower {
    /// The caller.
    ///
    /// # Errors
    /// If there is no valid token.
    pub(crate) fn caller(self) -> Result<Caller, Problem> {
        self.0
    }
}

impl Admin {
    /// The runner for commands of the administrator, whose changes go into the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        state.runner.acting(self.0.clone())
    }
}

impl CatalogReader {
    /// Whether the reader is an administrator, who sees all.
    pub(crate) fn sees_all(&self) -> bool {
        self.only().is_none()
    }

    /// The status of the products that the reader may see; `None` for all.
    pub(crate) fn only(&self) -> Option<ProductStatus> {
        match self.0 {
            Some(Access { role: Role::Admin, .. }) => None,
            _ => Some(ProductStatus::Active),
        }
    }
}

/// The actor for the audit log.
fn actor(context: &RequestContext, access: &Access) -> Actor {
    Actor { account_id: access.account_id, request_id: context.id().to_owned() }
}

trait FromContext: Sized {
    const CALLERS: Callers;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem>;
}

impl FromContext for Caller {
    const CALLERS: Callers = Callers::LoggedIn;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let access = context.logged_in()?;
        Ok(Self { access, actor: actor(context, &access) })
    }
}

impl FromContext for Follower {
    const CALLERS: Callers = Callers::LoggedIn;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        // Whether the ticket is worth anything is for the handler to say.
        let query = context.http.uri().query().unwrap_or_default();
        let has_ticket = query.split('&').any(|parameter| parameter.starts_with("ticket="));
        match Caller::from_context(context) {
            Err(problem) if !has_ticket => Err(problem),
            caller => Ok(Self(caller)),
        }
    }
}

impl FromContext for Admin {
    const CALLERS: Callers = Callers::Admins;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let access = context.logged_in()?;
        match access.role {
            Role::Admin => Ok(Self(actor(context, &access))),
            Role::Customer => Err(Error::Forbidden.into()),
        }
    }
}

impl FromContext for Shopper {
    const CALLERS: Callers = Callers::Customers;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let Access { account_id, customer_id, .. } = context.logged_in()?;
        customer_id.map(|customer_id| Self(customer_id, account_id)).ok_or_else(|| Conflict::NoCustomer.into())
    }
}

impl FromContext for CatalogReader {
    const CALLERS: Callers = Callers::Catalog;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let open = context.state.catalog_public && matches!(context.identity, Identity::Anonymous);
        if open { Ok(Self(None)) } else { context.logged_in().map(|access| Self(Some(access))) }
    }
}

impl FromContext for OpenRegistration {
    const CALLERS: Callers = Callers::OpenRegistration;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let closed = || {
            Problem::new(
                Kind::REGISTRATION_CLOSED,
                "Registration is disabled in this shop. An administrator creates accounts.",
            )
        };
        context.state.self_registration.then_some(Self).ok_or_else(closed)
    }
}

impl<T: FromContext> Extract for T {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        Self::from_context(context)
    }

    fn describe(signature: &mut Signature) {
        signature.access = T::CALLERS;
        signature.problems.extend(T::CALLERS.problems());
    }
}

/// The state of the server, for every handler.
impl Extract for Arc<State> {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        Ok(context.state.clone())
    }
}
