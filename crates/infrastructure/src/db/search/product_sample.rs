//! What a search knows beforehand: how many products likely have a word.
//!
//! The full-text index of a server names every product that has the words before it returns the first, and each costs it
//! microseconds; it can be neither counted nor interrupted. So one product in 1,024 is kept as a sample, whose words are
//! held in memory for a while. What they say is used to choose a way to the result, never for the result.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::Uuid;
use sea_orm::DbBackend;

use super::product_order::Sorting;
use super::product_search::WordsCondition;
use super::tokens::{Sought, sought};
use crate::db::engine::{Error, Executor as _, Pool};
use crate::db::entities::products::Column;
use crate::db::repositories::{FEW, STEPS};

/// One product in so many is of the sample.
const ONE_IN: u64 = 1_024;
/// The most products of the sample that are held in memory.
const MOST: u64 = 2_000;
/// How long a sample is kept in memory.
const KEPT: Duration = Duration::from_mins(1);
/// Nothing is estimated in a shop with fewer products, as the sample shows them. A shop with 10,000 products has hardly
/// ever a sample that stands for so many.
const SMALL: u64 = 30_000;
/// If none of so large a sample has the words, likely fewer than one product in a hundred has them (the rule of three), and
/// a look at the next products does not fill a page.
const LARGE_SAMPLE: u64 = 300;
/// So many entries of the index are read about as fast as the next products.
const FEW_ENTRIES: u64 = 5_000;

/// Whether a product is of the sample. The end of an id is random.
pub(super) fn is_sampled(id: Uuid) -> bool {
    id.as_u128().is_multiple_of(u128::from(ONE_IN))
}

/// How many entries of the index of words are read for one search, in all. SQLite passes them by where another word is
/// missing; the servers collect them.
const fn most_entries(backend: DbBackend) -> u64 {
    match backend {
        DbBackend::Sqlite => 150_000,
        _ => 20_000,
    }
}

/// The words of the sample.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// How many products there are, about.
    products: u64,
    /// How many of them are held.
    size: u64,
    /// The numbers of those that have a token.
    places: BTreeMap<String, Vec<usize>>,
}

impl Sample {
    fn new(products: u64, texts: impl IntoIterator<Item = String>) -> Self {
        let mut sample = Self { products, ..Self::default() };
        for (number, text) in texts.into_iter().enumerate() {
            for token in text.split_ascii_whitespace() {
                sample.places.entry(token.to_owned()).or_default().push(number);
            }
            sample.size += 1;
        }
        sample
    }

    /// How many of the next products are looked at, step by step. Fewer in a large shop: they are rarely in memory, the
    /// less if neighbours of the order are none in the database, and the sample says more about the rest.
    pub fn steps(&self, sorting: &Sorting) -> &'static [u64] {
        match self.products > SMALL {
            false => &STEPS,
            true if sorting.is_by(Column::Id) => &[500, 2_000],
            true => &[500, 500],
        }
    }

    /// About how many products there are for so many of the sample.
    fn scaled(&self, places: usize) -> u64 {
        u64::try_from(places).unwrap_or(u64::MAX).saturating_mul(self.products) / self.size.max(1)
    }

    fn with(&self, token: &Sought) -> BTreeSet<usize> {
        match token {
            Sought::Whole(token) => self.places.get(token).into_iter().flatten().copied().collect(),
            Sought::Beginning(first) => {
                let range = self.places.range(first.clone()..).take_while(|(token, _)| token.starts_with(first));
                range.flat_map(|(_, places)| places).copied().collect()
            }
        }
    }

    fn with_choice(&self, choice: &[Vec<Sought>]) -> BTreeSet<usize> {
        let all_of = |tokens: &Vec<Sought>| {
            let sets = tokens.iter().map(|token| self.with(token));
            sets.reduce(|all, set| &all & &set).unwrap_or_default()
        };
        choice.iter().flat_map(all_of).collect()
    }

    /// About how many entries of the index are read for a choice.
    fn entries(&self, choice: &[Vec<Sought>]) -> u64 {
        choice.iter().flatten().map(|token| self.scaled(self.with(token).len())).sum()
    }
}

/// What the index of words may be asked for, without naming too many products.
#[derive(Debug)]
pub(super) struct Narrowing {
    /// For each form in which words are stored, some of what a product must have.
    pub forms: Vec<Vec<Vec<Vec<Sought>>>>,
    /// Whether that is all that it must have.
    pub is_whole: bool,
    /// Whether there are so few that it is no use to look at the next products first.
    pub is_rare: bool,
}

impl WordsCondition<'_> {
    /// What the index may be asked for; `None` if it would name too many products.
    pub fn narrowing(&self, sample: &Sample, backend: DbBackend) -> Option<Narrowing> {
        let mut narrowing = Narrowing { forms: Vec::new(), is_whole: true, is_rare: true };
        for form in self.forms() {
            let mut choices = sought(&form, self.search_in);
            if sample.products > SMALL {
                choices.sort_by_key(|choice| sample.entries(choice));
                let mut entries = 0;
                let affordable = choices.iter().take_while(|choice| {
                    entries += sample.entries(choice);
                    entries <= most_entries(backend)
                });
                let affordable = affordable.count();
                narrowing.is_whole &= affordable == choices.len();
                choices.truncate(affordable);
                let sets = choices.iter().map(|choice| sample.with_choice(choice));
                let named = sets.reduce(|all, set| &all & &set)?.len();
                if sample.scaled(named) > FEW {
                    return None;
                }
                let entries: u64 = choices.iter().map(|choice| sample.entries(choice)).sum();
                narrowing.is_rare &= named == 0 && (sample.size >= LARGE_SAMPLE || entries <= FEW_ENTRIES);
            } else {
                narrowing.is_rare = false;
            }
            narrowing.forms.push(choices);
        }
        Some(narrowing)
    }
}

