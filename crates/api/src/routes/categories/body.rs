use super::super::media::MediaBody;
use super::super::products::media::bodies;
use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::attributes::{AttributeId, Position};
use domain::media::Shown;
use domain::slugs::Slug;
use domain::terms::{Category, CategoryNode, Leveled, Term, TermDetails, TermId, TermName};
use serde::Serialize;

/// A category in its tree.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "CategoryInTree")]
pub(crate) struct NodeBody {
    id: Id,
    slug: String,
    name: String,
    /// The category above it; null at the top.
    parent_id: Option<Id>,
    /// Its level: 1 at the top.
    depth: i64,
    /// The place among those beside it.
    position: i64,
}

/// A part of the tree, each category before what is below it.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "CategoryTree")]
pub(crate) struct CategoryTreeBody {
    items: Vec<NodeBody>,
}

/// A category.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Category")]
pub(crate) struct CategoryBody {
    id: Id,
    /// Its name in addresses, unique among categories.
    slug: String,
    name: String,
    /// The category above it; null at the top.
    parent_id: Option<Id>,
    /// Its level: 1 at the top.
    depth: i64,
    /// The place among those beside it.
    position: i64,
    description: Option<String>,
    /// For search engines.
    seo_title: Option<String>,
    /// For search engines.
    seo_description: Option<String>,
    /// Its pictures, the main one first.
    media: Vec<MediaBody>,
    /// The categories above it, from the top down.
    ancestors: Vec<NodeBody>,
    /// The categories right below it.
    children: Vec<NodeBody>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

fn level(depth: usize) -> i64 {
    i64::try_from(depth).unwrap_or(i64::MAX)
}

impl NodeBody {
    fn of(node: &CategoryNode, depth: usize) -> Self {
        Self {
            id: Id(node.id.0),
            slug: node.slug.to_string(),
            name: node.name.to_string(),
            parent_id: node.parent_id.map(|parent| Id(parent.0)),
            depth: level(depth),
            position: node.position.get(),
        }
    }
}

impl CategoryTreeBody {
    pub(super) fn of<'a>(part: impl Iterator<Item = &'a Leveled>) -> Self {
        Self { items: part.map(|category| NodeBody::of(&category.node, category.depth)).collect() }
    }
}

impl CategoryBody {
    pub(super) fn location(category: &Category) -> String {
        format!("/api/v1/categories/{}", category.term.id)
    }

    pub(super) fn of(Category { term, ancestors, children }: &Category, pictures: &[Shown], base: &str) -> Self {
        let depth = ancestors.len() + 1;
        Self {
            id: Id(term.id.0),
            slug: term.slug.to_string(),
            name: term.name.to_string(),
            parent_id: term.parent_id.map(|parent| Id(parent.0)),
            depth: level(depth),
            position: term.position.get(),
            description: term.description.as_ref().map(ToString::to_string),
            seo_title: term.seo_title.as_ref().map(ToString::to_string),
            seo_description: term.seo_description.as_ref().map(ToString::to_string),
            media: bodies(pictures, base),
            ancestors: (1..).zip(ancestors).map(|(depth, node)| NodeBody::of(node, depth)).collect(),
            children: children.iter().map(|node| NodeBody::of(node, depth + 1)).collect(),
            created_at: Timestamp(term.created_at),
            updated_at: Timestamp(term.updated_at),
            version: term.version.0,
        }
    }
}

/// A category for examples.
fn mugs() -> CategoryNode {
    CategoryNode {
        id: TermId(example::id()),
        parent_id: None,
        slug: Slug::from_trusted("mugs".to_owned()),
        name: TermName::from_trusted("Mugs".to_owned()),
        position: Position::default(),
    }
}

impl ResponseBody for CategoryTreeBody {
    fn example() -> Self {
        Self::of([Leveled { node: mugs(), depth: 1 }].iter())
    }
}

impl Body for CategoryTreeBody {
    fn version(&self) -> Option<i64> {
        None
    }
}

impl ResponseBody for CategoryBody {
    fn example() -> Self {
        let CategoryNode { id, slug, name, .. } = mugs();
        let term = Term::new(id, AttributeId(example::id()), TermDetails::named(name), slug, example::NOW);
        let category = Category { term, ancestors: Vec::new(), children: Vec::new() };
        Self { media: vec![MediaBody::example()], ..Self::of(&category, &[], "") }
    }
}

impl Body for CategoryBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
