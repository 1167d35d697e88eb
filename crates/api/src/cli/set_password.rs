use application::accounts::SetPassword as Set;
use clap::Args;
use domain::accounts::Username;

use super::error::Failure;
use super::{password, say};
use crate::config::Settings;
use crate::wiring;

/// The arguments of `set-password`.
#[derive(Args)]
pub(super) struct SetPassword {
    /// User name of the account
    #[arg(long, value_name = "NAME")]
    username: String,
    /// Read the password (12 to 72 bytes) from the first line of standard input instead of generating one
    #[arg(long)]
    password_stdin: bool,
}

impl SetPassword {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let username = Username::parse(&self.username).map_err(|why| Failure::Usage(format!("--username {why}")))?;
        let given = self.password_stdin.then(password::read).transpose()?;
        let wired = wiring::wire_prepared(settings).await?;
        let unknown = || Failure::Usage(format!("--username: there is no account named {}", username.as_str()));
        let account = wired.state.queries.accounts.by_username(&username).await?.ok_or_else(unknown)?;
        let password = given.clone().unwrap_or_else(|| wired.secrets.password());
        let set = Set { id: account.id, password_hash: wired.state.hasher.hash(&password).await? };
        let account = wired.state.runner.run(set).await?;
        say(format_args!("the password of {} is set, and all its logins are ended", account.username.as_str()));
        if !account.active {
            say("the account is deactivated and cannot log in");
        }
        if given.is_none() {
            say(format_args!("password: {}", password.reveal()));
        }
        wired.database.close().await;
        Ok(())
    }
}
