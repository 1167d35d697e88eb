use clap::Args;

use super::say;
use crate::config::Effective;

/// How settings are shown.
#[derive(Args)]
pub(super) struct CheckConfig {
    /// Say what each setting means, too
    #[arg(long)]
    explain: bool,
}

impl CheckConfig {
    /// Shows every setting with where it comes from.
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
