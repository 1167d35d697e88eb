//! What somebody searches for.

mod folding;
mod mended;
mod slips;
mod vocabulary;
mod words;

pub use folding::sort_key;
pub use vocabulary::Vocabulary;
pub use words::words;

use self::words::{Piece, halves, pairs, pieces, written};
use crate::text::bounded;
use crate::unicode::is_visible;
use crate::{Invalid, Lines, Rule, Ruled};

/// Words to search for. All must be there, in any order, case and accent; the last may be the beginning of a word.
///
/// Whatever is not a letter, a digit or a mark only separates words, so there is no syntax that could be abused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    wanted: Vec<Choice>,
    typed: String,
}

/// What a word that is searched for may be: any of these, each of them all its terms.
pub type Choice = Vec<Vec<SearchTerm>>;

/// What is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTerm {
    /// A word that must be there.
    Whole(String),
    /// The beginning of a word that must be there.
    Beginning(String),
}

impl SearchText {
    /// The most characters of a search.
    pub const MAX: usize = 200;
    /// So many words count, the first ones.
    pub const MAX_WORDS: usize = 10;
    /// About so many terms count, which a long text without spaces exceeds.
    const MAX_TERMS: usize = 40;

    /// Parses a search; `None` if it is blank, and so does not narrow anything.
    ///
    /// # Errors
    /// If it is too long or holds control characters.
    pub fn parse(raw: &str) -> Result<Option<Self>, Invalid> {
        let typed = bounded(raw, 0, Self::MAX, Lines::One)?;
        if !typed.contains(is_visible) {
            return Ok(None);
        }
        let words = written(&typed);
        let all_count = words.len() <= Self::MAX_WORDS;
        let last = words.len().saturating_sub(1);
        let (mut wanted, mut terms) = (Vec::new(), 0);
        for (place, parts) in words.iter().enumerate().take(Self::MAX_WORDS) {
            if terms < Self::MAX_TERMS {
                let choice = choice(parts, all_count && place == last);
                terms += choice.iter().map(Vec::len).sum::<usize>();
                wanted.push(choice);
            }
        }
        Ok(Some(Self { wanted, typed: raw.trim().to_owned() }))
    }

    /// The text as it was typed, without blanks around it.
    pub(crate) fn typed(&self) -> &str {
        &self.typed
    }

    /// What must be there, word by word. Nothing is found if it is empty: the search has signs but no word.
    pub fn wanted(&self) -> &[Choice] {
        &self.wanted
    }

    /// The same for what was stored before words were folded: runs of letters and digits in lower case.
    pub fn wanted_before(&self) -> Vec<Choice> {
        let runs = self.typed.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
        let mut words: Vec<_> = runs.map(str::to_lowercase).map(SearchTerm::Whole).collect();
        if words.len() <= Self::MAX_WORDS
            && let Some(last @ SearchTerm::Whole(_)) = words.last_mut()
        {
            *last = SearchTerm::Beginning(std::mem::take(last.text_mut()));
        }
        words.into_iter().take(Self::MAX_WORDS).map(|term| vec![vec![term]]).collect()
    }
}

impl SearchTerm {
    /// The word, or its beginning.
    pub fn text(&self) -> &str {
        let (Self::Whole(text) | Self::Beginning(text)) = self;
        text
    }

    fn text_mut(&mut self) -> &mut String {
        match self {
            Self::Whole(text) | Self::Beginning(text) => text,
        }
    }
}

/// What a written word may be: its parts; the parts as one word, if a hyphen or an apostrophe joins them; number and
/// letters apart, if it has both.
fn choice(parts: &[String], may_begin: bool) -> Choice {
    let last = parts.len().saturating_sub(1);
    let apart = parts.iter().enumerate().flat_map(|(place, part)| terms(part, may_begin && place == last));
    let mut choice = vec![apart.take(SearchText::MAX_TERMS).collect()];
    match parts {
        [word] => choice.extend(halves(word).map(|[first, second]| {
            let mut both = terms(first, false);
            both.extend(terms(second, may_begin));
            both
        })),
        parts => choice.push(terms(&parts.concat(), may_begin)),
    }
    choice
}

