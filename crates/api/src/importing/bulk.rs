//! One change of many products: checked and done row by row.

use std::collections::HashMap;

use application::Error;
use application::imports::{BulkUpdate, ChangeRows, CheckRows, FailImport, RowWork, WriteRows};
use domain::assignments::{ShownAttribute, ShownValue};
use domain::attributes::{AttributeCode, AttributeInput};
use domain::groups::GroupId;
use domain::imports::{
    Bulk, Column, Import, ImportRow, ImportStatus, RowCounts, RowError, RowStatus, Sought, WholeGroup, WholeProduct,
};
use domain::products::{ProductChange, ProductFault, ProductId};
use domain::{Code, Invalid, UtcDateTime, Uuid, sort_key};

use super::{Importing, ROWS, Refused, before, error, errors, was};
use crate::extract::read::parse_id;
use crate::files::{Cells, ShownPictures};
use crate::problem::Fault;
use crate::routes::products::{bulk_columns, kept_bulk_change};

/// Some rows of a bulk change, with their stored products.
struct Part {
    /// The lines and their products that are to be changed.
    products: Vec<(u64, ProductId)>,
    /// The stored products by id.
    known: HashMap<ProductId, WholeProduct>,
    groups: HashMap<GroupId, WholeGroup>,
    /// The rows whose products are gone.
    refused: Refused,
    /// The last line.
    to: u64,
    is_last: bool,
}

impl Importing {
    /// Goes on with a change of many products.
    pub(super) async fn change(&self, import: &Import, bulk: &Bulk, holder: Uuid) -> Result<(), Error> {
        let update = match kept_bulk_change(&bulk.change, self.shop) {
            Ok(update) => update,
            Err(why) => {
                self.runner.run(FailImport { id: import.id, why }).await?;
                return Ok(());
            }
        };
        if import.status == ImportStatus::Checking {
            return self.check_change(import, &update, holder).await;
        }
        self.write_change(import, &update, &bulk_columns(&bulk.change, &update.given), holder).await
    }

    async fn check_change(&self, import: &Import, update: &BulkUpdate, holder: Uuid) -> Result<(), Error> {
        let (mut after, mut is_first, mut counts) = (0, true, RowCounts::default());
        loop {
            let Part { products, known, groups, mut refused, to, is_last } = self.part(import, after).await?;
            let now = self.clock.now();
            for (line, id) in products {
                let Some(whole) = known.get(&id) else { continue };
                let group = whole.member.as_ref().and_then(|member| groups.get(&member.group_id));
                match is_changed(update, whole, group, now) {
                    Ok(true) => counts.updates += 1,
                    Ok(false) => counts.unchanged += 1,
                    Err(fault) => refused.push((line, vec![fault])),
                }
            }
            counts.failed += i64::try_from(refused.len()).unwrap_or(i64::MAX);
            let ended = is_last.then_some(counts);
            let check = CheckRows { id: import.id, holder, is_first, refused, notes: Vec::new(), ended };
            if !self.runner.run(check).await? || is_last {
                return Ok(());
            }
            (after, is_first) = (to, false);
        }
    }

    async fn write_change(
        &self,
        import: &Import,
        update: &BulkUpdate,
        columns: &[Column],
        holder: Uuid,
    ) -> Result<(), Error> {
        let (runner, cells) = (self.acting(import), Cells::of(&self.queries, (self.shop, self.fetching.base())).await?);
        let mut after = import.position.unsigned_abs();
        loop {
            let Part { products, known, groups, refused, to, is_last } = self.part(import, after).await?;
            let groups = groups.iter().map(|(id, whole)| (*id, whole)).collect();
            let pictures = ShownPictures::default();
            let kept = products.iter().filter_map(|(line, id)| {
                let whole = known.get(id)?;
                Some(before(*line, whole, was(&cells, columns, whole, (&groups, &pictures))))
            });
            let kept: Vec<_> = kept.collect();
            let write = |rows: &[(u64, ProductId)], refused: Refused, lines, is_last| WriteRows {
                id: import.id,
                holder,
                lines,
                work: RowWork::Changes(Box::new(ChangeRows { rows: rows.to_vec(), update: update.clone() })),
                before: kept.clone(),
                refused,
                notes: Vec::new(),
                is_last,
            };
            let goes_on = match runner.run(write(&products, refused.clone(), (after, to), is_last)).await {
                Err(refusal) if refusal.is_refusal() => {
                    // One is refused. Each is done alone, and with it is written that it is done: a percentage is not to
                    // be added twice.
                    for one in &products {
                        let lines = (after, one.0);
                        let goes_on = match runner.run(write(std::slice::from_ref(one), Vec::new(), lines, false)).await
                        {
                            Err(why) if why.is_refusal() => {
                                runner.run(write(&[], vec![(one.0, errors(why))], lines, false)).await?
                            }
                            result => result?,
                        };
                        if !goes_on {
                            return Ok(());
                        }
                        after = one.0;
                    }
                    let rest = refused.into_iter().filter(|(line, _)| *line > after).collect();
                    runner.run(write(&[], rest, (after, to), is_last)).await?
                }
                result => result?,
            };
            if !goes_on || is_last {
                return Ok(());
            }
            after = to;
        }
    }

