//! Products by their words: the full-text index of the database, `InnoDB`'s own or SQLite's FTS5.

use domain::products::Product;
use domain::{Choice, SearchText, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect};

use super::product_sample::{Narrowing, Sample, is_sampled};
use super::tokens::{self, SearchIn, Sought};
use crate::db::engine::{Error, Executor as _, Pool, Statement};
use crate::db::entities::product_words::{Column, Entity, Model};
use crate::db::entities::{product_samples, products};
use crate::db::repositories::DbTx;

/// The index of SQLite follows the rows of `product_words` only by these statements; the others follow by themselves.
const ADD: &str = "INSERT INTO product_search (rowid, words) SELECT doc, words FROM product_words WHERE product_id IN";
const REMOVE: &str = "INSERT INTO product_search (product_search, rowid, words)
    SELECT 'delete', doc, words FROM product_words WHERE product_id IN";

/// The most products in whose words a barcode is looked for.
const MOST: u64 = 1_000;

impl DbTx {
    /// Lets new products be found.
    pub async fn add_words(&self, products: impl IntoIterator<Item = &Product>) -> Result<(), Error> {
        let row = |product: &Product| Model { product_id: product.id.0, words: tokens::of(product) };
        let rows: Vec<_> = products.into_iter().map(row).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.product_id).collect();
        let sample: Vec<_> = rows.iter().filter(|row| is_sampled(row.product_id)).cloned().collect();
        self.insert_rows(sample.into_iter().map(product_samples::Model::from)).await?;
        self.insert_rows(rows).await?;
        self.on_sqlite(ADD, &ids).await
    }

    /// Lets products not be found any more.
    pub async fn remove_words(&self, ids: &[Uuid]) -> Result<(), Error> {
        self.on_sqlite(REMOVE, ids).await?;
        let sample: Vec<_> = ids.iter().copied().filter(|id| is_sampled(*id)).collect();
        if !sample.is_empty() {
            let find = product_samples::Column::ProductId.is_in(sample);
            self.transaction.execute(&product_samples::Entity::delete_many().filter(find)).await?;
        }
        let delete = Entity::delete_many().filter(Column::ProductId.is_in(ids.iter().copied()));
        self.transaction.execute(&delete).await.map(drop)
    }

    async fn on_sqlite(&self, sql: &str, ids: &[Uuid]) -> Result<(), Error> {
        if self.transaction.backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let sql = format!("{sql} (?{})", ", ?".repeat(ids.len().saturating_sub(1)));
        let statement = Statement::new(sql, ids.iter().map(|id| (*id).into()));
        self.transaction.run(statement).await.map(drop)
    }
}

/// A condition on the words of a product.
#[derive(Clone)]
pub(super) struct WordsCondition<'a> {
    pub search: &'a SearchText,
    /// Whether every product has folded words, so that none need be looked for by what it had before.
    pub is_renewed: bool,
    pub search_in: SearchIn,
    /// The product whose barcode is searched for. It is found, whatever its words.
    pub by_barcode: Option<Uuid>,
}

/// The product whose barcode is searched for, if the search is a barcode.
pub(super) async fn by_barcode(search: Option<&SearchText>, read: &Pool) -> Result<Option<Uuid>, Error> {
    let Some(barcode) = search.and_then(SearchText::barcode) else { return Ok(None) };
    let find = products::Entity::find().select_only().column(products::Column::Id);
    let found = read.ids(&find.filter(products::Column::Barcode.eq(barcode.digits()))).await?;
    Ok(found.first().copied())
}

