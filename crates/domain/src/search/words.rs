//! Cutting texts into words, folded.

use std::collections::BTreeSet;

use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use super::folding::folded;
use crate::unicode::{is_ignorable, is_mark};

/// The words by which a text is found, each once.
///
/// - A word is a run of letters, digits and marks.
/// - Words that a hyphen or an apostrophe joins also count as one: `t-shirt` has `t`, `shirt` and `tshirt`.
/// - A number beside letters is also found alone: `42cm` has `42cm`, `42` and `cm`.
/// - A script without spaces has each two neighbours, and the last character alone, so that every character begins a word:
///   `茶杯子` has `茶杯`, `杯子` and `子`.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for parts in written(text) {
        if parts.len() > 1 {
            add(&parts.concat(), &mut words);
        }
        for part in parts {
            add(&part, &mut words);
        }
    }
    words
}

fn add(part: &str, words: &mut BTreeSet<String>) {
    for piece in pieces(part) {
        match piece {
            Piece::Word(word) => {
                words.extend(halves(&word).into_iter().flatten().map(str::to_owned));
                words.insert(word);
            }
            Piece::Run(run) => {
                words.extend(pairs(&run));
                words.extend(run.last().map(char::to_string));
            }
        }
    }
}

/// A part of a word.
pub(super) enum Piece {
    /// A word of a script with spaces.
    Word(String),
    /// Characters of scripts without spaces.
    Run(Vec<char>),
}

/// The words of a text, each as its folded parts: those that a hyphen or an apostrophe joins.
pub(super) fn written(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut parts, mut part) = (Vec::new(), Vec::new(), String::new());
    for c in text.chars() {
        if is_fraction(c) {
            all.push(std::mem::take(&mut parts));
            all.push(vec![std::mem::take(&mut part)]);
            all.push(vec![c.to_string()]);
        } else if is_joint(c) && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        } else if !is_joint(c) && (c.is_alphanumeric() || is_mark(c)) {
            part.push(c);
        } else if !is_ignorable(c) {
            parts.push(std::mem::take(&mut part));
            all.push(std::mem::take(&mut parts));
        }
    }
    parts.push(part);
    all.push(parts);
    all.iter().flat_map(|parts| fold(parts)).filter(|parts| !parts.is_empty()).collect()
}

/// The folded parts of a word. If folding cuts one, each is a word of its own.
fn fold(parts: &[String]) -> Vec<Vec<String>> {
    let cuts: Vec<_> = parts.iter().map(|part| cut(&folded(part))).collect();
    let is_whole = cuts.iter().all(|cut| cut.len() <= 1);
    let parts = cuts.into_iter().flatten();
    if is_whole { vec![parts.collect()] } else { parts.map(|part| vec![part]).collect() }
}

/// Splits a folded word where folding has put signs into it, such as the stroke of a fraction.
fn cut(folded: &str) -> Vec<String> {
    let runs = folded.split(|c: char| !c.is_alphanumeric() && !is_mark(c));
    runs.filter(|run| !run.is_empty()).map(str::to_owned).collect()
}

/// Whether a character between two letters joins them: hyphens, apostrophes, and the middle dots of Catalan and Japanese.
fn is_joint(c: char) -> bool {
    matches!(
        c,
        '-' | '\''
            | '`'
            | '\u{b4}'
            | '\u{b7}'
            | '\u{2bb}'
            | '\u{2bc}'
            | '\u{387}'
            | '\u{55a}'
            | '\u{58a}'
            | '\u{5be}'
            | '\u{5f3}'
            | '\u{5f4}'
            | '\u{1806}'
            | '\u{2010}'
            | '\u{2011}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{2027}'
            | '\u{30fb}'
            | '\u{fe63}'
            | '\u{ff07}'
            | '\u{ff0d}'
            | '\u{ff65}'
    )
}

/// Whether a character is a number with a stroke, which is not a digit of the number before it: `1½`.
fn is_fraction(c: char) -> bool {
    matches!(c, '¼'..='¾' | '\u{2150}'..='\u{215f}' | '\u{2189}')
}

