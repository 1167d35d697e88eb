use std::fmt;
use std::sync::Arc;

use application::{Conflict, Error};
use domain::webhooks::{Endpoint, EndpointSecret, EndpointSecrets, Networks};

/// What routes of webhooks need besides the use cases.
#[derive(Clone)]
pub struct Hooks {
    /// Makes the secrets of endpoints; `None` if the settings have no key for it.
    pub secrets: Option<Arc<dyn EndpointSecrets>>,
    /// Networks that are reached although they are not public.
    pub networks: Networks,
}

impl Hooks {
    /// Makes the secrets of endpoints.
    ///
    /// # Errors
    /// A conflict if the settings have no key for it.
    pub fn secrets(&self) -> Result<Arc<dyn EndpointSecrets>, Error> {
        self.secrets.clone().ok_or_else(|| Conflict::NoSecretsKey.into())
    }
}

/// The secret of an endpoint that signs from now on.
pub(crate) fn secret_of(secrets: &dyn EndpointSecrets, endpoint: &Endpoint) -> EndpointSecret {
    secrets.secret(endpoint.id, endpoint.generation)
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("networks", &self.networks).finish_non_exhaustive()
    }
}