/// The sample, read again when it is old.
#[derive(Debug, Default)]
pub(in crate::db) struct Samples {
    kept: RwLock<Option<(Instant, Arc<Sample>)>>,
}

impl Samples {
    pub(super) async fn get(&self, read: &Pool) -> Result<Arc<Sample>, Error> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, sample)) = kept.filter(|(at, _)| at.elapsed() < KEPT) {
            return Ok(sample);
        }
        let count = read.run("SELECT COUNT(*) FROM product_samples").await?.rows;
        let count: i64 = count.first().ok_or_else(Error::no_result)?.at(0)?;
        // The end of an id is random, so these are any.
        let find = format!("SELECT words FROM product_samples ORDER BY SUBSTR(HEX(product_id), 23) LIMIT {MOST}");
        let rows = read.run(find.as_str()).await?.rows;
        let texts = rows.iter().map(|row| row.at(0)).collect::<Result<Vec<String>, _>>()?;
        let sample = Arc::new(Sample::new(u64::try_from(count).unwrap_or(0) * ONE_IN, texts));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&sample)));
        Ok(sample)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::SearchIn;
    use super::*;
    use domain::SearchText;

    /// A million products: all are blue, one in 2 is a mug, one in 100 is rare, one in 250 is odd, never both.
    fn million() -> Sample {
        let text = |n: usize| {
            let kind = if n.is_multiple_of(2) { "qxmug" } else { "qxcup" };
            let rare = if n.is_multiple_of(100) { "qxrare " } else { "" };
            let odd = if n % 250 == 1 { "qxodd " } else { "" };
            format!(" qxblue {kind} {rare}{odd}")
        };
        Sample::new(1_000_000, (0..1_000).map(text))
    }

    fn narrowing(sample: &Sample, text: &str, backend: DbBackend) -> Option<(usize, bool, bool)> {
        let search = SearchText::parse(text).unwrap().unwrap();
        let wanted =
            WordsCondition { search: &search, is_renewed: true, search_in: SearchIn::Anywhere, by_barcode: None };
        let narrowing = wanted.narrowing(sample, backend)?;
        Some((narrowing.forms[0].len(), narrowing.is_whole, narrowing.is_rare))
    }

    #[test]
    fn the_index_is_asked_for_words_that_few_products_have() {
        let sample = million();
        for (text, on_sqlite, on_a_server) in [
            ("unheard", Some((1, true, true)), Some((1, true, true))),
            // The common word is looked for among the products that have the rare one.
            ("unheard blue", Some((1, false, true)), Some((1, false, true))),
            ("blue", None, None),
            ("mug", None, None),
            ("rar", Some((1, true, false)), Some((1, true, false))),
            ("rare mug", Some((1, false, false)), Some((1, false, false))),
            ("odd ra", Some((2, true, true)), Some((2, true, true))),
            ("blue mu", None, None),
        ] {
            assert_eq!(narrowing(&sample, text, DbBackend::Sqlite), on_sqlite, "{text}");
            assert_eq!(narrowing(&sample, text, DbBackend::MySql), on_a_server, "{text}");
        }
    }

    /// A hundred thousand products: half are mugs, half are blue, and by chance none of the sample is both.
    #[test]
    fn two_common_words_that_no_product_of_a_small_sample_has_are_not_taken_for_rare_r62() {
        let text = |n: usize| (if n.is_multiple_of(2) { " qxmug " } else { " qxblue " }).to_owned();
        let sample = Sample::new(100_000, (0..98).map(text));
        assert_eq!(narrowing(&sample, "blue mug", DbBackend::Sqlite), Some((2, true, false)));
        assert_eq!(narrowing(&sample, "unheard", DbBackend::Sqlite), Some((1, true, true)));
    }

    #[test]
    fn a_small_shop_is_searched_without_an_estimate() {
        let sample = Sample::new(SMALL, ["qxblue".to_owned()]);
        for text in ["blue", "blue unheard"] {
            let words = text.split(' ').count();
            assert_eq!(narrowing(&sample, text, DbBackend::MySql), Some((words, true, false)), "{text}");
        }
    }

    #[test]
    fn one_product_in_1024_is_of_the_sample_by_the_end_of_its_id() {
        let sampled = (0..10_240_u128).filter(|n| is_sampled(Uuid::from_u128(*n << 3)));
        assert_eq!(sampled.count(), 10_240 / 128);
        // As the migration says it: the last three digits are 000, 400, 800 or C00.
        for n in 0..5_000_u128 {
            let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n);
            let end = id.simple().to_string().to_uppercase().split_off(29);
            assert_eq!(is_sampled(id), ["000", "400", "800", "C00"].contains(&end.as_str()), "{end}");
        }
    }
}
