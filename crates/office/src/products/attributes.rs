//! What a product has of attributes, in forms.

use std::collections::HashMap;

use application::{Error, terms};
use domain::assignments::{ShownAttribute, ShownTerm, ShownValue};
use domain::attributes::{Attribute, AttributeCode, AttributeInput, AttributeType};
use domain::imports::{joined, listed};
use domain::products::ProductId;
use domain::terms::{TermChoice, TermId};
use maud::{Markup, html};

use crate::form::{Form, HeldAs};
use crate::parts::Field;
use crate::request::{Staff, all};

/// What a product has of the shop's attributes.
pub(super) struct Attributes(Vec<One>);

struct One {
    /// The name of its field in forms.
    name: String,
    attribute: Attribute,
    /// Its terms, each by its name in addresses with what is shown for it; `None` if there are too many to choose from.
    terms: Option<Vec<(String, String)>>,
    /// What the product has, as its field shows it.
    held: String,
    /// Whether it has that from its group.
    is_inherited: bool,
}

const YES_OR_NO: [(&str, &str); 3] = [("", "–"), ("true", "Yes"), ("false", "No")];

impl Attributes {
    /// The attributes of the shop, with what a product has, but for the options of its group.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) async fn of(staff: &Staff, product: Option<ProductId>) -> Result<Self, Error> {
        let queries = &staff.office.queries;
        let (mut shown, mut options) = (Vec::new(), Vec::new());
        if let Some(id) = product {
            shown = queries.assignments.shown(&[id]).await?.remove(&id).unwrap_or_default();
            if let Some(member) = queries.groups.membership(id).await? {
                let group = queries.groups.get(member.group_id, None).await?;
                options = group.map(|view| view.group.options).unwrap_or_default();
            }
        }
        let mut attributes = all(async |page| queries.attributes.list(true, page).await).await?;
        attributes.retain(|one| !options.contains(&one.id));
        let mut choices = terms::choices(queries, attributes.iter().filter(|one| is_chosen(one))).await?;
        let field = |attribute: Attribute| {
            let has = shown.iter().find(|one| one.code == attribute.code);
            let terms = is_chosen(&attribute).then(|| choices.remove(&attribute.id).unwrap_or_default());
            let terms = terms.and_then(|choices| listed_of(&attribute, &choices));
            One::new(attribute, has, terms)
        };
        Ok(Self(attributes.into_iter().map(field).collect()))
    }

    /// What the fields hold.
    pub(super) fn held(&self) -> Vec<HeldAs<'_>> {
        self.0.iter().map(|one| (one.name.as_str(), one.held.clone())).collect()
    }

    /// What is given for the attributes whose fields somebody has changed; `None` if something is refused.
    pub(super) fn typed(&self, form: &mut Form) -> Option<Vec<(String, AttributeInput)>> {
        let mut given = Some(Vec::new());
        for one in &self.0 {
            let typed = one.typed(form);
            form.put(&one.name, typed.clone());
            if typed == one.held {
                continue;
            }
            let wanted = one.given(&typed);
            match one.attribute.read(&wanted) {
                Err(invalid) => given = form.refuse(&one.name, invalid),
                Ok(_) => {
                    if let Some(given) = &mut given {
                        given.push((one.attribute.code.to_string(), wanted));
                    }
                }
            }
        }
        given
    }

    /// The fields.
    pub(super) fn fields(&self, form: &Form) -> Markup {
        html! { @for one in &self.0 { (one.field(form)) } }
    }
}

impl One {
    fn new(attribute: Attribute, has: Option<&ShownAttribute>, terms: Option<Vec<(String, String)>>) -> Self {
        let by_name = attribute.grows();
        let word = |term: &ShownTerm| if by_name { term.name.to_string() } else { term.slug.to_string() };
        let held = match has.map(|has| &has.value) {
            None => String::new(),
            Some(ShownValue::Value(value)) => value.to_string(),
            Some(ShownValue::Terms(terms)) => {
                joined(terms.iter().map(word).collect::<Vec<_>>().iter().map(String::as_str))
            }
        };
        let is_inherited = has.is_some_and(|has| has.is_inherited);
        Self { name: format!("attributes.{}", attribute.code), attribute, terms, held, is_inherited }
    }

    /// What is typed, as one text. Of several terms the main one comes first, and the others stay in their order.
    fn typed(&self, form: &Form) -> String {
        if self.attribute.kind != AttributeType::Choice {
            return form.text(&self.name).unwrap_or_default().trim().to_owned();
        }
        let chosen: Vec<String> = form.all(&self.name).flat_map(listed).collect();
        let main = form.text(&self.main()).map(ToOwned::to_owned);
        let before = listed(&self.held);
        let kept = before.iter().filter(|term| chosen.contains(term)).cloned();
        let mut ordered: Vec<String> = Vec::new();
        for term in main.into_iter().chain(kept).chain(chosen.iter().cloned()) {
            if !ordered.contains(&term) {
                ordered.push(term);
            }
        }
        joined(ordered.iter().map(String::as_str))
    }

