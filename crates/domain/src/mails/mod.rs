//! Mails: what the shop writes to its customers, and to those who run it.
//!
//! A *message* is a mail that is queued. It names what it is about and holds no text: that is made when it is sent, of what
//! is true then. A *one-time token* goes out in a mail, and nothing but its hash is kept.

mod filter;
mod message;
mod occasion;
mod ports;
mod switches;
mod throttle;
mod token;

pub use filter::MailFilter;
pub use message::{Message, MessageId, MessageStatus, Reply, SEND_TRIES, SendAnswer, Topic};
pub use occasion::{Occasion, STALE_AFTER, day_of};
pub use ports::*;
pub use switches::MailSwitches;
pub use throttle::{MAIL_THROTTLE, TOKEN_THROTTLE};
pub use token::{OneTimeToken, Purpose};
