//! The words of names, and which of them are near a word that is none of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::slips::Walk;
use super::words::{has_no_spaces, words};
use crate::unicode::is_mark;

/// The most words that are kept. If there are more, the rarest are dropped.
const MOST: usize = 300_000;
/// The fewest letters of a word that is kept: one edit away from the shortest that is mended.
const SHORTEST: usize = 4;
/// The most similar words that are returned.
const NEAREST: usize = 3;
/// What a word costs in a tree, besides its letters, in bytes, about.
const OVERHEAD: usize = 40;

/// Whether a folded word is kept as one that others may be mended to: of letters alone, in a script with spaces. A word with a digit is a
/// code or a measure, and the nearest one is another thing.
pub(super) fn is_mendable(word: &str) -> bool {
    word.chars().nth(SHORTEST - 1).is_some()
        && word.chars().all(|c| (c.is_alphabetic() && !has_no_spaces(c)) || is_mark(c))
}

/// The words of names, folded, with how many names have each.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// The words that are settled, in order, one after the other.
    letters: String,
    /// Where each of them ends.
    ends: Vec<u32>,
    counts: Vec<u32>,
    /// Those that came later.
    later: BTreeMap<String, u32>,
    /// How many names a word had to have to stay when there were too many.
    least: u32,
}

impl Vocabulary {
    /// Adds the words of a name that is new.
    pub fn add(&mut self, name: &str) {
        for word in words(name).into_iter().filter(|word| is_mendable(word)) {
            let settled = self.settled(&word).ok().and_then(|place| self.counts.get_mut(place));
            match settled {
                Some(count) => *count = count.saturating_add(1),
                None => *self.later.entry(word).or_default() += 1,
            }
        }
        self.shorten();
    }

    /// Adds those words of a name that are not known. The others may be counted already.
    pub fn learn(&mut self, name: &str) {
        for word in words(name).into_iter().filter(|word| is_mendable(word)) {
            if self.settled(&word).is_err() {
                self.later.entry(word).or_insert(1);
            }
        }
        self.shorten();
    }

    /// Puts all words in order, where they need the least memory.
    pub fn settle(&mut self) {
        let later = std::mem::take(&mut self.later);
        let known = (0..self.ends.len()).map(|place| (self.word(place).to_owned(), self.count(place)));
        let all: BTreeMap<_, _> = known.chain(later).collect();
        (self.letters, self.ends, self.counts) = (String::new(), Vec::new(), Vec::new());
        for (word, count) in all {
            self.letters.push_str(&word);
            self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
            self.counts.push(count);
        }
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.counts.shrink_to_fit();
    }

    /// The memory that it needs, in bytes, about.
    pub fn bytes(&self) -> usize {
        let later: usize = self.later.keys().map(|word| word.len() + OVERHEAD).sum();
        self.letters.len() + self.ends.len() * 2 * size_of::<u32>() + later
    }

    /// Whether this is a word, or may be the beginning of one.
    pub fn knows(&self, word: &str, may_begin: bool) -> bool {
        let place = self.settled(word);
        if place.is_ok() || self.later.contains_key(word) {
            return true;
        }
        let begins = |known: &str| known.starts_with(word);
        let next = place.unwrap_or_else(|next| next);
        let later = || self.later.range(word.to_owned()..).next();
        may_begin
            && ((next < self.ends.len() && begins(self.word(next))) || later().is_some_and(|(known, _)| begins(known)))
    }

    /// The words that a folded word may be a slip of, the likeliest first: by edits, then by how many names have it.
    ///
    /// An edit is a letter more, less or another, or two neighbours that changed places. A wrong first letter counts two. A
    /// word of up to 4 letters has none, one of 5 to 8 one edit, a longer one two.
    pub fn near(&self, typed: &str) -> Vec<&str> {
        let mut walk = Walk::new(typed);
        if walk.is_exact() || !is_mendable(typed) {
            return Vec::new();
        }
        let (mut found, mut place) = (Vec::new(), 0);
        while place < self.ends.len() {
            let word = self.word(place);
            match walk.step(word) {
                Ok(edits) => {
                    found.extend(edits.map(|edits| (edits, Reverse(self.count(place)), word)));
                    place += 1;
                }
                Err(beginning) => place = self.after(place, beginning),
            }
        }
        for (word, count) in &self.later {
            found.extend(walk.step(word).ok().flatten().map(|edits| (edits, Reverse(*count), word.as_str())));
        }
        found.sort_unstable();
        found.into_iter().map(|(_, _, word)| word).take(NEAREST).collect()
    }

    /// Drops the rarest words if there are too many.
    fn shorten(&mut self) {
        while self.ends.len() + self.later.len() > MOST && !self.later.is_empty() {
            self.least += 1;
            let least = self.least;
            self.later.retain(|_, count| *count > least);
        }
    }

    /// The place of the first word at or after `from` that does not start with `beginning`.
    fn after(&self, from: usize, beginning: &str) -> usize {
        // Words with one beginning stand together, and mostly they are few.
        let (mut inside, mut step) = (from, 1);
        let begins = |place: usize| place < self.ends.len() && self.word(place).starts_with(beginning);
        while begins(inside + step) {
            inside += step;
            step *= 2;
        }
        let (mut low, mut high) = (inside + 1, (inside + step).min(self.ends.len()));
        while low < high {
            let middle = usize::midpoint(low, high);
            if begins(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The place of a settled word, or where it would be.
    fn settled(&self, word: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.word(middle).cmp(word) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Ok(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    fn word(&self, place: usize) -> &str {
        let end = |place: usize| self.ends.get(place).and_then(|end| usize::try_from(*end).ok()).unwrap_or_default();
        let start = place.checked_sub(1).map_or(0, end);
        self.letters.get(start..end(place)).unwrap_or_default()
    }

    fn count(&self, place: usize) -> u32 {
        self.counts.get(place).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
