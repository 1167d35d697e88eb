//! Who moves money: people ([`Manual`]), [`Stripe`], or nobody ([`TestProvider`]).

mod failure;
mod manual;
mod stripe;
mod test;

pub use manual::Manual;
pub use stripe::{Stripe, StripeConfig, StripeError, stripe_step};
pub use test::{CannotAct, Deliver, TestAct, TestProvider};
