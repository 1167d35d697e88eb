//! Folding: what people type alike becomes the same.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::unicode::{digit, is_gap, is_ignorable};

/// A text without differences of case, accent, width and style: `Große`, `GROSSE` and `große` are the same, and so are
/// `Łódź` and `lodz`, `ﬁ` and `fi`, `ｶﾞ` and `ガ`, `٤٢` and `42`.
///
/// It is Unicode's compatibility caseless matching (NFKC, full case folding), and beyond it the marks of alphabets go,
/// and letters with a stroke become the letter.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let bare: String = apart.chars().filter(|c| !is_accent(*c)).collect();
    let mut plain = String::with_capacity(bare.len());
    for c in CaseMapper::new().fold_string(&bare).chars() {
        match (letters(c), digit(c)) {
            (Some(letters), _) => plain.push_str(letters),
            (None, Some(digit)) => plain.extend(char::from_digit(digit, 10)),
            (None, None) if is_gap(c) => plain.push(' '),
            (None, None) if is_ignorable(c) => {}
            (None, None) => plain.push(c),
        }
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned()
}

/// The most characters of a key.
const LONGEST_KEY: usize = 200;

/// The key by which a name is sorted, in order of code points: the name folded, with single spaces. Folding can make a
/// name longer; the key is cut.
pub fn sort_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in folded(name).split_whitespace() {
        key.push_str(if key.is_empty() { "" } else { " " });
        key.push_str(word);
    }
    if let Some((end, _)) = key.char_indices().nth(LONGEST_KEY) {
        key.truncate(end);
    }
    key.truncate(key.trim_end().len());
    key
}

/// Whether a mark is an addition that people leave away, as they do in Latin, Greek, Cyrillic, Arabic, Hebrew, Syriac and
/// Coptic. In other scripts a mark is a vowel or a consonant, and words without it are other words.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}'
        | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{711}'
        | '\u{730}'..='\u{74a}' | '\u{897}'..='\u{89f}' | '\u{8ca}'..='\u{8ff}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}' | '\u{2cef}'..='\u{2cf1}' | '\u{2de0}'..='\u{2dff}'
        | '\u{a66f}'..='\u{a67d}' | '\u{a69e}' | '\u{a69f}' | '\u{fb1e}' | '\u{fe20}'..='\u{fe2f}')
}

/// What is typed for a letter that Unicode does not take apart, or takes for another one. Case is folded before.
fn letters(c: char) -> Option<&'static str> {
    let letters = match c {
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' | 'ɵ' | 'ɔ' => "o",
        'ł' | 'ƚ' | 'ⱡ' | 'ɫ' => "l",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'ı' | 'ɨ' => "i",
        'ȷ' | 'ɉ' => "j",
        'ħ' | 'ⱨ' => "h",
        'ŧ' | 'ⱦ' | 'ƭ' => "t",
        'ŋ' | 'ɲ' | 'ƞ' => "n",
        'ĸ' | 'ƙ' | 'ⱪ' => "k",
        'ƀ' | 'ɓ' => "b",
        'ȼ' | 'ƈ' => "c",
        'ɇ' | 'ɛ' | 'ə' | 'ǝ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' => "g",
        'ɍ' => "r",
        'ⱥ' => "a",
        'ʉ' => "u",
        'ƴ' | 'ɏ' => "y",
        'ƶ' | 'ȥ' | 'ʒ' => "z",
        // Arabic letters that Persian and Urdu keyboards have of their own.
        'ي' | 'ى' => "ی",
        'ك' => "ک",
        _ => return None,
    };
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_folded_in_full_r224() {
        for (one, other) in [
            ("Große Schüssel", "GROSSE SCHÜSSEL"),
            ("STRAẞE", "strasse"),
            ("ΟΔΟΣ", "οδος"),
            ("ﬃ ﬁ ǅ", "FFI FI dž"),
            ("İstanbul", "istanbul"),
            ("Diyarbakır", "DIYARBAKIR"),
            ("ŉ", "ʼn"),
            ("Ꭰ", "ꭰ"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing_r224() {
        for c in ('\0'..='\u{323af}').filter(|c| !('\u{3400}'..'\u{fa00}').contains(c)) {
            let once = folded(&format!("a{c}b"));
            assert_eq!(folded(&once), once, "{c:?}");
        }
    }

    #[test]
    fn accents_and_strokes_are_folded_r224() {
        for (written, typed) in [
            ("Café crème brûlée", "cafe creme brulee"),
            ("Łukasz Łódź", "lukasz lodz"),
            ("huśtawka İzmir Đorđe", "hustawka izmir dorde"),
            ("Ærø Œuvre Þór Ħal", "aero oeuvre thor hal"),
            ("Việt Nguyễn", "viet nguyen"),
            ("ёлка", "елка"),
            ("Άθήνα", "αθηνα"),
            ("شَمْعَة", "شمعة"),
            ("آب أب إب", "اب اب اب"),
            ("علي كتاب", "علی کتاب"),
            ("שָׁלוֹם", "שלום"),
            ("e\u{301}", "e"),
        ] {
            assert_eq!(folded(written), folded(typed), "{written}");
        }
        assert_eq!(folded("Łódź"), "lodz");
    }

    #[test]
    fn marks_stay_where_a_word_is_another_without_them_r224() {
        for (one, other) in [("हिन्दी", "हनद"), ("ガ", "カ"), ("ผ้า", "ผา"), ("பி", "ப"), ("မြန်မာ", "မရနမ")]
        {
            assert_ne!(folded(one), folded(other), "{one}");
        }
    }

    #[test]
    fn width_style_digits_and_what_cannot_be_seen_are_folded_r224() {
        for (written, plain) in [
            ("ＴＥＡ １２", "tea 12"),
            ("ｶﾞﾗｽ", "ガラス"),
            ("𝐁𝐨𝐥𝐝 m²", "bold m2"),
            ("٤٢ ๔๒ ४२", "42 42 42"),
            ("Wasser\u{ad}kocher\u{200b}", "wasserkocher"),
            ("a\u{2800}b\u{a0}c", "a b c"),
        ] {
            assert_eq!(folded(written), plain, "{written}");
        }
    }

    #[test]
    fn names_are_sorted_as_people_expect_r226() {
        let mut names =
            ["Zebra", "apple", "banana", "Äpfel", "Apfel", "  Óbolo", "Æther", "Ørsted", "zebra 2", "Елка", "ёж"];
        names.sort_by_key(|name| sort_key(name));
        let sorted =
            ["Æther", "Äpfel", "Apfel", "apple", "banana", "  Óbolo", "Ørsted", "Zebra", "zebra 2", "ёж", "Елка"];
        assert_eq!(names, sorted);
    }

    #[test]
    fn a_key_has_at_most_200_characters_however_much_folding_adds_r226() {
        assert_eq!(sort_key(&"ﷺ".repeat(200)).chars().count(), 200);
        assert_eq!(sort_key(" Two \u{3000} Words "), "two words");
        assert_eq!(sort_key(&format!("{} b", "a".repeat(199))), "a".repeat(199), "no space at the end");
    }
}
