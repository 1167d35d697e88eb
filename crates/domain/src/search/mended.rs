//! Searches that found nothing, with the words that were meant.

use super::folding::folded;
use super::vocabulary::is_mendable;
use super::{SearchText, Vocabulary};
use crate::unicode::{is_ignorable, is_mark};

/// The most texts for one search.
const MOST: usize = 3;

/// A word that the vocabulary does not know: its place in the text, and similar words that are known.
struct Slip<'a> {
    start: usize,
    end: usize,
    near: Vec<&'a str>,
}

impl SearchText {
    /// The whole text with the words that were likely meant, the likeliest first; none if it has no word to be mended. What
    /// is a word stays as it was typed, and so does what is near no word.
    pub fn mended(&self, vocabulary: &Vocabulary) -> Vec<String> {
        let runs = runs(&self.typed);
        let all_count = runs.len() <= Self::MAX_WORDS;
        let slip = |(place, &(start, end)): (usize, &(usize, usize))| {
            let word = folded(self.typed.get(start..end)?);
            let may_begin = all_count && place + 1 == runs.len();
            if !is_mendable(&word) || vocabulary.knows(&word, may_begin) {
                return None;
            }
            let near = vocabulary.near(&word);
            (!near.is_empty()).then_some(Slip { start, end, near })
        };
        let slips: Vec<_> = runs.iter().enumerate().take(Self::MAX_WORDS).filter_map(slip).collect();
        let texts = slips.iter().map(|slip| slip.near.len()).max().unwrap_or_default().min(MOST);
        (0..texts).map(|choice| self.with(&slips, choice)).collect()
    }

    /// The text with the word of this choice in place of each slip.
    fn with(&self, slips: &[Slip<'_>], choice: usize) -> String {
        let (mut text, mut from) = (String::new(), 0);
        for Slip { start, end, near } in slips {
            text.push_str(self.typed.get(from..*start).unwrap_or_default());
            text.push_str(near.get(choice).or(near.last()).copied().unwrap_or_default());
            from = *end;
        }
        text + self.typed.get(from..).unwrap_or_default()
    }
}

/// Where the runs of letters and digits of a text start and end.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if !c.is_alphanumeric() && !is_mark(c) && !is_ignorable(c) {
            continue;
        }
        match runs.last_mut() {
            Some((_, last)) if *last == start => *last = end,
            _ => runs.push((start, end)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(typed: &str) -> Vec<String> {
        let mut words = Vocabulary::default();
        for name in ["Blue teapot", "Blue bottle", "Red bottle", "Battle axe", "Crème brûlée set"] {
            words.add(name);
        }
        SearchText::parse(typed).unwrap().unwrap().mended(&words)
    }

    #[test]
    fn the_whole_text_is_mended_and_what_is_right_stays_as_typed_r225() {
        assert_eq!(mended("Blue  teapto"), ["Blue  teapot"]);
        assert_eq!(mended("teapto, (blue)"), ["teapot, (blue)"]);
        assert_eq!(mended("Crême brulle"), ["Crême brulee"]);
        assert_eq!(mended("blue teapot"), [""; 0]);
        assert_eq!(mended("blue teapo"), [""; 0], "the last word may be a beginning");
        assert_eq!(mended("teapo blue"), ["teapot blue"], "and only the last");
        assert_eq!(mended("zebra"), [""; 0]);
        assert_eq!(mended("zebra teapto"), ["zebra teapot"], "it may stand in a description");
        assert_eq!(mended("???"), [""; 0]);
    }

    #[test]
    fn there_is_a_text_for_each_word_that_may_be_meant_r225() {
        assert_eq!(mended("bittle"), ["bottle", "battle"]);
        assert_eq!(mended("bittle teapto"), ["bottle teapot", "battle teapot"]);
    }

    #[test]
    fn words_that_do_not_count_are_not_mended_r225() {
        assert_eq!(mended("a b c d e f g h i j teapto"), [""; 0]);
        assert_eq!(mended("a b c d e f g h i teapto"), ["a b c d e f g h i teapot"]);
    }
}
