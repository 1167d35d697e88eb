use std::collections::HashMap;

use domain::assignments::{Assigned, Has};
use domain::attributes::{Attribute, AttributeCode, AttributeType};
use domain::groups::Combination;
use domain::terms::{Term, TermId, TermKey};
use domain::{Code, Invalid};

use crate::{Error, FieldError, Tx};

/// The terms that are given, by slug or id, each with the code of its option.
pub type Values = Vec<(String, String)>;

/// An option that a group is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionInput {
    /// The name of the attribute in requests, such as `size`.
    pub attribute: String,
    /// The terms of which members are made, by slug or id.
    pub terms: Vec<String>,
}

/// The attributes that the request names as options of a group.
///
/// # Errors
/// Every option that is no choice with one term, or is there twice.
pub(super) async fn expect_options(tx: &mut dyn Tx, wanted: &[OptionInput]) -> Result<Vec<Attribute>, Error> {
    let codes: Vec<_> = wanted.iter().filter_map(|option| AttributeCode::parse(&option.attribute).ok()).collect();
    let known = if codes.is_empty() { Vec::new() } else { tx.attributes().named(&codes).await? };
    let (mut options, mut refused) = (Vec::<Attribute>::new(), Vec::new());
    for (place, OptionInput { attribute: code, .. }) in wanted.iter().enumerate() {
        let found = known.iter().find(|attribute| attribute.code.as_str() == code);
        let invalid = match found {
            None => Invalid::new(Code::NotFound, "must be the code of an attribute"),
            Some(one) if one.kind != AttributeType::Choice || one.is_multiple => {
                Invalid::new(Code::NotAllowed, "must be a choice of which a product has one term")
            }
            Some(one) if options.contains(one) => Invalid::new(Code::Repeated, "is an option already"),
            Some(one) => {
                options.push(one.clone());
                continue;
            }
        };
        refused.push(FieldError::new(format!("options[{place}].attribute"), invalid));
    }
    if refused.is_empty() { Ok(options) } else { Err(Error::Invalid(refused)) }
}

/// The terms that a request gives for one member.
pub(super) struct Giving<'a> {
    /// The field of the request.
    pub field: String,
    pub values: &'a Values,
    /// What it had before: it keeps the terms that are not given.
    pub had: Option<&'a Assigned>,
}

/// The terms that were given, by their ids.
pub(super) type Known = HashMap<TermId, Term>;

/// The terms of each member, one for each option.
///
/// # Errors
/// Every term that is missing or unknown, and what is no option.
pub(super) async fn meant(
    tx: &mut dyn Tx,
    options: &[Attribute],
    all: &[Giving<'_>],
) -> Result<(Vec<Combination>, Known), Error> {
    let (mut found, mut known, mut refused) = (Vec::new(), Known::new(), Vec::new());
    for option in options {
        let names = all.iter().filter_map(|giving| given(giving.values, option));
        let terms = terms(tx, option, names).await?;
        known.extend(terms.values().map(|term| (term.id, term.clone())));
        found.push((option, terms));
    }
    let mut combinations = Vec::new();
    for giving in all {
        let mut combination = Vec::new();
        for (option, terms) in &found {
            match term(giving, option, terms) {
                Ok(id) => combination.push(id),
                Err(invalid) => refused.push(FieldError::new(format!("{}.{}", giving.field, option.code), invalid)),
            }
        }
        for (code, _) in giving.values {
            if !options.iter().any(|option| option.code.as_str() == code) {
                let code: String = code.chars().take(64).collect();
                let invalid = Invalid::new(Code::UnknownField, "is no option of the group");
                refused.push(FieldError::new(format!("{}.{code}", giving.field), invalid));
            }
        }
        combinations.push(Combination::new(combination));
    }
    refused.truncate(100);
    if refused.is_empty() { Ok((combinations, known)) } else { Err(Error::Invalid(refused)) }
}

fn given<'a>(values: &'a Values, option: &Attribute) -> Option<&'a str> {
    values.iter().find(|(code, _)| code == option.code.as_str()).map(|(_, name)| name.as_str())
}

fn term(giving: &Giving<'_>, option: &Attribute, terms: &HashMap<String, Term>) -> Result<TermId, Invalid> {
    if let Some(name) = given(giving.values, option) {
        let unknown = || Invalid::new(Code::NotFound, format!("must be a term of `{}`, by slug or id", option.code));
        return terms.get(name).map(|term| term.id).ok_or_else(unknown);
    }
    match giving.had.and_then(|had| had.of(option.id)) {
        Some(Has::Terms(terms)) if terms.len() == 1 => terms.first().copied(),
        _ => None,
    }
    .ok_or_else(|| Invalid::new(Code::Required, "is required: each member has a term of each option"))
}

/// The terms of an option with these names, which are slugs or ids.
pub(super) async fn terms(
    tx: &mut dyn Tx,
    option: &Attribute,
    names: impl Iterator<Item = &str>,
) -> Result<HashMap<String, Term>, Error> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    let keys: HashMap<_, _> = names.iter().filter_map(|name| Some((*name, TermKey::parse(name).ok()?))).collect();
    let wanted: Vec<_> = keys.values().cloned().collect();
    let found = if wanted.is_empty() { Vec::new() } else { tx.terms().named(option.id, &wanted).await? };
    let is = |term: &Term, key: &TermKey| match key {
        TermKey::Id(id) => term.id == *id,
        TermKey::Slug(slug) => term.slug == *slug,
    };
    let of = |(name, key): (&str, TermKey)| {
        let term = found.iter().find(|term| is(term, &key))?;
        Some((name.to_owned(), term.clone()))
    };
    Ok(keys.into_iter().filter_map(of).collect())
}
