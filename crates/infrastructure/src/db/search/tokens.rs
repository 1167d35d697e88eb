//! Words as the full-text indexes are given them, so that each of them finds the same.
//!
//! Left to itself `InnoDB` would pass over words of less than three letters and over some English ones, and what is a
//! letter beyond ASCII differs from one to the other. So a token begins with a mark that no English word begins with,
//! which also makes the shortest three letters long, and has nothing but ASCII letters, digits and underscores.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::products::{Description, Product, Sku};
use domain::{SearchText, words};

const MARK: &str = "qx";

/// `InnoDB` knows words of up to 84 letters. Longer ones are cut, here and in what is searched for.
const LONGEST: usize = 80;

/// The tokens by which a product is found, each once, with a space before, between and after them.
pub(super) fn of(product: &Product) -> String {
    let texts = [
        Some(product.name.as_str()),
        product.description.as_ref().map(Description::as_str),
        product.sku.as_ref().map(Sku::as_str),
    ];
    let distinct: BTreeSet<_> = texts.into_iter().flatten().flat_map(words).map(|word| token(&word)).collect();
    distinct.into_iter().fold(String::from(" "), |all, token| all + &token + " ")
}

/// A token that is searched for.
pub(super) enum Sought {
    /// It must be there.
    Whole(String),
    /// One that begins so must be there.
    Beginning(String),
}

/// The tokens that are searched for. The longest comes first: it is likely the rarest, and `InnoDB` looks up the others
/// only among what has the first.
pub(super) fn sought(search: &SearchText) -> Vec<Sought> {
    let mut all: Vec<_> = search.whole().iter().map(|word| Sought::Whole(token(word))).collect();
    all.push(Sought::Beginning(token(search.prefix())));
    all.sort_by_key(|(Sought::Whole(token) | Sought::Beginning(token))| Reverse(token.len()));
    all
}

/// A character beyond ASCII becomes its number between underscores, so that a beginning of a word becomes a beginning
/// of its token.
fn token(word: &str) -> String {
    let mut token = String::from(MARK);
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

    #[test]
    fn a_token_is_ascii_no_common_word_and_has_three_letters_or_more_r31() {
        assert_eq!(token("a"), "qxa");
        assert_eq!(token("42"), "qx42");
        assert_eq!(token("grün"), "qxgr_fc_n");
        assert_eq!(token("杯"), "qx_676f_");
    }

    #[test]
    fn a_beginning_of_a_word_is_a_beginning_of_its_token_however_long_r31() {
        for word in ["grüne", &"ä".repeat(50), &"x".repeat(200)] {
            let ends = word.char_indices().map(|(end, _)| end);
            assert!(ends.skip(1).all(|end| token(word).starts_with(&token(&word[..end]))), "{word}");
            assert!(token(word).len() <= LONGEST);
        }
    }
}
