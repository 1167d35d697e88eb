use clap::Args;

use super::error::Failure;
use super::{hint, say};
use crate::config::{Effective, print};
use crate::wiring;

/// The arguments of `check-config`.
#[derive(Args)]
pub(super) struct CheckConfig {
    /// Also print the meaning of each setting
    #[arg(long)]
    explain: bool,
    /// Print a configuration file in TOML with the settings in force, without secrets
    #[arg(long, conflicts_with = "explain")]
    print: bool,
}

impl CheckConfig {
    /// Prints a line for each setting: key, value, and source; or a file. Tries what settings name: the place of pictures, and
    /// the mail server.
    ///
    /// # Errors
    /// If something that settings name does not work.
    pub(super) async fn run(&self, effective: &Effective) -> Result<(), Failure> {
        self.show(effective);
        if effective.settings.media.place.is_some() {
            wiring::probe_media(&effective.settings).await?;
            hint("media.store: a file was stored, read and deleted");
        }
        if let Some(mail) = &effective.settings.mail {
            let mailer = wiring::mailer(mail).map_err(|error| Failure::Usage(error.to_string()))?;
            mailer.test_connection().await.map_err(|error| Failure::Usage(error.to_string()))?;
        }
        Ok(())
    }

    fn show(&self, effective: &Effective) {
        if self.print {
            say(print(&effective.shown).trim_end());
            return;
        }
        let width = effective.shown.iter().map(|shown| shown.key.len()).max().unwrap_or_default();
        for shown in &effective.shown {
            if self.explain {
                say(format_args!("# {}", shown.meaning));
            }
            say(format_args!("{:width$} = {}  # {}", shown.key, shown.value, shown.origin));
        }
    }
}
