//! Mails: queued with what they tell of, and sent by whichever server gets to it.
//!
//! What happens in the shop is read from the feed of events, and becomes messages in one transaction with the position up to
//! which mail has read it. What somebody asks for is queued by a command. A message is sent by the server that holds its
//! lease, with no transaction open: what it says is read then.

mod composer;
mod data;
mod dispatch;
mod fan_out;
mod forgot;
mod me;
mod ports;
mod purge;
mod queue;
mod reset;
mod sample;
mod send;
mod sending;
mod throttled;
mod verify;
mod watch;

#[cfg(test)]
mod testing;

pub use composer::{Composer, Links, ShopInMails};
pub use data::{Fields, Item};
pub use dispatch::{Mails, MailsParts};
pub use fan_out::{BeginMail, FanOutMails};
pub use forgot::AskForReset;
pub(crate) use me::ask_to_verify;
pub use me::{AskForVerification, ChangeOwnDetails};
pub use ports::{Letter, Mailer};
pub use purge::PurgeMails;
pub(crate) use queue::queue;
pub(crate) use reset::tell_of_new_password;
pub use reset::{NewSecret, ResetPassword};
pub use sample::sample;
pub use send::{ClaimMail, IssueToken, RecordSend};
pub use sending::Sending;
pub use throttled::CountTokenTry;
pub use verify::VerifyEmail;
pub use watch::WatchEndpoints;
