//! Product groups of the demo shop: goods in sizes and colours, with their pictures.

use application::groups::{AssignToGroup, CreateGroup, NewMembers, OptionInput};
use application::media::{Pictures, PicturesOf, PlacePictures, Uploaded};
use application::stock::AdjustStock;
use domain::attributes::{AttributeCode, AttributeInput};
use domain::groups::{GroupId, GroupName, GroupView, ShownOption, SkuPattern};
use domain::media::{Alt, Gallery, GalleryFault, MediaId, OwnerKind, Placed};
use domain::pages::PageTexts;
use domain::products::{Description, ProductId};
use domain::stock::{Adjustment, Reason};
use domain::terms::TermId;
use domain::{Invalid, Price};

use super::Made;
use super::drawing::{self, Drawing, Rgb};
use super::past::{Moment, Past};
use super::terms::{COLOUR, SIZE};
use crate::cli::error::Failure;

/// The number of the first group. Each takes one for itself, one for what it has of attributes, and two for each member.
const FIRST: u32 = 601;
const EACH: u32 = 32;
/// The most members of a group.
const MOST_MEMBERS: u32 = 10;

/// A group before it is parsed.
pub(super) struct Range {
    pub name: &'static str,
    pub description: &'static str,
    /// The beginning of the SKUs.
    sku: &'static str,
    pub price: i64,
    pub category: &'static str,
    pub brand: &'static str,
    sizes: &'static [&'static str],
    colours: &'static [&'static str],
    drawing: Drawing,
}

pub(super) static RANGES: [Range; 12] = [
    Range {
        name: "Stoneware mug",
        description: "Holds 300 ml, and goes into the dishwasher.",
        sku: "MUG",
        price: 1490,
        category: "tableware",
        brand: "clay-co",
        sizes: &[],
        colours: &["white", "blue", "red", "green"],
        drawing: drawing::MUG,
    },
    Range {
        name: "Teapot",
        description: "For four cups, with a strainer of steel.",
        sku: "POT",
        price: 4290,
        category: "tableware",
        brand: "clay-co",
        sizes: &[],
        colours: &["white", "green"],
        drawing: drawing::TEAPOT,
    },
    Range {
        name: "Plate",
        description: "Fired twice, for the oven and the table.",
        sku: "PLATE",
        price: 1290,
        category: "tableware",
        brand: "clay-co",
        sizes: &["small", "medium", "large"],
        colours: &["white"],
        drawing: drawing::PLATE,
    },
    Range {
        name: "T-shirt",
        description: "Heavy cotton that keeps its form.",
        sku: "TEE",
        price: 2490,
        category: "clothes",
        brand: "northlight",
        sizes: &["small", "medium", "large"],
        colours: &["white", "navy"],
        drawing: drawing::SHIRT,
    },
    Range {
        name: "Wool sweater",
        description: "Knitted of lambswool, close at the wrists.",
        sku: "KNIT",
        price: 7900,
        category: "clothes",
        brand: "northlight",
        sizes: &["small", "medium", "large"],
        colours: &["grey", "red"],
        drawing: drawing::SWEATER,
    },
    Range {
        name: "Socks",
        description: "Three pairs, with a heel that lasts.",
        sku: "SOCK",
        price: 1590,
        category: "clothes",
        brand: "northlight",
        sizes: &["small", "large"],
        colours: &["navy", "yellow", "grey"],
        drawing: drawing::SOCKS,
    },
    Range {
        name: "Cap",
        description: "One size, with a strap of leather.",
        sku: "CAP",
        price: 2190,
        category: "clothes",
        brand: "northlight",
        sizes: &[],
        colours: &["navy", "red", "green"],
        drawing: drawing::CAP,
    },
    Range {
        name: "Tote bag",
        description: "Carries twelve kilograms, and folds into a pocket.",
        sku: "TOTE",
        price: 1290,
        category: "bags",
        brand: "oak-sons",
        sizes: &[],
        colours: &["white", "yellow", "navy"],
        drawing: drawing::BAG,
    },
    Range {
        name: "Backpack",
        description: "22 litres, with a sleeve for a computer of 15 inches.",
        sku: "PACK",
        price: 8900,
        category: "bags",
        brand: "oak-sons",
        sizes: &[],
        colours: &["grey", "navy", "green", "red"],
        drawing: drawing::BACKPACK,
    },
    Range {
        name: "Notebook",
        description: "160 pages with dots, sewn, so that it lies flat.",
        sku: "NOTE",
        price: 990,
        category: "paper",
        brand: "old-town-press",
        sizes: &["small", "large"],
        colours: &["blue", "red", "yellow"],
        drawing: drawing::NOTEBOOK,
    },
    Range {
        name: "Poster",
        description: "Printed on heavy paper, without a frame.",
        sku: "POST",
        price: 1990,
        category: "paper",
        brand: "old-town-press",
        sizes: &["small", "medium", "large"],
        colours: &["blue", "red"],
        drawing: drawing::POSTER,
    },
    Range {
        name: "Cushion",
        description: "Filled with down; the cover can be washed.",
        sku: "CUSH",
        price: 3490,
        category: "furniture",
        brand: "oak-sons",
        sizes: &["small", "large"],
        colours: &["yellow", "grey", "blue", "red", "green"],
        drawing: drawing::CUSHION,
    },
];

