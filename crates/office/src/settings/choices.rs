use application::Error;
use domain::pricing::ZoneId;
use domain::zones::ZoneFilter;
use domain::{Invalid, Uuid};

use crate::request::{Staff, all};

/// What fields of shipping and taxes choose from: zones and tax classes.
pub(super) struct Choices {
    zones: Vec<(String, String)>,
    classes: Vec<(String, String)>,
}

/// Options of a field: values, each with what is shown for it.
pub(super) type Options<'a> = Vec<(&'a str, &'a str)>;

impl Choices {
    /// The zones and the classes of the shop.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) async fn of(staff: &Staff) -> Result<Self, Error> {
        Ok(Self { zones: zones(staff).await?, classes: classes(staff).await? })
    }

    /// The zones.
    pub(super) fn zones(&self) -> Options<'_> {
        options(&self.zones)
    }

    /// The tax classes.
    pub(super) fn classes(&self) -> Options<'_> {
        options(&self.classes)
    }

    /// The tax classes, after this in place of none.
    pub(super) fn classes_or<'a>(&'a self, none: &'a str) -> Options<'a> {
        std::iter::once(("", none)).chain(self.classes()).collect()
    }
}

/// All zones by their ids.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn zones(staff: &Staff) -> Result<Vec<(String, String)>, Error> {
    let queries = &staff.office.queries;
    let zones = all(async |page| queries.zones.list(&ZoneFilter::default(), page).await).await?;
    Ok(zones.iter().map(|zone| (zone.id.to_string(), zone.name.to_string())).collect())
}

/// All tax classes by their codes.
///
/// # Errors
/// If the database does not answer.
pub(crate) async fn classes(staff: &Staff) -> Result<Vec<(String, String)>, Error> {
    let queries = &staff.office.queries;
    let classes = all(async |page| queries.tax_classes.list(page).await).await?;
    Ok(classes.iter().map(|class| (class.code.as_str().to_owned(), class.name.to_string())).collect())
}

/// The name of a zone among these.
pub(super) fn named(zones: &[(String, String)], id: ZoneId) -> &str {
    let id = id.to_string();
    zones.iter().find(|(known, _)| *known == id).map_or("another", |(_, name)| name.as_str())
}

fn options(pairs: &[(String, String)]) -> Options<'_> {
    pairs.iter().map(|(value, shown)| (value.as_str(), shown.as_str())).collect()
}

/// The zone that is chosen.
pub(super) fn zone_id(raw: &str) -> Result<ZoneId, Invalid> {
    let chosen = || Invalid::new(domain::Code::Format, "must be one of the zones");
    Uuid::try_parse(raw).map(ZoneId).map_err(|_| chosen())
}
