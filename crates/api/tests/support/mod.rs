//! What stands in for servers of others.

pub mod fake_stripe;
pub mod mail_sink;
pub mod other_shop;
pub mod receiver;
pub mod stripe_shop;