/// The colours that goods have, by the slugs of their terms.
pub(super) const COLOURS: [(&str, Rgb); 8] = [
    ("white", [236, 231, 222]),
    ("grey", [150, 152, 156]),
    ("navy", [42, 58, 98]),
    ("blue", [72, 116, 178]),
    ("green", [140, 164, 134]),
    ("yellow", [224, 180, 78]),
    ("red", [186, 70, 58]),
    ("black", [58, 58, 62]),
];

/// Makes the groups that are not there.
pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let mut made = Made::default();
    for (first, range) in numbered() {
        let is_new = past.queries.groups.get(GroupId(Moment::opening(first).id()), None).await?.is_none();
        if is_new {
            range.make(past, first).await?;
        }
        made.count(is_new);
    }
    made.say(past.tools, "product groups");
    Ok(())
}

/// Gives pictures to the members that have none.
pub(super) async fn draw(past: &Past<'_>, pictures: &Pictures) -> Result<(), Failure> {
    if !pictures.has_store() {
        return Err(Failure::Usage("--pictures needs a place for them: set media.store".to_owned()));
    }
    let mut made = Made::default();
    for (first, range) in numbered() {
        range.draw(past, pictures, first, &mut made).await?;
    }
    made.say(past.tools, "pictures");
    Ok(())
}

/// The members that are in stock.
pub(super) async fn in_stock(past: &Past<'_>) -> Result<Vec<ProductId>, Failure> {
    let mut found = Vec::new();
    for (first, _) in numbered() {
        let group = past.queries.groups.get(GroupId(Moment::opening(first).id()), None).await?;
        let members = group.into_iter().flat_map(|group| group.members);
        found.extend(members.filter(|member| member.in_stock).map(|member| member.id));
    }
    Ok(found)
}

/// The groups, each with the number of its first command.
fn numbered() -> impl Iterator<Item = (u32, &'static Range)> {
    (0..).zip(&RANGES).map(|(number, range)| (FIRST + number * EACH, range))
}

impl Range {
    /// Makes the group with its members, their stock, and what it has of attributes.
    async fn make(&self, past: &Past<'_>, first: u32) -> Result<(), Failure> {
        let what = format!("product group {}", self.name);
        let group = past.make(&what, Moment::opening(first), self.group()?).await?;
        let text = |text: &str| AttributeInput::Text(text.to_owned());
        let given = vec![
            (AttributeCode::CATEGORY.to_owned(), text(self.category)),
            (AttributeCode::BRAND.to_owned(), text(self.brand)),
        ];
        let assign = AssignToGroup { id: group.group.id, given, expected: None };
        past.make(&what, Moment::opening(first + 1), assign).await?;
        for (number, member) in (0..).zip(&group.members) {
            // One of them is sold out.
            let units = 40 + i64::from(first + number * 7) % 60;
            if number == 2 && self.sizes.len() > 2 {
                continue;
            }
            let adjust = AdjustStock {
                product_id: member.id,
                adjustment: Adjustment::parse(units)?,
                reason: Reason::parse("First delivery")?,
            };
            past.make(&what, Moment::opening(first + 2 + number), adjust).await?;
        }
        Ok(())
    }

