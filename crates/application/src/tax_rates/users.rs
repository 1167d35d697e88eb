use domain::pricing::DatedRate;
use domain::zones::Zone;

use crate::{Error, Tx, Users};

/// The codes of the tax rates for which `is_user` is true, each once: they use a zone, or a tax class.
pub(crate) async fn codes_of(
    tx: &mut dyn Tx,
    is_user: impl Fn(&Zone, &DatedRate) -> bool + Send,
) -> Result<Users, Error> {
    let zones = tx.tax_rates().zones().await?;
    let users = zones.iter().flat_map(|one| one.rates.iter().filter(|rate| is_user(&one.zone, rate)));
    let mut names: Vec<_> = users.map(|rate| rate.rate.code.as_str().to_owned()).collect();
    names.sort();
    names.dedup();
    Ok(Users { kind: "tax rates", names })
}