/// The terms of a folded word.
fn terms(word: &str, may_begin: bool) -> Vec<SearchTerm> {
    let pieces = pieces(word);
    let last = pieces.len().saturating_sub(1);
    let term = |(place, piece)| match piece {
        Piece::Word(word) if may_begin && place == last => vec![SearchTerm::Beginning(word)],
        Piece::Word(word) => vec![SearchTerm::Whole(word)],
        Piece::Run(run) => match run[..] {
            [one] => vec![SearchTerm::Beginning(one.to_string())],
            _ => pairs(&run).map(SearchTerm::Whole).collect(),
        },
    };
    pieces.into_iter().enumerate().flat_map(term).take(SearchText::MAX_TERMS).collect()
}

impl Ruled for SearchText {
    fn rule() -> Rule {
        Rule::Text { min: 0, max: Self::MAX, lines: Lines::One }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search as text: `a` is whole, `a*` a beginning, `a b|c` is both or the third.
    fn wanted(raw: &str) -> Vec<String> {
        spelled(SearchText::parse(raw).unwrap().unwrap().wanted())
    }

    fn spelled(choices: &[Choice]) -> Vec<String> {
        let term = |term: &SearchTerm| match term {
            SearchTerm::Whole(text) => text.clone(),
            SearchTerm::Beginning(text) => format!("{text}*"),
        };
        let all = |terms: &Vec<SearchTerm>| terms.iter().map(term).collect::<Vec<_>>().join(" ");
        choices.iter().map(|choice| choice.iter().map(all).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn a_search_is_cut_into_folded_words_and_its_last_may_be_a_beginning_r31_r224() {
        assert_eq!(wanted("  Blue  MUG 42 Gr "), ["blue", "mug", "42", "gr*"]);
        assert_eq!(wanted("ÄRMEL"), ["armel*"]);
        assert_eq!(wanted("a\" OR b*"), ["a", "or", "b*"]);
        assert!(SearchText::parse("a\0b").is_err());
        assert!(SearchText::parse(&"x".repeat(201)).is_err());
    }

    #[test]
    fn a_search_may_be_written_together_or_apart_r224() {
        assert_eq!(wanted("t-shirt red"), ["t shirt|tshirt", "red*"]);
        assert_eq!(wanted("t-sh"), ["t sh*|tsh*"]);
        assert_eq!(wanted("42cm"), ["42cm*|42 cm*"]);
        assert_eq!(wanted("usb3 hub"), ["usb3|usb 3", "hub*"]);
        assert_eq!(wanted("a1b2"), ["a1b2*"]);
    }

    #[test]
    fn a_search_in_a_script_without_spaces_is_for_pairs_r224() {
        assert_eq!(wanted("マグカップ"), ["マグ グカ カッ ップ"]);
        assert_eq!(wanted("茶 杯"), ["茶*", "杯*"]);
        assert_eq!(wanted("iphone用"), ["iphone 用*"]);
        assert_eq!(wanted(&"杯".repeat(200)), [["杯杯"; 40].join(" ")]);
    }

    #[test]
    fn a_search_without_a_word_finds_nothing_and_a_blank_one_is_none_r224() {
        for signs in ["???", "%_\"'*()+-<>~@", "🦊", "—"] {
            assert_eq!(wanted(signs), [""; 0], "{signs}");
        }
        for blank in ["", "  ", "\u{200b}", "\u{3000}"] {
            assert_eq!(SearchText::parse(blank).unwrap(), None);
        }
    }

    #[test]
    fn the_first_ten_words_of_a_search_count_r224() {
        assert_eq!(wanted("a b c d e f g h i j").last().unwrap(), "j*");
        assert_eq!(wanted("a b c d e f g h i j k l m n"), ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    }

    #[test]
    fn a_search_is_also_what_it_was_before_words_were_folded_r224() {
        let before = |raw| spelled(&SearchText::parse(raw).unwrap().unwrap().wanted_before());
        assert_eq!(before("Große T-shirts"), ["große", "t", "shirts*"]);
        assert_eq!(before("mu\u{308}sli x"), ["mu", "sli", "x*"]);
        assert_eq!(before("a b c d e f g h i j k").last().unwrap(), "j");
    }
}