    fn group(&self) -> Result<CreateGroup, Invalid> {
        let option = |code: &str, terms: &[&str]| OptionInput {
            attribute: code.to_owned(),
            terms: terms.iter().map(|&slug| slug.to_owned()).collect(),
        };
        let (size, colour) = (option(SIZE, self.sizes), option(COLOUR, self.colours));
        let options: Vec<_> = [size, colour].into_iter().filter(|option| !option.terms.is_empty()).collect();
        let varying: Vec<_> = options.iter().map(|option| format!("{{{}}}", option.attribute)).collect();
        Ok(CreateGroup {
            name: Some(GroupName::parse(self.name)?),
            slug: None,
            description: Some(Description::parse(self.description)?),
            page: PageTexts::default(),
            options,
            members: NewMembers::All {
                price: Price::parse(self.price)?,
                sku_pattern: Some(SkuPattern::parse(&format!("DEMO-{}-{}", self.sku, varying.join("-")))?),
            },
            from: None,
        })
    }

    /// Draws the goods in a colour. The same picture is kept once.
    pub async fn upload(&self, past: &Past<'_>, pictures: &Pictures, colour: &str) -> Result<Uploaded, Failure> {
        let none = || Failure::Usage(format!("no picture of {} can be drawn in {colour}", self.name));
        let (_, rgb) = COLOURS.iter().find(|(slug, _)| *slug == colour).ok_or_else(none)?;
        let edge = u32::from(drawing::EDGE);
        let file = pictures::png(edge, edge, self.drawing.pixels(*rgb)).ok_or_else(none)?;
        Ok(pictures.upload(&past.now(), file).await?)
    }

    /// Draws the group in each of its colours, and gives the members the picture of theirs.
    async fn draw(&self, past: &Past<'_>, pictures: &Pictures, first: u32, drawn: &mut Made) -> Result<(), Failure> {
        let id = GroupId(Moment::opening(first).id());
        // Somebody may have deleted it meanwhile.
        let Some(group) = past.queries.groups.get(id, None).await? else { return Ok(()) };
        for colour in self.colours {
            let members = members(&group, colour);
            let wanting = without_picture(past, &members).await?;
            if wanting.is_empty() {
                drawn.count(false);
                continue;
            }
            let uploaded = self.upload(past, pictures, colour).await?;
            let of_members = wanting.into_iter().map(|(number, id)| (number, PicturesOf::Product(id)));
            let of_group = (self.colours.first() == Some(colour)).then_some((MOST_MEMBERS, PicturesOf::Group(id)));
            for (number, of) in of_members.chain(of_group) {
                let gallery = gallery(uploaded.picture.id, &format!("{}, {colour}", self.name))?;
                let place = PlacePictures { of, gallery, expected: None };
                let number = first + EACH / 2 + number;
                past.make(&format!("picture of {}", self.name), Moment::opening(number), place).await?;
            }
            drawn.count(uploaded.is_new);
        }
        Ok(())
    }
}

pub(super) fn gallery(media_id: MediaId, alt: &str) -> Result<Gallery, Invalid> {
    Gallery::new(vec![Placed { media_id, alt: Some(Alt::parse(alt)?) }]).map_err(GalleryFault::invalid)
}

/// The members of a colour, each with its place in the group.
fn members(group: &GroupView, colour: &str) -> Vec<(u32, ProductId)> {
    let of_colour = |option: &&ShownOption| option.code.as_str() == COLOUR;
    let terms = group.options.iter().find(of_colour).map_or(&[][..], |option| &option.terms);
    let term: Option<TermId> = terms.iter().find(|term| term.slug.as_str() == colour).map(|term| term.id);
    let members = (0..).zip(&group.members);
    members
        .filter(|(_, member)| member.terms.iter().any(|id| Some(*id) == term))
        .map(|(n, member)| (n, member.id))
        .collect()
}

/// Those of the products that have no picture yet.
async fn without_picture(past: &Past<'_>, members: &[(u32, ProductId)]) -> Result<Vec<(u32, ProductId)>, Failure> {
    let ids: Vec<_> = members.iter().map(|(_, id)| id.0).collect();
    let galleries = past.queries.media.galleries(OwnerKind::Product, &ids).await?;
    Ok(members.iter().filter(|(_, id)| galleries.get(&id.0).is_none_or(Vec::is_empty)).copied().collect())
}
