use application::attributes::CreateAttribute;
use application::terms::CreateTerm;
use domain::Invalid;
use domain::attributes::{AttributeCode, AttributeDetails, AttributeName, AttributeType, Position, Unit};
use domain::terms::{TermDetails, TermId, TermKey, TermName};

use super::Made;
use super::past::{Moment, Past};
use crate::cli::error::Failure;

/// Watts, of lamps.
pub(super) const POWER: &str = "power";

/// The number of the first category and the first brand.
const CATEGORY: u32 = 501;
const BRAND: u32 = 521;
const ATTRIBUTE: u32 = 541;

/// Categories, each with the place of the one above it in this list.
const CATEGORIES: [(&str, Option<u32>); 8] = [
    ("Books", None),
    ("Cooking", Some(0)),
    ("Food", None),
    ("Coffee", Some(2)),
    ("Furniture", None),
    ("Lamps", Some(4)),
    ("Wardrobes", Some(4)),
    ("Courses", None),
];

const BRANDS: [&str; 3] = ["Old Town Press", "Northlight", "Oak & Sons"];

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let mut made = Made::default();
    for (number, (name, above)) in (CATEGORY..).zip(CATEGORIES) {
        let parent_id = above.map(|place| TermId(Moment::opening(CATEGORY + place).id()));
        let details = TermDetails { parent_id, ..TermDetails::named(TermName::parse(name)?) };
        made.count(make(past, AttributeCode::category(), number, details).await?);
    }
    made.say("categories");
    let mut made = Made::default();
    for (number, name) in (BRAND..).zip(BRANDS) {
        let details = TermDetails::named(TermName::parse(name)?);
        made.count(make(past, AttributeCode::parse(AttributeCode::BRAND)?, number, details).await?);
    }
    made.say("brands");
    let mut made = Made::default();
    let power = power()?;
    let is_new = past.queries.attributes.get(&power.code).await?.is_none();
    if is_new {
        past.make("attribute power", Moment::opening(ATTRIBUTE), CreateAttribute(power)).await?;
    }
    made.count(is_new);
    made.say("attributes");
    Ok(())
}

/// Makes a term unless it is there. Returns whether it is new.
async fn make(past: &Past<'_>, code: AttributeCode, number: u32, details: TermDetails) -> Result<bool, Failure> {
    let moment = Moment::opening(number);
    let attribute = past.queries.attributes.get(&code).await?;
    let is_new = match attribute {
        Some(attribute) => past.queries.terms.get(attribute.id, &TermKey::Id(TermId(moment.id()))).await?.is_none(),
        None => true,
    };
    if is_new {
        let what = format!("{} {}", code.as_str(), details.name.as_str());
        past.make(&what, moment, CreateTerm { attribute: code, details }).await?;
    }
    Ok(is_new)
}

fn power() -> Result<AttributeDetails, Invalid> {
    Ok(AttributeDetails {
        code: AttributeCode::parse(POWER)?,
        name: AttributeName::parse("Power")?,
        kind: AttributeType::Integer,
        is_multiple: false,
        is_filterable: true,
        is_internal: false,
        unit: Some(Unit::parse("W")?),
        position: Position::default(),
    })
}
