//! What Unicode knows of characters, as far as the shop needs it.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The text in Unicode NFC. A letter with an accent has several spellings that look the same; this is one of them.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { text.into() } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) }
}

/// Whether a character leaves no trace, not even a gap: it only changes its neighbours, or says how to show them.
pub(crate) fn is_ignorable(c: char) -> bool {
    !c.is_ascii()
        && (CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) || category(c) == GeneralCategory::Format)
}

/// Whether a character is a gap: white space, or a glyph that is blank.
pub(crate) fn is_gap(c: char) -> bool {
    const BLANK_GLYPHS: [char; 8] = [
        '\u{2800}', // Braille pattern without dots
        '\u{115f}', // Hangul fillers
        '\u{1160}',
        '\u{3164}',
        '\u{ffa0}',
        '\u{16fe4}', // Khitan filler
        '\u{13441}', // Egyptian blanks
        '\u{13442}',
    ];
    c.is_whitespace() || BLANK_GLYPHS.contains(&c)
}

/// Whether a text with this character is more than blank.
pub(crate) fn is_visible(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_graphic() } else { !is_gap(c) && !is_ignorable(c) && !c.is_control() }
}

/// Whether a character is a mark, which belongs to the letter before it: an accent, a vowel sign.
pub(crate) fn is_mark(c: char) -> bool {
    !c.is_ascii() && GeneralCategoryGroup::Mark.contains(category(c))
}

/// The value of a decimal digit of any script.
///
/// Unicode promises that the ten digits of a script follow each other.
pub(crate) fn digit(c: char) -> Option<u32> {
    let is_digit = |c| category(c) == GeneralCategory::DecimalNumber;
    let before = |distance| u32::from(c).checked_sub(distance).and_then(char::from_u32);
    is_digit(c).then(|| (1..10).take_while(|distance| before(*distance).is_some_and(is_digit)).last().unwrap_or(0))
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_without_a_glyph_is_not_visible() {
        let spaces = [' ', '\t', '\u{a0}', '\u{1680}', '\u{2003}', '\u{2028}', '\u{3000}', '\u{85}'];
        let ignorable = ['\u{ad}', '\u{200b}', '\u{200e}', '\u{2060}', '\u{feff}', '\u{fe0f}', '\u{e0041}', '\u{34f}'];
        let blank = ['\u{2800}', '\u{3164}', '\u{115f}', '\u{ffa0}', '\u{17b4}', '\u{180e}', '\u{13441}'];
        let control = ['\0', '\u{1b}', '\u{7f}', '\u{9f}'];
        for c in spaces.into_iter().chain(ignorable).chain(blank).chain(control) {
            assert!(!is_visible(c), "{c:?}");
        }
        for c in ['a', '!', '~', 'ä', '\u{301}', '杯', '¿', '🦊', '\u{fffd}', '\u{e000}', 'क'] {
            assert!(is_visible(c), "{c:?}");
        }
    }

    #[test]
    fn a_digit_of_any_script_has_a_value_r224() {
        for (digits, value) in [("0٠०๐", 0), ("4٤४๔", 4), ("9٩९๙", 9)] {
            assert!(digits.chars().all(|c| digit(c) == Some(value)), "{digits}");
        }
        assert!(['a', '²', 'Ⅳ', '四'].into_iter().all(|c| digit(c).is_none()));
    }
}
