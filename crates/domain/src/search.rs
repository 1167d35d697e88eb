//! What somebody searches for.

use crate::text::bounded;
use crate::{Code, Invalid, Lines, Rule, Ruled};

/// Words to search for. All must be there, in any order and any case; the last may be the beginning of a word.
///
/// Whatever is not a letter or a digit only separates words, so there is no syntax that could be abused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(Vec<String>);

impl SearchText {
    /// The most characters of a search.
    pub const MAX: usize = 200;
    /// The most words of a search.
    pub const MAX_WORDS: usize = 10;

    /// Parses a search; `None` if it holds no word, and so does not narrow anything.
    ///
    /// # Errors
    /// If it is too long or holds control characters.
    pub fn parse(raw: &str) -> Result<Option<Self>, Invalid> {
        let words = words(&bounded(raw, 0, Self::MAX, Lines::One)?);
        match words.len() {
            0 => Ok(None),
            n if n > Self::MAX_WORDS => {
                Err(Invalid::new(Code::TooLong, format!("must have at most {} words", Self::MAX_WORDS)))
            }
            _ => Ok(Some(Self(words))),
        }
    }

    /// The words that must be there whole.
    pub fn whole(&self) -> &[String] {
        self.0.split_last().map_or(&[], |(_, whole)| whole)
    }

    /// The word that must be there, or begin one that is.
    pub fn prefix(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }
}

impl Ruled for SearchText {
    fn rule() -> Rule {
        Rule::Text { min: 0, max: Self::MAX, lines: Lines::One }
    }
}

/// The words of a text in lower case: its runs of letters and digits. What is stored to be found is cut the same way.
pub fn words(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    runs.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_cut_into_lower_case_words_and_its_last_may_be_a_beginning_r31() {
        let search = SearchText::parse("  Blue  MUG-42 Gr ").unwrap().unwrap();
        assert_eq!((search.whole(), search.prefix()), (["blue", "mug", "42"].map(String::from).as_slice(), "gr"));
        assert_eq!(SearchText::parse("ÄRMEL").unwrap().unwrap().prefix(), "ärmel");
    }

    #[test]
    fn punctuation_only_separates_words_r31() {
        assert_eq!(SearchText::parse("%_\"'*()+-<>~@").unwrap(), None);
        assert_eq!(SearchText::parse("a\" OR b*").unwrap().unwrap().whole(), ["a", "or"]);
        assert!(SearchText::parse("a\0b").is_err());
        assert!(SearchText::parse(&"x".repeat(201)).is_err());
        assert!(SearchText::parse("a b c d e f g h i j k").is_err());
    }
}
