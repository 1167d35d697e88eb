//! Typing mistakes: how many edits lie between a word that was typed and one that may have been meant.

/// How many edits a word of so many letters may be away from what was meant.
pub(super) const fn edits(letters: usize) -> u8 {
    match letters {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// Compares one typed word with many words in alphabetical order. It reuses the results for the prefix that a word
/// shares with the one before.
pub(super) struct Walk {
    typed: Vec<char>,
    /// The most edits.
    most: u8,
    /// The letters of the word that is looked at.
    letters: Vec<char>,
    /// For each beginning of it, the edits from each beginning of what was typed.
    rows: Vec<Vec<u8>>,
}

impl Walk {
    pub fn new(typed: &str) -> Self {
        let typed: Vec<_> = typed.chars().collect();
        let most = edits(typed.len());
        let first = (0..=typed.len()).map(|place| u8::try_from(place).unwrap_or(u8::MAX)).collect();
        Self { typed, most, letters: Vec::new(), rows: vec![first] }
    }

    /// Whether nothing but the same word is near.
    pub fn is_exact(&self) -> bool {
        self.most == 0
    }

    /// How many edits lie between this word and what was typed; `None` if too many do.
    ///
    /// # Errors
    /// The beginning of the word of which no word is near.
    pub fn step<'a>(&mut self, word: &'a str) -> Result<Option<u8>, &'a str> {
        let same = self.letters.iter().zip(word.chars()).take_while(|(one, other)| *one == other).count();
        self.letters.truncate(same);
        self.rows.truncate(same + 1);
        let penalty = u8::from(word.chars().next() != self.typed.first().copied());
        let is_far = |edits: u8| edits.saturating_add(penalty) > self.most;
        for (start, letter) in word.char_indices().skip(same) {
            let row = self.row(letter);
            let is_hopeless = row.iter().all(|edits| is_far(*edits));
            self.letters.push(letter);
            self.rows.push(row);
            if is_hopeless {
                return Err(word.get(..start + letter.len_utf8()).unwrap_or(word));
            }
        }
        let edits = self.rows.last().and_then(|row| row.last()).copied().unwrap_or(u8::MAX);
        Ok((!is_far(edits)).then_some(edits.saturating_add(penalty)))
    }

    /// The next row of the edit distances: for the prefix that ends with this letter.
    fn row(&self, letter: char) -> Vec<u8> {
        let at = |back: usize, place: usize| {
            let row = self.rows.len().checked_sub(back).and_then(|row| self.rows.get(row));
            row.and_then(|row| row.get(place)).copied().unwrap_or(u8::MAX)
        };
        let mut row = vec![at(1, 0).saturating_add(1)];
        let mut before = None;
        for (place, typed) in self.typed.iter().enumerate() {
            let left = row.last().copied().unwrap_or(u8::MAX);
            let mut edits = at(1, place).saturating_add(u8::from(*typed != letter));
            edits = edits.min(left.saturating_add(1)).min(at(1, place + 1).saturating_add(1));
            if before == Some(letter) && self.letters.last() == Some(typed) {
                edits = edits.min(place.checked_sub(1).map_or(u8::MAX, |place| at(2, place)).saturating_add(1));
            }
            row.push(edits);
            before = Some(*typed);
        }
        row
    }
}
