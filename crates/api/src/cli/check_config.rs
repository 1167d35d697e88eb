use super::say;
use crate::config::Effective;

/// Shows every setting with where it comes from.
pub(super) fn run(effective: &Effective) {
    let width = effective.shown.iter().map(|shown| shown.key.len()).max().unwrap_or_default();
    for shown in &effective.shown {
        say(format_args!("{:width$} = {}  # {}", shown.key, shown.value, shown.origin));
    }
}
