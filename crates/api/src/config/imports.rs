use std::time::Duration;

use domain::webhooks::Networks;

use super::Network;
use super::parse::{duration, networks, number};
use super::reader::Reader;

const DAY: Duration = Duration::from_hours(24);

/// `imports.*`: files of products.
#[derive(Debug, Clone)]
pub struct ImportSettings {
    /// The most bytes of a file.
    pub max_bytes: u64,
    /// How many files are received at once.
    pub uploads: usize,
    /// How long the rows of an import are kept after its end.
    pub keep_rows: Duration,
    /// Networks of which pictures are fetched although they are not public.
    pub allow_networks: Networks,
}

/// Reads the settings.
pub(super) fn imports(reader: &mut Reader) -> Option<ImportSettings> {
    let max_bytes = reader.setting("imports.max_bytes", "200000000", number(1_000..=2_000_000_000));
    let uploads = reader.setting("imports.uploads", "4", number(1..=64));
    let keep_rows = reader.setting("imports.keep_rows_for", "30d", duration(DAY..=DAY * 3650));
    let networks = reader.setting("imports.allow_networks", "", networks);
    let allow_networks = Networks::new(networks?.into_iter().map(Network::net).collect());
    Some(ImportSettings { max_bytes: max_bytes?, uploads: uploads?, keep_rows: keep_rows?, allow_networks })
}