    /// The rows after a line.
    async fn part(&self, import: &Import, after: u64) -> Result<Part, Error> {
        let rows = self.queries.imports.rows(import.id, None, after, ROWS).await?;
        let is_last = u64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        let to = rows.last().map_or(after, |row| row.row.line);
        let is_refused = |row: &ImportRow| row.status == RowStatus::Failed && import.status == ImportStatus::Running;
        let named = rows
            .iter()
            .filter(|row| !is_refused(row))
            .filter_map(|row| Some((row.row.line, ProductId(parse_id(row.row.cell(0)).ok()?))));
        let mut products: Vec<_> = named.collect();
        let sought = Sought { ids: products.iter().map(|(_, id)| *id).collect(), ..Sought::default() };
        let found = self.queries.imports.products(&sought).await?;
        let known: HashMap<_, _> = found.into_iter().map(|whole| (whole.product.id, whole)).collect();
        let mut ids: Vec<_> = known.values().filter_map(|whole| Some(whole.member.as_ref()?.group_id)).collect();
        ids.sort_unstable();
        ids.dedup();
        let groups = self.queries.imports.groups(&ids, &[]).await?;
        let gone = products.extract_if(.., |(_, id)| !known.contains_key(id));
        let gone =
            gone.map(|(line, _)| (line, vec![refusal("id", Invalid::new(Code::NotFound, "was deleted meanwhile"))]));
        let refused = gone.collect();
        let groups = groups.into_iter().map(|whole| (whole.group.id, whole)).collect();
        Ok(Part { products, known, groups, refused, to, is_last })
    }
}

fn refusal(field: &str, Invalid { code, message }: Invalid) -> RowError {
    error(Fault { field: field.to_owned(), code: code.as_str(), message })
}

/// Whether a product would change.
///
/// # Errors
/// What of it is refused.
fn is_changed(
    update: &BulkUpdate,
    whole: &WholeProduct,
    group: Option<&WholeGroup>,
    now: UtcDateTime,
) -> Result<bool, RowError> {
    let WholeProduct { product, page, attributes, member, .. } = whole;
    let is_option =
        |code: &String| group.is_some_and(|group| group.options.iter().any(|option| option.as_str() == code));
    if let Some((code, _)) = update.given.iter().find(|(code, _)| is_option(code)) {
        let invalid = Invalid::new(Code::NotAllowed, "is what the product differs by from others of its group");
        return Err(refusal(&format!("attributes.{code}"), invalid));
    }
    let price = update.price.map(|price| price.applied(product.price)).transpose();
    let price = price.map_err(|invalid| refusal("price", invalid))?;
    let change = ProductChange { price, ..update.change.clone() };
    product.check(&change, now).map_err(|ProductFault { field, invalid }| refusal(field, invalid))?;
    // An empty description of a member is that of its group.
    let inherits = member.as_ref().is_some_and(|member| member.inherits.description);
    let stays = inherits
        && change.description.as_ref().is_some_and(|text| text.as_ref().is_none_or(|text| text.as_str().is_empty()));
    let change = ProductChange { description: change.description.filter(|_| !stays), ..change };
    Ok(product.changed(&change, now) != *product
        || page.changed(&update.page) != *page
        || update.given.iter().any(|(code, given)| !has(attributes, code, given)))
}

/// Whether a product already has the given value of an attribute. If that is not certain, `false`.
fn has(attributes: &[ShownAttribute], code: &str, given: &AttributeInput) -> bool {
    let found = attributes.iter().find(|one| one.code.as_str() == code && !one.is_inherited);
    let Some(ShownAttribute { value, .. }) = found else {
        return match given {
            AttributeInput::Nothing => true,
            AttributeInput::Texts(texts) => texts.is_empty(),
            _ => false,
        };
    };
    let are = |names: &[String]| match value {
        ShownValue::Value(value) => names.len() == 1 && names.iter().all(|name| value.to_string() == *name),
        ShownValue::Terms(terms) => {
            let is_tag = code == AttributeCode::TAG;
            let is = |term: &domain::assignments::ShownTerm, name: &String| {
                term.slug.as_str() == name
                    || term.id.to_string() == *name
                    || is_tag && sort_key(term.name.as_str()) == sort_key(name)
            };
            terms.len() == names.len() && terms.iter().zip(names).all(|(term, name)| is(term, name))
        }
    };
    match given {
        AttributeInput::Nothing => false,
        AttributeInput::Text(text) | AttributeInput::Number(text) => are(std::slice::from_ref(text)),
        AttributeInput::Texts(texts) => are(texts),
        AttributeInput::Boolean(value) => are(&[value.to_string()]),
    }
}
