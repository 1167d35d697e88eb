//! The terms and values that rows name.

use std::collections::HashMap;

use domain::attributes::{
    Attribute, AttributeCode, AttributeDetails, AttributeId, AttributeInput, AttributeName, AttributeType, Position,
};
use domain::imports::{Definition, listed, path};
use domain::slugs::Slug;
use domain::terms::{MeantTerm, Term, TermDetails, TermId, TermName};
use domain::{Code, Invalid, sort_key};

use super::AttributeCell;
use crate::attributes::{CreateAttribute, locked_attribute};
use crate::terms::new_term;
use crate::{Command, Ctx, Error, Tx};

/// The attributes and terms that an import has met, so that each is looked for once.
#[derive(Default)]
pub(super) struct KnownTerms {
    attributes: HashMap<AttributeCode, Attribute>,
    terms: HashMap<(AttributeId, Option<TermId>, String), (TermId, Slug)>,
}

impl KnownTerms {
    /// What is given for attributes, by their codes. Terms that are missing are made, and so are attributes that the file
    /// defines.
    pub async fn given(
        &mut self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        cells: &[AttributeCell],
        defines: &[Definition],
    ) -> Result<Vec<(String, AttributeInput)>, Error> {
        let mut given = Vec::new();
        for cell in cells {
            let attribute = self.attribute(tx, ctx, &cell.code, defines).await?;
            let value = match attribute.kind {
                AttributeType::Choice if !cell.text.is_empty() => self.terms(tx, ctx, &attribute, &cell.text).await?,
                kind => cell.scalar(kind),
            };
            given.push((cell.code.to_string(), value));
        }
        Ok(given)
    }

    /// The terms of options, by their codes.
    pub async fn values(
        &mut self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        cells: &[AttributeCell],
        defines: &[Definition],
    ) -> Result<Vec<(String, String)>, Error> {
        let mut values = Vec::new();
        for AttributeCell { code, text } in cells {
            let attribute = self.attribute(tx, ctx, code, defines).await?;
            if attribute.kind != AttributeType::Choice || attribute.is_multiple {
                let invalid = Invalid::new(Code::NotAllowed, "must be a choice of which a product has one term");
                return Err(Error::field(format!("option.{code}"), invalid));
            }
            let (_, slug) = self.term(tx, ctx, &attribute, None, text).await?;
            values.push((code.to_string(), slug.to_string()));
        }
        Ok(values)
    }

    async fn attribute(
        &mut self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        code: &AttributeCode,
        defines: &[Definition],
    ) -> Result<Attribute, Error> {
        if let Some(known) = self.attributes.get(code) {
            return Ok(known.clone());
        }
        let attribute = match tx.attributes().find(code).await? {
            Some(attribute) => attribute,
            None => define(tx, ctx, code, defines).await?,
        };
        self.attributes.insert(code.clone(), attribute.clone());
        Ok(attribute)
    }

    /// The value that a cell gives for a choice. Missing terms are created, for a category also those above it.
    async fn terms(
        &mut self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        attribute: &Attribute,
        text: &str,
    ) -> Result<AttributeInput, Error> {
        let names = if attribute.is_multiple { listed(text) } else { vec![text.trim().to_owned()] };
        if attribute.grows() {
            return Ok(AttributeInput::Texts(names));
        }
        let mut slugs = Vec::new();
        for name in &names {
            let mut found = None;
            let steps = if attribute.is_hierarchical { path(name) } else { vec![name.as_str()] };
            for step in steps {
                let parent = found.map(|(id, _)| id);
                found = Some(self.term(tx, ctx, attribute, parent, step).await?);
            }
            slugs.extend(found.map(|(_, slug): (TermId, Slug)| slug.to_string()));
        }
        if attribute.is_multiple {
            return Ok(AttributeInput::Texts(slugs));
        }
        Ok(slugs.pop().map_or(AttributeInput::Nothing, AttributeInput::Text))
    }

    /// The term with a name, or a slug, below another one or at the top. It is made if there is none.
    async fn term(
        &mut self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        attribute: &Attribute,
        parent: Option<TermId>,
        name: &str,
    ) -> Result<(TermId, Slug), Error> {
        let key = (attribute.id, parent, sort_key(name));
        if let Some(known) = self.terms.get(&key) {
            return Ok(known.clone());
        }
        let mut found = named(tx, attribute, parent, name).await?;
        if found.is_none() {
            // Somebody may have made it meanwhile.
            let attribute = locked_attribute(tx, &attribute.code, None).await?;
            found = named(tx, &attribute, parent, name).await?;
            if found.is_none() {
                let refused = |invalid| Error::field(attribute.code.as_str(), invalid);
                let name = TermName::parse(name).map_err(refused)?;
                let details = TermDetails { parent_id: parent, ..TermDetails::named(name) };
                found = Some(new_term(tx, ctx, &attribute, &details).await?);
            }
        }
        let term = found.ok_or_else(|| Error::raced("the term was deleted"))?;
        self.terms.insert(key, (term.id, term.slug.clone()));
        Ok((term.id, term.slug))
    }
}

/// Makes an attribute that the file defines.
async fn define(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    code: &AttributeCode,
    defines: &[Definition],
) -> Result<Attribute, Error> {
    let field = || format!("attr.{code}");
    let Some(definition) = defines.iter().find(|one| one.code == *code) else {
        return Err(Error::field(field(), Invalid::new(Code::UnknownField, "there is no such attribute")));
    };
    let details = AttributeDetails {
        code: code.clone(),
        name: AttributeName::parse(&definition.name).map_err(|invalid| Error::field(field(), invalid))?,
        kind: definition.kind,
        is_multiple: false,
        is_filterable: definition.kind == AttributeType::Choice,
        is_internal: definition.is_internal,
        unit: None,
        position: Position::default(),
    };
    CreateAttribute(details).run(tx, ctx).await
}

/// The term with this name below `parent`, or else the one with this slug or id there.
async fn named(
    tx: &mut dyn Tx,
    attribute: &Attribute,
    parent: Option<TermId>,
    name: &str,
) -> Result<Option<Term>, Error> {
    let meant = MeantTerm::of(name);
    let is_here = |term: &Term| !attribute.is_hierarchical || term.parent_id == parent;
    let called = tx.terms().called(attribute.id, &[meant.name_key().to_owned()]).await?;
    if let Some(term) = called.into_iter().find(|term| is_here(term) && meant.is_called(term)) {
        return Ok(Some(term));
    }
    let keys = meant.keys();
    if keys.is_empty() {
        return Ok(None);
    }
    let mut found = tx.terms().named(attribute.id, &keys).await?;
    found.retain(is_here);
    let place = found.iter().position(|term| meant.is_typed(term));
    let place = place.or_else(|| found.iter().position(|term| meant.is_like(term)));
    Ok(place.map(|place| found.swap_remove(place)))
}
