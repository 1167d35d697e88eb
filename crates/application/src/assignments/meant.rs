use std::collections::HashMap;

use domain::assignments::Has;
use domain::attributes::{Attribute, AttributeCode, AttributeInput, NewValue, Scalar};
use domain::terms::{MeantTerm, Term, TermDetails, TermId, TermName};
use domain::{Code, Invalid};

use crate::attributes::locked_attribute;
use crate::terms::new_term;
use crate::{Ctx, Error, FieldError, Tx};

/// The field of a request that assigns attributes: values by the codes of the attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request<'a> {
    /// Empty for the request itself.
    pub field: &'a str,
    pub given: &'a [(String, AttributeInput)],
}

/// A value that was parsed for the type of its attribute.
pub(crate) enum Read {
    Nothing,
    Value(Scalar),
    /// The names of terms, and those that are known.
    Terms(Vec<String>, HashMap<String, TermId>),
}

impl Request<'_> {
    /// What is meant for each attribute, where `None` takes away. Unknown tags are made.
    ///
    /// # Errors
    /// As [`Self::read`]. Nothing is made for a request that is refused.
    pub async fn meant(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<(Attribute, Option<Has>)>, Error> {
        let mut meant = Vec::new();
        for (attribute, read) in self.read(tx).await? {
            let has = match read {
                Read::Nothing => None,
                Read::Value(value) => Some(Has::Value(value)),
                Read::Terms(names, terms) => Some(Has::Terms(self.with_new(tx, ctx, &attribute, &names, terms).await?)),
            };
            meant.push((attribute, has));
        }
        Ok(meant)
    }

    /// What is given for each attribute, with the terms that are known. Nothing is made.
    ///
    /// # Errors
    /// Every refused field: an unknown attribute, a value of another type, an unknown term.
    pub async fn read(&self, tx: &mut dyn Tx) -> Result<Vec<(Attribute, Read)>, Error> {
        let codes: Vec<_> = self.given.iter().filter_map(|(code, _)| AttributeCode::parse(code).ok()).collect();
        let known = tx.attributes().named(&codes).await?;
        let known: HashMap<_, _> = known.into_iter().map(|one| (one.code.as_str().to_owned(), one)).collect();
        let (mut wanted, mut refused) = (Vec::new(), Vec::new());
        for (code, given) in self.given {
            let read = match known.get(code) {
                None => Err(Invalid::new(Code::UnknownField, "there is no such attribute")),
                Some(attribute) => attribute.read(given).map(|wanted| (attribute, wanted)),
            };
            match read {
                Ok(one) => wanted.push(one),
                Err(invalid) => refused.push(FieldError::new(self.path(code), invalid)),
            }
        }
        let mut all = Vec::new();
        for (attribute, wanted) in wanted {
            let read = match wanted {
                NewValue::Nothing => Read::Nothing,
                NewValue::Value(value) => Read::Value(value),
                NewValue::Terms(names) => {
                    let terms = terms(tx, attribute, &names).await?;
                    let unknown: Vec<_> = names.iter().filter(|name| !terms.contains_key(*name)).collect();
                    if !unknown.is_empty() && !attribute.grows() {
                        let message =
                            format!("must name terms of `{}`, and there is no {}", attribute.code, list(&unknown));
                        let invalid = Invalid::new(Code::NotFound, message);
                        refused.push(FieldError::new(self.path(attribute.code.as_str()), invalid));
                        continue;
                    }
                    Read::Terms(names, terms)
                }
            };
            all.push((attribute.clone(), read));
        }
        if refused.is_empty() { Ok(all) } else { Err(Error::Invalid(refused)) }
    }

    /// The terms with these names, in order. Those that are not known are made.
    async fn with_new(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        attribute: &Attribute,
        names: &[String],
        mut known: HashMap<String, TermId>,
    ) -> Result<Vec<TermId>, Error> {
        let new: Vec<_> = names.iter().filter(|name| !known.contains_key(*name)).cloned().collect();
        if !new.is_empty() {
            let attribute = locked_attribute(tx, &attribute.code, None).await?;
            // Somebody may have made them meanwhile.
            known.extend(terms(tx, &attribute, &new).await?);
            for name in new {
                if known.contains_key(&name) {
                    continue;
                }
                let refused = |invalid| Error::field(self.path(attribute.code.as_str()), invalid);
                let details = TermDetails::named(TermName::parse(&name).map_err(refused)?);
                let term = new_term(tx, ctx, &attribute, &details).await?;
                // Another name of the list may mean the same.
                for same in names.iter().filter(|other| means(other, &term)) {
                    known.insert(same.clone(), term.id);
                }
                known.insert(name, term.id);
            }
        }
        Ok(names.iter().filter_map(|name| known.get(name).copied()).collect())
    }

    fn path(&self, code: &str) -> String {
        // The name of an unknown one may be long.
        let code: String = code.chars().take(64).collect();
        if self.field.is_empty() { code } else { format!("{}.{code}", self.field) }
    }
}

/// The existing terms that the given names mean, by these names. A name may be an id or a slug. For tags, it may also
/// be the name of the term.
async fn terms(tx: &mut dyn Tx, attribute: &Attribute, names: &[String]) -> Result<HashMap<String, TermId>, Error> {
    let meant: Vec<_> = names.iter().map(|name| (name, MeantTerm::of(name))).collect();
    let grows = attribute.grows();
    let keys = |(_, one): &(_, MeantTerm)| if grows { one.keys() } else { one.typed().cloned().into_iter().collect() };
    let keys: Vec<_> = meant.iter().flat_map(keys).collect();
    let mut found: Vec<Term> = tx.terms().named(attribute.id, &keys).await?;
    let others = meant.iter().filter(|(_, one)| grows && !found.iter().any(|term| one.is_typed(term)));
    let others: Vec<_> = others.map(|(_, one)| one.name_key().to_owned()).collect();
    if !others.is_empty() {
        found.extend(tx.terms().called(attribute.id, &others).await?);
    }
    let term = |one: &MeantTerm| {
        let by = |is: fn(&MeantTerm, &Term) -> bool| found.iter().find(move |term| is(one, term));
        by(MeantTerm::is_typed).or_else(|| by(MeantTerm::is_called)).or_else(|| by(MeantTerm::is_like))
    };
    Ok(meant.iter().filter_map(|(name, one)| Some(((*name).clone(), term(one)?.id))).collect())
}

/// Whether a name is given for a term that was just made.
fn means(name: &str, term: &Term) -> bool {
    let meant = MeantTerm::of(name);
    meant.is_typed(term) || meant.is_called(term) || meant.is_like(term)
}

/// The first few names, each cut.
fn list(names: &[&String]) -> String {
    const SHOWN: usize = 5;
    let cut = |name: &&String| format!("`{}`", name.chars().take(80).collect::<String>());
    let shown: Vec<_> = names.iter().take(SHOWN).map(cut).collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    shown.join(", ") + more
}