impl WordsCondition<'_> {
    /// What is searched for, in each form in which words may be stored.
    pub fn forms(&self) -> Vec<Vec<Choice>> {
        let mut forms = vec![self.search.wanted().to_vec()];
        // Words of the old form do not say whether they are of the name.
        if !self.is_renewed && self.search_in == SearchIn::Anywhere {
            forms.push(self.search.wanted_before());
        }
        forms.dedup();
        forms.retain(|form| !form.is_empty());
        forms
    }

    /// The products that have the words, by the index as far as it may be asked.
    pub fn by_index(&self, narrowing: &Narrowing, backend: DbBackend) -> Condition {
        let forms = narrowing.forms.iter();
        let (matches, expression) = match backend {
            DbBackend::Sqlite => (
                "doc IN (SELECT rowid FROM product_search WHERE product_search MATCH ?)",
                joined(forms.map(|form| for_sqlite(form)), " OR "),
            ),
            _ => ("MATCH (words) AGAINST (? IN BOOLEAN MODE)", joined(forms.map(|form| for_server(form)), " ")),
        };
        let found = Query::select()
            .column(Column::ProductId)
            .from(Entity)
            .and_where(Expr::cust_with_values(matches, [expression]))
            .to_owned();
        let rest = (!narrowing.is_whole).then(|| self.by_reading());
        Condition::all().add(products::Column::Id.in_subquery(found)).add_option(rest)
    }

    /// The same, by looking at the words of each product.
    pub fn by_reading(&self) -> Expr {
        self.by_reading_of(Expr::col((products::Entity, products::Column::Id)))
    }

    /// The same of the product with this id.
    pub fn by_reading_of(&self, id: Expr) -> Expr {
        let has = |sought: &Sought| {
            let pattern = match sought {
                Sought::Whole(token) => format!(" {token} "),
                Sought::Beginning(token) => format!(" {token}"),
            };
            Expr::cust_with_values("INSTR(words, ?) > 0", [pattern])
        };
        let all_of = |tokens: &Vec<Sought>| tokens.iter().map(has).fold(Condition::all(), Condition::add);
        let any_of = |choice: &Vec<Vec<Sought>>| choice.iter().map(all_of).fold(Condition::any(), Condition::add);
        let form = |form: &Vec<Choice>| {
            tokens::sought(form, self.search_in).iter().map(any_of).fold(Condition::all(), Condition::add)
        };
        let forms = self.forms().iter().map(form).fold(Condition::any(), Condition::add);
        let own = Expr::col((Entity, Column::ProductId)).eq(id.clone());
        let words = Condition::all().add(own).add(forms);
        let has_words = Expr::exists(Query::select().expr(Expr::val(1)).from(Entity).cond_where(words).to_owned());
        match self.by_barcode.filter(|_| self.search_in == SearchIn::Anywhere) {
            Some(product) => has_words.or(id.eq(product)),
            None => has_words,
        }
    }

    /// The products that are found by a barcode, in order of id: the one that has it, and those in whose words it stands,
    /// which are few. `None` if the search is no barcode of a product.
    pub async fn with_barcode(&self, sample: &Sample, read: &Pool) -> Result<Option<Vec<Uuid>>, Error> {
        let Some(product) = self.by_barcode else { return Ok(None) };
        let mut found = vec![product];
        if let Some(narrowing) = self.narrowing(sample, read.backend()) {
            let find = products::Entity::find().select_only().column(products::Column::Id);
            found.extend(read.ids(&find.filter(self.by_index(&narrowing, read.backend())).limit(MOST)).await?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(Some(found))
    }
}

/// Any of several expressions.
fn joined(expressions: impl Iterator<Item = String>, or: &str) -> String {
    let all: Vec<_> = expressions.collect();
    match &all[..] {
        [one] => one.clone(),
        several => several.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(or),
    }
}

/// All of them, in the language of FTS5: `a AND (b OR (c AND d*))`.
fn for_sqlite(choices: &[Vec<Vec<Sought>>]) -> String {
    let token = |sought: &Sought| match sought {
        Sought::Whole(token) => token.clone(),
        Sought::Beginning(token) => format!("{token}*"),
    };
    let all_of = |tokens: &Vec<Sought>| tokens.iter().map(token).collect::<Vec<_>>().join(" AND ");
    let all: Vec<_> = choices.iter().map(|choice| format!("({})", joined(choice.iter().map(all_of), " OR "))).collect();
    all.join(" AND ")
}

/// The same in the language of `InnoDB`: `+a +((+b) (+c +d*))`.
fn for_server(choices: &[Vec<Vec<Sought>>]) -> String {
    let token = |sought: &Sought| match sought {
        Sought::Whole(token) => format!("+{token}"),
        Sought::Beginning(token) => format!("+{token}*"),
    };
    let all_of = |tokens: &Vec<Sought>| tokens.iter().map(token).collect::<Vec<_>>().join(" ");
    let any_of = |choice: &Vec<Vec<Sought>>| match &choice[..] {
        [one] => all_of(one),
        several => format!("+({})", joined(several.iter().map(all_of), " ")),
    };
    choices.iter().map(any_of).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_written_in_the_language_of_each_index_r224() {
        let search = SearchText::parse("blue t-sh").unwrap().unwrap();
        let sought = tokens::sought(search.wanted(), SearchIn::Anywhere);
        assert_eq!(for_sqlite(&sought), "(qxblue) AND ((qxt AND qxsh*) OR (qxtsh*))");
        assert_eq!(for_server(&sought), "+qxblue +((+qxt +qxsh*) (+qxtsh*))");
        let wanted =
            WordsCondition { search: &search, is_renewed: false, search_in: SearchIn::Anywhere, by_barcode: None };
        assert_eq!(wanted.forms().len(), 2);
    }
}
