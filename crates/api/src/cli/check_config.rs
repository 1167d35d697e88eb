use clap::Args;

use super::say;
use crate::config::Effective;

/// The arguments of `check-config`.
#[derive(Args)]
pub(super) struct CheckConfig {
    /// Also print the meaning of each setting
    #[arg(long)]
    explain: bool,
}

impl CheckConfig {
    /// Prints a line for each setting: key, value, and source.
    pub(super) fn run(&self, effective: &Effective) {
        let width = effective.shown.iter().map(|shown| shown.key.len()).max().unwrap_or_default();
        for shown in &effective.shown {
            if self.explain {
                say(format_args!("# {}", shown.meaning));
            }
            say(format_args!("{:width$} = {}  # {}", shown.key, shown.value, shown.origin));
        }
    }
}
