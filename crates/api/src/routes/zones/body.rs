use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::pricing::{Area, AreaCountry, AreaRegion, PostalPrefix, ShippingTax, ZoneId};
use domain::zones::{Members, Zone, ZoneDetails, ZoneName, parts};
use serde::Serialize;

/// A part of the world that is shipped to and taxed alike.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Zone")]
pub(crate) struct ZoneBody {
    id: Id,
    name: String,
    /// Its areas, sorted.
    members: Vec<AreaBody>,
    /// Which rates shipping bears: `proportional`, `highest`, `largest`, `none`, or `class:` and the code of a tax class.
    /// Null if as everywhere in the shop.
    shipping_tax: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// A country, or a part of it.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Area")]
pub(crate) struct AreaBody {
    /// An ISO 3166-1 alpha-2 code, or `*` for every country.
    country: String,
    /// In capitals; null if the whole country counts.
    region: Option<String>,
    /// How postal codes begin there, in capitals and without blanks; null if all count.
    postal_prefix: Option<String>,
}

impl ZoneBody {
    pub(super) fn location(zone: &Zone) -> String {
        format!("/api/v1/zones/{}", zone.id)
    }
}

impl From<&Area> for AreaBody {
    fn from(area: &Area) -> Self {
        let (country, region, postal_prefix) = parts(area);
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self { country: country.to_owned(), region: given(region), postal_prefix: given(postal_prefix) }
    }
}

impl From<&Zone> for ZoneBody {
    fn from(zone: &Zone) -> Self {
        Self {
            id: Id(zone.id.0),
            name: zone.name.to_string(),
            members: zone.members.as_slice().iter().map(AreaBody::from).collect(),
            shipping_tax: zone.shipping_tax.as_ref().map(ToString::to_string),
            created_at: Timestamp(zone.created_at),
            updated_at: Timestamp(zone.updated_at),
            version: zone.version.0,
        }
    }
}

impl ResponseBody for ZoneBody {
    fn example() -> Self {
        let area = Area::from_trusted(
            AreaCountry::from_trusted("US".to_owned()),
            Some(AreaRegion::from_trusted("CA".to_owned())),
            Some(PostalPrefix::from_trusted("902".to_owned())),
        );
        let details = ZoneDetails {
            name: ZoneName::from_trusted("Beverly Hills".to_owned()),
            members: Members::from_trusted(vec![area]),
            shipping_tax: Some(ShippingTax::Proportional),
        };
        Self::from(&Zone::new(ZoneId(example::id()), details, example::NOW))
    }
}

impl Body for ZoneBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
