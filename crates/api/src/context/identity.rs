use domain::accounts::Access;

use crate::problem::Problem;

/// What the access token of a request says.
#[derive(Default)]
pub(crate) enum Identity {
    /// There is no token.
    #[default]
    Anonymous,
    /// The token is valid.
    Known(Access),
    /// The token is not valid, or the database that knows is away.
    Refused(Problem),
}
