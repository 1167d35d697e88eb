//! Codes and slugs that are made of what another shop calls something. The same text always makes the same one, and
//! another text makes another one.

use sha2::{Digest as _, Sha256};

use crate::attributes::AttributeCode;
use crate::slugs::Slug;
use crate::{Uuid, sort_key};

/// Signs that make a difference between names, besides letters and digits: `C++` is not `C#`. `&` and `*` only separate
/// words, so that a name with one keeps the slug that earlier versions made of it.
const MEANT: &str = "+#%$€£¥<>=@";

/// The code of an attribute with this name: `Shoe size` is `shoe_size`. A digest of the name follows if a letter, a
/// digit or a sign has no place in the code, or if the name is too long.
pub(super) fn code_of(name: &str) -> AttributeCode {
    let code = plain(name).map(|plain| plain.replace('-', "_")).unwrap_or_default();
    let code = if is_whole(name) && !code.is_empty() && code.len() <= AttributeCode::MAX {
        code
    } else {
        let (digest, start) = (digest(name, 8), if code.is_empty() { "attr" } else { code.as_str() });
        let room = AttributeCode::MAX - digest.len() - 1;
        format!("{}_{digest}", start.get(..room).unwrap_or(start).trim_end_matches('_'))
    };
    AttributeCode::from_trusted(code)
}

/// The slug of a resource with this name. A digest of `key` follows if a letter, a digit or a sign has no place in the
/// slug, or if the name is too long. `key` identifies the resource in the other shop.
pub(super) fn slug_of(name: &str, key: &str) -> Slug {
    let slug = plain(name).unwrap_or_default();
    if is_whole(name) && !slug.is_empty() && slug.len() <= Slug::MAX {
        return Slug::of_name(name, Uuid::nil());
    }
    let (digest, start) = (digest(key, 16), if slug.is_empty() { "p" } else { slug.as_str() });
    let room = Slug::MAX - digest.len() - 1;
    Slug::from_trusted(format!("{}-{digest}", start.get(..room).unwrap_or(start).trim_end_matches('-')))
}

/// The letters of `a-z` and digits of a folded name, with a hyphen for whatever is between them; `None` if it has none.
fn plain(name: &str) -> Option<String> {
    let folded = sort_key(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    Some(words.collect::<Vec<_>>().join("-")).filter(|plain| !plain.is_empty())
}

/// Whether [`plain`] keeps all of a name except what separates its words.
fn is_whole(name: &str) -> bool {
    !sort_key(name).chars().any(|c| !c.is_ascii_alphanumeric() && (c.is_alphanumeric() || MEANT.contains(c)))
}

/// The first hexadecimal digits, 16 at most, of the SHA-256 of a folded text.
fn digest(text: &str, digits: usize) -> String {
    let start = Sha256::digest(sort_key(text)).iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte));
    format!("{start:016x}").chars().take(digits).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_without_latin_letters_make_codes_of_their_own_r228_r229() {
        let names = ["Размер", "Цвет", "サイズ", "色", "Размер 1", "Цвет 1", "1", "C++", "C#", "C", &"x".repeat(33)];
        let codes: HashSet<_> = names.iter().map(|name| code_of(name)).collect();
        assert_eq!(codes.len(), names.len(), "{codes:?}");
        for code in &codes {
            assert_eq!(AttributeCode::parse(code.as_str()).as_ref(), Ok(code));
        }
        assert_eq!(code_of("  РАЗМЕР "), code_of("размер"), "however it is written");
        for (name, code) in [
            ("Shoe size", "shoe_size"),
            ("Größe (EU)", "grosse_eu"),
            ("Men's", "men_s"),
            ("Height & width", "height_width"),
            ("Size*", "size"),
            ("Размер 1", "1_38efa396"),
            ("Размер", "attr_d89bc85c"),
        ] {
            assert_eq!(code_of(name).as_str(), code, "{name}");
        }
    }

    #[test]
    fn what_makes_no_slug_of_its_name_has_one_of_its_key_r228_r229() {
        let slug = |name: &str, key: &str| slug_of(name, key).as_str().to_owned();
        assert_eq!(slug("Blue Mug!", "id:7"), "blue-mug");
        assert_eq!(slug("Bed & Bath*", "id:7"), "bed-bath", "as earlier versions made it");
        let made = [
            slug("Футболка", "id:7"),
            slug("Футболка", "id:8"),
            slug("Футболка 2", "id:9"),
            slug("Платье 2", "id:10"),
            slug("2", "id:11"),
            slug(&"x".repeat(81), "id:12"),
        ];
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), made.len(), "{made:?}");
        assert!(made[2].starts_with("2-") && made[0].starts_with("p-"), "{made:?}");
        for slug in made {
            assert!(Slug::parse(&slug).is_ok(), "{slug}");
        }
        assert_eq!(slug("Футболка", "id:7"), slug("футболка", "id:7"));
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(slug(id, id), format!("{id}-2"));
    }
}
