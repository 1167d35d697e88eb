//! Authorisation. The middleware has identified the caller; these extractors refuse callers that may not use a handler. A
//! check of scopes is a test of bits: the rights came with the identity, and what is needed with the route.

use std::sync::Arc;

use application::{Actor, Conflict, Error, Runner};
use domain::access::{Scope, Scopes};
use domain::accounts::{Access, AccountId};
use domain::customers::CustomerId;
use domain::orders::OrderScope;
use domain::products::ProductStatus;
use domain::roles::Role;

use super::Extract;
use crate::context::{Credential, Identity, Known, RequestContext, State};
use crate::operation::{Access as Callers, Signature};
use crate::problem::{Kind, Problem};

/// An authenticated caller. With the scope of the route it sees everything, otherwise only its own data.
pub(crate) struct Caller {
    known: Known,
    /// The orders that it may see.
    scope: OrderScope,
    actor: Actor,
}

/// An authenticated caller, or a caller without a valid token that may follow with a ticket instead.
pub(crate) struct Follower {
    caller: Result<Caller, Problem>,
    credential: Option<Credential>,
    needed: Option<Scopes>,
}

/// What must stay valid while a caller follows a stream.
pub(crate) struct Permit {
    /// What it has shown.
    pub(crate) credential: Credential,
    /// What it needs besides; `None` if it follows what is its own.
    pub(crate) needed: Option<Scopes>,
}

/// A caller that has the scopes of the route.
pub(crate) struct Staff {
    known: Known,
    actor: Actor,
}

/// A caller with an account, who reads or changes its own data.
pub(crate) struct Holder(pub(crate) AccountId, Option<Actor>);

/// A caller whose account has a customer, and so a cart.
pub(crate) struct Shopper(pub(crate) CustomerId, pub(crate) AccountId);

/// A caller who may read products: anybody if `catalog.public` is set, otherwise every authenticated caller.
pub(crate) struct CatalogReader {
    sees_all: bool,
}

/// Anybody, if `auth.self_registration` is set.
pub(crate) struct OpenRegistration;

impl Caller {
    /// The orders that the caller may see.
    pub(crate) const fn order_scope(&self) -> OrderScope {
        self.scope
    }

    /// Whether the caller has the scope of the route, and sees all.
    pub(crate) const fn sees_all(&self) -> bool {
        matches!(self.scope, OrderScope::All)
    }

    /// The id of its account or key.
    pub(crate) const fn id(&self) -> domain::Uuid {
        self.known.who().id()
    }

    /// The runner for commands of the caller. Changes of what is not its own go into the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        if self.sees_all() { state.runner.acting(self.actor.clone()) } else { state.runner.clone() }
    }
}

impl Follower {
    /// The caller, and what must stay valid while it follows.
    ///
    /// # Errors
    /// If there is no valid token or key.
    pub(crate) fn caller(self) -> Result<(Caller, Option<Permit>), Problem> {
        let Self { caller, credential, needed } = self;
        let caller = caller?;
        let needed = needed.filter(|_| caller.sees_all());
        Ok((caller, credential.map(|credential| Permit { credential, needed })))
    }
}

impl Staff {
    /// The runner for commands of the caller, whose changes go into the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        state.runner.acting(self.actor.clone())
    }

    /// Whether the caller has a scope besides those of the route.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.known.scopes().include(scope.into())
    }
}

impl Holder {
    /// The runner for commands of the caller. Changes by staff go into the audit log.
    pub(crate) fn runner(&self, state: &State) -> Runner {
        self.1.as_ref().map_or_else(|| state.runner.clone(), |actor| state.runner.acting(actor.clone()))
    }
}

impl CatalogReader {
    /// Whether the reader sees all.
    pub(crate) const fn sees_all(&self) -> bool {
        self.sees_all
    }

    /// The status of the products that the reader may see; `None` for all.
    pub(crate) fn only(&self) -> Option<ProductStatus> {
        (!self.sees_all).then_some(ProductStatus::Active)
    }
}

/// Who acts, for the audit log.
fn actor(context: &RequestContext, known: &Known) -> Actor {
    Actor { who: known.who(), request_id: context.id().to_owned() }
}

/// The refusal of a caller without the scopes of the route.
fn lacking(context: &RequestContext) -> Problem {
    context.needed.map_or_else(|| Error::Forbidden.into(), Problem::insufficient_scope)
}

trait FromContext: Sized {
    const CALLERS: Callers;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem>;
}

impl FromContext for Caller {
    const CALLERS: Callers = Callers::OwnOrScope;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let known = context.logged_in()?;
        let own = known.account().map(|access| (access.role, access.customer_id));
        let scope = match own {
            _ if context.has_needed() => OrderScope::All,
            Some((_, Some(customer_id))) => OrderScope::Of(customer_id),
            Some((Role::Customer, None)) => OrderScope::None,
            _ => return Err(lacking(context)),
        };
        Ok(Self { known, scope, actor: actor(context, &known) })
    }
}

impl FromContext for Follower {
    const CALLERS: Callers = Callers::OwnOrScope;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        // Whether the ticket is worth anything is for the handler to say.
        let query = context.http.uri().query().unwrap_or_default();
        let has_ticket = query.split('&').any(|parameter| parameter.starts_with("ticket="));
        match Caller::from_context(context) {
            Err(problem) if !has_ticket => Err(problem),
            caller => {
                let credential = context.bearer().and_then(|bearer| Credential::read(bearer, &context.state));
                Ok(Self { caller, credential, needed: context.needed })
            }
        }
    }
}

impl FromContext for Staff {
    const CALLERS: Callers = Callers::Scopes;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let known = context.logged_in()?;
        if context.has_needed() { Ok(Self { known, actor: actor(context, &known) }) } else { Err(lacking(context)) }
    }
}

impl FromContext for Holder {
    const CALLERS: Callers = Callers::Accounts;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let access = account(context)?;
        let is_staff = !access.scopes.is_empty();
        Ok(Self(access.account_id, is_staff.then(|| actor(context, &Known::Account(access)))))
    }
}

impl FromContext for Shopper {
    const CALLERS: Callers = Callers::Customers;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let Access { account_id, customer_id, .. } = account(context)?;
        customer_id.map(|customer_id| Self(customer_id, account_id)).ok_or_else(|| Conflict::NoCustomer.into())
    }
}

/// The account of the caller.
fn account(context: &mut RequestContext) -> Result<Access, Problem> {
    let known = context.logged_in()?;
    let no_account = || Problem::new(Kind::FORBIDDEN, "An API key has no account, no cart and no orders of its own.");
    known.account().copied().ok_or_else(no_account)
}

impl FromContext for CatalogReader {
    const CALLERS: Callers = Callers::Catalog;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let is_public = context.state.catalog_public;
        if is_public && matches!(context.identity, Identity::Anonymous) {
            return Ok(Self { sees_all: false });
        }
        let known = context.logged_in()?;
        let sees_all = context.has_needed();
        // What every account may see, a key sees only with the scope.
        let may_see = sees_all || is_public || known.account().is_some();
        if may_see { Ok(Self { sees_all }) } else { Err(lacking(context)) }
    }
}

impl FromContext for OpenRegistration {
    const CALLERS: Callers = Callers::OpenRegistration;

    fn from_context(context: &mut RequestContext) -> Result<Self, Problem> {
        let closed =
            || Problem::new(Kind::REGISTRATION_CLOSED, "Registration is disabled in this shop. Staff create accounts.");
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
