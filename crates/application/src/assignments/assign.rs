use async_trait::async_trait;
use domain::assignments::{Assigned, Has, ShownAttribute, TooManyTerms};
use domain::attributes::{Attribute, AttributeId, AttributeInput};
use domain::events::Event;
use domain::products::{Product, ProductId};
use domain::terms::CategoryNode;
use domain::{Code, Invalid, Version};

use super::audit::Shown;
use super::meant::Request;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::locked_product;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Gives a product terms and values in place of those that it had of the same attributes.
#[derive(Debug, Clone)]
pub struct AssignAttributes {
    /// The product that gets values.
    pub product_id: ProductId,
    /// What is given for each attribute, by its code.
    pub given: Vec<(String, AttributeInput)>,
    /// The version of the product that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

/// What a product has of attributes, and where its main category is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductAttributes {
    /// What it has, in order of the attributes' positions.
    pub attributes: Vec<ShownAttribute>,
    /// The main category and those above it, from the top down.
    pub breadcrumbs: Vec<CategoryNode>,
}

/// The most attributes in one request.
pub const MOST_GIVEN: usize = 200;

#[async_trait]
impl Command for AssignAttributes {
    type Output = (Version, ProductAttributes);
    const NAME: &'static str = "products.assign";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        let before = locked_product(tx, self.product_id, self.expected).await?;
        let request = Request { field: "", given: &self.given };
        let had = tx.assignments().of(before.id).await?;
        let (options, of_group) = of_group(tx, before.id).await?;
        let meant = request.meant(tx, ctx).await?;
        expect_no_option(&meant, &options)?;
        let has = expect_fit(&had, &request, meant, &of_group)?;
        if has == had {
            let attributes = tx.assignments().shown(before.id).await?;
            return Ok((before.version, with_breadcrumbs(tx, attributes).await?));
        }
        let product = before.touched(ctx.now);
        let shown_before = tx.assignments().shown(product.id).await?;
        tx.assignments().replace(&product, &had, &has).await?;
        let attributes = tx.assignments().shown(product.id).await?;
        let old = Shown::differing(product.id, &shown_before, &attributes);
        let new = Shown::differing(product.id, &attributes, &shown_before);
        audit(tx, ctx, Self::NAME, Some(&old), Some(&new)).await?;
        append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        Ok((product.version, with_breadcrumbs(tx, attributes).await?))
    }
}

/// Gives a product that was just made what its request has in the field `attributes`.
pub(crate) async fn assign_new(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    product: &Product,
    given: &[(String, AttributeInput)],
) -> Result<ProductAttributes, Error> {
    if given.is_empty() {
        return Ok(ProductAttributes::default());
    }
    let had = Assigned::default();
    let request = Request { field: "attributes", given };
    let meant = request.meant(tx, ctx).await?;
    let has = expect_fit(&had, &request, meant, &Assigned::default())?;
    if has == had {
        return Ok(ProductAttributes::default());
    }
    tx.assignments().replace(product, &had, &has).await?;
    let attributes = tx.assignments().shown(product.id).await?;
    let new = Shown::differing(product.id, &attributes, &[]);
    audit(tx, ctx, AssignAttributes::NAME, None, Some(&new)).await?;
    with_breadcrumbs(tx, attributes).await
}

/// The options of the group of a locked product, and what the group has. A single product has none.
async fn of_group(tx: &mut dyn Tx, id: ProductId) -> Result<(Vec<AttributeId>, Assigned), Error> {
    let Some(member) = tx.groups().membership(id).await? else { return Ok(Default::default()) };
    let group = tx.groups().find(member.group_id).await?.ok_or_else(|| Error::raced("the group was deleted"))?;
    Ok((group.options, tx.groups().assigned(group.id).await?))
}

/// The new terms or value of each attribute; `None` removes it.
pub(crate) type Meant = Vec<(Attribute, Option<Has>)>;

/// Refuses to assign an attribute that is an option of the group.
pub(crate) fn expect_no_option(meant: &Meant, options: &[AttributeId]) -> Result<(), Error> {
    match meant.iter().find(|(attribute, _)| options.contains(&attribute.id)) {
        Some((attribute, _)) => Err(Conflict::IsOption(attribute.code.to_string()).into()),
        None => Ok(()),
    }
}

/// The assignments of a product after a request. Attributes without its own are filled from its group.
///
/// # Errors
/// The refusal of too many terms.
fn expect_fit(had: &Assigned, request: &Request<'_>, meant: Meant, of_group: &Assigned) -> Result<Assigned, Error> {
    let given = meant.into_iter().map(|(attribute, has)| (attribute.id, has));
    let field = if request.field.is_empty() { "attributes" } else { request.field };
    had.own().with(given).and_then(|own| own.filled(of_group)).map_err(|refused| too_many_terms(field, refused))
}

