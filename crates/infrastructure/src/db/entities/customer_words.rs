use std::collections::BTreeSet;

use domain::customers::Customer;
use domain::words;
use sea_orm::entity::prelude::*;

/// Words are cut at as many characters, here and in what is searched for.
const LONGEST: usize = 64;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "customer_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The words by which a customer is found, each once.
    pub fn of(customer: &Customer) -> impl Iterator<Item = Self> {
        let all = [customer.name.as_str(), customer.email.as_str()].into_iter().flat_map(words);
        let distinct: BTreeSet<_> = all.map(|word| cut(&word).to_owned()).collect();
        let customer_id = customer.id.0;
        distinct.into_iter().map(move |word| Self { customer_id, word })
    }
}

/// A word as it is kept.
pub fn cut(word: &str) -> &str {
    word.char_indices().nth(LONGEST).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}
