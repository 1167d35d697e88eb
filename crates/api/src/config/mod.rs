//! The configuration. Environment variables override the file, and the file overrides the defaults in the binary.

mod calendar;
mod demo;
mod file;
mod imports;
mod load;
mod mail;
mod meaning;
mod media;
mod near;
mod network;
mod office;
mod origin;
mod parse;
mod payments;
mod print;
mod reader;
mod settings;
mod sources;

pub use file::FilePosition;
pub use imports::ImportSettings;
pub use load::{Checks, ConfigError, Effective, load};
pub use mail::{MailSettings, MailTransport, MailboxSetting, SmtpSettings, SmtpTls};
pub use media::{MediaPlace, MediaSettings, S3Settings};
pub(crate) use near::nearest;
pub use network::Network;
pub use office::OfficeSettings;
pub use origin::AllowedOrigin;
pub use payments::{BankTransferSettings, PaymentSettings, StripeSettings};
pub use print::{example, print};
pub use reader::{Origin, Shown, Wrong};
pub use settings::*;
pub use sources::Sources;
