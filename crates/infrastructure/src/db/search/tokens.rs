//! Words as the full-text indexes are given them, so that each of them finds the same.
//!
//! Left to itself `InnoDB` would pass over words of less than three letters and over some English ones, and what is a
//! letter beyond ASCII differs from one to the other. So a token begins with a mark that no English word begins with,
//! which also makes the shortest three letters long, and has nothing but ASCII letters, digits and underscores.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::products::{Description, Product, Sku};
use domain::{Choice, SearchTerm, words};

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SearchIn {
    /// In name, description or SKU.
    Anywhere,
    /// In the name.
    Name,
}

impl SearchIn {
    const fn mark(self) -> &'static str {
        match self {
            Self::Anywhere => "qx",
            Self::Name => "qn",
        }
    }
}

/// `InnoDB` knows words of up to 84 letters. Longer ones are cut, here and in what is searched for.
const LONGEST: usize = 80;

/// The tokens by which a product is found, each once, with a space before, between and after them. Those of its name are
/// there a second time, marked as such.
pub(super) fn of(product: &Product) -> String {
    let name = words(product.name.as_str());
    let others = [product.description.as_ref().map(Description::as_str), product.sku.as_ref().map(Sku::as_str)];
    let mut tokens: BTreeSet<_> = name.iter().map(|word| token(SearchIn::Name, word)).collect();
    let anywhere = name.into_iter().chain(others.into_iter().flatten().flat_map(words));
    tokens.extend(anywhere.map(|word| token(SearchIn::Anywhere, &word)));
    tokens.into_iter().fold(String::from(" "), |all, token| all + &token + " ")
}

/// A token that is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sought {
    /// It must be there.
    Whole(String),
    /// One that begins so must be there.
    Beginning(String),
}

impl Sought {
    fn len(&self) -> usize {
        let (Self::Whole(token) | Self::Beginning(token)) = self;
        token.len()
    }
}

/// The tokens that are searched for, choice by choice. The choice with the longest comes first: it is likely the rarest,
/// and `InnoDB` looks up the others only among what has the first.
pub(super) fn sought(wanted: &[Choice], search_in: SearchIn) -> Vec<Vec<Vec<Sought>>> {
    let sought = |term: &SearchTerm| match term {
        SearchTerm::Whole(word) => Sought::Whole(token(search_in, word)),
        SearchTerm::Beginning(word) => Sought::Beginning(token(search_in, word)),
    };
    let all_of = |terms: &Vec<SearchTerm>| terms.iter().map(sought).collect::<Vec<_>>();
    let mut all: Vec<Vec<_>> = wanted.iter().map(|choice| choice.iter().map(all_of).collect()).collect();
    all.sort_by_key(|choice| std::cmp::Reverse(choice.iter().flatten().map(Sought::len).max()));
    all
}

/// The token of a word. A character beyond ASCII becomes its number between underscores, so that the token of a prefix
/// is a prefix of the token.
fn token(search_in: SearchIn, word: &str) -> String {
    let mut token = String::from(search_in.mark());
    for character in word.chars() {
        let before = token.len();
        if character.is_ascii() {
            token.push(character);
        } else {
            // Writing into a string cannot fail.
            write!(token, "_{:x}_", u32::from(character)).ok();
        }
        if token.len() > LONGEST {
            token.truncate(before);
            break;
        }
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anywhere(word: &str) -> String {
        token(SearchIn::Anywhere, word)
    }

    #[test]
    fn a_token_is_ascii_no_common_word_and_has_three_letters_or_more_r31() {
        assert_eq!(anywhere("a"), "qxa");
        assert_eq!(anywhere("42"), "qx42");
        assert_eq!(anywhere("grün"), "qxgr_fc_n");
        assert_eq!(anywhere("杯"), "qx_676f_");
        assert_eq!(token(SearchIn::Name, "a"), "qna");
    }

    #[test]
    fn a_beginning_of_a_word_is_a_beginning_of_its_token_however_long_r31() {
        for word in ["grüne", &"ä".repeat(50), &"x".repeat(200)] {
            let ends = word.char_indices().map(|(end, _)| end);
            assert!(ends.skip(1).all(|end| anywhere(word).starts_with(&anywhere(&word[..end]))), "{word}");
            assert!(anywhere(word).len() <= LONGEST);
        }
    }
}