/// The pieces of a folded part, in order.
pub(super) fn pieces(part: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in part.chars() {
        match (pieces.last_mut(), has_no_spaces(c)) {
            (Some(Piece::Run(run)), without) if without || is_mark(c) => run.push(c),
            (_, true) => pieces.push(Piece::Run(vec![c])),
            (Some(Piece::Word(word)), false) => word.push(c),
            (_, false) => pieces.push(Piece::Word(c.to_string())),
        }
    }
    pieces
}

/// Each two neighbours of a run.
pub(super) fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// Number and letters of a word that has nothing else, each once.
pub(super) fn halves(word: &str) -> Option<[&str; 2]> {
    let is_digit = |c: char| c.is_ascii_digit();
    let first_is_digit = word.starts_with(is_digit);
    let end = word.find(|c| is_digit(c) != first_is_digit)?;
    let (first, second) = word.split_at(end);
    second.chars().all(|c| is_digit(c) != first_is_digit).then_some([first, second])
}

/// Whether a character is of a script that puts no spaces between words, or, as Korean does, puts them elsewhere than
/// people who search.
pub(super) fn has_no_spaces(c: char) -> bool {
    const SCRIPTS: [Script; 13] = [
        Script::Han,
        Script::Hiragana,
        Script::Katakana,
        Script::Hangul,
        Script::Bopomofo,
        Script::Yi,
        Script::Thai,
        Script::Lao,
        Script::Khmer,
        Script::Myanmar,
        Script::TaiTham,
        Script::TaiLe,
        Script::NewTaiLue,
    ];
    // The sign of long vowels and the closing mark belong to several scripts.
    c >= '\u{e00}'
        && (matches!(c, '\u{30fc}' | '\u{3006}') || SCRIPTS.contains(&CodePointMapData::<Script>::new().get(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(text: &str, expected: &[&str]) {
        let expected: BTreeSet<_> = expected.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(words(text), expected, "{text}");
    }

    #[test]
    fn a_text_is_cut_at_what_is_neither_letter_nor_digit_nor_mark_r224() {
        has("Blue MUG, 30 oz (new)!", &["blue", "mug", "30", "oz", "new"]);
        has("Lego™ a_b x/y", &["lego", "a", "b", "x", "y"]);
        has("Mu\u{308}sli CAFE\u{301}", &["musli", "cafe"]);
        has("हिन्दी", &["हिन्दी"]);
        has("Wasser\u{ad}kocher", &["wasserkocher"]);
        for nothing in ["", "???", "-'-", "🦊", "\u{301}", "™ — …"] {
            has(nothing, &[]);
        }
    }

    #[test]
    fn words_with_a_hyphen_or_an_apostrophe_are_also_one_r224() {
        has("T-shirt", &["t", "shirt", "tshirt"]);
        has("L’Oréal Levi's", &["l", "oreal", "loreal", "levi", "s", "levis"]);
        has("Hawaiʻi", &["hawai", "i", "hawaii"]);
        has("jack-in-the-box", &["jack", "in", "the", "box", "jackinthebox"]);
        has("rock 'n' roll -- x -y z-", &["rock", "n", "roll", "x", "y", "z"]);
        has("col·lecció", &["col", "leccio", "colleccio"]);
    }

    #[test]
    fn a_number_is_found_beside_letters_and_alone_r224() {
        has("42cm USB3 m²", &["42cm", "42", "cm", "usb3", "usb", "3", "m2", "m", "2"]);
        has("a1b2 ٤٢", &["a1b2", "42"]);
        has("1½ cup", &["1", "2", "cup"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs_r224() {
        has("茶杯子", &["茶杯", "杯子", "子"]);
        has("陶器マグカップ", &["陶器", "器マ", "マグ", "グカ", "カッ", "ップ", "プ"]);
        has("머그", &["머그", "그"]);
        has("ผ้า", &["ผ\u{e49}", "\u{e49}า", "า"]);
        has("iPhone用ケース", &["iphone", "用ケ", "ケー", "ース", "ス"]);
        has("3個", &["3", "個"]);
        has("コラ・コラ", &["コラ", "ラ", "ラコ"]);
        has("ｶﾞﾗｽ", &["ガラ", "ラス", "ス"]);
    }
}
