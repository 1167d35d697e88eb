//! Lists in which each product group comes once: at its first member that passes, in the order of the list.

use domain::products::{ProductFilter, Sku};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, SubQueryStatement};
use sea_orm::{Condition, DbBackend, IdenStatic as _};

use super::product_list::{List, digits};
use super::product_pins::Amid;
use super::product_reductions::is_reduced;
use super::product_search::WordsCondition;
use super::product_terms::by_reading_of;
use super::tokens::SearchIn;
use crate::db::convert::micros;
use crate::db::entities::members;
use crate::db::entities::products::{Column, Entity};

/// What siblings are called in statements.
const SIBLING: &str = "sibling";

fn of_sibling(column: Column) -> Expr {
    Expr::col((SIBLING, column))
}

/// A column of a sibling with a plus before it, so that SQLite finds siblings by their group and by no other index.
fn unindexed(column: Column) -> Expr {
    Expr::cust(format!("+{SIBLING}.{}", column.as_str()))
}

fn own(column: Column) -> Expr {
    Expr::col((Entity, column))
}

impl List<'_> {
    /// Whether a product is single, or no other member of its group passes and comes before it. It does not depend on the
    /// page, so that each group comes once in all of them. A limit keeps the servers from turning the look at siblings
    /// round.
    pub fn is_first(&self) -> Condition {
        let group = members::Column::GroupId;
        let mut before = Query::select();
        before
            .expr(Expr::val(1))
            .from_as(Entity, SIBLING)
            .and_where(Expr::col((SIBLING, group)).equals((Entity, group)))
            .cond_where(self.comes_before())
            .cond_where(self.sibling_passes())
            .limit(1);
        before.force_index(self.index_of_siblings(), IndexHintScope::All);
        let before = Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(before)));
        Condition::any().add(Expr::col((Entity, group)).is_null()).add(before.is_null())
    }

    fn index_of_siblings(&self) -> &'static str {
        match self.sorting.column {
            Column::Price => "products_by_group_and_price",
            Column::NameKey => "products_by_group_and_name_key",
            _ => "products_by_group",
        }
    }

    fn comes_before(&self) -> Condition {
        let is_upwards = self.sorting.is_upwards();
        let less = |one: Expr, other: Expr| if is_upwards { one.lt(other) } else { one.gt(other) };
        let by_id = || less(of_sibling(Column::Id), own(Column::Id));
        if let Some(words) = self.words.as_ref().filter(|_| self.is_ranked) {
            let tier = |named: fn(Column) -> Expr| tier(words, named);
            let nearer = tier(of_sibling).lt(tier(own));
            let same = Condition::all().add(tier(of_sibling).eq(tier(own))).add(by_id());
            return Condition::any().add(nearer).add(same);
        }
        let column = self.sorting.column;
        if self.sorting.is_by(Column::Id) {
            return Condition::all().add(by_id());
        }
        if self.backend == DbBackend::Sqlite {
            let place = |named: fn(Column) -> Expr| Expr::tuple([named(column), named(Column::Id)]);
            return Condition::all().add(less(place(of_sibling), place(own)));
        }
        let same = Condition::all().add(of_sibling(column).eq(own(column))).add(by_id());
        Condition::any().add(less(of_sibling(column), own(column))).add(same)
    }

    /// The condition that a sibling passes the filter of the list.
    fn sibling_passes(&self) -> Condition {
        let Some(Amid { pins, all, rest }) = &self.amid else {
            let others = self.except.others(of_sibling(Column::Id));
            return self.passes_as_sibling(self.filter).add_option(others);
        };
        let is_pin = of_sibling(Column::Id).is_in(pins.iter().map(|id| id.0));
        Condition::any()
            .add(self.passes_as_sibling(all).add(is_pin))
            .add_option(rest.map(|rest| self.passes_as_sibling(rest)))
    }

    fn passes_as_sibling(&self, filter: &ProductFilter) -> Condition {
        let ProductFilter { status, min_price, max_price, in_stock, on_sale, updated_after, .. } = filter;
        let on_hand =
            || Expr::cust(format!("COALESCE((SELECT on_hand FROM stock WHERE stock.product_id = {SIBLING}.id), 0)"));
        let (skus, barcodes) = (&filter.skus, &filter.barcodes);
        let attributes = filter.attributes.iter();
        let has = attributes.map(|condition| by_reading_of(condition, of_sibling(Column::Id)));
        Condition::all()
            .add_option(status.map(|status| unindexed(Column::Status).eq(status.as_str())))
            .add_option(min_price.map(|least| unindexed(Column::Price).gte(least)))
            .add_option(max_price.map(|most| unindexed(Column::Price).lte(most)))
            .add_option(updated_after.map(|from| unindexed(Column::UpdatedAt).gte(micros(from))))
            .add_option(in_stock.map(|wanted| if wanted { on_hand().gt(0) } else { on_hand().eq(0) }))
            .add_option((!skus.is_empty()).then(|| unindexed(Column::Sku).is_in(skus.iter().map(Sku::as_str))))
            .add_option(on_sale.map(|wanted| is_reduced(unindexed(Column::CompareAtPrice), wanted)))
            .add_option((!barcodes.is_empty()).then(|| unindexed(Column::Barcode).is_in(digits(barcodes))))
            .add_option(self.words.as_ref().map(|words| self.has_words(words)))
            .add(has.fold(Condition::all(), Condition::add))
    }

    /// Whether a sibling has the words, or is the one whose SKU is searched for.
    fn has_words(&self, words: &WordsCondition<'_>) -> Condition {
        let anywhere = WordsCondition { search_in: SearchIn::Anywhere, ..words.clone() };
        let sku = words.search.sku().filter(|_| self.is_ranked);
        Condition::any()
            .add(anywhere.by_reading_of(of_sibling(Column::Id)))
            .add_option(sku.map(|sku| unindexed(Column::Sku).eq(sku.as_str())))
    }
}

/// The tier of a product in a search by relevance: 1 if its SKU or barcode is searched for, 2 with all words in the name, else 3.
pub(super) fn tier(words: &WordsCondition<'_>, named: fn(Column) -> Expr) -> Expr {
    let in_name = WordsCondition { search_in: SearchIn::Name, ..words.clone() };
    let mut tier = CaseStatement::new();
    if let Some(sku) = words.search.sku() {
        tier = tier.case(named(Column::Sku).eq(sku.as_str()), 1);
    }
    if let Some(product) = words.by_barcode {
        tier = tier.case(named(Column::Id).eq(product), 1);
    }
    tier.case(in_name.by_reading_of(named(Column::Id)), 2).finally(3).into()
}
