//! What is written in one cell of a file.

use crate::pages::DescriptionHtml;
use crate::{Code, Invalid};

/// The most decimal places of a weight that are read.
const PLACES: usize = 9;
/// 10 to the power of [`PLACES`].
const SCALE: i128 = 1_000_000_000;

/// A cell as it was before an export, or another shop, wrote an apostrophe before a text that a spreadsheet would read as
/// a formula.
pub fn unquoted(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) => rest,
        _ => cell,
    }
}

/// The texts of a list, which commas separate. A comma in a text is written `\,`.
pub fn listed(cell: &str) -> Vec<String> {
    parts(cell).into_iter().filter(|text| !text.is_empty()).collect()
}

/// [`listed`], with empty texts too, because their places count.
pub(super) fn parts(cell: &str) -> Vec<String> {
    let (mut all, mut text, mut signs) = (Vec::new(), String::new(), cell.chars().peekable());
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if matches!(signs.peek(), Some(',' | '\\')) => text.extend(signs.next()),
            ',' => all.push(std::mem::take(&mut text)),
            _ => text.push(sign),
        }
    }
    all.push(text);
    all.iter().map(|text| text.trim().to_owned()).collect()
}

/// A list as [`listed`] reads it.
pub fn joined<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let one = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,");
    all.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The names of a path such as `Men > Shoes`, from the top down.
pub fn path(text: &str) -> Vec<&str> {
    text.split('>').map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// Whether a cell says yes or no, in the words of several programs.
///
/// # Errors
/// If it says neither.
pub(super) fn yes_or_no(cell: &str) -> Result<bool, Invalid> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(Invalid::new(Code::Format, "must be true or false")),
    }
}

/// A number with decimal places times a power of ten, rounded half up to a whole one: the grams of `0.35` kilograms are
/// 350.
///
/// # Errors
/// If it is no such number, or negative.
pub(super) fn rounded(cell: &str, times: i64) -> Result<i64, Invalid> {
    let malformed = || Invalid::new(Code::Format, "must be a number such as 0.35");
    let (whole, fraction) = cell.trim().split_once('.').unwrap_or((cell.trim(), ""));
    let are_digits = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) || whole.len() + fraction.len() == 0 {
        return Err(malformed());
    }
    let fraction: String = fraction.chars().take(PLACES).collect();
    let number = |digits: &str| if digits.is_empty() { Ok(0) } else { digits.parse::<i128>() };
    let whole = number(whole).map_err(|_| malformed())?;
    let fraction = number(&format!("{fraction:0<PLACES$}")).map_err(|_| malformed())?;
    let product = (whole * SCALE + fraction).checked_mul(i128::from(times)).ok_or_else(malformed)?;
    let too_large = |_| Invalid::new(Code::TooLarge, "is too large");
    i64::try_from((product + SCALE / 2) / SCALE).map_err(too_large)
}

/// The HTML; empty if cleaning would leave nothing of it, as of a lone picture of the other shop.
pub(super) fn html(text: &str) -> &str {
    match DescriptionHtml::parse(text) {
        Err(Invalid { code: Code::Blank, .. }) => "",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_apostrophe_before_a_formula_is_taken_off_and_no_other_r228_r233() {
        for (cell, text) in
            [("'=1+1", "=1+1"), ("'-5", "-5"), ("'tis", "'tis"), ("''=x", "'=x"), ("'", "'"), ("=1", "=1")]
        {
            assert_eq!(unquoted(cell), text, "{cell}");
        }
    }

    #[test]
    fn a_list_is_separated_by_commas_that_have_no_backslash_r229() {
        assert_eq!(listed("A > B, C ,, D\\, E"), ["A > B", "C", "D, E"]);
        assert_eq!(listed(" "), Vec::<String>::new());
        assert_eq!(path("Men > Shoes>  Boots "), ["Men", "Shoes", "Boots"]);
    }

    #[test]
    fn weights_are_rounded_to_grams_and_answers_are_in_several_words_r228_r229() {
        assert_eq!([rounded("0.35", 1000), rounded("1", 1000), rounded(".0005", 1000)], [Ok(350), Ok(1000), Ok(1)]);
        for bad in ["", "-1", "1,5", "x", "."] {
            assert!(rounded(bad, 1000).is_err(), "{bad}");
        }
        assert_eq!([yes_or_no("TRUE"), yes_or_no("0"), yes_or_no(" Yes ")], [Ok(true), Ok(false), Ok(true)]);
        assert!(yes_or_no("perhaps").is_err());
    }

    proptest! {
        #[test]
        fn a_list_that_was_written_is_read_again_r233(all in prop::collection::vec("[a-c,\\\\>= ]{0,6}", 0..5)) {
            let wanted: Vec<_> = all.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
            prop_assert_eq!(listed(&joined(wanted.iter().map(String::as_str))), wanted);
        }

        #[test]
        fn no_cell_is_too_strange_to_be_read_or_refused_r228(cell in "\\PC{0,40}") {
            let _ = (unquoted(&cell), listed(&cell), path(&cell), yes_or_no(&cell), rounded(&cell, 1000));
        }
    }
}
