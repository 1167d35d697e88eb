use async_trait::async_trait;
use domain::attributes::{Attribute, AttributeCode, AttributeType};
use domain::slugs::Slug;
use domain::terms::{Term, TermDetails, TermId};

use super::place::expect_place;
use crate::attributes::locked_attribute;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Creates a term of an attribute.
#[derive(Debug, Clone)]
pub struct CreateTerm {
    /// The attribute that gets it. It must be a choice.
    pub attribute: AttributeCode,
    /// What it is to be. Without a slug, one is made of the name.
    pub details: TermDetails,
}

#[async_trait]
impl Command for CreateTerm {
    type Output = Term;
    const NAME: &'static str = "terms.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Term, Error> {
        let attribute = locked_attribute(tx, &self.attribute, None).await?;
        if attribute.kind != AttributeType::Choice {
            return Err(Error::NotFound("choice with this code"));
        }
        new_term(tx, ctx, &attribute, &self.details).await
    }
}

/// Adds a term to a locked attribute.
///
/// # Errors
/// If its place or slug is refused, or the attribute has as many terms as it may have.
pub(crate) async fn new_term(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    attribute: &Attribute,
    details: &TermDetails,
) -> Result<Term, Error> {
    expect_place(tx, attribute, details.parent_id, None).await?;
    if tx.terms().count(attribute.id).await? >= attribute.most_terms() {
        return Err(Conflict::TooMany { what: "terms of an attribute", most: attribute.most_terms() }.into());
    }
    let id = TermId(ctx.ids.next());
    let slug = if let Some(slug) = &details.slug {
        slug.clone()
    } else {
        let slug = Slug::of_name(details.name.as_str(), id.0);
        slug.free_among(&tx.terms().like(attribute.id, &slug).await?)
    };
    let term = Term::new(id, attribute.id, details.clone(), slug, ctx.now);
    tx.terms().insert(&term).await?;
    audit(tx, ctx, CreateTerm::NAME, None, Some(&term)).await?;
    Ok(term)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::attributes::tests::{attribute, categories, tags};
    use crate::testing::{Mocks, NOW, id, run};
    use domain::Code;
    use domain::attributes::{AttributeId, Position};
    use domain::terms::{CategoryNode, TermName};

    pub fn node(n: u128, parent: Option<u128>) -> CategoryNode {
        CategoryNode {
            id: TermId(id(n)),
            parent_id: parent.map(|parent| TermId(id(parent))),
            slug: Slug::parse(&format!("c{n}")).unwrap(),
            name: TermName::parse("Mugs").unwrap(),
            position: Position::default(),
        }
    }

    /// A term with this number as its id.
    pub fn term(n: u128, attribute: u128, slug: &str) -> Term {
        let details = TermDetails::named(TermName::parse("Mugs").unwrap());
        Term::new(TermId(id(n)), AttributeId(id(attribute)), details, Slug::parse(slug).unwrap(), NOW)
    }

    fn named(name: &str) -> TermDetails {
        TermDetails::named(TermName::parse(name).unwrap())
    }

    fn create(details: TermDetails) -> CreateTerm {
        CreateTerm { attribute: AttributeCode::category(), details }
    }

    /// A transaction that locks this attribute.
    fn of(attribute: &Attribute) -> Mocks {
        let (mut tx, attribute) = (Mocks::default(), attribute.clone());
        tx.attributes.expect_lock().once().returning(move |_| Ok(Some(attribute.clone())));
        tx
    }

    #[tokio::test]
    async fn a_slug_is_made_of_the_name_and_numbered_if_it_is_taken_r201() {
        let mut tx = of(&categories());
        tx.terms.expect_count().once().returning(|_| Ok(1));
        let slug = |raw: &str| Slug::parse(raw).unwrap();
        tx.terms.expect_like().once().returning(move |_, _| Ok(vec![slug("blue-mugs"), slug("blue-mugs-2")]));
        tx.terms.expect_insert().once().returning(|_| Ok(()));
        let made = run(&create(named("Blue Mugs")), &mut tx).await.unwrap();
        assert_eq!((made.slug.as_str(), made.attribute_id), ("blue-mugs-3", categories().id));
    }

    #[tokio::test]
    async fn a_tree_has_10_000_terms_at_most_and_another_choice_60_000_r201_r202() {
        for (attribute, most) in [(categories(), 10_000), (tags(), 60_000)] {
            for count in [most - 1, most] {
                let mut tx = of(&attribute);
                tx.terms.expect_count().once().returning(move |_| Ok(count));
                tx.terms.expect_insert().times(usize::from(count < most)).returning(|_| Ok(()));
                let details = TermDetails { slug: Slug::parse("x").ok(), ..named("X") };
                let result = run(&create(details), &mut tx).await;
                let is_refused = matches!(result, Err(Error::Conflict(Conflict::TooMany { .. })));
                assert_eq!(is_refused, count == most, "{result:?}");
            }
        }
    }

    #[tokio::test]
    async fn only_a_choice_has_terms_r201() {
        let mut tx = of(&attribute(9, "width", AttributeType::Decimal));
        assert!(matches!(run(&create(named("X")), &mut tx).await.unwrap_err(), Error::NotFound(_)));
    }

    #[tokio::test]
    async fn a_parent_is_another_category_with_room_below_it_r201_r202() {
        let below = |parent| TermDetails { parent_id: Some(TermId(id(parent))), ..named("X") };
        let refused = async |attribute: Attribute, chain: Vec<CategoryNode>| {
            let mut tx = of(&attribute);
            tx.terms.expect_chain().times(..=1).returning(move |_, _| Ok(chain.clone()));
            match run(&create(below(20)), &mut tx).await.unwrap_err() {
                Error::Invalid(fields) => (fields[0].field.clone(), fields[0].invalid.code),
                other => panic!("{other:?}"),
            }
        };
        let field = |code| ("parent_id".to_owned(), code);
        assert_eq!(refused(tags(), vec![node(20, None)]).await, field(Code::Excluded));
        assert_eq!(refused(categories(), Vec::new()).await, field(Code::NotFound));
        let deep = (20..28).map(|n| node(n, Some(n + 1))).collect();
        assert_eq!(refused(categories(), deep).await, field(Code::TooLarge));
    }
}
