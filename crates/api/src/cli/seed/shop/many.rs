//! Product groups of any number, for a shop of any size: each with ten members in sizes and colours, a category, a brand,
//! and a number. They are loaded in bulk; the terms are those of the demo shop.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::assignments::{Assigned, Has};
use domain::attributes::{AttributeCode, AttributeId, Scalar};
use domain::groups::{Combination, Group, GroupDetails, GroupId, GroupName, Inherits, Member, member_name};
use domain::media::{Gallery, MediaId};
use domain::products::{Description, Particulars, Product, ProductDetails, ProductId, Sku};
use domain::slugs::Slug;
use domain::stock::Stock;
use domain::terms::{Term, TermKey};
use domain::{Invalid, Price};
use infrastructure::db::{BulkGroup, BulkMember};

use super::past::Past;
use super::ranges::{COLOURS, RANGES, Range, gallery};
use super::terms::{self, COLOUR, POWER, SIZE};
use super::{Seed, Settings, Tools, pictures_on};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::seed::{batches_of, moment};

/// Groups in one transaction.
const BATCH: u32 = 100;
const SIZES: [&str; 2] = ["small", "large"];
/// How many colours a group has.
const COLOURS_OF_ONE: usize = 5;

/// What the groups have of attributes.
struct Taxonomy {
    ids: HashMap<&'static str, AttributeId>,
    /// The terms by attribute and slug.
    terms: HashMap<(&'static str, &'static str), Term>,
}

/// The pictures that are drawn so far: at most one for each kind of goods and each colour, however many groups there are.
struct Drawn<'a> {
    past: &'a Past<'a>,
    pictures: Option<application::media::Pictures>,
    ids: HashMap<(&'static str, &'static str), MediaId>,
}

/// Makes the groups with these numbers that are not there.
pub(in crate::cli::seed) async fn seed(tools: &Tools, settings: &Settings, asked: &Seed) -> Result<(), Failure> {
    if asked.groups == 0 {
        return Ok(());
    }
    let past = Past::of(tools, settings);
    terms::seed(&past).await?;
    let taxonomy = Taxonomy::of(&past).await?;
    let pictures = if asked.pictures { Some(pictures_on(&tools.database, settings)?) } else { None };
    let mut drawn = Drawn { past: &past, pictures, ids: HashMap::new() };
    drawn.expect_store()?;
    let progress = Progress::of("product groups", asked.groups.into());
    let mut made = 0;
    for batch in batches_of(BATCH, asked.groups) {
        let numbers: Vec<_> = batch.collect();
        let firsts = numbers.iter().map(|n| first_sku(*n)).collect::<Result<Vec<_>, _>>()?;
        let there = tools.database.products_by_sku(&firsts).await?;
        let there: HashSet<_> = there.into_iter().filter_map(|(product, _)| product.sku).collect();
        let mut groups = Vec::with_capacity(numbers.len());
        for (n, _) in numbers.iter().zip(&firsts).filter(|(_, first)| !there.contains(*first)) {
            groups.push(taxonomy.group(*n, &mut drawn).await?);
        }
        tools.database.bulk_groups(&groups).await?;
        made += groups.len() as u64;
        progress.add(numbers.len());
    }
    progress.finish();
    let before = u64::from(asked.groups).saturating_sub(made);
    tools.say(format_args!("groups of any number: {made} created, {before} already existed"));
    Ok(())
}

/// The SKU of the first member, by which a group is known.
fn first_sku(n: u32) -> Result<Sku, Invalid> {
    let colour = colours(n).next().map_or("", |(slug, _)| slug);
    sku(n, SIZES[0], colour)
}

fn sku(n: u32, size: &str, colour: &str) -> Result<Sku, Invalid> {
    Sku::parse(&format!("DEMO-G{n:06}-{}-{}", size.to_uppercase(), colour.to_uppercase()))
}

/// What goods a group has.
fn range(n: u32) -> &'static Range {
    let place = n as usize % RANGES.len();
    RANGES.iter().cycle().nth(place).unwrap_or(&RANGES[0])
}

/// The colours of a group.
fn colours(n: u32) -> impl Iterator<Item = (&'static str, super::drawing::Rgb)> {
    COLOURS.iter().copied().cycle().skip(n as usize % COLOURS.len()).take(COLOURS_OF_ONE)
}

