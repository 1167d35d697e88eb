//! Areas in requests.

use domain::pricing::{Area, AreaCountry, AreaRegion, PostalPrefix};
use domain::zones::{MAX_MEMBERS, Members, MembersError};
use serde_json::{Value, json};

use crate::extract::read::{List, Object, list, object, text};
use crate::extract::{Fields, FromFields};

impl FromFields for Area {
    const NAME: &'static str = "NewArea";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let country = fields.required("country", &text(AreaCountry::parse));
        let region = fields.optional("region", &text(AreaRegion::parse));
        let postal_prefix = fields.optional("postal_prefix", &text(PostalPrefix::parse));
        let area = Self::new(country?, region?, postal_prefix?);
        area.map_err(|(field, invalid)| fields.refuse(field, invalid)).ok()
    }

    fn example() -> Value {
        json!({ "country": "US", "region": "CA", "postal_prefix": "902" })
    }
}

/// Parser of the areas of a zone.
pub(super) fn areas() -> List<Object<Area>> {
    list(object::<Area>(), MAX_MEMBERS)
}

/// The areas as members of a zone; `None` after adding the refusal.
pub(super) fn members(areas: Vec<Area>, fields: &mut Fields<'_>) -> Option<Members> {
    match Members::parse(areas) {
        Ok(members) => Some(members),
        Err(MembersError::Count(invalid)) => {
            fields.refuse("members", invalid);
            None
        }
        Err(MembersError::Repeated(places, invalid)) => {
            for place in places {
                fields.refuse(&format!("members[{place}]"), invalid.clone());
            }
            None
        }
    }
}
