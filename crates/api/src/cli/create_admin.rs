use clap::Args;
use domain::accounts::Username;

use super::error::Failure;
use super::{password, say};
use crate::config::Settings;
use crate::wiring::{self, StartError};

/// The arguments of `create-admin`.
#[derive(Args)]
pub(super) struct CreateAdmin {
    /// User name: 3 to 32 of the characters a-z, 0-9, '.', '_' and '-'
    #[arg(long, value_name = "NAME")]
    username: String,
    /// Read the password (12 to 72 bytes) from the first line of standard input instead of generating one
    #[arg(long)]
    password_stdin: bool,
}

impl CreateAdmin {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let username = Username::parse(&self.username).map_err(|why| Failure::Usage(format!("--username {why}")))?;
        let given = self.password_stdin.then(password::read).transpose()?;
        let wired = wiring::wire_prepared(settings).await?;
        wired.database.hold_currency(settings.shop.currency).await?.map_err(StartError::from)?;
        let password = given.clone().unwrap_or_else(|| wired.secrets.password());
        let create = wired.create_admin(&username, &password).await?;
        let account = wired.state.runner.run(create).await.map_err(|error| match error {
            application::Error::Conflict(_) => {
                Failure::Usage(format!("--username: an account named {} already exists", username.as_str()))
            }
            other => other.into(),
        })?;
        say(format_args!("administrator {} created", account.username.as_str()));
        if given.is_none() {
            say(format_args!("password: {}", password.reveal()));
        }
        wired.database.close().await;
        Ok(())
    }
}
