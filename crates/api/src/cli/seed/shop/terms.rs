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
/// The options of product groups.
pub(super) const SIZE: &str = "size";
pub(super) const COLOUR: &str = "colour";

/// The numbers of the first of each kind.
const CATEGORY: u32 = 501;
const BRAND: u32 = 521;
const ATTRIBUTE: u32 = 541;
const TERM_OF_SIZE: u32 = 551;
const TERM_OF_COLOUR: u32 = 561;

/// Categories, each with the place of the one above it in this list.
const CATEGORIES: [(&str, Option<u32>); 12] = [
    ("Books", None),
    ("Cooking", Some(0)),
    ("Food", None),
    ("Coffee", Some(2)),
    ("Furniture", None),
    ("Lamps", Some(4)),
    ("Wardrobes", Some(4)),
    ("Courses", None),
    ("Tableware", None),
    ("Clothes", None),
    ("Bags", None),
    ("Paper", None),
];

const BRANDS: [&str; 4] = ["Old Town Press", "Northlight", "Oak & Sons", "Clay & Co"];
const SIZES: [&str; 3] = ["Small", "Medium", "Large"];
const COLOURS: [&str; 8] = ["White", "Grey", "Navy", "Blue", "Green", "Yellow", "Red", "Black"];

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let mut made = Made::default();
    for (number, (name, above)) in (CATEGORY..).zip(CATEGORIES) {
        let parent_id = above.map(|place| TermId(Moment::opening(CATEGORY + place).id()));
        let details = TermDetails { parent_id, ..TermDetails::named(TermName::parse(name)?) };
        made.count(make(past, AttributeCode::category(), number, details).await?);
    }
    made.say(past.tools, "categories");
    named(past, AttributeCode::BRAND, BRAND, &BRANDS).await?.say(past.tools, "brands");
    let mut made = Made::default();
    for (number, attribute) in (ATTRIBUTE..).zip([power()?, choice(SIZE, "Size")?, choice(COLOUR, "Colour")?]) {
        let is_new = past.queries.attributes.get(&attribute.code).await?.is_none();
        if is_new {
            let what = format!("attribute {}", attribute.code.as_str());
            past.make(&what, Moment::opening(number), CreateAttribute(attribute)).await?;
        }
        made.count(is_new);
    }
    made.say(past.tools, "attributes");
    named(past, SIZE, TERM_OF_SIZE, &SIZES).await?.say(past.tools, "sizes");
    named(past, COLOUR, TERM_OF_COLOUR, &COLOURS).await?.say(past.tools, "colours");
    Ok(())
}

/// Makes the terms of these names that are not there.
async fn named(past: &Past<'_>, code: &str, first: u32, names: &[&str]) -> Result<Made, Failure> {
    let mut made = Made::default();
    for (number, name) in (first..).zip(names) {
        let details = TermDetails::named(TermName::parse(name)?);
        made.count(make(past, AttributeCode::parse(code)?, number, details).await?);
    }
    Ok(made)
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

/// A choice of one term.
fn choice(code: &str, name: &str) -> Result<AttributeDetails, Invalid> {
    let (code, name) = (AttributeCode::parse(code)?, AttributeName::parse(name)?);
    Ok(AttributeDetails { code, name, kind: AttributeType::Choice, unit: None, ..power()? })
}