    fn given(&self, typed: &str) -> AttributeInput {
        if typed.is_empty() {
            return AttributeInput::Nothing;
        }
        match self.attribute.kind {
            AttributeType::Choice if self.attribute.is_multiple => AttributeInput::Texts(listed(typed)),
            AttributeType::Integer => AttributeInput::Number(typed.to_owned()),
            AttributeType::Boolean => AttributeInput::Boolean(typed == "true"),
            _ => AttributeInput::Text(typed.to_owned()),
        }
    }

    /// The name of the field with the main category.
    fn main(&self) -> String {
        format!("main-{}", self.name)
    }

    fn field(&self, form: &Form) -> Markup {
        let Attribute { kind, name, unit, is_multiple, .. } = &self.attribute;
        let (label, group) = (name.as_str(), self.is_inherited.then_some("From its group."));
        let hinted = |field: Field<'_>| {
            let field = if let Some(hint) = group { field.hint(hint) } else { field };
            html! { (field) }
        };
        let field = Field::text(form, &self.name, label);
        match (kind, &self.terms) {
            (AttributeType::Choice, Some(terms)) if *is_multiple => self.boxes(form, terms, group),
            (AttributeType::Choice, Some(terms)) => {
                let options: Vec<_> = [("", "–")].into_iter().chain(pairs(terms)).collect();
                hinted(Field::choice(form, &self.name, label, &options))
            }
            (AttributeType::Choice, None) => html! { (field.hint(self.how_to_type())) },
            (AttributeType::Boolean, _) => hinted(Field::choice(form, &self.name, label, &YES_OR_NO)),
            (AttributeType::Date, _) => hinted(field.kind("date")),
            (AttributeType::Text, _) => hinted(field.lines(2)),
            (AttributeType::Integer | AttributeType::Decimal, _) => match unit {
                Some(unit) => hinted(field.suffix(unit.as_str())),
                None => hinted(field),
            },
        }
    }

    fn how_to_type(&self) -> &'static str {
        match (self.attribute.grows(), self.attribute.is_multiple) {
            (true, _) => "Separated by commas. New ones are made.",
            (false, true) => "Their names in addresses, separated by commas.",
            (false, false) => "Its name in addresses.",
        }
    }

    /// A box for each term, and the choice of the main one.
    fn boxes(&self, form: &Form, terms: &[(String, String)], hint: Option<&str>) -> Markup {
        let chosen = listed(form.text(&self.name).unwrap_or_default());
        let main = self.main();
        let options: Vec<_> = [("", "The first of them")].into_iter().chain(pairs(terms)).collect();
        html! {
            fieldset.field.boxes {
                legend { (self.attribute.name.as_str()) }
                @if terms.is_empty() { p.hint { "There is none yet." } }
                @for (slug, shown) in terms {
                    label.check {
                        input type="checkbox" name=(self.name) value=(slug) checked[chosen.contains(slug)];
                        (shown)
                    }
                }
                @if let Some(fault) = form.fault(&self.name) { p.fault { (self.attribute.name.as_str()) " " (fault) "." } }
                @if let Some(hint) = hint { p.hint { (hint) } }
                (Field::text(form, &self.name, self.attribute.name.as_str()).meanwhile())
            }
            @if self.attribute.code.as_str() == AttributeCode::CATEGORY && terms.len() > 1 {
                (Field::choice(form, &main, "Main category", &options))
            }
        }
    }
}

fn pairs(terms: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    terms.iter().map(|(slug, shown)| (slug.as_str(), shown.as_str()))
}

/// Whether the terms of an attribute are chosen from those that there are.
fn is_chosen(attribute: &Attribute) -> bool {
    attribute.kind == AttributeType::Choice && !attribute.grows()
}

/// The terms of an attribute to choose from, with the names of those above them; `None` if there are too many.
fn listed_of(attribute: &Attribute, choices: &terms::Choices) -> Option<Vec<(String, String)>> {
    if choices.has_more {
        return None;
    }
    let by_id: HashMap<_, _> = choices.terms.iter().map(|term| (term.id, term)).collect();
    let shown = |term: &TermChoice| (term.slug.to_string(), path(term, &by_id).join(" › "));
    let mut terms: Vec<_> = choices.terms.iter().map(shown).collect();
    if attribute.is_hierarchical {
        terms.sort_by(|one, other| one.1.cmp(&other.1));
    }
    Some(terms)
}