impl Taxonomy {
    async fn of(past: &Past<'_>) -> Result<Self, Failure> {
        let (mut ids, mut terms) = (HashMap::new(), HashMap::new());
        let slugs = |code| -> Vec<&'static str> {
            match code {
                SIZE => SIZES.to_vec(),
                COLOUR => COLOURS.iter().map(|(slug, _)| *slug).collect(),
                AttributeCode::CATEGORY => RANGES.iter().map(|range| range.category).collect(),
                AttributeCode::BRAND => RANGES.iter().map(|range| range.brand).collect(),
                _ => Vec::new(),
            }
        };
        for code in [AttributeCode::CATEGORY, AttributeCode::BRAND, SIZE, COLOUR, POWER] {
            let gone =
                |what: &str| Failure::Usage(format!("--groups: this shop has no {what}, which `seed` has made before"));
            let attribute = past.queries.attributes.get(&AttributeCode::parse(code)?).await?;
            let id = attribute.ok_or_else(|| gone(&format!("attribute {code}")))?.id;
            ids.insert(code, id);
            for slug in slugs(code) {
                let term = past.queries.terms.get(id, &TermKey::Slug(Slug::parse(slug)?)).await?;
                terms.insert((code, slug), term.ok_or_else(|| gone(&format!("{code} {slug}")))?);
            }
        }
        Ok(Self { ids, terms })
    }

    fn term(&self, code: &'static str, slug: &'static str) -> Result<&Term, Failure> {
        self.terms.get(&(code, slug)).ok_or_else(|| Failure::Usage(format!("--groups: there is no {code} {slug}")))
    }

    /// What somebody has of these attributes.
    fn assigned(&self, has: impl IntoIterator<Item = (&'static str, Has)>) -> Assigned {
        let by_id = has.into_iter().filter_map(|(code, has)| Some((*self.ids.get(code)?, has)));
        Assigned::from_trusted(by_id.collect::<BTreeMap<_, _>>(), std::collections::BTreeSet::new())
    }

    async fn group(&self, n: u32, drawn: &mut Drawn<'_>) -> Result<BulkGroup, Failure> {
        let (range, at) = (range(n), moment::made(n));
        let id = GroupId(moment::new_id(at));
        let name = GroupName::parse(&format!("{} {n}", range.name))?;
        let description = Some(Description::parse(range.description)?);
        let options = [SIZE, COLOUR].iter().filter_map(|code| self.ids.get(code).copied()).collect();
        let slug = Slug::of_goods(name.as_str(), id.0);
        let group = Group::new(id, GroupDetails { name, slug, description, options }, at);
        let of_group = |code, slug| Ok::<_, Failure>((code, Has::Terms(vec![self.term(code, slug)?.id])));
        let has = self.assigned([
            of_group(AttributeCode::CATEGORY, range.category)?,
            of_group(AttributeCode::BRAND, range.brand)?,
        ]);
        let mut members = Vec::with_capacity(SIZES.len() * COLOURS_OF_ONE);
        for size in SIZES {
            for (colour, _) in colours(n) {
                let picture = drawn.picture(range, colour).await?;
                members.push(self.member(&group, &has, (n, range), (size, colour), picture)?);
            }
        }
        let picture = members.first().map(|member| member.pictures.clone()).unwrap_or_default();
        Ok(BulkGroup { group, has, pictures: picture, members })
    }

    fn member(
        &self,
        group: &Group,
        of_group: &Assigned,
        (n, range): (u32, &Range),
        (size, colour): (&'static str, &'static str),
        pictures: Gallery,
    ) -> Result<BulkMember, Failure> {
        let (size_term, colour_term) = (self.term(SIZE, size)?, self.term(COLOUR, colour)?);
        let price = range.price + i64::from(n % 500) * 10;
        let details = ProductDetails {
            sku: Some(sku(n, size, colour)?),
            description: group.description.clone(),
            particulars: Particulars {
                compare_at_price: n.is_multiple_of(10).then(|| Price::parse(price * 5 / 4)).transpose()?,
                ..Particulars::default()
            },
            ..ProductDetails::new(
                member_name(&group.name, &[size_term.name.clone(), colour_term.name.clone()]),
                Price::parse(price)?,
            )
        };
        let product = Product::new(ProductId(moment::new_id(group.created_at)), details, group.created_at);
        let stock = Stock::new(product.id, i64::from(n * 7 % 40), group.created_at);
        let own = self.assigned([
            (SIZE, Has::Terms(vec![size_term.id])),
            (COLOUR, Has::Terms(vec![colour_term.id])),
            (POWER, Has::Value(Scalar::Integer(i64::from(5 + n % 60)))),
        ]);
        let has = own.filled(of_group).map_err(|refused| Failure::Usage(refused.to_string()))?;
        let place = Member {
            product_id: product.id,
            group_id: group.id,
            combination: Combination::new(vec![size_term.id, colour_term.id]),
            inherits: Inherits { description: true },
        };
        Ok(BulkMember { product, stock, place, has, pictures })
    }
}

impl Drawn<'_> {
    fn expect_store(&self) -> Result<(), Failure> {
        match &self.pictures {
            Some(pictures) if !pictures.has_store() => {
                Err(Failure::Usage("--pictures needs a place for them: set media.store".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// The picture of goods in a colour, if pictures are wanted.
    async fn picture(&mut self, range: &'static Range, colour: &'static str) -> Result<Gallery, Failure> {
        let Some(pictures) = &self.pictures else { return Ok(Gallery::default()) };
        let id = match self.ids.get(&(range.name, colour)) {
            Some(id) => *id,
            None => range.upload(self.past, pictures, colour).await?.picture.id,
        };
        self.ids.insert((range.name, colour), id);
        Ok(gallery(id, &format!("{}, {colour}", range.name))?)
    }
}
