use application::Error;
use domain::pricing::ZoneId;
use domain::zones::{Zone, ZoneFilter};
use domain::{Invalid, Uuid};

use super::first_hundred;
use crate::request::Staff;

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
        let queries = &staff.office.queries;
        let zones = queries.zones.list(&ZoneFilter::default(), &first_hundred()).await?;
        let classes = queries.tax_classes.list(&first_hundred()).await?;
        let named = |zone: &Zone| (zone.id.to_string(), zone.name.to_string());
        Ok(Self {
            zones: zones.items.iter().map(named).collect(),
            classes: classes
                .items
                .iter()
                .map(|class| (class.code.as_str().to_owned(), class.name.to_string()))
                .collect(),
        })
    }

    /// The zones.
    pub(super) fn zones(&self) -> Options<'_> {
        all(&self.zones)
    }

    /// The tax classes.
    pub(super) fn classes(&self) -> Options<'_> {
        all(&self.classes)
    }

    /// The tax classes, after this in place of none.
    pub(super) fn classes_or<'a>(&'a self, none: &'a str) -> Options<'a> {
        std::iter::once(("", none)).chain(self.classes()).collect()
    }
}

fn all(pairs: &[(String, String)]) -> Options<'_> {
    pairs.iter().map(|(value, shown)| (value.as_str(), shown.as_str())).collect()
}

/// The zone that is chosen.
pub(super) fn zone_id(raw: &str) -> Result<ZoneId, Invalid> {
    let chosen = || Invalid::new(domain::Code::Format, "must be one of the zones");
    Uuid::try_parse(raw).map(ZoneId).map_err(|_| chosen())
}