/// The names of a term and those above it, from the top down.
fn path<'a>(term: &'a TermChoice, all: &HashMap<TermId, &'a TermChoice>) -> Vec<&'a str> {
    // The depth of a tree is bounded, and a circle would be a fault of the database.
    const DEEPEST: usize = 16;
    let above = |term: &&'a TermChoice| term.parent_id.and_then(|id| all.get(&id).copied());
    let mut names: Vec<_> =
        std::iter::successors(Some(term), above).take(DEEPEST).map(|term| term.name.as_str()).collect();
    names.reverse();
    names
}

#[cfg(test)]
mod tests {
    use domain::attributes::{AttributeDetails, AttributeId, AttributeName, Position};
    use domain::{UtcDateTime, Uuid};

    use super::*;

    fn one(code: &str, kind: AttributeType, is_multiple: bool, held: &str) -> One {
        let details = AttributeDetails {
            code: AttributeCode::parse(code).unwrap(),
            name: AttributeName::parse("Its name").unwrap(),
            kind,
            is_multiple,
            is_filterable: false,
            is_internal: false,
            unit: None,
            position: Position::default(),
        };
        let attribute = Attribute::new(AttributeId(Uuid::nil()), details, UtcDateTime::UNIX_EPOCH);
        let terms = ["red", "blue"].map(|slug| (slug.to_owned(), slug.to_uppercase()));
        let terms = (kind == AttributeType::Choice).then(|| terms.into());
        One { held: held.to_owned(), terms, ..One::new(attribute, None, None) }
    }

    fn typed(one: One, values: &[(&str, &str)]) -> Result<Vec<(String, AttributeInput)>, String> {
        let name = one.name.clone();
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut form = Form::new(values);
        Attributes(vec![one]).typed(&mut form).ok_or_else(|| form.fault(&name).unwrap().to_owned())
    }

    #[test]
    fn only_what_somebody_has_changed_is_given_r203_r241() {
        let held = || one("colour", AttributeType::Choice, true, "red, blue");
        let both = [("attributes.colour", "blue"), ("attributes.colour", "red")];
        assert_eq!(typed(held(), &both), Ok(vec![]), "boxes have no order");
        let given = |texts: &[&str]| {
            let texts = texts.iter().map(|text| (*text).to_owned()).collect();
            Ok(vec![("colour".to_owned(), AttributeInput::Texts(texts))])
        };
        assert_eq!(typed(held(), &both[..1]), given(&["blue"]));
        let with_main = [both[0], both[1], ("main-attributes.colour", "blue")];
        assert_eq!(typed(held(), &with_main), given(&["blue", "red"]), "the main one comes first");
        assert_eq!(typed(held(), &[]), Ok(vec![("colour".to_owned(), AttributeInput::Nothing)]));
    }

    #[test]
    fn each_type_of_attribute_is_given_as_what_it_is_r200_r241() {
        let of =
            |kind, value| typed(one("a", kind, false, ""), &[("attributes.a", value)]).map(|mut all| all.remove(0).1);
        let text = |value: &str| Ok(AttributeInput::Text(value.to_owned()));
        assert_eq!(of(AttributeType::Choice, "red"), text("red"));
        assert_eq!(of(AttributeType::Text, " soft "), text("soft"));
        assert_eq!(of(AttributeType::Integer, "350"), Ok(AttributeInput::Number("350".to_owned())));
        assert_eq!(of(AttributeType::Decimal, "0.35"), text("0.35"));
        assert_eq!(of(AttributeType::Boolean, "false"), Ok(AttributeInput::Boolean(false)));
        assert_eq!(of(AttributeType::Date, "2026-01-31"), text("2026-01-31"));
        assert!(of(AttributeType::Integer, "many").is_err());
        assert!(of(AttributeType::Date, "soon").is_err());
    }

    #[test]
    fn terms_are_boxes_or_a_choice_and_what_was_chosen_is_ticked_r241_r247() {
        let shown = |one: &One| one.field(&Form::new(vec![(one.name.clone(), "blue".to_owned())])).into_string();
        let boxes = shown(&one("colour", AttributeType::Choice, true, ""));
        assert!(boxes.contains("<legend>Its name</legend>") && boxes.matches("checkbox").count() == 2, "{boxes}");
        assert!(boxes.contains("value=\"blue\" checked"), "{boxes}");
        let choice = shown(&one("colour", AttributeType::Choice, false, ""));
        assert!(choice.contains("<option value=\"blue\" selected>BLUE</option>"), "{choice}");
    }
}
