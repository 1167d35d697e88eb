//! Who may do what: scopes, and sets of them. A check is a test of bits in the rights that a request holds already.

mod grant;
mod scope;
mod scopes;

pub use grant::{Beyond, expect_within};
pub use scope::{Noun, Scope};
pub use scopes::Scopes;
