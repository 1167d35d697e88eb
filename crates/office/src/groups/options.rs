//! The attributes by which the products of a group may differ, in forms.

use application::groups::{OptionInput, Values};
use application::{Error, terms};
use domain::attributes::{Attribute, AttributeType};
use domain::groups::Group;
use domain::terms::TermChoice;
use domain::{Code, Invalid};
use maud::{Markup, html};

use crate::form::Form;
use crate::parts::Field;
use crate::request::{Staff, all};

/// An attribute by which products may differ, with its terms.
pub(super) struct Candidate {
    attribute: Attribute,
    choices: terms::Choices,
}

/// The choices of which a product has one term, each with its first terms.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn candidates(staff: &Staff) -> Result<Vec<Candidate>, Error> {
    let queries = &staff.office.queries;
    let mut attributes = all(async |page| queries.attributes.list(true, page).await).await?;
    attributes.retain(|one| one.kind == AttributeType::Choice && !one.is_multiple);
    let mut choices = terms::choices(queries, attributes.iter()).await?;
    let candidate = |attribute: Attribute| Some(Candidate { choices: choices.remove(&attribute.id)?, attribute });
    Ok(attributes.into_iter().filter_map(candidate).collect())
}

impl Candidate {
    /// The name of the field with the terms of the option. A product is made for each of them.
    fn terms_field(&self) -> String {
        format!("terms.{}", self.attribute.code)
    }

    /// The name of the field with the term of the existing product.
    fn value_field(&self) -> String {
        format!("values.{}", self.attribute.code)
    }

    fn is_chosen(&self, form: &Form) -> bool {
        form.text(&self.terms_field()).is_some() || form.text(&self.value_field()).is_some()
    }

    fn value(&self, form: &Form) -> Option<(String, String)> {
        form.text(&self.value_field()).map(|slug| (self.attribute.code.to_string(), slug.to_owned()))
    }
}

/// The chosen options with their terms, and the terms of the existing product; `None` if there are too many options.
pub(super) fn typed(form: &mut Form, all: &[Candidate]) -> Option<(Vec<OptionInput>, Values)> {
    let chosen: Vec<_> = all.iter().filter(|one| one.is_chosen(form)).collect();
    if let Some(first) = chosen.first().filter(|_| chosen.len() > Group::MOST_OPTIONS) {
        let message = format!("cannot be an option beside the others: choose at most {}", Group::MOST_OPTIONS);
        return form.refuse(&first.terms_field(), Invalid::new(Code::TooLong, message));
    }
    let option = |one: &&Candidate| OptionInput {
        attribute: one.attribute.code.to_string(),
        terms: form.all(&one.terms_field()).map(ToOwned::to_owned).collect(),
    };
    let values = chosen.iter().filter_map(|one| one.value(form)).collect();
    Some((chosen.iter().map(option).collect(), values))
}

/// The fields. `of_product` asks for the terms of a product that is there, too.
pub(super) fn fields(form: &Form, all: &[Candidate], of_product: bool) -> Markup {
    html! {
        @if all.is_empty() {
            p.note { "There is no attribute by which products can differ: a choice of which each has one term, such as a size. Make one by the API." }
        }
        @for one in all {
            @let (field, name) = (one.terms_field(), one.attribute.name.as_str());
            fieldset.field.boxes {
                legend { (name) }
                @for term in &one.choices.terms {
                    label.check {
                        input type="checkbox" name=(field) value=(term.slug)
                            checked[form.all(&field).any(|slug| slug == term.slug.as_str())];
                        (term.name.as_str())
                    }
                }
                @if one.choices.has_more { p.hint { "These are the first " (terms::Choices::MOST) ". Use the API for the others." } }
                @if let Some(fault) = form.fault(&field) { p.fault { (name) " " (fault) "." } }
                @if of_product {
                    @let value = one.value_field();
                    @let label = format!("{name} of this product");
                    @let options = choices(&one.choices.terms);
                    (Field::choice(form, &value, &label, &options))
                }
            }
        }
    }
}

/// The terms of an option to choose from.
pub(super) fn choices(terms: &[TermChoice]) -> Vec<(&str, &str)> {
    [("", "–")].into_iter().chain(terms.iter().map(|term| (term.slug.as_str(), term.name.as_str()))).collect()
}

/// The terms of the options of a group, by the codes of these.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn of_group(staff: &Staff, group: &Group) -> Result<Vec<(String, String, Vec<TermChoice>)>, Error> {
    let all = candidates(staff).await?;
    let find = |id| all.iter().find(|one| one.attribute.id == id);
    let one =
        |one: &Candidate| (one.attribute.code.to_string(), one.attribute.name.to_string(), one.choices.terms.clone());
    Ok(group.options.iter().filter_map(|id| find(*id)).map(one).collect())
}

#[cfg(test)]
mod tests {
    use domain::attributes::{AttributeCode, AttributeDetails, AttributeId, AttributeName, Position};
    use domain::slugs::Slug;
    use domain::terms::{TermId, TermName};
    use domain::{UtcDateTime, Uuid};

    use super::*;

    fn candidate(code: &str, place: u128) -> Candidate {
        let details = AttributeDetails {
            code: AttributeCode::parse(code).unwrap(),
            name: AttributeName::parse(code).unwrap(),
            kind: AttributeType::Choice,
            is_multiple: false,
            is_filterable: true,
            is_internal: false,
            unit: None,
            position: Position::default(),
        };
        let id = AttributeId(Uuid::from_u128(place));
        let attribute = Attribute::new(id, details, UtcDateTime::UNIX_EPOCH);
        let term = |name: &str| TermChoice {
            attribute_id: id,
            id: TermId(Uuid::nil()),
            parent_id: None,
            slug: Slug::parse(name).unwrap(),
            name: TermName::parse(name).unwrap(),
        };
        Candidate { attribute, choices: terms::Choices { terms: vec![term("s"), term("m")], has_more: false } }
    }

    #[test]
    fn ticked_attributes_become_options_r205_r241() {
        let all = [candidate("size", 1), candidate("colour", 2)];
        let values = [("terms.size", "s"), ("terms.size", "m"), ("values.size", "m")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (options, values) = typed(&mut Form::new(values.into()), &all).unwrap();
        assert_eq!(options, [OptionInput { attribute: "size".into(), terms: vec!["s".into(), "m".into()] }]);
        assert_eq!(values, [("size".to_owned(), "m".to_owned())]);
    }

    #[test]
    fn a_group_has_at_most_three_options_r205_r241() {
        let all = ["a", "b", "c", "d"].map(|code| candidate(code, 1));
        let mut form = Form::showing([("terms.a", "s"), ("terms.b", "s"), ("terms.c", "s"), ("terms.d", "s")]);
        assert!(typed(&mut form, &all).is_none());
        assert!(form.fault("terms.a").unwrap().contains("at most 3"));
    }
}
