use clap::Args;

use super::say;
use crate::config::{Effective, print};

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
    /// Prints a line for each setting: key, value, and source; or a file.
    pub(super) fn run(&self, effective: &Effective) {
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