pub(crate) fn too_many_terms(field: &str, TooManyTerms: TooManyTerms) -> Error {
    let message = format!("must leave the product with at most {} terms", Assigned::MOST_TERMS);
    Error::field(field, Invalid::new(Code::TooLong, message))
}

pub(crate) async fn with_breadcrumbs(
    tx: &mut dyn Tx,
    attributes: Vec<ShownAttribute>,
) -> Result<ProductAttributes, Error> {
    let mut breadcrumbs = Vec::new();
    if let Some((category, main)) = attributes.iter().find_map(|shown| Some((shown, shown.main_category()?))) {
        let attribute = tx.attributes().find(&category.code).await?;
        if let Some(attribute) = attribute {
            breadcrumbs = tx.terms().chain(attribute.id, main).await?;
            breadcrumbs.reverse();
        }
    }
    Ok(ProductAttributes { attributes, breadcrumbs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::tests::{attribute, categories, tags};
    use crate::terms::tests::{node, term};
    use crate::testing::{Mocks, id, product, run};
    use domain::attributes::{AttributeType, Scalar};
    use domain::events::EventType;
    use domain::terms::{Term, TermId, TermKey, TermName};
    use domain::{UtcDateTime, Uuid};

    fn colours() -> Attribute {
        attribute(8, "colour", AttributeType::Choice)
    }

    fn capacity() -> Attribute {
        attribute(9, "capacity_ml", AttributeType::Integer)
    }

    fn text(text: &str) -> AttributeInput {
        AttributeInput::Text(text.to_owned())
    }

    fn texts(texts: &[&str]) -> AttributeInput {
        AttributeInput::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    fn assign(given: &[(&str, AttributeInput)]) -> AssignAttributes {
        let given = given.iter().map(|(code, given)| ((*code).to_owned(), given.clone())).collect();
        AssignAttributes { product_id: ProductId(id(1)), given, expected: Some(Version(1)) }
    }

    /// A transaction that knows the product, the attributes above, and these terms.
    fn known(terms: &'static [(u128, u128, &'static str)]) -> Mocks {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx.attributes.expect_named().once().returning(|codes| {
            let all = [categories(), tags(), colours(), capacity()];
            Ok(all.into_iter().filter(|one| codes.contains(&one.code)).collect())
        });
        tx.assignments.expect_of().once().returning(|_| Ok(before()));
        tx.assignments.expect_shown().returning(|_| Ok(Vec::new()));
        tx.groups.expect_membership().returning(|_| Ok(None));
        tx.terms.expect_named().returning(move |attribute, keys| {
            let all = terms.iter().map(|(n, of, slug)| term(*n, *of, slug));
            let is = |term: &Term| {
                term.attribute_id == attribute
                    && keys.iter().any(|key| *key == TermKey::Id(term.id) || *key == TermKey::Slug(term.slug.clone()))
            };
            Ok(all.filter(is).collect())
        });
        tx.terms.expect_called().returning(|_, _| Ok(Vec::new()));
        tx
    }

    /// What the product has before: a capacity.
    fn before() -> Assigned {
        Assigned::default().with([(AttributeId(id(9)), Some(Has::Value(Scalar::Integer(350))))]).unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is given as it is wanted")]
    fn terms(numbers: &[u128]) -> Option<Has> {
        Some(Has::Terms(numbers.iter().map(|n| TermId(id(*n))).collect()))
    }

    #[tokio::test]
    async fn named_attributes_are_replaced_and_the_version_of_the_product_rises_r203() {
        let mut tx = known(&[(20, 8, "blue"), (30, 1, "mugs"), (31, 1, "gifts")]);
        let expected = Assigned::default()
            .with([(AttributeId(id(8)), terms(&[20])), (AttributeId(id(1)), terms(&[31, 30]))])
            .unwrap();
        let replaces = move |product: &Product, had: &Assigned, has: &Assigned| {
            product.version == Version(2) && *had == before() && *has == expected
        };
        tx.assignments.expect_replace().once().withf(replaces).returning(|_, _, _| Ok(()));
        let appends = |_: &Uuid, event: &Event, _: &UtcDateTime| event.event_type == EventType::ProductUpdated;
        tx.outbox.expect_append().once().withf(appends).returning(|_, _, _| Ok(()));
        let by_id = id(30).to_string();
        let given = [
            ("colour", text("blue")),
            ("category", texts(&["gifts", &by_id, "mugs"])),
            ("capacity_ml", AttributeInput::Nothing),
        ];
        let (version, _) = run(&assign(&given), &mut tx).await.unwrap();
        assert_eq!(version, Version(2));
    }

    #[tokio::test]
    async fn nothing_of_attributes_is_written_when_nothing_changes_r203() {
        let given = [("capacity_ml", AttributeInput::Number("350".to_owned())), ("colour", AttributeInput::Nothing)];
        let (version, _) = run(&assign(&given), &mut known(&[])).await.unwrap();
        assert_eq!(version, Version(1));
    }

    #[tokio::test]
    async fn every_refused_attribute_is_named_and_nothing_is_made_r203() {
        let mut tx = known(&[(20, 8, "blue"), (30, 1, "mugs")]);
        let given = [
            ("size", text("m")),
            ("Colour!", text("blue")),
            ("capacity_ml", text("350")),
            ("colour", text("mugs")),
            ("category", texts(&["mugs", "blue", "no such"])),
            ("tag", texts(&["new"])),
        ];
        let refused = run(&assign(&given), &mut tx).await.unwrap_err();
        let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
        let faults: Vec<_> = fields.iter().map(|fault| (fault.field.as_str(), fault.invalid.code)).collect();
        assert_eq!(
            faults,
            [
                ("size", Code::UnknownField),
                ("Colour!", Code::UnknownField),
                ("capacity_ml", Code::WrongType),
                ("colour", Code::NotFound),
                ("category", Code::NotFound),
            ]
        );
        assert!(fields[4].invalid.message.ends_with("there is no `blue`, `no such`"), "{}", fields[4].invalid.message);
    }

    #[tokio::test]
    async fn unknown_tags_are_made_once_however_they_are_written_r203() {
        let mut tx = known(&[(40, 3, "sale")]);
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(tags())));
        tx.terms.expect_count().once().returning(|_| Ok(1));
        tx.terms.expect_like().once().returning(|_, _| Ok(Vec::new()));
        let made = |term: &Term| (term.name.as_str(), term.slug.as_str()) == ("Summer Time", "summer-time");
        tx.terms.expect_insert().once().withf(made).returning(|_| Ok(()));
        let has_two = |_: &Product, _: &Assigned, has: &Assigned| has.terms().count() == 2;
        tx.assignments.expect_replace().once().withf(has_two).returning(|_, _, _| Ok(()));
        tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
        let given = [("tag", texts(&["Summer Time", "SALE", "summer-time", "summer time"]))];
        run(&assign(&given), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn tags_whose_names_make_one_slug_are_not_the_same_r203() {
        let mut tx = known(&[]);
        tx.terms.checkpoint();
        let known = |n, name: &str, slug: &str| Term { name: TermName::parse(name).unwrap(), ..term(n, 3, slug) };
        tx.terms.expect_named().returning(move |_, keys| {
            let all = [known(40, "C++", "c"), known(41, "Лето 2025", "2025")];
            Ok(all.into_iter().filter(|term| keys.contains(&TermKey::Slug(term.slug.clone()))).collect())
        });
        tx.terms.expect_called().returning(move |_, names| {
            let all = [known(40, "C++", "c"), known(41, "Лето 2025", "2025")];
            Ok(all.into_iter().filter(|term| names.contains(&domain::sort_key(term.name.as_str()))).collect())
        });
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(tags())));
        tx.terms.expect_count().returning(|_| Ok(2));
        tx.terms.expect_like().returning(|_, slug| Ok(vec![slug.clone()]));
        let is_new = |term: &Term| matches!(term.name.as_str(), "C#" | "Зима 2025");
        tx.terms.expect_insert().times(2).withf(is_new).returning(|_| Ok(()));
        let has_four = |_: &Product, _: &Assigned, has: &Assigned| has.terms().count() == 4;
        tx.assignments.expect_replace().once().withf(has_four).returning(|_, _, _| Ok(()));
        tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
        let given = [("tag", texts(&["c++", "C#", "ЛЕТО 2025", "Зима 2025", "2025"]))];
        run(&assign(&given), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_name_that_is_no_tag_is_refused_r203() {
        let mut tx = known(&[]);
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(tags())));
        let refused = run(&assign(&[("tag", texts(&["\u{200b}"]))]), &mut tx).await.unwrap_err();
        let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), ("tag", Code::Blank));
    }

    #[tokio::test]
    async fn the_main_category_leads_to_the_breadcrumbs_r202_r203() {
        use domain::assignments::{ShownTerm, ShownValue};
        let mut tx = Mocks::default();
        tx.attributes.expect_find().once().returning(|_| Ok(Some(categories())));
        tx.terms.expect_chain().once().returning(|_, _| Ok(vec![node(31, Some(30)), node(30, None)]));
        let category = categories();
        let main = ShownTerm { id: TermId(id(31)), slug: node(31, None).slug, name: node(31, None).name };
        let shown = ShownAttribute {
            code: category.code,
            name: category.name,
            kind: category.kind,
            unit: None,
            is_internal: false,
            is_inherited: false,
            value: ShownValue::Terms(vec![main]),
        };
        let has = with_breadcrumbs(&mut tx, vec![shown]).await.unwrap();
        assert_eq!(has.breadcrumbs.iter().map(|node| node.id).collect::<Vec<_>>(), [TermId(id(30)), TermId(id(31))]);
    }
}
